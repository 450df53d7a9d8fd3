//! Rows with mistakes, trees that are no documents, and hostile documents. Not for rules.

use crate::change;
use crate::inputs::{good, judged, parsed, rows, standard};
use plumbline_prsb::{Held, RowError, Standard, Version, judge, recognise};
use plumbline_tree::{Limits, Tree};
use serde_json::json;

/// Reads the rows with one file changed.
fn with(name: &str, change: impl Fn(&str) -> String) -> Result<Standard, Vec<RowError>> {
    let rows = rows();
    let changed: Vec<(String, String)> = rows
        .into_iter()
        .map(|(file, text)| {
            if file == name {
                (file, change(&text))
            } else {
                (file, text)
            }
        })
        .collect();
    let files: Vec<(&str, &str)> = changed
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    Standard::read("edischarge", &files)
}

fn first(result: Result<Standard, Vec<RowError>>) -> (String, u32, String) {
    let errors = result.unwrap_err();
    let error = errors.into_iter().next().unwrap();
    assert!(!error.fix.is_empty());
    (error.path, error.line, error.cause)
}

#[test]
fn a_byte_order_mark_is_accepted() {
    assert!(with("items.csv", |text| format!("\u{feff}{text}")).is_ok());
}

#[test]
fn mistakes_in_rows_name_file_line_and_cause() {
    let cases: &[(&str, &str, &str, u32, &str)] = &[
        (
            "items.csv",
            "id,standard",
            "id,standart",
            1,
            "`standart` is not a column",
        ),
        (
            "items.csv",
            "EDIS-ADM-02,",
            "EDIS-ADM-01,",
            3,
            "the id `EDIS-ADM-01` is already used in line 2",
        ),
        (
            "items.csv",
            ",admission-method,either,",
            ",no-list,either,",
            3,
            "`no-list` is no list of values.csv",
        ),
        (
            "items.csv",
            "Encounter.period.start |",
            "Encounter..start |",
            5,
            "a name is missing before `.start`",
        ),
        (
            "items.csv",
            "edischarge,2.1,admission-details,Source",
            "edischarge,9,admission-details,Source",
            4,
            "the version is not that of documents.csv",
        ),
        (
            "items.csv",
            ",R,0,1,code,,either,",
            ",M,0,1,code,,either,",
            2,
            "`min` contradicts `conformance`",
        ),
        (
            "sections.csv",
            ",R,0,1,must,",
            ",Q,0,1,must,",
            2,
            "`conformance` cannot be `Q`",
        ),
        (
            "rules.csv",
            ",references-resolve,",
            ",references,",
            2,
            "`predicate` cannot be `references`",
        ),
        (
            "rules.csv",
            ",5242880,",
            ",many,",
            40,
            "`values` has to be a number of bytes",
        ),
        (
            "headings.csv",
            "886781000000108",
            "886781000000109",
            2,
            "this is no SNOMED CT concept",
        ),
        (
            "documents.csv",
            "attendance-details clinical",
            "nothing clinical",
            3,
            "`nothing` is no heading of headings.csv",
        ),
        (
            "values.csv",
            "mild moderate severe",
            "",
            11,
            "`codes` is empty",
        ),
    ];
    for (file, from, to, line, cause) in cases {
        let result = with(file, |text| {
            assert!(text.contains(from), "{file} has no `{from}`");
            text.replacen(from, to, 1)
        });
        let seen = first(result);
        assert_eq!(
            (seen.0.as_str(), seen.1, seen.2.as_str()),
            (*file, *line, *cause)
        );
    }
}

#[test]
fn files_that_are_missing_or_unknown_are_named() {
    assert!(
        first(Standard::read("edischarge", &[]))
            .2
            .contains("missing")
    );
    let rows = rows();
    let mut files: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    files.push(("notes.txt", ""));
    assert!(
        first(Standard::read("edischarge", &files))
            .2
            .contains("none of a content standard")
    );
    files.pop();
    assert!(
        first(Standard::read("imaging", &files))
            .2
            .contains("`imaging`")
    );
    assert_eq!(Standard::list(&files).unwrap(), ["edischarge"]);
}

