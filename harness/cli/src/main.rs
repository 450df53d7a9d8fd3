//! The plumbline command: reads arguments, calls the libraries, prints, and ends with an exit code.
//! One file a subcommand under `commands`. Not for rules of any kind: those are in the libraries.

// First, so that its macros stand in for those of the standard library everywhere below.
#[macro_use]
mod output;

mod arguments;
mod commands;
mod failure;
mod folder;
mod load;
mod mock_child;
mod mock_target;
mod patients;
mod session;
mod surroundings;
mod transport;

use clap::Parser;
use failure::Failure;
use plumbline_model::ExitCode;
use std::process;

fn main() -> process::ExitCode {
    let arguments = arguments::Arguments::parse();
    let code = match commands::perform(arguments) {
        Ok(code) => code,
        Err(Failure { code, message }) => {
            eprintln!("{}", message.trim_end());
            code
        }
    };
    let code = match output::failure() {
        Some(why) => {
            eprintln!("error: failed to write to standard output: {why}");
            if code == ExitCode::Success {
                ExitCode::Internal
            } else {
                code
            }
        }
        None => code,
    };
    process::ExitCode::from(code.code())
}

/// How a command ends: with an exit code, or with a message and one.
pub(crate) type Outcome = Result<ExitCode, Failure>;
