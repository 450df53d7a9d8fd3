//! Where test data lies that is not in the repository. What is missing is skipped visibly.

use std::io::Write as _;
use std::path::{Path, PathBuf};

fn there(folder: PathBuf, cure: &str, is_wanted: bool) -> Option<PathBuf> {
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(!is_wanted, "{} is missing", folder.display());
    // Straight to the terminal: the test harness keeps back what `println!` writes.
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: no {}; to run: {cure}",
        folder.display()
    );
    None
}

/// A folder of the material beside the repository.
pub fn shared(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("PLUMBLINE_SHARED").map(PathBuf::from);
    let is_wanted = named.is_some();
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = named.unwrap_or_else(beside).join("testdata").join(name);
    there(folder, "set PLUMBLINE_SHARED", is_wanted)
}

/// The folder of a package of HL7.
pub fn package(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("PLUMBLINE_CORPUS").map(PathBuf::from);
    let is_wanted = named.is_some();
    let beside = || PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../corpus");
    let folder = named.unwrap_or_else(beside).join(name).join("package");
    there(folder, "cargo xtask definitions --check", is_wanted)
}
