//! Collects the drafts and observations of one call of a check.
//! Not for deciding anything: a sheet only keeps order and the limit on drafts.

use crate::check::{Check, CheckResult};
use crate::reading::Reading;
use plumbline_model::{Draft, ErrorKind, FindingCode, FindingKind, Location, Shown, SkipReason};
use plumbline_tree::Node;

/// More drafts than this help nobody.
const MOST: usize = 20;

/// Where something was seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    page: usize,
    node: Option<Node<'a>>,
}

impl<'a> At<'a> {
    /// The answer as a whole.
    pub(crate) const fn page(page: usize) -> Self {
        Self { page, node: None }
    }

    /// A value in the body.
    pub(crate) const fn node(page: usize, node: Node<'a>) -> Self {
        Self {
            page,
            node: Some(node),
        }
    }

    /// The page, from 0.
    pub(crate) const fn page_index(self) -> usize {
        self.page
    }

    fn location(self) -> Location {
        let Some(node) = self.node else {
            return Location::default();
        };
        let position = node.position();
        Location {
            exchange: None,
            fhirpath: node.path(),
            offset: u64::try_from(node.offset()).ok(),
            line: Some(position.line),
            column: Some(position.column),
        }
    }
}

/// The drafts and observations of one call.
pub(crate) struct Sheet {
    code: &'static str,
    next_step: &'static str,
    drafts: Vec<Draft>,
    observations: usize,
}

impl Sheet {
    pub(crate) const fn new(check: &Check) -> Self {
        Self {
            code: check.code,
            next_step: check.next_step,
            drafts: Vec::new(),
            observations: 0,
        }
    }

    /// Counts things that were really looked at.
    pub(crate) fn saw(&mut self, count: usize) {
        self.observations += count;
    }

    /// The target broke the rule.
    pub(crate) fn broken(
        &mut self,
        at: At<'_>,
        message: impl Into<String>,
        expected: Shown,
        actual: Shown,
    ) {
        let next_step = self.next_step;
        self.add(
            FindingKind::Broken,
            at,
            message.into(),
            expected,
            actual,
            next_step,
        );
    }

    /// As [`Self::broken`], with what to do about this one.
    pub(crate) fn broken_with(
        &mut self,
        at: At<'_>,
        message: String,
        expected: Shown,
        actual: Shown,
        next_step: &str,
    ) {
        self.add(
            FindingKind::Broken,
            at,
            message,
            expected,
            actual,
            next_step,
        );
    }

    /// A person must judge.
    pub(crate) fn review(
        &mut self,
        at: At<'_>,
        message: &str,
        expected: Shown,
        actual: Shown,
        next_step: &str,
    ) {
        self.add(
            FindingKind::Review,
            at,
            message.to_owned(),
            expected,
            actual,
            next_step,
        );
    }

    /// Told for information; changes nothing.
    pub(crate) fn note(&mut self, message: impl Into<String>, expected: Shown, actual: Shown) {
        let next_step = self.next_step;
        let at = At::page(0);
        self.add(
            FindingKind::Note,
            at,
            message.into(),
            expected,
            actual,
            next_step,
        );
    }

    /// The check could not decide.
    pub(crate) fn undecided(
        &mut self,
        reason: SkipReason,
        at: At<'_>,
        message: impl Into<String>,
        actual: Shown,
        next_step: &str,
    ) {
        let expected = Shown::ours("a response that shows whether the rule is met");
        let kind = FindingKind::Undecided(reason);
        self.add(kind, at, message.into(), expected, actual, next_step);
    }

    /// There was nothing to which the rule applies.
    pub(crate) fn nothing(&mut self, message: &str, next_step: &str) {
        self.undecided(
            SkipReason::NothingObserved,
            At::page(0),
            message,
            Shown::ours("nothing to judge"),
            next_step,
        );
    }

    /// The step asks for something that this check does not know; the scenario is at fault.
    pub(crate) fn misused(&mut self, message: &str) {
        self.add(
            FindingKind::Error(ErrorKind::Configuration),
            At::page(0),
            message.to_owned(),
            Shown::ours("a step with arguments that the check knows"),
            Shown::ours("other arguments"),
            "Correct the step in the feature file; `plumbline steps` lists what it accepts",
        );
    }

    /// Everything that kept the reading from seeing the whole result.
    pub(crate) fn gaps(&mut self, reading: &Reading<'_>) {
        for gap in &reading.gaps {
            self.undecided(
                SkipReason::NotObservable,
                gap.at,
                gap.message,
                Shown::ours(gap.actual.clone()),
                gap.next_step,
            );
        }
    }

    /// As [`Self::gaps`], and also that pages are missing: for rules about every result or none.
    pub(crate) fn gaps_and_unseen(&mut self, reading: &Reading<'_>) {
        self.gaps(reading);
        if let Some(why) = reading.unseen {
            self.undecided(
                SkipReason::NotObservable,
                At::page(0),
                "only a part of the result was seen",
                Shown::ours(why),
                "Follow every page of the result in the scenario, or see why following stopped",
            );
        }
    }

    fn add(
        &mut self,
        kind: FindingKind,
        at: At<'_>,
        message: String,
        expected: Shown,
        actual: Shown,
        next_step: &str,
    ) {
        self.drafts.push(Draft {
            code: FindingCode::new(self.code),
            kind,
            message,
            expected,
            actual,
            next_step: next_step.to_owned(),
            page: at.page,
            location: at.location(),
        });
    }

    /// Broken rules come first, so that the limit can never hide one behind lesser drafts.
    pub(crate) fn finish(mut self) -> CheckResult {
        self.drafts.sort_by_key(|draft| match draft.kind {
            FindingKind::Broken => 0,
            FindingKind::Error(_) => 1,
            FindingKind::Undecided(_) => 2,
            FindingKind::Review => 3,
            FindingKind::Note => 4,
        });
        let more = self.drafts.len().saturating_sub(MOST);
        self.drafts.truncate(MOST);
        if more > 0 {
            self.add(
                FindingKind::Note,
                At::page(0),
                format!("and {more} more"),
                Shown::default(),
                Shown::default(),
                "Correct the ones listed, then run again",
            );
        }
        CheckResult {
            drafts: self.drafts,
            observations: self.observations,
        }
    }
}
