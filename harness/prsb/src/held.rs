//! What a system is known to hold about the subject of a document, so that "send it if you hold it" can be tested.
//! Not for reading facts from files: whoever has them fills this in.

use crate::rule::RuleId;
use std::collections::BTreeMap;

/// Rules of items and sections, each with what is held for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held(BTreeMap<RuleId, Vec<String>>);

impl Held {
    /// Nothing is known: no item is judged as held.
    pub fn nothing_known() -> Self {
        Self::default()
    }

    /// The system holds something for the rule of an item or section; what it is does not matter.
    #[must_use]
    pub fn something(mut self, rule: impl Into<RuleId>) -> Self {
        self.0.entry(rule.into()).or_default();
        self
    }

    /// The system holds this code, date or text; it has to be among what is sent, as a value or in the narrative.
    /// Compared without case and white space. It never reaches a finding.
    #[must_use]
    pub fn value(mut self, rule: impl Into<RuleId>, value: impl Into<String>) -> Self {
        self.0.entry(rule.into()).or_default().push(value.into());
        self
    }

    /// What is held for a rule: `None` if that is not known, empty if only that there is something.
    pub fn of(&self, rule: &RuleId) -> Option<&[String]> {
        self.0.get(rule).map(Vec::as_slice)
    }

    /// The rules that it names, so that one can tell those that no standard has.
    pub fn rules(&self) -> impl Iterator<Item = &RuleId> {
        self.0.keys()
    }
}
