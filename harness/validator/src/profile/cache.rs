//! The profiles that were needed so far, each compiled once. Not the compiling.

use super::compile::{Compiler, HL7, without_version};
use super::compiled::{Node, Profile};
use super::outline::Outline;
use crate::knowledge::Knowledge;
use plumbline_conformance::snapshot;
use plumbline_fhirpath::TypeInfo as _;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Why a profile cannot be checked.
type Reason = String;

/// By canonical address as it was asked for. Readers share the lock; what is missing is compiled outside of it.
#[derive(Debug, Default)]
pub(crate) struct Profiles {
    outlines: Shelf<Outline>,
    compiled: Shelf<Profile>,
}

/// What was made once.
#[derive(Debug)]
struct Shelf<T>(RwLock<HashMap<String, Result<Arc<T>, Reason>>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Shelf<T> {
    fn get(&self, canonical: &str) -> Option<Result<Arc<T>, Reason>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(canonical).cloned()
    }

    /// Of two that were made at once the first stays.
    fn put(&self, canonical: &str, made: Result<Arc<T>, Reason>) -> Result<Arc<T>, Reason> {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(canonical.to_owned()).or_insert(made).clone()
    }
}

impl Profiles {
    /// A profile, ready to be checked; or why it cannot be.
    pub(super) fn profile(
        &self,
        knowledge: &Knowledge,
        canonical: &str,
    ) -> Result<Arc<Profile>, Reason> {
        if let Some(known) = self.compiled.get(canonical) {
            return known;
        }
        let made = self.make(knowledge, canonical).map(Arc::new);
        // What no library holds is not kept: the addresses come from resources, and there is no end of them.
        if made.is_err() && knowledge.library.profile(canonical).is_none() {
            return made;
        }
        self.compiled.put(canonical, made)
    }

    fn make(&self, knowledge: &Knowledge, canonical: &str) -> Result<Profile, Reason> {
        if let Some(base) = of_base(knowledge, canonical) {
            return Ok(base);
        }
        let facts = knowledge.library.profile(canonical);
        let facts = facts.ok_or_else(|| missing(knowledge, canonical))?;
        let outline = self.outline(knowledge, canonical)?;
        let problems = outline.problems.clone();
        Ok(Compiler::new(knowledge, &outline).profile(facts, problems))
    }

    /// The snapshot of a profile.
    pub(super) fn outline(
        &self,
        knowledge: &Knowledge,
        canonical: &str,
    ) -> Result<Arc<Outline>, Reason> {
        if let Some(known) = self.outlines.get(canonical) {
            return known;
        }
        let facts = knowledge.library.profile(canonical);
        let facts = facts.ok_or_else(|| missing(knowledge, canonical))?;
        let made = snapshot(facts, &knowledge.library, knowledge.definitions);
        let made = made.map_err(|error| error.to_string());
        let made =
            made.and_then(|it| Outline::new(it).ok_or_else(|| "it has no elements".to_owned()));
        self.outlines.put(canonical, made.map(Arc::new))
    }
}

/// Why a profile is not in the library.
fn missing(knowledge: &Knowledge, canonical: &str) -> Reason {
    let other = knowledge.library.profile(without_version(canonical));
    match other.and_then(|it| it.version.as_deref()) {
        Some(version) => {
            format!("its definition is not loaded in this version; version {version} is")
        }
        None => "its definition is not loaded".to_owned(),
    }
}

/// The definition of a type of the base specification adds nothing to it.
fn of_base(knowledge: &Knowledge, canonical: &str) -> Option<Profile> {
    let name = without_version(canonical).strip_prefix(HL7)?;
    let of = knowledge.definitions.type_named(name)?;
    if of.kind() == plumbline_fhir::TypeKind::Profile {
        return None;
    }
    Some(Profile {
        url: without_version(canonical).to_owned(),
        title: canonical.to_owned(),
        version: None,
        of: name.to_owned(),
        type_id: knowledge.types.named(name),
        root: Node::default(),
        extension: None,
        problems: Vec::new(),
    })
}
