//! Facts of profiles, extensions, code systems and value sets that others publish: what was taken from a
//! `StructureDefinition`, `CodeSystem` or `ValueSet` ([`reduce`]), and the text that holds it ([`FactsFile`]).
//! Not for the base specification ([`crate::definitions`]), and not for judging a resource: a profile here is a
//! differential, as its publisher gives it.
//!
//! No prose is kept: no name, definition, comment, display or description. `profiles/_fhir/README.md` has the format
//! of the text.
//!
//! ```
//! use plumbline_fhir::profile_facts::{Facts, FactsFile, reduce};
//! use plumbline_fhir::{Definitions, FhirVersion};
//! use plumbline_tree::{Limits, Tree};
//!
//! let body = br#"{"resourceType": "StructureDefinition", "url": "https://example.org/P", "kind": "resource",
//!     "abstract": false, "type": "Patient", "differential": {"element": [
//!         {"id": "Patient.name", "path": "Patient.name", "min": 1, "short": "prose"}
//!     ]}}"#;
//! let tree = Tree::parse(body.to_vec(), &Limits::default())?;
//! let Facts::Profile(profile) = reduce(&tree, Definitions::r4())? else { panic!() };
//! let file = FactsFile { profiles: vec![profile], ..FactsFile::new(FhirVersion::R4) };
//! let text = file.to_text();
//! assert!(text.ends_with("  element Patient.name 1..\n"));
//! assert_eq!(FactsFile::read(&text)?, file);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod element;
mod file;
mod profile;
mod read;
mod read_profile;
mod read_terms;
mod reduce;
mod reduce_element;
mod reduce_terms;
mod terms;
mod words;
mod write;

pub use element::{
    BindingStrength, Bound, Discriminator, DiscriminatorKind, ElementFacts, InvariantFacts, Most,
    Rules, Slicing, TypeFacts, Value,
};
pub use file::{Facts, FactsFile};
pub use profile::{Context, ContextKind, Derivation, ProfileFacts, StructureKind};
pub use read::FactsError;
pub use reduce::{Claim, ReduceError, claim, reduce};
pub use terms::{CodeSystemFacts, Part, Picked, PropertyFacts, PropertyFilter, ValueSetFacts};
