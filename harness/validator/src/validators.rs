//! [`Validators`]: one validator for each version of FHIR, made when it is first asked for. Not the judging.

use crate::validator::Validator;
use plumbline_conformance::Library;
use plumbline_fhir::FhirVersion;
use plumbline_fhir::profile_facts::{FactsError, FactsFile};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The validators of a run: the base specification, what HL7 publishes with it, and what a pack brings.
#[derive(Debug, Default)]
pub struct Validators {
    /// What the pack brings, beside what HL7 publishes.
    of: BTreeMap<FhirVersion, Library>,
    r4: OnceLock<Validator>,
    stu3: OnceLock<Validator>,
}

impl Validators {
    /// With the definitions of a pack: texts in the format of `profiles/_fhir/README.md`, each with its name.
    /// The first that does not keep to the format is the error, with its name.
    pub fn new(texts: &[(&str, &str)]) -> Result<Self, (String, FactsError)> {
        let mut of = BTreeMap::new();
        for (name, text) in texts {
            let file = FactsFile::read(text).map_err(|error| ((*name).to_owned(), error))?;
            let version = file.version;
            let library = of.entry(version).or_insert_with(|| Library::new(version));
            library.add_file_from(file, name);
        }
        Ok(Self {
            of,
            ..Self::default()
        })
    }

    /// The validator of a version.
    pub fn of(&self, version: FhirVersion) -> &Validator {
        let slot = match version {
            FhirVersion::R4 => &self.r4,
            FhirVersion::Stu3 => &self.stu3,
        };
        slot.get_or_init(|| {
            let of_pack = self.of.get(&version).cloned();
            Validator::new(of_pack.unwrap_or_else(|| Library::new(version)))
        })
    }
}
