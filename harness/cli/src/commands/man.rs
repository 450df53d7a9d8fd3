//! `plumbline man`: manual pages, made from the same text as `--help`.
//! Not for guides: those are in harness/docs.

use crate::Outcome;
use crate::arguments::{Arguments, Man};
use crate::commands::completions::public;
use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_mangen::roff::{Roff, bold, roman};
use plumbline_model::ExitCode;
use std::fs;
use std::path::Path;

pub(crate) fn perform(arguments: &Man) -> Outcome {
    let mut command = public(&Arguments::command()).disable_help_subcommand(true);
    // Gives every command its full name, such as plumbline-report.
    command.build();
    match &arguments.out {
        None => println!("{}", page(&command)?.trim_end()),
        Some(folder) => {
            fs::create_dir_all(folder)
                .with_context(|| format!("failed to make `{}`", folder.display()))?;
            let pages = write(&command, folder)?;
            println!("Wrote {pages} pages to {}.", folder.display());
        }
    }
    Ok(ExitCode::Success)
}

/// Writes the page of a command and of each below it; gives their number.
fn write(command: &Command, folder: &Path) -> anyhow::Result<usize> {
    let man = clap_mangen::Man::new(command.clone());
    let path = folder.join(man.get_filename());
    fs::write(&path, page(command)?)
        .with_context(|| format!("failed to write `{}`", path.display()))?;
    let mut pages = 1;
    for below in command.get_subcommands() {
        pages += write(below, folder)?;
    }
    Ok(pages)
}

fn page(command: &Command) -> anyhow::Result<String> {
    let source = concat!("plumbline ", env!("CARGO_PKG_VERSION"));
    let man = clap_mangen::Man::new(command.clone()).source(source);
    let mut page = Vec::new();
    man.render(&mut page)
        .context("failed to render the manual page")?;
    exit_codes()
        .to_writer(&mut page)
        .context("failed to render the exit codes")?;
    String::from_utf8(page).context("the manual page is not UTF-8")
}

fn exit_codes() -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["EXIT STATUS"]);
    for code in ExitCode::ALL {
        section
            .control("TP", [])
            .text([bold(code.code().to_string())])
            .text([roman(code.meaning())]);
    }
    section
}
