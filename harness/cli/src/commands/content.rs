//! `plumbline content`: one document, or a folder of exported ones, against the content rules of a standard. No network.
//! Not for the rules, which are text, nor for judging by them, which is the library's.

mod documents;
mod rows;
#[cfg(test)]
mod tests;

pub(crate) use rows::lint;

use crate::Outcome;
use crate::arguments::PackSource;
use crate::failure::Failure;
use crate::load;
use anyhow::Context;
use clap::{Args, ValueEnum};
use plumbline_model::ExitCode;
use plumbline_prsb::Severity;
use plumbline_reports::{
    ContentInput, Origin, content_html, content_json, content_letter, content_text,
};
use std::fs;
use std::path::{Path, PathBuf};

/// A form of the result on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ContentForm {
    /// To read in a terminal
    Text,
    /// Every rule of every document, for programs
    Json,
    /// A page to read, print or send
    Html,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit code: 0 if every document is valid FHIR and breaks no must rule; 1 if one does not, or a file of several could not be read; 2 for wrong usage, or if nothing could be judged."
)]
pub(crate) struct Content {
    /// Documents in FHIR JSON or XML, or folders of files that end with .json or .xml
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The content standard
    #[arg(long, value_name = "ID", default_value = "edischarge")]
    pub standard: String,
    /// Form of the result on standard output
    #[arg(long, value_enum, default_value = "text")]
    pub format: ContentForm,
    /// A new or empty folder for the page, the JSON and the letter to the supplier
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The day to print on page and letter
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    #[command(flatten)]
    pub source: PackSource,
}

/// What a result comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    /// Documents that were judged.
    pub judged: usize,
    /// Of those, how many break a must rule.
    pub with_musts: usize,
    /// Of those that were judged, how many are not valid FHIR.
    pub invalid: usize,
    /// Files that were not judged.
    pub refused: usize,
    /// Of those, how many could not be read at all.
    pub unreadable: usize,
}

impl Count {
    /// What the command ends with, once something was judged.
    const fn exit(self) -> ExitCode {
        if self.with_musts + self.invalid + self.unreadable > 0 {
            ExitCode::NotConformant
        } else {
            ExitCode::Success
        }
    }
}

pub(crate) fn perform(arguments: &Content) -> Outcome {
    let date = day(arguments.date.as_deref())?;
    if let Some(out) = &arguments.out {
        refuse_full(out)?;
    }
    let standard = rows::standard(&load::files(&arguments.source)?, &arguments.standard)?;
    let judged = documents::judge(&arguments.files, &standard)?;
    let input = ContentInput {
        standard: &standard,
        files: &judged.files,
        origin: Origin::Exported,
        date: &date,
    };
    let text = match arguments.format {
        ContentForm::Text => content_text(&input),
        ContentForm::Json => content_json(&input).map_err(internal)?,
        ContentForm::Html => content_html(&input).map_err(internal)?,
    };
    print!("{text}");
    if let Some(out) = &arguments.out {
        put(out, &input)?;
    }
    let count = count(&judged);
    if count.judged == 0 {
        return Err(Failure::usage(format!(
            "error: no file could be judged by the standard `{}`\n  help: each is named with its reason in the output",
            arguments.standard
        )));
    }
    Ok(count.exit())
}

/// Judges documents and writes page, JSON and letter into a folder, for the demonstration.
pub(crate) fn write(
    paths: &[PathBuf],
    origin: Origin,
    date: &str,
    out: &Path,
) -> Result<Count, Failure> {
    refuse_full(out)?;
    let standard = rows::standard(&plumbline_pack::Files::embedded(), "edischarge")?;
    let judged = documents::judge(paths, &standard)?;
    let input = ContentInput {
        standard: &standard,
        files: &judged.files,
        origin,
        date,
    };
    put(out, &input)?;
    Ok(count(&judged))
}

fn count(judged: &documents::Judged) -> Count {
    let mut count = Count {
        judged: 0,
        with_musts: 0,
        invalid: 0,
        refused: 0,
        unreadable: judged.unreadable,
    };
    for file in &judged.files {
        match &file.outcome {
            plumbline_reports::ContentOutcome::Judged { content, fhir } => {
                count.judged += 1;
                count.invalid += usize::from(fhir.errors > 0);
                let breaks = content.broken(Severity::Must).next().is_some();
                count.with_musts += usize::from(breaks);
            }
            plumbline_reports::ContentOutcome::Refused { .. } => count.refused += 1,
        }
    }
    count
}

/// The forms that a folder gets; none is ever written over.
fn put(out: &Path, input: &ContentInput<'_>) -> Result<(), Failure> {
    fs::create_dir_all(out)
        .with_context(|| format!("failed to make the folder `{}`", out.display()))?;
    let forms = [
        ("content.html", content_html(input).map_err(internal)?),
        ("content.json", content_json(input).map_err(internal)?),
        ("letter.txt", content_letter(input)),
    ];
    for (name, text) in forms {
        let path = out.join(name);
        fs::write(&path, text).with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    Ok(())
}

fn internal(error: impl std::fmt::Display) -> Failure {
    Failure::internal(format!("error: failed to write the result: {error}"))
}

fn refuse_full(out: &Path) -> Result<(), Failure> {
    let is_full = match fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => out.exists(),
    };
    if is_full {
        return Err(Failure::usage(format!(
            "error: `{}` exists and is not an empty folder\n  help: choose another with --out; nothing is written over",
            out.display()
        )));
    }
    Ok(())
}

/// A real day, or nothing.
fn day(text: Option<&str>) -> Result<String, Failure> {
    let Some(text) = text else {
        return Ok(String::new());
    };
    match text.parse::<jiff::civil::Date>() {
        Ok(date) if text.len() == 10 => Ok(date.to_string()),
        _ => Err(Failure::usage(format!(
            "error: `{text}` is no day\n  help: write it as --date 2026-11-22"
        ))),
    }
}
