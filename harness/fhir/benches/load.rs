//! How long the facts take to load, how much memory they take, and how fast a child is found.
//! Not a test: it states figures, and a person judges them.
//!
//! Each figure is the best of several rounds: a busy machine only adds.
#![expect(clippy::print_stdout, reason = "this is a program that prints figures")]
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a measurement that cannot be set up must stop"
)]

mod measure;

use measure::{best, resident};
use plumbline_fhir::definitions::Texts;
use plumbline_fhir::{Definitions, FhirVersion, Options, validate};
use plumbline_tree::{Limits, Tree};
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 20;

fn main() {
    let before = resident();
    for version in FhirVersion::ALL {
        let begun = Instant::now();
        let definitions = Definitions::of(version);
        println!(
            "{version}: first load {:.2} ms, {} bytes of tables",
            ms(begun.elapsed()),
            definitions.bytes()
        );
    }
    first_validations();
    if let (Some(before), Some(after)) = (before, resident()) {
        println!(
            "both versions: {} KiB more resident memory, {after} KiB in all",
            after.saturating_sub(before)
        );
    }
    for version in FhirVersion::ALL {
        let texts = Texts::embedded(version);
        let took = best(ROUNDS, || {
            black_box(
                Definitions::read(version, black_box(&texts)).expect("the facts are in order"),
            );
        });
        println!("{version}: load {:.2} ms, best of {ROUNDS}", ms(took));
    }
    let patient = Definitions::r4().type_named("Patient").unwrap().shape();
    for name in ["gender", "deceasedBoolean", "unknown"] {
        let took = best(ROUNDS, || {
            for _ in 0..1000 {
                black_box(patient.child(black_box(name)));
            }
        });
        println!(
            "R4: Patient.{name} looked up in {} ns",
            took.as_nanos() / 1000
        );
    }
}

/// What the first validation of each version takes: the facts laid out, the types for `FHIRPath`, and the invariants
/// of what is in a patient.
fn first_validations() {
    for version in FhirVersion::ALL {
        let patient = match version {
            FhirVersion::Stu3 => include_bytes!("../tests/data/valid/stu3-patient.json").to_vec(),
            FhirVersion::R4 => include_bytes!("../tests/data/valid/r4-patient.json").to_vec(),
        };
        let tree = Tree::parse(patient, &Limits::default()).unwrap();
        let validated = || {
            let begun = Instant::now();
            let outcome = validate(&tree, Definitions::of(version), &Options::default());
            assert!(outcome.is_valid());
            ms(begun.elapsed())
        };
        println!(
            "{version}: first validation {:.2} ms after the load, the second {:.2} ms",
            validated(),
            validated()
        );
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
