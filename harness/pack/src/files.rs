//! The files that packs are made of: embedded, from a folder, or one laid over the other.
//! Not for understanding them.

use std::collections::BTreeMap;
use std::path::Path;

/// Path and bytes of every file inside the binary; `build.rs` lists them.
static EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The two folders that hold packs.
const FOLDERS: [&str; 2] = ["profiles", "scenarios"];

/// Files by path, such as `profiles/uk-core-access/pack.toml`; `/` on every system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, Vec<u8>>);

/// A folder of packs could not be read.
#[derive(Debug)]
pub struct FilesError {
    /// The file or folder.
    pub path: std::path::PathBuf,
    /// Why.
    pub source: std::io::Error,
}

impl std::fmt::Display for FilesError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "read {}", self.path.display())
    }
}

impl std::error::Error for FilesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl Files {
    /// The packs and people inside the binary.
    pub fn embedded() -> Self {
        let copy = |(path, bytes): &(&str, &[u8])| ((*path).to_owned(), bytes.to_vec());
        Self(EMBEDDED.iter().map(copy).collect())
    }

    /// The packs and people in a folder that holds `profiles/` and `scenarios/`; either may be absent.
    pub fn from_dir(root: &Path) -> Result<Self, FilesError> {
        let mut files = BTreeMap::new();
        std::fs::read_dir(root).map_err(|source| FilesError {
            path: root.to_owned(),
            source,
        })?;
        for folder in FOLDERS {
            let path = root.join(folder);
            if path.is_dir() {
                read(&path, folder, &mut files)?;
            }
        }
        Ok(Self(files))
    }

    /// Files made in memory, for tests and tools.
    pub fn from_map(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self(files)
    }

    /// These files with the other's laid over them: same path, the other's wins.
    #[must_use]
    pub fn overlay(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// The text of a file without its byte-order mark, for [`crate::Report::render`].
    pub fn text(&self, path: &str) -> Option<String> {
        self.get(path).map(|bytes| {
            let text = String::from_utf8_lossy(bytes);
            text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
        })
    }

    /// Paths and bytes under a folder (given with its trailing `/`), in order of path.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.0
            .range(folder.to_owned()..)
            .take_while(move |(path, _)| path.starts_with(folder))
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }
}

fn read(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), FilesError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| FilesError { path, source }
    };
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else {
            continue;
        };
        let key = format!("{prefix}/{name}");
        if hidden(&key) {
            continue;
        }
        if path.is_dir() {
            read(&path, &key, files)?;
        } else {
            let bytes = std::fs::read(&path).map_err(failed(&path))?;
            files.insert(key, bytes);
        }
    }
    Ok(())
}

/// Editors leave files such as `.swp` and `name~` behind; they are no knowledge.
fn hidden(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .is_some_and(|name| name.starts_with('.') || name.ends_with('~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_repository_is_inside_but_the_facts_of_fhir() {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut outside = match Files::from_dir(&top) {
            Ok(files) => files.0,
            Err(error) => panic!("{error}"),
        };
        let all = outside.len();
        outside.retain(|path, _| !path.starts_with("profiles/_fhir/"));
        assert!(outside.len() < all && outside.contains_key("profiles/uk-core-access/pack.toml"));
        let inside = Files::embedded().0;
        let paths = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(paths(&inside), paths(&outside));
        assert!(inside == outside);
    }
}
