//! The files that packs are made of: embedded, from a folder, or one laid over the other.
//! Not for understanding them.

use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::path::Path;

static PROFILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../profiles");
static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../scenarios");

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
        let mut files = BTreeMap::new();
        embed(&PROFILES, FOLDERS[0], &mut files);
        embed(&SCENARIOS, FOLDERS[1], &mut files);
        Self(files)
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

fn embed(dir: &Dir<'_>, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for file in dir.files() {
        let path = slashed(prefix, file.path());
        if !hidden(&path) {
            files.insert(path, file.contents().to_vec());
        }
    }
    for inner in dir.dirs() {
        embed(inner, prefix, files);
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

fn slashed(prefix: &str, path: &Path) -> String {
    let mut out = prefix.to_owned();
    for part in path.components() {
        out.push('/');
        out.push_str(&part.as_os_str().to_string_lossy());
    }
    out
}
