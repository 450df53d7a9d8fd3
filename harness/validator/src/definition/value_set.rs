//! A `ValueSet` by itself. Not for codes in it.

use super::concepts::Seen;
use super::rules::{CODE, ITSELF, SYSTEM};
use super::{is_absolute, without_version};
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::report::Report;
use plumbline_terminology::Membership;

/// Judges a value set.
pub(super) fn check(knowledge: &Knowledge, resource: &Place<'_>, report: &mut Report) {
    let types = knowledge.types;
    let url = resource.word("url");
    if let Some(compose) = resource.first(types, "compose") {
        let mut parts = compose.all(types, "include");
        parts.extend(compose.all(types, "exclude"));
        for part in &parts {
            check_part(knowledge, url, part, report);
        }
    }
    let Some(expansion) = resource.first(types, "expansion") else {
        return;
    };
    let mut seen = Seen::default();
    let mut waiting = expansion.all(types, "contains");
    waiting.reverse();
    while let Some(at) = waiting.pop() {
        let mut inner = at.all(types, "contains");
        inner.reverse();
        waiting.extend(inner);
        // What only groups others has no code of its own to choose.
        if !at.is_set("abstract") {
            let system = at.word("system").unwrap_or_default();
            seen.add(&at, system, at.word("version"), report);
        }
    }
}

fn check_part(knowledge: &Knowledge, url: Option<&str>, part: &Place<'_>, report: &mut Report) {
    let types = knowledge.types;
    for named in part.all(types, "valueSet") {
        let address = named.value().map(without_version);
        if address.is_some() && address == url {
            report.add(&ITSELF, &named, &[], "another value set", "its own address");
        }
    }
    let Some(system) = part.word("system") else {
        return;
    };
    let at = part.at(types, "system");
    if !is_absolute(system) {
        let expected = "an absolute address";
        report.add(&SYSTEM, &at, &["not absolute"], expected, "another text");
        return;
    }
    if knowledge.terminology.is_value_set(system) {
        let actual = "the address of a value set";
        report.add(
            &SYSTEM,
            &at,
            &[actual],
            "the address of a code system",
            actual,
        );
        return;
    }
    let mut seen = Seen::default();
    for concept in part.all(types, "concept") {
        seen.add(&concept, system, None, report);
        check_code(knowledge, part, system, &concept, report);
    }
}

fn check_code(
    knowledge: &Knowledge,
    part: &Place<'_>,
    system: &str,
    concept: &Place<'_>,
    report: &mut Report,
) {
    let Some(code) = concept.word("code") else {
        return;
    };
    let version = part.word("version");
    let known = knowledge.terminology.code_in_system(system, version, code);
    if known.membership == Membership::Outside {
        let at = concept.at(knowledge.types, "code");
        let words = [shown(code), system];
        report.add(&CODE, &at, &words, "a code of the code system", shown(code));
    }
}
