//! Puts a differential into the tree of its base. What is said of an element once it is found: merge.rs.

use super::arena::{Arena, Full, Id, Node};
use super::problem::{Cause, Problem};
use super::steps::{self, Step};
use super::work::{Whole, Work};
use super::{Sources, chosen, unfold};
use plumbline_fhir::profile_facts::{Derivation, ElementFacts, Most, ProfileFacts};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// No element stands deeper.
const MOST_STEPS: usize = 100;

/// A differential on its way into a tree.
pub(super) struct Applying<'a, 'l> {
    pub(super) work: &'a mut Work<'l>,
    pub(super) whole: &'a mut Whole,
    profile: &'a ProfileFacts,
    /// The address of the profile, for many elements.
    pub(super) source: Arc<str>,
    /// Of each element that the differential goes into, the names that it uses right below it.
    names: BTreeMap<String, BTreeSet<String>>,
    /// What the base says of elements of which the differential says something.
    pub(super) originals: BTreeMap<Id, (ElementFacts, Sources)>,
    /// Elements whose children only the differential needs.
    pub(super) unfolded: BTreeSet<Id>,
    /// Slices that the differential makes.
    pub(super) made: BTreeSet<Id>,
}

/// An element is not there, and the problem is listed; or there is no room left.
pub(super) enum Stop {
    Listed,
    Full,
}

impl From<Full> for Stop {
    fn from(Full: Full) -> Self {
        Self::Full
    }
}

impl<'a, 'l> Applying<'a, 'l> {
    pub(super) fn new(
        work: &'a mut Work<'l>,
        whole: &'a mut Whole,
        profile: &'a ProfileFacts,
    ) -> Self {
        Self {
            work,
            whole,
            source: Arc::from(profile.url.as_str()),
            profile,
            names: BTreeMap::new(),
            originals: BTreeMap::new(),
            unfolded: BTreeSet::new(),
            made: BTreeSet::new(),
        }
    }

    pub(super) fn arena(&mut self) -> &mut Arena {
        &mut self.whole.arena
    }

    /// Puts all of it into the tree.
    pub(super) fn all(mut self) -> Result<(), Full> {
        let ways = steps::all(&self.profile.elements);
        for way in &ways {
            for depth in 1..way.len().min(MOST_STEPS) {
                let (Some(outer), Some(step)) = (way.get(..depth), way.get(depth)) else {
                    continue;
                };
                let names = self.names.entry(key(outer)).or_default();
                names.insert(step.name.clone());
            }
        }
        for (element, way) in self.profile.elements.iter().zip(&ways) {
            match self.place(element, way) {
                Ok(id) => self.merge(id, element),
                Err(Stop::Listed) => {}
                Err(Stop::Full) => return Err(Full),
            }
        }
        Ok(())
    }

    /// Lists what could not be worked out.
    pub(super) fn list(&mut self, element: &ElementFacts, cause: Cause) {
        self.whole.problems.push(Problem {
            profile: self.profile.url.clone(),
            element: element.id.clone(),
            cause,
        });
    }

    fn stop(&mut self, element: &ElementFacts, cause: Cause) -> Stop {
        self.list(element, cause);
        Stop::Listed
    }

    /// Finds the element, and makes what leads to it.
    fn place(&mut self, element: &ElementFacts, way: &[Step]) -> Result<Id, Stop> {
        let of = &self.arena().get(Arena::ROOT).name;
        if way.first().is_none_or(|it| it.name != *of) {
            let of = of.clone();
            return Err(self.stop(element, Cause::OtherRoot { of }));
        }
        if way.len() > MOST_STEPS {
            return Err(self.stop(element, Cause::TooDeep));
        }
        let mut at = Arena::ROOT;
        for depth in 1..way.len() {
            let (Some(outer), Some(step)) = (way.get(..depth), way.get(depth)) else {
                break;
            };
            unfold::unfold(self, at, element)?;
            let is_last = depth + 1 == way.len();
            at = self.step(at, outer, step, element, is_last.into())?;
        }
        Ok(at)
    }

    fn step(
        &mut self,
        at: Id,
        outer: &[Step],
        step: &Step,
        element: &ElementFacts,
        place: Place,
    ) -> Result<Id, Stop> {
        if let Some(child) = self.arena().child(at, &step.name) {
            return match &step.slice {
                Some(slice) => self.slice(child, slice, element, place),
                None => Ok(child),
            };
        }
        if let Some((child, code)) = chosen::choice(&self.whole.arena, at, &step.name) {
            return self.chosen(child, &code, outer, step, element, place);
        }
        if self.profile.derivation == Some(Derivation::Specialization) {
            let child = self.arena().push(Node {
                name: step.name.clone(),
                facts: any_number(),
                ..Node::default()
            })?;
            self.arena().get_mut(at).children.push(child);
            return match &step.slice {
                Some(slice) => self.slice(child, slice, element, place),
                None => Ok(child),
            };
        }
        let name = step.name.clone();
        let parent = key(outer);
        Err(self.stop(element, Cause::UnknownElement { parent, name }))
    }

    /// The names that the differential uses right below an element.
    pub(super) fn names_below(&self, outer: &[Step]) -> Option<&BTreeSet<String>> {
        self.names.get(&key(outer))
    }
}

/// What is said of an element of which nothing is said.
pub(super) fn any_number() -> ElementFacts {
    ElementFacts {
        min: Some(0),
        max: Some(Most::Unlimited),
        ..ElementFacts::default()
    }
}

/// Whether a step leads to the element or to one around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// To the element.
    Last,
    /// To one around it.
    Outer,
}

impl From<bool> for Place {
    fn from(is_last: bool) -> Self {
        if is_last { Self::Last } else { Self::Outer }
    }
}

/// The steps as an id.
fn key(way: &[Step]) -> String {
    let mut key = String::new();
    for step in way {
        if !key.is_empty() {
            key.push('.');
        }
        key.push_str(&step.name);
        if let Some(slice) = &step.slice {
            key.push(':');
            key.push_str(slice);
        }
    }
    key
}
