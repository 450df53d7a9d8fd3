//! The subcommands, one file each. Adding one is adding a file, a line here and a line in `arguments`.

mod actors;
mod completions;
mod datasheet;
mod demo;
mod doctor;
mod gen_docs;
pub(crate) mod init;
mod lint;
mod man;
mod man_examples;
mod mock;
mod packs;
mod report;
mod run;
mod selftest;
mod steps;
mod validate;

use crate::Outcome;
use crate::arguments::{Arguments, Command};

/// Does what was asked for.
pub(crate) fn perform(arguments: Arguments) -> Outcome {
    match arguments.command {
        Command::Demo(a) => demo::perform(&a),
        Command::Init(a) => init::perform(&a),
        Command::Doctor(a) => doctor::perform(&a),
        Command::Run(a) => run::perform(&a),
        Command::Report(a) => report::perform(&a),
        Command::Lint(a) => lint::perform(&a),
        Command::Steps(a) => steps::perform(&a),
        Command::Packs(a) => packs::perform(&a),
        Command::Datasheet(a) => datasheet::perform(&a),
        Command::Actors(a) => actors::perform(&a),
        Command::Selftest(a) => selftest::perform(&a),
        Command::Mock(a) => mock::perform(&a),
        Command::Validate(a) => validate::perform(&a),
        Command::Completions(a) => completions::perform(&a),
        Command::Man(a) => man::perform(&a),
        Command::GenDocs(a) => gen_docs::perform(&a),
    }
}
