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

/// What became of all files.
pub(super) struct Judged {
    pub(super) files: Vec<ContentFile>,
    /// How many could not be read as JSON or XML at all, whatever they may be.
    pub(super) unreadable: usize,
}

/// One file, and the name by which it is shown.
struct Named {
    path: PathBuf,
    name: String,
}

/// Judges every file, in the order of the arguments; those of a folder, and of the folders in it, by name.
pub(super) fn judge(paths: &[PathBuf], standard: &Standard) -> Result<Judged, Failure> {
    let mut files = Vec::new();
    for given in paths {
        let mut found = Vec::new();
        collect(given, &mut found)?;
        files.extend(found.into_iter().map(|path| Named {
            name: name(&shown(&path, given, paths.len())),
            path,
        }));
    }
    if files.is_empty() {
        return Err(Failure::usage(
            "error: there is no file that ends with .json or .xml\n  help: name the documents themselves, or another folder",
        ));
    }
    let mut judged = Judged {
        files: Vec::new(),
        unreadable: 0,
    };
    for named in files {
        let seen = file(&named.path, standard);
        judged.unreadable += usize::from(matches!(seen, Seen::Unreadable(_)));
        let (Seen::Read(outcome) | Seen::Unreadable(outcome)) = seen;
        judged.files.push(ContentFile {
            name: named.name,
            outcome,
        });
    }
    Ok(judged)
}

/// A file as it may be named: within the folder that was given, and never by a place on this machine.
fn shown(path: &Path, given: &Path, count: usize) -> PathBuf {
    let last = |path: &Path| path.file_name().map(PathBuf::from).unwrap_or_default();
    match path.strip_prefix(given) {
        Ok(within) if !within.as_os_str().is_empty() => {
            // Of several folders each is told by its own name.
            if count > 1 {
                last(given).join(within)
            } else {
                within.to_owned()
            }
        }
        _ if path.is_absolute() => last(path),
        _ => path.to_owned(),
    }
}

/// A file that was read, whatever it turned out to be, or one that could not be.
enum Seen {
    Read(ContentOutcome),
    Unreadable(ContentOutcome),
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

fn file(path: &Path, standard: &Standard) -> Seen {
    // A fault of our own on one file never takes the others with it.
    catch_unwind(AssertUnwindSafe(|| outcome(path, standard))).unwrap_or_else(|_| {
        Seen::Unreadable(refused(
            "a file on which Plumbline itself failed",
            "Report it to the authors of Plumbline",
        ))
    })
}

fn outcome(path: &Path, standard: &Standard) -> Seen {
    let bytes = match read(path) {
        Ok(bytes) => bytes,
        Err(outcome) => return Seen::Unreadable(outcome),
    };
    let syntax = Syntax::guess(&bytes).unwrap_or(Syntax::Json);
    let tree = match Tree::parse_as(syntax, bytes, &Limits::default()) {
        Ok(tree) => tree,
        Err(error) => {
            return Seen::Unreadable(refused(
                format!("neither JSON nor XML that can be read: {error}"),
                error.kind.cure(),
            ));
        }
    };
    Seen::Read(
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
        },
    )
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

/// The name of a file as it may be shown: no control characters, and no ten digits in a row, however they are parted,
/// since file names of exports often hold NHS numbers.
fn name(path: &Path) -> String {
    let below = path.strip_prefix(".").unwrap_or(path);
    let text = below.display().to_string();
    let plain: Vec<char> = text
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    let mut shown = String::new();
    let mut at = 0;
    while at < plain.len() {
        let end = number_end(&plain, at);
        if end > at {
            shown.push_str("[number]");
            at = end;
        } else {
            shown.push(plain[at]);
            at += 1;
        }
    }
    shown
}

/// Where a number ends that begins here and has ten digits or more; here, if none does.
fn number_end(text: &[char], begin: usize) -> usize {
    let is_digit = |at: usize| text.get(at).is_some_and(|c| c.is_numeric());
    if !is_digit(begin) || begin > 0 && is_digit(begin - 1) {
        return begin;
    }
    let (mut at, mut count) = (begin, 0);
    loop {
        while is_digit(at) {
            at += 1;
            count += 1;
        }
        if count >= MOST_DIGITS {
            return at;
        }
        // What parts the digits of a number: at most a few signs that are no letters.
        let gap = text[at..].iter().take_while(|c| is_gap(**c)).count();
        if !(1..=3).contains(&gap) || !is_digit(at + gap) {
            return begin;
        }
        at += gap;
    }
}

/// So many digits may be the number of a person.
const MOST_DIGITS: usize = 10;

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '.' | '\u{2010}'..='\u{2015}')
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
        for text in [
            "999 000 0018.json",
            "999-000-0018.json",
            "999_000_0018.json",
            "999 - 000.0018.json",
        ] {
            assert_eq!(name(Path::new(text)), "[number].json", "{text}");
        }
        assert_eq!(name(Path::new("1-999 000 0018 x.json")), "[number] x.json");
        assert_eq!(name(Path::new("2026-11-22.json")), "2026-11-22.json");
    }

    #[test]
    fn files_are_named_within_the_folder_that_was_given() {
        let folder = Path::new("/machine/exported");
        let file = Path::new("/machine/exported/a/b.json");
        assert_eq!(shown(file, folder, 1), Path::new("a/b.json"));
        assert_eq!(shown(file, folder, 2), Path::new("exported/a/b.json"));
        assert_eq!(shown(file, file, 1), Path::new("b.json"));
        let relative = Path::new("exported/b.json");
        assert_eq!(shown(relative, relative, 1), relative);
    }
}
