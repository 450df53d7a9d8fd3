//! One element of a `StructureDefinition`, against the type of the specification. Not against other profiles.

use super::discriminator::{At, Leads, leads, of_type};
use super::expression;
use super::rules::{
    BINDING_TYPE, CARDINALITY, DISCRIMINATOR, ELEMENT_ID, ELEMENT_UNKNOWN, FIXED_TYPE, MAPPING,
    TARGET, TYPE,
};
use super::structure::core_name;
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::report::Report;
use plumbline_fhir::validate::Severity;
use plumbline_fhir::{Child, Definitions, FhirVersion, Type, TypeUse};
use std::collections::BTreeSet;

/// Types of the language itself, which only the specification uses.
const SYSTEM_TYPES: &str = "http://hl7.org/fhirpath/";

/// What is said of the structure around an element.
#[derive(Debug)]
pub(super) struct Around<'a> {
    /// The type of the specification that the structure narrows, if it does.
    pub(super) of: Option<&'a str>,
    /// Whether its paths lead to elements of the specification.
    pub(super) is_of_specification: bool,
    /// Whether it is made from the type itself, not from another profile.
    pub(super) is_on_core: bool,
    /// The mappings that it declares.
    pub(super) mappings: BTreeSet<&'a str>,
}

/// Judges an element.
pub(super) fn check(
    knowledge: &Knowledge,
    around: &Around<'_>,
    at: &Place<'_>,
    report: &mut Report,
) {
    constraints(knowledge, around, at, report);
    let Some(path) = at.word("path") else {
        return;
    };
    if let Some(id) = at.word("id")
        && !agree(id, path, at.word("sliceName"))
    {
        let severity = match knowledge.version() {
            FhirVersion::R4 => Severity::Error,
            FhirVersion::Stu3 => Severity::Warning,
        };
        let expected = "the path with names of slices";
        report.add_as(
            &ELEMENT_ID,
            severity,
            at,
            &[shown(path)],
            expected,
            "another id",
        );
    }
    narrows(knowledge, around, at, path, report);
}

/// Judges the invariants of an element.
fn constraints(knowledge: &Knowledge, around: &Around<'_>, at: &Place<'_>, report: &mut Report) {
    let types = knowledge.types;
    let all = at.all(types, "constraint");
    if all.is_empty() {
        return;
    }
    let path = at.word("path").filter(|_| around.is_of_specification);
    let of = path.map_or_else(Vec::new, |it| expression::types_of(knowledge, at, it));
    for constraint in all {
        if let Some(text) = constraint.first(types, "expression") {
            let subject = expression::Subject {
                of: constraint.word("key").unwrap_or_default(),
                types: &of,
                severity: Severity::Error,
            };
            expression::check(knowledge, &text, subject, report);
        }
    }
}

/// Judges an element against that of the specification.
fn narrows(
    knowledge: &Knowledge,
    around: &Around<'_>,
    at: &Place<'_>,
    path: &str,
    report: &mut Report,
) {
    let types = knowledge.types;
    let Some(of) = around.of else {
        return;
    };
    let Some((first, _)) = path.split_once('.') else {
        return;
    };
    if first != of {
        return;
    }
    let element = match find(knowledge.definitions, path) {
        Found::Element(element) => element,
        Found::Beyond => return,
        Found::Nothing => {
            let place = at.at(types, "path");
            let expected = format!("an element of {of}");
            report.add(
                &ELEMENT_UNKNOWN,
                &place,
                &[shown(path)],
                &expected,
                shown(path),
            );
            return;
        }
    };
    let subject = Subject {
        knowledge,
        at,
        path: shown(path),
        base: element,
        own: at.all(types, "type"),
    };
    subject.cardinality(report);
    subject.types(report);
    subject.fixed(around, report);
    subject.binding(report);
    subject.discriminators(report);
}

/// Judges the mappings of an element.
pub(super) fn check_mappings(
    knowledge: &Knowledge,
    around: &Around<'_>,
    at: &Place<'_>,
    report: &mut Report,
) {
    let types = knowledge.types;
    for mapping in at.all(types, "mapping") {
        let identity = mapping.word("identity").unwrap_or_default();
        if !identity.is_empty() && !around.mappings.contains(identity) {
            let place = mapping.at(types, "identity");
            let expected = "a mapping that the structure declares";
            report.add(
                &MAPPING,
                &place,
                &[shown(identity)],
                expected,
                shown(identity),
            );
        }
    }
}

