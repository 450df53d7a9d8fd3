//! A `CapabilityStatement` by itself. Not for what the system does.

use super::rules::{CAPABILITY_DUPLICATE, ITSELF};
use super::without_version;
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::report::Report;
use std::collections::BTreeSet;

/// Judges a capability statement. Types of resources and their search parameters are for cpb-9 and cpb-12.
pub(super) fn check(knowledge: &Knowledge, resource: &Place<'_>, report: &mut Report) {
    let types = knowledge.types;
    for named in ["instantiates", "imports"] {
        for address in resource.all(types, named) {
            let url = address.value().map(without_version);
            if url.is_some() && url == resource.word("url") {
                report.add(
                    &ITSELF,
                    &address,
                    &[],
                    "another statement",
                    "its own address",
                );
            }
        }
    }
    for rest in resource.all(types, "rest") {
        once(knowledge, &rest, "interaction", "code", report);
        once(knowledge, &rest, "searchParam", "name", report);
        once(knowledge, &rest, "operation", "name", report);
        for of in rest.all(types, "resource") {
            once(knowledge, &of, "interaction", "code", report);
            once(knowledge, &of, "operation", "name", report);
            words_once(knowledge, &of, "searchInclude", report);
            words_once(knowledge, &of, "searchRevInclude", report);
            words_once(knowledge, &of, "supportedProfile", report);
        }
    }
}

/// Whether each child of a name has another value in its own child.
fn once(knowledge: &Knowledge, around: &Place<'_>, name: &str, by: &str, report: &mut Report) {
    let types = knowledge.types;
    let mut seen = BTreeSet::new();
    for child in around.all(types, name) {
        let Some(word) = child.word(by) else {
            continue;
        };
        // Operations of one name may have several definitions in STU3 and R4.
        let definition = child.first(types, "definition");
        let definition = definition.and_then(|it| it.value().or_else(|| it.word("reference")));
        if !seen.insert((word, definition)) {
            let at = child.at(types, by);
            report.add(&CAPABILITY_DUPLICATE, &at, &[shown(word)], "once", "twice");
        }
    }
}

fn words_once(knowledge: &Knowledge, around: &Place<'_>, name: &str, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for child in around.all(knowledge.types, name) {
        if let Some(word) = child.value()
            && !seen.insert(word)
        {
            report.add(
                &CAPABILITY_DUPLICATE,
                &child,
                &[shown(word)],
                "once",
                "twice",
            );
        }
    }
}
