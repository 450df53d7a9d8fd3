//! The FHIR R4 JSON that a mock sends: resources, Bundles, outcomes and its capability statement.
//! Not for choosing which records to send, which `search` does.

use crate::clinical::{Clinical, DateForm, Many, StatusForm, Text};
use crate::documents::serve;
use crate::kinds::Kind;
use crate::people::{Allergy, Person, Record};
use crate::search::{Form, Problem, parameters};
use crate::vendor::Vendor;
use serde_json::{Value, json};

/// The naming system of NHS numbers.
pub(crate) const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The code system of an allergy's clinical status.
pub(crate) const CLINICAL_STATUS: &str =
    "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
/// The code system of administrative gender.
pub(crate) const GENDER: &str = "http://hl7.org/fhir/administrative-gender";

const VERIFICATION_STATUS: &str =
    "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
/// The code system of SNOMED CT and of dm+d, its part for medicines.
pub(crate) const SNOMED_CT: &str = "http://snomed.info/sct";
const PROFILES: &str = "https://fhir.hl7.org.uk/StructureDefinition";
const GUIDE: &str = "https://fhir.hl7.org.uk/uk-core-access/CapabilityStatement";
/// The mock has no clock; its records were loaded then.
const LOADED: &str = "2026-01-05T09:00:00+00:00";
/// [`LOADED`] as HTTP writes it.
pub(crate) const LAST_MODIFIED: &str = "Mon, 05 Jan 2026 09:00:00 GMT";
/// The version of every record: nothing here ever changes.
const VERSION: &str = "1";

/// The entity tag of every record, as HTTP writes it.
pub(crate) fn entity_tag() -> String {
    format!("W/\"{VERSION}\"")
}

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
        "meta": meta("Patient"),
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
        "meta": meta("AllergyIntolerance"),
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

/// A clinical record of another type than allergy.
pub(crate) fn record(person: &Person, row: &Clinical, record: &Record) -> Value {
    let mut resource = (row.fixed)(&record.status);
    resource["resourceType"] = json!(row.name);
    resource["id"] = json!(record.id);
    resource["meta"] = meta(row.name);
    resource[row.patient] = json!({"reference": format!("Patient/{}", person.id)});
    match row.status.form {
        StatusForm::Code => resource["status"] = json!(record.status),
        StatusForm::Concept => {
            let coding = json!({"system": row.status.system, "code": record.status});
            resource["clinicalStatus"] = json!({"coding": [coding]});
        }
    }
    let concept = json!({"coding": [{
        "system": SNOMED_CT,
        "code": record.code,
        "display": record.display,
    }]});
    resource[row.code.element] = match row.code.many {
        Many::One => concept,
        Many::List => json!([concept]),
    };
    let mut period = json!({"start": record.date});
    if let Some(end) = &record.end {
        period["end"] = json!(end);
    }
    match (row.date.form, &record.end) {
        (
            DateForm::Period(element)
            | DateForm::Either {
                period: element, ..
            },
            Some(_),
        )
        | (DateForm::Period(element), None) => resource[element] = period,
        (DateForm::Point(element) | DateForm::Either { point: element, .. }, _) => {
            resource[element] = json!(record.date);
        }
    }
    if let Some(text) = &record.text {
        match row.text {
            Text::Plain(element) => resource[element] = json!(text),
            Text::Listed(element) => resource[element] = json!([{"text": text}]),
        }
    }
    resource
}

fn meta(kind: &str) -> Value {
    json!({
        "versionId": VERSION,
        "lastUpdated": LOADED,
        "profile": [profile(kind)],
    })
}

fn profile(kind: &str) -> String {
    format!("{PROFILES}/UKCore-{kind}")
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
            "security": {"cors": true},
            "resource": Kind::all()
                .map(capability)
                .chain(std::iter::once(serve::capability()))
                .collect::<Vec<_>>(),
        }],
    })
}

fn capability(kind: Kind) -> Value {
    let name = kind.name();
    // Chained parameters are not declared.
    let search: Vec<Value> = parameters(kind)
        .iter()
        .filter(|parameter| !parameter.name.contains('.'))
        .map(|parameter| json!({"name": parameter.name, "type": form_name(parameter.form)}))
        .collect();
    json!({
        "type": name,
        "profile": profile(name),
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "conditionalRead": "not-match",
        "searchParam": search,
    })
}

const fn form_name(form: Form) -> &'static str {
    match form {
        Form::Token => "token",
        Form::Text => "string",
        Form::Date => "date",
        Form::Reference => "reference",
    }
}