/// What a path leads to.
enum Found {
    Element(Child<'static>),
    /// Into a resource of any type.
    Beyond,
    Nothing,
}

fn find(definitions: &'static Definitions, path: &str) -> Found {
    if let Some(element) = definitions.element_at(path) {
        return Found::Element(element);
    }
    let mut outer = path;
    while let Some((before, last)) = outer.rsplit_once('.') {
        let of = match before.split_once('.') {
            None => definitions.type_named(before),
            Some(_) => definitions
                .element_at(before)
                .and_then(Child::type_use)
                .map(TypeUse::of),
        };
        // The value of a primitive is an element of the specification only.
        if of.is_some_and(|it| it.is_primitive() && last == "value") {
            return Found::Beyond;
        }
        if of.is_some_and(|it| it.name() == "Resource") {
            return Found::Beyond;
        }
        // What a narrower type such as SimpleQuantity leaves out is still an element of the type.
        if of.is_some_and(|it| it.shape().child(last).is_some())
            && definitions.element_at(outer).is_none()
        {
            return Found::Beyond;
        }
        outer = before;
    }
    Found::Nothing
}

/// Whether an id is the path with the names of slices.
fn agree(id: &str, path: &str, slice: Option<&str>) -> bool {
    let (ids, paths) = (id.split('.'), path.split('.'));
    if ids.clone().count() != paths.clone().count() {
        return false;
    }
    let parts = ids.clone().zip(paths).all(|(id, path)| {
        let stem = id.split_once(':').map_or(id, |(stem, _)| stem);
        let choice = stem.strip_suffix("[x]");
        stem == path || choice.is_some_and(|choice| path.starts_with(choice))
    });
    let last = id.rsplit('.').next().unwrap_or_default();
    let named = last.split_once(':').map(|(_, name)| name);
    parts && (slice.is_none() || named.is_none() || named == slice)
}

/// An element and what the specification says of it.
struct Subject<'p, 'a> {
    knowledge: &'p Knowledge,
    at: &'p Place<'a>,
    path: &'p str,
    base: Child<'static>,
    /// Its own types; empty if they are those of the base.
    own: Vec<Place<'a>>,
}

impl Subject<'_, '_> {
    fn is_slice(&self) -> bool {
        let id = self.at.word("id").unwrap_or_default();
        let last = id.rsplit('.').next().unwrap_or_default();
        self.at.word("sliceName").is_some() || last.contains(':')
    }

    fn cardinality(&self, report: &mut Report) {
        let types = self.knowledge.types;
        let base = self.base.element();
        // Slices share the range among them; one type of a choice need not be there.
        let is_part = self.is_slice() || (base.is_choice() && self.base.type_use().is_some());
        if let Some(min) = self.at.number("min")
            && min < u64::from(base.min())
            && !is_part
        {
            let (is, was) = (
                format!("{min} at least"),
                format!("{} at least", base.min()),
            );
            let words = [self.path, &is, &was];
            report.add(&CARDINALITY, &self.at.at(types, "min"), &words, &was, &is);
        }
        let (Some(max), Some(most)) = (self.at.word("max"), base.max()) else {
            return;
        };
        let is_wider = max == "*" || max.parse::<u64>().is_ok_and(|max| max > u64::from(most));
        if is_wider {
            let (is, was) = (format!("{} at most", shown(max)), format!("{most} at most"));
            let words = [self.path, &is, &was];
            report.add(&CARDINALITY, &self.at.at(types, "max"), &words, &was, &is);
        }
    }

    /// The types that the base has here.
    fn base_types(&self) -> Vec<&'static str> {
        match self.base.type_use() {
            Some(one) => vec![one.of().name()],
            None => self
                .base
                .element()
                .types()
                .map(|it| it.of().name())
                .collect(),
        }
    }

    /// The types that the element has; empty if that cannot be said.
    fn all_types(&self) -> Vec<&str> {
        if self.own.is_empty() {
            return self.base_types();
        }
        let codes = self.own.iter().filter_map(|it| it.word("code"));
        codes.filter(|it| !it.starts_with(SYSTEM_TYPES)).collect()
    }

    fn types(&self, report: &mut Report) {
        let definitions = self.knowledge.definitions;
        let base = self.base_types();
        if base.is_empty() {
            return;
        }
        for of in &self.own {
            let Some(code) = of.word("code") else {
                continue;
            };
            if code.starts_with(SYSTEM_TYPES) {
                continue;
            }
            let is_narrower = |wide: &&str| {
                code == *wide || definitions.type_named(code).is_some_and(|it| it.is_a(wide))
            };
            if !base.iter().any(is_narrower) {
                let place = of.at(self.knowledge.types, "code");
                let expected = base.join(", ");
                report.add(
                    &TYPE,
                    &place,
                    &[self.path, shown(code)],
                    &expected,
                    shown(code),
                );
                continue;
            }
            self.targets(code, of, report);
        }
    }

