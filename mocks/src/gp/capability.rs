//! What the GP system says that it can do.
//! Not for doing it.
//!
//! Source: GP Connect 1.6.2-beta, foundations, get the FHIR capability statement.

use super::profiles;
use super::routes::Served;
use super::system::Settings;
use crate::vendor::Vendor;
use serde_json::{Value, json};

/// The capability statement; with `suffix` it also says that the system is a mock.
pub(crate) fn statement(vendor: &Vendor, settings: &Settings, suffix: &str) -> Value {
    let version = &settings.specification;
    let references: Vec<Value> = [
        profiles::PATIENT,
        profiles::ORGANIZATION,
        profiles::PRACTITIONER,
        profiles::PRACTITIONER_ROLE,
        profiles::LOCATION,
        profiles::OPERATION_OUTCOME,
        profiles::SEARCHSET,
    ]
    .into_iter()
    .map(|reference| json!({"reference": reference}))
    .collect();
    json!({
        "resourceType": "CapabilityStatement",
        "version": version,
        "name": "GP Connect",
        "status": "active",
        "date": vendor.software.released.as_deref().unwrap_or("2026-01-05"),
        "publisher": vendor.title,
        "contact": [{"name": format!("{} support", vendor.title)}],
        "description": format!("GP Connect foundations, version {version}"),
        "kind": "capability",
        "software": {
            "name": format!("{}{suffix}", vendor.software.name),
            "version": vendor.software.version,
        },
        "fhirVersion": "3.0.1",
        "acceptUnknown": "both",
        "format": ["application/fhir+json", "application/fhir+xml"],
        "profile": references,
        "rest": [{
            "mode": "server",
            "security": {"cors": false},
            "resource": Served::ALL.map(resource),
            "operation": [{
                "name": "gpc.registerpatient",
                "definition": {"reference": profiles::REGISTER_OPERATION},
            }],
        }],
    })
}

fn resource(served: Served) -> Value {
    let (profile, searched_by) = match served {
        Served::Patient => (profiles::PATIENT, "NHS number"),
        Served::Organization => (profiles::ORGANIZATION, "ODS code"),
        Served::Practitioner => (profiles::PRACTITIONER, "SDS user id"),
        Served::Location => (profiles::LOCATION, ""),
    };
    let mut interactions = vec![json!({"code": "read"})];
    let mut resource = json!({
        "type": served.name(),
        "profile": {"reference": profile},
    });
    if served.is_searched() {
        interactions.push(json!({"code": "search-type"}));
        resource["searchParam"] = json!([{
            "name": "identifier",
            "type": "token",
            "documentation": searched_by,
        }]);
    }
    resource["interaction"] = json!(interactions);
    resource
}
