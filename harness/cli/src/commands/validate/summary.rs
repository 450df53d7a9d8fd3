//! What is counted over all files, and what is said at the end. Not for single files.

use super::at_hand::AtHand;
use super::judge::{Judged, NotChecked, State};
use super::shown::{counted, shown};
use plumbline_fhir::{Assurance, FhirVersion};
use std::collections::BTreeMap;

/// Of profiles, sources and reasons this many are listed.
const MOST_LISTED: usize = 30;

/// Counts over all files.
#[derive(Debug)]
pub(super) struct Summary {
    version: FhirVersion,
    pub(super) files: u64,
    pub(super) without_errors: u64,
    pub(super) with_errors: u64,
    pub(super) not_read: u64,
    pub(super) faults: u64,
    pub(super) errors: u64,
    pub(super) warnings: u64,
    pub(super) information: u64,
    /// Codes that were looked up, by source and version.
    codes_checked: BTreeMap<(String, String), u64>,
    codes_by_form: u64,
    /// Codes that were not, by reason.
    codes_not_checked: BTreeMap<String, u64>,
    /// Files by profile.
    profiles_checked: BTreeMap<String, u64>,
    profiles_not_checked: BTreeMap<NotChecked, u64>,
    /// Files by what else was not checked in them.
    others_not_checked: BTreeMap<String, u64>,
    /// Whether an error is of a kind that the wrong version of FHIR leads to.
    is_perhaps_other_version: bool,
}

impl Summary {
    pub(super) fn new(version: FhirVersion) -> Self {
        Self {
            version,
            files: 0,
            without_errors: 0,
            with_errors: 0,
            not_read: 0,
            faults: 0,
            errors: 0,
            warnings: 0,
            information: 0,
            codes_checked: BTreeMap::new(),
            codes_by_form: 0,
            codes_not_checked: BTreeMap::new(),
            profiles_checked: BTreeMap::new(),
            profiles_not_checked: BTreeMap::new(),
            others_not_checked: BTreeMap::new(),
            is_perhaps_other_version: false,
        }
    }

    pub(super) fn count(&mut self, file: &Judged) {
        self.files += 1;
        match file.state {
            State::NoErrors => self.without_errors += 1,
            State::Errors => self.with_errors += 1,
            State::NotRead => self.not_read += 1,
            State::Fault => self.faults += 1,
        }
        if matches!(file.state, State::NoErrors | State::Errors) {
            self.errors += file.counts.errors;
            self.warnings += file.counts.warnings;
            self.information += file.counts.information;
        }
        for check in &file.coded {
            match &check.assurance {
                Assurance::Checked { source, version } => {
                    let from = (shown(source), shown(version));
                    *self.codes_checked.entry(from).or_default() += check.count;
                }
                Assurance::SyntaxOnly => self.codes_by_form += check.count,
                Assurance::NotChecked(reason) => {
                    let reason = shown(reason);
                    *self.codes_not_checked.entry(reason).or_default() += check.count;
                }
            }
        }
        for profile in &file.profiles_checked {
            *self.profiles_checked.entry(profile.clone()).or_default() += 1;
        }
        for profile in &file.profiles_not_checked {
            let count = self.profiles_not_checked.entry(profile.clone());
            *count.or_default() += 1;
        }
        for line in &file.not_checked {
            *self.others_not_checked.entry(line.clone()).or_default() += 1;
        }
        self.is_perhaps_other_version |= file
            .problems
            .iter()
            .any(|it| matches!(&*it.code, "FHIR-UNKNOWN-ELEMENT" | "FHIR-UNKNOWN-RESOURCE"));
    }

    /// The result in one sentence.
    pub(super) fn sentence(&self) -> String {
        let mut parts = vec![format!("{} without errors", self.without_errors)];
        if self.with_errors > 0 {
            parts.push(format!("{} with errors", self.with_errors));
        }
        if self.not_read > 0 {
            parts.push(format!("{} not checked", self.not_read));
        }
        if self.faults > 0 {
            parts.push(format!("{} on which Plumbline failed", self.faults));
        }
        let mut sentence = format!("{}: {}.", counted(self.files, "file"), parts.join(", "));
        let problems = problems(self.errors, self.warnings, self.information);
        if !problems.is_empty() {
            sentence = format!("{sentence} In all {problems}.");
        }
        sentence
    }

