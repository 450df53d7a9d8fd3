//! The facts about one synthetic person that a target is asked to hold.
//! Read from scenarios/_people by `pack`; not for real patients, ever.

use crate::ids::ActorRole;
use serde::{Deserialize, Serialize};

/// One synthetic person: the file scenarios/_people/<role>.toml.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The role; the stem of the file.
    pub role: ActorRole,
    /// What is special about the person, for data sheets.
    pub summary: String,
    /// Logical id in the mocks.
    pub id: String,
    /// Who they are.
    pub identity: Identity,
    /// Their allergy records.
    pub allergies: Vec<AllergyFact>,
    /// Their other clinical records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordFact>,
}

/// The identity of a synthetic person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// NHS number in the 999 range.
    pub nhs_number: String,
    /// Family name.
    pub family: String,
    /// Given names, at least one.
    pub given: Vec<String>,
    /// Title.
    pub prefix: Option<String>,
    /// FHIR administrative gender.
    pub gender: String,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// Postal address.
    pub address: Option<Address>,
    /// A hospital number or the like.
    pub local_identifier: Option<LocalIdentifier>,
}

/// A postal address that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Lines.
    pub line: Vec<String>,
    /// Town.
    pub city: String,
    /// Postcode in the unissued ZZ99 area.
    pub postcode: String,
}

/// An identifier of the vendor's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalIdentifier {
    /// Its naming system.
    pub system: String,
    /// Its value.
    pub value: String,
}

/// One allergy record that the system must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllergyFact {
    /// Logical id in the mocks.
    pub id: String,
    /// SNOMED CT concept.
    pub code: String,
    /// Its description.
    pub display: String,
    /// active, inactive or resolved.
    pub clinical_status: String,
    /// FHIR verification status.
    pub verification_status: String,
    /// FHIR category.
    pub category: String,
    /// FHIR criticality.
    pub criticality: Option<String>,
    /// `YYYY-MM-DD`.
    pub recorded: String,
    /// `YYYY-MM-DD`.
    pub last_occurrence: Option<String>,
    /// What happened, as text.
    pub reaction: Option<String>,
}

/// One clinical record of another type that the system must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFact {
    /// FHIR type, one of [`crate::CLINICAL_TYPES`].
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Logical id in the mocks.
    pub id: String,
    /// SNOMED CT concept (for medicines, dm+d).
    pub code: String,
    /// Its description.
    pub display: String,
    /// A status of the type.
    pub status: String,
    /// `YYYY-MM-DD`: when it happened, was written or began.
    pub date: String,
    /// `YYYY-MM-DD`: when it ended, for types that can last.
    pub end: Option<String>,
    /// Dose, result or the like, as text.
    pub text: Option<String>,
}
