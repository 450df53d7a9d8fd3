//! The official examples of shared/testdata/nhs-stu3, which are not part of this repository: skipped, with a word,
//! where they are not there. What each finding means is in harness/docs/official-discharge-examples.md.

use crate::inputs::{judged, root, standard};
use plumbline_prsb::{Held, Severity, State, judge_codes, recognise};
use plumbline_tree::{Limits, Tree};

fn examples() -> Vec<(String, Tree)> {
    let given = std::env::var_os("PLUMBLINE_NHS_STU3").map(std::path::PathBuf::from);
    let folder = given.unwrap_or_else(|| root().join("../shared/testdata/nhs-stu3"));
    let Ok(files) = std::fs::read_dir(folder.join("Examples")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            let tree = Tree::parse_xml(std::fs::read(&path).unwrap(), &Limits::default()).ok()?;
            Some((path.file_name()?.to_string_lossy().into_owned(), tree))
        })
        .collect()
}

/// Whether there is anything to test with; says so if not.
fn are_there() -> bool {
    let are = !examples().is_empty();
    if !are {
        println!("skipped: the official examples are not on this computer");
    }
    are
}

/// What a rule of form found wrong, over all examples: how many were looked at, and files with how many wrong.
fn of_form(rule: &str) -> (usize, Vec<(String, usize)>) {
    let standard = standard();
    let mut looked_at = 0;
    let mut wrong = Vec::new();
    for (name, tree) in examples() {
        for result in judge_codes(&tree, &standard) {
            if result.rule.id.as_str() == rule {
                looked_at += result.observed;
                if !result.findings.is_empty() {
                    wrong.push((name.clone(), result.findings.len()));
                }
            }
        }
    }
    (looked_at, wrong)
}

fn once(names: &[&str]) -> Vec<(String, usize)> {
    names.iter().map(|name| ((*name).to_owned(), 1)).collect()
}

#[test]
fn the_official_discharge_has_two_faults_and_no_other() {
    if !are_there() {
        return;
    }
    let standard = standard();
    let judged_ones: Vec<(String, Tree)> = examples()
        .into_iter()
        .filter(|(_, tree)| recognise(tree, &standard).is_ok())
        .collect();
    assert_eq!(judged_ones.len(), 1);
    let (name, tree) = &judged_ones[0];
    assert_eq!(name, "ITK-EDIS-Example-1.xml");
    let content = judged(tree, &standard, &Held::nothing_known());
    let findings: Vec<(&str, Severity, u32)> = content
        .findings()
        .map(|it| (it.rule.as_str(), it.severity, it.line))
        .collect();
    assert_eq!(
        findings,
        [
            ("EDIS-CODE-01", Severity::Must, 1670),
            ("EDIS-CODE-05", Severity::Should, 1892)
        ]
    );
    assert_eq!((content.coded.wrong, content.warnings.len()), (0, 0));
    // A ward identifier as text is what the guide asks for under Discharge location.
    assert_eq!(content.of("EDIS-RULE-04").unwrap().state, State::Met);
}

#[test]
fn documents_of_other_standards_are_refused_by_name() {
    if !are_there() {
        return;
    }
    let standard = standard();
    for (name, tree) in examples() {
        let refused = recognise(&tree, &standard)
            .err()
            .map(|refusal| refusal.what);
        let expected = match name.as_str() {
            "ITK-EDIS-Example-1.xml" => None,
            _ if name.starts_with("ITK-MH-") => Some("another document: mental health discharge"),
            _ if name.starts_with("ITK-OPL-") => Some("another document: outpatient letter"),
            _ if name.starts_with("ITK-Response-") || name.starts_with("DCH-") => {
                Some("a message, not a document")
            }
            _ => continue,
        };
        assert_eq!(refused.as_deref(), expected, "{name}");
    }
}

#[test]
fn wrong_identifiers_and_codes_of_the_official_examples_are_found_by_file() {
    if !are_there() {
        return;
    }
    let nhs = once(&[
        "EMS-PDS-PersonDeath-Bundle-Example-1b.xml",
        "EMS-PDS-PersonDeath-Bundle-Example-1c.xml",
        "ITK-EDIS-Example-1.xml",
        "ITK-EMS-PDSBirthNotification-MessageBundle-Example-1.xml",
        "ITK-MH-Document-Bundle-Example-1.xml",
        "ITK-OPL-Document-Bundle-1-Example-3.xml",
        "ITK-OPL-Document-Bundle-1-Example-4.xml",
        "ITK-OPL-Document-Bundle-1-Example-6.xml",
        "MrS-Bundle(ScoreSScore).xml",
    ]);
    let snomed = once(&[
        "DCH-BloodSpotTestOutcome-Bundle-Example-1.xml",
        "DCH-EducationalHistory-Bundle-Example-1.xml",
        "DCH-InformationandAdviceGiven-Bundle-Example-1.xml",
        "DCH-PlanandRequestedActions-Bundle-Example-1.xml",
        "DCH-SocialContextHousehold-Bundle-Example-1.xml",
        "RARecord-Consent-1-example-1.xml",
    ]);
    assert_eq!(of_form("EDIS-CODE-01"), (37, nhs));
    assert_eq!(of_form("EDIS-CODE-02"), (311, snomed));
    println!(
        "{:?} {:?}",
        of_form("EDIS-CODE-04"),
        of_form("EDIS-CODE-05")
    );
}
