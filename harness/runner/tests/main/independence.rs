//! Verdicts depend on the target, not on scheduling.

use crate::support::{Bench, runtime, serve};
use plumbline_model::{RunRecord, ScenarioId, Verdict};
use plumbline_runner::{RunError, RunOptions, Selection};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// Faults of several kinds, so that there are passes, failures and warnings to keep apart.
const FAULTS: [&str; 5] = [
    "hides-allergies/UKA-ALG-005",
    "ignores-clinical-status/UKA-ALG-006",
    "loses-a-page/UKA-ALG-003",
    "unmatched/UKA-PAT-007",
    "patient-shape/UKA-PSH-002",
];

/// The record without what a clock has measured.
fn timeless(mut record: RunRecord) -> RunRecord {
    for exchange in &mut record.exchanges {
        exchange.elapsed_ms = 0;
    }
    record
}

/// Runs the whole pack, in the order of the seed, and says in which order scenarios ended.
async fn whole_pack(
    bench: &Bench,
    address: SocketAddr,
    concurrency: usize,
    seed: Option<u64>,
) -> (RunRecord, Vec<ScenarioId>) {
    let ten = Duration::from_secs(10);
    let mut options = bench.options(address, concurrency, &Selection::all(), ten);
    if let Some(seed) = seed {
        options.plan = options.plan.shuffled(seed);
    }
    let ended = Rc::new(RefCell::new(Vec::new()));
    let order = Rc::clone(&ended);
    options.progress = Rc::new(move |id| order.borrow_mut().push(id.clone()));
    let output = plumbline_runner::run(options, std::future::pending())
        .await
        .unwrap();
    (timeless(output.record), ended.take())
}

#[test]
fn the_record_is_the_same_at_any_concurrency_and_in_any_order() {
    let bench = Bench::new();
    runtime().block_on(async {
        let address = serve(&FAULTS).await;
        let (one, order) = whole_pack(&bench, address, 1, None).await;
        for verdict in [Verdict::Pass, Verdict::Fail] {
            assert!(one.scenarios.iter().any(|s| s.verdict == verdict));
        }
        let of_record: Vec<_> = one.scenarios.iter().map(|s| s.id.clone()).collect();
        assert_eq!(order, of_record, "without a seed, the order is the pack's");
        let same = |other: RunRecord, how: &str| {
            let differs = one
                .scenarios
                .iter()
                .zip(&other.scenarios)
                .find(|(a, b)| a != b);
            assert!(differs.is_none(), "{how}: {differs:#?}");
            assert!(
                one == other,
                "{how}: the records differ beside the scenarios"
            );
        };
        for concurrency in [4, 16] {
            let (many, _) = whole_pack(&bench, address, concurrency, None).await;
            same(many, &format!("concurrency {concurrency}"));
        }
        let mut orders = BTreeSet::from([order]);
        for seed in 1..=20 {
            let concurrency = [1, 4, 16][usize::try_from(seed % 3).unwrap()];
            let (shuffled, order) = whole_pack(&bench, address, concurrency, Some(seed)).await;
            same(shuffled, &format!("seed {seed}, concurrency {concurrency}"));
            orders.insert(order);
        }
        assert_eq!(orders.len(), 21, "every seed gives an order of its own");
    });
}

#[test]
fn a_seed_always_gives_the_same_order() {
    let bench = Bench::new();
    runtime().block_on(async {
        let address = serve(&[]).await;
        let (_, first) = whole_pack(&bench, address, 1, Some(7)).await;
        let (_, again) = whole_pack(&bench, address, 1, Some(7)).await;
        assert_eq!(first, again);
    });
}

#[test]
fn a_plan_of_another_pack_is_refused() {
    let bench = Bench::new();
    let mut other = Bench::new();
    other.pack.features[0].scenarios[0].id = "not-of-this-pack".into();
    let address = "127.0.0.1:1".parse().unwrap();
    let ten = Duration::from_secs(10);
    let options = RunOptions {
        pack: &bench.pack,
        content: None,
        validators: Arc::default(),
        ..other.options(address, 1, &Selection::all(), ten)
    };
    let refused = runtime().block_on(plumbline_runner::run(options, std::future::pending()));
    assert!(matches!(refused, Err(RunError::OtherPack { .. })));
}

#[test]
fn a_run_against_a_mock_says_so_in_the_record() {
    let bench = Bench::new();
    runtime().block_on(async {
        let address = serve(&[]).await;
        let all = Selection::tags("@capability:metadata").unwrap();
        let record = bench
            .run(
                address,
                4,
                &all,
                Duration::from_secs(10),
                std::future::pending(),
            )
            .await;
        assert!(record.mock.is_some());
        assert!(!record.deselected.is_empty());
        assert!(record.completion.is_complete());
    });
}

#[test]
fn an_unreachable_target_is_an_error_and_never_a_fail() {
    let bench = Bench::new();
    runtime().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let all = Selection::all();
        let record = bench
            .run(
                address,
                4,
                &all,
                Duration::from_millis(500),
                std::future::pending(),
            )
            .await;
        for scenario in &record.scenarios {
            assert!(
                matches!(scenario.verdict, Verdict::Error(_) | Verdict::Skip(_)),
                "{} is {}",
                scenario.id,
                scenario.verdict
            );
        }
    });
}
