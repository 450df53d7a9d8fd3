//! Whether an answer keeps to the base specification of FHIR. Not for profiles, and not for
//! what validation finds worth a warning alone.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::fhir_issue::{actual, expected, general};
use crate::observed::{Expectation, Observed, Page};
use crate::reading::{Reading, text};
use crate::sheet::{At, Sheet};
use plumbline_fhir::validate::Severity;
use plumbline_fhir::{Definitions, FhirVersion, Issue, Options, rule, validate};
use plumbline_model::{Shown, SkipReason};
use plumbline_tree::Node;

/// How many errors of a body are looked for; a sheet lists fewer.
const MOST_ISSUES: usize = 1_000;

pub(crate) const CHECK: Check = Check {
    code: "FHIR-BASE",
    name: "Valid FHIR",
    doc: CheckDoc {
        what: "Every page of the answer keeps to the base specification of the FHIR version that the target file names: elements and how often they stand, types and formats of values, codes of required value sets that can be listed, references within a resource, narrative, and the conditions that the specification writes in FHIRPath. Profiles and the meaning of codes are not checked, and a warning breaks nothing.",
        why: "Software that reads FHIR drops or misreads what is not FHIR.",
        conformant: r#"{"resourceType": "Patient", "gender": "female", "birthDate": "1951-03-14"}"#,
        not_conformant: r#"{"resourceType": "Patient", "gender": "woman", "dateOfBirth": "14/03/1951"}"#,
        source: "FHIR R4 and STU3, the definitions of resources and datatypes",
    },
    next_step: "Send a resource that keeps to the base specification; plumbline validate checks files in the same way",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    if observed.pages.is_empty() {
        sheet.gaps(&Reading::of(observed));
        return sheet.finish();
    }
    let Some(version) = expectation.fhir_version else {
        sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            "the target speaks a version of FHIR without definitions here",
            Shown::ours("a version other than R4 and STU3"),
            "Name R4 or STU3 as fhir_version in target.toml, if the system speaks one of them",
        );
        return sheet.finish();
    };
    let wanted = match expectation.arg(0) {
        Some("document") => Wanted::Document,
        Some(_) | None => Wanted::Anything,
    };
    for (index, page) in observed.pages.iter().enumerate() {
        judge(&mut sheet, index, page, version, wanted);
    }
    sheet.finish()
}

/// What the step speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Whatever came.
    Anything,
    /// A document; something else that is valid says nothing of it.
    Document,
}

fn is_document(root: Node<'_>) -> bool {
    let mut entries = root.get("entry").into_iter().flat_map(Node::items);
    let first = entries.next().and_then(|entry| entry.get("resource"));
    text(root, "resourceType") == Some("Bundle")
        && text(root, "type") == Some("document")
        && first.is_some_and(|it| text(it, "resourceType") == Some("Composition"))
}

fn judge(sheet: &mut Sheet, index: usize, page: &Page<'_>, version: FhirVersion, wanted: Wanted) {
    let root = match page.json() {
        Ok(root) => root,
        Err((message, actual)) => {
            sheet.saw(1);
            let expected = Shown::ours(format!("a FHIR {version} resource as JSON"));
            return sheet.broken(At::page(index), message, expected, Shown::ours(actual));
        }
    };
    if let Some(other) = other_version(root, version) {
        return sheet.undecided(
            SkipReason::NotObservable,
            At::node(index, other),
            "the capability statement is for another version of FHIR than the target file names",
            Shown::ours("another version"),
            "Correct fhirVersion in the response, or fhir_version in target.toml",
        );
    }
    if wanted == Wanted::Document && !is_document(root) {
        return sheet.undecided(
            SkipReason::NotObservable,
            At::node(index, root),
            "what came is no document",
            Shown::ours("no Bundle of type document that begins with a Composition"),
            "Send the document as a Bundle of type document; then this rule can be judged",
        );
    }
    sheet.saw(1);
    let options = Options {
        most_issues: MOST_ISSUES,
        ..Options::default()
    };
    let outcome = validate(root.tree(), Definitions::of(version), &options);
    for issue in &outcome.issues {
        if issue.severity == Severity::Error {
            broken(sheet, index, root, issue);
        }
    }
}

/// The version that a capability statement names, where it is another one.
pub fn other_version(root: Node<'_>, version: FhirVersion) -> Option<Node<'_>> {
    let resource_type = text(root, "resourceType").or_else(|| root.name());
    if resource_type != Some("CapabilityStatement") {
        return None;
    }
    let named = root.get("fhirVersion")?;
    let value = named.attribute("value").unwrap_or(named);
    let is_other = FhirVersion::from_text(value.as_str()?) != Some(version);
    is_other.then_some(named)
}

fn broken(sheet: &mut Sheet, page: usize, root: Node<'_>, issue: &Issue) {
    // The value itself, so that the place reads as in every other finding.
    let offset = issue
        .offset
        .and_then(|offset| usize::try_from(offset).ok())
        .unwrap_or_default();
    let node = root.tree().nodes().find(|node| node.offset() == offset);
    let fix = rule(&issue.code).map_or(CHECK.next_step, |rule| rule.fix);
    sheet.broken_with(
        At::node(page, node.unwrap_or(root)),
        format!("{} ({})", general(issue), issue.code),
        expected(issue),
        actual(issue),
        fix,
    );
}
