//! Profiles against the profiles that they are made from, operations against theirs, expressions against the types.

use crate::edited::{Edit, edited};
use crate::{Judged, Library, Options, Validator};
use plumbline_fhir::FhirVersion::{self, R4, Stu3};
use plumbline_fhir::{Definitions, json_to_xml, profile_facts};
use plumbline_tree::{Layout, Limits, Tree};

const BASE: &str = r#"{
  "resourceType": "StructureDefinition", "url": "https://example.org/Base", "name": "Base", "status": "draft",
  "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
  "differential": {"element": [
    {"id": "Patient", "path": "Patient"},
    {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1},
    {"id": "Patient.name", "path": "Patient.name", "max": "2"},
    {"id": "Patient.gender", "path": "Patient.gender", "fixedCode": "other"},
    {"id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "binding": {
      "strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/marital-status"}},
    {"id": "Patient.deceased[x]", "path": "Patient.deceased[x]", "type": [{"code": "boolean"}]},
    {"id": "Patient.generalPractitioner", "path": "Patient.generalPractitioner", "type": [
      {"code": "Reference", "targetProfile": ["http://hl7.org/fhir/StructureDefinition/Practitioner"]}]}
  ]}
}"#;

const OWN: &str = r#"{
  "resourceType": "StructureDefinition", "url": "https://example.org/Own", "name": "Own", "status": "draft",
  "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
  "baseDefinition": "https://example.org/Base",
  "differential": {"element": [
    {"id": "Patient", "path": "Patient"},
    {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1},
    {"id": "Patient.name", "path": "Patient.name", "max": "1"},
    {"id": "Patient.gender", "path": "Patient.gender", "fixedCode": "other"},
    {"id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "binding": {
      "strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/marital-status"}},
    {"id": "Patient.deceased[x]", "path": "Patient.deceased[x]", "type": [{"code": "boolean"}]},
    {"id": "Patient.generalPractitioner", "path": "Patient.generalPractitioner", "type": [
      {"code": "Reference", "targetProfile": ["http://hl7.org/fhir/StructureDefinition/Practitioner"]}]}
  ]}
}"#;

const OPERATION: &str = r#"{
  "resourceType": "OperationDefinition", "url": "https://example.org/op", "name": "Op", "status": "draft",
  "kind": "operation", "code": "op", "system": true, "type": false, "instance": false,
  "inputProfile": "https://example.org/In",
  "parameter": [
    {"name": "one", "use": "in", "min": 1, "max": "1", "type": "string"},
    {"name": "two", "use": "out", "min": 0, "max": "1", "type": "string"}
  ]
}"#;

const INPUT: &str = r#"{
  "resourceType": "StructureDefinition", "url": "https://example.org/In", "name": "In", "status": "draft",
  "kind": "resource", "abstract": false, "type": "Parameters", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Parameters",
  "differential": {"element": [
    {"id": "Parameters", "path": "Parameters"},
    {"id": "Parameters.parameter", "path": "Parameters.parameter", "slicing": {
      "discriminator": [{"type": "value", "path": "name"}], "rules": "open"}},
    {"id": "Parameters.parameter:one", "path": "Parameters.parameter", "sliceName": "one", "min": 1, "max": "1"},
    {"id": "Parameters.parameter:one.name", "path": "Parameters.parameter.name", "fixedString": "one"},
    {"id": "Parameters.parameter:one.value[x]", "path": "Parameters.parameter.value[x]", "type": [{"code": "string"}]}
  ]}
}"#;

/// What is said of a resource, in JSON and in XML alike.
fn judged(version: FhirVersion, known: &[&str], resource: &str) -> Judged {
    let definitions = Definitions::of(version);
    let mut library = Library::empty(version);
    for text in known {
        let tree = Tree::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
        library.add(profile_facts::reduce(&tree, definitions).unwrap());
    }
    let validator = Validator::new(library);
    let json = Tree::parse(resource.as_bytes().to_vec(), &Limits::default()).unwrap();
    let xml = json_to_xml(&json, definitions, Layout::Compact).unwrap();
    let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
    let [one, other] = [json, xml].map(|tree| validator.judge(&tree, &[], &Options::default()));
    assert_eq!(codes(&one), codes(&other), "JSON and XML differ");
    assert_eq!(one.not_checked, other.not_checked);
    one
}

/// Codes and places.
fn codes(judged: &Judged) -> Vec<String> {
    let own = judged.outcome.issues.iter().filter_map(|it| {
        let code = it.code.strip_prefix("FHIR-DEFINITION-")?;
        let (_, place) = it.path.split_once('.').unwrap_or_default();
        Some(format!("{code} {place}"))
    });
    own.collect()
}

