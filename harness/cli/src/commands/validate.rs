//! `plumbline validate`: files of FHIR against the base specification and profiles, offline.
//! Not for the rules, which are the library's, and not for packs or targets.

mod at_hand;
mod explain;
mod in_order;
mod inputs;
mod json;
mod judge;
mod operation_outcome;
mod page;
mod shown;
mod summary;
mod text;
mod tx;
mod watch;

use crate::Outcome;
use crate::arguments::{FhirChoice, Validate, ValidateForm};
use crate::failure::Failure;
use at_hand::AtHand;
use indicatif::{ProgressBar, ProgressStyle};
use inputs::Input;
use judge::Judged;
use plumbline_fhir::FhirVersion;
use plumbline_model::ExitCode;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use summary::Summary;

/// A form of the result. What is printed for a file depends on that file and on what is at hand.
trait Form {
    /// Before the first file.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()>;
    /// One file, in the order of the arguments.
    fn file(&mut self, file: &Judged, at_hand: &AtHand, out: &mut dyn Write) -> io::Result<()>;
    /// After the last file.
    fn end(&mut self, summary: &Summary, at_hand: &AtHand, out: &mut dyn Write) -> io::Result<()>;
}

pub(crate) fn perform(arguments: &Validate) -> Outcome {
    let version = match arguments.fhir {
        FhirChoice::R4 => FhirVersion::R4,
        FhirChoice::Stu3 => FhirVersion::Stu3,
    };
    if let Some(code) = &arguments.explain {
        let loaded = at_hand::read(arguments, version)?;
        return explain::perform(code, version, &loaded.library);
    }
    if arguments.watch {
        return watch::perform(arguments, version);
    }
    let at_hand = at_hand::load(arguments, version)?;
    let inputs = inputs::collect(&arguments.files);
    let mut summary = Summary::new(version);
    match print(arguments, version, &inputs, &at_hand, &mut summary) {
        // Whoever read the output has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => {
            return Err(Failure::usage(format!(
                "error: failed to print the result: {error}"
            )));
        }
        Ok(()) => {}
    }
    if let Some(tx) = &at_hand.tx {
        tx.save()?;
    }
    verdict(&summary)
}

/// Checks every file and prints the result.
fn print(
    arguments: &Validate,
    version: FhirVersion,
    inputs: &[Input],
    at_hand: &AtHand,
    summary: &mut Summary,
) -> io::Result<()> {
    let mut form: Box<dyn Form> = match arguments.format {
        ValidateForm::Text => Box::new(text::Text),
        ValidateForm::Json => Box::new(json::Json::new(version)),
        ValidateForm::OperationOutcome => Box::new(operation_outcome::Lines),
        ValidateForm::Html => Box::new(page::Page::new(version)),
    };
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    // Somebody looks on: each file when it is done.
    let is_seen = io::stdout().is_terminal();
    let bar = progress(inputs.len());
    form.begin(&mut out)?;
    in_order::each(
        inputs,
        jobs(arguments),
        |input| judge::judge(input, at_hand),
        |judged| {
            summary.count(&judged);
            bar.inc(1);
            bar.suspend(|| {
                form.file(&judged, at_hand, &mut out)?;
                if is_seen { out.flush() } else { Ok(()) }
            })
        },
    )?;
    bar.finish_and_clear();
    form.end(summary, at_hand, &mut out)?;
    out.flush()
}

/// How many files are checked at once.
fn jobs(arguments: &Validate) -> usize {
    let asked = arguments.jobs.map(usize::from);
    asked.unwrap_or_else(in_order::processors)
}

/// How the command ends.
fn verdict(summary: &Summary) -> Outcome {
    if summary.faults > 0 {
        return Err(Failure::internal(format!(
            "error: {} of Plumbline itself; please report it",
            shown::counted(summary.faults, "fault")
        )));
    }
    if summary.not_read > 0 {
        return Err(Failure::usage(format!(
            "error: {} could not be checked; each is named with its reason in the output",
            shown::counted(summary.not_read, "file")
        )));
    }
    Ok(if summary.with_errors > 0 {
        ExitCode::NotConformant
    } else {
        ExitCode::Success
    })
}

fn progress(files: usize) -> ProgressBar {
    if files < 2 || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} files, {elapsed}") {
        bar.set_style(style);
    }
    bar
}
