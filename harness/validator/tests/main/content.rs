//! Why there are content rules: a discharge summary that the official Composition profile passes, and that lacks four
//! sections which the standard demands. Not the content rules themselves, nor profiles in general.
//! The document is invented; the official profile lies beside the repository, and without it the test is skipped,
//! visibly. No pack holds that profile: `profiles/transfer-of-care` has content rules only.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use super::{examples, mutation::places};
use plumbline_fhir::{Definitions, FhirVersion, json_to_xml};
use plumbline_prsb::{Held, Severity as Must, Standard, judge};
use plumbline_tree::{Layout, Limits, Tree};
use plumbline_validator::{Judged, Options, Severity, Validator};
use serde_json::Value;
use std::path::Path;

const PROFILE: &str =
    "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1";

/// What a clinician needs, and the profile does not ask for.
const DEMANDED: [&str; 4] = [
    "GP practice",
    "Diagnoses",
    "Clinical summary",
    "Person completing record",
];

fn path(of: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(of)
}

/// The good document of the content rules without some sections, in both syntaxes.
fn without(titles: &[&str]) -> [Tree; 2] {
    let text = std::fs::read_to_string(path("harness/prsb/fixtures/good-stu3.json")).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let sections = document.pointer_mut("/entry/0/resource/section").unwrap();
    let sections = sections.as_array_mut().unwrap();
    let before = sections.len();
    sections.retain(|it| !titles.contains(&it["title"].as_str().unwrap()));
    assert_eq!(before - sections.len(), titles.len());
    let json = Tree::parse(document.to_string().into_bytes(), &Limits::default()).unwrap();
    let xml = json_to_xml(&json, Definitions::stu3(), Layout::Compact).unwrap();
    [
        json,
        Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap(),
    ]
}

/// The sections that the content rules miss.
fn missed(tree: &Tree) -> Vec<String> {
    let folder = path("profiles/transfer-of-care/prsb");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path());
    let mut rows: Vec<(String, String)> = files
        .map(|it| {
            let name = it.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(it).unwrap())
        })
        .collect();
    rows.sort();
    let rows: Vec<(&str, &str)> = rows.iter().map(|it| (&*it.0, &*it.1)).collect();
    let standard = Standard::read("edischarge", &rows).unwrap();
    let content = judge(tree, &standard, &Held::nothing_known()).unwrap();
    let broken = content.broken(Must::Must);
    broken.map(|it| it.rule.id.as_str().to_owned()).collect()
}

/// What is wrong with the Composition, by the base specification and by the official profile, which was checked.
/// What other profiles say of the entries, to which references lead, is another matter.
fn errors(judged: &Judged) -> Vec<String> {
    let claim = judged.profiles.iter().find(|it| it.url == PROFILE);
    let reason = claim.unwrap().reason();
    assert_eq!(reason, None, "the profile was not checked");
    let errors = judged.outcome.issues.iter();
    let errors = errors.filter(|it| it.severity == Severity::Error);
    let errors = errors.filter(|it| it.path.starts_with("Bundle.entry[0]"));
    errors
        .map(|it| format!("{} {}: {}", it.code, it.path, it.message))
        .collect()
}

#[test]
fn the_official_profile_passes_a_discharge_without_what_the_standard_demands() {
    let Some(folder) = places::shared("nhs-stu3") else {
        return;
    };
    let folders = ["StructureDefinitions", "ValueSets", "CodeSystems"].map(|it| folder.join(it));
    let validator = Validator::new(examples::library(FhirVersion::Stu3, &folders));
    for tree in without(&DEMANDED) {
        let judged = validator.judge(&tree, &[], &Options::default());
        assert_eq!(errors(&judged), Vec::<String>::new());
        assert_eq!(
            missed(&tree),
            ["EDIS-SEC-04", "EDIS-SEC-05", "EDIS-SEC-08", "EDIS-SEC-17"]
        );
    }
    // The profile is no sham: one of the two sections that it does demand is missed by both.
    for tree in without(&["Allergies and adverse reactions"]) {
        let judged = validator.judge(&tree, &[], &Options::default());
        let errors = errors(&judged);
        assert!(
            errors.len() == 1 && errors[0].starts_with("FHIR-SLICE-MIN Bundle.entry[0].resource"),
            "{errors:#?}"
        );
        assert_eq!(missed(&tree).len(), 1);
    }
    for tree in without(&[]) {
        assert!(missed(&tree).is_empty());
    }
}
