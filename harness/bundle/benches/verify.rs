//! How long it takes to verify a bundle of 1,000 exchanges, beside hashing and reading the same bytes.
//! Not a test: it states figures, and a person judges them (see harness/docs/performance.md).
//! With a folder as argument it also leaves the bundle there, so that the command can be timed.
#![expect(clippy::print_stdout, reason = "this is a program that prints figures")]
#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be set up must stop"
)]

use plumbline_bundle::{Compared, PrivateKey, RunFiles, SignerName, Signing, assemble};
use plumbline_model::{ExchangeId, RunRecord};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const RECORD: &str = include_str!("../../model/tests/fixtures/record-2.json");
const EXCHANGES: u32 = 1_000;
const ROUNDS: usize = 15;

fn main() {
    let folder = std::env::args()
        .skip(1)
        .find(|argument| argument != "--bench");
    let bundle = bundle();
    if let Some(folder) = folder {
        let path = Path::new(&folder).join("speed.zip");
        std::fs::write(&path, &bundle).expect("the folder can be written to");
        println!("wrote {}", path.display());
    }
    let key = PrivateKey::from_seed([7; 32]).public();
    let verify = best(|| {
        let found = plumbline_bundle::verify(&bundle, std::slice::from_ref(&key));
        assert!(found.is_ok_and(|(_, opened)| opened.is_some()));
    });
    let hash = best(|| {
        black_box(Sha256::digest(black_box(&bundle)));
    });
    let copy = best(|| {
        black_box(black_box(&bundle).clone());
    });
    println!(
        "{EXCHANGES} exchanges, {} KiB; best of {ROUNDS} rounds",
        bundle.len() >> 10
    );
    println!("verify   {verify:>10.2?}");
    println!(
        "SHA-256  {hash:>10.2?}   verify takes {:.1} times that",
        ratio(verify, hash)
    );
    println!(
        "copy     {copy:>10.2?}   verify takes {:.1} times that",
        ratio(verify, copy)
    );
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn best(mut work: impl FnMut()) -> Duration {
    let mut time = || {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..ROUNDS).map(|_| time()).min().unwrap_or_default()
}

/// A bundle of a run in which the exchanges of a small one come again and again.
fn bundle() -> Vec<u8> {
    let mut record: RunRecord = serde_json::from_str(RECORD).expect("the fixture is a record");
    let few = record.exchanges.clone();
    record.exchanges = (1..=EXCHANGES)
        .zip(few.iter().cycle())
        .map(|(number, exchange)| {
            let mut exchange = exchange.clone();
            exchange.id = ExchangeId(number);
            exchange
        })
        .collect();
    let mut lines = Vec::new();
    for exchange in &record.exchanges {
        serde_json::to_writer(&mut lines, exchange).expect("an exchange is JSON");
        lines.push(b'\n');
    }
    let report = json!({
        "kind": "plumbline-report",
        "mock": record.mock_name().map(|name| json!({"name": name})),
        "run": {"id": record.run_id},
        "scorecard": {
            "status": "conformant",
            "sentence": "A measurement.",
            "required": {"pass": 0, "fail": 0, "undecided": 0},
            "required_not_tested": 0,
            "required_out_of_scope": 0,
            "not_checked": [],
        }
    });
    let files = RunFiles::from([
        (
            "record.json",
            serde_json::to_vec(&record).expect("a record is JSON"),
        ),
        ("exchanges.ndjson", lines),
        ("reports/report.json", report.to_string().into_bytes()),
        // As large as that of a real run.
        ("reports/report.html", vec![b' '; 4 << 20]),
    ]);
    let name = SignerName::new("A measurement").expect("a name");
    let key = PrivateKey::from_seed([7; 32]);
    let signing = Signing::By {
        key: &key,
        name: &name,
    };
    assemble(&files, Compared::Same, signing).expect("a bundle")
}
