//! Whole validation of a FHIR resource: the base specification (which `fhir` judges), profiles and extensions,
//! terminology, bundles, questionnaires, and definitions as resources. Not for files, sockets or reports.

mod binding;
mod bundle;
mod definition;
#[cfg(test)]
mod edited;
mod judged;
mod knowledge;
mod named;
mod once;
mod parameters;
mod place;
mod profile;
mod questionnaire;
mod reference;
mod report;
mod rules;
mod supplied;
mod validator;
mod validators;

pub use judged::Judged;
pub use plumbline_conformance::Library;
pub use plumbline_fhir::validate::Severity;
pub use plumbline_fhir::{Assurance, CodedCheck, Counts, Issue, Options, Outcome, Rule};
pub use profile::{Origin, ProfileCheck, ProfileState};
pub use rules::{rule, rules};
pub use validator::Validator;
pub use validators::Validators;
