//! Elements: how often, which types, which values.

use super::{errors, profile, validator};
use plumbline_fhir::FhirVersion;

/// One element rule, a body that keeps to it, one that does not, and what is found there.
fn check(of: &str, elements: &str, good: &str, bad: &str, wanted: &[&str]) {
    let validator = validator(FhirVersion::R4, &[profile(of, "p", elements)]);
    let whole = |rest: &str| format!(r#"{{"resourceType":"{of}",{rest}}}"#);
    assert_eq!(
        errors(&validator, &whole(good)),
        Vec::<String>::new(),
        "{good}"
    );
    assert_eq!(errors(&validator, &whole(bad)), wanted, "{bad}");
}

#[test]
fn how_often() {
    check(
        "Patient",
        r#"{"id":"Patient.name","path":"Patient.name","min":2,"max":"2"}"#,
        r#""name":[{"text":"a"},{"text":"b"}]"#,
        r#""name":[{"text":"a"}]"#,
        &["FHIR-PROFILE-MIN Patient.name"],
    );
    check(
        "Patient",
        r#"{"id":"Patient.name","path":"Patient.name","max":"1"},{"id":"Patient.gender","path":"Patient.gender","max":"0"}"#,
        r#""name":[{"text":"a"}]"#,
        r#""name":[{"text":"a"},{"text":"b"},{"text":"c"}],"gender":"male""#,
        &[
            "FHIR-PROFILE-MAX Patient.name[1]",
            "FHIR-PROFILE-NOT-ALLOWED Patient.gender",
        ],
    );
    // Below a datatype, and of a choice.
    check(
        "Patient",
        r#"{"id":"Patient.name.family","path":"Patient.name.family","min":1},{"id":"Patient.deceased[x]","path":"Patient.deceased[x]","min":1}"#,
        r#""name":[{"family":"a"}],"deceasedBoolean":false"#,
        r#""name":[{"family":"a"},{"text":"b"}]"#,
        &[
            "FHIR-PROFILE-MIN Patient.deceased",
            "FHIR-PROFILE-MIN Patient.name[1].family",
        ],
    );
}

#[test]
fn what_the_base_says_is_not_said_again() {
    check(
        "Observation",
        r#"{"id":"Observation.code","path":"Observation.code","min":1},{"id":"Observation.status","path":"Observation.status","min":1,"fixedCode":"final"}"#,
        r#""status":"final","code":{"text":"a"}"#,
        r#""status":"done""#,
        &[
            "FHIR-MIN Observation.code",
            "FHIR-BINDING Observation.status",
        ],
    );
}

#[test]
fn which_types() {
    let only = r#"{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"},{"code":"string"}]}"#;
    check(
        "Observation",
        only,
        r#""status":"final","code":{"text":"a"},"valueString":"a""#,
        r#""status":"final","code":{"text":"a"},"valueInteger":1"#,
        &["FHIR-PROFILE-TYPE Observation.value.ofType(integer)"],
    );
}

#[test]
fn fixed_values_are_the_same_to_the_last() {
    check(
        "Patient",
        r#"{"id":"Patient.gender","path":"Patient.gender","fixedCode":"other"},
           {"id":"Patient.maritalStatus","path":"Patient.maritalStatus","fixedCodeableConcept":{"coding":[{"system":"https://x.example/s","code":"a"}]}}"#,
        r#""gender":"other","maritalStatus":{"coding":[{"code":"a","system":"https://x.example/s"}]}"#,
        r#""gender":"male","maritalStatus":{"coding":[{"system":"https://x.example/s","code":"a"}],"text":"a"}"#,
        &[
            "FHIR-PROFILE-FIXED Patient.gender",
            "FHIR-PROFILE-FIXED Patient.maritalStatus",
        ],
    );
    check(
        "Patient",
        r#"{"id":"Patient.gender","path":"Patient.gender","fixedCode":"other"}"#,
        r#""active":true"#,
        r#""_gender":{"extension":[{"url":"https://x.example/why","valueCode":"unknown"}]}"#,
        &["FHIR-PROFILE-VALUE-MISSING Patient.gender"],
    );
}

#[test]
fn patterns_are_contained() {
    check(
        "Patient",
        r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","patternCodeableConcept":{"coding":[{"system":"https://x.example/s","code":"a"}]}}"#,
        r#""maritalStatus":{"coding":[{"code":"b"},{"system":"https://x.example/s","code":"a","display":"A"}],"text":"a"}"#,
        r#""maritalStatus":{"coding":[{"system":"https://x.example/s","code":"b"},{"system":"https://y.example/s","code":"a"}]}"#,
        &["FHIR-PROFILE-PATTERN Patient.maritalStatus"],
    );
}

#[test]
fn limits_and_lengths() {
    check(
        "Patient",
        r#"{"id":"Patient.birthDate","path":"Patient.birthDate","minValueDate":"1900-01-01","maxValueDate":"2020-06-01"},
           {"id":"Patient.name.family","path":"Patient.name.family","maxLength":3}"#,
        r#""birthDate":"2020-06","name":[{"family":"äöü"}]"#,
        r#""birthDate":"1899-12-31","name":[{"family":"abcd"}]"#,
        &[
            "FHIR-PROFILE-LEAST Patient.birthDate",
            "FHIR-PROFILE-LENGTH Patient.name[0].family",
        ],
    );
    check(
        "Observation",
        r#"{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"}],
            "maxValueQuantity":{"value":100,"system":"http://unitsofmeasure.org","code":"kg"}}"#,
        r#""status":"final","code":{"text":"a"},"valueQuantity":{"value":99.9,"system":"http://unitsofmeasure.org","code":"kg"}"#,
        r#""status":"final","code":{"text":"a"},"valueQuantity":{"value":100001,"system":"http://unitsofmeasure.org","code":"g"}"#,
        &["FHIR-PROFILE-GREATEST Observation.value.ofType(Quantity)"],
    );
}

