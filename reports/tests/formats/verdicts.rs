//! The lines for comparing runs: sorted, and free of everything that changes by itself.

use crate::made;
use crate::sample::{self, Sample};
use plumbline_model::{ExchangeId, Finding};
use plumbline_reports::Format;
use serde_json::Value;

fn lines(sample: &Sample) -> Vec<String> {
    let text = made(Format::Verdicts, sample);
    assert!(text.ends_with('\n'));
    text.lines().map(str::to_owned).collect()
}

fn parsed(sample: &Sample) -> Vec<Value> {
    lines(sample)
        .iter()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect()
}

fn findings(sample: &mut Sample) -> impl Iterator<Item = &mut Finding> {
    let scenarios = sample.record.scenarios.iter_mut();
    scenarios
        .flat_map(|s| &mut s.steps)
        .flat_map(|s| &mut s.findings)
}

#[test]
fn what_changes_by_itself_is_not_in_it() {
    let before = lines(&sample::faulty());
    let mut again = sample::faulty();
    again.record.run_id = "another".to_owned();
    again.record.started = "2031-01-01T00:00:00Z".to_owned();
    again.record.finished = "2031-01-01T00:10:00Z".to_owned();
    again.record.plumbline = "9.9.9".to_owned();
    again.record.scenarios.reverse();
    for exchange in &mut again.record.exchanges {
        exchange.id = ExchangeId(exchange.id.0 + 100);
        exchange.elapsed_ms += 17;
    }
    for step in again.record.scenarios.iter_mut().flat_map(|s| &mut s.steps) {
        step.observations += 5;
        for exchange in &mut step.exchanges {
            exchange.0 += 100;
        }
        step.findings.reverse();
    }
    for finding in findings(&mut again) {
        finding.location.exchange = Some(ExchangeId(77));
        finding.location.offset = Some(4711);
        finding.location.line = Some(12);
        finding.location.column = None;
    }
    assert_eq!(lines(&again), before);
}

#[test]
fn the_address_of_the_target_does_not_count() {
    let at = |host: &str| {
        let mut sample = sample::faulty();
        for exchange in &mut sample.record.exchanges {
            exchange.url = format!("{host}/fhir/Patient?x=1");
        }
        for finding in findings(&mut sample) {
            finding.actual = format!("a link to {host}/fhir/Patient/1");
        }
        lines(&sample)
    };
    let here = at("http://127.0.0.1:4711");
    assert!(
        here.iter()
            .any(|l| l.contains("a link to {target}/fhir/Patient/1"))
    );
    assert_eq!(here, at("https://sandbox.example"));
}

#[test]
fn lines_are_sorted_by_rule_scenario_and_step() {
    for sample in sample::all() {
        let all = parsed(&sample);
        assert_eq!(all[0]["kind"], "plumbline-verdicts", "{}", sample.name);
        let key = |line: &Value| {
            (
                line["requirement"].as_str().expect("a rule").to_owned(),
                line["scenario"].as_str().unwrap_or_default().to_owned(),
                line["step"].as_u64().map_or(0, |step| step + 1),
            )
        };
        let keys: Vec<_> = all[1..].iter().map(key).collect();
        assert!(keys.is_sorted(), "{}", sample.name);
        let of = |kind: &str| all.iter().filter(|l| l["kind"] == kind).count();
        assert_eq!(of("rule"), sample.scorecard.requirements.len());
        assert_eq!(of("scenario"), sample.record.scenarios.len());
        assert_eq!(of("rule") + of("scenario") + of("step") + 1, all.len());
    }
}

#[test]
fn a_fault_changes_lines_of_its_rule_only() {
    let good = lines(&sample::good());
    let faulty = lines(&sample::faulty());
    let changed: Vec<&String> = faulty.iter().filter(|line| !good.contains(line)).collect();
    assert!(!changed.is_empty());
    let planted = [
        "UKA-ALG-001",
        "UKA-ALG-002",
        "UKA-ALG-004",
        "UKA-PAT-003",
        "UKA-PAT-004",
    ];
    for line in changed {
        assert!(planted.iter().any(|id| line.contains(id)), "{line}");
    }
    // Rule, scenario and step of each.
    let gone = good.iter().filter(|line| !faulty.contains(line)).count();
    assert_eq!(gone, planted.len() * 3);
}

#[test]
fn equal_findings_are_counted_and_not_repeated() {
    let faulty = parsed(&sample::faulty());
    let step = faulty
        .iter()
        .find(|l| l["kind"] == "step" && l["requirement"] == "UKA-ALG-002")
        .expect("a step");
    assert_eq!(step["verdict"], "fail");
    assert_eq!(step["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(step["findings"][0]["count"], 3);
    assert_eq!(step["findings"][0]["code"], "ALLERGY-HELD");
    assert_eq!(step["findings"][0]["place"], "Bundle.entry[]");
}

#[test]
fn the_first_line_says_what_was_asked_and_never_hides_a_mock() {
    let head = &parsed(&sample::faulty())[0];
    assert_eq!(head["format"], 1);
    assert_eq!(head["pack"], "uk-core-access 0.1.0");
    assert_eq!(head["edition"], "draft 0.1.0 of UK Core Access");
    assert_eq!(head["complete"], true);
    assert!(
        head["mock"]
            .as_str()
            .is_some_and(|m| m.contains("says nothing"))
    );
    assert_eq!(parsed(&sample::real())[0]["mock"], Value::Null);
    assert_eq!(parsed(&sample::empty())[0]["complete"], false);
}

#[test]
fn a_rule_without_a_verdict_is_named_as_not_tested() {
    let all = parsed(&sample::good());
    let untested = all
        .iter()
        .find(|l| l["kind"] == "rule" && l["requirement"] == "UKA-ALG-006")
        .expect("a rule");
    assert_eq!(untested["verdict"], "not-tested");
    let open = parsed(&sample::open());
    let skipped = open
        .iter()
        .find(|l| l["kind"] == "rule" && l["requirement"] == "UKA-ALG-005")
        .expect("a rule");
    assert_eq!(skipped["verdict"], "skip");
    assert_eq!(skipped["reason"], "no test patient for this role");
}
