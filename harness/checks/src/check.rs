//! What a check is: a code, its documentation, and a function from what was seen to drafts.
//! Not for the list of checks: that is the registry.

use crate::observed::{Expectation, Observed};
use plumbline_model::Draft;

/// What one call of a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    /// What was wrong or could not be decided; broken rules first.
    pub drafts: Vec<Draft>,
    /// How many things were really looked at.
    pub observations: usize,
}

/// The rule itself. It never panics and never returns an error.
pub type CheckFn = fn(&Observed<'_>, &Expectation<'_>) -> CheckResult;

/// The documentation of a check under its fixed headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckDoc {
    /// What it checks.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// An example that conforms.
    pub conformant: &'static str,
    /// An example that does not.
    pub not_conformant: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
}

/// One rule over a response.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// The finding code; unique.
    pub code: &'static str,
    /// A short name for people.
    pub name: &'static str,
    /// Its documentation.
    pub doc: CheckDoc,
    /// What a supplier does about it.
    pub next_step: &'static str,
    /// The rule.
    pub run: CheckFn,
}
