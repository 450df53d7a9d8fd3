//! Hostile targets: what each manner of answering comes to, how long it takes and what it makes us hold.
//! Not for answers that are wrong in their content only: the packs' faults are for those.

mod certificate;
pub mod front;
mod manners;
mod memory;

use crate::support::{Bench, runtime, serve};
use front::{Front, Reach};
use manners::{End, MANNERS, Manner, Told};
use plumbline_http::{Auth, Client, ClientConfig, Connection};
use plumbline_model::{ErrorKind, RunRecord, Verdict};
use plumbline_pack::TargetFile;
use plumbline_runner::{RunOptions, Selection};
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// The deadline of one exchange in these tests.
const PATIENCE: Duration = Duration::from_millis(500);
/// The largest body taken in these tests but for one of them.
const MOST_BYTES: usize = 1 << 20;
/// What the two ends of a connection on one machine may hold between them.
const IN_FLIGHT: u64 = 16 << 20;

/// For everything but waiting; the machine may be busy.
const SLACK: Duration = Duration::from_secs(2);

/// A scenario that asks for a patient first and is judged by an answer about allergies.
const JUDGED: &str = "uka-alg-patient";
/// A scenario whose first request is judged.
const FIRST: &str = "uka-pat-identifier";

/// A run of one scenario, with tight limits.
fn options<'a>(bench: &'a Bench, address: SocketAddr, id: &str, most: usize) -> RunOptions<'a> {
    let selection = Selection::tags(&format!("@id:{id}")).unwrap();
    let mut options = bench.options(address, 1, &selection, PATIENCE);
    options.client = client(&options.target, most);
    options
}

fn client(target: &TargetFile, most: usize) -> Client {
    Client::new(ClientConfig {
        base_urls: target.base_urls.clone(),
        auth: Auth::None,
        connection: Connection::default(),
        timeout: PATIENCE,
        connect_timeout: PATIENCE,
        max_body_bytes: most,
        requests_per_second: 1000,
        total_requests: 1000,
        user_agent: "plumbline-test".to_owned(),
    })
    .unwrap()
}

async fn run(bench: &Bench, address: SocketAddr, id: &str, most: usize) -> RunRecord {
    let options = options(bench, address, id, most);
    plumbline_runner::run(options, std::future::pending())
        .await
        .unwrap()
        .record
}

fn verdict_and_codes(record: &RunRecord) -> (Verdict, Vec<&str>) {
    assert_eq!(record.scenarios.len(), 1);
    let findings = record.scenarios[0].steps.iter().flat_map(|s| &s.findings);
    let codes = findings.map(|finding| finding.code.as_str()).collect();
    (record.scenarios[0].verdict, codes)
}

/// Runs one row against one reach, and says what is not as it should be.
fn trouble(bench: &Bench, manner: &Manner, reach: Reach) -> Option<String> {
    let (id, told): (&str, Told) = match reach {
        Reach::Judged => (JUDGED, manner.judged),
        Reach::Everything => (FIRST, manner.everything),
    };
    // More values than are read do not fit into the small limit.
    let most = match manner.end {
        End::Values => 16 << 20,
        _ => MOST_BYTES,
    };
    let (record, elapsed, taken, requests) = runtime().block_on(async {
        let upstream = serve(&[]).await;
        let front = Front::start(upstream, reach, manner.script).await;
        let started = Instant::now();
        let record = run(bench, front.address, id, most).await;
        let taken = front.taken.load(Ordering::SeqCst);
        let spoiled = front.spoiled.load(Ordering::SeqCst);
        assert!(
            spoiled > 0,
            "{}: the hostile answer was not asked for",
            manner.id
        );
        (record, started.elapsed(), taken, spoiled)
    });
    let (verdict, codes) = verdict_and_codes(&record);
    let spoiled = u32::try_from(requests).unwrap();
    let each = match manner.end {
        End::Deadline => PATIENCE,
        End::Waits => Duration::from_secs(2),
        End::Itself | End::Size | End::Head => Duration::ZERO,
        // Without optimisation, reading four million values is slow.
        End::Values => Duration::from_secs(4),
    };
    let longest = each * spoiled + SLACK;
    let most_taken = (most as u64 + IN_FLIGHT) * u64::from(spoiled);
    let mut wrong = Vec::new();
    if verdict != told.0 || !codes.contains(&told.1) {
        wrong.push(format!("{verdict:?} {codes:?} in place of {told:?}"));
    }
    if matches!(verdict, Verdict::Pass | Verdict::Warning) {
        wrong.push("it passes".to_owned());
    }
    if elapsed > longest {
        wrong.push(format!("{elapsed:?} is more than {longest:?}"));
    }
    if taken > most_taken {
        wrong.push(format!("{taken} bytes are more than {most_taken}"));
    }
    (!wrong.is_empty()).then(|| format!("{} {reach:?}: {}", manner.id, wrong.join("; ")))
}

