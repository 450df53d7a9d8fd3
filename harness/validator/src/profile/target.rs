//! What a profile says of the target of a reference: its type, its profile, where it is kept.
//! Not where references lead, which is for `crate::reference`.

use super::compile::{HL7, without_version};
use super::compiled::{Node, Profile, TypeRule};
use super::judge::{Judge, Standing, Titled};
use super::rules;
use crate::knowledge::Knowledge;
use crate::place::{child_text, holder};
use plumbline_fhirpath::{Element, Host as _, TypeInfo as _};
use std::sync::Arc;

pub(super) use plumbline_fhirpath::Resolved;

/// A target that is still to be judged: later, so that references that lead in circles end.
pub(super) struct Job<'a> {
    reference: Element<'a>,
    target: Element<'a>,
    /// Profiles, of which one must be kept.
    profiles: Vec<String>,
    title: String,
    id: String,
}

/// The type that a profile is for.
pub(super) fn type_of(knowledge: &Knowledge, canonical: &str) -> Option<String> {
    if let Some(name) = base_type(knowledge, canonical) {
        return Some(name.to_owned());
    }
    knowledge.library.profile(canonical).map(|it| it.of.clone())
}

/// The type whose own definition a canonical is.
pub(super) fn base_type<'c>(knowledge: &Knowledge, canonical: &'c str) -> Option<&'c str> {
    let name = without_version(canonical).strip_prefix(HL7)?;
    knowledge.definitions.type_named(name).map(|_| name)
}

/// The type that a reference names: in its address, or beside it.
pub(super) fn named_type<'a>(knowledge: &Knowledge, reference: Element<'a>) -> Option<&'a str> {
    let beside = || child_text(reference, "type");
    type_in_address(knowledge, reference).or_else(beside)
}

/// The type that the address of a reference names.
fn type_in_address<'a>(knowledge: &Knowledge, reference: Element<'a>) -> Option<&'a str> {
    let text = child_text(reference, "reference").or_else(|| reference.value()?.value_text())?;
    let is_versioned = text.as_bytes().contains(&b'_');
    let whole = is_versioned.then(|| text.split("/_history/").next());
    let text = whole.flatten().unwrap_or(text);
    let text = text.split('?').next().unwrap_or(text);
    let of = match text.rsplit_once('/') {
        Some((before, _)) => before.rsplit('/').next().unwrap_or(before),
        None => text,
    };
    let is_type = knowledge.definitions.resource(of).is_some();
    is_type.then_some(of)
}

