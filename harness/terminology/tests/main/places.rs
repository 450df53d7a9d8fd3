//! Where test data lies that is not in the repository. What is missing is skipped visibly.

use std::io::Write as _;
use std::path::PathBuf;

/// The folder of a package of HL7.
pub fn package(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("PLUMBLINE_CORPUS").map(PathBuf::from);
    let is_wanted = named.is_some();
    let beside = || PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../corpus");
    let folder = named.unwrap_or_else(beside).join(name).join("package");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(!is_wanted, "{} is missing", folder.display());
    // Straight to the terminal: the test harness keeps back what `println!` writes.
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: no {}; to run: cargo xtask definitions --check",
        folder.display()
    );
    None
}
