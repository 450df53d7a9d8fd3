//! The subcommands, one file each. Adding one is adding a file, a line here and a line in `arguments`.

mod actors;
pub(crate) mod bundle;
mod completions;
pub(crate) mod content;
pub(crate) mod dashboard;
mod datasheet;
mod demo;
mod diff;
mod doctor;
mod gen_docs;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod inspect;
mod keygen;
mod lint;
mod man;
mod man_examples;
mod mock;
pub(crate) mod packages;
mod packs;
pub(crate) mod rejudge;
mod report;
mod run;
mod selftest;
mod steps;
mod validate;
pub(crate) mod verify;

use crate::Outcome;
use crate::arguments::{Arguments, Command};

/// Does what was asked for.
pub(crate) fn perform(arguments: Arguments) -> Outcome {
    match arguments.command {
        Command::Demo(a) => demo::perform(&a),
        Command::Import(a) => import::perform(&a),
        Command::Dashboard(a) => dashboard::perform(&a),
        Command::Init(a) => init::perform(&a),
        Command::Doctor(a) => doctor::perform(&a),
        Command::Run(a) => run::perform(&a),
        Command::Report(a) => report::perform(&a),
        Command::Bundle(a) => bundle::perform(&a),
        Command::Keygen(a) => keygen::perform(&a),
        Command::Verify(a) => verify::perform(&a),
        Command::Rejudge(a) => rejudge::perform(&a),
        Command::Diff(a) => diff::perform(&a),
        Command::Inspect(a) => inspect::perform(&a),
        Command::Lint(a) => lint::perform(&a),
        Command::Steps(a) => steps::perform(&a),
        Command::Packs(a) => packs::perform(&a),
        Command::Datasheet(a) => datasheet::perform(&a),
        Command::Actors(a) => actors::perform(&a),
        Command::Selftest(a) => selftest::perform(&a),
        Command::Mock(a) => mock::perform(&a),
        Command::Validate(a) => validate::perform(&a),
        Command::Packages(a) => packages::perform(&a),
        Command::Content(a) => content::perform(&a),
        Command::Completions(a) => completions::perform(&a),
        Command::Man(a) => man::perform(&a),
        Command::GenDocs(a) => gen_docs::perform(&a),
    }
}
