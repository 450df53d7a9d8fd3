//! What changed between two runs, scenario by scenario.

use crate::support::{real_record, record};
use plumbline_bundle::{Allow, Change, Incomparable, diff};
use plumbline_model::{
    Completion, ErrorKind, NotApplicableReason, RunRecord, ScenarioId, SkipReason, SubjectKind,
    Verdict,
};

const FAIL: Verdict = Verdict::Fail;
const PASS: Verdict = Verdict::Pass;
const WARNING: Verdict = Verdict::Warning;
const SKIP: Verdict = Verdict::Skip(SkipReason::NoActor);
const ERROR: Verdict = Verdict::Error(ErrorKind::Unreachable);
const NOT_APPLICABLE: Verdict = Verdict::NotApplicable(NotApplicableReason::OutOfScope);

/// A run with one scored scenario.
fn run(verdict: Verdict) -> RunRecord {
    let mut run = real_record();
    run.scenarios.truncate(1);
    run.scenarios[0].verdict = verdict;
    run.scenarios[0].scored = true;
    run
}

fn change(before: Verdict, after: Verdict) -> (Change, usize) {
    let diff = diff(&run(before), &run(after), &[]).unwrap();
    let found = Change::ALL.iter().find(|change| diff.counts[change] == 1);
    (*found.unwrap(), diff.regressions)
}

#[test]
fn every_pair_of_verdicts_has_its_word() {
    for (before, after, wanted, worse) in [
        (PASS, FAIL, Change::NewlyFailing, 1),
        (WARNING, FAIL, Change::NewlyFailing, 1),
        (SKIP, FAIL, Change::NewlyFailing, 1),
        (NOT_APPLICABLE, FAIL, Change::NewlyFailing, 1),
        (PASS, WARNING, Change::NewlyWarning, 1),
        (SKIP, WARNING, Change::NewlyWarning, 1),
        (FAIL, WARNING, Change::NewlyWarning, 0),
        (PASS, SKIP, Change::NewlyUndecided, 1),
        (WARNING, ERROR, Change::NewlyUndecided, 1),
        (PASS, Verdict::Review, Change::NewlyUndecided, 1),
        (FAIL, SKIP, Change::NewlyUndecided, 0),
        (NOT_APPLICABLE, SKIP, Change::NewlyUndecided, 0),
        (FAIL, FAIL, Change::StillFailing, 0),
        (WARNING, WARNING, Change::StillWarning, 0),
        (SKIP, ERROR, Change::StillUndecided, 0),
        (FAIL, PASS, Change::Fixed, 0),
        (WARNING, PASS, Change::Fixed, 0),
        (SKIP, PASS, Change::NewlyMet, 0),
        (NOT_APPLICABLE, PASS, Change::ScopeChanged, 0),
        (FAIL, NOT_APPLICABLE, Change::ScopeChanged, 0),
        (PASS, PASS, Change::Unchanged, 0),
        (NOT_APPLICABLE, NOT_APPLICABLE, Change::Unchanged, 0),
    ] {
        assert_eq!(
            change(before, after),
            (wanted, worse),
            "{before} -> {after}"
        );
    }
}

#[test]
fn an_advisory_scenario_is_shown_and_never_a_regression() {
    let mut after = run(FAIL);
    after.scenarios[0].scored = false;
    let diff = diff(&run(PASS), &after, &[]).unwrap();
    assert_eq!(diff.counts[&Change::NewlyFailing], 1);
    assert_eq!(diff.regressions, 0);
}

#[test]
fn what_only_one_run_has_is_neither_fixed_nor_failing() {
    let (before, mut after) = (run(FAIL), run(FAIL));
    after.scenarios[0].id = ScenarioId::new("another");
    let diff = diff(&before, &after, &[]).unwrap();
    assert_eq!(
        (
            diff.counts[&Change::OnlyInFirst],
            diff.counts[&Change::OnlyInSecond]
        ),
        (1, 1)
    );
    assert_eq!(
        diff.counts[&Change::Fixed] + diff.counts[&Change::NewlyFailing],
        0
    );
    assert_eq!(diff.regressions, 0);
    assert_eq!(diff.rows.len(), 2);
}

#[test]
fn only_like_is_compared_with_like_unless_it_is_said() {
    let real = real_record();
    let refused = |other: &RunRecord| diff(&real, other, &[]).unwrap_err();
    let mut deployment = real.clone();
    deployment.subject.kind = SubjectKind::Deployment;
    assert_eq!(
        refused(&deployment),
        Incomparable::Kinds("product", "deployment")
    );
    assert_eq!(refused(&record()), Incomparable::Mock);
    let mut pack = real.clone();
    pack.pack.id = "another".into();
    assert_eq!(
        refused(&pack),
        Incomparable::Packs("uk-core-access".into(), "another".into())
    );
    let mut edition = real.clone();
    edition.pack.fingerprint = "0".repeat(64);
    assert!(matches!(refused(&edition), Incomparable::Editions(..)));
    for (other, allowed) in [
        (&deployment, Allow::OtherKind),
        (&record(), Allow::OtherKind),
        (&pack, Allow::OtherPack),
        (&edition, Allow::OtherPack),
    ] {
        let diff = diff(&real, other, &[allowed]).unwrap();
        assert!(!diff.caveats.is_empty(), "what is unlike is said");
    }
    assert!(
        diff(&record(), &real, &[Allow::OtherKind])
            .unwrap()
            .mock
            .is_some()
    );
}

#[test]
fn what_to_bear_in_mind_is_said() {
    let real = real_record();
    assert_eq!(
        diff(&real, &real, &[]).unwrap().caveats,
        Vec::<String>::new()
    );
    assert_eq!(diff(&real, &real, &[]).unwrap().mock, None);
    let mut other = real.clone();
    other.subject.product = "Another".to_owned();
    other.scope.pop();
    other.plumbline = "9.9.9".to_owned();
    other.completion = Completion::Incomplete {
        why: "stopped".to_owned(),
    };
    let caveats = diff(&real, &other, &[]).unwrap().caveats.join(" ");
    for wanted in [
        "two different products",
        "Scope or selection differ",
        "second run did not come",
        "9.9.9",
    ] {
        assert!(caveats.contains(wanted), "{wanted}: {caveats}");
    }
}
