//! Extensions: known, in their place, with the right content.

use super::{errors, judged, lines, validator};
use plumbline_fhir::FhirVersion;
use plumbline_fhir::validate::Severity;

/// The definition of an extension.
fn extension(name: &str, root: &str, contexts: &str, rest: &str) -> String {
    format!(
        r#"{{"resourceType":"StructureDefinition","url":"https://x.example/{name}","kind":"complex-type","abstract":false,"type":"Extension",
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint","context":[{contexts}],
            "differential":{{"element":[{{"id":"Extension","path":"Extension"{root}}},
                {{"id":"Extension.url","path":"Extension.url","fixedUri":"https://x.example/{name}"}}{rest}]}}}}"#
    )
}

const ON_NAME: &str = r#"{"type":"element","expression":"HumanName"},{"type":"element","expression":"Patient.contact"}"#;
const CODE: &str = r#",{"id":"Extension.extension","path":"Extension.extension","max":"0"},{"id":"Extension.value[x]","path":"Extension.value[x]","min":1,"type":[{"code":"code"}]}"#;

fn patient(rest: &str) -> String {
    format!(r#"{{"resourceType":"Patient","active":true,{rest}}}"#)
}

#[test]
fn place_and_value() {
    let validator = validator(
        FhirVersion::R4,
        &[
            extension("e", "", ON_NAME, CODE),
            super::profile("Patient", "p", ""),
        ],
    );
    let sent = |value: &str| format!(r#""extension":[{{"url":"https://x.example/e",{value}}}]"#);
    let good = sent(r#""valueCode":"a""#);
    for place in [
        format!(r#""name":[{{"text":"a",{good}}}]"#),
        format!(r#""contact":[{{"name":{{"text":"a"}},{good}}}]"#),
    ] {
        assert!(errors(&validator, &patient(&place)).is_empty(), "{place}");
    }
    assert_eq!(
        errors(&validator, &patient(&good)),
        ["FHIR-EXTENSION-CONTEXT Patient.extension[0]"]
    );
    let bad = sent(r#""valueString":"a""#);
    assert_eq!(
        errors(&validator, &patient(&format!(r#""name":[{{{bad}}}]"#))),
        ["FHIR-PROFILE-TYPE Patient.name[0].extension[0].value.ofType(string)"]
    );
    let complex =
        r#""extension":[{"url":"https://x.example/e","extension":[{"url":"a","valueCode":"a"}]}]"#;
    assert_eq!(
        errors(&validator, &patient(&format!(r#""name":[{{{complex}}}]"#))),
        [
            "FHIR-PROFILE-MIN Patient.name[0].extension[0].value",
            "FHIR-PROFILE-NOT-ALLOWED Patient.name[0].extension[0].extension[0]",
        ]
    );
}

#[test]
fn unknown_ones_are_said() {
    let validator = validator(FhirVersion::R4, &[super::profile("Patient", "p", "")]);
    let body = patient(
        r#""extension":[{"url":"https://x.example/u","valueCode":"a"}],"modifierExtension":[{"url":"https://x.example/m","valueCode":"a"}]"#,
    );
    let found = judged(&validator, &body, &[]);
    assert!(found.outcome.is_valid());
    assert_eq!(
        lines(&found, Severity::Information),
        [
            "FHIR-EXTENSION-UNKNOWN Patient.extension[0]",
            "FHIR-EXTENSION-MODIFIER-UNKNOWN Patient.modifierExtension[0]",
        ]
    );
    assert_eq!(
        found.unknown_extensions,
        ["https://x.example/m", "https://x.example/u"]
    );
}

#[test]
fn modifiers() {
    let on = r#"{"type":"element","expression":"Patient"}"#;
    let validator = validator(
        FhirVersion::R4,
        &[
            extension("e", "", on, CODE),
            extension("m", r#","isModifier":true"#, on, CODE),
            super::profile("Patient", "p", ""),
        ],
    );
    let both = |plain: &str, modifier: &str| {
        patient(&format!(
            r#""extension":[{{"url":"https://x.example/{plain}","valueCode":"a"}}],"modifierExtension":[{{"url":"https://x.example/{modifier}","valueCode":"a"}}]"#
        ))
    };
    assert!(errors(&validator, &both("e", "m")).is_empty());
    assert_eq!(
        errors(&validator, &both("m", "e")),
        [
            "FHIR-EXTENSION-IS-MODIFIER Patient.extension[0]",
            "FHIR-EXTENSION-NO-MODIFIER Patient.modifierExtension[0]",
        ]
    );
}

#[test]
fn parts() {
    let parts = r#",{"id":"Extension.extension","path":"Extension.extension","slicing":{"discriminator":[{"type":"value","path":"url"}],"rules":"open"}},
        {"id":"Extension.extension:a","path":"Extension.extension","sliceName":"a","min":1,"max":"1"},
        {"id":"Extension.extension:a.url","path":"Extension.extension.url","fixedUri":"a"},
        {"id":"Extension.extension:a.value[x]","path":"Extension.extension.value[x]","min":1,"type":[{"code":"boolean"}]},
        {"id":"Extension.value[x]","path":"Extension.value[x]","max":"0"}"#;
    let on = r#"{"type":"element","expression":"Element"}"#;
    let validator = validator(
        FhirVersion::R4,
        &[
            extension("c", "", on, parts),
            super::profile("Patient", "p", ""),
        ],
    );
    let body = |parts: &str| {
        patient(&format!(
            r#""name":[{{"extension":[{{"url":"https://x.example/c","extension":[{parts}]}}]}}]"#
        ))
    };
    assert!(errors(&validator, &body(r#"{"url":"a","valueBoolean":true}"#)).is_empty());
    assert_eq!(
        errors(
            &validator,
            &body(r#"{"url":"a","valueString":"x"},{"url":"b","valueCode":"x"}"#)
        ),
        [
            "FHIR-PROFILE-TYPE Patient.name[0].extension[0].extension[0].value.ofType(string)",
            "FHIR-EXTENSION-PART Patient.name[0].extension[0].extension[1]",
        ]
    );
    assert_eq!(
        errors(
            &validator,
            &body(r#"{"url":"https://x.example/z","valueCode":"x"}"#)
        ),
        ["FHIR-SLICE-MIN Patient.name[0].extension[0].extension"]
    );
}

#[test]
fn a_profile_asks_for_an_extension() {
    let on = r#"{"type":"element","expression":"Patient"}"#;
    let elements = r#"{"id":"Patient.extension:e","path":"Patient.extension","sliceName":"e","min":1,"max":"1","type":[{"code":"Extension","profile":["https://x.example/e"]}]}"#;
    let validator = validator(
        FhirVersion::R4,
        &[
            extension("e", "", on, CODE),
            super::profile("Patient", "p", elements),
        ],
    );
    assert!(
        errors(
            &validator,
            &patient(r#""extension":[{"url":"https://x.example/e","valueCode":"a"}]"#)
        )
        .is_empty()
    );
    assert_eq!(
        errors(&validator, &patient(r#""gender":"male""#)),
        ["FHIR-SLICE-MIN Patient.extension"]
    );
    // Judged by the profile and by its definition, and said once.
    assert_eq!(
        errors(
            &validator,
            &patient(r#""extension":[{"url":"https://x.example/e","valueUri":"a:b"}]"#)
        ),
        ["FHIR-PROFILE-TYPE Patient.extension[0].value.ofType(uri)"]
    );
}

#[test]
fn other_kinds_of_places() {
    let by_path = r#"{"type":"fhirpath","expression":"Patient.name.where(use = 'official')"}"#;
    let within = r#"{"type":"extension","expression":"https://x.example/outer"}"#;
    let outer = extension(
        "outer",
        "",
        r#"{"type":"element","expression":"Element"}"#,
        "",
    );
    let on_choice = r#"{"type":"element","expression":"Patient.deceased[x]"}"#;
    let validator = validator(
        FhirVersion::R4,
        &[
            extension("f", "", by_path, CODE),
            extension("w", "", within, CODE),
            extension("d", "", on_choice, CODE),
            outer,
            super::profile("Patient", "p", ""),
        ],
    );
    let sent = |name: &str| {
        format!(r#""extension":[{{"url":"https://x.example/{name}","valueCode":"a"}}]"#)
    };
    let (f, w, d) = (sent("f"), sent("w"), sent("d"));
    let good = format!(
        r#""name":[{{"use":"official",{f}}},{{"text":"a","extension":[{{"url":"https://x.example/outer",{w}}}]}}],"deceasedBoolean":true,"_deceasedBoolean":{{{d}}}"#
    );
    assert_eq!(errors(&validator, &patient(&good)), Vec::<String>::new());
    let bad = format!(
        r#""name":[{{"use":"usual",{f}}},{{"text":"a",{w}}}],"gender":"male","_gender":{{{d}}}"#
    );
    let mut found = errors(&validator, &patient(&bad));
    found.sort();
    assert_eq!(
        found,
        [
            "FHIR-EXTENSION-CONTEXT Patient.gender.extension[0]",
            "FHIR-EXTENSION-CONTEXT Patient.name[0].extension[0]",
            "FHIR-EXTENSION-CONTEXT Patient.name[1].extension[0]",
        ]
    );
}

#[test]
fn places_that_r4_forgot_for_its_own_extensions() {
    let url = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";
    let validator = crate::Validator::new(crate::Library::new(FhirVersion::R4));
    let sent = format!(r#""extension":[{{"url":"{url}","valueUrl":"string"}}]"#);
    let definition = |on_type: &str, on_root: &str| {
        format!(
            r#"{{"resourceType":"StructureDefinition",{on_root}"url":"https://x.example/t","name":"T","status":"draft",
                "kind":"logical","abstract":true,"type":"T","differential":{{"element":[{{"id":"T","path":"T"}},
                {{"id":"T.a","path":"T.a","type":[{{{on_type}"code":"string"}}]}}]}}}}"#
        )
    };
    assert_eq!(
        errors(&validator, &definition(&format!("{sent},"), "")),
        Vec::<String>::new()
    );
    assert_eq!(
        errors(&validator, &definition("", &format!("{sent},"))),
        ["FHIR-EXTENSION-CONTEXT StructureDefinition.extension[0]"]
    );
}
