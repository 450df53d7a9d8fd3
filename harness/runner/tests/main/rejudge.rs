//! Stored evidence judged again: the same judge says the same or that it cannot say, another one says what
//! it would have said, and nobody is asked. Not for evidence that was altered: `rejudge_altered`.

use crate::provider::{Practice, VENDOR};
use crate::support::{Bench, runtime, serve_with};
use plumbline_mocks::MockOptions;
use plumbline_model::{
    Completion, Environment, Level, RunRecord, ScenarioId, SkipReason, StepKind, Verdict,
};
use plumbline_runner::{RejudgeError, RejudgeOptions, RunOutput, Selection, rejudge};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// What redaction takes from the evidence of UK Core Access where all people are synthetic, and the
/// check that needs it.
const LOST: [(&str, &str); 7] = [
    ("uka-alg-codes", "FHIR-DATE"),
    ("uka-imm-codes", "FHIR-DATE"),
    ("uka-mad-codes", "FHIR-DATE"),
    ("uka-mdi-codes", "FHIR-DATE"),
    ("uka-mrq-codes", "FHIR-DATE"),
    ("uka-mst-codes", "FHIR-DATE"),
    ("uka-sec-cors", "HTTP-HEADER"),
];

/// The same of GP Connect.
const LOST_GPC: [(&str, &str); 13] = [
    ("gpc-cap-profiles", "CAPABILITY-PROFILE"),
    ("gpc-cap-register", "CAPABILITY-OPERATION"),
    ("gpc-cap-software", "RESOURCE-SHAPE"),
    ("gpc-fnd-loc-read", "RESOURCE-SHAPE"),
    ("gpc-fnd-org-find", "RESOURCE-SHAPE"),
    ("gpc-fnd-prac-find", "RESOURCE-SHAPE"),
    ("gpc-fnd-profile", "RESOURCE-SHAPE"),
    ("gpc-fnd-read-etag", "ETAG-VERSION"),
    ("gpc-fnd-register", "RESOURCE-SHAPE"),
    ("gpc-fnd-register-sensitive", "NO-TRACE"),
    ("gpc-fnd-register-type", "RESOURCE-SHAPE"),
    ("gpc-fnd-sensitive", "NO-TRACE"),
    ("gpc-fnd-verification", "RESOURCE-SHAPE"),
];

/// A run of the whole pack against a vendor.
pub fn collected(bench: &Bench, vendor: &str, environment: Environment) -> RunRecord {
    runtime().block_on(async {
        let address = serve_with(&MockOptions::vendor(vendor)).await;
        let ten = Duration::from_secs(10);
        let mut options = bench.options(address, 4, &Selection::all(), ten);
        options.target.environment = environment;
        let cancel = std::future::pending();
        plumbline_runner::run(options, cancel).await.unwrap().record
    })
}

/// Judges again, in a runtime that can neither open a socket nor wait.
pub fn again(bench: &Bench, record: RunRecord) -> Result<RunOutput, RejudgeError> {
    let bare = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    bare.block_on(rejudge(RejudgeOptions {
        pack: &bench.pack,
        content: bench.content.clone(),
        validators: Arc::default(),
        people: bench.people.clone(),
        directory: BTreeMap::new(),
        record,
    }))
}

pub fn verdicts(record: &RunRecord) -> BTreeMap<ScenarioId, Verdict> {
    let all = record.scenarios.iter();
    all.map(|one| (one.id.clone(), one.verdict)).collect()
}

/// Whether a verdict says more for the target than another. "Not tested" says nothing for it.
pub fn is_better(now: Verdict, then: Verdict) -> bool {
    now > then && matches!(now, Verdict::Pass | Verdict::Warning | Verdict::Review)
        || matches!(now, Verdict::NotApplicable(_)) && now != then
}

