//! Verdicts as people see them: a shape, a word and a colour, never one of them alone.
//! Not for the shapes themselves: templates/partials/shapes.hbs draws them.

use plumbline_model::{RunStatus, Verdict};
use serde::Serialize;

/// A word with its shape and its colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Mark {
    /// Id of the symbol, such as `diamond`.
    pub(crate) shape: &'static str,
    /// Colour class: good, concern, caution, neutral or quiet.
    pub(crate) tone: &'static str,
    /// The word.
    pub(crate) word: String,
    /// The reason behind it; empty if there is none.
    pub(crate) reason: &'static str,
}

pub(crate) fn mark(verdict: Verdict) -> Mark {
    let (shape, tone) = match verdict {
        Verdict::Pass => ("circle", "good"),
        Verdict::Fail => ("diamond", "concern"),
        Verdict::Warning => ("triangle", "concern"),
        Verdict::Error(_) => ("crossed-square", "neutral"),
        Verdict::Skip(_) => ("open-circle", "quiet"),
        Verdict::Review => ("open-square", "neutral"),
        Verdict::NotApplicable(_) => ("dash", "quiet"),
    };
    Mark {
        shape,
        tone,
        word: verdict.label().to_owned(),
        reason: verdict.reason().unwrap_or_default(),
    }
}

/// The mark of a rule that no scored scenario carries.
pub(crate) fn untested_mark(reason: &'static str) -> Mark {
    Mark {
        shape: "open-circle",
        tone: "quiet",
        word: "Not tested".to_owned(),
        reason,
    }
}

pub(crate) fn status_mark(status: RunStatus) -> Mark {
    let (shape, tone) = match status {
        RunStatus::NotConformant => ("diamond", "concern"),
        RunStatus::InsufficientEvidence => ("open-square", "neutral"),
        RunStatus::Conformant => ("circle", "good"),
    };
    Mark {
        shape,
        tone,
        word: status.label().to_owned(),
        reason: "",
    }
}
