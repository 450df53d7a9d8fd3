//! Where the resources are that mutants are made of: some in the repository, others beside it. Not for judging them.

use std::path::{Path, PathBuf};

#[path = "../../../fhirpath/tests/main/places.rs"]
mod beside;

pub use beside::{package, shared};

/// The resources in the repository.
pub fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mutation")
}

/// The definitions of a pack, as facts.
pub fn pack(name: &str) -> PathBuf {
    let profiles = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles");
    profiles.join(name).join("fhir")
}

/// Whether the material beside the repository is left out, as on a machine that does not have it.
pub fn is_invented_only() -> bool {
    match std::env::var("PLUMBLINE_MUTATIONS").as_deref() {
        Err(_) | Ok("all") => false,
        Ok("invented") => true,
        Ok(other) => panic!("PLUMBLINE_MUTATIONS is all or invented, not {other}"),
    }
}