/// The scenarios whose verdict is another, each with the check that could not judge.
fn lost(then: &RunRecord, now: &RunRecord) -> Vec<(String, String)> {
    let before = verdicts(then);
    let mut lost = Vec::new();
    for scenario in &now.scenarios {
        if before[&scenario.id] == scenario.verdict {
            continue;
        }
        assert_eq!(
            scenario.verdict,
            Verdict::Skip(SkipReason::Redacted),
            "{}: {}",
            scenario.id,
            before[&scenario.id]
        );
        let findings = scenario.steps.iter().flat_map(|step| &step.findings);
        let told: Vec<&str> = findings
            .filter(|finding| finding.code.as_str() == "EVIDENCE-REDACTED")
            .map(|finding| finding.message.as_str())
            .collect();
        let check = told[0].split(" cannot be judged").next().unwrap();
        lost.push((scenario.id.to_string(), check.to_owned()));
    }
    lost.sort();
    lost
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(id, check): &(&str, &str)| ((*id).to_owned(), (*check).to_owned());
    expected.iter().map(own).collect()
}

#[test]
fn the_same_judge_says_the_same_of_a_good_and_of_a_faulty_system() {
    let bench = Bench::new();
    for vendor in ["riverside-epr", "riverside-epr-faulty"] {
        let then = collected(&bench, vendor, Environment::Mock);
        let output = again(&bench, then.clone()).unwrap();
        let now = output.record;
        assert_eq!(lost(&then, &now), pairs(&LOST), "{vendor}");
        let failed = |record: &RunRecord| {
            let all = record.scenarios.iter();
            all.filter(|one| one.verdict == Verdict::Fail).count()
        };
        assert_eq!(failed(&then), failed(&now), "{vendor}");
        assert_eq!(failed(&now) > 0, vendor == "riverside-epr-faulty");
        // What was collected is as it was, and says whose it is.
        assert_eq!(now.exchanges, then.exchanges);
        assert_eq!(
            (&now.started, &now.finished),
            (&then.started, &then.finished)
        );
        assert_eq!(
            (&now.mock, now.environment),
            (&then.mock, Environment::Mock)
        );
        assert_eq!(now.software, then.software);
        assert_eq!(now.target, then.target);
        assert_eq!(now.completion, Completion::Completed);
        let origin = now.rejudged.as_ref().unwrap();
        assert_eq!(origin.run_id, then.run_id);
        assert_eq!(origin.pack_fingerprint, then.pack.fingerprint);
        assert_ne!(now.run_id, then.run_id);
        assert!(now.rejudged_words().unwrap().contains(&then.run_id));
        assert_eq!(again(&bench, then).unwrap().record, now);
    }
}

#[test]
fn gp_connect_is_judged_again_with_its_controls_and_connections() {
    let practice = Practice::new();
    let then = runtime().block_on(async {
        let address = serve_with(&MockOptions::vendor(VENDOR)).await;
        practice.run(address, &Selection::all()).await
    });
    let now = runtime()
        .block_on(rejudge(RejudgeOptions {
            pack: &practice.pack,
            content: None,
            validators: Arc::default(),
            people: practice.people.clone(),
            directory: practice.directory.clone(),
            record: then.clone(),
        }))
        .unwrap()
        .record;
    assert_eq!(lost(&then, &now), pairs(&LOST_GPC));
    assert_eq!(now.ledger, then.ledger);
    assert!(!then.ledger.is_empty());
}

/// The requirements whose scenarios have another verdict.
fn moved(then: &RunRecord, now: &RunRecord) -> BTreeSet<String> {
    let before = verdicts(then);
    let all = now.scenarios.iter();
    all.filter(|one| before.get(&one.id) != Some(&one.verdict))
        .map(|one| one.requirement.to_string())
        .collect()
}

