//! The data sheet of a pack: whom a vendor must load, in the order that unlocks most.
//! Not for its forms: text and tables are made in files of their own.

use crate::tiers::{Tier, tiers};
use plumbline_model::{ActorRole, DirectoryFact, Person};
use plumbline_pack::Pack;
use std::collections::BTreeMap;

/// The data sheet of one pack.
#[derive(Debug, Clone)]
pub struct DataSheet<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// Its tiers, tier 0 first.
    pub tiers: Vec<Tier>,
    people: &'a BTreeMap<ActorRole, Person>,
    directory: Vec<&'a DirectoryFact>,
}

/// One person of a data sheet.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// Place in the order of the data sheet, from 1.
    pub number: usize,
    /// The tier, from 1.
    pub tier: usize,
    /// The person.
    pub person: &'a Person,
}

impl<'a> DataSheet<'a> {
    /// The data sheet of a pack, whose people are all among `people` if the pack was linted.
    pub fn new(pack: &'a Pack, people: &'a BTreeMap<ActorRole, Person>) -> Self {
        Self {
            pack,
            tiers: tiers(pack),
            people,
            directory: Vec::new(),
        }
    }

    /// The same with the practitioners, organisations and locations of the pack.
    #[must_use]
    pub fn with_directory(mut self, directory: &'a BTreeMap<ActorRole, DirectoryFact>) -> Self {
        let roles = self.pack.directory.keys();
        self.directory = roles.filter_map(|role| directory.get(role)).collect();
        self
    }

    /// The practitioners, organisations and locations, by role.
    pub fn directory(&self) -> &[&'a DirectoryFact] {
        &self.directory
    }

    /// Whether it says of somebody how he or she stands to a practice.
    pub fn speaks_of_practices(&self) -> bool {
        self.sheets().any(|one| one.person.gp.is_some())
    }

    /// Everybody, in the order of the tiers.
    pub fn sheets(&self) -> impl Iterator<Item = Sheet<'a>> {
        let people = self.people;
        let tiers = self.tiers.iter().enumerate();
        tiers
            .flat_map(|(tier, roles)| roles.roles.iter().map(move |role| (tier, role)))
            .filter_map(move |(tier, role)| Some((tier, people.get(role)?)))
            .zip(1..)
            .map(|((tier, person), number)| Sheet {
                number,
                tier,
                person,
            })
    }
}
