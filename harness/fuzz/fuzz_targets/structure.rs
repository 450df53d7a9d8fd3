//! Any bytes as a StructureDefinition, CodeSystem or ValueSet, in JSON or XML, of R4 and of STU3: nothing panics or
//! hangs, the facts come back from their text, and a snapshot is of bounded size.
//! Seeds are in harness/conformance/tests/corpus; put there what this finds.
#![no_main]

#[path = "../../conformance/tests/main/properties.rs"]
mod properties;

use libfuzzer_sys::fuzz_target;
use plumbline_conformance::Library;
use plumbline_fhir::FhirVersion;
use std::sync::LazyLock;

static LIBRARIES: LazyLock<[Library; 2]> = LazyLock::new(|| FhirVersion::ALL.map(Library::new));

fuzz_target!(|bytes: &[u8]| {
    if let Err(broken) = properties::check(bytes, &*LIBRARIES) {
        panic!("{broken}");
    }
});
