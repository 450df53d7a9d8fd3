//! Validation against the base specification: structure, formats, required codes, references within a resource.
//! Not profiles and not invariants; what is not checked is said.

mod outcome;
mod rules;

pub use outcome::{Assurance, CodedCheck, Counts, Issue, Options, Outcome, Severity};
pub use rules::{Rule, rules};

use crate::definitions::Definitions;
use plumbline_tree::Tree;

/// Validates the resource in a tree, and every resource in it, against the base specification.
pub fn validate(tree: &Tree, definitions: &Definitions, options: &Options) -> Outcome {
    let _ = (tree, definitions, options);
    Outcome::default()
}
