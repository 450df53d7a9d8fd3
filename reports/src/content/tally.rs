//! One rule over all documents: in how many it is met, broken and so on. Not for wording.

use super::ContentInput;
use plumbline_prsb::{Finding, Rule, RuleResult, Severity, Standing, State};
use std::sync::Arc;

/// One rule over all documents that were judged.
#[derive(Debug)]
pub struct Tally<'a> {
    /// The rule.
    pub rule: Arc<Rule>,
    /// Whether it counts: advisory if it is so in any document.
    pub standing: Standing,
    /// In how many documents it is met.
    pub met: usize,
    /// In how many it is broken.
    pub broken: usize,
    /// In how many nothing of it is there.
    pub not_exercised: usize,
    /// In how many it cannot be tested this way.
    pub cannot: usize,
    /// Why it cannot, the first reason.
    pub reason: Option<&'a str>,
    /// The gravest of its findings.
    pub severity: Option<Severity>,
    /// Its findings with the number of the file, from 0.
    pub findings: Vec<(usize, &'a Finding)>,
}

/// The rules over all documents, in the order of the standard.
pub(super) fn tallies<'a>(input: &ContentInput<'a>) -> Vec<Tally<'a>> {
    let mut tallies: Vec<Tally<'a>> = Vec::new();
    let judged = input
        .files
        .iter()
        .enumerate()
        .filter_map(|(number, file)| match &file.outcome {
            super::ContentOutcome::Judged { content, .. } => Some((number, content)),
            super::ContentOutcome::Refused { .. } => None,
        });
    for (number, content) in judged {
        for (at, result) in content.results.iter().enumerate() {
            if at == tallies.len() {
                tallies.push(Tally::new(result));
            }
            if let Some(tally) = tallies.get_mut(at) {
                tally.add(number, result);
            }
        }
    }
    tallies
}

/// The rules that the most documents break as a must, at most so many.
pub(super) fn gaps<'t, 'a>(tallies: &'t [Tally<'a>], most: usize) -> Vec<&'t Tally<'a>> {
    let mut gaps: Vec<&Tally<'a>> = tallies.iter().filter(|it| it.broken > 0).collect();
    gaps.sort_by_key(|it| (it.severity, std::cmp::Reverse(it.broken)));
    gaps.truncate(most);
    gaps
}

impl<'a> Tally<'a> {
    fn new(result: &'a RuleResult) -> Self {
        Self {
            rule: Arc::clone(&result.rule),
            standing: result.standing,
            met: 0,
            broken: 0,
            not_exercised: 0,
            cannot: 0,
            reason: None,
            severity: None,
            findings: Vec::new(),
        }
    }

    fn add(&mut self, number: usize, result: &'a RuleResult) {
        if result.standing == Standing::Advisory {
            self.standing = Standing::Advisory;
        }
        match &result.state {
            State::Met => self.met += 1,
            State::Broken => self.broken += 1,
            State::NotExercised(_) => self.not_exercised += 1,
            State::CannotTest(reason) => {
                self.cannot += 1;
                self.reason.get_or_insert(reason);
            }
        }
        let severity = result.severity();
        self.severity = match (self.severity, severity) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.findings
            .extend(result.findings.iter().map(|finding| (number, finding)));
    }

    /// The state over all documents, the gravest first.
    pub fn key(&self) -> &'static str {
        if self.broken > 0 {
            "broken"
        } else if self.met > 0 {
            "met"
        } else if self.cannot > 0 {
            "cannot-test"
        } else {
            "not-exercised"
        }
    }

    /// In how many documents the rule was judged.
    pub fn documents(&self) -> usize {
        self.met + self.broken + self.not_exercised + self.cannot
    }
}
