//! Where the rows of content standards are, and how mistakes in them are told. Not for what rows mean.

use crate::failure::Failure;
use plumbline_model::ExitCode;
use plumbline_pack::Files;
use plumbline_prsb::{RowError, Standard};
use std::fmt::Write;

/// The end of the folder of rows in a pack.
const FOLDER: &str = "/prsb/";

/// The rows of all packs: each folder `profiles/<pack>/prsb` by itself.
fn folders(files: &Files) -> Vec<Vec<(String, String)>> {
    let mut folders: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for (path, _) in files.under("profiles/") {
        let Some((pack, rest)) = path.split_once(FOLDER) else {
            continue;
        };
        let Some(text) = files.text(path).filter(|_| !rest.contains('/')) else {
            continue;
        };
        if folders.last().is_none_or(|(known, _)| known != pack) {
            folders.push((pack.to_owned(), Vec::new()));
        }
        if let Some((_, rows)) = folders.last_mut() {
            rows.push((path.to_owned(), text));
        }
    }
    folders.into_iter().map(|(_, rows)| rows).collect()
}

fn borrowed(rows: &[(String, String)]) -> Vec<(&str, &str)> {
    rows.iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect()
}

/// The standard with that id.
pub(super) fn standard(files: &Files, id: &str) -> Result<Standard, Failure> {
    let mut known = Vec::new();
    for rows in folders(files) {
        let rows = borrowed(&rows);
        let ids = Standard::list(&rows).map_err(|errors| mistakes(&errors))?;
        if ids.iter().any(|it| it == id) {
            return Standard::read(id, &rows).map_err(|errors| mistakes(&errors));
        }
        known.extend(ids);
    }
    Err(Failure::usage(format!(
        "error: there is no content standard `{id}`\n  help: the standards are {}",
        known.join(", ")
    )))
}

/// Reads the rows of a pack, or of all; says what is wrong, or how many rules there are.
pub(crate) fn lint(files: &Files, pack: Option<&str>, code: &mut ExitCode) {
    for rows in folders(files) {
        let in_pack = |pack: &str| {
            rows.iter()
                .any(|(path, _)| path.starts_with(&format!("profiles/{pack}/")))
        };
        if !pack.is_none_or(in_pack) {
            continue;
        }
        let rows = borrowed(&rows);
        let result = Standard::list(&rows).and_then(|ids| {
            ids.iter()
                .map(|id| Standard::read(id, &rows))
                .collect::<Result<Vec<_>, _>>()
        });
        match result {
            Ok(standards) => {
                for standard in standards {
                    println!(
                        "{}: {} content rules, no errors.",
                        standard.id(),
                        standard.rules().len()
                    );
                }
            }
            Err(errors) => {
                eprintln!("{}", mistakes(&errors).message.trim_end());
                *code = ExitCode::Usage;
            }
        }
    }
}

/// Mistakes as a failure: each with its place, its cause and its cure.
fn mistakes(errors: &[RowError]) -> Failure {
    let mut message = String::new();
    for error in errors {
        let column = if error.column.is_empty() {
            String::new()
        } else {
            format!(", column {}", error.column)
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            message,
            "error: {}\n  --> {}:{}{column}\n  help: {}",
            error.cause, error.path, error.line, error.fix
        );
    }
    Failure::usage(message)
}
