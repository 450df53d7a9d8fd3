//! [`snapshot()`]: the whole of a profile, worked out from its differential and its base. Not for judging a resource.

mod apply;
mod arena;
mod base;
mod chosen;
mod merge;
mod problem;
mod slices;
mod steps;
mod unfold;
mod work;

pub use problem::{Cause, Problem, SnapshotError};

use crate::library::Library;
use plumbline_fhir::Definitions;
use plumbline_fhir::profile_facts::{ElementFacts, ProfileFacts};
use std::sync::Arc;

/// The address of the profile that says something; `None` is the base specification.
pub type Source = Option<Arc<str>>;

/// Where each part of an element comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// The least number.
    pub min: Source,
    /// The greatest number.
    pub max: Source,
    /// The types with their profiles and targets.
    pub types: Source,
    /// That it is sliced; of a slice, that there is this slice.
    pub slicing: Source,
    /// The fixed value.
    pub fixed: Source,
    /// The pattern.
    pub pattern: Source,
    /// The least and the greatest value.
    pub range: Source,
    /// How many characters it may have.
    pub max_length: Source,
    /// The value set.
    pub binding: Source,
    /// That systems must support it.
    pub must_support: Source,
}

/// A profile with every element that it has, in the order of the specification.
///
/// An element stands before its children, and an element that is sliced stands, with its children, before its slices.
/// Children that only a datatype gives are there only where the profile, or one that it builds on, says something of
/// one of them. A choice is always `value[x]`: what a profile says of `valueQuantity` stands in the slice
/// `value[x]:valueQuantity`, or in `value[x]` itself if STU3 has no other type left for it.
/// Invariants that follow from the type of an element are not repeated, as in [`Definitions`]; neither are bindings of
/// strength preferred and example of the base specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its canonical address.
    pub url: String,
    /// Its version, if it has one.
    pub version: Option<String>,
    /// The type that it constrains, such as `Patient` or `Extension`.
    pub of: String,
    /// Every element: the first is the type itself. Ids have slices behind colons, ranges and types are all given.
    pub elements: Vec<ElementFacts>,
    /// Of each element where its parts come from: as many as there are elements. Each invariant names its own source.
    pub sources: Vec<Sources>,
    /// What could not be worked out; the rest is as it would be without it.
    pub problems: Vec<Problem>,
}

/// Works out the whole of a profile.
///
/// Where one of its elements cannot be placed, [`Snapshot::problems`] says so and the rest is there.
/// It is an error if the base is not known, is no base, or if the profile is larger than any that is meant in earnest.
pub fn snapshot(
    profile: &ProfileFacts,
    library: &Library,
    definitions: &'static Definitions,
) -> Result<Snapshot, SnapshotError> {
    work::Work::new(library, definitions).profile(profile)
}

impl Snapshot {
    /// The place in [`Snapshot::elements`] of the element with this id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.elements.iter().position(|it| it.id == id)
    }

    /// The element with this id.
    pub fn element(&self, id: &str) -> Option<&ElementFacts> {
        self.elements.iter().find(|it| it.id == id)
    }
}
