//! Then: one observable each, judged by one check of the registry.
//! Adding an assertion is adding a row here; the rule itself is the check's.

use crate::step::ArgSource::{Capture, Fixed};
use crate::step::{ArgSource, StepDef, StepRun};
use plumbline_model::StepKind;

const fn then(
    pattern: &'static str,
    code: &'static str,
    args: &'static [ArgSource],
    doc: &'static str,
    example: &'static str,
) -> StepDef {
    StepDef {
        kind: StepKind::Assertion,
        pattern,
        doc,
        example,
        needs_table: false,
        run: StepRun::Check { code, args },
    }
}

/// The Then steps.
pub const STEPS: &[StepDef] = &[
    then(
        "the request succeeds",
        "HTTP-STATUS",
        &[Fixed("200")],
        "The answer has status 200.",
        "the request succeeds",
    ),
    then(
        "the response status is {int}",
        "HTTP-STATUS",
        &[Capture(0)],
        "The answer has this HTTP status.",
        "the response status is 404",
    ),
    then(
        "the response is FHIR JSON",
        "FHIR-JSON",
        &[],
        "The media type is application/fhir+json and the body is one FHIR resource.",
        "the response is FHIR JSON",
    ),
    then(
        "the response is a {string} resource",
        "FHIR-TYPE",
        &[Capture(0)],
        "The body is a resource of this type.",
        "the response is a \"CapabilityStatement\" resource",
    ),
    then(
        "the response is a searchset Bundle",
        "BUNDLE-SEARCHSET",
        &[],
        "The body is a Bundle of type searchset whose entries hold resources.",
        "the response is a searchset Bundle",
    ),
    then(
        "the result holds the patient",
        "RESULT-HELD",
        &[],
        "A Patient with the NHS number of the patient in play is among the results.",
        "the result holds the patient",
    ),
    then(
        "the response is the patient's own record",
        "RESULT-HELD",
        &[],
        "The body is the Patient in play.",
        "the response is the patient's own record",
    ),
    then(
        "no result belongs to another patient",
        "RESULT-OTHER-PATIENT",
        &[],
        "Every result is, or refers to, the patient in play. No results: not tested.",
        "no result belongs to another patient",
    ),
    then(
        "the result holds nobody",
        "RESULT-EMPTY",
        &[],
        "The search succeeds and finds nothing.",
        "the result holds nobody",
    ),
    then(
        "every result matches the {string} that was asked for",
        "RESULT-MATCH",
        &[Capture(0)],
        "Every result meets this parameter of the search. No results: not tested.",
        "every result matches the \"family\" that was asked for",
    ),
    then(
        "every allergy the patient holds is in the result",
        "ALLERGY-HELD",
        &[],
        "Each allergy in the facts about the patient in play is among the results.",
        "every allergy the patient holds is in the result",
    ),
    then(
        "every {string} allergy the patient holds is in the result",
        "ALLERGY-HELD",
        &[Capture(0)],
        "Each allergy of this clinical status in the facts is among the results.",
        "every \"active\" allergy the patient holds is in the result",
    ),
    then(
        "every result has clinical status {string}",
        "ALLERGY-STATUS",
        &[Capture(0)],
        "Every allergy in the result has this clinical status. No results: not tested.",
        "every result has clinical status \"active\"",
    ),
    then(
        "every result is a {string} or an OperationOutcome",
        "BUNDLE-ENTRY-TYPE",
        &[Capture(0)],
        "No other type is among the entries.",
        "every result is a \"Patient\" or an OperationOutcome",
    ),
    then(
        "every Patient has at least one {string}",
        "PATIENT-SHAPE",
        &[Fixed("at-least-one"), Capture(0)],
        "Every Patient in the result has one or more of this element.",
        "every Patient has at least one \"identifier\"",
    ),
    then(
        "every Patient has exactly one {string}",
        "PATIENT-SHAPE",
        &[Fixed("exactly-one"), Capture(0)],
        "Every Patient in the result has this element once.",
        "every Patient has exactly one \"gender\"",
    ),
    then(
        "every Patient has at most one {string}",
        "PATIENT-SHAPE",
        &[Fixed("at-most-one"), Capture(0)],
        "No Patient in the result has this element more than once.",
        "every Patient has at most one \"birthDate\"",
    ),
    then(
        "every Patient has exactly one {string} in each {string}",
        "PATIENT-SHAPE",
        &[Fixed("exactly-one"), Capture(0), Capture(1)],
        "Within every repetition of the second element, the first one stands once.",
        "every Patient has exactly one \"system\" in each \"identifier\"",
    ),
    then(
        "every NHS number in the result is valid",
        "NHS-NUMBER",
        &[],
        "Ten digits, right check digit, not one digit repeated.",
        "every NHS number in the result is valid",
    ),
    then(
        "the capability statement has kind {string}",
        "CAPABILITY-KIND",
        &[Capture(0)],
        "CapabilityStatement.kind has this value.",
        "the capability statement has kind \"instance\"",
    ),
    then(
        "the capability statement is for FHIR {string}",
        "CAPABILITY-FHIR-VERSION",
        &[Capture(0)],
        "CapabilityStatement.fhirVersion has this value.",
        "the capability statement is for FHIR \"4.0.1\"",
    ),
    then(
        "the capability statement instantiates {string}",
        "CAPABILITY-INSTANTIATES",
        &[Capture(0)],
        "CapabilityStatement.instantiates lists this canonical URL.",
        "the capability statement instantiates \"https://fhir.hl7.org.uk/uk-core-access/CapabilityStatement/UKCoreAccessPatientIndexProvider\"",
    ),
    then(
        "the capability statement offers search of {string} by {string}",
        "CAPABILITY-SEARCH",
        &[Capture(0), Capture(1)],
        "The statement lists the search parameter for the type.",
        "the capability statement offers search of \"Patient\" by \"identifier\"",
    ),
    then(
        "no record appears twice",
        "RESULT-DUPLICATE",
        &[],
        "No type and id stands more than once in the result, over all pages.",
        "no record appears twice",
    ),
    then(
        "the last page has been reached",
        "PAGING-END",
        &[],
        "Following the next links came to an end.",
        "the last page has been reached",
    ),
    then(
        "the response is an OperationOutcome",
        "OPERATION-OUTCOME",
        &[],
        "The body is an OperationOutcome with at least one issue that has severity and code.",
        "the response is an OperationOutcome",
    ),
    then(
        "the result has a self link",
        "BUNDLE-SELF-LINK",
        &[],
        "The Bundle says which search it answers.",
        "the result has a self link",
    ),
];
