//! `plumbline completions`: a script with which a shell completes commands and options.
//! Not for installing it: each shell has its own place for that.

use crate::Outcome;
use crate::arguments::{Arguments, Completions};
use anyhow::Context;
use clap::{Command, CommandFactory};
use plumbline_model::ExitCode;

pub(crate) fn perform(arguments: &Completions) -> Outcome {
    let mut script = Vec::new();
    let mut command = public(&Arguments::command());
    clap_complete::generate(arguments.shell, &mut command, "plumbline", &mut script);
    let script = String::from_utf8(script).context("the script is not UTF-8")?;
    println!("{}", script.trim_end());
    Ok(ExitCode::Success)
}

/// The command as people are told of it: without hidden commands and options,
/// which the scripts and manual pages would show.
pub(crate) fn public(command: &Command) -> Command {
    // The library wants names that live as long as the program; this happens once, and it then ends.
    let name: &'static str = command.get_name().to_owned().leak();
    let mut shown = Command::new(name)
        .subcommand_required(command.is_subcommand_required_set())
        .args(command.get_arguments().filter(|a| !a.is_hide_set()))
        .subcommands(
            command
                .get_subcommands()
                .filter(|c| !c.is_hide_set())
                .map(public),
        );
    if let Some(about) = command.get_about() {
        shown = shown.about(about.clone());
    }
    if let Some(about) = command.get_long_about() {
        shown = shown.long_about(about.clone());
    }
    if let Some(version) = command.get_version() {
        let version: &'static str = version.to_owned().leak();
        shown = shown.version(version);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_left_out_and_all_else_stays() {
        let all = Arguments::command();
        let shown = public(&all);
        shown.clone().debug_assert();
        let hidden = |c: &Command| c.get_subcommands().filter(|c| c.is_hide_set()).count();
        assert!(hidden(&all) > 0, "there is something to leave out");
        assert_eq!(hidden(&shown), 0);
        assert_eq!(
            shown.get_subcommands().count(),
            all.get_subcommands().count() - hidden(&all)
        );
        for command in shown.get_subcommands() {
            let whole = all.find_subcommand(command.get_name()).unwrap();
            assert!(command.get_about().is_some(), "{}", command.get_name());
            let wanted = whole.get_arguments().filter(|a| !a.is_hide_set()).count();
            assert_eq!(command.get_arguments().count(), wanted);
        }
        assert_eq!(shown.get_version(), all.get_version());
    }
}