#[test]
fn another_pack_changes_exactly_what_it_changes() {
    let mut bench = Bench::new();
    let then = collected(&bench, "riverside-epr-faulty", Environment::Mock);
    let same = again(&bench, then.clone()).unwrap().record;
    bench.pack.fingerprint = "another".to_owned();
    assert_eq!(
        moved(&same, &again(&bench, then.clone()).unwrap().record),
        BTreeSet::new()
    );

    // A rule that was required is recommended.
    let failed = same
        .scenarios
        .iter()
        .find(|one| one.verdict == Verdict::Fail);
    let requirement = failed.unwrap().requirement.clone();
    let rules = &mut bench.pack.requirements;
    let rule = rules
        .iter_mut()
        .find(|rule| rule.id == requirement)
        .unwrap();
    rule.level = Level::Should;
    let now = again(&bench, then.clone()).unwrap().record;
    assert_eq!(
        moved(&same, &now),
        BTreeSet::from([requirement.to_string()])
    );
    let softer = |one: &&plumbline_model::ScenarioRecord| one.requirement == requirement;
    assert!(
        now.scenarios
            .iter()
            .filter(softer)
            .any(|one| one.verdict == Verdict::Warning)
    );
    assert_eq!(now.pack.fingerprint, "another");
    let rules = &mut bench.pack.requirements;
    rules
        .iter_mut()
        .find(|rule| rule.id == requirement)
        .unwrap()
        .level = Level::Shall;

    // A scenario that passes asks for one thing more, which the evidence shows to be otherwise.
    let scenario = scenario(&mut bench, "uka-pat-identifier");
    let requirement = scenario.requirement.to_string();
    let mut more = scenario.steps.last().unwrap().clone();
    more.text = "the response status is 404".to_owned();
    Arc::make_mut(&mut scenario.steps).push(more);
    let now = again(&bench, then.clone()).unwrap().record;
    assert_eq!(moved(&same, &now), BTreeSet::from([requirement]));
    assert_eq!(
        verdicts(&now)[&ScenarioId::from("uka-pat-identifier")],
        Verdict::Fail
    );
}

fn scenario<'b>(bench: &'b mut Bench, id: &str) -> &'b mut plumbline_pack::Scenario {
    let features = bench.pack.features.iter_mut();
    let mut all = features.flat_map(|feature| &mut feature.scenarios);
    all.find(|one| one.id.as_str() == id).unwrap()
}

#[test]
fn what_the_evidence_does_not_hold_is_not_tested() {
    let mut bench = Bench::new();
    let then = collected(&bench, "riverside-epr", Environment::Mock);
    let same = again(&bench, then.clone()).unwrap().record;
    let absent = Verdict::Skip(SkipReason::NotInEvidence);
    bench.pack.fingerprint = "another".to_owned();

    // A scenario that is new, and one that asks for something else.
    let mut new = scenario(&mut bench, "uka-pat-identifier").clone();
    new.id = ScenarioId::from("new");
    bench.pack.features[0].scenarios.push(new);
    let other = scenario(&mut bench, "uka-pat-gender-match");
    let mut steps = Arc::make_mut(&mut other.steps).iter_mut();
    let asked = steps.find(|step| step.kind == StepKind::Action);
    let step = asked.unwrap();
    step.text = step.text.replace("{gender}", "other");
    for row in step.table.iter_mut().flatten() {
        for cell in row {
            *cell = cell.replace("{gender}", "other");
        }
    }
    let now = again(&bench, then.clone()).unwrap().record;
    let (before, after) = (verdicts(&same), verdicts(&now));
    assert_eq!(after[&ScenarioId::from("new")], absent);
    for (id, verdict) in &before {
        let expected = if id.as_str() == "uka-pat-gender-match" {
            absent
        } else {
            *verdict
        };
        assert_eq!(after[id], expected, "{id}");
    }

    // Somebody who was loaded with other facts than those of today.
    let mut bench = Bench::new();
    let role = plumbline_model::ActorRole::from("patient-with-allergies");
    bench.people.get_mut(&role).unwrap().identity.gender = "male".to_owned();
    let now = again(&bench, then.clone()).unwrap().record;
    let mut touched = 0;
    for (id, verdict) in verdicts(&now) {
        if verdict != before[&id] {
            assert_eq!(verdict, absent, "{id}");
            touched += 1;
        }
    }
    assert!(touched > 5);
}

