//! The clinical status of the allergy records in a result. Not for whether any is missing.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::clinical_record::{ALLERGY, has_status, status_codes};
use crate::identity::strangers_among;
use crate::observed::{Expectation, Observed};
use crate::reading::Reading;
use crate::sheet::Sheet;
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "ALLERGY-STATUS",
    name: "Clinical status of allergies",
    doc: CheckDoc {
        what: "Every AllergyIntolerance, and every other record that is labelled a match, is an AllergyIntolerance whose clinicalStatus has the code that the step names, from the code system of HL7, and no contrary code from it. A record with a modifier extension, which may turn its status into something else, is for a person to judge. Records of another type without a label are not judged here.",
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
    let judged = reading.judged(ALLERGY.name);
    strangers_among(&mut sheet, &judged, expectation);
    for hit in &judged {
        sheet.saw(1);
        let expected = Shown::ours("clinical status ").and(wanted);
        if hit.resource_type != ALLERGY.name {
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
        } else if let Some(modifier) = hit.resource.get("modifierExtension") {
            sheet.review(
                hit.at_node(modifier),
                "a modifier extension may change what the clinical status of an allergy record means",
                expected,
                Shown::ours("the clinical status, and a modifier extension"),
                "Decide from the definition of the extension whether the record still has this clinical status",
            );
        }
    }
    if reading.is_whole() && judged.is_empty() {
        sheet.nothing(
            "the result holds no allergy record",
            "Load the test patient and its records, then run again",
        );
    }
    sheet.finish()
}
