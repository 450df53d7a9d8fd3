//! [`Library`]: structures, value sets and code systems by canonical address. Not for what they say.

mod embedded;
mod index;
mod shelf;

use index::Kind;
use plumbline_fhir::FhirVersion;
use plumbline_fhir::profile_facts::{
    CodeSystemFacts, Facts, FactsError, FactsFile, ProfileFacts, ValueSetFacts,
};
use shelf::Shelf;
use std::sync::Arc;

/// Everything that is known beside the base specification of one version of FHIR.
///
/// A canonical address with `|version` finds the definition of just this version; one of HL7's that states no version
/// has that of the specification. Without a version, the definition that was added last is found, and so it is where
/// several have the same address and version: what a user adds goes before what is built in.
///
/// A text that is inside the binary is only looked through at first; a definition in it is read when it is first asked
/// for, and once for all threads.
#[derive(Debug, Clone)]
pub struct Library {
    version: FhirVersion,
    profiles: Shelf<ProfileFacts>,
    value_sets: Shelf<ValueSetFacts>,
    code_systems: Shelf<CodeSystemFacts>,
}

impl Library {
    /// What HL7 publishes with the specification: the extensions, and the profiles on resources and datatypes.
    pub fn new(version: FhirVersion) -> Self {
        let mut library = Self::empty(version);
        for text in embedded::texts(version) {
            library.add_embedded(text.name, text.text);
        }
        library
    }

    /// Nothing but the version.
    pub fn empty(version: FhirVersion) -> Self {
        Self {
            version,
            profiles: Shelf::new(version),
            value_sets: Shelf::new(version),
            code_systems: Shelf::new(version),
        }
    }

    /// The version of FHIR.
    pub fn version(&self) -> FhirVersion {
        self.version
    }

    /// Adds one definition of unknown origin.
    pub fn add(&mut self, facts: Facts) {
        self.add_from(facts, "");
    }

    /// Adds one definition. `origin` says in messages where it came from: a package with its version, or a file.
    pub fn add_from(&mut self, facts: Facts, origin: &str) {
        let origin = Arc::from(origin);
        match facts {
            Facts::Profile(it) => self.profiles.add(it, origin),
            Facts::ValueSet(it) => self.value_sets.add(it, origin),
            Facts::CodeSystem(it) => self.code_systems.add(it, origin),
        }
    }

    /// Adds all that a text of facts holds; of unknown origin.
    pub fn add_file(&mut self, file: FactsFile) {
        self.add_file_from(file, "");
    }

    /// Adds all that a text of facts holds. `origin` is as in [`Library::add_from`].
    pub fn add_file_from(&mut self, file: FactsFile, origin: &str) {
        let profiles = file.profiles.into_iter().map(Facts::Profile);
        let systems = file.code_systems.into_iter().map(Facts::CodeSystem);
        let sets = file.value_sets.into_iter().map(Facts::ValueSet);
        for facts in profiles.chain(systems).chain(sets) {
            self.add_from(facts, origin);
        }
    }

    /// Adds a text in the format of `profiles/_fhir/README.md`, such as one of a pack. `name` is its origin.
    /// The first thing in it that does not keep to the format is the error, and then nothing is added.
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<(), FactsError> {
        let file = FactsFile::read(text)?;
        self.add_file_from(file, name);
        Ok(())
    }

    /// Adds a text inside the binary in the same format, without reading it yet. Since nobody can mend it, a definition
    /// in it that does not keep to the format is as one that is not there; see [`Library::broken`].
    pub fn add_embedded(&mut self, name: &str, text: &'static str) {
        let origin: Arc<str> = Arc::from(name);
        for block in index::blocks(text) {
            let origin = Arc::clone(&origin);
            match block.kind {
                Kind::Profile => self.profiles.add_text(block, origin),
                Kind::ValueSet => self.value_sets.add_text(block, origin),
                Kind::CodeSystem => self.code_systems.add_text(block, origin),
            }
        }
    }

    /// A profile or extension by its canonical address, with or without `|version`.
    pub fn profile(&self, canonical: &str) -> Option<&ProfileFacts> {
        self.profiles.find(canonical)
    }

    /// A value set by its canonical address, with or without `|version`.
    pub fn value_set(&self, canonical: &str) -> Option<&ValueSetFacts> {
        self.value_sets.find(canonical)
    }

    /// A code system by its canonical address, with or without `|version`.
    pub fn code_system(&self, canonical: &str) -> Option<&CodeSystemFacts> {
        self.code_systems.find(canonical)
    }

    /// Where a profile or extension came from; empty if that was not said.
    pub fn profile_origin(&self, canonical: &str) -> Option<&str> {
        self.profiles.origin(canonical)
    }

    /// Where a value set came from; empty if that was not said.
    pub fn value_set_origin(&self, canonical: &str) -> Option<&str> {
        self.value_sets.origin(canonical)
    }

    /// Where a code system came from; empty if that was not said.
    pub fn code_system_origin(&self, canonical: &str) -> Option<&str> {
        self.code_systems.origin(canonical)
    }

    /// The versions that there are of the profile or extension at an address, the one that was added last first.
    /// For saying that another version is known than the one that is asked for.
    pub fn profile_versions(&self, url: &str) -> Vec<&str> {
        self.profiles.versions(url)
    }

    /// All profiles and extensions, by address and in the order of adding. Reads all that was not read yet.
    pub fn profiles(&self) -> impl Iterator<Item = &ProfileFacts> {
        self.profiles.all()
    }

    /// All value sets, as [`Library::profiles`].
    pub fn value_sets(&self) -> impl Iterator<Item = &ValueSetFacts> {
        self.value_sets.all()
    }

    /// All code systems, as [`Library::profiles`].
    pub fn code_systems(&self) -> impl Iterator<Item = &CodeSystemFacts> {
        self.code_systems.all()
    }

    /// The profiles on a type, such as `Patient`, or of extensions for `Extension`; by address. Of those that have one
    /// address, all. Reads them.
    pub fn profiles_of_type(&self, name: &str) -> impl Iterator<Item = &ProfileFacts> {
        self.profiles.of_type(name)
    }

    /// How many profiles and extensions there are, counting each version.
    pub fn profile_count(&self) -> usize {
        self.profiles.len()
    }

    /// What does not keep to the format in a text inside the binary: origin and address. Reads all of it; for tests.
    pub fn broken(&self) -> Vec<(String, String)> {
        let mut all = self.profiles.broken();
        all.extend(self.value_sets.broken());
        all.extend(self.code_systems.broken());
        all
    }
}
