//! The types of the records in a result. Not for records that only came along with a match.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::identity::strangers_undecided;
use crate::observed::{Expectation, Observed};
use crate::reading::Reading;
use crate::sheet::Sheet;
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "BUNDLE-ENTRY-TYPE",
    name: "Types in the result",
    doc: CheckDoc {
        what: "Every match of the result is of the type that the step names; an OperationOutcome may be there too.",
        why: "Another type in the result is a record that nobody asked for.",
        conformant: "a Patient search that returns Patients and an OperationOutcome",
        not_conformant: "a Patient search that returns an Observation as a match",
        source: "FHIR R4, search; UK Core Access, the search that the requirement names",
    },
    next_step: "Return only records of the searched type as matches",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step names no type of resource");
        return sheet.finish();
    };
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    strangers_undecided(&mut sheet, &reading, expectation);
    for hit in reading.matches() {
        sheet.saw(1);
        if hit.resource_type != wanted {
            sheet.broken(
                hit.at(),
                "a record of the result is of another type",
                Shown::ours("type ").and(wanted),
                Shown::ours("type ").value(ValueKind::Code, hit.resource_type),
            );
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
