//! Lists the text files that the crate embeds, and rebuilds it when one changes.
//! Not for reading them: they are embedded as they are. The facts of FHIR are no pack, and in the binary once already.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

/// Folders of packs and people, from the top folder.
const FOLDERS: [&str; 2] = ["profiles", "scenarios"];
/// What another crate embeds.
const ELSEWHERE: &str = "profiles/_fhir";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name| env::var_os(name).ok_or_else(|| io::Error::other(name));
    let top = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../..");
    let mut list = String::from("&[\n");
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed=../../{folder}");
        add(&top, folder, &mut list)?;
    }
    list.push_str("]\n");
    fs::write(Path::new(&variable("OUT_DIR")?).join("embedded.rs"), list)
}

/// Adds the files below a folder as pairs of path and bytes, in order of name.
fn add(top: &Path, folder: &str, list: &mut String) -> io::Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(top.join(folder))? {
        let name = entry?.file_name().into_string();
        names.push(name.map_err(|_| io::Error::other("a file name that is not UTF-8"))?);
    }
    names.sort_unstable();
    for name in names {
        let path = format!("{folder}/{name}");
        if path == ELSEWHERE || name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let file = top.join(&path);
        if file.is_dir() {
            add(top, &path, list)?;
        } else {
            let file = file.canonicalize()?.into_os_string().into_string();
            let file = file.map_err(|_| io::Error::other("a folder name that is not UTF-8"))?;
            // Writing to a string cannot fail.
            let _ = writeln!(list, "({path:?}, include_bytes!({file:?}).as_slice()),");
        }
    }
    Ok(())
}
