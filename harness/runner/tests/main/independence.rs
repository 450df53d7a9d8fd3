//! Verdicts depend on the target, not on scheduling.

use crate::support::{Bench, runtime, serve};
use plumbline_model::{RunRecord, ScenarioId, Verdict};
use plumbline_runner::Selection;
use std::time::Duration;

fn verdicts(record: &RunRecord) -> Vec<(ScenarioId, Verdict, usize)> {
    record
        .scenarios
        .iter()
        .map(|s| {
            (
                s.id.clone(),
                s.verdict,
                s.steps.iter().map(|s| s.findings.len()).sum(),
            )
        })
        .collect()
}

#[test]
fn verdicts_are_the_same_at_any_concurrency() {
    let bench = Bench::new();
    runtime().block_on(async {
        let faults = ["hides-allergies/UKA-ALG-005"];
        let address = serve(&faults).await;
        let ten = Duration::from_secs(10);
        let all = Selection::all();
        let one = bench
            .run(address, 1, &all, ten, std::future::pending())
            .await;
        assert!(one.scenarios.iter().any(|s| s.verdict == Verdict::Fail));
        for concurrency in [4, 16] {
            let many = bench
                .run(address, concurrency, &all, ten, std::future::pending())
                .await;
            assert_eq!(verdicts(&one), verdicts(&many), "concurrency {concurrency}");
            let urls = |r: &RunRecord| {
                r.exchanges
                    .iter()
                    .map(|e| e.url.clone())
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                urls(&one),
                urls(&many),
                "exchanges are numbered in the order of the plan"
            );
        }
    });
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
