//! Profiles that nobody names: of vital signs, and of an `ImplementationGuide`.

use super::{judged, lines, profile, tree, validator};
use crate::{Library, Origin, Validator};
use plumbline_fhir::FhirVersion;
use plumbline_fhir::validate::Severity;

fn heart_rate(rest: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"8867-4"}}]}}{rest}}}"#
    )
}

const WHOLE: &str = r#","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],
    "subject":{"reference":"Patient/1"},"effectiveDateTime":"2026-01-02","valueQuantity":{"value":70,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}"#;

fn of_observation(found: &crate::Judged) -> Vec<&str> {
    let implied = found
        .profiles
        .iter()
        .filter(|it| it.origin == Origin::Implied);
    implied.map(|it| it.url.as_str()).collect()
}

#[test]
fn a_vital_sign_keeps_to_its_profile() {
    let validator = Validator::new(Library::new(FhirVersion::R4));
    let good = judged(&validator, &heart_rate(WHOLE), &[]);
    assert_eq!(lines(&good, Severity::Error), [""; 0]);
    let profile = "http://hl7.org/fhir/StructureDefinition/heartrate";
    assert_eq!(of_observation(&good), [profile]);
    let bad = judged(&validator, &heart_rate(""), &[]);
    let errors = lines(&bad, Severity::Error);
    for wanted in [
        "FHIR-PROFILE-MIN Observation.category",
        "FHIR-PROFILE-MIN Observation.subject",
        "FHIR-PROFILE-MIN Observation.effective",
    ] {
        assert!(errors.iter().any(|it| it == wanted), "{wanted}: {errors:?}");
    }
}

#[test]
fn another_code_is_no_vital_sign() {
    let validator = Validator::new(Library::new(FhirVersion::R4));
    for (from, to) in [("8867-4", "718-7"), ("http://loinc.org", "urn:x")] {
        let found = judged(&validator, &heart_rate("").replace(from, to), &[]);
        assert_eq!(of_observation(&found), [""; 0]);
        assert_eq!(lines(&found, Severity::Error), [""; 0]);
    }
}

#[test]
fn what_a_claimed_profile_is_based_on_is_judged_once() {
    let validator = Validator::new(Library::new(FhirVersion::R4));
    let claims = r#","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/heartrate"]}"#;
    let found = judged(&validator, &heart_rate(claims), &[]);
    assert_eq!(of_observation(&found), [""; 0]);
    let errors = lines(&found, Severity::Error);
    let subject = errors
        .iter()
        .filter(|it| it.ends_with("Observation.subject"));
    assert_eq!(subject.count(), 1);
}

#[test]
fn a_guide_has_a_profile_for_all_resources_of_a_type() {
    let needs = r#"{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}"#;
    for (version, global) in [
        (FhirVersion::R4, r#""https://x.example/p""#),
        (FhirVersion::Stu3, r#"{"reference":"https://x.example/p"}"#),
    ] {
        let mut validator = validator(version, &[profile("Patient", "p", needs)]);
        let patient = r#"{"resourceType":"Patient","active":true}"#;
        assert_eq!(
            lines(&judged(&validator, patient, &[]), Severity::Error),
            [""; 0]
        );
        validator.supply(tree(&format!(
            r#"{{"resourceType":"ImplementationGuide","global":[{{"type":"Patient","profile":{global}}}]}}"#
        )));
        let found = judged(&validator, patient, &[]);
        assert_eq!(
            lines(&found, Severity::Error),
            ["FHIR-PROFILE-MIN Patient.birthDate"]
        );
        let other = r#"{"resourceType":"Practitioner","active":true}"#;
        assert_eq!(
            lines(&judged(&validator, other, &[]), Severity::Error),
            [""; 0]
        );
    }
}
