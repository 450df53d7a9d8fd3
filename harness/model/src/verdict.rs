//! Verdicts as values, their roll-up, and the status of a run.
//! A verdict is made in two places only, both here: from findings, and by roll-up.

use crate::domain::words;
use crate::finding::{Finding, FindingKind};
use crate::requirement::Level;
use serde::{Deserialize, Serialize};
use std::fmt;

words! {
    /// Why a run could not judge, where the target is not to blame.
    ErrorKind {
        /// target.toml or the pack asks for something impossible.
        Configuration = "configuration", "configuration";
        /// The target did not answer control requests either.
        Unreachable = "unreachable", "unreachable";
        /// The target asked us to slow down and went on doing so.
        RateLimited = "rate-limited", "rate limited";
        /// The answer is larger than the agreed limit.
        TooLarge = "too-large", "answer too large";
        /// Our own fault.
        Internal = "internal", "our own fault";
    }
}

words! {
    /// Why something could not be tested.
    SkipReason {
        /// target.toml names nobody for this role.
        NoActor = "no-actor", "no test patient for this role";
        /// A step before this one could not do its work.
        EarlierStep = "earlier-step", "an earlier step could not run";
        /// The rule speaks of every result, and there was none.
        NothingObserved = "nothing-observed", "there was nothing to judge";
        /// The response has a form in which this cannot be seen.
        NotObservable = "not-observable", "the response does not show it";
        /// What is needed was removed by redaction.
        Redacted = "redacted", "evidence redacted";
        /// A code or profile was not checked.
        NotChecked = "not-checked", "not checked";
        /// Evidence is judged again, and it does not hold what the rule asks for now.
        NotInEvidence = "not-in-evidence", "not in the stored evidence";
        /// The run ended first.
        Interrupted = "interrupted", "the run was interrupted";
    }
}

words! {
    /// Why a requirement does not apply.
    NotApplicableReason {
        /// The capability is outside the scope declared before the run.
        OutOfScope = "out-of-scope", "outside the declared scope";
        /// The rule is about something that a system may leave out, and this one refuses it.
        NotOffered = "not-offered", "the system does not offer this, and need not";
    }
}

/// The judgement on a step, scenario or requirement.
/// The order is that of roll-up: the first present wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "reason", rename_all = "kebab-case")]
pub enum Verdict {
    /// The target broke a required rule.
    Fail,
    /// Configuration, network or our own fault.
    Error(ErrorKind),
    /// A precondition was missing.
    Skip(SkipReason),
    /// A person must judge.
    Review,
    /// The target broke a rule of good practice.
    Warning,
    /// Met, with at least one real observation.
    Pass,
    /// Outside the scope declared before the run.
    NotApplicable(NotApplicableReason),
}

impl Verdict {
    /// The verdict on one step from its findings and the number of things that were really looked at.
    ///
    /// A broken rule is a `Fail` if the rule is required and a `Warning` otherwise;
    /// without a single observation nothing is ever a `Pass`.
    pub fn from_findings(level: Level, findings: &[Finding], observations: usize) -> Self {
        Self::from_kinds(level, findings.iter().map(|f| f.kind), observations)
    }

    fn from_kinds(
        level: Level,
        kinds: impl Iterator<Item = FindingKind>,
        observations: usize,
    ) -> Self {
        let worst = kinds
            .filter_map(|kind| match kind {
                FindingKind::Broken => Some(match level {
                    Level::Shall => Self::Fail,
                    Level::Should | Level::May => Self::Warning,
                }),
                FindingKind::Error(kind) => Some(Self::Error(kind)),
                FindingKind::Undecided(reason) => Some(Self::Skip(reason)),
                FindingKind::Review => Some(Self::Review),
                FindingKind::Note => None,
            })
            .min();
        match worst {
            Some(verdict) => verdict,
            None if observations == 0 => Self::Skip(SkipReason::NothingObserved),
            None => Self::Pass,
        }
    }

    /// The word in files and in JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Error(_) => "error",
            Self::Skip(_) => "skip",
            Self::Review => "review",
            Self::Warning => "warning",
            Self::Pass => "pass",
            Self::NotApplicable(_) => "not-applicable",
        }
    }

    /// The word shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Fail => "Fail",
            Self::Error(_) => "Error",
            Self::Skip(_) => "Not tested",
            Self::Review => "Needs review",
            Self::Warning => "Warning",
            Self::Pass => "Pass",
            Self::NotApplicable(_) => "Not applicable",
        }
    }

    /// The reason behind an error, a skip or a not-applicable.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Error(kind) => Some(kind.label()),
            Self::Skip(reason) => Some(reason.label()),
            Self::NotApplicable(reason) => Some(reason.label()),
            Self::Fail | Self::Review | Self::Warning | Self::Pass => None,
        }
    }

    /// Whether the question was answered: fail, warning or pass.
    pub const fn is_decided(self) -> bool {
        match self {
            Self::Fail | Self::Warning | Self::Pass => true,
            Self::Error(_) | Self::Skip(_) | Self::Review | Self::NotApplicable(_) => false,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            Some(reason) => write!(f, "{} ({reason})", self.label()),
            None => f.write_str(self.label()),
        }
    }
}

/// Joins verdicts: the first present in the order of [`Verdict`] wins; of nothing, nothing is known.
/// One departure from that order: where a rule of good practice is broken, "there was nothing to
/// judge" beside it does not hide that. A search that wrongly returns nothing gives both.
pub fn roll_up(verdicts: impl IntoIterator<Item = Verdict>) -> Option<Verdict> {
    verdicts.into_iter().min_by_key(|verdict| rank(*verdict))
}

/// The place in the order of roll-up: "nothing observed" stands right after `Warning`.
const fn rank(verdict: Verdict) -> (Verdict, bool) {
    match verdict {
        Verdict::Skip(SkipReason::NothingObserved) => (Verdict::Warning, true),
        other => (other, false),
    }
}

words! {
    /// The status of a whole run.
    RunStatus {
        /// At least one required rule in scope fails.
        NotConformant = "not-conformant", "Does not conform";
        /// No failure, but something required is undecided, or the run is incomplete.
        InsufficientEvidence = "insufficient-evidence", "Not enough evidence";
        /// Every required rule in scope and tested is met.
        Conformant = "conformant", "Conforms";
    }
}

/// What the status of a run depends on.
#[derive(Debug, Clone)]
pub struct RunStatusInputs {
    /// The verdicts of the required rules in scope that a scored scenario carries.
    pub required: Vec<Verdict>,
    /// Whether the run came to its end.
    pub completed: bool,
}

/// The status of a run. With no decided required rule at all there is never enough evidence.
pub fn run_status(inputs: &RunStatusInputs) -> RunStatus {
    let any = |wanted: fn(Verdict) -> bool| inputs.required.iter().copied().any(wanted);
    if any(|v| matches!(v, Verdict::Fail)) {
        RunStatus::NotConformant
    } else if !inputs.completed
        || any(|v| matches!(v, Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review))
        || !any(|v| matches!(v, Verdict::Pass | Verdict::Warning))
    {
        RunStatus::InsufficientEvidence
    } else {
        RunStatus::Conformant
    }
}
