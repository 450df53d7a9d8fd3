//! Whether a document is about the patient it was asked for. Not for the details of the patient.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::content::{Parts, document};
use crate::identity::NHS_NUMBER_SYSTEM;
use crate::observed::{Expectation, Observed};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason, ValueKind};
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "DOCUMENT-PATIENT",
    name: "The right patient's document",
    doc: CheckDoc {
        what: "The subject of the Composition leads to a Patient in the document, and every NHS number of that Patient is that of the patient in play. A Patient without an NHS number: not tested.",
        why: "A summary that is filed in another person's record harms both.",
        conformant: "Composition.subject leads to the Patient with the NHS number that was asked for",
        not_conformant: "the document of another patient",
        source: "FHIR, Composition.subject; ITK3 FHIR eDischarge, patient demographics",
    },
    next_step: "Make the document of the patient whose Composition was asked for",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some((tree, _)) = document(&mut sheet, observed, expectation) else {
        return sheet.finish();
    };
    let Some(wanted) = expectation.nhs_number else {
        sheet.misused("no patient is in play");
        return sheet.finish();
    };
    let parts = Parts::of(tree);
    let subject = parts
        .first()
        .and_then(|it| it.get("subject")?.get("reference"));
    let patient = subject
        .and_then(Node::as_str)
        .and_then(|it| parts.referred(it));
    let Some(patient) = patient.filter(|it| text(*it, "resourceType") == Some("Patient")) else {
        sheet.saw(1);
        sheet.broken(
            At::node(0, subject.unwrap_or_else(|| tree.root())),
            "the document does not say who it is about",
            Shown::ours("a Composition whose subject is a Patient of the document"),
            Shown::ours("no Patient that the subject leads to"),
        );
        return sheet.finish();
    };
    let identifiers = patient.get("identifier").into_iter().flat_map(Node::items);
    let numbers: Vec<Node<'_>> = identifiers
        .filter(|it| text(*it, "system") == Some(NHS_NUMBER_SYSTEM))
        .filter_map(|it| it.get("value"))
        .collect();
    if numbers.is_empty() {
        sheet.undecided(
            SkipReason::NotObservable,
            At::node(0, patient),
            "the Patient of the document has no NHS number, so it cannot be told who it is",
            Shown::ours("no identifier of the NHS number system"),
            "Send the NHS number of the patient",
        );
    }
    for number in numbers {
        sheet.saw(1);
        let given = number.as_str().unwrap_or_default();
        if given.replace(' ', "") != wanted {
            sheet.broken(
                At::node(0, number),
                "the document is about another patient",
                Shown::ours("the NHS number of the patient in play"),
                Shown::ours("another: ").value(ValueKind::Identifier, given),
            );
        }
    }
    sheet.finish()
}

fn text<'a>(node: Node<'a>, name: &str) -> Option<&'a str> {
    node.get(name).and_then(Node::as_str)
}