#[test]
fn conditions() {
    check(
        "Patient",
        r#"{"id":"Patient","path":"Patient","constraint":[{"key":"x-1","severity":"error","human":"h","expression":"name.exists() or identifier.exists()"}]},
           {"id":"Patient.name","path":"Patient.name","constraint":[{"key":"x-2","severity":"error","human":"h","expression":"given.count() < 2"}]}"#,
        r#""name":[{"given":["a"]}]"#,
        r#""active":true"#,
        &["FHIR-INVARIANT-x-1 Patient"],
    );
}

#[test]
fn profiles_of_datatypes() {
    let quantity = profile(
        "Quantity",
        "kg",
        r#"{"id":"Quantity.code","path":"Quantity.code","min":1,"fixedCode":"kg"}"#,
    );
    let other = profile(
        "Quantity",
        "g",
        r#"{"id":"Quantity.code","path":"Quantity.code","min":1,"fixedCode":"g"},{"id":"Quantity.unit","path":"Quantity.unit","min":1}"#,
    );
    let one = profile(
        "Observation",
        "p",
        r#"{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity","profile":["https://x.example/kg"]}]}"#,
    );
    let body = |quantity: &str| {
        format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"text":"a"}},"valueQuantity":{quantity}}}"#
        )
    };
    let by_one = validator(FhirVersion::R4, &[one, quantity.clone()]);
    assert!(
        errors(
            &by_one,
            &body(r#"{"system":"https://x.example/s","code":"kg"}"#)
        )
        .is_empty()
    );
    assert_eq!(
        errors(
            &by_one,
            &body(r#"{"system":"https://x.example/s","code":"g"}"#)
        ),
        ["FHIR-PROFILE-FIXED Observation.value.ofType(Quantity).code"]
    );
    let two = profile(
        "Observation",
        "p",
        r#"{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity","profile":["https://x.example/kg","https://x.example/g"]}]}"#,
    );
    let by_two = validator(FhirVersion::R4, &[two, quantity, other]);
    assert!(
        errors(
            &by_two,
            &body(r#"{"system":"https://x.example/s","code":"kg"}"#)
        )
        .is_empty()
    );
    assert!(
        errors(
            &by_two,
            &body(r#"{"system":"https://x.example/s","code":"g","unit":"g"}"#)
        )
        .is_empty()
    );
    assert_eq!(
        errors(
            &by_two,
            &body(r#"{"system":"https://x.example/s","code":"mg"}"#)
        ),
        ["FHIR-PROFILE-DATATYPE Observation.value.ofType(Quantity)"]
    );
}

#[test]
fn a_profile_of_another_resource_and_one_that_is_not_known() {
    let validator = validator(FhirVersion::R4, &[profile("Patient", "p", "")]);
    let body = r#"{"resourceType":"Observation","status":"final","code":{"text":"a"}}"#;
    assert_eq!(
        errors(&validator, body),
        ["FHIR-PROFILE-OTHER-RESOURCE Observation"]
    );
    let body = r#"{"resourceType":"Patient","active":true,"meta":{"profile":["https://x.example/p|1.2.0","https://x.example/p|9"]}}"#;
    let found = super::judged(&validator, body, &["missing"]);
    assert!(found.outcome.is_valid());
    let states: Vec<(String, bool)> = found
        .profiles
        .iter()
        .map(|it| (it.url.clone(), it.reason().is_none()))
        .collect();
    let wanted = [("missing", false), ("p|1.2.0", true), ("p|9", false)];
    let wanted = wanted.map(|(url, is_checked)| (format!("https://x.example/{url}"), is_checked));
    assert_eq!(states, wanted);
    assert_eq!(
        found.outcome.profiles_not_checked,
        ["https://x.example/missing", "https://x.example/p|9"]
    );
}
