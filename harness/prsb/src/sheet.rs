//! What is written down while one rule is judged, and what state that makes. Not for judging.

use crate::document::Document;
use crate::recognise::Version;
use crate::result::{CodedCounts, Finding, NotExercised, RuleResult, State};
use crate::rule::{Rule, Severity, Standing, Subject};
use crate::view::El;
use plumbline_model::FindingCode;
use std::sync::Arc;

/// What a rule saw.
#[derive(Debug)]
pub(crate) struct Sheet<'r> {
    rule: &'r Arc<Rule>,
    observed: usize,
    findings: Vec<Finding>,
    pub(crate) coded: CodedCounts,
    cannot: Option<String>,
    nothing: NotExercised,
}

/// What was seen that is wrong, in our words.
pub(crate) struct Wrong<'w> {
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) expected: &'w str,
    pub(crate) actual: &'w str,
}

/// The most findings of one rule in one document that are kept apart.
const MOST: usize = 200;

impl<'r> Sheet<'r> {
    pub(crate) fn new(rule: &'r Arc<Rule>) -> Self {
        Self {
            rule,
            observed: 0,
            findings: Vec::new(),
            coded: CodedCounts::default(),
            cannot: None,
            nothing: NotExercised::NothingToSee,
        }
    }

    pub(crate) fn rule(&self) -> &'r Rule {
        self.rule
    }

    /// So many things were looked at.
    pub(crate) fn saw(&mut self, count: usize) {
        self.observed += count;
    }

    /// Why there is nothing to see, if there is nothing.
    pub(crate) fn nothing(&mut self, why: NotExercised) {
        self.nothing = why;
    }

    /// A part cannot be decided: then the rule is never met.
    pub(crate) fn cannot(&mut self, reason: impl Into<String>) {
        self.cannot.get_or_insert(reason.into());
    }

    /// Something is wrong at a place.
    pub(crate) fn wrong(&mut self, at: El<'_>, wrong: Wrong<'_>) {
        if self.findings.len() >= MOST {
            return;
        }
        let node = at.node();
        // Two routes to one element tell one thing, not two.
        let is_told = |known: &Finding| {
            known.offset == node.offset()
                && known.code.as_str() == wrong.code
                && known.actual == wrong.actual
        };
        if self.findings.iter().any(is_told) {
            return;
        }
        let position = node.position();
        self.findings.push(Finding {
            code: FindingCode::from(wrong.code),
            rule: self.rule.id.clone(),
            severity: wrong.severity,
            message: wrong.message,
            path: crate::names::shown(&at.path()),
            offset: node.offset(),
            line: position.line,
            column: position.column,
            expected: wrong.expected.to_owned(),
            actual: wrong.actual.to_owned(),
            next_step: self.rule.message.clone(),
        });
    }

    /// Whether an item that has a list was sent with codes, and the list says nothing of any of them.
    fn is_of_other_systems(&self) -> bool {
        let Subject::Item(item) = &self.rule.subject else {
            return false;
        };
        let unknown = self.coded.not_checked + self.coded.syntax_only + self.coded.wrong;
        item.values.is_some() && self.coded.checked == 0 && unknown > 0
    }

    /// The result.
    pub(crate) fn finish(self, version: Version) -> RuleResult {
        let state = if !self.findings.is_empty() {
            State::Broken
        } else if let Some(reason) = self.cannot {
            State::CannotTest(reason)
        } else if self.is_of_other_systems() {
            State::CannotTest(
                "the code is of a system that the list does not speak of: it was not checked"
                    .to_owned(),
            )
        } else if self.observed > 0 {
            State::Met
        } else {
            State::NotExercised(self.nothing)
        };
        RuleResult {
            rule: Arc::clone(self.rule),
            standing: standing(self.rule, version),
            state,
            observed: self.observed,
            coded: self.coded,
            findings: self.findings,
        }
    }
}

/// A rule counts where it was read twice. Which sections there are is the standard's own in every version; where
/// items live in R4 documents is our own reading, for want of a published table.
fn standing(rule: &Rule, version: Version) -> Standing {
    let is_read_twice = !rule.source.read_second.is_empty();
    let is_placed = match (&rule.subject, version) {
        (Subject::Section, _) | (_, Version::Stu3) => true,
        (Subject::Item(_) | Subject::Business(_) | Subject::Untestable { .. }, Version::R4) => {
            false
        }
    };
    if is_read_twice && is_placed {
        Standing::Scored
    } else {
        Standing::Advisory
    }
}

/// Where to point for something that is not in the document at all.
pub(crate) fn nowhere<'t>(document: &Document<'t>) -> El<'t> {
    document.composition()
}
