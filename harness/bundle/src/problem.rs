//! What can be wrong with a bundle, and where. Not for finding it: `container` and `verify` do that.

use serde::Serialize;
use std::fmt;

/// The part of a bundle that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The archive around the files.
    Container,
    /// A file of it.
    File(String),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Container => f.write_str("the container"),
            Self::File(name) => f.write_str(name),
        }
    }
}

/// In what way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// It is other than it was.
    Altered,
    /// It ends too early.
    Truncated,
    /// It is not there, and must be.
    Missing,
    /// It is there, and must not be.
    Added,
    /// It is as it was signed, and says something else than the rest.
    Contradicts,
}

impl Wrong {
    /// Every way.
    pub const ALL: &[Self] = &[
        Self::Altered,
        Self::Truncated,
        Self::Missing,
        Self::Added,
        Self::Contradicts,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Altered => "altered",
            Self::Truncated => "cut off",
            Self::Missing => "missing",
            Self::Added => "added",
            Self::Contradicts => "contradicts the rest",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where.
    pub part: Part,
    /// In what way.
    pub wrong: Wrong,
    /// What was seen, in our words.
    pub detail: String,
}

impl Problem {
    pub(crate) fn file(name: &str, wrong: Wrong, detail: impl Into<String>) -> Self {
        Self {
            part: Part::File(name.to_owned()),
            wrong,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.part, self.wrong.word(), self.detail)
    }
}