    /// What the result rests on: the base specification.
    pub(super) fn checked(&self) -> String {
        format!(
            "Checked: the base specification of FHIR {} ({}): elements, how often they stand, types and formats \
             of values, invariants, required codes, references inside a file, narrative.",
            self.version,
            self.version.number(),
        )
    }

    /// The profiles that files were checked against, a line each.
    pub(super) fn profiles(&self) -> Vec<String> {
        let all = self.profiles_checked.iter();
        listed(
            all.map(|(profile, files)| format!("{profile}: {}", counted(*files, "file"))),
            "profile",
        )
    }

    /// Whether a file was checked against the profile of an address.
    pub(super) fn has_checked(&self, url: &str) -> bool {
        let mut all = self.profiles_checked.keys();
        all.any(|it| it.split('|').next() == Some(url))
    }

    /// Where codes were looked up, a line each.
    pub(super) fn looked_up(&self) -> Vec<String> {
        let all = self.codes_checked.iter();
        let sources = all.map(|((source, version), count)| {
            let version = if version.is_empty() {
                "no version"
            } else {
                version
            };
            format!("{} in {source} ({version})", counted(*count, "code"))
        });
        listed(sources, "source")
    }

    /// What it does not rest on.
    pub(super) fn not_checked(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.profiles_not_checked.is_empty() && self.profiles_checked.is_empty() {
            lines.push(
                "Profiles: no file names one by its address, and --profile names none.".to_owned(),
            );
        }
        let profiles = self.profiles_not_checked.iter().map(|(it, files)| {
            format!(
                "Profile {}: {} ({})",
                it.profile,
                it.reason,
                counted(*files, "file")
            )
        });
        lines.extend(listed(profiles, "profile"));
        let others = self.others_not_checked.iter();
        lines.extend(listed(
            others.map(|(line, files)| {
                let mut letters = line.chars();
                let first = letters.next().map(|it| it.to_ascii_uppercase());
                let line: String = first.into_iter().chain(letters).collect();
                format!("{line} ({})", counted(*files, "file"))
            }),
            "line",
        ));
        if self.codes_by_form > 0 {
            let count = counted(self.codes_by_form, "code");
            lines.push(format!("Terminology: {count} by form alone."));
        }
        let reasons = self.codes_not_checked.iter();
        lines.extend(listed(
            reasons.map(|(reason, count)| {
                format!(
                    "Terminology: {} not at all: {reason}",
                    counted(*count, "code")
                )
            }),
            "reason",
        ));
        lines.push("Terminology: whether a code means what was meant is never checked.".to_owned());
        lines.push(
            "References to other files and to servers: whether anything is there.".to_owned(),
        );
        lines
    }

    /// What a user should know about the definitions.
    pub(super) fn notes(&self, at_hand: &AtHand) -> Vec<String> {
        let mut notes = at_hand.notes();
        notes.extend(at_hand.unused(&|url| self.has_checked(url)));
        listed(notes.into_iter(), "note")
    }

    /// What may help with what was found.
    pub(super) fn help(&self) -> Option<String> {
        let other = match self.version {
            FhirVersion::R4 => FhirVersion::Stu3,
            FhirVersion::Stu3 => FhirVersion::R4,
        };
        self.is_perhaps_other_version.then(|| {
            format!(
                "The files were read as FHIR {}. If they are {other}, add --fhir {}.",
                self.version,
                other.to_string().to_lowercase()
            )
        })
    }
}

/// `2 errors, 1 warning`; empty if there is nothing.
pub(super) fn problems(errors: u64, warnings: u64, information: u64) -> String {
    let mut parts = Vec::new();
    if errors > 0 {
        parts.push(counted(errors, "error"));
    }
    if warnings > 0 {
        parts.push(counted(warnings, "warning"));
    }
    if information > 0 {
        parts.push(format!("{information} for information"));
    }
    parts.join(", ")
}

/// The first of many lines, and how many more there are.
fn listed(lines: impl Iterator<Item = String>, noun: &str) -> Vec<String> {
    let all: Vec<String> = lines.collect();
    let more = all.len().saturating_sub(MOST_LISTED);
    let mut some: Vec<String> = all.into_iter().take(MOST_LISTED).collect();
    if more > 0 {
        some.push(format!(
            "and {}",
            counted(more as u64, &format!("more {noun}"))
        ));
    }
    some
}
