//! The forms of a report that other programs read: test cases for build servers, and verdicts to compare.

use crate::support::{self, Mock, PACK, files, plumbline, temp};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const FORMS: [(&str, &str); 4] = [
    ("html", "report.html"),
    ("json", "report.json"),
    ("junit", "report.junit.xml"),
    ("verdicts", "verdicts.ndjson"),
];

/// Runs the pack against a mock system of its own, into a folder.
fn run(folder: &Path, vendor: &str, out: &str) {
    let mock = Mock::start(vendor);
    support::write_target(folder, &support::target(&mock.base_url, "mock"));
    let arguments = [
        "run",
        "--target",
        "target.toml",
        "--pack",
        PACK,
        "--out",
        out,
    ];
    plumbline(folder, &arguments);
    assert!(folder.join(out).join("record.json").exists());
}

fn report(folder: &Path, run: &str, name: &str) -> String {
    fs::read_to_string(folder.join(run).join("reports").join(name)).unwrap()
}

#[test]
fn a_run_folder_holds_every_form_and_they_are_made_again_the_same() {
    let folder = temp();
    let folder = folder.path();
    run(folder, "riverside-epr-faulty", "run");
    let stored: BTreeSet<String> = files(&folder.join("run/reports"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(stored, FORMS.map(|(_, name)| name.to_owned()).into());
    for (form, name) in FORMS {
        plumbline(
            folder,
            &["report", "run", "--format", form, "--out", "again"],
        )
        .code(0);
        let again = fs::read_to_string(folder.join("again")).unwrap();
        assert!(again == report(folder, "run", name), "{form}");
    }
    plumbline(folder, &["report", "run", "--format", "xml"])
        .code(2)
        .says("junit");
}

#[test]
fn two_runs_of_one_system_have_the_same_verdicts_byte_for_byte() {
    let folder = temp();
    let folder = folder.path();
    for vendor in ["riverside-epr", "riverside-epr-faulty"] {
        let (one, two) = (format!("{vendor}-1"), format!("{vendor}-2"));
        run(folder, vendor, &one);
        run(folder, vendor, &two);
        let verdicts = report(folder, &one, "verdicts.ndjson");
        assert!(
            verdicts == report(folder, &two, "verdicts.ndjson"),
            "{vendor}"
        );
        assert!(verdicts.contains("says nothing about a real product"));
        assert!(!verdicts.contains("127.0.0.1"), "no address of one run");
        assert!(
            report(folder, &one, "report.json") != report(folder, &two, "report.json"),
            "the other form does differ, which is why there is this one"
        );
    }
}

#[test]
fn one_fault_changes_the_lines_of_its_rule_and_no_other() {
    let folder = temp();
    let folder = folder.path();
    run(folder, "riverside-epr", "good");
    for (fault, rule) in [
        ("hides-allergies/UKA-ALG-005", "UKA-ALG-005"),
        ("accepted-only/UKA-MET-001", "UKA-MET-001"),
        ("another-number/UKA-PAT-010", "UKA-PAT-010"),
    ] {
        let mock = Mock::with_faults("riverside-epr", &[fault]);
        support::write_target(folder, &support::target(&mock.base_url, "mock"));
        let out = rule.to_lowercase();
        let arguments = [
            "run",
            "--target",
            "target.toml",
            "--pack",
            PACK,
            "--out",
            &out,
        ];
        plumbline(folder, &arguments);
        let good = report(folder, "good", "verdicts.ndjson");
        let faulty = report(folder, &out, "verdicts.ndjson");
        let good: BTreeSet<&str> = good.lines().collect();
        let faulty: BTreeSet<&str> = faulty.lines().collect();
        let changed: Vec<&&str> = good.symmetric_difference(&faulty).collect();
        assert!(changed.len() >= 4, "{fault}: {changed:?}");
        let own = format!("\"requirement\":\"{rule}\"");
        for line in changed {
            assert!(line.contains(&own), "{fault} changes {line}");
        }
    }
}

#[test]
fn junit_counts_what_the_record_counts() {
    let folder = temp();
    let folder = folder.path();
    run(folder, "riverside-epr-faulty", "run");
    let junit = report(folder, "run", "report.junit.xml");
    let record = support::record(&folder.join("run"));
    let scenarios = record["scenarios"].as_array().unwrap();
    assert_eq!(junit.matches("<testcase ").count(), scenarios.len());
    let failed = scenarios
        .iter()
        .filter(|s| s["scored"] == true && s["verdict"]["verdict"] == "fail")
        .count();
    assert!(failed > 0);
    assert_eq!(junit.matches("<failure ").count(), failed);
    let features: BTreeSet<&str> = scenarios
        .iter()
        .map(|s| s["feature"].as_str().unwrap())
        .collect();
    assert_eq!(junit.matches("<testsuite ").count(), features.len());
    assert_eq!(junit.matches("\"plumbline.mock\"").count(), features.len());
    assert!(junit.contains("(mock system)\""));
}
