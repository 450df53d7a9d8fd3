//! A profile against the profile that it is made from, element by element. Not against the specification: element.rs.

use super::rules::{
    BINDING_WEAKER, CARDINALITY, ELEMENT_UNKNOWN, FIXED_OTHER, SLICE, TARGET, TYPE, TYPE_PROFILE,
};
use super::without_version;
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::profile::{Findings, shown_address};
use crate::report::Report;
use plumbline_conformance::{Cause, Problem, Snapshot, snapshot};
use plumbline_fhir::profile_facts::{
    self, BindingStrength, ElementFacts, Facts, Most, ProfileFacts,
};
use plumbline_tree::{Form, Limits, Node, Tree};
use std::collections::BTreeMap;

/// How many profiles may build on each other.
const MOST_BASES: usize = 32;

/// Judges a profile that is made from another one; `elements` are those of its differential.
pub(super) fn check(
    knowledge: &Knowledge,
    resource: &Place<'_>,
    base: &ProfileFacts,
    elements: &[Place<'_>],
    findings: &mut Findings,
) {
    let Some(own) = resource.element.body().and_then(|it| facts(knowledge, it)) else {
        // What cannot be read at all is for the base specification.
        return;
    };
    let mut places = BTreeMap::new();
    for at in elements {
        let path = at.word("path").unwrap_or_default();
        let plain = match at.word("sliceName") {
            Some(slice) => format!("{path}:{slice}"),
            None => path.to_owned(),
        };
        let id = at.word("id").map_or(plain, str::to_owned);
        places.entry(id).or_insert(at);
    }
    let library = &knowledge.library;
    let whole = snapshot(&own, library, knowledge.definitions);
    let of_base = snapshot(base, library, knowledge.definitions);
    let of_base = match (whole, of_base) {
        (Ok(whole), Ok(of_base)) => {
            for problem in &whole.problems {
                if problem.profile == own.url
                    && let Some(at) = places.get(&problem.element)
                {
                    tell(knowledge, problem, at, findings);
                }
            }
            of_base
        }
        (Err(error), _) | (_, Err(error)) => {
            let line = format!("the profile against its base: {error}");
            findings.not_checked.insert(line);
            return;
        }
    };
    for element in &own.elements {
        let (Some(at), Some(wide)) = (places.get(&element.id), wide(&of_base, element)) else {
            continue;
        };
        let narrowing = Narrowing {
            knowledge,
            at,
            own: element,
            wide,
        };
        narrowing.check(&mut findings.report);
    }
}

/// The facts of the resource in a node.
fn facts(knowledge: &Knowledge, node: Node<'_>) -> Option<ProfileFacts> {
    let facts = if node.parent().is_none() {
        profile_facts::reduce(node.tree(), knowledge.definitions).ok()?
    } else if node.form() == Form::Element {
        let text = node.to_xml().ok()?;
        let tree = Tree::parse_xml(text.into_bytes(), &Limits::default()).ok()?;
        profile_facts::reduce(&tree, knowledge.definitions).ok()?
    } else {
        let text = node.to_json(plumbline_tree::Layout::Compact).ok()?;
        let tree = Tree::parse(text.into_bytes(), &Limits::default()).ok()?;
        profile_facts::reduce(&tree, knowledge.definitions).ok()?
    };
    match facts {
        Facts::Profile(profile) => Some(profile),
        Facts::ValueSet(_) | Facts::CodeSystem(_) => None,
    }
}

/// The element of the base that an element narrows: of a new slice, and beneath one, that which is sliced.
fn wide<'s>(base: &'s Snapshot, own: &ElementFacts) -> Option<&'s ElementFacts> {
    base.element(&own.id)
        .or_else(|| base.element(&own.path).filter(|_| own.id != own.path))
}

/// Tells what could not be placed, but what the specification alone forbids already.
fn tell(knowledge: &Knowledge, problem: &Problem, at: &Place<'_>, findings: &mut Findings) {
    let path = at.word("path").unwrap_or_default();
    let report = &mut findings.report;
    match &problem.cause {
        Cause::UnknownElement { .. } => {
            let is_of_type = knowledge.definitions.element_at(path).is_some();
            if is_of_type {
                let place = at.at(knowledge.types, "path");
                let expected = "an element of the base";
                report.add(
                    &ELEMENT_UNKNOWN,
                    &place,
                    &[shown(path)],
                    expected,
                    shown(path),
                );
            }
        }
        Cause::UndeclaredSlice { slice } => {
            let words = [shown(slice), "is declared by no element"];
            report.add(
                &SLICE,
                at,
                &words,
                "an element with this sliceName before",
                "none",
            );
        }
        Cause::OtherProfile { url, code, of } => {
            let url = shown_address(url);
            let words = [shown(path), url, of, code];
            let expected = format!("a profile of {code}");
            report.add(&TYPE_PROFILE, at, &words, &expected, of);
        }
        Cause::UnknownProfile { .. }
        | Cause::ProfileCycle { .. }
        | Cause::Profile(_)
        | Cause::UnknownType { .. }
        | Cause::UnknownContent { .. }
        | Cause::TooDeep => {
            let line = format!("{} of the profile: {}", shown(path), problem.cause);
            findings.not_checked.insert(line);
        }
        // The types are compared with those of the base, and a path that begins otherwise with the type.
        Cause::WrongType { .. } | Cause::OtherRoot { .. } => {}
    }
}

/// An element, and what it narrows.
struct Narrowing<'n, 'a> {
    knowledge: &'n Knowledge,
    at: &'n Place<'a>,
    own: &'n ElementFacts,
    wide: &'n ElementFacts,
}

