//! One wrong resource made of a right one, and where its fault is. Not for how it is made.

use super::body::{Body, Edit, Pointer};
use super::sites::Site;
use plumbline_conformance::{Library, Snapshot};
use plumbline_fhir::{Definitions, FhirVersion};
use std::sync::Arc;

/// A resource that is right, taken apart.
#[derive(Debug)]
pub struct Instance {
    /// Which, for lists.
    pub name: String,
    /// Whether it is one of the repository.
    pub is_invented: bool,
    /// Its version.
    pub version: FhirVersion,
    /// What the specification says.
    pub definitions: &'static Definitions,
    /// The resource.
    pub body: Body,
    /// Its elements.
    pub sites: Vec<Site>,
    /// Profiles that it is judged by, beside those that it claims.
    pub profiles: Vec<String>,
    /// Those and the ones that it claims, what is in it claims and its extensions name, as far as they are known.
    pub claims: Vec<Claim>,
    /// What is known beside the specification.
    pub library: Arc<Library>,
}

/// A profile that an element must keep to.
#[derive(Debug)]
pub struct Claim {
    /// The element.
    pub at: Pointer,
    /// The profile, worked out.
    pub snapshot: Arc<Snapshot>,
}

/// What is to be made of a resource.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// What was done, in a few words without values.
    pub what: String,
    /// The changes, in order.
    pub edits: Vec<Edit>,
    /// Where an error is at the right place: these elements and what is below them, and what they are right below.
    pub places: Vec<String>,
    /// The invariant that is broken.
    pub key: Option<String>,
    /// Whether only XML can be wrong in this way.
    pub is_only_xml: bool,
}

impl Mutant {
    /// A change of one element.
    pub fn of(site: &Site, what: &str, edits: Vec<Edit>) -> Self {
        Self {
            what: format!("{}: {what}", site.path),
            edits,
            places: vec![site.path.clone(), site.bare()],
            key: None,
            is_only_xml: false,
        }
    }

    /// Another place that is right.
    #[must_use]
    pub fn or_at(mut self, place: String) -> Self {
        self.places.push(place);
        self
    }

    /// The resource with the change. `None` if it cannot be made.
    pub fn body(&self, of: &Instance) -> Option<Body> {
        let mut body = of.body.clone();
        for edit in &self.edits {
            body.change(edit)?;
        }
        (body != of.body).then_some(body)
    }

    /// Whether an error at a path is at the right place.
    pub fn is_right(&self, path: &str) -> bool {
        self.places.iter().any(|place| {
            let below = path.strip_prefix(place.as_str());
            let is_below =
                below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
            is_below || around(place) == path
        })
    }
}

/// The path of what an element belongs to.
pub fn around(path: &str) -> &str {
    let plain = match path.rfind(".ofType(") {
        Some(at) if path.ends_with(')') => path.get(..at).unwrap_or(path),
        _ => path,
    };
    plain.rsplit_once('.').map_or(plain, |(before, _)| before)
}
