//! Whether every match of a result has an address of its own. Not for whether it can be opened.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::identity::strangers_undecided;
use crate::observed::{Expectation, Observed};
use crate::reading::{Hit, Reading, Role, text};
use crate::sheet::Sheet;
use plumbline_model::{Shown, SkipReason, ValueKind};
use plumbline_tree::Node;
use std::collections::BTreeSet;

pub(crate) const CHECK: Check = Check {
    code: "BUNDLE-FULL-URL",
    name: "Addresses of entries",
    doc: CheckDoc {
        what: "Every match has a fullUrl that is absolute and, where it is a web address, ends with the type and id of the record. No two entries of a page have the same one.",
        why: "References in a result lead to entries by their fullUrl; a wrong one shows another record, or none.",
        conformant: r#"{"fullUrl": "https://example.test/fhir/Patient/p-1", "resource": {"resourceType": "Patient", "id": "p-1"}}"#,
        not_conformant: r#"{"fullUrl": "Patient/p-1", "resource": {"resourceType": "Patient", "id": "p-1"}}"#,
        source: "FHIR R4, Bundle.entry.fullUrl and resolving references in Bundles",
    },
    next_step: "Give every entry the absolute address at which its record can be read, without a version",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    strangers_undecided(&mut sheet, &reading, expectation);
    let mut seen = BTreeSet::new();
    let mut any = false;
    for hit in &reading.hits {
        // A record that was read has no entry around it.
        let Some(entry) = hit.entry() else {
            continue;
        };
        let address = entry.get("fullUrl");
        if hit.role == Role::Match {
            any = true;
            sheet.saw(1);
            judge(&mut sheet, hit, entry, address);
        }
        if let Some(node) = address
            && let Some(url) = node.as_str()
            && !seen.insert((hit.page, url))
        {
            sheet.broken(
                hit.at_node(node),
                "two entries of a page have the same fullUrl",
                Shown::ours("a fullUrl of its own for each entry"),
                Shown::ours("again ").value(ValueKind::Reference, url),
            );
        }
    }
    if !any && reading.is_whole() {
        sheet.nothing(
            "the result holds no record",
            "Load the test patient and its records, then run again",
        );
    }
    sheet.finish()
}

fn judge<'a>(sheet: &mut Sheet, hit: &Hit<'a>, entry: Node<'a>, address: Option<Node<'a>>) {
    let expected =
        || Shown::ours("an absolute address that ends with the type and id of the record");
    let at = hit.at_node(address.unwrap_or(entry));
    let Some(url) = address.and_then(Node::as_str).filter(|url| !url.is_empty()) else {
        let actual = Shown::ours("no address that is a text");
        return sheet.broken(at, "a match has no fullUrl", expected(), actual);
    };
    let actual = || Shown::ours("").value(ValueKind::Reference, url);
    let Some(rest) = absolute(url) else {
        return sheet.broken(at, "a fullUrl is not absolute", expected(), actual());
    };
    let Address::Web(path) = rest else {
        return;
    };
    let Some(id) = text(hit.resource, "id") else {
        return sheet.undecided(
            SkipReason::NotObservable,
            hit.at(),
            "a record of the result has no id to compare with its fullUrl",
            Shown::ours("no id"),
            "Give every record in a search result its id",
        );
    };
    if !path.ends_with(&format!("/{}/{id}", hit.resource_type)) {
        let message = "a fullUrl does not end with the type and id of its record";
        sheet.broken(at, message, expected(), actual());
    }
}

enum Address<'a> {
    /// The path of a web address, with its first slash.
    Web(&'a str),
    /// A URN or the like.
    Other,
}

/// What comes after the scheme and host, or nothing if the address is relative.
fn absolute(url: &str) -> Option<Address<'_>> {
    let (scheme, rest) = url.split_once(':')?;
    let named = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if !named || rest.is_empty() || url.contains(char::is_whitespace) {
        return None;
    }
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Some(Address::Other);
    }
    let after = rest.strip_prefix("//")?;
    let slash = after.find('/').unwrap_or(after.len());
    (slash > 0).then(|| Address::Web(&after[slash..]))
}
