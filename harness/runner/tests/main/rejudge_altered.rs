//! Evidence that somebody cut, emptied or mixed up: whatever is missing from it, nothing passes for it.
//! Not for evidence as a run leaves it: `rejudge`.

use crate::proxy::{Proxy, Spoil};
use crate::rejudge::{again, collected, is_better, verdicts};
use crate::support::{Bench, runtime, serve};
use plumbline_model::{Environment, RunRecord, ScenarioId, SkipReason, StoredBody, Verdict};
use plumbline_runner::Selection;
use std::time::Duration;

/// The next number of the generator `SplitMix64`.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn below(state: &mut u64, bound: usize) -> usize {
    usize::try_from(next(state) % u64::try_from(bound).unwrap()).unwrap()
}

/// One way to spoil a record at a place that chance chooses.
type Way = fn(&mut RunRecord, &mut u64);

const WAYS: [(&str, Way); 7] = [
    ("empties a body", |record, state| {
        let at = below(state, record.exchanges.len());
        record.exchanges[at].body = StoredBody::Empty;
    }),
    ("cuts a body", |record, state| {
        let at = below(state, record.exchanges.len());
        let keep = below(state, 400);
        if let StoredBody::Json { text, .. } = &mut record.exchanges[at].body {
            *text = text.get(..keep).unwrap_or(text).into();
        }
    }),
    ("cuts a status", |record, state| {
        let at = below(state, record.exchanges.len());
        record.exchanges[at].status = None;
    }),
    ("mixes exchanges of two scenarios", |record, state| {
        let (one, other) = (
            below(state, record.scenarios.len()),
            below(state, record.scenarios.len()),
        );
        let made = |record: &RunRecord, at: usize| {
            let steps = record.scenarios[at].steps.iter();
            steps.map(|step| step.exchanges.clone()).collect::<Vec<_>>()
        };
        let (first, second) = (made(record, one), made(record, other));
        for (at, others) in [(one, second), (other, first)] {
            for (step, exchanges) in record.scenarios[at].steps.iter_mut().zip(others) {
                step.exchanges = exchanges;
            }
        }
    }),
    ("forgets the exchanges of a step", |record, state| {
        let at = below(state, record.scenarios.len());
        let steps = &mut record.scenarios[at].steps;
        if !steps.is_empty() {
            let step = below(state, steps.len());
            steps[step].exchanges.clear();
        }
    }),
    ("replaces a value by a token", |record, state| {
        let at = below(state, record.exchanges.len());
        if let StoredBody::Json { text, .. } = &mut record.exchanges[at].body {
            let values: Vec<usize> = text.match_indices(": \"").map(|(at, _)| at + 3).collect();
            if !values.is_empty() {
                let start = values[below(state, values.len())];
                let end = start + text[start..].find('"').unwrap();
                *text = [&text[..start], "{value}", &text[end..]].concat().into();
            }
        }
    }),
    ("hides a name", |record, state| {
        let at = below(state, record.exchanges.len());
        if let StoredBody::Json { text, .. } = &mut record.exchanges[at].body {
            let names: Vec<usize> = text.match_indices("\": ").map(|(at, _)| at).collect();
            if !names.is_empty() {
                let end = names[below(state, names.len())];
                let start = text[..end].rfind('"').unwrap() + 1;
                *text = [&text[..start], "{element}", &text[end..]].concat().into();
            }
        }
    }),
];

#[test]
fn nothing_passes_for_want_of_evidence() {
    let bench = Bench::new();
    for vendor in ["riverside-epr", "riverside-epr-faulty"] {
        let then = collected(&bench, vendor, Environment::Mock);
        let before = verdicts(&then);
        let mut state = 20_261_122;
        for round in 0..21 {
            let (way, spoil) = WAYS[round % WAYS.len()];
            let mut spoilt = then.clone();
            for _ in 0..8 {
                spoil(&mut spoilt, &mut state);
            }
            let now = again(&bench, spoilt).unwrap().record;
            for (id, verdict) in verdicts(&now) {
                let was = before[&id];
                let told =
                    format!("{vendor}, {way} in round {round}: {id} was {was}, is {verdict}");
                assert!(!is_better(verdict, was), "{told}");
                // A judge who did not change sees no failure that was not there.
                assert!(verdict != Verdict::Fail || was == Verdict::Fail, "{told}");
            }
        }
    }
}

/// The same for a judge who is free to say otherwise: no failure becomes better.
#[test]
fn no_failure_is_taken_back_by_another_version_for_want_of_evidence() {
    let mut bench = Bench::new();
    let mut then = collected(&bench, "riverside-epr-faulty", Environment::Mock);
    bench.pack.fingerprint = "another".to_owned();
    then.plumbline = "0.0.0".to_owned();
    let before = verdicts(&then);
    let failed: Vec<ScenarioId> = then
        .scenarios
        .iter()
        .filter(|one| one.verdict == Verdict::Fail)
        .map(|one| one.id.clone())
        .collect();
    assert!(!failed.is_empty());
    let mut state = 7;
    for round in 0..14 {
        let (way, spoil) = WAYS[round % WAYS.len()];
        let mut spoilt = then.clone();
        for _ in 0..8 {
            spoil(&mut spoilt, &mut state);
        }
        let now = verdicts(&again(&bench, spoilt).unwrap().record);
        for id in &failed {
            assert!(
                !is_better(now[id], Verdict::Fail),
                "{way} in round {round}: {id}"
            );
        }
        for (id, verdict) in now {
            assert!(
                !is_better(verdict, before[&id]),
                "{way} in round {round}: {id}"
            );
            let is_new = verdict == Verdict::Fail && before[&id] != Verdict::Fail;
            assert!(!is_new, "{way} in round {round}: {id}");
        }
    }
}

/// A run in which one request after the other went wrong in every way.
#[test]
fn what_only_the_wire_could_tell_is_told_again() {
    let bench = Bench::new();
    let selection = Selection::tags("@id:uka-pat-identifier or @id:uka-alg-patient").unwrap();
    let patience = Duration::from_millis(300);
    let mut told = 0;
    for spoil in Spoil::ALL {
        for number in 1..5 {
            let then = runtime().block_on(async {
                let upstream = serve(&[]).await;
                let proxy = Proxy::start(upstream, Some((number, spoil))).await;
                let cancel = std::future::pending();
                bench
                    .run(proxy.address, 1, &selection, patience, cancel)
                    .await
            });
            let now = again(&bench, then.clone()).unwrap().record;
            for (one, other) in then.scenarios.iter().zip(&now.scenarios) {
                let (was, is) = (one.verdict, other.verdict);
                let lost = Verdict::Skip(SkipReason::Redacted);
                assert!(
                    was == is || is == lost,
                    "{spoil:?} of request {number}: {} was {was}, is {is}",
                    one.id
                );
                told += usize::from(is != Verdict::Pass && is != lost);
            }
        }
    }
    assert!(told > 20, "{told}");
}