impl Narrowing<'_, '_> {
    fn check(&self, report: &mut Report) {
        self.range(report);
        self.types(report);
        self.fixed(report);
        self.binding(report);
    }

    fn path(&self) -> &str {
        shown(&self.own.path)
    }

    fn place(&self, name: &str) -> Place<'_> {
        self.at.at(self.knowledge.types, name)
    }

    /// What the specification forbids already is told there.
    fn range(&self, report: &mut Report) {
        let core = self.knowledge.definitions.element_at(&self.own.path);
        let core = core.map(plumbline_fhir::Child::element);
        let last = self.own.id.rsplit('.').next().unwrap_or_default();
        let is_slice = self.own.slice.is_some() || last.contains(':');
        let is_new_slice = is_slice && self.wide.id != self.own.id;
        if let (Some(own), Some(wide)) = (self.own.min, self.wide.min)
            && own < wide
            && !is_new_slice
            && core.is_none_or(|it| own >= it.min())
        {
            let (is, was) = (format!("{own} at least"), format!("{wide} at least"));
            let words = [self.path(), &is, &was];
            report.add(&CARDINALITY, &self.place("min"), &words, &was, &is);
        }
        let (Some(own), Some(Most::Times(wide))) = (self.own.max, self.wide.max) else {
            return;
        };
        let times = match own {
            Most::Times(own) => Some(own),
            Most::Unlimited => None,
        };
        let is_wider = |most: u32| times.is_none_or(|own| own > most);
        let is_told = core
            .and_then(plumbline_fhir::Element::max)
            .is_some_and(is_wider);
        if is_wider(wide) && !is_told {
            let is = times.map_or_else(|| "* at most".to_owned(), |it| format!("{it} at most"));
            let was = format!("{wide} at most");
            let words = [self.path(), &is, &was];
            report.add(&CARDINALITY, &self.place("max"), &words, &was, &is);
        }
    }

    fn is_a(&self, code: &str, wide: &str) -> bool {
        let definitions = self.knowledge.definitions;
        code == wide || definitions.type_named(code).is_some_and(|it| it.is_a(wide))
    }

    fn types(&self, report: &mut Report) {
        let core = self.knowledge.definitions.element_at(&self.own.path);
        for own in &self.own.types {
            let mut among = self.wide.types.iter();
            let found = among.find(|wide| self.is_a(&own.code, &wide.code));
            let Some(wide) = found else {
                // A type that the specification does not have here either is told already.
                let is_of_core = core.is_some_and(|it| {
                    let chosen = it.type_use().into_iter();
                    let mut all = chosen.chain(it.element().types());
                    all.any(|wide| self.is_a(&own.code, wide.of().name()))
                });
                if is_of_core && !self.wide.types.is_empty() {
                    let all: Vec<&str> = self.wide.types.iter().map(|it| &*it.code).collect();
                    let named = shown(&own.code);
                    let words = [self.path(), named];
                    report.add(&TYPE, &self.place("type"), &words, &all.join(", "), named);
                }
                continue;
            };
            // In STU3 each target is a type of its own.
            let of_same = self.wide.types.iter().filter(|it| it.code == wide.code);
            let targets: Vec<&str> = of_same
                .flat_map(|it| it.targets.iter().map(String::as_str))
                .collect();
            for target in &own.targets {
                if !targets.is_empty() && !targets.iter().any(|it| self.leads(target, it)) {
                    let target = shown_address(target);
                    let words = [self.path(), target];
                    let expected = targets.join(", ");
                    report.add(&TARGET, &self.place("type"), &words, &expected, target);
                }
            }
        }
    }

    /// Whether a profile is another, or made from it; if that is not known, it may be.
    fn leads(&self, own: &str, wide: &str) -> bool {
        const ANY: &str = "http://hl7.org/fhir/StructureDefinition/Resource";
        let wide = without_version(wide);
        if wide == ANY {
            return true;
        }
        let mut at = own;
        for _ in 0..MOST_BASES {
            if without_version(at) == wide {
                return true;
            }
            let is_type = super::structure::core_name(at)
                .and_then(|it| self.knowledge.definitions.type_named(it));
            if is_type.is_some() {
                return false;
            }
            match self.knowledge.library.profile(at).map(|it| &it.base) {
                Some(Some(base)) => at = base,
                Some(None) => return false,
                None => return true,
            }
        }
        true
    }

    fn fixed(&self, report: &mut Report) {
        let (Some(own), Some(wide)) = (&self.own.fixed, &self.wide.fixed) else {
            return;
        };
        if own != wide {
            let expected = "the value that the base fixes";
            let place = self.place("fixed");
            report.add(
                &FIXED_OTHER,
                &place,
                &[self.path()],
                expected,
                "another value",
            );
        }
    }

    fn binding(&self, report: &mut Report) {
        let (Some(own), Some(wide)) = (&self.own.binding, &self.wide.binding) else {
            return;
        };
        let binds = matches!(
            wide.strength,
            BindingStrength::Required | BindingStrength::Extensible
        );
        if binds && own.strength > wide.strength {
            let (is, was) = (word(own.strength), word(wide.strength));
            let words = [self.path(), is, was];
            report.add(&BINDING_WEAKER, &self.place("binding"), &words, was, is);
        }
    }
}

const fn word(strength: BindingStrength) -> &'static str {
    match strength {
        BindingStrength::Required => "required",
        BindingStrength::Extensible => "extensible",
        BindingStrength::Preferred => "preferred",
        BindingStrength::Example => "example",
    }
}