    fn targets(&self, code: &str, of: &Place<'_>, report: &mut Report) {
        let chosen = self.base.type_use().into_iter();
        let mut all = chosen.chain(self.base.element().types());
        let Some(base) = all.find(|it| it.of().name() == code) else {
            return;
        };
        for target in of.all(self.knowledge.types, "targetProfile") {
            let Some(address) = target.value() else {
                continue;
            };
            let name = match self.knowledge.library.profile(address) {
                Some(profile) => profile.of.as_str(),
                None => core_name(address).unwrap_or_default(),
            };
            if self.knowledge.definitions.resource(name).is_none() {
                continue;
            }
            if base.can_point_to(name) == Some(false) {
                let targets: Vec<&str> = base.targets().map(Type::name).collect();
                let expected = targets.join(", ");
                report.add(&TARGET, &target, &[self.path, name], &expected, name);
            }
        }
    }

    fn fixed(&self, around: &Around<'_>, report: &mut Report) {
        let definitions = self.knowledge.definitions;
        let is_system = |it: &Place<'_>| {
            let code = it.word("code");
            code.is_none_or(|code| code.starts_with(SYSTEM_TYPES))
        };
        if self.own.iter().any(is_system) {
            return;
        }
        let wanted = self.all_types();
        if wanted.is_empty() {
            return;
        }
        for name in ["fixed", "pattern"] {
            let Some(value) = self.at.first(self.knowledge.types, name) else {
                continue;
            };
            let of = value.type_name(self.knowledge.types);
            let fits = |code: &&str| {
                *code == of || definitions.type_named(code).is_some_and(|it| it.is_a(of))
            };
            // With types of its own, eld-6 and eld-7 ask for one.
            let is_one =
                wanted.len() == 1 || !self.own.is_empty() || self.is_slice() || !around.is_on_core;
            if of.is_empty() || (wanted.iter().any(fits) && is_one) {
                continue;
            }
            let expected = wanted.join(" or ");
            report.add(
                &FIXED_TYPE,
                &value,
                &[self.path, of, &expected],
                &expected,
                of,
            );
        }
    }

    fn binding(&self, report: &mut Report) {
        const CODED: [&str; 6] = [
            "code",
            "Coding",
            "CodeableConcept",
            "Quantity",
            "string",
            "uri",
        ];
        if !self.own.is_empty() {
            return;
        }
        let Some(binding) = self.at.first(self.knowledge.types, "binding") else {
            return;
        };
        let base = self.base_types();
        let is_coded = |name: &&str| {
            let of = self.knowledge.definitions.type_named(name);
            *name == "Extension" || of.is_some_and(|of| CODED.iter().any(|it| of.is_a(it)))
        };
        if !base.is_empty() && !base.iter().any(is_coded) {
            let is = base.join(" or ");
            let expected = CODED.join(", ");
            report.add(&BINDING_TYPE, &binding, &[self.path, &is], &expected, &is);
        }
    }

    fn discriminators(&self, report: &mut Report) {
        let types = self.knowledge.types;
        let Some(slicing) = self.at.first(types, "slicing") else {
            return;
        };
        for discriminator in slicing.all(types, "discriminator") {
            let Some(path) = discriminator.word("path") else {
                continue;
            };
            match leads(self.knowledge.definitions, self.start(), path) {
                Leads::Somewhere | Leads::Beyond => {}
                Leads::Nowhere => {
                    let expected = "the path of an element beneath it, or $this";
                    let words = [shown(path), self.path];
                    report.add(
                        &DISCRIMINATOR,
                        &discriminator,
                        &words,
                        expected,
                        shown(path),
                    );
                }
            }
        }
    }

    /// Where the path of a discriminator begins.
    fn start(&self) -> Vec<At> {
        let definitions = self.knowledge.definitions;
        let codes = self.own.iter().filter_map(|it| it.word("code"));
        let own: Vec<At> = codes.flat_map(|it| of_type(definitions, it)).collect();
        let element = self.base.element();
        if let Some(inside) = element.inline_shape() {
            return vec![At::Inside(inside)];
        }
        if !own.is_empty() {
            return own;
        }
        match self.base.type_use() {
            Some(one) => vec![At::of_use(one)],
            None => element.types().map(At::of_use).collect(),
        }
    }
}
