//! Whether a result holds a record of somebody else. Not for whether anything is missing.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::identity::{Owner, owner};
use crate::observed::{Expectation, Observed};
use crate::reading::{Hit, Reading, Role};
use crate::sheet::Sheet;
use plumbline_model::{Shown, SkipReason, ValueKind};
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "RESULT-OTHER-PATIENT",
    name: "No other patient",
    doc: CheckDoc {
        what: "Every Patient in the result has the NHS number of the patient, and every clinical record refers to the patient.",
        why: "Another person's record is a breach of confidence and a danger in treatment.",
        conformant: "a search by NHS number that returns that Patient alone",
        not_conformant: "a search for one patient that also returns another's allergy",
        source: "FHIR R4, search; the requirement names the search",
    },
    next_step: "Apply the search parameter for the patient to every record, and never ignore it",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    for hit in &reading.hits {
        let owner = owner(hit, expectation.resource_id, expectation.nhs_number);
        match hit.role {
            Role::Match => matched(&mut sheet, hit, owner),
            // What only came along may be of any kind, but never somebody else's.
            Role::Included => {
                if let Owner::Other(node) = owner {
                    other(&mut sheet, hit, node);
                }
            }
            Role::Outcome => {}
        }
    }
    if reading.is_whole() && reading.matches().next().is_none() {
        sheet.nothing(
            "the result holds no record",
            "Load the test patient and its records, then run again",
        );
    }
    sheet.finish()
}

fn matched(sheet: &mut Sheet, hit: &Hit<'_>, owner: Owner<'_>) {
    match owner {
        Owner::Same => sheet.saw(1),
        Owner::Other(node) => {
            sheet.saw(1);
            other(sheet, hit, node);
        }
        Owner::Unknown(why) => sheet.undecided(
            SkipReason::NotObservable,
            hit.at(),
            "it cannot be told whose record this is",
            Shown::ours(why),
            "Load the test patient with its NHS number, and let records refer to Patient/<id>",
        ),
        Owner::Missing => {
            sheet.saw(1);
            sheet.broken(
                hit.at(),
                "a record does not say which patient it belongs to",
                Shown::ours("a reference to the patient"),
                Shown::ours("none"),
            );
        }
    }
}

fn other(sheet: &mut Sheet, hit: &Hit<'_>, node: Node<'_>) {
    let shown = Shown::ours("a record of somebody else");
    let actual = match node.as_str() {
        Some(value) if value.contains('/') => shown.and(": ").value(ValueKind::Reference, value),
        Some(value) => shown.and(": ").value(ValueKind::Identifier, value),
        None => shown,
    };
    sheet.broken(
        hit.at_node(node),
        "a record of the result belongs to another patient",
        Shown::ours("records of the patient in play only"),
        actual,
    );
}
