//! Findings: what a check saw that it did not expect, or could not decide.
//! A draft still holds what the target sent, marked as such; a finding is what may be stored.

use crate::domain::words;
use crate::ids::{ExchangeId, FindingCode};
use crate::verdict::{ErrorKind, SkipReason};
use serde::{Deserialize, Serialize};

/// What a finding means for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "reason", rename_all = "kebab-case")]
pub enum FindingKind {
    /// The target broke the rule.
    Broken,
    /// The check could not decide.
    Undecided(SkipReason),
    /// A person must judge.
    Review,
    /// Configuration, network or our own fault.
    Error(ErrorKind),
    /// Told for information; changes nothing.
    Note,
}

words! {
    /// The FHIR-like type of a value from the target, by which redaction decides.
    ValueKind {
        /// A code from a code system; kept where it has the form of a code.
        Code = "code", "code";
        /// A logical id.
        Id = "id", "id";
        /// A date or instant.
        Date = "date", "date";
        /// Free text.
        Text = "text", "text";
        /// A business identifier, such as an NHS number.
        Identifier = "identifier", "identifier";
        /// A name of a person.
        Name = "name", "name";
        /// A URI that names a system, profile or place.
        Uri = "uri", "uri";
        /// A number.
        Number = "number", "number";
        /// A reference to another resource.
        Reference = "reference", "reference";
        /// A media type or other protocol word.
        Protocol = "protocol", "protocol word";
    }
}

/// A piece of a sentence about what was expected or seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Our own words; safe to store.
    Ours(String),
    /// Something that came from the target or from test data; redacted before storing.
    Theirs {
        /// The type that redaction goes by.
        kind: ValueKind,
        /// The value as received.
        value: String,
    },
}

/// A sentence made of our words and of values that are redacted before they are stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown(pub Vec<Part>);

impl Shown {
    /// A sentence of our own words only.
    pub fn ours(text: impl Into<String>) -> Self {
        Self(vec![Part::Ours(text.into())])
    }

    /// Adds our own words.
    #[must_use]
    pub fn and(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Ours(text.into()));
        self
    }

    /// Adds a value from the target or from test data.
    #[must_use]
    pub fn value(mut self, kind: ValueKind, value: impl Into<String>) -> Self {
        self.0.push(Part::Theirs {
            kind,
            value: value.into(),
        });
        self
    }
}

/// Where something was seen in a body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The exchange, once the runner has stored it.
    pub exchange: Option<ExchangeId>,
    /// FHIRPath-like place in the body, such as `Bundle.entry[0].resource.gender`.
    pub fhirpath: String,
    /// Byte offset in the body.
    pub offset: Option<u64>,
    /// Line in the body, from 1.
    pub line: Option<u32>,
    /// Column in the body, from 1.
    pub column: Option<u32>,
}

/// A finding as a check makes it, before redaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What was found.
    pub code: FindingCode,
    /// What it means for the verdict.
    pub kind: FindingKind,
    /// One sentence in our words.
    pub message: String,
    /// What the rule wants.
    pub expected: Shown,
    /// What was seen.
    pub actual: Shown,
    /// What to do next.
    pub next_step: String,
    /// Which page of the result (0 for the first), so that the runner can name the exchange.
    pub page: usize,
    /// Where.
    pub location: Location,
}

/// A finding that may be stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was found.
    pub code: FindingCode,
    /// What it means for the verdict.
    #[serde(flatten)]
    pub kind: FindingKind,
    /// One sentence in our words.
    pub message: String,
    /// What the rule wants.
    pub expected: String,
    /// What was seen, redacted.
    pub actual: String,
    /// What to do next.
    pub next_step: String,
    /// Where.
    pub location: Location,
}
