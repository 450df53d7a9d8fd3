//! Definitions judged as resources: `StructureDefinition`, `ValueSet`, `CodeSystem`, `SearchParameter`,
//! `OperationDefinition`, `CapabilityStatement`, of R4 and STU3. Not for judging other resources by them.
//!
//! Invariants are judged with the base specification and not again here: sdf-* (contexts of extensions, snapshot and
//! differential, ids, roots), eld-* (ranges, fixed and pattern with several types, distinct types and keys),
//! vsd-* (system or value set, concepts or filters), csd-1 (codes are distinct), opd-* (type or parts), spd-*,
//! cpb-* (distinct resources and search parameters), and the form of names (-0).

mod capability;
mod code_system;
mod concepts;
mod discriminator;
mod element;
mod expression;
mod extension;
mod narrowing;
mod operation;
mod operation_profile;
mod rules;
mod search_parameter;
mod structure;
mod value_set;

pub(crate) use rules::RULES;

use crate::knowledge::Knowledge;
use crate::place::Place;
use crate::profile::Findings;
use crate::report::Report;
use plumbline_fhir::validate::Survey;
use rules::URL;

/// Judges every definition of a body.
pub(crate) fn check(knowledge: &Knowledge, survey: &Survey<'_>, findings: &mut Findings) {
    for (at, resource) in survey.resources.iter().enumerate() {
        let Some(judge) = judge(resource.of) else {
            continue;
        };
        let place = Place {
            element: resource.element,
            path: survey.path(at, knowledge.definitions),
        };
        check_url(knowledge, &place, &mut findings.report);
        judge(knowledge, &place, findings);
    }
}

type Judge = fn(&Knowledge, &Place<'_>, &mut Findings);

/// What judges resources of a type.
fn judge(of: &str) -> Option<Judge> {
    Some(match of {
        "StructureDefinition" => structure::check,
        "ValueSet" => |it, at, found| value_set::check(it, at, &mut found.report),
        "CodeSystem" => |it, at, found| code_system::check(it, at, &mut found.report),
        "SearchParameter" => |it, at, found| search_parameter::check(it, at, &mut found.report),
        "OperationDefinition" => operation::check,
        "CapabilityStatement" => |it, at, found| capability::check(it, at, &mut found.report),
        _ => return None,
    })
}

fn check_url(knowledge: &Knowledge, resource: &Place<'_>, report: &mut Report) {
    let Some(url) = resource.word("url") else {
        return;
    };
    if !is_absolute(url) || url.contains('|') {
        let at = resource.at(knowledge.types, "url");
        report.add(&URL, &at, &[], "an absolute address", "another text");
    }
}

/// Whether an address begins with a scheme.
fn is_absolute(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once(':') else {
        return false;
    };
    let mut letters = scheme.bytes();
    let begins = letters.next().is_some_and(|it| it.is_ascii_alphabetic());
    let goes_on = letters.all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it));
    begins && goes_on && !rest.is_empty()
}

/// An address without its version.
fn without_version(canonical: &str) -> &str {
    canonical.split('|').next().unwrap_or(canonical)
}

#[cfg(test)]
mod profile_tests;
#[cfg(test)]
mod tests;
