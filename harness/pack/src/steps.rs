//! What linting needs to know of the step vocabulary.
//! Not the vocabulary itself: the runner owns that and implements [`StepTable`].

use plumbline_model::StepKind;

/// How a step text stands to the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepMatch {
    /// Exactly one step means it.
    One,
    /// No step means it.
    None {
        /// The nearest step, to suggest.
        closest: Option<String>,
    },
    /// A step means it, but under another keyword.
    WrongKeyword(StepKind),
    /// More than one step means it.
    Ambiguous(Vec<String>),
    /// The step is known, but one of its arguments is not acceptable.
    BadArgument {
        /// What is wrong.
        message: String,
        /// What to write instead.
        hint: String,
    },
}

/// The step vocabulary, as far as linting needs it.
pub trait StepTable {
    /// What a step text means under a keyword.
    fn resolve(&self, kind: StepKind, text: &str) -> StepMatch;
}
