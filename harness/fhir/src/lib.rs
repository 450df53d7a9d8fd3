//! FHIR R4 and STU3: what the base specification says of each type and element ([`definitions`]), validation against
//! it ([`mod@validate`]), one view of JSON and XML ([`view`]), conversion of one into the other, and what profiles
//! of others say ([`profile_facts`]).
//! Not for HTTP, packs or verdicts; it opens no file and no socket, since its facts are inside the binary.

mod convert;
pub mod definitions;
pub mod profile_facts;
mod type_table;
pub mod validate;
pub mod view;

pub use convert::{ConvertError, ConvertProblem, NarrativeProblem, json_to_xml, xml_to_json};
pub use definitions::{
    Binding, Child, Definitions, DefinitionsError, Element, FhirVersion, Form, Invariant,
    Membership, Severity, Shape, Strength, System, Type, TypeKind, TypeUse, ValueSet,
};
pub use type_table::TypeTable;
pub use validate::{
    Assurance, BestPractice, CodedCheck, Counts, EmbeddedHtml, ExampleAddresses, Issue, Options,
    Outcome, References, Rule, Survey, SurveyedExtension, SurveyedReference, SurveyedResource,
    rule, rules, survey, validate,
};
