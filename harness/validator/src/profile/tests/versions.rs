//! STU3, and what any version does with hostile definitions.

use super::{errors, validator};
use plumbline_fhir::FhirVersion;

fn stu3(of: &str, name: &str, elements: &str) -> String {
    super::profile(of, name, elements).replace(
        r#""version":"1.2.0","#,
        r#""version":"1.2.0","fhirVersion":"3.0.1","#,
    )
}

#[test]
fn references_have_a_type_for_each_target() {
    let elements = r#"{"id":"Observation.subject","path":"Observation.subject","type":[
        {"code":"Reference","targetProfile":"http://hl7.org/fhir/StructureDefinition/Group"},
        {"code":"Reference","targetProfile":"https://x.example/named"}]}"#;
    let named = stu3(
        "Patient",
        "named",
        r#"{"id":"Patient.name","path":"Patient.name","min":1}"#,
    );
    let validator = validator(
        FhirVersion::Stu3,
        &[stu3("Observation", "p", elements), named],
    );
    let body = |reference: &str, rest: &str| {
        format!(
            r##"{{"resourceType":"Observation","contained":[{{"resourceType":"Patient","id":"a"{rest}}}],"status":"final","code":{{"text":"a"}},
            "performer":[{{"reference":"#a"}}],"subject":{{"reference":"{reference}"}}}}"##
        )
    };
    let name = r#","name":[{"text":"a"}]"#;
    assert!(errors(&validator, &body("Group/1", name)).is_empty());
    assert!(errors(&validator, &body("#a", name)).is_empty());
    assert_eq!(
        errors(&validator, &body("Device/1", name)),
        ["FHIR-PROFILE-TARGET-TYPE Observation.subject"]
    );
    assert_eq!(
        errors(&validator, &body("#a", r#","active":true"#)),
        ["FHIR-PROFILE-TARGET Observation.subject"]
    );
}

#[test]
fn extensions_name_their_place_once() {
    let definition = |kind: &str, context: &str| {
        format!(
            r#"{{"resourceType":"StructureDefinition","url":"https://x.example/e","fhirVersion":"3.0.1","kind":"complex-type","abstract":false,
            "contextType":"{kind}","context":["{context}"],"type":"Extension","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",
            "derivation":"constraint","differential":{{"element":[{{"id":"Extension.url","path":"Extension.url","type":[{{"code":"uri"}}],"fixedUri":"https://x.example/e"}},
            {{"id":"Extension.valueCode","path":"Extension.valueCode","type":[{{"code":"code"}}]}}]}}}}"#
        )
    };
    let sent = r#""extension":[{"url":"https://x.example/e","valueCode":"a"}]"#;
    let on_patient = format!(r#"{{"resourceType":"Patient","active":true,{sent}}}"#);
    let on_name =
        format!(r#"{{"resourceType":"Patient","active":true,"name":[{{"text":"a",{sent}}}]}}"#);
    let p = stu3("Patient", "p", "");
    for (kind, context, body, is_right) in [
        ("resource", "Patient", &on_patient, true),
        ("resource", "Patient", &on_name, false),
        ("resource", "Patient.name", &on_name, true),
        ("datatype", "HumanName", &on_name, true),
        ("datatype", "HumanName", &on_patient, false),
        ("resource", "*", &on_name, true),
    ] {
        let validator = validator(FhirVersion::Stu3, &[definition(kind, context), p.clone()]);
        let found = errors(&validator, body);
        assert_eq!(
            found.is_empty(),
            is_right,
            "{kind} {context} {body} {found:?}"
        );
    }
    let validator = validator(FhirVersion::Stu3, &[definition("resource", "Patient"), p]);
    let body = on_patient.replace(r#""valueCode":"a""#, r#""valueString":"a""#);
    assert_eq!(
        errors(&validator, &body),
        ["FHIR-PROFILE-TYPE Patient.extension[0].value.ofType(string)"]
    );
}

#[test]
fn definitions_that_name_each_other_end() {
    let elements = r#"{"id":"Patient.contact.name","path":"Patient.contact.name","type":[{"code":"HumanName","profile":["https://x.example/n"]}]},
        {"id":"Patient","path":"Patient","constraint":[{"key":"x-1","severity":"error","human":"h","expression":"conformsTo('https://x.example/p')"}]}"#;
    let name = super::profile(
        "HumanName",
        "n",
        r#"{"id":"HumanName.extension","path":"HumanName.extension","type":[{"code":"Extension","profile":["https://x.example/x"]}]}"#,
    );
    let extension = super::profile(
        "Extension",
        "x",
        r#"{"id":"Extension.extension","path":"Extension.extension","type":[{"code":"Extension","profile":["https://x.example/x"]}]}"#,
    );
    let validator = validator(
        FhirVersion::R4,
        &[super::profile("Patient", "p", elements), name, extension],
    );
    let mut inner = r#"{"url":"https://x.example/x","valueCode":"a"}"#.to_owned();
    for _ in 0..60 {
        inner = format!(r#"{{"url":"https://x.example/x","extension":[{inner}]}}"#);
    }
    let body = format!(
        r#"{{"resourceType":"Patient","contact":[{{"name":{{"text":"a","extension":[{inner}]}}}}]}}"#
    );
    assert_eq!(errors(&validator, &body), Vec::<String>::new());
}
