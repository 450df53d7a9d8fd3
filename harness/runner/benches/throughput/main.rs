//! How much Plumbline adds to the requests that a run makes: in time, beside a bare loop of the
//! same requests against the same server, and in memory. Not a test: it states figures, and a
//! person judges them (see harness/docs/performance.md).
//!
//! The server is a child process, so that neither its time nor its memory counts as ours.
//! Each figure is the best of several rounds, on both sides of a ratio: a busy machine only adds.
#![expect(clippy::print_stdout, reason = "this is a program that prints figures")]
#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be set up must stop"
)]

mod run;
mod server;
mod synthetic;

use run::Setup;
use server::{Kind, Server};
use std::time::Duration;

const HELP: &str = "\
cargo bench -p plumbline-runner --bench throughput -- [MODE]

  ratio [SCENARIOS] [ROUNDS]    beside a bare loop, at concurrency 1, 4 and 8 (the default; 1000 and 5)
  latency [SCENARIOS]           scenarios a minute with 20 ms added by the server and 8 workers
  memory [SCENARIOS]            peak memory of a run (10000)
  once CONCURRENCY [SCENARIOS]  one run against the fast server, for a profiler";

fn main() {
    // cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |at: usize, default: usize| -> usize {
        words
            .get(at)
            .map_or(default, |word| word.parse().expect("a number"))
    };
    match words.first().copied() {
        None | Some("ratio") => ratio(number(1, 1000), number(2, 5)),
        Some("latency") => latency(number(1, 1000)),
        Some("memory") => memory(number(1, 10_000)),
        Some("once") => once(number(1, 8), number(2, 1000)),
        Some("serve") => server::serve_from(&words),
        Some(_) => println!("{HELP}"),
    }
}

/// Wall time beside the bare loop.
fn ratio(scenarios: usize, rounds: usize) {
    let setup = Setup::new(scenarios);
    println!(
        "{scenarios} scenarios of 6 steps, one request each; best of {rounds} rounds on both sides"
    );
    println!("server  concurrency  bare loop     our run   ratio   ours a scenario");
    for kind in [Kind::Mock, Kind::Fast] {
        let server = Server::start(kind, Duration::ZERO);
        for concurrency in [1, 4, 8] {
            let mut bare = Duration::MAX;
            let mut ours = Duration::MAX;
            for _ in 0..rounds {
                bare = bare.min(setup.bare_loop(&server, concurrency));
                ours = ours.min(setup.run(&server, concurrency));
            }
            println!(
                "{:<6}  {concurrency:>11}  {:>6.1} ms  {:>7.1} ms  {:>5.2}   {:>9.0} us",
                kind.name(),
                millis(bare),
                millis(ours),
                ours.as_secs_f64() / bare.as_secs_f64(),
                millis(ours) * 1000.0 / f64::from(u32::try_from(scenarios).unwrap_or(u32::MAX)),
            );
        }
    }
}

/// Scenarios a minute where the network is slow.
fn latency(scenarios: usize) {
    let setup = Setup::new(scenarios);
    let added = Duration::from_millis(20);
    let server = Server::start(Kind::Fast, added);
    let took = setup.run(&server, 8);
    let each = f64::from(u32::try_from(scenarios).unwrap_or(u32::MAX));
    println!(
        "{scenarios} scenarios, 20 ms added, 8 workers: {:.2} s, {:.0} scenarios a minute",
        took.as_secs_f64(),
        each / took.as_secs_f64() * 60.0
    );
}

/// The most memory that one run needs, pack and record included, reports not.
fn memory(scenarios: usize) {
    let server = Server::start(Kind::Fast, Duration::ZERO);
    println!("before anything   {}", run::peak_memory());
    let setup = Setup::new(scenarios);
    println!("with the pack     {}", run::peak_memory());
    let took = setup.run(&server, 8);
    println!("after the run     {}", run::peak_memory());
    println!("{scenarios} scenarios in {:.2} s", took.as_secs_f64());
}

fn once(concurrency: usize, scenarios: usize) {
    let setup = Setup::new(scenarios);
    let server = Server::start(Kind::Fast, Duration::ZERO);
    let took = setup.run(&server, concurrency);
    println!("{:.1} ms", millis(took));
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
