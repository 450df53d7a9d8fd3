//! A run that is stopped leaves a valid record that says so; one that may not begin does not begin.

use crate::support::{Bench, runtime, serve};
use plumbline_model::{Completion, SkipReason, Verdict};
use plumbline_runner::Selection;
use std::time::Duration;

#[test]
fn a_cancelled_run_leaves_a_record_marked_incomplete() {
    let bench = Bench::new();
    runtime().block_on(async {
        let address = serve(&[]).await;
        let cancel = async { tokio::time::sleep(Duration::from_millis(15)).await };
        let record = bench
            .run(
                address,
                1,
                &Selection::all(),
                Duration::from_secs(10),
                cancel,
            )
            .await;
        assert!(matches!(record.completion, Completion::Incomplete { .. }));
        let interrupted = Verdict::Skip(SkipReason::Interrupted);
        assert!(record.scenarios.iter().any(|s| s.verdict == interrupted));
        assert_eq!(
            record.scenarios.len(),
            bench
                .pack
                .features
                .iter()
                .map(|f| f.scenarios.len())
                .sum::<usize>(),
            "every planned scenario is in the record"
        );
    });
}

#[test]
fn a_scenario_that_changes_data_is_refused_on_a_read_only_target() {
    let mut bench = Bench::new();
    bench.pack.features[0].scenarios[0].mutates = true;
    let target = bench.target("127.0.0.1:1".parse().unwrap(), 1);
    let refused = plumbline_runner::Plan::new(&bench.pack, &target, &Selection::all());
    assert!(matches!(
        refused,
        Err(plumbline_runner::PlanError::ReadOnly { .. })
    ));
}
