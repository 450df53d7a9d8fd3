//! Where the resources are that mutants are made of: some in the repository, others beside it. What is missing is
//! skipped, visibly. Not for judging them.

use std::io::Write as _;
use std::path::{Path, PathBuf};

fn there(folder: PathBuf, is_wanted: bool) -> Option<PathBuf> {
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(!is_wanted, "{} is missing", folder.display());
    // Straight to the terminal: the test harness keeps back what `println!` writes.
    let _ = writeln!(std::io::stderr(), "SKIPPED: no {}", folder.display());
    None
}

/// A folder of the material beside the repository.
pub fn shared(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("PLUMBLINE_SHARED").map(PathBuf::from);
    let is_wanted = named.is_some();
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    there(
        named.unwrap_or_else(beside).join("testdata").join(name),
        is_wanted,
    )
}

/// The folder of a package of HL7.
pub fn package(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("PLUMBLINE_CORPUS").map(PathBuf::from);
    let is_wanted = named.is_some();
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/corpus");
    there(
        named.unwrap_or_else(beside).join(name).join("package"),
        is_wanted,
    )
}

/// The resources in the repository.
pub fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mutation")
}
