//! Every rule of definitions, broken and kept, in JSON and XML, R4 and STU3.

use crate::edited::{Edit, edited, found};
use plumbline_fhir::FhirVersion::{self, R4, Stu3};

const PROFILE: &str = include_str!("../../tests/data/definition/profile-r4.json");
const EXTENSION: &str = include_str!("../../tests/data/definition/extension-r4.json");
const EXTENSION_STU3: &str = include_str!("../../tests/data/definition/extension-stu3.json");
const VALUE_SET: &str = include_str!("../../tests/data/definition/value-set.json");
const CODE_SYSTEM: &str = include_str!("../../tests/data/definition/code-system.json");
const OPERATION: &str = include_str!("../../tests/data/definition/operation.json");
const SEARCH: &str = include_str!("../../tests/data/definition/search-parameter.json");
const CAPABILITY: &str = include_str!("../../tests/data/definition/capability.json");

fn codes(version: FhirVersion, base: &str, edits: &[Edit<'_>]) -> Vec<String> {
    let resource = edited(base, edits);
    let found = found(version, "FHIR-DEFINITION", &[], &resource);
    let short = |it: String| it.trim_start_matches("FHIR-DEFINITION-").to_owned();
    found.into_iter().map(|(code, _)| short(code)).collect()
}

fn each(base: &str, cases: &[(&str, &str, &str)]) {
    for (code, pointer, text) in cases {
        let found = codes(R4, base, &[(pointer, Some(text))]);
        assert_eq!(found, [*code], "{pointer}: {text}");
    }
}

#[test]
fn what_has_no_fault_has_no_finding() {
    for base in [
        PROFILE,
        EXTENSION,
        VALUE_SET,
        CODE_SYSTEM,
        OPERATION,
        SEARCH,
        CAPABILITY,
    ] {
        assert_eq!(codes(R4, base, &[]), [""; 0], "{base}");
    }
    for base in [EXTENSION_STU3, VALUE_SET, CODE_SYSTEM] {
        assert_eq!(codes(Stu3, base, &[]), [""; 0], "{base}");
    }
}

#[test]
fn each_fault_of_a_profile_is_found() {
    const E: &str = "/differential/element";
    each(
        PROFILE,
        &[
            ("URL", "/url", "\"Relative\""),
            ("URL", "/url", "\"https://example.org/P|1\""),
            (
                "BASE",
                "/baseDefinition",
                "\"http://hl7.org/fhir/StructureDefinition/Group\"",
            ),
            (
                "BASE",
                "/baseDefinition",
                "\"https://example.org/StructureDefinition/P\"",
            ),
            ("BASE", "/derivation", "\"specialization\""),
            (
                "UNCHECKED",
                "/baseDefinition",
                "\"https://example.org/unknown\"",
            ),
            ("KIND", "/kind", "\"complex-type\""),
            (
                "ELEMENT-UNKNOWN",
                &format!("{E}/1"),
                r#"{"id": "Patient.colour", "path": "Patient.colour"}"#,
            ),
            ("ELEMENT-ID", &format!("{E}/1/id"), "\"Patient.gender\""),
            (
                "ELEMENT-ID",
                &format!("{E}/3/id"),
                "\"Patient.identifier:other\"",
            ),
            ("CARDINALITY", &format!("{E}/4/min"), "0"),
            ("CARDINALITY", &format!("{E}/1/max"), "\"2\""),
            ("CARDINALITY", &format!("{E}/1/max"), "\"*\""),
            ("TYPE", &format!("{E}/5/type"), r#"[{"code": "Quantity"}]"#),
            (
                "TARGET",
                &format!("{E}/6/type/0/targetProfile/0"),
                "\"http://hl7.org/fhir/StructureDefinition/Device\"",
            ),
            ("FIXED-TYPE", &format!("{E}/1/fixedString"), "\"female\""),
            (
                "BINDING-TYPE",
                &format!("{E}/7/binding"),
                r#"{"strength": "required", "valueSet": "https://example.org/vs"}"#,
            ),
            (
                "DISCRIMINATOR",
                &format!("{E}/2/slicing/discriminator/0/path"),
                "\"colour\"",
            ),
            (
                "EXPRESSION",
                &format!("{E}/0/constraint/0/expression"),
                "\"name.exists(\"",
            ),
            (
                "MAPPING",
                &format!("{E}/1/mapping"),
                r#"[{"identity": "x", "map": "y"}]"#,
            ),
        ],
    );
    let fixed = format!("{E}/5/fixedBoolean");
    assert_eq!(
        codes(R4, PROFILE, &[(&fixed, Some("true"))]),
        ["FIXED-TYPE"]
    );
    let narrow = format!("{E}/5/type");
    let boolean = r#"[{"code": "boolean"}]"#;
    assert_eq!(
        codes(
            R4,
            PROFILE,
            &[(&fixed, Some("true")), (&narrow, Some(boolean))]
        ),
        [""; 0]
    );
}

#[test]
fn paths_of_discriminators_go_through_types_and_calls() {
    let path = "/differential/element/2/slicing/discriminator/0/path";
    for good in [
        "$this",
        "system",
        "type.coding.code",
        "assigner.resolve()",
        "assigner.resolve().name",
        "extension('https://example.org/e').value",
        "period.start",
    ] {
        let text = format!("\"{good}\"");
        assert_eq!(
            codes(R4, PROFILE, &[(path, Some(&text))]),
            [""; 0],
            "{good}"
        );
    }
    for bad in [
        "url",
        "type.code",
        "system.value.code",
        "where(true)",
        "ofType(Nothing)",
    ] {
        let text = format!("\"{bad}\"");
        assert_eq!(
            codes(R4, PROFILE, &[(path, Some(&text))]),
            ["DISCRIMINATOR"],
            "{bad}"
        );
    }
}

#[test]
fn slices_of_a_snapshot_belong_to_an_element() {
    let element = |id: &str, more: &str| {
        let path = id.split(':').next().unwrap_or_default();
        format!(
            r#"{{"id": "{id}", "path": "{path}", "min": 0, "max": "*", "definition": "d",
                "base": {{"path": "{path}", "min": 0, "max": "*"}}{more}}}"#
        )
    };
    let slicing =
        r#", "slicing": {"rules": "open", "discriminator": [{"type": "value", "path": "system"}]}"#;
    for (more, wanted) in [(slicing, vec![]), ("", vec!["SLICE"])] {
        let all = [
            element("Patient", ""),
            element("Patient.identifier", more),
            element("Patient.identifier:one", r#", "sliceName": "one""#),
        ];
        let snapshot = format!(r#"{{"element": [{}]}}"#, all.join(","));
        assert_eq!(
            codes(R4, PROFILE, &[("/snapshot", Some(&snapshot))]),
            wanted
        );
    }
}

#[test]
fn each_fault_of_an_extension_is_found() {
    const E: &str = "/differential/element";
    each(
        EXTENSION,
        &[
            (
                "EXTENSION-URL",
                &format!("{E}/2/fixedUri"),
                "\"https://example.org/other\"",
            ),
            ("EXTENSION-CONTENT", &format!("{E}/3/max"), "\"0\""),
            ("CONTEXT", "/context/0/expression", "\"Patient.colour\""),
            ("CONTEXT", "/context/0/expression", "\"Patent\""),
            ("EXPRESSION", "/contextInvariant", r#"["name.exists("]"#),
        ],
    );
    let url = format!("{E}/2");
    assert_eq!(codes(R4, EXTENSION, &[(&url, None)]), ["EXTENSION-URL"]);
    let both = [
        (
            &*format!("{E}/1"),
            Some(r#"{"id": "Extension.extension", "path": "Extension.extension", "min": 1}"#),
        ),
        (&*format!("{E}/3/min"), Some("1")),
    ];
    assert_eq!(codes(R4, EXTENSION, &both), ["EXTENSION-CONTENT"]);
    let fhirpath = [
        ("/context/0/type", Some("\"fhirpath\"")),
        ("/context/0/expression", Some("\"Patient.where(\"")),
    ];
    assert_eq!(codes(R4, EXTENSION, &fhirpath), ["EXPRESSION"]);
    let of_stu3 = [("/context/0", Some("\"Patient.colour\""))];
    assert_eq!(codes(Stu3, EXTENSION_STU3, &of_stu3), ["CONTEXT"]);
    let of_stu3 = [(
        "/differential/element/2/fixedUri",
        Some("\"https://example.org/other\""),
    )];
    assert_eq!(codes(Stu3, EXTENSION_STU3, &of_stu3), ["EXTENSION-URL"]);
    let of_stu3 = [("/differential/element/3/id", Some("\"Extension.value\""))];
    assert_eq!(codes(Stu3, EXTENSION_STU3, &of_stu3), ["ELEMENT-ID"]);
}

#[test]
fn each_fault_of_a_value_set_is_found() {
    const I: &str = "/compose/include/0";
    each(
        VALUE_SET,
        &[
            ("SYSTEM", &format!("{I}/system"), "\"relative\""),
            (
                "SYSTEM",
                &format!("{I}/system"),
                "\"http://hl7.org/fhir/ValueSet/administrative-gender\"",
            ),
            (
                "CODE-DUPLICATE",
                &format!("{I}/concept/-"),
                r#"{"code": "male"}"#,
            ),
            ("CODE", &format!("{I}/concept/-"), r#"{"code": "zebra"}"#),
            (
                "ITSELF",
                "/compose/include/1/valueSet/0",
                "\"https://example.org/vs\"",
            ),
            (
                "CODE-DUPLICATE",
                "/expansion/contains/-",
                r#"{"system": "https://example.org/cs", "code": "a"}"#,
            ),
        ],
    );
}

#[test]
fn each_fault_of_a_code_system_is_found() {
    const C: &str = "/concept";
    each(
        CODE_SYSTEM,
        &[
            ("CONTENT", "/content", "\"not-present\""),
            ("COUNT", "/count", "5"),
            ("ITSELF", "/valueSet", "\"https://example.org/cs\""),
            ("PROPERTY", &format!("{C}/0/property/0/code"), "\"other\""),
            (
                "PROPERTY-TYPE",
                &format!("{C}/0/property/0"),
                r#"{"code": "p", "valueBoolean": true}"#,
            ),
            (
                "PROPERTY-CODE",
                &format!("{C}/0/property/1/valueCode"),
                "\"z\"",
            ),
            ("SUPPLEMENT", "/content", "\"supplement\""),
            (
                "SUPPLEMENT",
                "/supplements",
                "\"https://example.org/other\"",
            ),
        ],
    );
    let more = [
        ("/concept/-", Some(r#"{"code": "A"}"#)),
        ("/count", Some("3")),
    ];
    assert_eq!(codes(R4, CODE_SYSTEM, &more), ["CASE"]);
    assert_eq!(
        codes(
            R4,
            CODE_SYSTEM,
            &[more[0], more[1], ("/caseSensitive", Some("true"))]
        ),
        [""; 0]
    );
    let grammar = [("/count", Some("5")), ("/compositional", Some("true"))];
    assert_eq!(codes(R4, CODE_SYSTEM, &grammar), [""; 0]);
}

#[test]
fn each_fault_of_an_operation_is_found() {
    each(
        OPERATION,
        &[
            ("ITSELF", "/base", "\"https://example.org/op\""),
            ("PARAMETER", "/parameter/1/name", "\"one\""),
            ("PARAMETER", "/parameter/0/part/1/name", "\"x\""),
            ("PARAMETER", "/overload/0/parameterName/0", "\"none\""),
            ("PARAMETER-RANGE", "/parameter/1/max", "\"0\""),
            ("PARAMETER-RANGE", "/parameter/1/max", "\"many\""),
        ],
    );
    let other_use = [
        ("/parameter/1/name", Some("\"one\"")),
        ("/parameter/1/use", Some("\"out\"")),
        ("/overload", None),
    ];
    assert_eq!(codes(R4, OPERATION, &other_use), [""; 0]);
}

#[test]
fn each_fault_of_a_search_parameter_is_found() {
    each(
        SEARCH,
        &[
            ("EXPRESSION", "/expression", "\"Patient.name.\""),
            ("ITSELF", "/derivedFrom", "\"https://example.org/sp\""),
            ("SEARCH", "/type", "\"composite\""),
            ("SEARCH", "/target", r#"["Patient"]"#),
            (
                "SEARCH",
                "/component",
                r#"[{"definition": "https://example.org/sp2", "expression": "name"}]"#,
            ),
        ],
    );
}

#[test]
fn each_fault_of_a_capability_statement_is_found() {
    each(
        CAPABILITY,
        &[
            (
                "CAPABILITY-DUPLICATE",
                "/rest/0/resource/0/interaction/-",
                r#"{"code": "read"}"#,
            ),
            (
                "CAPABILITY-DUPLICATE",
                "/rest/0/resource/0/searchInclude/-",
                "\"Patient:link\"",
            ),
            (
                "CAPABILITY-DUPLICATE",
                "/rest/0/searchParam/-",
                r#"{"name": "_id", "type": "token"}"#,
            ),
            ("ITSELF", "/instantiates", r#"["https://example.org/cap"]"#),
        ],
    );
}
