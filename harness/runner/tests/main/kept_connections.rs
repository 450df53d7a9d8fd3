//! Servers that close connections as they like, which is their right, fail nothing by it; those that
//! break off an answer do.

use crate::proxy::{Ending, Proxy};
use crate::support::{Bench, runtime, serve};
use plumbline_model::{FindingKind, RunRecord, Verdict};
use plumbline_runner::Selection;

fn run(ending: Ending, concurrency: usize) -> RunRecord {
    let bench = Bench::new();
    runtime().block_on(async {
        let upstream = serve(&[]).await;
        let proxy = Proxy::keeping(upstream, ending).await;
        let all = Selection::all();
        let output = bench.run_to(proxy.address, concurrency, &all, None).await;
        output.record
    })
}

fn sent_twice(record: &RunRecord) -> usize {
    let told = |text: &str| text.contains("sent a second time");
    let exchanges = record.exchanges.iter();
    exchanges.filter(|e| told(&e.transport_error)).count()
}

#[test]
fn connections_are_kept_from_one_request_to_the_next() {
    let record = run(Ending::Never, 4);
    assert!(record.scenarios.iter().all(|s| s.verdict == Verdict::Pass));
    assert_eq!(sent_twice(&record), 0);
}

#[test]
fn a_server_that_closes_kept_connections_fails_nothing() {
    for concurrency in [1, 8] {
        let record = run(Ending::OnSecondRequest, concurrency);
        for scenario in &record.scenarios {
            assert_eq!(scenario.verdict, Verdict::Pass, "{}", scenario.id);
        }
        let twice = sent_twice(&record);
        assert!(twice > 10, "{twice} requests say that they were sent twice");
        assert!(record.exchanges.iter().all(|e| e.status.is_some()));
    }
}

#[test]
fn half_an_answer_is_found_on_a_kept_connection_too() {
    let record = run(Ending::InTheSecondAnswer, 1);
    assert_eq!(sent_twice(&record), 0);
    let broken = record
        .scenarios
        .iter()
        .flat_map(|s| &s.steps)
        .flat_map(|s| &s.findings)
        .filter(|f| f.code.as_str() == "HTTP-NO-ANSWER" && f.kind == FindingKind::Broken);
    assert!(broken.count() > 10);
}
