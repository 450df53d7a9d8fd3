//! What a hostile target makes us hold: the peak memory of a process of its own for each manner.
//! Linux only: elsewhere there is no /proc to ask.
#![cfg(target_os = "linux")]

use super::front::{After, Front, Manner, Reach, gzip_bomb, sized};
use super::{options, verdict_and_codes};
use crate::support::{Bench, runtime, serve};
use plumbline_model::{ErrorKind, Verdict};
use plumbline_runner::Selection;
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

/// Says to the test below where the target is; unset in an ordinary run of the tests.
const TARGET: &str = "PLUMBLINE_HOSTILE_TARGET";
/// The largest body that the process takes.
const MOST_BYTES: usize = 4 << 20;
/// What the process may hold beyond what it held before its first request: a body that grows, its
/// copy for redaction, and what the libraries keep. Far below what is sent.
const MOST_KILOBYTES: u64 = 40 << 10;
/// Requests of the run that are answered in the hostile manner, at least: what each leaves would add up.
const LEAST_SPOILED: usize = 10;

/// Not a test by itself: the process that is measured. It does nothing without [`TARGET`].
#[test]
fn measured_process() {
    let Ok(address) = std::env::var(TARGET) else {
        return;
    };
    let address: SocketAddr = address.parse().unwrap();
    let bench = Bench::new();
    let before = peak_kilobytes();
    let mut verdicts = Vec::new();
    runtime().block_on(async {
        let mut options = options(&bench, address, super::JUDGED, MOST_BYTES);
        let tags = Selection::tags("@capability:clinical-allergy-intolerance").unwrap();
        options.plan = plumbline_runner::Plan::new(&bench.pack, &options.target, &tags).unwrap();
        let output = plumbline_runner::run(options, std::future::pending()).await;
        let record = output.unwrap().record;
        verdicts.extend(record.scenarios.into_iter().map(|s| s.verdict));
    });
    let errors = verdicts
        .iter()
        .filter(|verdict| **verdict == Verdict::Error(ErrorKind::TooLarge));
    println!("\nheld {} {}", peak_kilobytes() - before, errors.count());
}

/// The most that this process has held so far.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}

fn held(script: Manner) -> u64 {
    // The server must go on while the process runs.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let front = runtime.block_on(async {
        let upstream = serve(&[]).await;
        Front::start(upstream, Reach::Judged, script).await
    });
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "hostile::memory::measured_process",
            "--nocapture",
        ])
        .env(TARGET, front.address.to_string())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("held "));
    let line = line.unwrap_or_else(|| {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        panic!("the process said nothing: {text} {error}")
    });
    let (kilobytes, errors) = line.split_once(' ').unwrap();
    let errors: usize = errors.parse().unwrap();
    assert!(errors >= LEAST_SPOILED, "{errors} hostile answers only");
    kilobytes.parse().unwrap()
}

#[test]
fn a_hostile_body_is_never_held_as_a_whole() {
    let manners: [(&str, Manner); 3] = [
        ("endless", |_, _| {
            let part = [&b"10000\r\n"[..], &vec![b' '; 0x10000], b"\r\n"].concat();
            let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
            Some((head, After::Repeat(part, Duration::ZERO)))
        }),
        ("gzip bomb", |_, _| {
            let headers = "content-encoding: gzip\r\n";
            Some(sized(200, headers, &gzip_bomb(200)))
        }),
        ("50 MB", |_, _| {
            let length = 50 << 20;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
            Some((head.into_bytes(), After::Fill(length)))
        }),
    ];
    for (name, script) in manners {
        let kilobytes = held(script);
        assert!(
            kilobytes < MOST_KILOBYTES,
            "{name}: {kilobytes} kB held, more than {MOST_KILOBYTES}"
        );
    }
}

#[test]
fn the_process_that_is_measured_meets_what_it_should() {
    let bench = Bench::new();
    let record = runtime().block_on(async {
        let upstream = serve(&[]).await;
        let front = Front::start(upstream, Reach::Judged, |_, _| None).await;
        super::run(&bench, front.address, super::JUDGED, MOST_BYTES).await
    });
    assert_eq!(verdict_and_codes(&record).0, Verdict::Pass);
}
