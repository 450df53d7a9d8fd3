//! Any bytes read as JSON: nothing panics, and what must hold for any bytes holds.
//! Seeds are in harness/tree/tests/corpus/json; put there what this finds.
#![no_main]

#[path = "../../tree/tests/main/properties.rs"]
mod properties;

use libfuzzer_sys::fuzz_target;
use plumbline_tree::Limits;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        max_depth: 64,
        ..Limits::default()
    };
    if let Err(broken) = properties::check(bytes, &limits) {
        panic!("{broken}");
    }
});
