//! A `SearchParameter` by itself. Not for searches.

use super::rules::{ITSELF, SEARCH};
use super::{expression, without_version};
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::report::Report;
use plumbline_fhir::validate::Severity;
use plumbline_fhirpath::{TypeId, TypeInfo as _};

/// Judges a search parameter.
pub(super) fn check(knowledge: &Knowledge, resource: &Place<'_>, report: &mut Report) {
    let types = knowledge.types;
    let code = resource.word("code").unwrap_or("the search parameter");
    let base = resource.all(types, "base");
    let base: Vec<TypeId> = base
        .iter()
        .filter_map(|it| types.named(it.value()?))
        .collect();
    let subject = expression::Subject {
        of: code,
        types: &base,
        severity: Severity::Warning,
    };
    if let Some(text) = resource.first(types, "expression") {
        expression::check(knowledge, &text, subject, report);
    }
    let components = resource.all(types, "component");
    for component in &components {
        if let Some(text) = component.first(types, "expression") {
            // It begins where the search parameter leads.
            let subject = expression::Subject {
                types: &[],
                ..subject
            };
            expression::check(knowledge, &text, subject, report);
        }
    }
    if let Some(from) = resource.first(types, "derivedFrom") {
        let address = from.value().map(without_version);
        if address.is_some() && address == resource.word("url") {
            report.add(
                &ITSELF,
                &from,
                &[],
                "another search parameter",
                "its own address",
            );
        }
    }
    let Some(of) = resource.word("type") else {
        return;
    };
    let of = shown(of);
    let at = resource.at(types, "type");
    if of == "composite" && components.is_empty() {
        let words = [of, "has no components"];
        report.add(&SEARCH, &at, &words, "components", "none");
    }
    if of != "composite"
        && let Some(first) = components.first()
    {
        let words = [of, "has components"];
        report.add(&SEARCH, first, &words, "no components", "a component");
    }
    if of != "reference"
        && let Some(target) = resource.first(types, "target")
    {
        let words = [of, "has targets, which references have"];
        report.add(&SEARCH, &target, &words, "no targets", "a target");
    }
}
