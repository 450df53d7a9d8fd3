//! A required search parameter may be served with the patient, or else alone: the pair is only
//! good practice. What becomes of each rule in the four ways to serve them.

use crate::support::{Bench, runtime, serve_with};
use plumbline_mocks::MockOptions;
use plumbline_model::Verdict;
use plumbline_runner::Selection;
use std::time::Duration;

/// Refuses the pair, or lets a search by status alone through, by the case that is switched on.
const FAULTS: &str = r#"
id = "forms"
title = "serves another form of the search"
code = "HTTP-STATUS"

[[case]]
name = "no-pair"
requirement = "UKA-IMM-009"
scenario = "uka-imm-status-pair"
path = "Immunization"
keys = ["patient", "status"]
action = { refuse = { status = 400, code = "not-supported" } }

[[case]]
name = "alone"
requirement = "UKA-IMM-009"
scenario = "uka-imm-status-pair"
path = "Immunization"
keys = ["status"]
action = { answer_wide = true }

[[case]]
name = "alone-any-status"
requirement = "UKA-IMM-004"
scenario = "uka-imm-status-only"
path = "Immunization"
keys = ["status"]
action = { answer_wide = true, ignore_params = ["status"] }

[[case]]
name = "alone-any-status-later-pages"
requirement = "UKA-IMM-004"
scenario = "uka-imm-status-only"
path = "Immunization"
keys = ["status", "_cursor"]
action = { answer_wide = true, ignore_params = ["status"] }
"#;

/// Labels of the verdicts on: all held records, no other status, the pair, no other patient.
fn verdicts(faults: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("forms.toml"), FAULTS).unwrap();
    let bench = Bench::new();
    let ids = ["status", "status-only", "status-pair", "status-patient"]
        .map(|id| format!("@id:uka-imm-{id}"));
    let selection = Selection::tags(&ids.join(" or ")).unwrap();
    let record = runtime().block_on(async {
        let address = serve_with(&MockOptions {
            faults: faults.iter().map(|name| format!("forms/{name}")).collect(),
            faults_dir: Some(folder.path().to_owned()),
            ..MockOptions::vendor("riverside-epr")
        })
        .await;
        let patience = Duration::from_secs(10);
        bench
            .run(address, 1, &selection, patience, std::future::pending())
            .await
    });
    ids.iter()
        .map(|id| {
            let scenario = record
                .scenarios
                .iter()
                .find(|s| format!("@id:{}", s.id) == *id);
            match scenario.unwrap().verdict {
                Verdict::Skip(_) => "undecided".to_owned(),
                other => other.key().to_owned(),
            }
        })
        .collect()
}

#[test]
fn the_pair_alone_is_enough() {
    assert_eq!(verdicts(&[]), ["pass"; 4]);
}

#[test]
fn the_parameter_alone_meets_the_rule_and_breaks_good_practice() {
    let served = verdicts(&["UKA-IMM-009/no-pair", "UKA-IMM-009/alone"]);
    assert_eq!(served, ["pass", "pass", "warning", "not-applicable"]);
}

#[test]
fn the_parameter_alone_is_judged_as_strictly() {
    let served = verdicts(&[
        "UKA-IMM-009/no-pair",
        "UKA-IMM-004/alone-any-status",
        "UKA-IMM-004/alone-any-status-later-pages",
    ]);
    assert_eq!(served, ["pass", "fail", "warning", "not-applicable"]);
}

#[test]
fn neither_form_breaks_the_rule() {
    let served = verdicts(&["UKA-IMM-009/no-pair"]);
    assert_eq!(served, ["fail", "undecided", "warning", "not-applicable"]);
}
