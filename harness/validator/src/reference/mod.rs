//! References between resources: an index of all that one body holds, where each reference leads, and what is wrong
//! with it. Not for the form of a reference, nor for the type that it names, nor for `#id` without a contained resource:
//! those are base rules (`FHIR-REFERENCE-FORM`, `-TARGET`, `-TYPE`, `FHIR-CONTAINED-*`).
//!
//! What leads out of the body is not followed, and nothing is said about it but that: [`Resolved::Elsewhere`].
//! [`Index`] is a [`plumbline_fhirpath::Host`] for `resolve()`.

mod address;
mod check;
mod contained;
mod index;
mod links;
mod lookup;
pub(crate) mod reading;
mod resolve;
pub(crate) mod rules;
pub(crate) mod spot;

pub(crate) use address::{Address, Kind, is_absolute, is_id, rest};
pub(crate) use index::{EntryParts, Group, Home, Index, Mode};
pub(crate) use links::{Homes, Link};
pub(crate) use resolve::Resolved;
#[cfg(test)]
pub(crate) use resolve::{Hint, Why};

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use crate::report::Report;
use plumbline_fhir::Options;
use plumbline_fhir::validate::Survey;

/// Follows the references of a body and reports what is wrong with them. Gives those that the rules of bundles ask about.
pub(crate) fn check<'a>(
    index: &Index<'a>,
    survey: &Survey<'a>,
    options: Options,
    report: &mut Report,
) -> Vec<Link<'a>> {
    let links = check::check(index, survey, options, report);
    contained::check(index, report);
    links
}
