//! The developer commands: `ci`, `tidy`, `gen`, `definitions` and `shots`.
//! Not for users of Plumbline: their command is in harness/cli.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command for developers talks to its terminal"
)]

mod browser;
mod ci;
mod definitions;
mod gates;
mod generated;
mod junit;
mod process;
mod setup;
mod tidy;
mod workspace;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Developer commands of the Plumbline repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Everything that must pass before a change lands, in order.
    Ci,
    /// The rules of ci/gates.toml about files and layers.
    Tidy,
    /// Writes the generated documents and the generated part of the README.
    Gen {
        /// Only compares; fails when a file differs.
        #[arg(long)]
        check: bool,
    },
    /// Writes profiles/_fhir, the facts of the base specification, from the packages of HL7.
    Definitions {
        /// Only compares; fails when a file differs, and runs the tests over the packages.
        #[arg(long)]
        check: bool,
    },
    /// Pictures of the demo pages for people to look at, in target/shots.
    Shots {
        /// A folder with an index.html; without it the demo is run first.
        dir: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> anyhow::Result<()> {
    let workspace = workspace::Workspace::find()?;
    match command {
        Command::Ci => ci::run(&workspace),
        Command::Tidy => tidy::run(&workspace),
        Command::Gen { check } => {
            let plumbline = workspace.build_plumbline()?;
            if *check {
                generated::check(&workspace, &plumbline)
            } else {
                generated::write(&workspace, &plumbline)
            }
        }
        Command::Definitions { check } => definitions::run(&workspace, *check),
        Command::Shots { dir } => browser::shots(&workspace, dir.as_deref()),
    }
}
