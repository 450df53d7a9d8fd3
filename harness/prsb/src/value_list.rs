//! Lists of codes that we may carry, and what can be said of a code by them. Not for SNOMED CT: no list of it is here.

use crate::recognise::Version;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One list: for each system its codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct List {
    /// By system; the empty system is for codes that stand alone.
    pub(crate) systems: BTreeMap<String, BTreeSet<String>>,
}

/// What a list says of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Membership {
    In,
    NotIn,
    /// Of a system that the list does not speak of.
    OtherSystem,
}

impl List {
    /// Whether a code is in the list.
    pub(crate) fn judge(&self, system: Option<&str>, code: &str) -> Membership {
        match self.systems.get(system.unwrap_or_default()) {
            // Without its system a code says nothing.
            None if system.is_none() => Membership::NotIn,
            None if self.is_misspelt(system) => Membership::NotIn,
            None => Membership::OtherSystem,
            Some(codes) if codes.contains(code) => Membership::In,
            Some(_) => Membership::NotIn,
        }
    }

    fn is_misspelt(&self, system: Option<&str>) -> bool {
        let is_near = |known: &String| {
            system.is_some_and(|it| crate::coded::misspelling(it, known).is_some())
        };
        self.systems.keys().any(is_near)
    }
}

/// All lists by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lists {
    by_name: BTreeMap<String, List>,
    /// The codes of all lists by system, for looking up a code without knowing its list. Never walked.
    by_system: HashMap<String, BTreeSet<String>>,
}

impl Lists {
    pub(crate) fn get(&self, name: &str) -> Option<&List> {
        self.by_name.get(name)
    }

    /// The list of that name for a version: where it has one of its own, its name ends with `@r4`.
    pub(crate) fn of(&self, name: &str, version: Version) -> Option<&List> {
        let own = match version {
            Version::Stu3 => None,
            Version::R4 => self.by_name.get(&format!("{name}@r4")),
        };
        own.or_else(|| self.get(name))
    }

    /// Adds codes of a system to a list.
    pub(crate) fn add(&mut self, name: &str, system: &str, codes: &[&str]) {
        let list = self.by_name.entry(name.to_owned()).or_default();
        let of_list = list.systems.entry(system.to_owned()).or_default();
        of_list.extend(codes.iter().map(|code| (*code).to_owned()));
        if !system.is_empty() {
            let all = self.by_system.entry(system.to_owned()).or_default();
            all.extend(codes.iter().map(|code| (*code).to_owned()));
        }
    }

    /// Whether a code is in a list of its system; `None` if no list speaks of the system.
    pub(crate) fn anywhere(&self, system: &str, code: &str) -> Option<bool> {
        let codes = self.by_system.get(system)?;
        Some(codes.contains(code))
    }
}
