//! The facts about one synthetic person that a target is asked to hold.
//! Read from scenarios/_people by `pack`; not for real patients, ever.

use crate::discharge::DischargeFacts;
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
    /// What a general practice and the national demographics service hold, if that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gp: Option<GpFacts>,
    /// What a hospital holds about a stay, if the person had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discharge: Option<Box<DischargeFacts>>,
}

/// How a person stands to a general practice, and to PDS, the national demographics service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GpFacts {
    /// active, left or none.
    pub registration: String,
    /// Whether the practice ever verified the NHS number: verified or never-verified.
    pub number: String,
    /// What PDS says: verified (the same as these facts), differs, never-verified, deceased,
    /// sensitive, superseded, invalid or unknown.
    pub pds: String,
    /// The role of the usual practitioner.
    pub practitioner: Option<ActorRole>,
    /// The role of the surgery that the person prefers.
    pub branch: Option<ActorRole>,
    /// Somebody to turn to.
    pub contact: Option<ContactFact>,
    /// Telephone numbers and the like.
    #[serde(default)]
    pub telecom: Vec<TelecomFact>,
}

/// Somebody to turn to about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactFact {
    /// Family name.
    pub family: String,
    /// Given names, at least one.
    pub given: Vec<String>,
    /// Who they are to the person, in words.
    pub relationship: String,
    /// Telephone number of the 01632 960 range, which nobody has.
    pub phone: String,
}

/// A telephone number or the like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TelecomFact {
    /// FHIR's kind of contact point, such as phone.
    pub system: String,
    /// FHIR's use, such as home.
    pub r#use: String,
    /// The number or address.
    pub value: String,
}

/// What kind of resource an entry of the directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DirectoryKind {
    /// Somebody who cares for patients.
    Practitioner,
    /// An organisation, such as a practice.
    Organization,
    /// A place, such as a surgery.
    Location,
}

impl DirectoryKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Practitioner, Self::Organization, Self::Location];

    /// The FHIR type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Practitioner => "Practitioner",
            Self::Organization => "Organization",
            Self::Location => "Location",
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Practitioner => "practitioner",
            Self::Organization => "organisation",
            Self::Location => "location",
        }
    }

    /// The naming system of its identifier (GP Connect 1.6.2-beta); none for a location, which is
    /// told by its id.
    pub const fn identifier_system(self) -> Option<&'static str> {
        match self {
            Self::Practitioner => Some("https://fhir.nhs.uk/Id/sds-user-id"),
            Self::Organization => Some("https://fhir.nhs.uk/Id/ods-organization-code"),
            Self::Location => None,
        }
    }

    /// The kind with this name of a FHIR type.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// One synthetic practitioner, organisation or location: the file `scenarios/_directory/<role>.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryFact {
    /// The role; the stem of the file.
    pub role: ActorRole,
    /// What is special about it, for data sheets.
    pub summary: String,
    /// What it is.
    pub kind: DirectoryKind,
    /// Logical id in the mocks.
    pub id: String,
    /// SDS user id or ODS code; none for a location.
    pub identifier: Option<String>,
    /// The name of an organisation or location.
    pub name: Option<String>,
    /// The family name of a practitioner.
    pub family: Option<String>,
    /// The given names of a practitioner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<String>,
    /// The title of a practitioner.
    pub prefix: Option<String>,
    /// The role of the organisation that it belongs to.
    pub managing: Option<ActorRole>,
}

impl DirectoryFact {
    /// Its name as people say it.
    pub fn shown_name(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let prefix = self.prefix.iter();
        let words: Vec<&str> = prefix
            .chain(&self.given)
            .chain(&self.family)
            .map(String::as_str)
            .collect();
        words.join(" ")
    }
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
