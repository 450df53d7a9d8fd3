//! Any text as an expression over a small patient: nothing panics or hangs, and the result is the same twice.
//! Seeds are in harness/fhirpath/tests/corpus; put there what this finds.
#![no_main]

#[path = "../../fhirpath/tests/main/properties.rs"]
mod properties;
#[path = "../../fhirpath/tests/support/types.rs"]
mod types;

use libfuzzer_sys::fuzz_target;
use plumbline_fhir::Definitions;
use plumbline_tree::{Limits, Tree};
use std::sync::LazyLock;
use types::Facts;

static PATIENT: LazyLock<Tree> = LazyLock::new(|| {
    let body = include_bytes!("../../fhirpath/tests/data/inputs/patient.json");
    Tree::parse(body.to_vec(), &Limits::default()).unwrap()
});

static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts::new(Definitions::r4()));

fuzz_target!(|text: &str| {
    if let Err(broken) = properties::check(text, &PATIENT, &*FACTS) {
        panic!("{broken}");
    }
});
