//! A text of facts as a whole. Not its lines: read.rs and write.rs.

use super::profile::ProfileFacts;
use super::terms::{CodeSystemFacts, ValueSetFacts};
use crate::definitions::FhirVersion;

/// The facts of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facts {
    /// Of a `StructureDefinition`.
    Profile(ProfileFacts),
    /// Of a `CodeSystem`.
    CodeSystem(CodeSystemFacts),
    /// Of a `ValueSet`.
    ValueSet(ValueSetFacts),
}

/// All facts of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactsFile {
    /// The version of FHIR that they are for.
    pub version: FhirVersion,
    /// Profiles and extensions.
    pub profiles: Vec<ProfileFacts>,
    /// Code systems.
    pub code_systems: Vec<CodeSystemFacts>,
    /// Value sets.
    pub value_sets: Vec<ValueSetFacts>,
}

impl FactsFile {
    /// No facts.
    pub fn new(version: FhirVersion) -> Self {
        Self {
            version,
            profiles: Vec::new(),
            code_systems: Vec::new(),
            value_sets: Vec::new(),
        }
    }

    /// Adds the facts of a resource.
    pub fn add(&mut self, facts: Facts) {
        match facts {
            Facts::Profile(facts) => self.profiles.push(facts),
            Facts::CodeSystem(facts) => self.code_systems.push(facts),
            Facts::ValueSet(facts) => self.value_sets.push(facts),
        }
    }
}
