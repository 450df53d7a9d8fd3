//! Collects what is found, within the limit. Not the finding.

use super::outcome::{Counts, Issue, Options, Severity};
use super::rules::Rule;
use plumbline_tree::Tree;

/// What an issue says beside its code and place.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) path: String,
    pub(super) message: String,
    pub(super) expected: String,
    pub(super) actual: String,
}

/// What was found so far.
pub(super) struct Report<'a> {
    tree: &'a Tree,
    most: usize,
    listed: Counts,
    counts: Counts,
    issues: Vec<Issue>,
}

impl<'a> Report<'a> {
    pub(super) fn new(tree: &'a Tree, options: Options) -> Self {
        Self {
            tree,
            most: options.most_issues,
            listed: Counts::default(),
            counts: Counts::default(),
            issues: Vec::new(),
        }
    }

    /// Counts an issue, and lists it unless there are enough of its severity.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        offset: usize,
        words: impl FnOnce() -> Words,
    ) {
        *of(&mut self.counts, rule.severity) += 1;
        let listed = of(&mut self.listed, rule.severity);
        if *listed >= self.most as u64 {
            return;
        }
        *listed += 1;
        let words = words();
        let position = self.tree.position(offset);
        self.issues.push(Issue {
            code: rule.code.into(),
            severity: rule.severity,
            message: words.message,
            path: words.path,
            offset: Some(offset as u64),
            line: Some(position.line),
            column: Some(position.column),
            expected: words.expected,
            actual: words.actual,
        });
    }

    /// The issues in the order of the body, and how many there are.
    pub(super) fn finish(mut self) -> (Vec<Issue>, Counts) {
        // Of the same place the order of finding is kept.
        self.issues.sort_by_key(|issue| issue.offset);
        (self.issues, self.counts)
    }
}

fn of(counts: &mut Counts, severity: Severity) -> &mut u64 {
    match severity {
        Severity::Error => &mut counts.errors,
        Severity::Warning => &mut counts.warnings,
        Severity::Information => &mut counts.information,
    }
}