fn all(reach: Reach) {
    let bench = Bench::new();
    let wrong: Vec<String> = MANNERS
        .iter()
        .filter_map(|manner| trouble(&bench, manner, reach))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_hostile_answer_to_the_judged_request_is_told_for_what_it_is() {
    all(Reach::Judged);
}

#[test]
fn a_target_that_is_hostile_throughout_fails_nothing_that_was_not_tested() {
    all(Reach::Everything);
}

#[test]
fn the_page_shows_every_row() {
    let page = include_str!("../../../docs/hostile-targets.md");
    assert!(
        page.contains(&manners::table()),
        "harness/docs/hostile-targets.md has another table than this:\n{}",
        manners::table()
    );
}

#[test]
fn a_redirect_is_not_followed_and_nothing_is_sent_elsewhere() {
    let bench = Bench::new();
    runtime().block_on(async {
        let upstream = serve(&[]).await;
        let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let away = elsewhere.local_addr().unwrap();
        for reach in [Reach::Judged, Reach::Everything] {
            let front = Front::start(upstream, reach, move |path, _| {
                let headers = format!("location: http://{away}{path}\r\n");
                Some(front::sized(307, &headers, b""))
            })
            .await;
            let (id, told) = match reach {
                Reach::Judged => (JUDGED, Verdict::Fail),
                Reach::Everything => (FIRST, Verdict::Error(ErrorKind::Configuration)),
            };
            let record = run(&bench, front.address, id, MOST_BYTES).await;
            assert_eq!(verdict_and_codes(&record).0, told, "{reach:?}");
        }
        let none = tokio::time::timeout(Duration::from_millis(50), elsewhere.accept()).await;
        assert!(none.is_err(), "somebody connected to the other host");
    });
}

#[test]
fn a_request_is_repeated_after_a_wait_that_was_asked_for() {
    let bench = Bench::new();
    let (record, elapsed, spoiled) = runtime().block_on(async {
        let upstream = serve(&[]).await;
        let front = Front::start(upstream, Reach::Judged, |_, number| {
            (number == 0).then(|| front::sized(429, "retry-after: 1\r\n", b""))
        })
        .await;
        let started = Instant::now();
        let record = run(&bench, front.address, JUDGED, MOST_BYTES).await;
        let spoiled = front.spoiled.load(Ordering::SeqCst);
        (record, started.elapsed(), spoiled)
    });
    let (verdict, codes) = verdict_and_codes(&record);
    assert_eq!((verdict, codes), (Verdict::Pass, Vec::new()));
    assert!(elapsed >= Duration::from_secs(1), "{elapsed:?}");
    assert_eq!(spoiled, 2, "the request and its repetition");
}

#[test]
fn a_token_that_is_too_narrow_is_no_failure_and_a_bare_refusal_is() {
    let bench = Bench::new();
    runtime().block_on(async {
        let upstream = serve(&[]).await;
        let narrow = "www-authenticate: Bearer error=\"insufficient_scope\"\r\n";
        for (headers, told) in [
            (narrow, Verdict::Error(ErrorKind::Configuration)),
            ("", Verdict::Fail),
        ] {
            let refuse = move |_: &str, _| Some(front::sized(403, headers, b""));
            let front = Front::start(upstream, Reach::Judged, refuse).await;
            let record = run(&bench, front.address, JUDGED, MOST_BYTES).await;
            assert_eq!(verdict_and_codes(&record).0, told, "{headers}");
        }
    });
}

#[test]
fn a_silent_target_is_given_up() {
    let bench = Bench::new();
    let patience = Duration::from_millis(100);
    let concurrency = 4;
    let (record, elapsed, requests) = runtime().block_on(async {
        let upstream = serve(&[]).await;
        let front = Front::start(upstream, Reach::Everything, |_, _| {
            Some((Vec::new(), front::After::Hang))
        })
        .await;
        let all = Selection::all();
        let started = Instant::now();
        let pending = std::future::pending();
        let record = bench
            .run(front.address, concurrency, &all, patience, pending)
            .await;
        let requests = front.requests.load(Ordering::SeqCst);
        (record, started.elapsed(), requests)
    });
    assert!(record.scenarios.len() > 100);
    for scenario in &record.scenarios {
        let told = Verdict::Error(ErrorKind::Unreachable);
        assert!(
            scenario.verdict == told || matches!(scenario.verdict, Verdict::Skip(_)),
            "{} is {}",
            scenario.id,
            scenario.verdict
        );
    }
    // The first request, and for each round a request and two control requests.
    let most = 1 + 3 * (3 * concurrency + concurrency);
    assert!(requests <= most, "{requests} requests are more than {most}");
    assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
}

#[test]
fn a_wrong_address_of_one_capability_fails_nothing() {
    let bench = Bench::new();
    runtime().block_on(async {
        let upstream = serve(&[]).await;
        let page = |_: &str, _: usize| Some(front::sized(404, "", b"<html></html>"));
        let other = Front::start(upstream, Reach::Everything, page).await;
        let nowhere = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        for (address, kind) in [
            (other.address, ErrorKind::Configuration),
            (nowhere, ErrorKind::Unreachable),
        ] {
            let mut options = options(&bench, upstream, JUDGED, MOST_BYTES);
            let base = format!("http://{address}/fhir").parse().unwrap();
            let capability = "clinical-allergy-intolerance".to_owned();
            options.target.base_urls.insert(capability, base);
            options.client = client(&options.target, MOST_BYTES);
            let output = plumbline_runner::run(options, std::future::pending()).await;
            let record = output.unwrap().record;
            assert_eq!(verdict_and_codes(&record).0, Verdict::Error(kind));
        }
    });
}
