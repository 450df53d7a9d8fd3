//! What is counted over all files, and what is said at the end. Not for single files.

use super::judge::{Judged, State};
use super::shown::counted;
use plumbline_fhir::{Assurance, FhirVersion};

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
    codes_checked: u64,
    codes_by_form: u64,
    codes_not_checked: u64,
    profiles: u64,
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
            codes_checked: 0,
            codes_by_form: 0,
            codes_not_checked: 0,
            profiles: 0,
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
            match check.assurance {
                Assurance::Checked { .. } => self.codes_checked += check.count,
                Assurance::SyntaxOnly => self.codes_by_form += check.count,
                Assurance::NotChecked(_) => self.codes_not_checked += check.count,
            }
        }
        self.profiles += file.profiles.len() as u64;
        self.is_perhaps_other_version |= file
            .problems
            .iter()
            .any(|it| matches!(it.code, "FHIR-UNKNOWN-ELEMENT" | "FHIR-UNKNOWN-RESOURCE"));
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

    /// What the result rests on.
    pub(super) fn checked(&self) -> String {
        format!(
            "Checked: the base specification of FHIR {} ({}): elements, how often they stand, types and formats \
             of values, required codes ({} looked up), references inside a file, narrative.",
            self.version,
            self.version.number(),
            self.codes_checked
        )
    }

    /// What it does not rest on.
    pub(super) fn not_checked(&self) -> Vec<String> {
        let profiles = if self.profiles == 0 {
            "Profiles: no file names one by its address.".to_owned()
        } else {
            format!(
                "Profiles: {} named in meta.profile, none of them checked.",
                self.profiles
            )
        };
        let mut codes = Vec::new();
        if self.codes_by_form > 0 {
            let count = counted(self.codes_by_form, "code");
            codes.push(format!("{count} by form alone"));
        }
        if self.codes_not_checked > 0 {
            let count = counted(self.codes_not_checked, "code");
            codes.push(format!("{count} not at all"));
        }
        let codes = match codes.as_slice() {
            [] => String::new(),
            some => format!("{}; ", some.join(", ")),
        };
        vec![
            profiles,
            format!("Terminology: {codes}whether a code means what was meant is never checked."),
            "Invariants: the rules that the specification has in FHIRPath, but for some about structure.".to_owned(),
            "References to other files and to servers: whether anything is there.".to_owned(),
        ]
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
