//! Whether an answer is FHIR JSON at all. Not for which resource it is.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed, Page, Written};
use crate::reading::Reading;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "FHIR-JSON",
    name: "FHIR JSON",
    doc: CheckDoc {
        what: "The content type is application/fhir+json in UTF-8, the body is JSON without repeated member names, and it names its resource type.",
        why: "A client that cannot read the body cannot use any other part of the service.",
        conformant: "content-type: application/fhir+json; charset=utf-8, and a resource",
        not_conformant: "content-type: text/html, and an error page",
        source: "FHIR R4, JSON format and RESTful API",
    },
    next_step: "Send FHIR resources as JSON with the content type application/fhir+json, also for errors",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    if observed.pages.is_empty() {
        sheet.gaps(&Reading::of(observed));
    }
    for (index, page) in observed.pages.iter().enumerate() {
        sheet.saw(1);
        content_type(&mut sheet, index, page);
        body(&mut sheet, index, page);
    }
    sheet.finish()
}

fn content_type(sheet: &mut Sheet, index: usize, page: &Page<'_>) {
    let expected = Shown::ours("content type application/fhir+json in UTF-8");
    let mut values = page.header("content-type");
    let at = At::page(index);
    let Some(value) = values.next() else {
        let actual = Shown::ours("no content type");
        return sheet.broken(at, "the response has no content type", expected, actual);
    };
    let actual = Shown::ours("content type ").value(ValueKind::Protocol, value);
    if values.next().is_some() {
        return sheet.broken(
            at,
            "the response has several content types",
            expected,
            actual,
        );
    }
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    if !media_type.eq_ignore_ascii_case("application/fhir+json") {
        let message = "the content type is not that of FHIR JSON";
        return sheet.broken(at, message, expected, actual);
    }
    let other_charset = parts
        .filter_map(|part| part.split_once('='))
        .any(|(name, charset)| {
            name.trim().eq_ignore_ascii_case("charset")
                && !charset
                    .trim()
                    .trim_matches('"')
                    .eq_ignore_ascii_case("utf-8")
        });
    if other_charset {
        let message = "the content type names a character set other than UTF-8";
        sheet.broken(at, message, expected, actual);
    }
}

fn body(sheet: &mut Sheet, index: usize, page: &Page<'_>) {
    let expected = Shown::ours("a JSON object with resourceType");
    if page.written == Written::Xml {
        let message = "the body is XML";
        return sheet.broken(At::page(index), message, expected, Shown::ours("XML"));
    }
    let root = match page.json() {
        Ok(root) => root,
        Err((message, actual)) => {
            return sheet.broken(At::page(index), message, expected, Shown::ours(actual));
        }
    };
    let at = At::node(index, root);
    if page.has_duplicate_names() {
        sheet.broken(
            at,
            "an object of the body has two members of one name",
            Shown::ours("each member name once in an object"),
            Shown::ours("a repeated member name"),
        );
    }
    let named = root
        .get("resourceType")
        .and_then(Node::as_str)
        .is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.chars().all(|c| c.is_ascii_alphanumeric())
        });
    if !named {
        let actual = Shown::ours("no resource type");
        sheet.broken(at, "the body names no resource type", expected, actual);
    }
}