fn of_own(edits: &[Edit<'_>]) -> Vec<String> {
    codes(&judged(R4, &[BASE], &edited(OWN, edits)))
}

#[test]
fn a_profile_narrows_the_profile_that_it_is_made_from() {
    const E: &str = "/differential/element";
    assert_eq!(of_own(&[]), [""; 0]);
    let slice = r#"{"id": "Patient.name:x.given", "path": "Patient.name.given", "min": 1}"#;
    for (edit, text, wanted) in [
        ("1/min", "0", "CARDINALITY differential.element[1].min"),
        ("2/max", "\"3\"", "CARDINALITY differential.element[2].max"),
        ("2/max", "\"*\"", "CARDINALITY differential.element[2].max"),
        (
            "3/fixedCode",
            "\"male\"",
            "FIXED-OTHER differential.element[3].fixed.ofType(code)",
        ),
        (
            "4/binding/strength",
            "\"example\"",
            "BINDING-WEAKER differential.element[4].binding",
        ),
        (
            "5/type/0/code",
            "\"dateTime\"",
            "TYPE differential.element[5].type[0]",
        ),
        (
            "6/type/0/targetProfile/0",
            "\"http://hl7.org/fhir/StructureDefinition/Organization\"",
            "TARGET differential.element[6].type[0]",
        ),
        ("-", slice, "SLICE differential.element[7]"),
    ] {
        let found = of_own(&[(&format!("{E}/{edit}"), Some(text))]);
        assert_eq!(found, [wanted], "{edit}: {text}");
    }
    // What the specification forbids is said once.
    let many = ("/differential/element/1/max", Some("\"2\""));
    assert_eq!(of_own(&[many]), ["CARDINALITY differential.element[1].max"]);
}

#[test]
fn a_profile_in_a_bundle_is_judged_too() {
    let wide = edited(OWN, &[("/differential/element/1/min", Some("0"))]);
    let bundle = format!(
        r#"{{"resourceType": "Bundle", "type": "collection", "entry": [
            {{"fullUrl": "https://example.org/fhir/StructureDefinition/own", "resource": {wide}}}]}}"#
    );
    assert_eq!(
        codes(&judged(R4, &[BASE], &bundle)),
        ["CARDINALITY entry[0].resource.differential.element[1].min"]
    );
}

#[test]
fn a_base_that_is_not_known_is_said() {
    let found = judged(R4, &[], OWN);
    assert_eq!(codes(&found), ["UNCHECKED baseDefinition"]);
    assert_eq!(
        found.not_checked,
        ["the profile against its base: https://example.org/Base is not known"]
    );
}

#[test]
fn the_profile_of_an_operation_goes_with_its_parameters() {
    const S: &str = "/differential/element";
    let of = |edits: &[Edit<'_>]| codes(&judged(R4, &[&edited(INPUT, edits)], OPERATION));
    assert_eq!(of(&[]), [""; 0]);
    let wanted = ["PARAMETER-PROFILE inputProfile"];
    for (edit, text) in [
        ("3/fixedString", "\"three\""),
        // A parameter of this name comes back, but is not sent.
        ("3/fixedString", "\"two\""),
        ("4/type/0/code", "\"boolean\""),
    ] {
        assert_eq!(
            of(&[(&format!("{S}/{edit}"), Some(text))]),
            wanted,
            "{text}"
        );
    }
    let many = [
        ("/differential/element/2/min", Some("2")),
        ("/differential/element/2/max", Some("\"3\"")),
    ];
    assert_eq!(of(&many), wanted);
    let other = edited(BASE, &[("/url", Some("\"https://example.org/In\""))]);
    assert_eq!(codes(&judged(R4, &[&other], OPERATION)), wanted);
    let unknown = judged(R4, &[], OPERATION);
    assert_eq!(codes(&unknown), [""; 0]);
    assert_eq!(unknown.not_checked.len(), 1);
}

#[test]
fn expressions_ask_for_what_there_is() {
    let invariant = |expression: &str| {
        format!(
            r#"[{{"key": "own-1", "severity": "error", "human": "x", "expression": "{expression}"}}]"#
        )
    };
    for version in [R4, Stu3] {
        let of = |element: usize, expression: &str| {
            let at = format!("/differential/element/{element}/constraint");
            let body = edited(OWN, &[(&at, Some(&invariant(expression)))]);
            // The binding and the targets of STU3 are written in another way.
            let body = edited(
                &body,
                &[
                    ("/differential/element/6", None),
                    ("/differential/element/4/binding", None),
                ],
            );
            let found = codes(&judged(version, &[], &body));
            let own = found.into_iter().filter(|it| it.starts_with("EXPRESSION"));
            own.map(|it| it.split(' ').next().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(of(0, "name.given.exists()"), [""; 0]);
        assert_eq!(of(2, "given.exists()"), [""; 0]);
        assert_eq!(of(2, "name.given.exists()"), ["EXPRESSION-NAME"]);
        assert_eq!(of(0, "name.where(family).exists()"), ["EXPRESSION-TYPE"]);
        assert_eq!(of(5, "hasValue() or colour"), ["EXPRESSION-NAME"]);
    }
    let search = r#"{"resourceType": "SearchParameter", "url": "https://example.org/sp", "name": "S", "status": "draft",
        "description": "d", "code": "s", "base": ["Patient"], "type": "string", "expression": "Patient.name.colour"}"#;
    let found = judged(R4, &[], search);
    assert_eq!(codes(&found), ["EXPRESSION-NAME expression"]);
    assert_eq!(found.outcome.counts.errors, 0);
}
