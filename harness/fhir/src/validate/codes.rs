//! Every code of every listed value set, found in one step. Not what a set means: [`crate::definitions::ValueSet`].

use super::key::{Key, NONE, small, table};
use crate::definitions::{Membership, System, ValueSet};
use std::collections::HashMap;

/// A code of a code system in a value set.
struct Entry {
    key: Key,
    code: &'static str,
    system: &'static str,
}

/// A value set.
struct Set<'d> {
    value_set: ValueSet<'d>,
    /// Some of its code systems do not tell capitals.
    ignores_case: bool,
}

/// The codes of value sets.
#[derive(Default)]
pub(super) struct Codes<'d> {
    sets: Vec<Set<'d>>,
    entries: Vec<Entry>,
    /// Numbers of entries, by a hash of set and code.
    table: Vec<u32>,
}

/// The numbers of sets that are known while the plan is made.
pub(super) type SetNumbers = HashMap<&'static str, u32>;

impl<'d> Codes<'d> {
    /// The number of a value set, whose codes are noted if it is new.
    pub(super) fn number(&mut self, value_set: ValueSet<'d>, numbers: &mut SetNumbers) -> u32 {
        let number = *numbers
            .entry(value_set.url())
            .or_insert_with(|| small(self.sets.len()));
        if number as usize == self.sets.len() {
            for system in value_set.systems() {
                let codes = system.codes().iter();
                self.entries.extend(codes.map(|code| Entry {
                    key: Key::new(number, code),
                    code,
                    system: system.url(),
                }));
            }
            self.sets.push(Set {
                value_set,
                ignores_case: value_set.systems().any(System::ignores_case),
            });
        }
        number
    }

    /// To be called when all sets are noted.
    pub(super) fn index(&mut self) {
        self.table = table(self.entries.iter().map(|entry| entry.key.hash()));
    }

    /// Whether a code is in a set: of this code system, or if there is none of any.
    pub(super) fn contains(&self, set: u32, system: Option<&str>, code: &str) -> Membership {
        let Some(set_row) = self.sets.get(set as usize) else {
            return Membership::Outside;
        };
        let key = Key::new(set, code);
        let mask = self.table.len() - 1;
        let mut at = key.hash() as usize & mask;
        loop {
            let number = self.table.get(at).copied().unwrap_or(NONE);
            let Some(entry) = self.entries.get(number as usize) else {
                break;
            };
            let is_code = entry.key == key && (key.is_whole() || entry.code == code);
            if is_code && system.is_none_or(|system| entry.system == system) {
                return Membership::Inside;
            }
            at = (at + 1) & mask;
        }
        let set = set_row.value_set;
        if !set_row.ignores_case && set.open().is_none() {
            return Membership::Outside;
        }
        match system {
            Some(system) => set.contains(system, code),
            None => set.contains_code(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::{Definitions, FhirVersion};

    #[test]
    fn a_code_is_in_a_set_if_the_definitions_say_so() {
        for version in FhirVersion::ALL {
            let definitions = Definitions::of(version);
            let mut codes = Codes::default();
            let mut numbers = SetNumbers::new();
            let sets: Vec<(ValueSet<'_>, u32)> = definitions
                .value_sets()
                .map(|set| (set, codes.number(set, &mut numbers)))
                .collect();
            codes.index();
            let mut inside = 0;
            for (at, (set, number)) in sets.iter().enumerate() {
                // The codes of the set itself and of the next one.
                let next = sets[(at + 1) % sets.len()].0;
                for system in set.systems().chain(next.systems()) {
                    for code in system.codes() {
                        for text in [(*code).to_owned(), code.to_uppercase(), format!("{code}x")] {
                            let wanted = set.contains(system.url(), &text);
                            assert_eq!(codes.contains(*number, Some(system.url()), &text), wanted);
                            let wanted = set.contains_code(&text);
                            assert_eq!(codes.contains(*number, None, &text), wanted);
                            inside += usize::from(wanted == Membership::Inside);
                        }
                        let other = Some("https://example.org");
                        assert_ne!(codes.contains(*number, other, code), Membership::Inside);
                    }
                }
            }
            assert!(inside > 2000, "{inside}");
        }
    }
}