#[test]
fn what_is_no_discharge_is_refused_with_what_it_is() {
    let standard = standard();
    let cases = [
        ("[]", "no FHIR resource"),
        ("7", "no FHIR resource"),
        (r#"{"a":1}"#, "no FHIR resource"),
        (
            r#"{"resourceType":"Patient"}"#,
            "a resource of the type Patient",
        ),
        (
            r#"{"resourceType":"Mr Secret"}"#,
            "a resource of the type (another)",
        ),
        (
            r#"{"resourceType":"Bundle","type":"searchset"}"#,
            "a Bundle of the type searchset",
        ),
        (
            r#"{"resourceType":"Bundle","type":"Secret"}"#,
            "a Bundle of the type (another)",
        ),
        (r#"{"resourceType":"Bundle","type":"message"}"#, "a message"),
        (
            r#"{"resourceType":"Bundle","type":"document"}"#,
            "without a Composition",
        ),
        (
            r#"{"resourceType":"Bundle","type":"document","entry":[{"resource":{"resourceType":"Composition"}}]}"#,
            "none that is known",
        ),
    ];
    for (text, what) in cases {
        let refusal = recognise(&parsed(text.to_owned()), &standard).unwrap_err();
        assert!(
            refusal.what.contains(what) && !refusal.fix.is_empty(),
            "{text}: {refusal:?}"
        );
        assert!(!refusal.what.contains("Secret"));
    }
    let xml = Tree::parse_xml(b"<html><body/></html>".to_vec(), &Limits::default()).unwrap();
    assert!(recognise(&xml, &standard).is_err());
}

#[test]
fn other_discharges_are_told_apart_without_a_profile() {
    let standard = standard();
    let mut emergency = good(Version::R4);
    emergency["entry"][0]["resource"]["section"][0]["code"]["coding"][0]["code"] =
        json!("attendance-details");
    let refusal = judge(
        &parsed(emergency.to_string()),
        &standard,
        &Held::nothing_known(),
    )
    .unwrap_err();
    assert_eq!(refusal.what, "another document: emergency care discharge");
    // Services of every kind write discharge summaries: a title counts only where the sections do not decide.
    for title in ["Mental Health Liaison", "Emergency Medicine"] {
        let mut titled = good(Version::R4);
        change::apply(
            &mut titled,
            &format!("set Composition/title \"{title} Discharge Summary\""),
        );
        assert!(recognise(&parsed(titled.to_string()), &standard).is_ok());
        titled["entry"][0]["resource"]["section"] = json!([]);
        assert!(recognise(&parsed(titled.to_string()), &standard).is_err());
    }
    let mut complaints = good(Version::R4);
    change::apply(&mut complaints, "repeat-section Clinical summary");
    let sections = complaints["entry"][0]["resource"]["section"].as_array_mut();
    sections.unwrap().last_mut().unwrap()["code"]["coding"][0]["code"] =
        json!("presenting-complaints-or-issues");
    assert!(recognise(&parsed(complaints.to_string()), &standard).is_ok());
}

#[test]
fn a_document_begins_with_its_only_composition() {
    let standard = standard();
    for version in [Version::Stu3, Version::R4] {
        let mut late = good(version);
        late["entry"].as_array_mut().unwrap().rotate_left(1);
        let mut twice = good(version);
        let again = twice["entry"][0].clone();
        twice["entry"].as_array_mut().unwrap().push(again);
        let cases = [
            (late, "does not begin with its Composition"),
            (twice, "more than one Composition"),
        ];
        for (document, what) in cases {
            let tree = parsed(document.to_string());
            let refusal = judge(&tree, &standard, &Held::nothing_known()).unwrap_err();
            assert!(refusal.what.contains(what), "{refusal:?}");
        }
    }
}

/// What has to be met although it is written in another way.
#[test]
fn ordinary_ways_of_writing_are_no_faults() {
    let standard = standard();
    let demographics = "replace Patient demographics | >Male< | ";
    for version in [Version::Stu3, Version::R4] {
        for change in [
            format!("{demographics}>Male.<"),
            format!("{demographics}>Male, date of birth: 1 January 1957<"),
            format!("{demographics}>Male</td><td>Date of birth</td><td>1957<"),
            "set Organization#1/identifier/0/value \"V81999\"".to_owned(),
            "set Organization/identifier/0/value \"RGT\"".to_owned(),
            "set MedicationStatement/dosage/0/text \"100 \u{3bc}g\" ;; row Medications and medical devices | Dose | 100 \u{b5}g".to_owned(),
            "set MedicationStatement/dosage/0/text \"100 \u{b5}g\" ;; row Medications and medical devices | Dose | 100 \u{3bc}g".to_owned(),
        ] {
            let mut document = good(version);
            change::apply(&mut document, &change);
            let content = judged(
                &parsed(document.to_string()),
                &standard,
                &Held::nothing_known(),
            );
            let broken: Vec<_> = content.findings().collect();
            assert!(broken.is_empty(), "{change}: {broken:#?}");
        }
    }
}

/// A code of a system that the list of an item does not speak of is not checked, and so not met.
#[test]
fn a_code_of_an_unknown_system_is_not_met() {
    let mut document = good(Version::Stu3);
    change::apply(
        &mut document,
        "set Encounter/hospitalization/dischargeDisposition/coding/0/system \"https://example.org/codes\"",
    );
    let tree = parsed(document.to_string());
    let content = judged(&tree, &standard(), &Held::nothing_known());
    let mut results = content.results.iter();
    let result = results.find(|it| it.rule.id.as_str() == "EDIS-DIS-07");
    assert!(matches!(
        result.map(|it| &it.state),
        Some(plumbline_prsb::State::CannotTest(reason)) if reason.contains("not checked")
    ));
}

#[test]
fn near_duplicates_of_heading_codes_are_accepted_with_a_warning() {
    let standard = standard();
    let mut document = good(Version::R4);
    let text = document
        .to_string()
        .replace("\"gp-practice\"", "\"general-practitioner-practice\"");
    document = serde_json::from_str(&text).unwrap();
    let content = judged(
        &parsed(document.to_string()),
        &standard,
        &Held::nothing_known(),
    );
    assert_eq!(content.findings().count(), 0);
    assert!(
        content
            .warnings
            .iter()
            .any(|it| it.contains("GP practice") && it.contains("preferred"))
    );
    let unknown = text.replace("\"general-practitioner-practice\"", "\"gp-surgery\"");
    let content = judged(&parsed(unknown), &standard, &Held::nothing_known());
    let broken: Vec<&str> = content.findings().map(|it| it.rule.as_str()).collect();
    assert_eq!(broken, ["EDIS-SEC-08"]);
    assert!(
        content
            .warnings
            .iter()
            .any(|it| it.contains("no code of a heading"))
    );
}

/// Whatever is in a document, judging ends with a result.
#[test]
fn nothing_hostile_in_a_document_stops_it() {
    let standard = standard();
    let plain = good(Version::Stu3).to_string();
    let hostile = [
        "null",
        "[]",
        "{}",
        "7",
        "\"\"",
        "\"<table><tr><th>\"",
        "\"urn:uuid:\"",
        "[[[]]]",
        "{\"reference\":\"#\"}",
    ];
    let keys = [
        "section",
        "entry",
        "text",
        "div",
        "code",
        "coding",
        "reference",
        "identifier",
        "item",
        "period",
        "name",
        "resource",
    ];
    for key in keys {
        for value in hostile {
            let from = format!("\"{key}\":");
            let parts: Vec<&str> = plain.splitn(4, &from).collect();
            if parts.len() < 4 {
                continue;
            }
            // The old value stays under another name, so that the text stays JSON.
            let text = format!(
                "{}{from}{}{from}{value},\"was\":{}",
                parts[0],
                parts[1],
                parts[2..].join(&from)
            );
            let tree = parsed(text);
            let _ = judge(&tree, &standard, &Held::nothing_known());
        }
    }
    // A list that holds itself, and references that lead round.
    let round = plain.replace("000000000015\"}", "000000000014\"}");
    let _ = judge(&parsed(round), &standard, &Held::nothing_known());
}

#[test]
fn a_truncated_document_never_gets_as_far() {
    let text = good(Version::Stu3).to_string();
    for at in (0..text.len()).step_by(997) {
        if text.is_char_boundary(at) {
            assert!(Tree::parse(text.as_bytes()[..at].to_vec(), &Limits::default()).is_err());
        }
    }
}

/// The list of names that may be shown is that of the definitions, no more and no less.
#[test]
fn the_names_that_may_be_shown_are_those_of_fhir() {
    let mut names = std::collections::BTreeSet::new();
    for definitions in [
        plumbline_fhir::Definitions::stu3(),
        plumbline_fhir::Definitions::r4(),
    ] {
        let mut seen = std::collections::BTreeSet::new();
        for kind in definitions.types() {
            if kind.kind() != plumbline_fhir::TypeKind::Profile {
                names.insert(kind.name());
            }
            let mut open = vec![kind.shape()];
            while let Some(shape) = open.pop() {
                for element in shape.children() {
                    names.insert(element.stem());
                    // Elements may hold those of their own kind.
                    if seen.insert(element.number()) {
                        open.extend(element.inline_shape());
                    }
                }
            }
        }
    }
    let listed = include_str!("../../src/element_names.txt");
    let listed: std::collections::BTreeSet<&str> = listed.lines().collect();
    assert_eq!(listed, names);
}

/// Names, numbers and texts of people are in no word of a result.
#[test]
fn no_finding_holds_a_value_of_the_document() {
    let standard = standard();
    let canaries = [
        ("Rowan", "CanaryGiven"),
        ("Example", "CanaryFamily"),
        ("9990000026", "7777777777"),
        ("1957-01-01", "1911-CANARY"),
        ("1 Invented Lane", "1 Canary Lane"),
        ("Nowhere", "Canaryville"),
        ("ZZ99", "CA99"),
        ("01632", "09999"),
        ("373942005", "373942005"),
        ("22298006", "22298CANARY"),
        ("W9", "CANARYW9"),
    ];
    for version in [Version::Stu3, Version::R4] {
        let mut text = good(version).to_string();
        for (from, to) in canaries {
            text = text.replace(from, to);
        }
        let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
        change::apply(
            &mut document,
            "remove Encounter/period/end ;; remove Condition/code ;; remove-section GP practice",
        );
        document["entry"][1]["resource"]["canaryName"] =
            json!([{"coding":[{"system":"http://snomed.info/sct","code":"123"}]}]);
        let tree = parsed(document.to_string());
        let held = Held::nothing_known().value("EDIS-SAF-01", "CANARYHELD");
        let content = judged(&tree, &standard, &held);
        assert!(content.findings().count() > 5);
        let shown = format!("{content:?}").to_lowercase();
        for word in ["canary", "7777777777", "1911", "ca99", "09999"] {
            assert!(!shown.contains(word), "{word} is shown");
        }
    }
}
