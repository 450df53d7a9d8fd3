//! The status of the clinical records in a result. Not for whether any is missing.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::clinical_record::{has_status, known_type, status_codes, status_element, status_title};
use crate::identity::strangers_among;
use crate::observed::{Expectation, Observed};
use crate::reading::{Hit, Reading};
use crate::sheet::Sheet;
use plumbline_model::{ClinicalType, Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "RECORD-STATUS",
    name: "Status of records",
    doc: CheckDoc {
        what: "Every record of the searched type, and every other that is labelled a match, is of the searched type and has exactly the status that the step names, where the type keeps it: as a code in status, or in clinicalStatus from its code system. A record with a modifier extension, which may turn its status into something else, is for a person to judge. Records of another type without a label are not judged here.",
        why: "A vaccination that was not done, shown as done, leaves a patient without protection; a stopped medicine shown as current is taken again.",
        conformant: r#"{"resourceType": "Immunization", "status": "completed"}"#,
        not_conformant: r#"{"resourceType": "Immunization", "status": "not-done"} in a search for completed ones, or no status"#,
        source: "FHIR R4, the page of the type, and Extensibility (modifierExtension)",
    },
    next_step: "Give every record its status, and return only those with the status that was asked for",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step names no status");
        return sheet.finish();
    };
    let Some(kind) = known_type(observed.request.resource_type) else {
        sheet.misused("the last search or read was not for a type whose status is known");
        return sheet.finish();
    };
    if !kind.statuses.contains(&wanted) {
        sheet.misused("the step names a status that the type does not have");
        return sheet.finish();
    }
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    let judged = reading.judged(kind.name);
    strangers_among(&mut sheet, &judged, expectation);
    for hit in &judged {
        sheet.saw(1);
        judge(&mut sheet, hit, kind, wanted);
    }
    if reading.is_whole() && judged.is_empty() {
        sheet.nothing(
            "the result holds no record of the searched type",
            "Load the test patient and its records, then run again",
        );
    }
    sheet.finish()
}

fn judge(sheet: &mut Sheet, hit: &Hit<'_>, kind: &ClinicalType, wanted: &str) {
    let title = status_title(kind);
    let expected = Shown::ours(format!("{title} {wanted}"));
    if hit.resource_type != kind.name {
        let message = format!("a record of the result is no {}", kind.title);
        let actual = Shown::ours("type ").value(ValueKind::Code, hit.resource_type);
        return sheet.broken(hit.at(), message, expected, actual);
    }
    if !has_status(hit.resource, kind, wanted) {
        let found = status_codes(hit.resource, kind);
        let actual = found.first().map_or_else(
            || Shown::ours("none in the expected form"),
            |code| Shown::ours(format!("{title} ")).value(ValueKind::Code, *code),
        );
        let place = hit
            .resource
            .get(status_element(kind))
            .unwrap_or(hit.resource);
        let what = if found.is_empty() { "no" } else { "another" };
        let message = format!("a record of the result has {what} {title}");
        sheet.broken(hit.at_node(place), message, expected, actual);
    } else if let Some(modifier) = hit.resource.get("modifierExtension") {
        let message = format!("a modifier extension may change what the {title} of a record means");
        let actual = Shown::ours("the status, and a modifier extension");
        let next =
            "Decide from the definition of the extension whether the record still has this status";
        sheet.review(hit.at_node(modifier), &message, expected, actual, next);
    }
}
