//! The headings that documents use for their sections, in every way of carrying them.
//! Not for what a standard demands under them.

use std::collections::BTreeMap;

/// The system of SNOMED CT.
pub(crate) const SNOMED: &str = "http://snomed.info/sct";

/// The two systems under which the same list of heading codes is published.
pub(crate) const HEADING_SYSTEMS: [&str; 2] = [
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-RecordStandardHeadings",
    "https://fhir.nhs.uk/CodeSystem/RecordStandardHeadings",
];

/// One heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    /// As people say it.
    pub(crate) title: String,
}

/// All headings, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Headings {
    by_key: BTreeMap<String, Heading>,
    snomed: BTreeMap<String, String>,
    /// Code to key, and whether another code is preferred.
    codes: BTreeMap<String, (String, bool)>,
}

impl Headings {
    /// Adds a heading with its SNOMED CT code and its heading codes, the preferred one first.
    /// Says which code is taken, if one is.
    pub(crate) fn add(
        &mut self,
        key: &str,
        title: &str,
        snomed: &str,
        codes: &[&str],
    ) -> Result<(), String> {
        let title = title.to_owned();
        if self
            .by_key
            .insert(key.to_owned(), Heading { title })
            .is_some()
        {
            return Err(key.to_owned());
        }
        if !snomed.is_empty()
            && self
                .snomed
                .insert(snomed.to_owned(), key.to_owned())
                .is_some()
        {
            return Err(snomed.to_owned());
        }
        for (at, code) in codes.iter().enumerate() {
            let value = (key.to_owned(), at > 0);
            if self.codes.insert((*code).to_owned(), value).is_some() {
                return Err((*code).to_owned());
            }
        }
        Ok(())
    }

    /// The key of a heading, and whether another code is preferred for it.
    pub(crate) fn known(&self, system: &str, code: &str) -> Option<(&str, bool)> {
        if system == SNOMED {
            return self.snomed.get(code).map(|key| (key.as_str(), false));
        }
        if HEADING_SYSTEMS.contains(&system) {
            let found = self.codes.get(code)?;
            return Some((found.0.as_str(), found.1));
        }
        None
    }

    /// The heading of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Heading> {
        self.by_key.get(key)
    }
}
