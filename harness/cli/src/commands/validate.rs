//! `plumbline validate`: files of FHIR against the base specification, offline.
//! Not for the rules, which are the library's, and not for packs or targets.

mod in_order;
mod inputs;
mod json;
mod judge;
mod operation_outcome;
mod page;
mod shown;
mod summary;
mod text;

use crate::Outcome;
use crate::arguments::{FhirChoice, Validate, ValidateForm};
use crate::failure::Failure;
use indicatif::{ProgressBar, ProgressStyle};
use judge::Judged;
use plumbline_fhir::{Definitions, FhirVersion};
use plumbline_model::ExitCode;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use summary::Summary;

/// A form of the result. What is printed for a file depends on that file alone.
trait Form {
    /// Before the first file.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()>;
    /// One file, in the order of the arguments.
    fn file(&mut self, file: &Judged, out: &mut dyn Write) -> io::Result<()>;
    /// After the last file.
    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}

pub(crate) fn perform(arguments: &Validate) -> Outcome {
    refuse_unsupported(arguments)?;
    let version = match arguments.fhir {
        FhirChoice::R4 => FhirVersion::R4,
        FhirChoice::Stu3 => FhirVersion::Stu3,
    };
    let definitions = Definitions::of(version);
    let inputs = inputs::collect(&arguments.files);
    let mut form: Box<dyn Form> = match arguments.format {
        ValidateForm::Text => Box::new(text::Text),
        ValidateForm::Json => Box::new(json::Json::new(version)),
        ValidateForm::OperationOutcome => Box::new(operation_outcome::Lines),
        ValidateForm::Html => Box::new(page::Page::new(version)),
    };
    let mut summary = Summary::new(version);
    let mut out = BufWriter::new(io::stdout().lock());
    let bar = progress(inputs.len());
    let printed = (|| {
        form.begin(&mut out)?;
        in_order::each(
            &inputs,
            |input| judge::judge(input, definitions),
            |judged| {
                summary.count(&judged);
                bar.inc(1);
                bar.suspend(|| {
                    form.file(&judged, &mut out)?;
                    out.flush()
                })
            },
        )?;
        bar.finish_and_clear();
        form.end(&summary, &mut out)?;
        out.flush()
    })();
    match printed {
        // Whoever read the output has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => {
            return Err(Failure::usage(format!(
                "error: failed to print the result: {error}"
            )));
        }
        Ok(()) => {}
    }
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

fn refuse_unsupported(arguments: &Validate) -> Result<(), Failure> {
    let given = [
        ("--profile", arguments.profile.is_empty()),
        ("--package", arguments.package.is_empty()),
    ];
    match given.iter().find(|(_, is_absent)| !is_absent) {
        Some((option, _)) => Err(Failure::usage(format!(
            "error: {option} is not supported yet\n  help: without it, files are checked against the \
             base specification, and each profile that they name is printed as not checked"
        ))),
        None => Ok(()),
    }
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
