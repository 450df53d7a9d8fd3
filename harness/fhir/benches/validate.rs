//! How long base validation, invariants included, takes beside reading the same body with `serde_json` and with our tree, whether it stays
//! linear to a bundle of 100,000 entries, and how much memory the facts take.
//! Not a test: it states figures, and a person judges them.
//!
//! Ratios are medians of several, each of two times taken one after the other, so that they mean something on a busy
//! machine too; other figures are the best of several rounds. With the official examples beside the target folder
//! (`cargo xtask definitions --check` fetches them), they are measured too.
#![expect(clippy::print_stdout, reason = "this is a program that prints figures")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be set up must stop"
)]

#[path = "measure/beside.rs"]
mod beside;
mod measure;
#[path = "measure/own.rs"]
mod own;

use beside::beside;
use measure::{best, resident};
use own::own_time;
use plumbline_fhir::{Definitions, FhirVersion, Options, Outcome, json_to_xml, validate};
use plumbline_tree::{Layout, Limits, Syntax, Tree};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000_000.0
}

fn judge(tree: &Tree) -> Outcome {
    validate(tree, Definitions::r4(), &Options::default())
}

fn compare(name: &str, body: &[u8]) {
    let rounds = (20_000_000 / body.len()).clamp(20, 2000);
    let tree = Tree::parse(body.to_vec(), &Limits::default()).unwrap();
    let serde = || {
        black_box(serde_json::from_slice::<serde_json::Value>(black_box(body)).unwrap());
    };
    let reading = beside(
        rounds,
        || {
            black_box(Tree::parse(black_box(body.to_vec()), &Limits::default()).unwrap());
        },
        serde,
    );
    let validating = beside(
        rounds,
        || {
            black_box(judge(black_box(&tree)));
        },
        serde,
    );
    let whole = beside(
        rounds,
        || {
            let tree = Tree::parse(black_box(body.to_vec()), &Limits::default()).unwrap();
            black_box(judge(&tree));
        },
        serde,
    );
    let xml = json_to_xml(&tree, Definitions::r4(), Layout::Compact).unwrap();
    let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
    let as_xml = best(rounds, || {
        black_box(judge(black_box(&xml)));
    });
    println!(
        "{name:31} {:6} bytes: serde_json {:5.1} us; reading {:.2} of it; validation {:5.1} us, {:.2} of it ({:.2} to {:.2}); as XML {:5.1} us; {} errors",
        body.len(),
        us(validating.second),
        reading.ratio,
        us(validating.first),
        validating.ratio,
        validating.range.0,
        validating.range.1,
        us(as_xml),
        judge(&tree).counts.errors
    );
    println!(
        "{name:31} parse + full validation, invariants included: {:.2} of serde_json ({:.2} to {:.2})",
        whole.ratio, whole.range.0, whole.range.1
    );
}

/// A bundle of so many patients and observations.
fn bundle(entries: usize) -> String {
    let entry = |at: usize| {
        if at.is_multiple_of(2) {
            format!(
                r#"{{"fullUrl":"https://example.org/fhir/Patient/{at}","resource":{{"resourceType":"Patient","id":"{at}","active":true,"name":[{{"use":"official","family":"Example","given":["Anna"]}}],"gender":"female","birthDate":"1970-01-01","managingOrganization":{{"reference":"Organization/1"}}}},"search":{{"mode":"match"}}}}"#
            )
        } else {
            format!(
                r#"{{"fullUrl":"https://example.org/fhir/Observation/{at}","resource":{{"resourceType":"Observation","id":"{at}","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"29463-7"}}]}},"subject":{{"reference":"Patient/{}"}},"effectiveDateTime":"2020-01-01T10:00:00Z","valueQuantity":{{"value":70.5,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}}}}}"#,
                at - 1
            )
        }
    };
    let entries: Vec<String> = (0..entries).map(entry).collect();
    format!(
        r#"{{"resourceType":"Bundle","type":"searchset","entry":[{}]}}"#,
        entries.join(",")
    )
}

fn example(name: &str) -> Option<Vec<u8>> {
    let corpus = std::env::var_os("PLUMBLINE_CORPUS").map(PathBuf::from);
    let corpus =
        corpus.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/corpus"));
    let path = corpus.join("hl7.fhir.r4.examples-4.0.1/package").join(name);
    std::fs::read(path).ok()
}

fn growth() {
    for syntax in [Syntax::Json, Syntax::Xml] {
        for entries in [100, 1000, 10_000, 100_000] {
            let mut body = bundle(entries);
            if syntax == Syntax::Xml {
                let tree = Tree::parse(body.into_bytes(), &Limits::default()).unwrap();
                body = json_to_xml(&tree, Definitions::r4(), Layout::Compact).unwrap();
            }
            let tree = Tree::parse_as(syntax, body.into_bytes(), &Limits::default()).unwrap();
            let rounds = (300_000 / entries).max(3);
            let took = own_time(rounds, || {
                black_box(judge(black_box(&tree)));
            });
            let whole = own_time(rounds, || {
                let body = tree.source().as_bytes().to_vec();
                let tree = Tree::parse_as(syntax, body, &Limits::default()).unwrap();
                black_box(judge(&tree));
            });
            let each = |took: Duration| (took / u32::try_from(entries).unwrap()).as_nanos();
            println!(
                "{syntax:?}, {entries:6} entries, {:9} bytes: {:9.1} us, {:4} ns an entry, with reading {:4} ns",
                tree.source().len(),
                us(took),
                each(took),
                each(whole)
            );
        }
    }
}

fn main() {
    for version in FhirVersion::ALL {
        let definitions = Definitions::of(version);
        let tree = Tree::parse(b"{}".to_vec(), &Limits::default()).unwrap();
        let before = resident();
        let begun = Instant::now();
        black_box(validate(&tree, definitions, &Options::default()));
        let took = begun.elapsed();
        let more = before.zip(resident());
        println!(
            "{version}: the first validation takes {:.0} us and {} KiB more than another",
            us(took),
            more.map_or(0, |(before, after)| after.saturating_sub(before))
        );
    }
    let patient = include_bytes!("../tests/data/valid/r4-patient.json").to_vec();
    let patient = Tree::parse(patient, &Limits::default()).unwrap();
    black_box(judge(&patient));
    if let Some(all) = resident() {
        println!("both versions ready, a patient validated: {all} KiB of resident memory in all");
    }
    for name in [
        "Patient-example.json",
        "Observation-example.json",
        "Observation-blood-pressure.json",
    ] {
        match example(name) {
            Some(body) => compare(name, &body),
            None => println!("{name}: not there"),
        }
    }
    compare("bundle of 50 entries", bundle(50).as_bytes());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/valid");
    for name in ["r4-patient.json", "r4-bundle.json", "r4-parameters.json"] {
        compare(name, &std::fs::read(folder.join(name)).unwrap());
    }
    growth();
}
