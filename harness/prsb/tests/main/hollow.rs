//! What looks like content and is none, and what looks broken and is not. Not for single rules: fixtures/changes.csv.

use crate::change;
use crate::inputs::{both, good, judged, standard};
use plumbline_prsb::{Content, Held, Severity, Standing, State, Version};
use serde_json::Value;

fn broken(content: &Content) -> Vec<&str> {
    let broken = content.results.iter();
    let broken = broken.filter(|it| it.state == State::Broken);
    broken.map(|it| it.rule.id.as_str()).collect()
}

#[test]
fn a_mandatory_section_that_says_nothing_breaks_a_must_that_counts() {
    let standard = standard();
    for change in [
        "remove Composition/section/4/text ;; remove Composition/section/4/entry",
        "only-label Diagnoses | Diagnoses ;; remove Composition/section/4/entry",
        "only-label Diagnoses | &#8203;&#173; ;; remove Composition/section/4/entry",
    ] {
        let mut document = good(Version::R4);
        change::apply(&mut document, change);
        for tree in both(&document, Version::R4) {
            let content = judged(&tree, &standard, &Held::nothing_known());
            let result = content.of("EDIS-SEC-05").unwrap();
            assert_eq!(result.standing, Standing::Scored);
            assert_eq!(result.findings.len(), 1, "{change}");
            assert_eq!(result.findings[0].severity, Severity::Must, "{change}");
        }
    }
}

#[test]
fn an_empty_sub_heading_hides_nothing() {
    let standard = standard();
    let mut document = good(Version::Stu3);
    let change = "blank Allergies and adverse reactions | Causative agent ;; remove AllergyIntolerance#1/code";
    change::apply(&mut document, change);
    for tree in both(&document, Version::Stu3) {
        let content = judged(&tree, &standard, &Held::nothing_known());
        let findings = &content.of("EDIS-ALG-01").unwrap().findings;
        assert!(findings.iter().any(|it| it.severity == Severity::Must));
    }
}

#[test]
fn contained_resources_are_found_by_their_id() {
    let standard = standard();
    for version in [Version::Stu3, Version::R4] {
        let mut document = good(version);
        let change = r##"set MedicationStatement/contained [{"resourceType":"Medication","id":"m1","code":{"text":"Aspirin"}}] ;; set MedicationStatement/medicationReference/reference "#m1""##;
        change::apply(&mut document, change);
        for tree in both(&document, version) {
            let content = judged(&tree, &standard, &Held::nothing_known());
            assert_eq!(broken(&content), [""; 0]);
        }
        change::apply(
            &mut document,
            r#"set MedicationStatement/contained/0/id "m2""#,
        );
        for tree in both(&document, version) {
            let content = judged(&tree, &standard, &Held::nothing_known());
            assert!(broken(&content).contains(&"EDIS-MED-02"));
        }
    }
}

/// The document with an address of a server for each resource, and references to a version of it.
fn with_versions(document: &Value) -> Value {
    let mut document = document.clone();
    let mut text = document.to_string();
    for entry in document["entry"].as_array_mut().unwrap() {
        let kind = entry["resource"]["resourceType"].as_str().unwrap();
        let url = entry["fullUrl"].as_str().unwrap();
        let id = url.rsplit(':').next().unwrap();
        let full = format!("https://records.example/fhir/{kind}/{id}");
        let reference = format!("\"reference\":\"{full}/_history/1\"");
        text = text.replace(&format!("\"reference\":\"{url}\""), &reference);
        let own = format!("\"fullUrl\":\"{full}\"");
        text = text.replace(&format!("\"fullUrl\":\"{url}\""), &own);
    }
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_reference_may_name_a_version() {
    let standard = standard();
    for version in [Version::Stu3, Version::R4] {
        for tree in both(&with_versions(&good(version)), version) {
            let content = judged(&tree, &standard, &Held::nothing_known());
            assert_eq!(broken(&content), [""; 0]);
        }
    }
}

#[test]
fn another_patient_is_told() {
    let standard = standard();
    for version in [Version::Stu3, Version::R4] {
        let mut document = good(version);
        let entries = document["entry"].as_array_mut().unwrap();
        let mut other = entries[1].clone();
        assert_eq!(other["resource"]["resourceType"], "Patient");
        let url = "urn:uuid:00000000-0000-4000-8000-0000000000ff";
        other["fullUrl"] = Value::from(url);
        other["resource"]["id"] = Value::from("00000000-0000-4000-8000-0000000000ff");
        entries.push(other);
        for path in [
            "AllergyIntolerance/patient",
            "Composition/section/15/entry/0",
        ] {
            let mut document = document.clone();
            change::apply(&mut document, &format!("set {path}/reference \"{url}\""));
            for tree in both(&document, version) {
                let content = judged(&tree, &standard, &Held::nothing_known());
                assert_eq!(broken(&content), ["EDIS-RULE-45"], "{path}");
            }
        }
    }
}

/// In JSON nothing is left of the element itself, in XML it is there without a value.
#[test]
fn a_reason_for_no_value_is_no_value() {
    let standard = standard();
    let absent = r#"remove Patient/birthDate ;; set Patient/_birthDate {"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}"#;
    for version in [Version::Stu3, Version::R4] {
        let mut document = good(version);
        change::apply(&mut document, absent);
        for tree in both(&document, version) {
            let content = judged(&tree, &standard, &Held::nothing_known());
            assert_eq!(broken(&content), ["EDIS-DEM-03"]);
        }
    }
}
