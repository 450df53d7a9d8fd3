//! FHIR: what the base specification says of each type and element, for R4 and STU3.
//! Not for HTTP, packs or verdicts; it opens no file and no socket, since its facts are inside the binary.

mod convert;
pub mod definitions;
pub mod validate;
pub mod view;

pub use convert::{ConvertError, ConvertProblem, NarrativeProblem, json_to_xml, xml_to_json};
pub use definitions::{
    Binding, Child, Definitions, DefinitionsError, Element, FhirVersion, Form, Invariant,
    Membership, Severity, Shape, Strength, System, Type, TypeKind, TypeUse, ValueSet,
};
pub use validate::{Assurance, CodedCheck, Issue, Options, Outcome, Rule, rules, validate};
