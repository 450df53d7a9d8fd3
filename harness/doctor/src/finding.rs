//! What was looked at, what was seen, and what to change.
//! Not for verdicts: those are for rules of a standard.

use plumbline_model::ExitCode;

/// What looking came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Ok,
    /// Something to change before a run.
    Problem(Blame),
    /// Not looked at, for the reason given.
    NotChecked,
}

/// Where a problem lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// Something is set wrongly, in target.toml or on the way to the system.
    Configuration,
    /// The system or its token service could not be reached, so that looking was not completed.
    Unreachable,
}

impl Outcome {
    /// The word for it, as it is written in JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Problem(_) => "problem",
            Self::NotChecked => "not-checked",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: String,
    /// What it came to.
    pub outcome: Outcome,
    /// What was seen, in our words; for [`Outcome::NotChecked`] why it was not looked at.
    pub seen: String,
    /// The key of target.toml to change, such as `auth.env`; `None` if it is none of them.
    pub field: Option<String>,
    /// What to do; empty unless it is a problem.
    pub next: String,
}

impl Finding {
    /// All is well.
    pub fn ok(check: impl Into<String>, seen: impl Into<String>) -> Self {
        Self {
            check: check.into(),
            outcome: Outcome::Ok,
            seen: seen.into(),
            field: None,
            next: String::new(),
        }
    }

    /// Not looked at, and why.
    pub fn not_checked(check: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::NotChecked,
            ..Self::ok(check, why)
        }
    }

    /// Something to change; see [`Finding::in_field`] for where.
    pub fn problem(
        check: impl Into<String>,
        blame: Blame,
        seen: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self {
            outcome: Outcome::Problem(blame),
            next: next.into(),
            ..Self::ok(check, seen)
        }
    }

    /// The same, with the key of target.toml to change.
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

/// Everything that was looked at, in the order in which a connection is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Diagnosis {
    /// How many findings came to this word, see [`Outcome::key`].
    pub fn count(&self, key: &str) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.outcome.key() == key)
            .count()
    }

    /// Success without any problem; otherwise whether looking was completed decides.
    pub fn exit_code(&self) -> ExitCode {
        let has = |blame| {
            self.findings
                .iter()
                .any(|finding| finding.outcome == Outcome::Problem(blame))
        };
        if has(Blame::Unreachable) {
            ExitCode::Insufficient
        } else if has(Blame::Configuration) {
            ExitCode::Usage
        } else {
            ExitCode::Success
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_completed_decides_the_exit_code() {
        let problem = |blame| Finding::problem("x", blame, "seen", "next");
        let code = |findings: Vec<Finding>| Diagnosis { findings }.exit_code();
        let (ours, theirs) = (Blame::Configuration, Blame::Unreachable);
        assert_eq!(code(vec![Finding::ok("x", "y")]), ExitCode::Success);
        assert_eq!(
            code(vec![Finding::not_checked("x", "y")]),
            ExitCode::Success
        );
        assert_eq!(code(vec![problem(ours)]), ExitCode::Usage);
        assert_eq!(
            code(vec![problem(ours), problem(theirs)]),
            ExitCode::Insufficient
        );
    }
}
