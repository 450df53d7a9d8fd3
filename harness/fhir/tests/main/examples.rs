//! Where the official examples lie: packages of HL7 that `cargo xtask definitions --check` fetches.

use std::io::Write as _;
use std::path::PathBuf;

/// The resources of a package, by name; `None` after saying that it is not there.
pub fn files(package: &str) -> Option<Vec<PathBuf>> {
    let named = std::env::var_os("PLUMBLINE_CORPUS").map(PathBuf::from);
    let corpus =
        named.unwrap_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../corpus"));
    let folder = corpus.join(package).join("package");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        let mut terminal = std::io::stderr();
        let _ = writeln!(
            terminal,
            "SKIPPED: no package {package}; to run: cargo xtask definitions --check"
        );
        return None;
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    // All else is about the package itself.
    files.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.ends_with(".json") && name.starts_with(|c: char| c.is_ascii_uppercase())
    });
    files.sort();
    Some(files)
}
