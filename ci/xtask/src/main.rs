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
    /// Writes profiles/_fhir, the facts of the base specification, from the packages of HL7; or with --from the
    /// facts of official profiles for a pack.
    Definitions {
        /// Only compares; fails when a file differs, and runs the tests over the packages.
        #[arg(long)]
        check: bool,
        /// A folder with official profiles, value sets and code systems, in JSON or XML.
        #[arg(long, requires = "pack", conflicts_with = "check")]
        from: Option<PathBuf>,
        /// The pack that gets the facts, in its folder fhir.
        #[arg(long, requires = "from")]
        pack: Option<String>,
        /// The version of FHIR, r4 or stu3, if the pack names none.
        #[arg(long, requires = "from")]
        fhir: Option<String>,
        /// The url of a profile, or the last part of it: only this and what it needs. May be given more than once.
        #[arg(long, requires = "from")]
        only: Vec<String>,
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
        Command::Definitions {
            check,
            from,
            pack,
            fhir,
            only,
        } => match (from, pack) {
            (Some(from), Some(pack)) => {
                let request = definitions::Request {
                    from: from.clone(),
                    pack: pack.clone(),
                    fhir: fhir.clone(),
                    only: only.clone(),
                };
                definitions::official(&workspace, &request)
            }
            _ => definitions::run(&workspace, *check),
        },
        Command::Shots { dir } => browser::shots(&workspace, dir.as_deref()),
    }
}
