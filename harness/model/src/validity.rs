//! What was found about the body of an answer when it was checked against the base specification of FHIR.
//! Not for the checking, and never a verdict: only a scenario that asks for valid FHIR makes one of it.

use crate::domain::words;
use crate::ids::FindingCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

words! {
    /// Why a body was not checked.
    Unchecked {
        /// No answer came.
        NoAnswer = "no-answer", "no answer came";
        /// The answer had no body.
        NoBody = "no-body", "the answer had no body";
        /// It is neither JSON nor XML that can be read.
        Unreadable = "unreadable", "the body could not be read as JSON or XML";
        /// It holds more than is read.
        TooLarge = "too-large", "the body holds more than is read";
        /// A real patient's number may be in it, and the run was stopped.
        Stopped = "stopped", "it may hold a real patient's data, and the run was stopped";
        /// It says that it is of another version than the target file.
        OtherVersion = "other-version", "it says that it is of another version of FHIR than the target file";
        /// There are no definitions of the version that the target file names.
        NoDefinitions = "no-definitions", "Plumbline has no definitions of this version of FHIR";
        /// The check itself failed.
        Fault = "fault", "Plumbline failed on it";
        /// The record is of an earlier format, in which nothing was checked.
        NotRecorded = "not-recorded", "the version of Plumbline that made the record did not check answers";
    }
}

words! {
    /// How grave something is that was found about a body. Not the severity of a rule of a pack.
    IssueSeverity {
        /// The body breaks the specification.
        Error = "error", "Error";
        /// It keeps to the specification, against its advice.
        Warning = "warning", "Warning";
        /// Worth a look; the specification allows it.
        Information = "information", "Information";
    }
}

/// Whether the body of an answer was checked, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum BodyCheck {
    /// Nothing is known about the body.
    NotChecked {
        /// Why.
        reason: Unchecked,
    },
    /// It was checked. Bodies about which the same was found share it.
    Checked(Arc<CheckedBody>),
}

impl Default for BodyCheck {
    /// What a record of an earlier format says.
    fn default() -> Self {
        Self::NotChecked {
            reason: Unchecked::NotRecorded,
        }
    }
}

impl BodyCheck {
    /// Not checked, for that reason.
    pub const fn not(reason: Unchecked) -> Self {
        Self::NotChecked { reason }
    }

    /// What was found, if the body was checked.
    pub fn checked(&self) -> Option<&CheckedBody> {
        match self {
            Self::Checked(body) => Some(body),
            Self::NotChecked { .. } => None,
        }
    }
}

/// What was found about a body. Every text has passed redaction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CheckedBody {
    /// The exact version of the specification, such as `4.0.1`.
    pub version: String,
    /// How many errors there are, listed or not.
    pub errors: u64,
    /// How many warnings.
    pub warnings: u64,
    /// How many that are neither.
    pub information: u64,
    /// What was found, errors first; findings of one rule about one element are one issue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<BodyIssue>,
    /// How far codes were checked.
    pub codes: CodeChecks,
    /// The addresses of the profiles that were checked, redacted, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles_checked: Vec<String>,
    /// The addresses in `meta.profile` that were not, redacted, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles_not_checked: Vec<String>,
    /// How many more profiles there are than are listed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub unlisted_profiles: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for this form"
)]
fn is_none(count: &u64) -> bool {
    *count == 0
}

impl CheckedBody {
    /// How many findings no issue stands for, because there were too many.
    pub fn unlisted(&self) -> u64 {
        let listed: u64 = self.issues.iter().map(|issue| issue.times).sum();
        (self.errors + self.warnings + self.information).saturating_sub(listed)
    }
}

/// One rule that is broken at one element of a body, once or many times.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BodyIssue {
    /// The rule of the base specification.
    pub code: FindingCode,
    /// How grave.
    pub severity: IssueSeverity,
    /// How often, in this body; at least 1.
    pub times: u64,
    /// Where first: `FHIRPath` with indexes, such as `Bundle.entry[0].resource.gender`; `$` for the whole body.
    pub fhirpath: String,
    /// Line in the body as received, from 1.
    pub line: Option<u32>,
    /// Column in the body as received, from 1.
    pub column: Option<u32>,
    /// What is wrong there, as a sentence without a full stop.
    pub message: String,
}

impl BodyIssue {
    /// The place without indexes, by which findings in many bodies are put together: `Bundle.entry.resource.gender`.
    pub fn element(&self) -> String {
        element(&self.fhirpath)
    }
}

/// A path without its indexes.
pub fn element(fhirpath: &str) -> String {
    let mut text = String::with_capacity(fhirpath.len());
    let mut is_index = false;
    for letter in fhirpath.chars() {
        match letter {
            '[' => is_index = true,
            ']' => is_index = false,
            letter if !is_index => text.push(letter),
            _ => {}
        }
    }
    text
}

/// How far the codes of a body were checked: a code that nobody looked up is never said to be right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CodeChecks {
    /// Looked up in a complete list of codes.
    pub checked: u64,
    /// Only their form was checked.
    pub form_only: u64,
    /// Not checked: how many, by the reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_checked: BTreeMap<String, u64>,
}

impl CodeChecks {
    /// How many were not checked, for whatever reason.
    pub fn unchecked(&self) -> u64 {
        self.not_checked.values().sum()
    }

    /// Adds those of another body.
    pub fn add(&mut self, other: &Self) {
        self.checked += other.checked;
        self.form_only += other.form_only;
        for (reason, count) in &other.not_checked {
            match self.not_checked.get_mut(reason) {
                Some(known) => *known += count,
                None => {
                    self.not_checked.insert(reason.clone(), *count);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_has_no_indexes() {
        assert_eq!(
            element("Bundle.entry[12].resource.value.ofType(Quantity)"),
            "Bundle.entry.resource.value.ofType(Quantity)"
        );
        assert_eq!(element("$"), "$");
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        let body = CheckedBody {
            errors: 5,
            warnings: 1,
            issues: vec![BodyIssue {
                code: FindingCode::from("FHIR-MIN"),
                severity: IssueSeverity::Error,
                times: 4,
                fhirpath: "Patient.link[0].other".to_owned(),
                line: None,
                column: None,
                message: "Patient.link has no other, which is required".to_owned(),
            }],
            ..CheckedBody::default()
        };
        assert_eq!(body.unlisted(), 2);
        assert_eq!(CheckedBody::default().unlisted(), 0);
    }

    #[test]
    fn a_record_without_a_check_says_that_nothing_was_checked() {
        assert_eq!(BodyCheck::default().checked(), None);
        let text = "{\"state\":\"checked\",\"version\":\"4.0.1\",\"errors\":0,\"warnings\":0,\"information\":0,\
                    \"codes\":{\"checked\":1,\"form_only\":0}}";
        let check: BodyCheck = serde_json::from_str(text).expect("a stored check");
        assert_eq!(check.checked().map(|body| body.codes.checked), Some(1));
        assert_eq!(serde_json::to_string(&check).expect("JSON"), text);
    }
}
