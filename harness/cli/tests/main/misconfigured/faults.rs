//! The mistakes in setting up, one row each: what is set wrongly, which key doctor names, what it
//! advises, and how doctor and a run end. The page harness/docs/doctor.md shows these rows.

mod answering;
mod connecting;

use super::stage::{Setting, Stage};
use std::fmt::Write as _;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// It does not begin: exit code 2.
    Refused,
    /// It ends as insufficient evidence, with errors of this kind.
    Error(&'static str),
    /// What is set wrongly does not matter to a run.
    Unaffected,
}

pub struct Fault {
    pub id: &'static str,
    pub what: &'static str,
    /// The key of target.toml; empty for what is not in it.
    pub field: &'static str,
    /// Part of the advice.
    pub fix: &'static str,
    /// The exit code of doctor.
    pub doctor: i32,
    pub run: Run,
    pub set: fn(&Stage) -> Setting,
}

const CONFIGURATION: Run = Run::Error("configuration");
const UNREACHABLE: Run = Run::Error("unreachable");

/// Every row, in the order of the page.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    connecting::FAULTS.iter().chain(answering::FAULTS)
}

/// The rows as the page shows them.
pub fn table() -> String {
    let mut text = String::from(
        "| Mistake | What is set wrongly | Key that doctor names | Exit code of doctor | The run |\n\
         |---|---|---|---:|---|\n",
    );
    for fault in all() {
        let field = if fault.field.is_empty() {
            "none: it is not in `target.toml`".to_owned()
        } else {
            format!("`{}`", fault.field)
        };
        let run = match fault.run {
            Run::Refused => "does not begin (exit code 2)".to_owned(),
            Run::Error(kind) => format!("Error ({kind}), exit code 4"),
            Run::Unaffected => "is not affected".to_owned(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {field} | {} | {run} |",
            fault.id, fault.what, fault.doctor
        );
    }
    text
}
