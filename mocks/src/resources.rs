//! The FHIR R4 JSON that a mock sends: resources, Bundles, outcomes and its capability statement.
//! Not for choosing which records to send, which `search` does.

use crate::people::{Allergy, Person};
use crate::search::{ALLERGY_PARAMETERS, Kind, PATIENT_PARAMETERS, Parameter, Problem};
use crate::vendor::Vendor;
use serde_json::{Map, Value, json};

/// The naming system of NHS numbers.
pub(crate) const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The code system of an allergy's clinical status.
pub(crate) const CLINICAL_STATUS: &str =
    "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
/// The code system of administrative gender.
pub(crate) const GENDER: &str = "http://hl7.org/fhir/administrative-gender";

const VERIFICATION_STATUS: &str =
    "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
const SNOMED_CT: &str = "http://snomed.info/sct";
const PROFILES: &str = "https://fhir.hl7.org.uk/StructureDefinition";
const GUIDE: &str = "https://fhir.hl7.org.uk/uk-core-access/CapabilityStatement";
/// The mock has no clock; its records were loaded then.
const LOADED: &str = "2026-01-05T09:00:00+00:00";

pub(crate) fn patient(person: &Person) -> Value {
    let identity = &person.identity;
    let mut identifiers = vec![json!({"system": NHS_NUMBER, "value": identity.nhs_number})];
    if let Some(local) = &identity.local_identifier {
        identifiers.push(json!({"system": local.system, "value": local.value}));
    }
    let mut name = json!({"use": "official", "family": identity.family, "given": identity.given});
    if let Some(prefix) = &identity.prefix {
        name["prefix"] = json!([prefix]);
    }
    let mut resource = json!({
        "resourceType": "Patient",
        "id": person.id,
        "meta": meta("UKCore-Patient"),
        "identifier": identifiers,
        "active": true,
        "name": [name],
        "gender": identity.gender,
    });
    if let Some(date) = &identity.birth_date {
        resource["birthDate"] = json!(date);
    }
    if let Some(address) = &identity.address {
        resource["address"] = json!([{
            "use": "home",
            "line": address.line,
            "city": address.city,
            "postalCode": address.postcode,
        }]);
    }
    resource
}

pub(crate) fn allergy(person: &Person, allergy: &Allergy) -> Value {
    let coded = |system: &str, code: &str| json!({"coding": [{"system": system, "code": code}]});
    let mut resource = json!({
        "resourceType": "AllergyIntolerance",
        "id": allergy.id,
        "meta": meta("UKCore-AllergyIntolerance"),
        "clinicalStatus": coded(CLINICAL_STATUS, &allergy.clinical_status),
        "verificationStatus": coded(VERIFICATION_STATUS, &allergy.verification_status),
        "category": [allergy.category],
        "code": {"coding": [{
            "system": SNOMED_CT,
            "code": allergy.code,
            "display": allergy.display,
        }]},
        "patient": {"reference": format!("Patient/{}", person.id)},
        "recordedDate": allergy.recorded,
    });
    if let Some(criticality) = &allergy.criticality {
        resource["criticality"] = json!(criticality);
    }
    if let Some(date) = &allergy.last_occurrence {
        resource["lastOccurrence"] = json!(date);
    }
    if let Some(reaction) = &allergy.reaction {
        resource["reaction"] = json!([{"manifestation": [{"text": reaction}]}]);
    }
    resource
}

fn meta(profile: &str) -> Value {
    json!({
        "versionId": "1",
        "lastUpdated": LOADED,
        "profile": [format!("{PROFILES}/{profile}")],
    })
}

/// One page of a search result.
pub(crate) struct ResultPage {
    pub(crate) resources: Vec<Value>,
    /// How many records match, on all pages.
    pub(crate) total: usize,
    pub(crate) self_url: String,
    pub(crate) next_url: Option<String>,
}

pub(crate) fn bundle(base: &str, page: ResultPage) -> Value {
    let mut links = vec![json!({"relation": "self", "url": page.self_url})];
    if let Some(url) = page.next_url {
        links.push(json!({"relation": "next", "url": url}));
    }
    let mut bundle = json!({
        "resourceType": "Bundle",
        "type": "searchset",
        "total": page.total,
        "link": links,
    });
    // FHIR forbids empty arrays.
    if !page.resources.is_empty() {
        bundle["entry"] = page
            .resources
            .iter()
            .map(|found| entry(base, found))
            .collect();
    }
    bundle
}

/// A match, as an entry of a searchset Bundle.
pub(crate) fn entry(base: &str, resource: &Value) -> Value {
    let text = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
    let url = format!("{base}/{}/{}", text("resourceType"), text("id"));
    json!({"fullUrl": url, "resource": resource, "search": {"mode": "match"}})
}

pub(crate) fn outcome(problem: &Problem) -> Value {
    json!({
        "resourceType": "OperationOutcome",
        "issue": [{
            "severity": "error",
            "code": problem.code,
            "diagnostics": problem.text,
        }],
    })
}

/// Says what the mock can do; with `software_suffix` it also says that it is a mock.
pub(crate) fn capability_statement(vendor: &Vendor, base: &str, software_suffix: &str) -> Value {
    let software = &vendor.software;
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": LOADED,
        "kind": "instance",
        "instantiates": [
            format!("{GUIDE}/UKCoreAccessPatientIndexProvider"),
            format!("{GUIDE}/UKCoreAccessClinicalDataProvider"),
        ],
        "software": {
            "name": format!("{}{software_suffix}", software.name),
            "version": software.version,
        },
        "implementation": {"description": vendor.title, "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{
            "mode": "server",
            "resource": [
                capability("Patient", "UKCore-Patient", PATIENT_PARAMETERS),
                capability("AllergyIntolerance", "UKCore-AllergyIntolerance", ALLERGY_PARAMETERS),
            ],
        }],
    })
}

fn capability(kind: &str, profile: &str, parameters: &[Parameter]) -> Value {
    // Chained parameters are not declared.
    let declared = parameters
        .iter()
        .filter(|parameter| !parameter.name.contains('.'));
    let search: Vec<Value> = declared
        .map(|parameter| json!({"name": parameter.name, "type": kind_name(parameter.kind)}))
        .collect();
    let mut resource = Map::new();
    resource.insert("type".to_owned(), json!(kind));
    resource.insert("profile".to_owned(), json!(format!("{PROFILES}/{profile}")));
    resource.insert(
        "interaction".to_owned(),
        json!([{"code": "read"}, {"code": "search-type"}]),
    );
    resource.insert("searchParam".to_owned(), json!(search));
    Value::Object(resource)
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Token => "token",
        Kind::Text => "string",
        Kind::Date => "date",
        Kind::Reference => "reference",
    }
}
