//! Collects what is found, within the limit. Not the finding.

use crate::place::Place;
use plumbline_fhir::validate::Severity;
use plumbline_fhir::{Counts, Issue, Options, Rule};

/// What was found so far: everything is counted, and as many issues of each severity are listed as the options allow.
#[derive(Debug, Default)]
pub(crate) struct Report {
    most: usize,
    counts: Counts,
    issues: Vec<Issue>,
}

impl Report {
    /// Nothing found yet.
    pub(crate) fn new(options: Options) -> Self {
        Self {
            most: options.most_issues,
            ..Self::default()
        }
    }

    /// Adds an issue at a place. `words` fill the gaps of the message.
    pub(crate) fn add(
        &mut self,
        rule: &'static Rule,
        at: &Place<'_>,
        words: &[&str],
        expected: &str,
        actual: &str,
    ) {
        self.add_as(rule, rule.severity, at, words, expected, actual);
    }

    /// The same with another severity than the rule has.
    pub(crate) fn add_as(
        &mut self,
        rule: &'static Rule,
        severity: Severity,
        at: &Place<'_>,
        words: &[&str],
        expected: &str,
        actual: &str,
    ) {
        let position = at.node().map(plumbline_tree::Node::position);
        self.push(Issue {
            code: rule.code.into(),
            severity,
            message: rule.message(words),
            path: at.path.clone(),
            offset: at.node().map(|node| node.offset() as u64),
            line: position.map(|it| it.line),
            column: position.map(|it| it.column),
            expected: expected.to_owned(),
            actual: actual.to_owned(),
        });
    }

    /// Whether one more issue of a severity would be listed.
    pub(crate) fn has_room(&self, severity: Severity) -> bool {
        of(self.counts, severity) < self.most as u64
    }

    /// Counts an issue without listing it.
    pub(crate) fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.counts.errors += 1,
            Severity::Warning => self.counts.warnings += 1,
            Severity::Information => self.counts.information += 1,
        }
    }

    /// Adds an issue as it is.
    pub(crate) fn push(&mut self, issue: Issue) {
        let is_listed = self.has_room(issue.severity);
        self.count(issue.severity);
        if is_listed {
            self.issues.push(issue);
        }
    }

    /// What was found, in the order of finding, and how many there are of each severity.
    pub(crate) fn finish(self) -> (Vec<Issue>, Counts) {
        (self.issues, self.counts)
    }
}

fn of(counts: Counts, severity: Severity) -> u64 {
    match severity {
        Severity::Error => counts.errors,
        Severity::Warning => counts.warnings,
        Severity::Information => counts.information,
    }
}