impl<'a> Judge<'_, 'a> {
    /// The resource that a reference leads to, with its type.
    pub(super) fn resolve(&self, reference: Element<'a>) -> Resolved<'a> {
        let types = self.knowledge.types;
        let text = child_text(reference, "reference").or_else(|| reference.value()?.value_text());
        let Some(text) = text else {
            return Resolved::Unknown;
        };
        match self.around.resolve(text, holder(types, reference)) {
            Resolved::To(found) => match found.body() {
                Some(body) => Resolved::To(Element::resource(body, types)),
                None => Resolved::Unknown,
            },
            other => other,
        }
    }

    /// Judges a reference by what its type says of the target.
    pub(super) fn reference(
        &mut self,
        of: &Titled<'_>,
        node: &Node,
        rule: &TypeRule,
        reference: Element<'a>,
    ) {
        // What is wrong with an address that leads to a resource of another type is said where it stands.
        let is_named = |named: &str| {
            let mut targets = rule.targets.iter();
            targets
                .any(|it| it.is_base && it.of.as_deref().is_some_and(|of| self.is_type(named, of)))
        };
        if rule.aggregation.is_empty()
            && type_in_address(self.knowledge, reference).is_some_and(is_named)
        {
            return;
        }
        let resolved = self.resolve(reference);
        let found = match resolved {
            Resolved::To(target) => Some(target),
            Resolved::Nowhere => return,
            Resolved::Unknown => None,
        };
        self.aggregation(of, node, &rule.aggregation, reference, found);
        if rule.targets.is_empty() {
            return;
        }
        let types = self.knowledge.types;
        let of_target = found.and_then(Element::type_id).map(|it| types.name(it));
        let named = of_target.or_else(|| named_type(self.knowledge, reference));
        let mut fitting = Vec::new();
        let mut allowed = Vec::new();
        let mut is_unknown = named.is_none();
        for target in &rule.targets {
            if let Some(wanted) = target.of.as_deref() {
                if named.is_some_and(|named| self.is_type(named, wanted)) {
                    fitting.push(target);
                }
                allowed.push(wanted);
            } else {
                is_unknown = true;
                fitting.push(target);
            }
        }
        if let (true, false, Some(named)) = (fitting.is_empty(), is_unknown, named) {
            allowed.dedup();
            let words = [named, of.title, node.id.as_str()];
            return self.find(
                &rules::TARGET_TYPE,
                reference,
                &words,
                &allowed.join(" or "),
                named,
            );
        }
        if fitting.iter().any(|it| it.is_base) {
            return;
        }
        let profiles = fitting.iter().map(|it| it.canonical.clone()).collect();
        self.profile_of_target(of, node, profiles, reference, found);
    }

    fn profile_of_target(
        &mut self,
        of: &Titled<'_>,
        node: &Node,
        profiles: Vec<String>,
        reference: Element<'a>,
        found: Option<Element<'a>>,
    ) {
        let Some(target) = found else {
            if !self.is_trial() && child_text(reference, "reference").is_some() {
                self.targets_not_checked += 1;
            }
            return;
        };
        if self.is_trial() {
            return self.has_more();
        }
        self.jobs.push_back(Job {
            reference,
            target,
            profiles,
            title: of.title.to_owned(),
            id: node.id.clone(),
        });
    }

    fn is_type(&self, named: &str, wanted: &str) -> bool {
        let types = self.knowledge.types;
        match (types.named(named), types.named(wanted)) {
            (Some(named), Some(wanted)) => types.is_a(named, wanted),
            _ => named == wanted,
        }
    }

    /// Where the target is kept.
    fn aggregation(
        &mut self,
        of: &Titled<'_>,
        node: &Node,
        modes: &[String],
        reference: Element<'a>,
        found: Option<Element<'a>>,
    ) {
        let Some(text) = child_text(reference, "reference").filter(|_| !modes.is_empty()) else {
            return;
        };
        let has = |mode: &str| modes.iter().any(|it| it == mode);
        let is_here = found.is_some();
        let (actual, is_right) = if text.starts_with('#') {
            ("contained", has("contained"))
        } else if is_here {
            ("bundled", has("bundled") || has("referenced"))
        } else {
            // What is not here may have been in the bundle that this was taken from.
            ("referenced", has("referenced") || has("bundled"))
        };
        if !is_right {
            let expected = modes.join(" or ");
            let words = [actual, &expected, of.title, &node.id];
            self.find(&rules::AGGREGATION, reference, &words, &expected, actual);
        }
    }

    /// Judges the targets that were put off, and those that they lead to.
    pub(super) fn targets(&mut self) {
        while let Some(job) = self.jobs.pop_front() {
            self.target(&job);
        }
    }

    fn target(&mut self, job: &Job<'a>) {
        let mut nearest: Option<(u32, Arc<Profile>, String)> = None;
        let mut is_unknown = false;
        for canonical in &job.profiles {
            let Some(profile) = self.profile_named(canonical) else {
                is_unknown = true;
                continue;
            };
            match self.standing(&profile, job.target) {
                Standing::Kept { .. } => return self.profile(&profile, job.target),
                Standing::Unknown(_) => is_unknown = true,
                Standing::Broken { errors, first } => {
                    if nearest.as_ref().is_none_or(|it| errors < it.0) {
                        nearest = Some((errors, profile, first));
                    }
                }
            }
        }
        if is_unknown {
            self.targets_not_checked += 1;
            return;
        }
        let Some((_, profile, first)) = nearest else {
            return;
        };
        // What is wrong with the target was said where it stands.
        if self.is_done(&profile, job.target) {
            return;
        }
        let all = job.profiles.join(" or ");
        let words = [profile.title.as_str(), &first, &job.title, &job.id];
        self.find(
            &rules::TARGET,
            job.reference,
            &words,
            &all,
            "another resource",
        );
    }
}
