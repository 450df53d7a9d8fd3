//! Slices: by what they are told apart, how many, in which order.

use super::{errors, judged, lines, profile, validator};
use plumbline_fhir::FhirVersion;
use plumbline_fhir::validate::Severity;

fn slicing(path: &str, kind: &str, discriminator: &str, rules: &str) -> String {
    format!(
        r#"{{"id":"{path}","path":"{path}","slicing":{{"discriminator":[{{"type":"{kind}","path":"{discriminator}"}}],"rules":"{rules}"}}}}"#
    )
}

fn check(of: &str, elements: &str, cases: &[(&str, &[&str])]) {
    let validator = validator(FhirVersion::R4, &[profile(of, "p", elements)]);
    for (body, wanted) in cases {
        let body = format!(r#"{{"resourceType":"{of}",{body}}}"#);
        assert_eq!(errors(&validator, &body), *wanted, "{body}");
    }
}

const NHS: &str = r#"{"id":"Patient.identifier:a","path":"Patient.identifier","sliceName":"a","min":1,"max":"1"},
    {"id":"Patient.identifier:a.system","path":"Patient.identifier.system","min":1,"fixedUri":"https://x.example/a"},
    {"id":"Patient.identifier:a.value","path":"Patient.identifier.value","min":1}"#;

#[test]
fn by_value() {
    let elements = [
        slicing("Patient.identifier", "value", "system", "open"),
        NHS.to_owned(),
    ]
    .join(",");
    check(
        "Patient",
        &elements,
        &[
            (
                r#""identifier":[{"value":"0"},{"system":"https://x.example/a","value":"1"}]"#,
                &[],
            ),
            (
                r#""identifier":[{"system":"https://x.example/b"}]"#,
                &["FHIR-SLICE-MIN Patient.identifier"],
            ),
            (
                r#""identifier":[{"system":"https://x.example/a"}]"#,
                &["FHIR-PROFILE-MIN Patient.identifier[0].value"],
            ),
            (
                r#""identifier":[{"system":"https://x.example/a","value":"1"},{"system":"https://x.example/a","value":"2"}]"#,
                &["FHIR-SLICE-MAX Patient.identifier[1]"],
            ),
        ],
    );
}

#[test]
fn closed_and_at_the_end() {
    let closed = [
        slicing("Patient.identifier", "value", "system", "closed"),
        NHS.to_owned(),
    ]
    .join(",");
    let both = r#""identifier":[{"system":"https://x.example/b"},{"system":"https://x.example/a","value":"1"}]"#;
    let turned = r#""identifier":[{"system":"https://x.example/a","value":"1"},{"system":"https://x.example/b"}]"#;
    check(
        "Patient",
        &closed,
        &[(both, &["FHIR-SLICE-CLOSED Patient.identifier[0]"])],
    );
    let end = [
        slicing("Patient.identifier", "value", "system", "openAtEnd"),
        NHS.to_owned(),
    ]
    .join(",");
    check(
        "Patient",
        &end,
        &[
            (both, &["FHIR-SLICE-AT-END Patient.identifier[0]"]),
            (turned, &[]),
        ],
    );
}

#[test]
fn by_pattern_with_order_and_default() {
    let elements = r#"{"id":"Patient.communication","path":"Patient.communication","slicing":{"discriminator":[{"type":"pattern","path":"language"}],"ordered":true,"rules":"closed"}},
        {"id":"Patient.communication:a","path":"Patient.communication","sliceName":"a"},
        {"id":"Patient.communication:a.language","path":"Patient.communication.language","patternCodeableConcept":{"coding":[{"code":"de"}]}},
        {"id":"Patient.communication:b","path":"Patient.communication","sliceName":"b","max":"0"},
        {"id":"Patient.communication:b.language","path":"Patient.communication.language","patternCodeableConcept":{"coding":[{"code":"fr"}]}},
        {"id":"Patient.communication:c","path":"Patient.communication","sliceName":"c"},
        {"id":"Patient.communication:c.language","path":"Patient.communication.language","patternCodeableConcept":{"coding":[{"code":"nl"}]}},
        {"id":"Patient.communication:@default","path":"Patient.communication","sliceName":"@default"},
        {"id":"Patient.communication:@default.preferred","path":"Patient.communication.preferred","max":"0"}"#;
    let item = |code: &str| {
        format!(r#"{{"language":{{"coding":[{{"system":"urn:ietf:bcp:47","code":"{code}"}}]}}}}"#)
    };
    let body = |codes: &[&str]| {
        let items: Vec<String> = codes.iter().map(|it| item(it)).collect();
        format!(r#""communication":[{}]"#, items.join(","))
    };
    let preferred = r#""communication":[{"language":{"text":"x"},"preferred":true}]"#;
    check(
        "Patient",
        elements,
        &[
            (&body(&["de", "nl", "en"]), &[]),
            (
                &body(&["nl", "de"]),
                &["FHIR-SLICE-ORDER Patient.communication[1]"],
            ),
            (
                &body(&["fr"]),
                &["FHIR-SLICE-NOT-ALLOWED Patient.communication[0]"],
            ),
            (
                preferred,
                &["FHIR-PROFILE-NOT-ALLOWED Patient.communication[0].preferred"],
            ),
        ],
    );
}

#[test]
fn by_type_and_existence() {
    let by_type = r#"{"id":"Observation.value[x]","path":"Observation.value[x]","slicing":{"discriminator":[{"type":"type","path":"$this"}],"rules":"open"}},
        {"id":"Observation.value[x]:valueQuantity","path":"Observation.value[x]","sliceName":"valueQuantity","type":[{"code":"Quantity"}]},
        {"id":"Observation.value[x]:valueQuantity.unit","path":"Observation.value[x].unit","min":1}"#;
    let rest = r#""status":"final","code":{"text":"a"}"#;
    check(
        "Observation",
        by_type,
        &[
            (&format!(r#"{rest},"valueQuantity":{{"unit":"a"}}"#), &[]),
            (&format!(r#"{rest},"valueString":"a""#), &[]),
            (
                &format!(r#"{rest},"valueQuantity":{{"value":1}}"#),
                &["FHIR-PROFILE-MIN Observation.value.ofType(Quantity).unit"],
            ),
        ],
    );
    let by_existence = [
        slicing("Patient.contact", "exists", "organization", "closed"),
        r#"{"id":"Patient.contact:with","path":"Patient.contact","sliceName":"with"},
           {"id":"Patient.contact:with.organization","path":"Patient.contact.organization","min":1},
           {"id":"Patient.contact:with.gender","path":"Patient.contact.gender","max":"0"},
           {"id":"Patient.contact:without","path":"Patient.contact","sliceName":"without","max":"1"},
           {"id":"Patient.contact:without.organization","path":"Patient.contact.organization","max":"0"}"#
            .to_owned(),
    ];
    check(
        "Patient",
        &by_existence.join(","),
        &[
            (
                r#""contact":[{"organization":{"display":"a"}},{"gender":"male","name":{"text":"a"}}]"#,
                &[],
            ),
            (
                r#""contact":[{"organization":{"display":"a"},"gender":"male","name":{"text":"a"}},{"gender":"male","name":{"text":"a"}},{"gender":"male","name":{"text":"a"}}]"#,
                &[
                    "FHIR-PROFILE-NOT-ALLOWED Patient.contact[0].gender",
                    "FHIR-SLICE-MAX Patient.contact[2]",
                ],
            ),
        ],
    );
}

#[test]
fn by_several_and_within_a_slice() {
    let elements = r#"{"id":"Patient.telecom","path":"Patient.telecom","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
        {"id":"Patient.telecom:phone","path":"Patient.telecom","sliceName":"phone","max":"2",
            "slicing":{"discriminator":[{"type":"value","path":"use"}],"rules":"closed"}},
        {"id":"Patient.telecom:phone.system","path":"Patient.telecom.system","min":1,"fixedCode":"phone"},
        {"id":"Patient.telecom:phone/home","path":"Patient.telecom","sliceName":"phone/home","max":"1"},
        {"id":"Patient.telecom:phone/home.system","path":"Patient.telecom.system","min":1,"fixedCode":"phone"},
        {"id":"Patient.telecom:phone/home.use","path":"Patient.telecom.use","min":1,"fixedCode":"home"}"#;
    check(
        "Patient",
        elements,
        &[
            (
                r#""telecom":[{"system":"phone","use":"home"},{"system":"email","use":"work"}]"#,
                &[],
            ),
            (
                r#""telecom":[{"system":"phone","use":"home"},{"system":"phone","use":"home"}]"#,
                &["FHIR-SLICE-MAX Patient.telecom[1]"],
            ),
            (
                r#""telecom":[{"system":"phone","use":"work"}]"#,
                &["FHIR-SLICE-CLOSED Patient.telecom[0]"],
            ),
        ],
    );
    let two = r#"{"id":"Patient.telecom","path":"Patient.telecom","slicing":{"discriminator":[{"type":"value","path":"system"},{"type":"value","path":"use"}],"rules":"open"}},
        {"id":"Patient.telecom:a","path":"Patient.telecom","sliceName":"a","max":"0"},
        {"id":"Patient.telecom:a.system","path":"Patient.telecom.system","fixedCode":"phone"},
        {"id":"Patient.telecom:a.use","path":"Patient.telecom.use","fixedCode":"old"}"#;
    check(
        "Patient",
        two,
        &[
            (
                r#""telecom":[{"system":"phone","use":"home"},{"system":"email","use":"old"}]"#,
                &[],
            ),
            (
                r#""telecom":[{"system":"phone","use":"old"}]"#,
                &["FHIR-SLICE-NOT-ALLOWED Patient.telecom[0]"],
            ),
        ],
    );
}

#[test]
fn by_what_a_reference_leads_to() {
    let elements = [
        slicing("List.entry", "type", "item.resolve()", "closed"),
        r#"{"id":"List.entry:patient","path":"List.entry","sliceName":"patient","min":1},
           {"id":"List.entry:patient.item","path":"List.entry.item","type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Patient"]}]}"#
            .to_owned(),
    ];
    let validator = validator(
        FhirVersion::R4,
        &[profile("List", "p", &elements.join(","))],
    );
    let body = |reference: &str| {
        format!(
            r##"{{"resourceType":"List","status":"current","mode":"working","contained":[{{"resourceType":"Group","id":"g","type":"person","actual":true}}],
            "entry":[{{"item":{{"reference":"{reference}"}}}},{{"item":{{"reference":"#g"}}}}]}}"##
        )
    };
    assert_eq!(
        errors(&validator, &body("Patient/1")),
        ["FHIR-SLICE-CLOSED List.entry[1]"]
    );
    // Where it leads cannot be known: neither one nor the other.
    let found = judged(&validator, &body("https://x.example/other"), &["p"]);
    let lines = lines(&found, Severity::Information);
    assert!(
        lines.contains(&"FHIR-SLICE-NOT-CHECKED List.entry[0]".to_owned()),
        "{lines:?}"
    );
    assert!(
        !lines.iter().any(|it| it.starts_with("FHIR-SLICE-MIN")),
        "{lines:?}"
    );
}

#[test]
fn by_profile() {
    let quiet = profile(
        "Patient",
        "quiet",
        r#"{"id":"Patient.telecom","path":"Patient.telecom","max":"0"}"#,
    );
    let elements = [
        slicing("Bundle.entry", "profile", "resource", "closed"),
        r#"{"id":"Bundle.entry:quiet","path":"Bundle.entry","sliceName":"quiet","min":1},
           {"id":"Bundle.entry:quiet.resource","path":"Bundle.entry.resource","type":[{"code":"Patient","profile":["https://x.example/quiet"]}]}"#
            .to_owned(),
    ];
    let validator = validator(
        FhirVersion::R4,
        &[profile("Bundle", "p", &elements.join(",")), quiet],
    );
    let body = |telecom: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"https://x.example/fhir/Patient/1","resource":{{"resourceType":"Patient","id":"1","active":true{telecom}}}}}]}}"#
        )
    };
    assert!(errors(&validator, &body("")).is_empty());
    assert_eq!(
        errors(
            &validator,
            &body(r#","telecom":[{"system":"phone","value":"a"}]"#)
        ),
        [
            "FHIR-SLICE-MIN Bundle.entry",
            "FHIR-SLICE-CLOSED Bundle.entry[0]"
        ]
    );
}

#[test]
fn what_is_surely_not_of_a_slice_does_not_fill_it() {
    // The profile does not say what tells b apart; a is told by its system.
    let vague = r#"{"id":"Patient.identifier:b","path":"Patient.identifier","sliceName":"b"}"#;
    let elements = [
        slicing("Patient.identifier", "value", "system", "open"),
        NHS.to_owned(),
        vague.to_owned(),
    ]
    .join(",");
    check(
        "Patient",
        &elements,
        &[
            (
                r#""identifier":[{"system":"https://x.example/b"}]"#,
                &["FHIR-SLICE-MIN Patient.identifier"],
            ),
            (
                r#""identifier":[{"system":"https://x.example/a","value":"1"},{"system":"https://x.example/b"}]"#,
                &[],
            ),
        ],
    );
}
