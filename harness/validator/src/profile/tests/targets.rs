//! What references lead to.

use super::{errors, judged, profile, validator};
use plumbline_fhir::FhirVersion;

const GROUP: &str = "http://hl7.org/fhir/StructureDefinition/Group";

fn subject(targets: &str, rest: &str) -> String {
    profile(
        "Observation",
        "p",
        &format!(
            r#"{{"id":"Observation.subject","path":"Observation.subject","type":[{{"code":"Reference","targetProfile":[{targets}]{rest}}}]}}"#
        ),
    )
}

fn observation(reference: &str, contained: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","contained":[{contained}],"status":"final","code":{{"text":"a"}},"subject":{{"reference":"{reference}"}}}}"#
    )
    .replace(r#""contained":[],"#, "")
}

#[test]
fn types_of_targets() {
    let validator = validator(FhirVersion::R4, &[subject(&format!(r#""{GROUP}""#), "")]);
    assert!(errors(&validator, &observation("Group/1", "")).is_empty());
    assert!(
        errors(
            &validator,
            &observation("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", "")
        )
        .is_empty()
    );
    for reference in ["Patient/1", "https://x.example/fhir/Patient/1/_history/2"] {
        assert_eq!(
            errors(&validator, &observation(reference, "")),
            ["FHIR-PROFILE-TARGET-TYPE Observation.subject"],
            "{reference}"
        );
    }
}

#[test]
fn profiles_of_targets() {
    let named = profile(
        "Patient",
        "named",
        r#"{"id":"Patient.name","path":"Patient.name","min":1}"#,
    );
    let born = profile(
        "Patient",
        "born",
        r#"{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}"#,
    );
    let validator = validator(
        FhirVersion::R4,
        &[
            subject(r#""https://x.example/named","https://x.example/born""#, ""),
            named,
            born,
        ],
    );
    let contained = |rest: &str| format!(r#"{{"resourceType":"Patient","id":"a"{rest}}}"#);
    let good = observation("#a", &contained(r#","birthDate":"2000""#));
    assert!(errors(&validator, &good).is_empty());
    let bad = observation("#a", &contained(r#","gender":"male""#));
    assert_eq!(
        errors(&validator, &bad),
        ["FHIR-PROFILE-TARGET Observation.subject"]
    );
    // What is not here is not judged, and that is said.
    let away = judged(&validator, &observation("Patient/1", ""), &["p"]);
    assert!(away.outcome.is_valid());
    assert_eq!(away.targets_not_checked, 1);
    // A target that claims the profile is told of its mistake where it stands, once.
    let claims = observation(
        "#a",
        &contained(r#","meta":{"profile":["https://x.example/named"]}"#),
    );
    assert_eq!(
        errors(&validator, &claims),
        ["FHIR-PROFILE-MIN Observation.contained[0].name"]
    );
}

#[test]
fn targets_that_lead_in_circles_end() {
    let elements = r#"{"id":"Patient.link.other","path":"Patient.link.other","type":[{"code":"Reference","targetProfile":["https://x.example/p"]}]},
        {"id":"Patient.gender","path":"Patient.gender","min":1}"#;
    let validator = validator(FhirVersion::R4, &[profile("Patient", "p", elements)]);
    let one = |id: &str, other: &str, gender: &str| {
        format!(
            r#"{{"fullUrl":"https://x.example/fhir/Patient/{id}","resource":{{"resourceType":"Patient","id":"{id}"{gender},"link":[{{"other":{{"reference":"Patient/{other}"}},"type":"seealso"}}]}}}}"#
        )
    };
    let first = r#","meta":{"profile":["https://x.example/p"]},"gender":"male""#;
    let body = |gender: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{},{},{}]}}"#,
            one("1", "2", first),
            one("2", "3", r#","gender":"male""#),
            one("3", "1", gender)
        )
    };
    let found = |gender: &str| {
        let judged = judged(&validator, &body(gender), &[]);
        super::lines(&judged, plumbline_fhir::validate::Severity::Error)
    };
    assert!(found(r#","gender":"male""#).is_empty());
    assert_eq!(
        found(""),
        ["FHIR-PROFILE-TARGET Bundle.entry[1].resource.link[0].other"]
    );
}

#[test]
fn where_targets_are_kept() {
    let validator = validator(
        FhirVersion::R4,
        &[subject(
            &format!(r#""{GROUP}""#),
            r#","aggregation":["contained"]"#,
        )],
    );
    let group = r#"{"resourceType":"Group","id":"g","type":"person","actual":true}"#;
    assert!(errors(&validator, &observation("#g", group)).is_empty());
    assert_eq!(
        errors(&validator, &observation("Group/1", "")),
        ["FHIR-PROFILE-AGGREGATION Observation.subject"]
    );
}
