//! The text files behind a mock: embedded ones, and a directory laid over them.
//! Not for what the files mean.

use crate::error::MockError;
use include_dir::Dir;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;

/// One text file.
pub(crate) struct TextFile {
    /// As a message names it.
    pub(crate) shown: String,
    /// File name without `.toml`.
    pub(crate) stem: String,
    /// What it holds.
    pub(crate) text: String,
}

/// Every `.toml` file of `embedded` and one level of folders below it, by relative path.
/// A file of `directory` replaces the embedded file with the same relative path.
pub(crate) fn toml_files(
    embedded: &Dir<'_>,
    shown_root: &str,
    directory: Option<&Path>,
) -> Result<BTreeMap<String, TextFile>, MockError> {
    let mut files = BTreeMap::new();
    let folders = std::iter::once(embedded).chain(embedded.dirs());
    for file in folders.flat_map(Dir::files) {
        let relative = file.path().to_string_lossy().into_owned();
        let shown = format!("{shown_root}/{relative}");
        if let Some(stem) = toml_stem(file.path()) {
            let Some(text) = file.contents_utf8() else {
                return Err(bad_file(&shown, "is not UTF-8 text"));
            };
            let text = text.to_owned();
            files.insert(relative, TextFile { shown, stem, text });
        }
    }
    if let Some(root) = directory {
        read_directory(root, "", &mut files)?;
        for folder in sorted_entries(root)?.iter().filter(|path| path.is_dir()) {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            read_directory(folder, &format!("{name}/"), &mut files)?;
        }
    }
    Ok(files)
}

fn read_directory(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, TextFile>,
) -> Result<(), MockError> {
    for path in sorted_entries(folder)? {
        let Some(stem) = toml_stem(&path) else {
            continue;
        };
        let text = std::fs::read_to_string(&path).map_err(|source| MockError::Read {
            path: path.clone(),
            source,
        })?;
        let shown = path.display().to_string();
        files.insert(
            format!("{prefix}{stem}.toml"),
            TextFile { shown, stem, text },
        );
    }
    Ok(())
}

fn sorted_entries(folder: &Path) -> Result<Vec<std::path::PathBuf>, MockError> {
    let read = |source| MockError::Read {
        path: folder.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(read)? {
        paths.push(entry.map_err(read)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn toml_stem(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    Some(name.strip_suffix(".toml")?.to_owned())
}

/// Reads one file strictly; the error names the file, and the line where there is one.
pub(crate) fn parse<T: DeserializeOwned>(file: &TextFile) -> Result<T, MockError> {
    // Spreadsheets and some editors write a byte-order mark.
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    toml::from_str(text).map_err(|error| bad_file(&file.shown, &error.to_string()))
}

pub(crate) fn bad_file(file: &str, message: &str) -> MockError {
    MockError::BadFile {
        file: file.to_owned(),
        message: message.trim_end().to_owned(),
    }
}
