//! The definition of an extension: its address, what it holds, where it may stand. Not for extensions in use.

use super::expression::{self, Subject};
use super::rules::{CONTEXT, EXTENSION_CONTENT, EXTENSION_URL};
use super::structure::core_name;
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::report::Report;

/// Judges the definition of an extension. `elements` are those of differential and snapshot.
pub(super) fn check(
    knowledge: &Knowledge,
    resource: &Place<'_>,
    elements: &[&Place<'_>],
    report: &mut Report,
) {
    url(knowledge, resource, elements, report);
    content(resource, elements, report);
    for context in resource.all(knowledge.types, "context") {
        check_context(knowledge, resource, &context, report);
    }
    for invariant in resource.all(knowledge.types, "contextInvariant") {
        let subject = Subject::of_any("contextInvariant");
        expression::check(knowledge, &invariant, subject, report);
    }
}

/// Elements that are no slice and stand in none.
fn plain<'p, 'a>(elements: &[&'p Place<'a>], path: &str) -> Vec<&'p Place<'a>> {
    let all = elements.iter().copied();
    all.filter(|it| {
        let id = it.word("id");
        it.word("path") == Some(path) && id.is_none_or(|id| !id.contains(':'))
    })
    .collect()
}

fn url(knowledge: &Knowledge, resource: &Place<'_>, elements: &[&Place<'_>], report: &mut Report) {
    let types = knowledge.types;
    let Some(url) = resource.word("url") else {
        return;
    };
    let expected = "the url of this StructureDefinition";
    let mut is_fixed = false;
    for element in plain(elements, "Extension.url") {
        if let Some(fixed) = element.first(types, "fixed") {
            is_fixed = true;
            if fixed.value() != Some(url) {
                report.add(&EXTENSION_URL, &fixed, &[], expected, "another address");
            }
        }
    }
    // An extension that narrows another has the address of that one, too, and says nothing of it.
    let base = resource.word("baseDefinition").and_then(core_name);
    if !is_fixed && base == Some("Extension") && !elements.is_empty() {
        report.add(&EXTENSION_URL, resource, &[], expected, "no fixed value");
    }
}

fn content(resource: &Place<'_>, elements: &[&Place<'_>], report: &mut Report) {
    let is_value = |it: &&&Place<'_>| {
        let path = it.word("path").unwrap_or_default();
        let name = path.strip_prefix("Extension.value");
        name.is_some_and(|rest| !rest.contains('.'))
            && it.word("id").is_none_or(|id| !id.contains(':'))
    };
    let values: Vec<&&Place<'_>> = elements.iter().filter(is_value).collect();
    let inner = plain(elements, "Extension.extension");
    let is_forbidden = |it: &Place<'_>| it.word("max") == Some("0");
    let is_required = |it: &Place<'_>| it.number("min").is_some_and(|min| min > 0);
    let problem = if values.iter().any(|it| is_forbidden(it))
        && inner.iter().any(|it| is_forbidden(it))
    {
        "forbids both a value and extensions"
    } else if values.iter().any(|it| is_required(it)) && inner.iter().any(|it| is_required(it)) {
        "asks for both a value and extensions"
    } else {
        return;
    };
    let expected = "a value or extensions";
    report.add(&EXTENSION_CONTENT, resource, &[problem], expected, problem);
}

/// In R4 a context has a type of its own, in STU3 one type is for all.
fn check_context(
    knowledge: &Knowledge,
    resource: &Place<'_>,
    context: &Place<'_>,
    report: &mut Report,
) {
    let types = knowledge.types;
    let of = context
        .word("type")
        .or_else(|| resource.word("contextType"));
    let at = match context.value() {
        Some(_) => Some(context.clone()),
        None => context.first(types, "expression"),
    };
    let Some((at, text)) = at.and_then(|it| Some((it.clone(), it.value()?))) else {
        return;
    };
    match of {
        Some("fhirpath") => expression::check(knowledge, &at, Subject::of_any("context"), report),
        Some("element" | "resource" | "datatype") => {}
        _ => return,
    }
    let is_elsewhere = text.contains(['#', '/', ':', '*', '(', ' ', ',']);
    if of == Some("fhirpath") || is_elsewhere {
        return;
    }
    let definitions = knowledge.definitions;
    let is_known = if text.contains('.') {
        definitions.element_at(text).is_some()
    } else {
        definitions.type_named(text).is_some()
    };
    if !is_known {
        let expected = "a type, or the path of an element";
        report.add(&CONTEXT, &at, &[shown(text)], expected, shown(text));
    }
}
