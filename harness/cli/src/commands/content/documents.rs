//! Finds documents, reads them within bounds, and asks the libraries about each. Not for showing the result.

use crate::failure::Failure;
use plumbline_fhir::{Definitions, Options, validate};
use plumbline_prsb::{Held, Standard, Version, judge as judge_content, judge_codes};
use plumbline_reports::{ContentFile, ContentOutcome, FhirCheck};
use plumbline_tree::{Limits, Syntax, Tree};
use std::fs;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Judges every file, in the order of the arguments; those of a folder, and of the folders in it, by name.
pub(super) fn judge(paths: &[PathBuf], standard: &Standard) -> Result<Vec<ContentFile>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    if files.is_empty() {
        return Err(Failure::usage(
            "error: there is no file that ends with .json or .xml\n  help: name the documents themselves, or another folder",
        ));
    }
    Ok(files.iter().map(|path| file(path, standard)).collect())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::usage(format!(
            "error: failed to read `{}`: {error}\n  help: check the name, and the folder in which the command is started",
            path.display()
        ))
    };
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut inner: Vec<fs::DirEntry> = fs::read_dir(path)
        .and_then(Iterator::collect)
        .map_err(failed)?;
    inner.sort_by_key(fs::DirEntry::file_name);
    for entry in inner {
        let path = entry.path();
        // Links to folders are not followed: they may lead round in a circle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&path, files)?;
        } else if is_wanted(&path) && !path.is_dir() {
            files.push(path);
        }
    }
    Ok(())
}

fn is_wanted(path: &Path) -> bool {
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
    let is_hidden = name.is_some_and(|name| name.starts_with('.'));
    let ending = path.extension();
    !is_hidden
        && ending
            .is_some_and(|it| it.eq_ignore_ascii_case("json") || it.eq_ignore_ascii_case("xml"))
}

fn file(path: &Path, standard: &Standard) -> ContentFile {
    // A fault of our own on one file never takes the others with it.
    let outcome = catch_unwind(AssertUnwindSafe(|| outcome(path, standard))).unwrap_or_else(|_| {
        refused(
            "a file on which Plumbline itself failed",
            "Report it to the authors of Plumbline",
        )
    });
    ContentFile {
        name: name(path),
        outcome,
    }
}

fn outcome(path: &Path, standard: &Standard) -> ContentOutcome {
    let bytes = match read(path) {
        Ok(bytes) => bytes,
        Err(outcome) => return outcome,
    };
    let syntax = Syntax::guess(&bytes).unwrap_or(Syntax::Json);
    let tree = match Tree::parse_as(syntax, bytes, &Limits::default()) {
        Ok(tree) => tree,
        Err(error) => {
            return refused(
                format!("neither JSON nor XML that can be read: {error}"),
                error.kind.cure(),
            );
        }
    };
    match judge_content(&tree, standard, &Held::nothing_known()) {
        Ok(content) => {
            let version = content.document.version;
            let definitions = match version {
                Version::Stu3 => Definitions::stu3(),
                Version::R4 => Definitions::r4(),
            };
            let counts = validate(&tree, definitions, &Options::default()).counts;
            ContentOutcome::Judged {
                content: Box::new(content),
                fhir: FhirCheck {
                    version: version.name(),
                    errors: number(counts.errors),
                    warnings: number(counts.warnings),
                },
            }
        }
        Err(refusal) => ContentOutcome::Refused {
            what: refusal.what,
            fix: refusal.fix,
            codes: judge_codes(&tree, standard),
        },
    }
}

fn number(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn refused(what: impl Into<String>, fix: impl Into<String>) -> ContentOutcome {
    ContentOutcome::Refused {
        what: what.into(),
        fix: fix.into(),
        codes: Vec::new(),
    }
}

/// The bytes of an ordinary file of bearable size.
fn read(path: &Path) -> Result<Vec<u8>, ContentOutcome> {
    let most = Limits::default().max_bytes;
    let cannot = |error: std::io::Error| {
        refused(
            format!("a file that cannot be read: {error}"),
            "Check that it is there and that you may read it",
        )
    };
    let kind = fs::metadata(path).map_err(cannot)?;
    if !kind.is_file() {
        return Err(refused(
            "no ordinary file",
            "Write the document to a file, and name that",
        ));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(cannot)?;
    file.take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(cannot)?;
    if bytes.len() > most {
        return Err(refused(
            format!("larger than {} MB", most >> 20),
            "Give the document alone, without others around it",
        ));
    }
    Ok(bytes)
}

/// The name of a file as it may be shown: no control characters, and no ten digits in a row, since file names of
/// exports often hold NHS numbers.
fn name(path: &Path) -> String {
    let below = path.strip_prefix(".").unwrap_or(path);
    let text: String = below
        .display()
        .to_string()
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    let mut shown = String::new();
    let mut digits = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if digits.len() >= 10 {
            shown.push_str("[number]");
        } else {
            shown.push_str(&digits);
        }
        digits.clear();
        if c != '\n' {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_in_file_names_are_not_shown() {
        assert_eq!(
            name(Path::new("./a/9990000026-2026.xml")),
            "a/[number]-2026.xml"
        );
        assert_eq!(name(Path::new("plain-12345.json")), "plain-12345.json");
    }
}
