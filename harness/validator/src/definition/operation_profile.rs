//! The profiles that an operation names for all its parameters, against the parameters. R4 only: STU3 has none.
//! Not for calls of the operation.

use super::rules::PARAMETER_PROFILE;
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::profile::{Findings, shown_address};
use plumbline_conformance::snapshot;
use plumbline_fhir::profile_facts::{ElementFacts, Most, ProfileFacts};

/// Judges the profiles of an operation; `parameters` are those of the outermost level.
pub(super) fn check(
    knowledge: &Knowledge,
    resource: &Place<'_>,
    parameters: &[Place<'_>],
    findings: &mut Findings,
) {
    for (name, direction) in [("inputProfile", "in"), ("outputProfile", "out")] {
        let Some(at) = resource.first(knowledge.types, name) else {
            continue;
        };
        let Some(address) = at.value() else {
            continue;
        };
        let url = shown_address(address);
        let Some(profile) = knowledge.library.profile(address) else {
            let line = format!("the parameters of the operation: the profile {url} is not known");
            findings.not_checked.insert(line);
            continue;
        };
        if profile.of != "Parameters" {
            let problem = format!("is one of {}, not of Parameters", profile.of);
            let words = [url, &problem];
            let report = &mut findings.report;
            report.add(
                &PARAMETER_PROFILE,
                &at,
                &words,
                "a profile of Parameters",
                &profile.of,
            );
            continue;
        }
        let own: Vec<&Place<'_>> = parameters
            .iter()
            .filter(|it| it.word("use").is_none_or(|it| it == direction))
            .collect();
        for (slice, problem) in conflicts(knowledge, profile, &own) {
            let words = [url, &problem];
            let report = &mut findings.report;
            let expected = "what the operation says of the parameter";
            report.add(&PARAMETER_PROFILE, &at, &words, expected, shown(&slice));
        }
    }
}

/// The slices of a profile for parameters that do not go with those of the operation, and why.
fn conflicts(
    knowledge: &Knowledge,
    profile: &ProfileFacts,
    parameters: &[&Place<'_>],
) -> Vec<(String, String)> {
    let Ok(whole) = snapshot(profile, &knowledge.library, knowledge.definitions) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for slice in &whole.elements {
        let is_slice = slice.id.strip_prefix("Parameters.parameter:");
        if is_slice.is_none_or(|rest| rest.contains('.')) || slice.max == Some(Most::Times(0)) {
            continue;
        }
        let name = whole.element(&format!("{}.name", slice.id));
        let Some(name) = name.and_then(fixed_text) else {
            continue;
        };
        let of = parameters.iter().find(|it| it.word("name") == Some(&name));
        let shown_name = shown(&name);
        let Some(of) = of else {
            let problem = format!("has the parameter {shown_name}, which the operation has not");
            found.push((name, problem));
            continue;
        };
        if is_apart(of, slice) {
            let problem = format!("lets no number of {shown_name} stand that the operation allows");
            found.push((name, problem));
            continue;
        }
        let value = whole.element(&format!("{}.value[x]", slice.id));
        let is_other = value.zip(of.word("type")).is_some_and(|(value, code)| {
            let definitions = knowledge.definitions;
            let asked = definitions.type_named(code);
            let is_resource = definitions.resource(code).is_some();
            let fits = |it: &str| {
                let own = definitions.type_named(it);
                it == code
                    || own.is_some_and(|it| it.is_a(code))
                    || asked.is_some_and(|asked| asked.is_a(it))
            };
            let is_abstract = matches!(code, "Any" | "Element" | "Resource");
            let is_allowed = value.max != Some(Most::Times(0));
            !is_resource
                && !is_abstract
                && is_allowed
                && !value.types.is_empty()
                && !value.types.iter().any(|it| fits(&it.code))
        });
        if is_other {
            let problem = format!("gives the parameter {shown_name} another type");
            found.push((name, problem));
        }
    }
    found
}

/// The text that an element is fixed to.
fn fixed_text(element: &ElementFacts) -> Option<String> {
    let value = element.fixed.as_ref().or(element.pattern.as_ref())?;
    let text = value.json.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('\\')).then(|| text.to_owned())
}

/// Whether two ranges have no number in common.
fn is_apart(parameter: &Place<'_>, slice: &ElementFacts) -> bool {
    let least = parameter.number("min").unwrap_or(0);
    let most = parameter.word("max").filter(|it| *it != "*");
    let most = most.and_then(|it| it.parse::<u64>().ok());
    let is_above = most.is_some_and(|most| slice.min.is_some_and(|min| u64::from(min) > most));
    let is_below = matches!(slice.max, Some(Most::Times(max)) if u64::from(max) < least);
    is_above || is_below
}
