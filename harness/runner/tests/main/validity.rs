//! Whether answers are valid FHIR: what the record says of each body, that no verdict changes by it, and the step
//! that asks for it. Not for validation itself, which has tests of its own.

use crate::proxy::{Proxy, Spoil};
use crate::support::{Bench, runtime, serve, serve_with};
use plumbline_mocks::MockOptions;
use plumbline_model::{BodyCheck, IssueSeverity, PackId, RunRecord, Unchecked, Verdict};
use plumbline_pack::Files;
use plumbline_runner::{Selection, Table};
use std::collections::BTreeMap;
use std::time::Duration;

/// Adds an element that FHIR does not have and a code that is in no value set, which no scenario looks at.
const FAULT: &str = r#"
id = "invalid"
title = "sends what is not FHIR"
code = "FHIR-BASE"

[[case]]
requirement = "UKA-PAT-004"
scenario = "uka-pat-name"
path = "Patient"
keys = ["name"]
where = { name = "Larkspur" }
action = { patch = [{ op = "set", path = "/entry/0/resource/dateOfBirth", value = "1951-03-14" }, { op = "set", path = "/entry/0/resource/maritalStatus", value = { coding = [{ code = " " }] } }] }
"#;

const SCENARIO: &str = "# Source: none.
Feature: Validity

  @id:uka-pat-name-valid @req:UKA-PAT-004 @capability:patient-index
  Scenario: A search by name is answered with valid FHIR
    Given the patient \"patient-basic\"
    When patients are searched by \"name\" \"{family}\"
    Then the response is valid FHIR
";

fn run(bench: &Bench, scenario: &str, faults: &[&str]) -> RunRecord {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("invalid.toml"), FAULT).unwrap();
    let selection = Selection::tags(&format!("@id:{scenario}")).unwrap();
    runtime().block_on(async {
        let address = serve_with(&MockOptions {
            faults: faults.iter().map(|id| (*id).to_owned()).collect(),
            faults_dir: Some(folder.path().to_owned()),
            ..MockOptions::vendor("riverside-epr")
        })
        .await;
        let patience = Duration::from_secs(10);
        bench
            .run(address, 1, &selection, patience, std::future::pending())
            .await
    })
}

#[test]
fn the_record_says_what_is_invalid_and_no_verdict_changes() {
    let bench = Bench::new();
    let good = run(&bench, "uka-pat-name", &[]);
    assert!(good.exchanges.len() > 1);
    for exchange in &good.exchanges {
        let body = exchange.fhir.checked().unwrap();
        assert_eq!((body.version.as_str(), body.errors), ("4.0.1", 0));
        assert!(body.codes.checked > 0 && body.issues.is_empty());
    }
    let bad = run(&bench, "uka-pat-name", &["invalid/UKA-PAT-004"]);
    let found: Vec<_> = bad
        .exchanges
        .iter()
        .filter_map(|exchange| exchange.fhir.checked())
        .flat_map(|body| &body.issues)
        .map(|issue| (issue.code.as_str(), issue.severity, issue.fhirpath.as_str()))
        .collect();
    let error = IssueSeverity::Error;
    assert!(found.contains(&(
        "FHIR-UNKNOWN-ELEMENT",
        error,
        "Bundle.entry[0].resource.dateOfBirth"
    )));
    assert!(
        found.iter().any(|(code, _, _)| *code == "FHIR-CODE"),
        "{found:?}"
    );
    let verdicts = |record: &RunRecord| {
        record
            .scenarios
            .iter()
            .map(|s| s.verdict)
            .collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&good), verdicts(&bad));
    assert_eq!(verdicts(&good), [Verdict::Pass]);
}

#[test]
fn the_step_asks_for_it() {
    let files = BTreeMap::from([(
        "scenarios/uk-core-access/validity.feature".to_owned(),
        SCENARIO.as_bytes().to_vec(),
    )]);
    let files = Files::embedded().overlay(Files::from_map(files));
    let pack = plumbline_pack::load(&files, &PackId::from("uk-core-access"), &Table::standard());
    let mut bench = Bench::new();
    bench.pack =
        pack.unwrap_or_else(|report| panic!("{}", report.render(&|path| files.text(path), false)));
    let good = run(&bench, "uka-pat-name-valid", &[]);
    assert_eq!(good.scenarios[0].verdict, Verdict::Pass);
    let bad = run(&bench, "uka-pat-name-valid", &["invalid/UKA-PAT-004"]);
    assert_eq!(bad.scenarios[0].verdict, Verdict::Fail);
    let findings: Vec<_> = bad.scenarios[0]
        .steps
        .iter()
        .flat_map(|s| &s.findings)
        .collect();
    assert!(
        findings
            .iter()
            .all(|finding| finding.code.as_str() == "FHIR-BASE")
    );
    assert!(
        findings[0].message.contains("(FHIR-"),
        "{}",
        findings[0].message
    );
}

#[test]
fn what_is_no_body_to_check_says_so() {
    let bench = Bench::new();
    let selection = Selection::tags("@id:uka-pat-name").unwrap();
    for (spoil, reason) in [
        (Spoil::EmptyBody, Unchecked::NoBody),
        (Spoil::Html, Unchecked::Unreadable),
        (Spoil::Dropped, Unchecked::NoAnswer),
    ] {
        let record = runtime().block_on(async {
            let proxy = Proxy::start(serve(&[]).await, Some((1, spoil))).await;
            let patience = Duration::from_secs(10);
            bench
                .run(
                    proxy.address,
                    1,
                    &selection,
                    patience,
                    std::future::pending(),
                )
                .await
        });
        let checks: Vec<&BodyCheck> = record.exchanges.iter().map(|e| &e.fhir).collect();
        assert!(checks.contains(&&BodyCheck::not(reason)), "{checks:?}");
    }
}
