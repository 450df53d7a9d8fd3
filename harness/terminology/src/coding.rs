//! A code, and what is known of it. Not for value sets.

use plumbline_fhir::Assurance;

/// A code with what stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coding<'a> {
    /// The address of its code system.
    pub system: Option<&'a str>,
    /// The version of that.
    pub version: Option<&'a str>,
    /// The code.
    pub code: &'a str,
    /// What is shown for it.
    pub display: Option<&'a str>,
}

/// Whether a code is in a value set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// It is.
    Inside,
    /// It is not, and that is certain.
    Outside,
    /// It cannot be known here.
    Unknown,
}

/// What is known of a code in a value set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether it is in the set.
    pub membership: Membership,
    /// How far that was checked, by what, and if not, why.
    pub assurance: Assurance,
}
