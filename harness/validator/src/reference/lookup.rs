//! Resources by a text, such as an identity, in a few bytes each: a body may have a hundred thousand. Texts are looked at
//! when they are added, while they are at hand; what finds them again is made when somebody asks.
//! Not for what the texts are.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// Resources by a text and the group that they stand in, both as numbers of the index.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    /// The texts are chosen by the body: their hashes must not be foreseen.
    hasher: RandomState,
    added: Vec<Added>,
    table: OnceCell<Table>,
}

/// A resource that was added, with the hash of its key.
#[derive(Debug, Clone, Copy)]
struct Added {
    hash: u64,
    home: u32,
}

/// All that were added, by key.
#[derive(Debug)]
struct Table {
    /// The first of each key, as a place among those that were added.
    firsts: HashTable<u32>,
    /// Those after the first of one key.
    more: HashMap<u32, Vec<u32>>,
}

/// What a resource is found by.
#[derive(Debug, Clone, Copy, Hash)]
pub(super) struct Key<'t> {
    pub(super) scope: u32,
    /// Its type; empty if any will do.
    pub(super) of: &'t str,
    pub(super) text: &'t str,
}

impl<'t> Key<'t> {
    pub(super) fn of_url(scope: u32, text: &'t str) -> Self {
        Self {
            scope,
            of: "",
            text,
        }
    }
}

/// The resources of one text, in the order of the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Same<'l> {
    pub(super) first: usize,
    more: &'l [u32],
}

impl Same<'_> {
    /// One resource.
    pub(super) fn sole(first: usize) -> Self {
        Self { first, more: &[] }
    }

    pub(super) fn len(&self) -> usize {
        1 + self.more.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        let more = self.more.iter().map(|it| *it as usize);
        std::iter::once(self.first).chain(more)
    }
}

impl Lookup {
    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        self.added.reserve(more);
    }

    /// Adds a resource.
    pub(super) fn add(&mut self, key: Key<'_>, home: u32) {
        let hash = self.hasher.hash_one(key);
        self.added.push(Added { hash, home });
        self.table.take();
    }

    /// The resources of a key. `is_it` tells whether a resource has it, `is_same` whether two have one key.
    pub(super) fn find(
        &self,
        key: Key<'_>,
        is_it: impl Fn(u32) -> bool,
        is_same: impl Fn(u32, u32) -> bool,
    ) -> Option<Same<'_>> {
        let table = self.table.get_or_init(|| Table::of(&self.added, is_same));
        let hash = self.hasher.hash_one(key);
        let added = |at: u32| self.added.get(at as usize);
        let is_first = |at: &u32| added(*at).is_some_and(|it| it.hash == hash && is_it(it.home));
        let at = *table.firsts.find(hash, is_first)?;
        Some(Same {
            first: added(at)?.home as usize,
            more: table.more.get(&at).map_or(&[], Vec::as_slice),
        })
    }
}

impl Table {
    fn of(added: &[Added], is_same: impl Fn(u32, u32) -> bool) -> Self {
        let mut firsts = HashTable::with_capacity(added.len());
        let mut more: HashMap<u32, Vec<u32>> = HashMap::new();
        for (at, own) in (0_u32..).zip(added) {
            let other = |at: &u32| added.get(*at as usize);
            let is_it = |at: &u32| {
                other(at).is_some_and(|it| it.hash == own.hash && is_same(it.home, own.home))
            };
            match firsts.entry(own.hash, is_it, |at| other(at).map_or(0, |it| it.hash)) {
                Entry::Occupied(first) => more.entry(*first.get()).or_default().push(own.home),
                Entry::Vacant(place) => {
                    place.insert(at);
                }
            }
        }
        Self { firsts, more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_one_key_are_found_in_order() {
        let texts: Vec<(u32, String)> = (0..1000)
            .map(|it| (it % 2, format!("https://x.example/{}", it % 300)))
            .collect();
        let key = |at: u32| Key::of_url(texts[at as usize].0, &texts[at as usize].1);
        let is_same = |one: u32, other: u32| texts[one as usize] == texts[other as usize];
        let mut lookup = Lookup::default();
        for at in 0..1000 {
            lookup.add(key(at), at);
        }
        for at in 0..1000 {
            let found = lookup.find(key(at), |it| is_same(it, at), is_same).unwrap();
            let wanted: Vec<usize> = (0..1000)
                .filter(|it| is_same(*it, at))
                .map(|it| it as usize)
                .collect();
            assert_eq!(found.iter().collect::<Vec<_>>(), wanted);
            assert_eq!((found.first, found.len()), (wanted[0], wanted.len()));
        }
        let other = Key::of_url(0, "https://x.example/1");
        let is_it = |it: u32| key(it).text == other.text && key(it).scope == 0;
        assert!(lookup.find(other, is_it, is_same).is_none());
        let none = Lookup::default();
        assert!(none.find(other, |_| true, is_same).is_none());
    }
}
