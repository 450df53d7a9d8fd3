//! `plumbline inspect`: an inspection by checklist, as a folder of text files that people fill in.
//! Not for judging: people judge, and the library says what follows by rule.

mod checklists;
mod demo;
mod fill;
mod folder;
mod report;

use crate::Outcome;
use crate::arguments::PackSource;
use crate::failure::Failure;
use clap::{Args, Subcommand, ValueEnum};
use plumbline_inspect::{Day, Mistakes, NewAssessment, Organisation};
use plumbline_model::ExitCode;
use std::path::PathBuf;

pub(crate) use checklists::lint;
pub(crate) use demo::demo;

/// The checklist that a new assessment takes where none is named.
const USUAL: &str = "interop-core";

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    #[command(subcommand)]
    command: InspectCommand,
}

#[derive(Debug, Subcommand)]
enum InspectCommand {
    /// Makes the folder of a new assessment: text files with the questions in them
    New(New),
    /// Adds evidence from runs on the organisation's own system, and figures of live operation
    Fill(Fill),
    /// Writes the report of an assessment
    Report(Report),
}

#[derive(Debug, Args)]
struct New {
    /// ODS code of the organisation
    #[arg(long, value_name = "CODE")]
    organisation: String,
    /// Name of the organisation
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What is looked at, in a sentence [default: to be written into the folder]
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    scope: String,
    /// Day on which the assessment begins, such as 2026-11-22 [default: to be written into the folder]
    #[arg(long, value_name = "DAY")]
    date: Option<String>,
    /// The checklist
    #[arg(long, value_name = "ID", default_value = USUAL)]
    checklist: String,
    /// Folder of the assessment; it must be new or empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    source: PackSource,
}

#[derive(Debug, Args)]
struct Fill {
    /// The folder of the assessment
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Folder of a run; may be repeated
    #[arg(
        long = "run",
        value_name = "RUN_FOLDER",
        required_unless_present = "measures"
    )]
    runs: Vec<PathBuf>,
    /// A CSV file of figures of live operation, as aggregate counts
    #[arg(long, value_name = "FILE")]
    measures: Option<PathBuf>,
    #[command(flatten)]
    source: PackSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum InspectForm {
    /// A page to read and print
    Html,
    /// The same statements for a machine
    Json,
}

#[derive(Debug, Args)]
struct Report {
    /// The folder of the assessment
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Folder for the report; it must be new, empty or from an earlier report
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Form of the report
    #[arg(long, value_enum, default_value = "html")]
    format: InspectForm,
    #[command(flatten)]
    source: PackSource,
}

pub(crate) fn perform(arguments: &Inspect) -> Outcome {
    match &arguments.command {
        InspectCommand::New(a) => new(a),
        InspectCommand::Fill(a) => fill::perform(a),
        InspectCommand::Report(a) => report::perform(a),
    }
}

fn new(arguments: &New) -> Outcome {
    let files = crate::load::files(&arguments.source)?;
    let checklist = checklists::find(&files, &arguments.checklist)?;
    let opened = match &arguments.date {
        None => None,
        Some(text) => Some(Day::parse(text).ok_or_else(|| {
            Failure::usage(
                "error: --date is no day of the calendar\n  help: write it as 2026-11-22",
            )
        })?),
    };
    let made = plumbline_inspect::create(&NewAssessment {
        checklist: &checklist,
        organisation: Organisation {
            code: arguments.organisation.clone(),
            name: arguments.name.clone(),
        },
        scope: arguments.scope.clone(),
        opened,
    })
    .map_err(mistakes)?;
    folder::write_new(&arguments.out, &made)?;
    println!(
        "Wrote {} questions of {} {} to {}.",
        checklist.items.len(),
        checklist.id,
        checklist.version,
        arguments.out.display()
    );
    println!(
        "Fill in assessment.toml, evidence/ and answers/; leave names out, no program finds them."
    );
    Ok(ExitCode::Success)
}

/// Mistakes in files as a failure.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn mistakes(found: Mistakes) -> Failure {
    Failure::usage(found.to_string())
}
