//! Discharge summaries as FHIR documents, in UK Core R4 and in STU3, made of the facts about a stay.
//! Not for searches of other types, and not for what is wrong on purpose: faults change the document after.
//!
//! How to get one is base FHIR: search Composition by patient and type, then its operation `$document`.
//! The version is that of the media type's parameter `fhirVersion`, and R4 without it.

mod entries;
mod facts;
mod sections;
pub(crate) mod serve;
mod version;

pub(crate) use facts::Discharge;
pub(crate) use version::Version;

use crate::error::MockError;
use crate::people::{self, Person};
use crate::resources::SNOMED_CT;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The operation that makes a document of a Composition.
pub(crate) const OPERATION: &str = "/$document";
/// SNOMED CT: discharge summary.
pub(crate) const DISCHARGE_SUMMARY: &str = "373942005";

/// A document in the making.
pub(crate) struct Document<'a> {
    pub(crate) person: &'a Person,
    pub(crate) facts: &'a Discharge,
    pub(crate) version: Version,
}

/// The places of the resources of a document, which become their ids; what is repeated counts on from its place.
pub(crate) mod place {
    pub(crate) const BUNDLE: usize = 0;
    pub(crate) const COMPOSITION: usize = 1;
    pub(crate) const PATIENT: usize = 2;
    pub(crate) const ENCOUNTER: usize = 3;
    pub(crate) const AUTHOR: usize = 4;
    pub(crate) const AUTHOR_ROLE: usize = 5;
    pub(crate) const HOSPITAL: usize = 6;
    pub(crate) const PRACTICE: usize = 7;
    pub(crate) const GP: usize = 8;
    pub(crate) const GP_ROLE: usize = 9;
    pub(crate) const WARD: usize = 10;
    pub(crate) const DESTINATION: usize = 11;
    pub(crate) const ALLERGIES: usize = 20;
    pub(crate) const DIAGNOSES: usize = 40;
    pub(crate) const PROCEDURES: usize = 60;
    pub(crate) const MEDICINES: usize = 80;
    pub(crate) const STOPPED: usize = 100;
}

/// The logical id of a person's Composition.
pub(crate) fn id(person: &Person) -> String {
    format!("discharge-{}", person.id)
}

/// The document of a person, if there is one.
pub(crate) fn document(person: &Person, version: Version) -> Option<Value> {
    let facts = person.discharge.as_deref()?;
    let document = Document {
        person,
        facts,
        version,
    };
    Some(document.bundle())
}

/// The discharge document of everybody who had a stay, in each version, by a name that fits a file.
/// For trying content rules on files; the people are those that are built in.
pub fn discharge_documents() -> Result<BTreeMap<String, Value>, MockError> {
    let mut documents = BTreeMap::new();
    for person in people::load(None)? {
        for (name, version) in [("r4", Version::R4), ("stu3", Version::Stu3)] {
            if let Some(document) = document(&person, version) {
                documents.insert(format!("{}-{name}", person.role), document);
            }
        }
    }
    Ok(documents)
}

/// The Composition alone, as a search finds it.
pub(crate) fn composition(person: &Person) -> Option<Value> {
    let facts = person.discharge.as_deref()?;
    let coding =
        json!({"system": SNOMED_CT, "code": DISCHARGE_SUMMARY, "display": "Discharge summary"});
    Some(json!({
        "resourceType": "Composition",
        "id": id(person),
        "status": "final",
        "type": {"coding": [coding]},
        "subject": {"reference": format!("Patient/{}", person.id)},
        "date": facts.completed,
        "author": [{"display": facts.author.full_name()}],
        "title": "Discharge summary",
    }))
}

impl facts::Clinician {
    /// As people write it.
    pub(crate) fn full_name(&self) -> String {
        format!("{} {} {}", self.prefix, self.given, self.family)
    }
}

impl Document<'_> {
    /// The id of a resource: it tells whose it is and its place.
    pub(crate) fn uuid(&self, place: usize) -> String {
        let digits: String = self
            .person
            .id
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        format!("{digits:0>8}-0000-4000-8000-{place:012}")
    }

    /// The address of a resource within the document.
    pub(crate) fn urn(&self, place: usize) -> String {
        format!("urn:uuid:{}", self.uuid(place))
    }

    pub(crate) fn reference(&self, place: usize) -> Value {
        json!({"reference": self.urn(place)})
    }

    /// A resource with its type, its id and the profile that it says it keeps to.
    pub(crate) fn resource(&self, kind: &str, place: usize, mut fields: Value) -> Value {
        fields["resourceType"] = json!(kind);
        fields["id"] = json!(self.uuid(place));
        fields["meta"] = json!({"profile": [self.version.profile(kind)]});
        fields
    }

    fn bundle(&self) -> Value {
        let mut resources = vec![(place::COMPOSITION, self.composition())];
        resources.extend(self.entries());
        let entries: Vec<Value> = resources
            .into_iter()
            .map(|(place, resource)| json!({"fullUrl": self.urn(place), "resource": resource}))
            .collect();
        let mut bundle = json!({
            "resourceType": "Bundle",
            "id": self.uuid(place::BUNDLE),
            "meta": {"lastUpdated": self.facts.completed},
            "identifier": {
                "system": "https://tools.ietf.org/html/rfc4122",
                "value": self.uuid(place::BUNDLE),
            },
            "type": "document",
            "entry": entries,
        });
        match self.version {
            Version::Stu3 => {
                let profile = "https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1";
                bundle["meta"]["profile"] = json!([profile]);
            }
            Version::R4 => bundle["timestamp"] = json!(self.facts.completed),
        }
        bundle
    }
}
