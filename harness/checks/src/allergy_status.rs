//! The clinical status of the allergy records in a result. Not for whether any is missing.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::clinical_record::{ALLERGY, has_status, status_codes};
use crate::identity::strangers_undecided;
use crate::observed::{Expectation, Observed};
use crate::reading::Reading;
use crate::sheet::Sheet;
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "ALLERGY-STATUS",
    name: "Clinical status of allergies",
    doc: CheckDoc {
        what: "Every match is an AllergyIntolerance whose clinicalStatus has the code that the step names, from the code system of HL7, and no contrary code from it.",
        why: "A resolved allergy shown as current, or the reverse, leads to wrong treatment.",
        conformant: r#"{"clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active"}]}}"#,
        not_conformant: "a resolved allergy in a search for active ones",
        source: "FHIR R4, AllergyIntolerance",
    },
    next_step: "Give every allergy record its clinicalStatus, and return only those with the status that was asked for",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step names no clinical status");
        return sheet.finish();
    };
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    strangers_undecided(&mut sheet, &reading, expectation);
    for hit in reading.matches() {
        sheet.saw(1);
        let expected = Shown::ours("clinical status ").and(wanted);
        if hit.resource_type != "AllergyIntolerance" {
            let actual = Shown::ours("type ").value(ValueKind::Code, hit.resource_type);
            sheet.broken(
                hit.at(),
                "a record of the result is no allergy record",
                expected,
                actual,
            );
        } else if !has_status(hit.resource, &ALLERGY, wanted) {
            let found = status_codes(hit.resource, &ALLERGY);
            let actual = found.first().map_or_else(
                || Shown::ours("none from the expected code system"),
                |code| Shown::ours("clinical status ").value(ValueKind::Code, *code),
            );
            let place = hit.resource.get("clinicalStatus").unwrap_or(hit.resource);
            let message = "an allergy record has another clinical status";
            sheet.broken(hit.at_node(place), message, expected, actual);
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
