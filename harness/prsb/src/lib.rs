//! Content rules for clinical documents, over trees: which sections and items a document has to hold, and in what form.
//! Not for FHIR validity, which says something else: a valid document can lack what a clinician needs.
//!
//! A [`Standard`] is read from rows of text ([`Standard::read`]). [`judge`] holds a document to each of its rules and
//! gives one [`RuleResult`] for each: met, broken, not exercised, or not to be tested this way. Nothing observed is
//! never met. What a system is known to hold ([`Held`]) lets "send it if you hold it" be tested.
//!
//! No finding holds a value of the document: codes and identifiers are described by their form.

pub mod business;
mod coded;
pub mod codes;
mod dates;
mod document;
mod heading;
mod held;
mod items;
mod judge;
mod kinds;
pub mod locator;
mod names;
mod narrative;
mod read_rows;
mod read_rule;
mod recognise;
mod result;
mod rule;
mod sections;
mod sheet;
mod standard;
mod table;
mod tops;
mod value_list;
mod view;

pub use held::Held;
pub use judge::{judge, judge_codes};
pub use recognise::{Pattern, Recognised, Refusal, Version, recognise};
pub use result::{CodedCounts, Content, Finding, NotExercised, RuleResult, State};
pub use rule::{
    Business, Conformance, Item, Most, Rule, RuleId, Severity, Source, Standing, Subject, ValueType,
};
pub use standard::{RowError, Standard};