#[test]
fn nothing_passes_through_a_token_where_people_are_not_shown() {
    let bench = Bench::new();
    for vendor in ["riverside-epr", "riverside-epr-faulty"] {
        let then = collected(&bench, vendor, Environment::Integration);
        let now = again(&bench, then.clone()).unwrap().record;
        let before = verdicts(&then);
        let mut redacted = 0;
        let mut decided = 0;
        for scenario in &now.scenarios {
            let (was, is) = (before[&scenario.id], scenario.verdict);
            assert!(!is_better(is, was), "{}: {was}, then {is}", scenario.id);
            if was != is {
                assert!(
                    matches!(
                        is,
                        Verdict::Skip(SkipReason::Redacted | SkipReason::NotInEvidence)
                    ),
                    "{}: {was}, then {is}",
                    scenario.id
                );
            }
            redacted += usize::from(is == Verdict::Skip(SkipReason::Redacted));
            decided += usize::from(is.is_decided());
        }
        assert!(redacted > 50, "{redacted} redacted, {decided} decided");
        assert!(decided > 0);
        // Whoever is held or matched is known by values that are not there.
        for step in now.scenarios.iter().flat_map(|one| &one.steps) {
            let names = [
                "holds the patient",
                "belongs to another",
                "matches the \"family\"",
            ];
            let is_of_people = names.iter().any(|name| step.text.contains(name));
            assert!(
                !is_of_people || step.verdict != Some(Verdict::Pass),
                "{}",
                step.text
            );
        }
        let text = serde_json::to_string(&now).unwrap();
        for person in bench.people.values() {
            assert!(!text.contains(&person.identity.nhs_number));
        }
    }
}

#[test]
fn nobody_is_asked() {
    let bench = Bench::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let open = listener.local_addr().unwrap().to_string();
    let then = collected(&bench, "riverside-epr-faulty", Environment::Mock);
    let url = then.target.as_ref().unwrap().base_urls["default"].clone();
    let host = url.trim_start_matches("http://").split('/').next().unwrap();
    // The evidence is that of an address at which somebody listens now.
    let text = serde_json::to_string(&then).unwrap().replace(host, &open);
    let then: RunRecord = serde_json::from_str(&text).unwrap();
    let now = again(&bench, then.clone()).unwrap().record;
    assert_eq!(lost(&then, &now), pairs(&LOST));
    let error = listener.accept().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn what_cannot_be_judged_again_is_refused() {
    let bench = Bench::new();
    let then = collected(&bench, "riverside-epr", Environment::Mock);
    let refused = |change: &dyn Fn(&mut RunRecord)| {
        let mut record = then.clone();
        change(&mut record);
        again(&bench, record).unwrap_err()
    };
    let older = refused(&|record| record.format = 2);
    assert!(matches!(older, RejudgeError::Older { format: 2 }));
    assert!(
        older
            .to_string()
            .contains("run the pack against the system again")
    );
    let older = refused(&|record| record.target = None);
    assert!(matches!(older, RejudgeError::Older { .. }));
    let missing = refused(&|record| drop(record.exchanges.pop()));
    assert!(matches!(missing, RejudgeError::Missing { .. }), "{missing}");
    let twice = refused(&|record| record.exchanges.push(record.exchanges[0].clone()));
    assert!(matches!(twice, RejudgeError::Twice { .. }));
    let bare = refused(&|record| record.exchanges[3].capture = None);
    assert!(matches!(bare, RejudgeError::NoCapture { .. }));
    let other = refused(&|record| record.pack.id = "other".into());
    assert!(matches!(other, RejudgeError::OtherPack { .. }));
    let other = refused(&|record| {
        record.target.as_mut().unwrap().fhir_version = "3.0.2".to_owned();
    });
    assert!(matches!(other, RejudgeError::OtherFhir { .. }));
    let nowhere = refused(&|record| {
        let facts = record.target.as_mut().unwrap();
        facts
            .base_urls
            .insert("default".to_owned(), "nowhere".to_owned());
    });
    assert!(matches!(nowhere, RejudgeError::BaseUrl { .. }));
    let first = again(&bench, then.clone()).unwrap().record;
    let second = again(&bench, first).unwrap_err();
    assert!(matches!(second, RejudgeError::NotFirst { .. }));
}
