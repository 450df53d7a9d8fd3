//! Definitions of one kind by address. Not for the other kinds, and not for what they say.

use super::index::Block;
use plumbline_fhir::FhirVersion;
use plumbline_fhir::profile_facts::{CodeSystemFacts, FactsFile, ProfileFacts, ValueSetFacts};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A kind of definition.
pub(super) trait Definition: Sized {
    /// The one definition in a text.
    fn only(file: FactsFile) -> Option<Self>;
    fn url(&self) -> &str;
    fn version(&self) -> Option<&str>;
    /// Of a profile the type that it is on.
    fn of(&self) -> &str;
}

/// A definition, read or not yet.
#[derive(Debug, Clone)]
struct Entry<T> {
    version: Option<Arc<str>>,
    /// Of a profile the type that it is on.
    of: Arc<str>,
    origin: Arc<str>,
    /// What to read it from.
    text: Option<&'static str>,
    facts: OnceLock<Option<Box<T>>>,
}

/// All of one kind.
#[derive(Debug, Clone)]
pub(super) struct Shelf<T> {
    fhir: FhirVersion,
    by_url: BTreeMap<Arc<str>, Vec<Entry<T>>>,
    /// The addresses of profiles on a type.
    by_type: BTreeMap<Arc<str>, Vec<Arc<str>>>,
}

impl<T: Definition> Shelf<T> {
    pub(super) fn new(fhir: FhirVersion) -> Self {
        Self {
            fhir,
            by_url: BTreeMap::new(),
            by_type: BTreeMap::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.by_url.values().map(Vec::len).sum()
    }

    pub(super) fn add(&mut self, facts: T, origin: Arc<str>) {
        let url = facts.url().to_owned();
        let entry = Entry {
            version: facts.version().map(Arc::from),
            of: Arc::from(facts.of()),
            origin,
            text: None,
            facts: OnceLock::from(Some(Box::new(facts))),
        };
        self.put(&url, entry);
    }

    /// Adds a definition that is read when it is asked for.
    pub(super) fn add_text(&mut self, block: Block, origin: Arc<str>) {
        let entry = Entry {
            version: block.version.map(Arc::from),
            of: Arc::from(block.of),
            origin,
            text: Some(block.text),
            facts: OnceLock::new(),
        };
        self.put(block.url, entry);
    }

    fn put(&mut self, url: &str, entry: Entry<T>) {
        let of = Arc::clone(&entry.of);
        if let Some(known) = self.by_url.get_mut(url) {
            if known.iter().all(|it| it.of != of) {
                self.by_type.entry(of).or_default().push(Arc::from(url));
            }
            known.push(entry);
            return;
        }
        let url: Arc<str> = Arc::from(url);
        if !of.is_empty() {
            self.by_type.entry(of).or_default().push(Arc::clone(&url));
        }
        self.by_url.insert(url, vec![entry]);
    }

    fn entry(&self, canonical: &str) -> Option<&Entry<T>> {
        let (url, version) = match canonical.split_once('|') {
            Some((url, version)) => (url, Some(version)),
            None => (canonical, None),
        };
        let mut all = self.by_url.get(url)?.iter().rev();
        all.find(|it| version.is_none_or(|version| self.is_version(url, it, version)))
    }

    /// Whether a definition has this version. HL7 gives its definitions of STU3 none of their own.
    fn is_version(&self, url: &str, entry: &Entry<T>, version: &str) -> bool {
        if let Some(own) = entry.version.as_deref() {
            return own == version;
        }
        let is_hl7 = url.starts_with("http://hl7.org/fhir/");
        is_hl7 && FhirVersion::from_text(version) == Some(self.fhir)
    }

    fn read<'s>(&'s self, entry: &'s Entry<T>) -> Option<&'s T> {
        let read = entry.facts.get_or_init(|| {
            let text = format!("fhir {}\n{}", self.fhir.number(), entry.text?);
            T::only(FactsFile::read(&text).ok()?).map(Box::new)
        });
        read.as_deref()
    }

    pub(super) fn find(&self, canonical: &str) -> Option<&T> {
        self.read(self.entry(canonical)?)
    }

    pub(super) fn origin(&self, canonical: &str) -> Option<&str> {
        self.entry(canonical).map(|it| &*it.origin)
    }

    pub(super) fn versions(&self, url: &str) -> Vec<&str> {
        let all = self.by_url.get(url).into_iter().flatten().rev();
        all.filter_map(|it| it.version.as_deref()).collect()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &T> {
        self.by_url
            .values()
            .flatten()
            .filter_map(|it| self.read(it))
    }

    pub(super) fn of_type(&self, name: &str) -> impl Iterator<Item = &T> {
        let mut urls: Vec<&Arc<str>> = self.by_type.get(name).into_iter().flatten().collect();
        urls.sort_unstable();
        let entries = urls.into_iter().filter_map(|url| self.by_url.get(url));
        let name: Arc<str> = Arc::from(name);
        let entries = entries.flatten().filter(move |it| it.of == name);
        entries.filter_map(|it| self.read(it))
    }

    /// Origin and address of what cannot be read.
    pub(super) fn broken(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for (url, entries) in &self.by_url {
            for entry in entries {
                if self.read(entry).is_none() {
                    all.push((entry.origin.to_string(), url.to_string()));
                }
            }
        }
        all
    }
}

impl Definition for ProfileFacts {
    fn only(mut file: FactsFile) -> Option<Self> {
        file.profiles.pop()
    }

    fn url(&self) -> &str {
        &self.url
    }

    fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    fn of(&self) -> &str {
        &self.of
    }
}

impl Definition for ValueSetFacts {
    fn only(mut file: FactsFile) -> Option<Self> {
        file.value_sets.pop()
    }

    fn url(&self) -> &str {
        &self.url
    }

    fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    fn of(&self) -> &'static str {
        ""
    }
}

impl Definition for CodeSystemFacts {
    fn only(mut file: FactsFile) -> Option<Self> {
        file.code_systems.pop()
    }

    fn url(&self) -> &str {
        &self.url
    }

    fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    fn of(&self) -> &'static str {
        ""
    }
}
