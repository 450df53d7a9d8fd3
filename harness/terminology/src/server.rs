//! What a FHIR terminology server is asked and answers. Not for sockets: whoever has one implements the trait; and not
//! for keeping answers: `answers.rs`.

use crate::coding::Coding;
use std::fmt;

/// What a code is looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject<'a> {
    /// A value set, by its canonical address with or without version.
    ValueSet(&'a str),
    /// The code system that the coding names.
    CodeSystem,
}

/// What a terminology server says of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// It is in.
    Inside,
    /// It is not in.
    Outside,
    /// The server cannot say, and why: a fragment of a sentence.
    Unknown(String),
}

/// An answer, and when it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAnswer {
    /// What it says.
    pub says: Says,
    /// The day, such as `2026-11-22`.
    pub day: String,
}

/// A server that knows codes, or the kept answers of one. It may be asked by many threads at once.
pub trait TerminologyServer: fmt::Debug + Send + Sync {
    /// What it is, for reports: its address and its software.
    fn source(&self) -> &str;

    /// Whether a code is in a value set, or in its code system. It gets system, version and code of the coding, and
    /// nothing else of the resource. An error is the reason why there is no answer: a fragment of a sentence.
    fn validate_code(
        &self,
        subject: Subject<'_>,
        coding: Coding<'_>,
    ) -> Result<ServerAnswer, String>;
}
