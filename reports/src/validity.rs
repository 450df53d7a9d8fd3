//! What the record says of the validity of answers, put together over all of them: how many were checked, what was
//! found by rule and element, how far codes were checked, which profiles were not. Not for verdicts: nothing here
//! makes or changes one. Not for checking: the runner has done that.

use crate::view::words::{count, thousands};
use plumbline_model::{
    BodyIssue, CheckedBody, CodeChecks, ExchangeId, FindingCode, IssueSeverity, RunRecord,
    Unchecked,
};
use plumbline_validator::rule;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How many groups are kept apart, and how many profiles are named; a target that never says the same twice
/// shall not fill the memory.
const MOST: usize = 1_000;

/// The validity of the answers of a run.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Validity {
    /// How many answers came.
    pub answers: usize,
    /// How many of them were checked.
    pub checked: usize,
    /// How many of those break the specification.
    pub with_errors: usize,
    /// How many of those have warnings and no error.
    pub with_warnings: usize,
    /// The versions of the specification that they were checked against; one, as a rule.
    pub versions: BTreeSet<String>,
    /// Answers that were not checked, by the reason.
    pub not_checked: BTreeMap<Unchecked, usize>,
    /// How far codes were checked.
    pub codes: CodeChecks,
    /// Profiles that were checked, and in how many answers.
    pub profiles_checked: BTreeMap<String, usize>,
    /// Profiles that answers name and that were not checked, and in how many answers.
    pub profiles_not_checked: BTreeMap<String, usize>,
    /// Whether answers name more profiles than are listed.
    pub more_profiles: bool,
    /// What was found, gravest first, then by how often.
    pub issues: Vec<IssueGroup>,
    /// How many findings no group stands for.
    pub unlisted: u64,
}

/// One rule of the specification that is broken at one element, in however many answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssueGroup {
    /// The rule.
    pub code: FindingCode,
    /// How grave.
    pub severity: IssueSeverity,
    /// The element, without indexes.
    pub element: String,
    /// How often.
    pub findings: u64,
    /// In how many answers.
    pub answers: usize,
    /// What the rule asks for; empty for a rule that this version does not know.
    pub meaning: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Where it was seen first.
    pub example: IssueExample,
}

/// Where something was seen, and what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssueExample {
    /// The exchange.
    pub exchange: ExchangeId,
    /// `FHIRPath` with indexes.
    pub fhirpath: String,
    /// Line in the body as received, from 1.
    pub line: Option<u32>,
    /// Column, from 1.
    pub column: Option<u32>,
    /// What is wrong there.
    pub message: String,
}

impl Validity {
    /// Puts together what the record holds.
    pub fn of(record: &RunRecord) -> Self {
        let mut all = Self::default();
        let mut groups = Groups::new();
        for exchange in &record.exchanges {
            if exchange.status.is_none() {
                continue;
            }
            all.answers += 1;
            match &exchange.fhir {
                plumbline_model::BodyCheck::NotChecked { reason } => {
                    *all.not_checked.entry(*reason).or_default() += 1;
                }
                plumbline_model::BodyCheck::Checked(body) => {
                    all.add(exchange.id, body, &mut groups);
                }
            }
        }
        all.issues = groups.into_values().collect();
        all.issues.sort_by(|a, b| {
            let key = |it: &IssueGroup| (it.severity, std::cmp::Reverse(it.findings));
            key(a)
                .cmp(&key(b))
                .then_with(|| a.code.cmp(&b.code))
                .then_with(|| a.element.cmp(&b.element))
        });
        all
    }

    fn add(&mut self, exchange: ExchangeId, body: &CheckedBody, groups: &mut Groups) {
        self.checked += 1;
        if body.errors > 0 {
            self.with_errors += 1;
        } else if body.warnings > 0 {
            self.with_warnings += 1;
        }
        if !self.versions.contains(&body.version) {
            self.versions.insert(body.version.clone());
        }
        self.codes.add(&body.codes);
        self.more_profiles |= body.unlisted_profiles > 0;
        let checked = (&body.profiles_checked, &mut self.profiles_checked);
        let not_checked = (&body.profiles_not_checked, &mut self.profiles_not_checked);
        for (urls, answers) in [checked, not_checked] {
            for url in urls {
                if let Some(answers) = answers.get_mut(url) {
                    *answers += 1;
                } else if answers.len() < MOST {
                    answers.insert(url.clone(), 1);
                } else {
                    self.more_profiles = true;
                }
            }
        }
        self.unlisted += body.unlisted();
        let mut seen = BTreeSet::new();
        for issue in &body.issues {
            let key = (issue.severity, issue.code.clone(), issue.element());
            let is_new = seen.insert(key.clone());
            if let Some(group) = groups.get_mut(&key) {
                group.findings += issue.times;
                group.answers += usize::from(is_new);
            } else if groups.len() < MOST {
                groups.insert(key, IssueGroup::new(exchange, issue));
            } else {
                self.unlisted += issue.times;
            }
        }
    }

    /// Answers that were not checked, whatever the reason.
    pub fn unchecked(&self) -> usize {
        self.not_checked.values().sum()
    }

    /// "FHIR 4.0.1", or "FHIR" where nothing was checked.
    pub(crate) fn specification(&self) -> String {
        let versions: Vec<&str> = self.versions.iter().map(String::as_str).collect();
        match versions.as_slice() {
            [] => "FHIR".to_owned(),
            some => format!("FHIR {}", some.join(" and ")),
        }
    }

    /// The result in one line, for a terminal; empty if there was no answer.
    pub fn line(&self) -> String {
        if self.answers == 0 {
            return String::new();
        }
        if self.checked == 0 {
            return "No answer was checked against the base specification of FHIR.".to_owned();
        }
        let broken = match self.with_errors {
            0 => "none breaks".to_owned(),
            1 => "1 breaks".to_owned(),
            some => format!("{} break", thousands(some)),
        };
        let rest = match self.unchecked() {
            0 => String::new(),
            some => format!(
                " {} not checked.",
                count(some, "answer was", "answers were")
            ),
        };
        let profiles = match self.profiles_not_checked.len() {
            0 => String::new(),
            some => format!(
                " {} not checked.",
                count(some, "profile was", "profiles were")
            ),
        };
        format!(
            "{} of {} checked: {broken} {} or a profile.{rest}{profiles}",
            thousands(self.checked),
            count(self.answers, "answer", "answers"),
            self.specification()
        )
    }
}

type Groups = BTreeMap<(IssueSeverity, FindingCode, String), IssueGroup>;

impl IssueGroup {
    fn new(exchange: ExchangeId, issue: &BodyIssue) -> Self {
        let code = issue.code.as_str();
        // A condition of a profile has no rule of its own.
        let of_profile = || {
            code.starts_with("FHIR-INVARIANT-")
                .then(|| rule("FHIR-INVARIANT"))
        };
        let rule = rule(code).or_else(|| of_profile().flatten());
        Self {
            code: issue.code.clone(),
            severity: issue.severity,
            element: issue.element(),
            findings: issue.times,
            answers: 1,
            meaning: rule.map_or("", |rule| rule.meaning),
            fix: rule.map_or("", |rule| rule.fix),
            example: IssueExample {
                exchange,
                fhirpath: issue.fhirpath.clone(),
                line: issue.line,
                column: issue.column,
                message: issue.message.clone(),
            },
        }
    }
}
