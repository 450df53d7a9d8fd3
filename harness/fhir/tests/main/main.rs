//! Tests of the facts, of conversion and of validation, as users of the crate see them. Not for one function alone.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod cases;
mod convert;
mod convert_corpus;
mod convert_refusals;
mod corpus;
mod defects;
mod examples;
mod facts_r4;
mod facts_stu3;
mod format;
mod hostile;
mod invariants;
mod official;
mod profile_facts;
mod rules;
mod same;
mod whole;
