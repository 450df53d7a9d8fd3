//! What linting needs to know of the step vocabulary.
//! Not the vocabulary itself: the runner owns that and implements [`StepTable`].

use crate::diagnostic::DiagnosticKind;
use crate::pack::PlannedStep;
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

/// Something that a step may need from the steps before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needed {
    /// An NHS number in play, be it nobody's.
    Number,
    /// A test patient in play.
    Patient,
    /// A practitioner in play.
    Practitioner,
    /// An organisation in play.
    Organisation,
    /// The target's own id of what was put in play last.
    OwnId,
    /// An answer to look at.
    Answer,
}

/// A need with what to say if it is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepNeed {
    /// What is needed.
    pub needed: Needed,
    /// What is wrong without it.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

/// What later steps can rely on after a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StepEffect {
    /// Nothing more than before.
    #[default]
    Nothing,
    /// A number that belongs to nobody is in play.
    PutsNobody,
    /// A test patient is in play, whose id is not known yet.
    PutsPatient,
    /// A practitioner is in play, whose id is not known yet.
    PutsPractitioner,
    /// An organisation is in play, whose id is not known yet.
    PutsOrganisation,
    /// A location is in play, whose id is known.
    PutsLocation,
    /// The target's own id of what is in play is known.
    FindsId,
    /// There is an answer to look at, and the id of the patient in it is known.
    AsksAndFindsId,
    /// There is an answer to look at.
    Asks,
}

/// A mistake in the table or the arguments of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFault {
    /// Error or warning.
    pub severity: DiagnosticKind,
    /// The row of the table it is in, from 0; `None` for the step itself.
    pub row: Option<usize>,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

/// What is to be known of a step with its table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepFacts {
    /// What is wrong with it, whatever stands around it.
    pub faults: Vec<StepFault>,
    /// What it needs, in the order in which it should be told.
    pub needs: Vec<StepNeed>,
    /// What it gives to the steps after it.
    pub effect: StepEffect,
    /// Whether it asks the target to change data.
    pub mutates: bool,
}

/// The step vocabulary, as far as linting needs it.
pub trait StepTable {
    /// What a step text means under a keyword.
    fn resolve(&self, kind: StepKind, text: &str) -> StepMatch;

    /// What is to be known of a step for which [`StepTable::resolve`] gives [`StepMatch::One`].
    /// `None`: the vocabulary does not say, and nothing is concluded from the step.
    fn examine(&self, step: &PlannedStep) -> Option<StepFacts> {
        let _ = step;
        None
    }
}
