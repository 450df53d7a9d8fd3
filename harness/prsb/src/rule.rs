//! One rule of a content standard, as its row says it. Not for reading rows: [`crate::Standard::read`].

use crate::locator::{Path, Place};
use std::fmt;

/// The stable id of a rule, which is also the id of the requirement: `EDIS-ALG-01`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleId(String);

impl RuleId {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for RuleId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for RuleId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Whether breaking a rule makes a document wrong, or only less good. The worse is the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The standard demands it.
    Must,
    /// The standard advises it.
    Should,
}

impl Severity {
    /// The word for tables and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
        }
    }
}

/// What a standard says of a section or an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conformance {
    /// Must be there, wherever what it belongs to is there.
    Mandatory,
    /// Must be there if the system holds it.
    Required,
    /// A local decision.
    Optional,
    /// Must not be there.
    Prohibited,
}

impl Conformance {
    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mandatory => "Mandatory",
            Self::Required => "Required",
            Self::Optional => "Optional",
            Self::Prohibited => "Do not use",
        }
    }
}

/// Whether a rule counts: it was read in its source twice, for this way of carrying documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was.
    Scored,
    /// It was not: told, and marked as such.
    Advisory,
}

/// How many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Most {
    /// At most one for each thing that it belongs to.
    One,
    /// Any number.
    Many,
}

/// What kind of value an item has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// Words, or anything else that is only looked at for content.
    Text,
    /// A code, with or without words.
    Code,
    /// A date of FHIR, however exact.
    Date,
    /// A date of FHIR that says at least which day.
    Day,
}

impl ValueType {
    /// The words of rows.
    pub(crate) const WORDS: &'static [(&'static str, Self)] = &[
        ("text", Self::Text),
        ("code", Self::Code),
        ("date", Self::Date),
        ("day", Self::Day),
    ];
}

/// What a rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A section of the document.
    Section,
    /// An item of a section.
    Item(Box<Item>),
    /// A rule of business.
    Business(Box<Business>),
    /// A row that groups others, or that no document can show.
    Untestable {
        /// Why, in our words.
        reason: String,
    },
}

/// Where an item lives and what it may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// How many.
    pub most: Most,
    /// What kind of value it has.
    pub value_type: ValueType,
    /// In STU3 documents.
    pub(crate) stu3: Place,
    /// In R4 documents.
    pub(crate) r4: Place,
    /// The list that its codes are held to, if any: a name of values.csv.
    pub values: Option<String>,
    /// The sub-headings that stand for it in text, in small letters.
    pub labels: Vec<String>,
}

/// A rule of business: a predicate, and what it goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Business {
    /// The predicate.
    pub(crate) predicate: crate::business::Predicate,
    /// Where to look in STU3 documents.
    pub(crate) stu3: Vec<Path>,
    /// Where to look in R4 documents.
    pub(crate) r4: Vec<Path>,
    /// What it goes by.
    pub(crate) values: Vec<String>,
}

/// One row: one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// The key of its section in headings.csv; empty for a rule of the whole document.
    pub section: String,
    /// The section as people say it; `Whole document` for a rule of that.
    pub section_title: String,
    /// The item, or the rule, in a few words; the section itself for a rule of that.
    pub title: String,
    /// What the standard says.
    pub conformance: Conformance,
    /// What breaking it means.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// What to do when it is broken; our words.
    pub message: String,
    /// Why it matters to a patient; our words.
    pub harm: String,
    /// Where the rule was read.
    pub source: Source,
}

/// Where and when a rule was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// A public address.
    pub url: String,
    /// `YYYY-MM-DD`.
    pub read_first: String,
    /// `YYYY-MM-DD`, or empty: then the rule is advisory.
    pub read_second: String,
    /// What is not sure about it; our words, may be empty.
    pub certainty: String,
}
