//! The types of resource that a mock serves, and what a person holds of each.
//! Not for how a resource looks (`resources`) or is found (`search`).

use crate::clinical::{CLINICAL, Clinical, clinical};
use crate::people::Person;
use crate::resources;
use serde_json::Value;

/// A type of resource.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Patient,
    Allergy,
    Clinical(&'static Clinical),
}

impl Kind {
    /// Every type, in the order of the capability statement.
    pub(crate) fn all() -> impl Iterator<Item = Kind> {
        [Kind::Patient, Kind::Allergy]
            .into_iter()
            .chain(CLINICAL.iter().map(Kind::Clinical))
    }

    /// The type of that FHIR name.
    pub(crate) fn of(name: &str) -> Option<Kind> {
        match name {
            "Patient" => Some(Kind::Patient),
            "AllergyIntolerance" => Some(Kind::Allergy),
            _ => clinical(name).map(Kind::Clinical),
        }
    }

    /// The FHIR name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Kind::Patient => "Patient",
            Kind::Allergy => "AllergyIntolerance",
            Kind::Clinical(row) => row.name,
        }
    }

    /// Everything of this type that the system holds about a person.
    pub(crate) fn held_about(self, person: &Person) -> Vec<Value> {
        match self {
            Kind::Patient => vec![resources::patient(person)],
            Kind::Allergy => {
                let allergies = person.allergies.iter();
                allergies
                    .map(|allergy| resources::allergy(person, allergy))
                    .collect()
            }
            Kind::Clinical(row) => {
                let records = person.records_of(row);
                records
                    .map(|record| resources::record(person, row, record))
                    .collect()
            }
        }
    }
}
