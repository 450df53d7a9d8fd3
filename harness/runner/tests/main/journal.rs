//! What the run folder holds: the journal while the run goes on, and the record when it has ended.

use crate::proxy::Proxy;
use crate::support::{Bench, runtime, serve};
use plumbline_model::{ExchangeRecord, RunRecord, StoredBody};
use plumbline_runner::{Event, RunOutput, Selection, store};
use std::fs;
use std::sync::{Arc, Mutex};

fn events(text: &str) -> Vec<Event> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A run that is killed leaves what the operating system has been given, which is what another
/// program can read in the file: here the server, at each request.
#[test]
fn a_run_that_is_killed_leaves_every_step_that_ended() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.ndjson");
    let seen = Arc::new(Mutex::new(Vec::new()));
    runtime().block_on(async {
        let upstream = serve(&[]).await;
        let (journal, snapshots) = (path.clone(), Arc::clone(&seen));
        let proxy = Proxy::watched(upstream, move || {
            let text = fs::read_to_string(&journal).unwrap();
            snapshots.lock().unwrap().push(text);
        })
        .await;
        let all = Selection::all();
        bench
            .run_to(proxy.address, 1, &all, Some(path.clone()))
            .await;
    });
    let seen = seen.lock().unwrap();
    assert!(seen.len() > 50, "{} requests", seen.len());
    // The first request comes before any scenario.
    for text in &seen[1..] {
        assert!(text.ends_with('\n'), "the last line is whole");
        let events = events(text);
        let mut ended = 0;
        for (at, event) in events.iter().enumerate() {
            match event {
                Event::ScenarioStarted { .. } => ended = 0,
                Event::StepEnded { step, .. } => {
                    assert_eq!(step.index, ended, "no step is missing");
                    ended += 1;
                }
                Event::StepStarted { index, .. } => {
                    assert_eq!(*index, ended, "event {at}");
                }
                _ => {}
            }
        }
        let running = events
            .iter()
            .rev()
            .find(|event| !matches!(event, Event::Exchange { .. } | Event::SameBody { .. }));
        assert!(
            matches!(running, Some(Event::StepStarted { .. })),
            "the step that asks is the last thing: {running:?}"
        );
    }
    let last = events(&fs::read_to_string(&path).unwrap());
    assert!(matches!(last.last(), Some(Event::ScenarioEnded { .. })));
}

fn stored(output: &RunOutput, record: &RunRecord) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = record.clone();
    store(folder.path(), &mut kept, &output.policy).unwrap();
    assert!(kept == *record, "it has its exchanges again");
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    (text("record.json"), text("exchanges.ndjson"))
}

#[test]
fn the_record_is_stored_whole_and_netted() {
    let bench = Bench::new();
    let output = runtime().block_on(async {
        let address = serve(&[]).await;
        let some = Selection::tags("@capability:patient-index").unwrap();
        bench.run_to(address, 4, &some, None).await
    });
    let mut record = output.record.clone();
    // A line longer than what is netted at a time, digits at the ends of lines, and things that
    // redaction would never have let through.
    record.exchanges[0].body = StoredBody::Json {
        text: "9434765919 \"é\n".repeat(20_000).into(),
        received_bytes: 943,
    };
    record.exchanges[1].elapsed_ms = 943;
    record.exchanges[1].curl =
        "curl --header 'authorization: Bearer abcdefghijklmnopqrst'".to_owned();
    record.scenarios[0].name = "number 943 476 5919 at AB1 2CD".to_owned();
    let whole = serde_json::to_string_pretty(&record).unwrap() + "\n";
    let expected = output.policy.second_net(&whole);
    assert_ne!(whole, expected, "there is something to catch");
    let (text, lines) = stored(&output, &record);
    let read = |text: &str| serde_json::from_str::<RunRecord>(text).unwrap();
    assert!(
        read(&text) == read(&expected),
        "netted in pieces as in one piece"
    );
    let until = |text: &str| text.find("\n  \"exchanges\": [\n").unwrap();
    assert!(
        text[..until(&text)] == expected[..until(&expected)],
        "laid out for people"
    );
    assert!(output.policy.second_net(&text) == text);
    assert!(!text.contains("9434765919") && !text.contains("943 476 5919"));
    assert_eq!(lines.lines().count(), record.exchanges.len());
    assert!(lines.lines().all(|line| text.contains(line)));
    for (exchange, line) in record.exchanges.iter().zip(lines.lines()) {
        let whole = serde_json::to_string_pretty(exchange).unwrap();
        let netted: ExchangeRecord =
            serde_json::from_str(&output.policy.second_net(&whole)).unwrap();
        let read: ExchangeRecord = serde_json::from_str(line).unwrap();
        assert!(read == netted, "exchange {}", exchange.id);
        assert!(output.policy.second_net(line) == line, "{}", exchange.id);
    }
    assert_eq!(
        stored(&output, &record),
        (text, lines),
        "the same bytes again"
    );
    record.exchanges.clear();
    let (text, lines) = stored(&output, &record);
    assert!(read(&text).exchanges.is_empty() && lines.is_empty());
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let bench = Bench::new();
    let mut output = runtime().block_on(async {
        let address = serve(&[]).await;
        let some = Selection::tags("@id:uka-met-read").unwrap();
        bench.run_to(address, 1, &some, None).await
    });
    for name in ["record.json", "exchanges.ndjson"] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(name)).unwrap();
        let error = store(folder.path(), &mut output.record, &output.policy).unwrap_err();
        assert!(error.path.ends_with(name), "{error}");
    }
}
