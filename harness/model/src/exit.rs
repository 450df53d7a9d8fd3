//! Exit codes, defined once. Not for exiting: only binaries do that.

/// How a command ended. Generated into docs/generated/exit-codes.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitCode {
    /// Conformant, or the command did its work.
    Success,
    /// Not conformant, or the input is invalid.
    NotConformant,
    /// Wrong usage, lint or configuration, or not supported yet.
    Usage,
    /// A comparison of two runs found that the later one is worse.
    Regression,
    /// Not enough evidence, or the run did not complete.
    Insufficient,
    /// Our own fault.
    Internal,
}

impl ExitCode {
    /// Every code, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::Success,
        Self::NotConformant,
        Self::Usage,
        Self::Regression,
        Self::Insufficient,
        Self::Internal,
    ];

    /// The number given to the shell.
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::NotConformant => 1,
            Self::Usage => 2,
            Self::Regression => 3,
            Self::Insufficient => 4,
            Self::Internal => 70,
        }
    }

    /// What it means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Success => "conformant, or the command did its work",
            Self::NotConformant => "not conformant, or the input is invalid",
            Self::Usage => "wrong usage, lint or configuration, or not supported yet",
            Self::Regression => "the later of two runs is worse",
            Self::Insufficient => "not enough evidence, or the run did not complete",
            Self::Internal => "a fault of Plumbline itself",
        }
    }
}
