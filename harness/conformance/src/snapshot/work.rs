//! One snapshot in the making, with those of other profiles that it needs. Not the placing of single elements.

use super::apply::{Applying, any_number};
use super::arena::{Arena, Full, Id, Node};
use super::problem::{Cause, Problem, SnapshotError};
use super::{Snapshot, base};
use crate::library::Library;
use plumbline_fhir::profile_facts::{Derivation, ProfileFacts};
use plumbline_fhir::{Definitions, Type};
use std::collections::BTreeMap;
use std::rc::Rc;

/// So many profiles may build on each other.
const MOST_PROFILES: usize = 32;

/// So many elements may all profiles together have that one needs.
const MOST_TOGETHER: usize = 3 * super::arena::MOST_ELEMENTS;

/// A profile that has been worked out.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) arena: Arena,
    pub(super) problems: Vec<Problem>,
}

/// What is needed while a profile is worked out.
pub(super) struct Work<'l> {
    pub(super) library: &'l Library,
    pub(super) definitions: &'static Definitions,
    /// The profiles that wait for others, by address and version.
    waiting: Vec<String>,
    /// Those that are done.
    done: BTreeMap<String, Result<Rc<Whole>, SnapshotError>>,
    /// Elements of all of them.
    spent: usize,
}

impl<'l> Work<'l> {
    pub(super) fn new(library: &'l Library, definitions: &'static Definitions) -> Self {
        Self {
            library,
            definitions,
            waiting: Vec::new(),
            done: BTreeMap::new(),
            spent: 0,
        }
    }

    /// The whole of a profile, flat.
    pub(super) fn profile(mut self, profile: &ProfileFacts) -> Result<Snapshot, SnapshotError> {
        let whole = self.whole(profile)?;
        let (elements, sources) = whole.arena.flat();
        Ok(Snapshot {
            url: profile.url.clone(),
            version: profile.version.clone(),
            of: whole.arena.get(Arena::ROOT).name.clone(),
            elements,
            sources,
            problems: whole.problems.clone(),
        })
    }

    /// The whole of a profile as a tree, worked out once.
    pub(super) fn whole(&mut self, profile: &ProfileFacts) -> Result<Rc<Whole>, SnapshotError> {
        let key = key(profile);
        if let Some(done) = self.done.get(&key) {
            return done.clone();
        }
        if self.waiting.contains(&key) {
            let url = profile.url.clone();
            return Err(SnapshotError::Cycle { url });
        }
        let too_large = || SnapshotError::TooLarge {
            profile: profile.url.clone(),
        };
        if self.waiting.len() >= MOST_PROFILES || self.spent > MOST_TOGETHER {
            return Err(too_large());
        }
        self.waiting.push(key.clone());
        let whole = self.work_out(profile).map(Rc::new);
        self.waiting.pop();
        if let Ok(whole) = &whole {
            self.spent += whole.arena.len();
        }
        self.done.insert(key, whole.clone());
        whole
    }

    /// The type of the base specification that an address stands for.
    pub(super) fn type_at(&self, url: &str) -> Option<Type<'static>> {
        let url = url.split_once('|').map_or(url, |(url, _)| url);
        self.definitions.type_named(url.strip_prefix(base::HL7)?)
    }

    fn work_out(&mut self, profile: &ProfileFacts) -> Result<Whole, SnapshotError> {
        let full = |Full| SnapshotError::TooLarge {
            profile: profile.url.clone(),
        };
        let is_new = profile.derivation == Some(Derivation::Specialization);
        // A type of HL7 itself is known better than its differential says.
        if let Some(own) = self.type_at(&profile.url)
            && (is_new || profile.url == profile_address(own))
        {
            let arena = base::of_type(own).map_err(full)?;
            let problems = Vec::new();
            return Ok(Whole { arena, problems });
        }
        let mut whole = self.base(profile, is_new)?;
        let root = whole.arena.get_mut(Arena::ROOT);
        if is_new {
            root.name.clone_from(&profile.of);
        } else if root.name != profile.of && !profile.of.is_empty() {
            return Err(SnapshotError::OtherType {
                profile: profile.url.clone(),
                of: profile.of.clone(),
                url: profile.base.clone().unwrap_or_default(),
                base_of: root.name.clone(),
            });
        }
        Applying::new(self, &mut whole, profile)
            .all()
            .map_err(full)?;
        Ok(whole)
    }

    fn base(&mut self, profile: &ProfileFacts, is_new: bool) -> Result<Whole, SnapshotError> {
        let full = |Full| SnapshotError::TooLarge {
            profile: profile.url.clone(),
        };
        let Some(url) = &profile.base else {
            if !is_new {
                let profile = profile.url.clone();
                return Err(SnapshotError::NoBase { profile });
            }
            let mut arena = Arena::default();
            let root = Node {
                facts: any_number(),
                is_unfolded: true,
                ..Node::default()
            };
            arena.push(root).map_err(full)?;
            let problems = Vec::new();
            return Ok(Whole { arena, problems });
        };
        let mut arena = Arena::default();
        if let Some(of) = self.type_at(url) {
            arena = base::of_type(of).map_err(full)?;
            let problems = Vec::new();
            return Ok(Whole { arena, problems });
        }
        let library = self.library;
        let Some(found) = library.profile(url) else {
            return Err(SnapshotError::UnknownBase {
                url: url.clone(),
                profile: profile.url.clone(),
            });
        };
        let whole = self.whole(found)?;
        arena.copy_from(&whole.arena, Arena::ROOT).map_err(full)?;
        let problems = whole.problems.clone();
        Ok(Whole { arena, problems })
    }

    /// The profile that gives the children of an element, or why it does not.
    pub(super) fn profile_of_type(&mut self, url: &str) -> Result<Rc<Whole>, Cause> {
        let library = self.library;
        let Some(found) = library.profile(url) else {
            let url = url.to_owned();
            return Err(Cause::UnknownProfile { url });
        };
        self.whole(found).map_err(|error| match error {
            SnapshotError::Cycle { url } => Cause::ProfileCycle { url },
            error @ (SnapshotError::NoBase { .. }
            | SnapshotError::UnknownBase { .. }
            | SnapshotError::OtherType { .. }
            | SnapshotError::TooLarge { .. }) => Cause::Profile(Box::new(error)),
        })
    }
}

fn key(profile: &ProfileFacts) -> String {
    let version = profile.version.as_deref().unwrap_or_default();
    format!("{}|{version}", profile.url)
}

fn profile_address(of: Type<'static>) -> String {
    format!("{}{}", base::HL7, of.name())
}

/// Puts all below the root of one tree below a node of another.
pub(super) fn graft(arena: &mut Arena, of: Id, from: &Arena) -> Result<(), Full> {
    for child in &from.get(Arena::ROOT).children {
        let child = arena.copy_from(from, *child)?;
        arena.get_mut(of).children.push(child);
    }
    arena.get_mut(of).is_unfolded = true;
    Ok(())
}
