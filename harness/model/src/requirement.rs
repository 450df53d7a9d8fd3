//! A requirement: one testable sentence of a standard, in our own words.
//! Not for reading requirements.csv: `pack` does that.

use crate::domain::{Domain, InteropLevel, words};
use crate::ids::{Capability, RequirementId};
use serde::{Deserialize, Serialize};

words! {
    /// How binding a requirement is (RFC 2119).
    Level {
        /// Required.
        Shall = "SHALL", "required";
        /// Good practice.
        Should = "SHOULD", "good practice";
        /// Optional.
        May = "MAY", "optional";
    }
}

words! {
    /// Whether the edition of a standard is the one that binds today.
    EditionStatus {
        /// The edition in force.
        InForce = "in-force", "in force";
        /// Published for comment; nobody is bound by it.
        Draft = "draft", "draft";
        /// Replaced by a later edition.
        Superseded = "superseded", "superseded";
        /// We could not establish whether it is in force.
        Unconfirmed = "unconfirmed", "unconfirmed";
    }
}

/// How much harm a patient could come to, 1 (none likely) to 5 (death possible).
/// A planning default until the pack's scoring.toml says that somebody signed the severities off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Severity(u8);

impl Severity {
    /// A severity from 1 to 5; anything else is `None`.
    pub const fn new(value: u8) -> Option<Self> {
        if value >= 1 && value <= 5 {
            Some(Self(value))
        } else {
            None
        }
    }

    /// The number, 1 to 5.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Whether pages mark the requirement as safety-relevant (4 or 5).
    pub const fn is_safety_relevant(self) -> bool {
        self.0 >= 4
    }
}

/// Where a requirement was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Id of a standard named in pack.toml.
    pub document: String,
    /// Page or section.
    pub section: String,
    /// Public address of the text.
    pub url: String,
    /// Date of the first reading, `YYYY-MM-DD`; empty if there was none.
    pub read_first: String,
    /// Date of the second, independent reading; empty if there was none.
    pub read_second: String,
}

impl Source {
    /// Whether the rule was read twice, which a scored scenario needs.
    pub fn read_twice(&self) -> bool {
        !self.read_first.is_empty() && !self.read_second.is_empty()
    }
}

/// One testable rule of a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Stable id.
    pub id: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// The rule in our words.
    pub title: String,
    /// Subject matter.
    pub domain: Domain,
    /// Interoperability level.
    pub interop_level: InteropLevel,
    /// Severity of its failure.
    pub severity: Severity,
    /// What its failure means for a patient, in one plain sentence.
    pub harm: String,
    /// The ability it belongs to; in scope only where the vendor claims it.
    pub capability: Capability,
    /// Where it was read.
    pub source: Source,
    /// Why no scenario tests it; empty if one does.
    pub not_tested_reason: String,
    /// The law that makes it binding, if any.
    pub legal_basis: String,
    /// The kinds of system it applies to; empty means all.
    pub applies_to: String,
}
