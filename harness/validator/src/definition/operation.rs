//! An `OperationDefinition` by itself. Not for calls of the operation.

use super::rules::{ITSELF, PARAMETER, PARAMETER_RANGE};
use super::{operation_profile, without_version};
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::profile::Findings;
use crate::report::Report;
use plumbline_fhir::TypeTable;
use std::collections::BTreeSet;

/// Judges the definition of an operation.
pub(super) fn check(knowledge: &Knowledge, resource: &Place<'_>, findings: &mut Findings) {
    let types = knowledge.types;
    let parameters = resource.all(types, "parameter");
    operation_profile::check(knowledge, resource, &parameters, findings);
    let report = &mut findings.report;
    if let Some(base) = resource.first(types, "base") {
        // STU3 has a reference.
        let address = base.value().or_else(|| base.word("reference"));
        let address = address.map(without_version);
        if address.is_some() && address == resource.word("url") {
            report.add(&ITSELF, &base, &[], "another operation", "its own address");
        }
    }
    let names: BTreeSet<&str> = parameters.iter().filter_map(|it| it.word("name")).collect();
    for overload in resource.all(types, "overload") {
        for named in overload.all(types, "parameterName") {
            let name = named.value().unwrap_or_default();
            if !names.contains(name) {
                let words = [shown(name), "is not defined"];
                report.add(
                    &PARAMETER,
                    &named,
                    &words,
                    "the name of a parameter",
                    shown(name),
                );
            }
        }
    }
    let mut waiting = vec![parameters];
    while let Some(level) = waiting.pop() {
        check_names(&level, types, report);
        for parameter in &level {
            check_range(parameter, report);
            let parts = parameter.all(types, "part");
            if !parts.is_empty() {
                waiting.push(parts);
            }
        }
    }
}

fn check_names(level: &[Place<'_>], types: &'static TypeTable, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for parameter in level {
        let Some(name) = parameter.word("name") else {
            continue;
        };
        if !seen.insert((parameter.word("use"), name)) {
            let at = parameter.at(types, "name");
            let words = [shown(name), "is defined twice for the same use"];
            report.add(
                &PARAMETER,
                &at,
                &words,
                "a name that no other has",
                shown(name),
            );
        }
    }
}

fn check_range(parameter: &Place<'_>, report: &mut Report) {
    let (Some(min), Some(max)) = (parameter.word("min"), parameter.word("max")) else {
        return;
    };
    let is_range = match (min.parse::<u64>(), max, max.parse::<u64>()) {
        (Ok(_), "*", _) => true,
        (Ok(min), _, Ok(max)) => min <= max,
        (Ok(_), _, Err(_)) => false,
        // What is no number is for the base specification.
        (Err(_), _, _) => return,
    };
    if !is_range {
        let name = shown(parameter.word("name").unwrap_or_default());
        let actual = format!("{}..{}", shown(min), shown(max));
        let words = [name, shown(min), shown(max)];
        report.add(
            &PARAMETER_RANGE,
            parameter,
            &words,
            "min no greater than max",
            &actual,
        );
    }
}
