//! Which files there are to check. Not for what is in them.

use super::shown::shown;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What to check, or why that cannot be.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    pub(super) trouble: Option<Trouble>,
}

/// Why a file cannot be read.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    pub(super) problem: String,
    pub(super) fix: &'static str,
}

impl Trouble {
    pub(super) fn new(problem: impl Into<String>, fix: &'static str) -> Self {
        Self {
            problem: problem.into(),
            fix,
        }
    }

    pub(super) fn of_io(error: &io::Error) -> Self {
        let fix = match error.kind() {
            io::ErrorKind::NotFound => {
                "Check the name, and the folder in which the command is started"
            }
            io::ErrorKind::PermissionDenied => "Ask for the right to read it",
            _ => "Check that it can be read, or copy it to this computer first",
        };
        Self::new(format!("this cannot be read: {error}"), fix)
    }
}

/// The files, in the order of the arguments; those of a folder, and of the folders in it, by name.
pub(super) fn collect(arguments: &[PathBuf]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in arguments {
        match fs::metadata(path) {
            Ok(kind) if kind.is_dir() => of_folder(path, &mut inputs),
            Ok(_) => inputs.push(input(path.clone())),
            Err(error) => inputs.push(troubled(path, Trouble::of_io(&error))),
        }
    }
    inputs
}

fn input(path: PathBuf) -> Input {
    Input {
        path,
        trouble: None,
    }
}

fn troubled(path: &Path, trouble: Trouble) -> Input {
    Input {
        path: path.to_owned(),
        trouble: Some(trouble),
    }
}

/// Files that end with .json or .xml. Links to folders are not followed: they may lead round in a circle.
fn of_folder(top: &Path, inputs: &mut Vec<Input>) {
    let before = inputs.len();
    let mut others: usize = 0;
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<fs::DirEntry> = match fs::read_dir(&folder).and_then(Iterator::collect)
        {
            Ok(entries) => entries,
            Err(error) => {
                inputs.push(troubled(&folder, Trouble::of_io(&error)));
                continue;
            }
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        let mut inner = Vec::new();
        for entry in entries {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                inner.push(path);
            } else if is_wanted(&path) && !fs::metadata(&path).is_ok_and(|kind| kind.is_dir()) {
                inputs.push(input(path));
            } else {
                others += 1;
            }
        }
        folders.extend(inner.into_iter().rev());
    }
    if inputs.len() == before {
        let problem = format!(
            "this folder has no file that ends with .json or .xml; other files in it: {others}"
        );
        inputs.push(troubled(
            top,
            Trouble::new(problem, "Name the files themselves, or another folder"),
        ));
    }
}

fn is_wanted(path: &Path) -> bool {
    let is_hidden = path
        .file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let ending = path.extension();
    !is_hidden
        && ending
            .is_some_and(|it| it.eq_ignore_ascii_case("json") || it.eq_ignore_ascii_case("xml"))
}

impl Input {
    /// What to call it, safe to print.
    pub(super) fn name(&self) -> String {
        let below = self.path.strip_prefix(".").unwrap_or(&self.path);
        let is_all = below.as_os_str().is_empty();
        let path = if is_all { &self.path } else { below };
        shown(&path.display().to_string())
    }
}
