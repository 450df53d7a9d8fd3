//! Code systems and value sets that HL7 publishes with the specification, read one by one when they are asked for.
//! Not for those of packages, which the library holds.

use plumbline_fhir::FhirVersion;
use plumbline_fhir::profile_facts::{CodeSystemFacts, FactsFile, ValueSetFacts};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

const R4: &str = include_str!("../../../profiles/_fhir/r4/terms.txt");
const STU3: &str = include_str!("../../../profiles/_fhir/stu3/terms.txt");

/// Where each of them stands in the text.
#[derive(Debug)]
pub(crate) struct Published {
    version: FhirVersion,
    text: &'static str,
    systems: HashMap<&'static str, Range<usize>>,
    sets: HashMap<&'static str, Range<usize>>,
}

impl Published {
    /// Those of a version; looked through once, when they are first asked for.
    pub(crate) fn of(version: FhirVersion) -> &'static Self {
        static OF_R4: OnceLock<Published> = OnceLock::new();
        static OF_STU3: OnceLock<Published> = OnceLock::new();
        let (cell, text) = match version {
            FhirVersion::R4 => (&OF_R4, R4),
            FhirVersion::Stu3 => (&OF_STU3, STU3),
        };
        cell.get_or_init(|| Self::new(version, text))
    }

    fn new(version: FhirVersion, text: &'static str) -> Self {
        let mut found = Self {
            version,
            text,
            systems: HashMap::new(),
            sets: HashMap::new(),
        };
        let mut open: Option<(bool, &'static str, usize)> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let head = ["system ", "set "]
                .iter()
                .position(|word| line.starts_with(word));
            if let Some(kind) = head {
                found.close(open, at);
                let url = line.split(' ').nth(1).unwrap_or_default();
                open = Some((kind == 0, url, at));
            }
            at += line.len();
        }
        found.close(open, at);
        found
    }

    fn close(&mut self, open: Option<(bool, &'static str, usize)>, end: usize) {
        if let Some((is_system, url, start)) = open {
            let all = if is_system {
                &mut self.systems
            } else {
                &mut self.sets
            };
            all.entry(url).or_insert(start..end);
        }
    }

    /// A code system by its address without version.
    pub(crate) fn system(&self, url: &str) -> Option<CodeSystemFacts> {
        let file = self.read(self.systems.get(url)?)?;
        file.code_systems.into_iter().next()
    }

    /// A value set by its address without version.
    pub(crate) fn set(&self, url: &str) -> Option<ValueSetFacts> {
        let file = self.read(self.sets.get(url)?)?;
        file.value_sets.into_iter().next()
    }

    /// Whether there is a value set of this address.
    pub(crate) fn has_set(&self, url: &str) -> bool {
        self.sets.contains_key(url)
    }

    fn read(&self, range: &Range<usize>) -> Option<FactsFile> {
        let lines = self.text.get(range.clone())?;
        let text = format!("fhir {}\n{lines}", self.version.number());
        // The text is our own, and a test reads all of it.
        FactsFile::read(&text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_one_is_found_and_can_be_read() {
        for (version, text) in [(FhirVersion::R4, R4), (FhirVersion::Stu3, STU3)] {
            let whole = FactsFile::read(text).unwrap();
            let published = Published::of(version);
            assert!(!whole.code_systems.is_empty() && !whole.value_sets.is_empty());
            for system in &whole.code_systems {
                assert_eq!(published.system(&system.url).as_ref(), Some(system));
            }
            for set in &whole.value_sets {
                assert_eq!(published.set(&set.url).as_ref(), Some(set));
            }
            assert!(published.system("https://example.org").is_none());
        }
    }
}
