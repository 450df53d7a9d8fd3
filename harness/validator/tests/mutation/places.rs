//! Where the resources are that mutants are made of: some in the repository, others beside it. Not for judging them.

use std::path::{Path, PathBuf};

#[path = "../../../fhirpath/tests/main/places.rs"]
mod beside;

pub use beside::{package, shared};

/// The resources in the repository.
pub fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mutation")
}
