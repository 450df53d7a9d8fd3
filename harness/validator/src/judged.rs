//! [`Judged`]: what a whole validation says of one body. Not how it comes about.

use crate::once;
use crate::profile::{Findings, ProfileCheck, ProfileState};
use plumbline_fhir::validate::Severity;
use plumbline_fhir::{Counts, Issue, Options, Outcome};
use std::collections::BTreeSet;

/// What a whole validation says of one body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Issues, counts, checks of codes: of the base specification and of everything else.
    /// [`Outcome::profiles_not_checked`] has only those that were not checked.
    pub outcome: Outcome,
    /// Every profile that was asked for, and whether it was checked: those of the caller first, then those that
    /// resources claim, then those that other profiles name and that could not be checked; by address within each.
    pub profiles: Vec<ProfileCheck>,
    /// The addresses of extensions without a known definition, sorted.
    pub unknown_extensions: Vec<String>,
    /// How many references were to lead to a resource that keeps to a profile, and it was not known whether it does.
    pub targets_not_checked: u64,
    /// What else was not checked, and why, sorted: fragments of sentences, such as
    /// `answers: the questionnaire https://example.org/q is not known`.
    pub not_checked: Vec<String>,
}

impl Judged {
    pub(crate) fn new(base: Outcome, found: Findings, options: Options) -> Self {
        let (mut new, mut counts) = found.report.finish();
        let mut outcome = base;
        once::keep_one(&mut outcome, &mut new, &mut counts);
        join(&mut outcome, new, counts, options);
        found.coded.add_to(&mut outcome.coded);
        let not_checked = found
            .profiles
            .iter()
            .filter(|it| matches!(it.state, ProfileState::NotChecked(_)));
        let not_checked: BTreeSet<String> = not_checked.map(|it| it.url.clone()).collect();
        outcome.profiles_not_checked = not_checked.into_iter().collect();
        Self {
            outcome,
            profiles: found.profiles,
            unknown_extensions: found.unknown_extensions.into_iter().collect(),
            targets_not_checked: found.targets_not_checked,
            not_checked: found.not_checked.into_iter().collect(),
        }
    }
}

/// Adds issues in the order of the body, as many of each severity as the options allow.
pub(crate) fn join(outcome: &mut Outcome, issues: Vec<Issue>, counts: Counts, options: Options) {
    outcome.counts.errors += counts.errors;
    outcome.counts.warnings += counts.warnings;
    outcome.counts.information += counts.information;
    if issues.is_empty() {
        return;
    }
    outcome.issues.extend(issues);
    // Of the same place the order of finding is kept.
    outcome.issues.sort_by_key(|it| it.offset);
    let mut listed = Counts::default();
    outcome.issues.retain(|issue| {
        let count = match issue.severity {
            Severity::Error => &mut listed.errors,
            Severity::Warning => &mut listed.warnings,
            Severity::Information => &mut listed.information,
        };
        *count += 1;
        *count <= options.most_issues as u64
    });
}
