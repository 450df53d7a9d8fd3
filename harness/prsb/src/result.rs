//! What judging a document gives: one result a rule, with its findings. Not for making them: [`crate::judge`].
//! Nothing here ever holds a value of the document but codes of the FHIR specification and paths of elements.

use crate::recognise::Recognised;
use crate::rule::{Rule, RuleId, Severity, Standing};
use plumbline_model::FindingCode;
use std::sync::Arc;

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// At least one thing was looked at, and nothing was wrong.
    Met,
    /// At least one finding breaks the rule.
    Broken,
    /// The document holds nothing that the rule speaks of, and it need not.
    NotExercised(NotExercised),
    /// A document alone cannot show it; the reason is in our words.
    CannotTest(String),
}

impl State {
    /// The word for tables and JSON.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Broken => "broken",
            Self::NotExercised(_) => "not-exercised",
            Self::CannotTest(_) => "cannot-test",
        }
    }

    /// The word that people read.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Met => "Met",
            Self::Broken => "Broken",
            Self::NotExercised(_) => "Not exercised",
            Self::CannotTest(_) => "Cannot be tested this way",
        }
    }
}

/// Why a rule was not exercised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotExercised {
    /// The item or section is not in the document, and nobody said that the system holds it.
    NotKnownToBeHeld,
    /// The item is a local decision, and was not sent.
    Optional,
    /// What the item belongs to is not in the document.
    NoParent,
    /// Nothing that the rule speaks of is in the document.
    NothingToSee,
}

impl NotExercised {
    /// In our words, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotKnownToBeHeld => {
                "not in the document; whether the system holds it is not known here"
            }
            Self::Optional => "not in the document; sending it is a local decision",
            Self::NoParent => "what it belongs to is not in the document",
            Self::NothingToSee => "the document holds nothing that the rule speaks of",
        }
    }
}

/// How far codes were checked. Syntax alone never shows that a code exists or means the right thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CodedCounts {
    /// Found in a complete list that we carry.
    pub checked: usize,
    /// The form and check digit are right; whether the code exists was not looked up.
    pub syntax_only: usize,
    /// Of a system without a list or a form that we know.
    pub not_checked: usize,
    /// Not in its list, or of a wrong form.
    pub wrong: usize,
}

impl CodedCounts {
    /// All of them.
    pub const fn total(self) -> usize {
        self.checked + self.syntax_only + self.not_checked + self.wrong
    }

    /// Adds those of another.
    pub fn add(&mut self, other: Self) {
        self.checked += other.checked;
        self.syntax_only += other.syntax_only;
        self.not_checked += other.not_checked;
        self.wrong += other.wrong;
    }
}

/// What was seen that breaks a rule, or that should be better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was found; one of [`crate::codes`].
    pub code: FindingCode,
    /// The rule.
    pub rule: RuleId,
    /// Whether it breaks a must or a should.
    pub severity: Severity,
    /// One sentence in our words.
    pub message: String,
    /// Where, as `FHIRPath` has it: `Bundle.entry[3].resource.ofType(Encounter).period`. Never a value.
    pub path: String,
    /// Byte offset in the text, from 0.
    pub offset: usize,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// What the rule wants.
    pub expected: String,
    /// What was seen, described and never quoted.
    pub actual: String,
    /// What to do.
    pub next_step: String,
}

/// What became of one rule in one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleResult {
    /// The rule.
    pub rule: Arc<Rule>,
    /// Scored, or advisory in this way of carrying documents.
    pub standing: Standing,
    /// What became of it.
    pub state: State,
    /// How many things were looked at; never 0 where it was met.
    pub observed: usize,
    /// How far the codes of the item were checked.
    pub coded: CodedCounts,
    /// What is wrong; empty unless it was broken.
    pub findings: Vec<Finding>,
}

/// One document against one standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// What the document is.
    pub document: Recognised,
    /// One result a rule, in the order of the rows.
    pub results: Vec<RuleResult>,
    /// How far all codes of the document were checked.
    pub coded: CodedCounts,
    /// What was accepted although it should be better, such as an older heading code; in our words.
    pub warnings: Vec<String>,
}

impl Content {
    /// The result of a rule.
    pub fn of(&self, rule: &str) -> Option<&RuleResult> {
        self.results.iter().find(|it| it.rule.id.as_str() == rule)
    }

    /// Every finding, in the order of the rows.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.results.iter().flat_map(|result| &result.findings)
    }

    /// The rules that were broken as a must or as a should, each once.
    pub fn broken(&self, severity: Severity) -> impl Iterator<Item = &RuleResult> {
        self.results.iter().filter(move |result| {
            result.state == State::Broken && result.severity() == Some(severity)
        })
    }

    /// How many rules are in a state, by [`State::key`].
    pub fn count(&self, key: &str) -> usize {
        let states = self.results.iter().map(|result| &result.state);
        states.filter(|state| state.key() == key).count()
    }
}

impl RuleResult {
    /// The worst of its findings.
    pub fn severity(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).min()
    }
}
