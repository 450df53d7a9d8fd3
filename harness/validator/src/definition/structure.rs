//! A `StructureDefinition` as a whole: base, type, kind, slices. Not its single elements: element.rs.

use super::element::{self, Around};
use super::rules::{BASE, KIND, SLICE, UNCHECKED};
use super::{extension, narrowing, without_version};
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::profile::{Findings, shown_address};
use crate::report::Report;
use plumbline_fhir::TypeKind;
use plumbline_fhir::profile_facts::ProfileFacts;
use std::collections::BTreeSet;

/// Where the types of the specification are defined.
const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The type of the specification that an address is of.
pub(super) fn core_name(address: &str) -> Option<&str> {
    without_version(address).strip_prefix(CORE)
}

/// Judges a structure.
pub(super) fn check(knowledge: &Knowledge, resource: &Place<'_>, findings: &mut Findings) {
    let types = knowledge.types;
    let of = resource.word("type").unwrap_or_default();
    let is_profile = resource.word("derivation") == Some("constraint");
    let is_logical = resource.word("kind") == Some("logical");
    let base = check_base(knowledge, resource, of, findings);
    let report = &mut findings.report;
    if is_profile && !is_logical {
        check_kind(knowledge, resource, of, report);
    }
    let mappings = resource.all(types, "mapping");
    let is_core = resource.word("url").and_then(core_name) == Some(of);
    let around = Around {
        is_of_specification: (is_profile || is_core) && !is_logical,
        of: (is_profile && !is_logical && knowledge.definitions.type_named(of).is_some())
            .then_some(of),
        is_on_core: matches!(base, Base::Core),
        mappings: mappings
            .iter()
            .filter_map(|it| it.word("identity"))
            .collect(),
    };
    let mut lists = Vec::new();
    for name in ["differential", "snapshot"] {
        let Some(list) = resource.first(types, name) else {
            continue;
        };
        let elements = list.all(types, "element");
        for at in &elements {
            element::check(knowledge, &around, at, report);
            // A snapshot has the mappings of its bases, too, which need not be declared again.
            if name == "differential" {
                element::check_mappings(knowledge, &around, at, report);
            }
        }
        if name == "snapshot" {
            slices(&elements, report);
        }
        lists.push(elements);
    }
    if let (Base::Profile(base), Some(elements)) = (base, lists.first())
        && resource.first(types, "differential").is_some()
    {
        narrowing::check(knowledge, resource, base, elements, findings);
    }
    let report = &mut findings.report;
    if of == "Extension" && is_profile {
        let elements: Vec<&Place<'_>> = lists.iter().flatten().collect();
        extension::check(knowledge, resource, &elements, report);
    }
}

/// What a structure is made from.
#[derive(Debug, Clone, Copy)]
enum Base<'k> {
    /// A type of the specification.
    Core,
    /// A profile of the same type.
    Profile(&'k ProfileFacts),
    /// Something else, or nothing.
    Other,
}

fn check_base<'k>(
    knowledge: &'k Knowledge,
    resource: &Place<'_>,
    of: &str,
    findings: &mut Findings,
) -> Base<'k> {
    let report = &mut findings.report;
    let types = knowledge.types;
    let Some(base) = resource.first(types, "baseDefinition") else {
        return Base::Other;
    };
    let Some(address) = base.value() else {
        return Base::Other;
    };
    let url = without_version(address);
    let is_profile = resource.word("derivation") == Some("constraint");
    let shown_of = shown(of);
    if resource.word("url") == Some(url) {
        report.add(
            &BASE,
            &base,
            &[address, "itself"],
            "another structure",
            "its own address",
        );
        return Base::Other;
    }
    let core = core_name(url).and_then(|it| knowledge.definitions.type_named(it));
    if let Some(core) = core {
        // A profile of a datatype that the specification makes, such as SimpleQuantity, has the type that it narrows.
        let narrows = core.kind() == TypeKind::Profile && core.is_a(of);
        if is_profile && core.name() != of && !narrows {
            let words = [address, &format!("the type {shown_of}")];
            report.add(&BASE, &base, &words, "a base of the same type", core.name());
        }
        if !is_profile && core.name() == of && resource.word("derivation").is_some() {
            let words = [address, "a new type of the same name"];
            report.add(&BASE, &base, &words, "a type with a name of its own", of);
        }
        return if core.kind() == TypeKind::Profile {
            Base::Other
        } else {
            Base::Core
        };
    }
    if !is_profile || resource.word("kind") == Some("logical") {
        return Base::Other;
    }
    match knowledge.library.profile(address) {
        Some(found) if found.of != of => {
            let words = [address, &format!("the type {shown_of}")];
            report.add(&BASE, &base, &words, "a base of the same type", &found.of);
        }
        Some(found) => return Base::Profile(found),
        None => {
            let shown = shown_address(address);
            let line = format!("the profile against its base: {shown} is not known");
            findings.not_checked.insert(line);
            let expected = "a base that is known";
            report.add(&UNCHECKED, &base, &[shown], expected, "not checked");
        }
    }
    Base::Other
}

fn check_kind(knowledge: &Knowledge, resource: &Place<'_>, of: &str, report: &mut Report) {
    let Some(found) = knowledge.definitions.type_named(of) else {
        return;
    };
    let Some(kind) = resource.word("kind") else {
        return;
    };
    let wanted = match found.kind() {
        TypeKind::Primitive => "primitive-type",
        TypeKind::Datatype | TypeKind::Profile => "complex-type",
        TypeKind::Resource => "resource",
    };
    if kind != wanted {
        let at = resource.at(knowledge.types, "kind");
        report.add(&KIND, &at, &[shown(kind), of, wanted], wanted, shown(kind));
    }
}

/// Every slice of a snapshot belongs to an element that is sliced, before it.
fn slices(elements: &[Place<'_>], report: &mut Report) {
    let mut sliced = BTreeSet::new();
    for at in elements {
        let Some(id) = at.word("id") else {
            continue;
        };
        // Some definitions name the root; an invariant of R4 forbids that.
        if let Some(name) = at.word("sliceName").filter(|_| id.contains('.')) {
            let (around, slice) = id.rsplit_once(':').unwrap_or((id, ""));
            // A slice of a slice has its name behind that of the other.
            let outer = slice
                .rsplit_once('/')
                .map(|(outer, _)| format!("{around}:{outer}"));
            let around = outer.as_deref().unwrap_or(around);
            if !slice.is_empty() && !sliced.contains(around) {
                let words = [shown(name), "belongs to no element that is sliced"];
                report.add(&SLICE, at, &words, "slicing of the element before", "none");
            }
        }
        if at.element.body().and_then(|it| it.get("slicing")).is_some() {
            sliced.insert(id.to_owned());
        }
    }
}
