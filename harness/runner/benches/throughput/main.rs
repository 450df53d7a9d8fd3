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
  once CONCURRENCY [SCENARIOS] [SERVER]  one run, against `fast` or `mock`, for a profiler";

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
        Some("once") => once(number(1, 8), number(2, 1000), words.get(3).copied()),
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
    println!(
        "                       wall time, best of the rounds     processor time a scenario, average"
    );
    println!(
        "server  concurrency   bare loop    our run    ratio      bare loop   our run   ratio"
    );
    for kind in [Kind::Mock, Kind::Fast] {
        let server = Server::start(kind, Duration::ZERO);
        for concurrency in [1, 4, 8] {
            let mut bare = Taken::default();
            let mut ours = Taken::default();
            for _ in 0..rounds {
                bare.add(|| setup.bare_loop(&server, concurrency));
                ours.add(|| setup.run(&server, concurrency));
            }
            let each = 1000.0 / as_float(scenarios * rounds);
            println!(
                "{:<6}  {concurrency:>11}  {:>7.1} ms  {:>7.1} ms  {:>6.2}     {:>7.0} us  {:>6.0} us  {:>6.2}",
                kind.name(),
                millis(bare.best),
                millis(ours.best),
                ours.best.as_secs_f64() / bare.best.as_secs_f64(),
                millis(bare.processor) * each,
                millis(ours.processor) * each,
                ours.processor.as_secs_f64() / bare.processor.as_secs_f64(),
            );
        }
    }
}

/// What several rounds took: the best by the clock, and all of them on the processors. The second
/// says more while other programs are busy, and less about waiting.
struct Taken {
    best: Duration,
    processor: Duration,
}

impl Default for Taken {
    fn default() -> Self {
        Self {
            best: Duration::MAX,
            processor: Duration::ZERO,
        }
    }
}

impl Taken {
    fn add(&mut self, round: impl FnOnce() -> Duration) {
        let before = run::processor_time();
        self.best = self.best.min(round());
        self.processor += run::processor_time().saturating_sub(before);
    }
}

/// Scenarios a minute where the network is slow.
fn latency(scenarios: usize) {
    let setup = Setup::new(scenarios);
    let added = Duration::from_millis(20);
    let server = Server::start(Kind::Fast, added);
    let took = setup.run(&server, 8);
    println!(
        "{scenarios} scenarios, 20 ms added, 8 workers: {:.2} s, {:.0} scenarios a minute",
        took.as_secs_f64(),
        as_float(scenarios) / took.as_secs_f64() * 60.0
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

fn once(concurrency: usize, scenarios: usize, server: Option<&str>) {
    let setup = Setup::new(scenarios);
    let kind = match server {
        Some("mock") => Kind::Mock,
        _ => Kind::Fast,
    };
    let server = Server::start(kind, Duration::ZERO);
    let took = setup.run(&server, concurrency);
    println!("{:.1} ms", millis(took));
}

fn as_float(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
