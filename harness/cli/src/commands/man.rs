//! `plumbline man`: manual pages, made from the same text as `--help`.
//! Not for guides: those are in harness/docs. The examples are in `man_examples`.

use crate::Outcome;
use crate::arguments::{Arguments, Man};
use crate::commands::completions::public;
use crate::commands::man_examples::{EXAMPLES, ORDER_OF_WORK};
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
    let mut below = Vec::from([exit_codes()]);
    let name = command.get_display_name().unwrap_or(command.get_name());
    let examples = EXAMPLES.iter().filter(|(of, _)| *of == name);
    below.extend(examples.map(|(_, lines)| commands("EXAMPLES", lines)));
    if name == "plumbline" {
        below.insert(0, commands("ORDER OF WORK", ORDER_OF_WORK));
    }
    below.push(see_also(name, command));
    for section in below {
        section
            .to_writer(&mut page)
            .context("failed to render a section of the manual page")?;
    }
    String::from_utf8(page).context("the manual page is not UTF-8")
}

fn exit_codes() -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["EXIT STATUS"]);
    // A number that is only kept for later would be looked for in vain.
    let given = |code: &&ExitCode| !matches!(code, ExitCode::Regression);
    for code in ExitCode::ALL.iter().filter(given) {
        section
            .control("TP", [])
            .text([bold(code.code().to_string())])
            .text([roman(code.meaning())]);
    }
    section
}

/// What is done, each with the command that does it.
fn commands(title: &str, lines: &[(&str, &str)]) -> Roff {
    let mut section = Roff::new();
    section.control("SH", [title]);
    for (what, command) in lines {
        section
            .control("PP", [])
            .text([roman(*what)])
            .control("RS", ["4"])
            // As it is typed: not filled, not justified.
            .control("EX", [])
            .text([bold(*command)])
            .control("EE", [])
            .control("RE", []);
    }
    section
}

/// The pages above and below this one, and where the guides are.
fn see_also(name: &str, command: &Command) -> Roff {
    let above = name.rsplit_once('-').map(|(above, _)| above.to_owned());
    let below = command
        .get_subcommands()
        .filter_map(|c| c.get_display_name().map(str::to_owned));
    let pages: Vec<String> = above
        .into_iter()
        .chain(below)
        .map(|page| format!("{page}(1)"))
        .collect();
    let mut section = Roff::new();
    section
        .control("SH", ["SEE ALSO"])
        .text([roman(pages.join(", "))])
        .control("PP", [])
        .text([roman(
            "The guides are in harness/docs of the source: test-a-product.md, load-the-data-sheet.md, \
             write-a-scenario.md, add-a-pack.md; and mocks/faults/README.md.",
        )]);
    section
}
