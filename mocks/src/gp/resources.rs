//! The FHIR STU3 resources that the GP system sends, as JSON.
//! Not for choosing which to send, nor for their XML form.
//!
//! Source: GP Connect 1.6.2-beta, foundations use cases and resource guidance.

use super::clock;
use super::directory::{Listed, ListedKind};
use super::profiles;
use super::register::Registered;
use crate::people::{GpFacts, Person, Registration};
use serde_json::{Map, Value, json};

/// The mock's records were loaded then, in seconds since 1970: 5 January 2026, 9:00.
const LOADED: i64 = 1_767_603_600;

/// What the system holds of one patient.
pub(crate) struct Held<'a> {
    pub(crate) id: &'a str,
    /// What was loaded; nothing for somebody whom only a registration brought in.
    pub(crate) person: Option<(&'a Person, &'a GpFacts)>,
    pub(crate) registered: Option<&'a Registered>,
}

/// Gives references their ids.
pub(crate) struct Directory<'a> {
    pub(crate) all: &'a [Listed],
    /// The role of the organisation that the base address names.
    pub(crate) practice: &'a str,
}

impl Directory<'_> {
    fn reference(&self, role: &str) -> Option<Value> {
        let listed = self.all.iter().find(|listed| listed.role == role)?;
        Some(json!({"reference": format!("{:?}/{}", listed.kind, listed.id)}))
    }
}

/// When a resource last changed, in seconds since 1970, and its version.
pub(crate) struct Version {
    pub(crate) number: u32,
    pub(crate) changed: i64,
}

impl Held<'_> {
    pub(crate) fn version(&self) -> Version {
        match self.registered {
            Some(registered) => Version {
                // A patient who was there before gets a second version.
                number: 1 + u32::from(self.was_here()),
                changed: registered.at,
            },
            None => LOADED_VERSION,
        }
    }

    fn was_here(&self) -> bool {
        self.person
            .is_some_and(|(_, facts)| facts.registration != Registration::None)
    }
}

/// The version of everything that nothing changes.
pub(crate) const LOADED_VERSION: Version = Version {
    number: 1,
    changed: LOADED,
};

fn meta(version: &Version, profile: &str) -> Value {
    json!({
        "versionId": version.number.to_string(),
        "lastUpdated": clock::fhir(version.changed),
        "profile": [profile],
    })
}

/// A CareConnect-GPC-Patient-1.
pub(crate) fn patient(held: &Held<'_>, directory: &Directory<'_>) -> Value {
    let nothing = Value::Null;
    let sent = held
        .registered
        .map_or(&nothing, |registered| &registered.sent);
    let mut patient = json!({
        "resourceType": "Patient",
        "id": held.id,
        "meta": meta(&held.version(), profiles::PATIENT),
        "active": true,
    });
    let number = match held.person {
        Some((person, _)) => json!(person.identity.nhs_number),
        None => sent["identifier"][0]["value"].clone(),
    };
    let mut identifiers = vec![json!({
        "extension": [{
            "url": profiles::VERIFICATION_STATUS,
            "valueCodeableConcept": {"coding": [{
                "system": profiles::VERIFICATION_CODES,
                "code": "01",
                "display": "Number present and verified",
            }]},
        }],
        "system": profiles::NHS_NUMBER,
        "value": number,
    })];
    let local = held
        .person
        .and_then(|(person, _)| person.identity.local_identifier.as_ref());
    identifiers.extend(local.map(|it| json!({"system": it.system, "value": it.value})));
    patient["identifier"] = json!(identifiers);
    patient["extension"] = json!(extensions(held, sent, directory));
    if let Some(organization) = directory.reference(directory.practice) {
        patient["managingOrganization"] = organization;
    }
    if let Some((person, facts)) = held.person {
        known(&mut patient, person, facts, directory);
    }
    overlay(&mut patient, sent);
    patient
}

fn extensions(held: &Held<'_>, sent: &Value, directory: &Directory<'_>) -> Vec<Value> {
    let mut details = Vec::new();
    let (code, display) = match held.registered {
        Some(registered) => {
            let start = json!({"start": clock::fhir(registered.at)});
            details.push(json!({"url": "registrationPeriod", "valuePeriod": start}));
            ("T", "Temporary")
        }
        None => ("R", "Regular"),
    };
    let coding = json!({
        "system": profiles::REGISTRATION_CODES,
        "code": code,
        "display": display,
    });
    let concept = json!({"coding": [coding]});
    details.push(json!({"url": "registrationType", "valueCodeableConcept": concept}));
    let branch = held.person.and_then(|(_, facts)| facts.branch.as_deref());
    if let Some(branch) = branch.and_then(|role| directory.reference(role)) {
        details.push(json!({"url": "preferredBranchSurgery", "valueReference": branch}));
    }
    let mut all = vec![json!({"url": profiles::REGISTRATION_DETAILS, "extension": details})];
    let sent = sent["extension"].as_array().into_iter().flatten();
    all.extend(
        sent.filter(|it| it["url"] == profiles::NHS_COMMUNICATION)
            .cloned(),
    );
    all
}

/// What the facts say: for somebody new they are what PDS holds.
fn known(patient: &mut Value, person: &Person, facts: &GpFacts, directory: &Directory<'_>) {
    let identity = &person.identity;
    let mut name = json!({"use": "official", "family": identity.family, "given": identity.given});
    if let Some(prefix) = &identity.prefix {
        name["prefix"] = json!([prefix]);
    }
    patient["name"] = json!([name]);
    patient["gender"] = json!(identity.gender);
    if let Some(date) = &identity.birth_date {
        patient["birthDate"] = json!(date);
    }
    if let Some(address) = &identity.address {
        patient["address"] = json!([{
            "use": "home",
            "type": "physical",
            "line": address.line,
            "city": address.city,
            "postalCode": address.postcode,
        }]);
    }
    if !facts.telecom.is_empty() {
        let telecom = facts.telecom.iter();
        patient["telecom"] = telecom
            .map(|it| json!({"system": it.system, "value": it.value, "use": it.usage}))
            .collect();
    }
    if let Some(contact) = &facts.contact {
        patient["contact"] = json!([{
            "relationship": [{"text": contact.relationship}],
            "name": {"use": "official", "family": contact.family, "given": contact.given},
            "telecom": [{"system": "phone", "value": contact.phone, "use": "home"}],
        }]);
    }
    let practitioner = facts.practitioner.as_deref();
    if let Some(reference) = practitioner.and_then(|role| directory.reference(role)) {
        patient["generalPractitioner"] = json!([reference]);
    }
}

/// What the registration said, in place of what PDS holds.
fn overlay(patient: &mut Value, sent: &Value) {
    for name in ["gender", "birthDate", "telecom", "address"] {
        if let Some(value) = sent.get(name) {
            patient[name] = value.clone();
        }
    }
    let names = sent["name"].as_array().into_iter().flatten();
    let official: Vec<&Value> = names.filter(|name| name["use"] == "official").collect();
    if !official.is_empty() {
        patient["name"] = json!(official);
    }
}

/// The resource of an entry of the directory.
pub(crate) fn listed(listed: &Listed, directory: &Directory<'_>) -> Value {
    let (system, profile) = match listed.kind {
        ListedKind::Practitioner => (profiles::SDS_USER_ID, profiles::PRACTITIONER),
        ListedKind::Organization => (profiles::ODS_CODE, profiles::ORGANIZATION),
        ListedKind::Location => ("", profiles::LOCATION),
    };
    let mut resource = json!({
        "resourceType": format!("{:?}", listed.kind),
        "id": listed.id,
        "meta": meta(&LOADED_VERSION, profile),
    });
    if let Some(identifier) = listed.identifier.as_ref().filter(|_| !system.is_empty()) {
        resource["identifier"] = json!([{"system": system, "value": identifier}]);
    }
    match listed.kind {
        ListedKind::Practitioner => {
            let mut name = Map::new();
            name.insert("use".to_owned(), json!("usual"));
            name.insert("family".to_owned(), json!(listed.family));
            name.insert("given".to_owned(), json!(listed.given));
            if let Some(prefix) = &listed.prefix {
                name.insert("prefix".to_owned(), json!([prefix]));
            }
            resource["name"] = json!([name]);
        }
        ListedKind::Organization | ListedKind::Location => resource["name"] = json!(listed.name),
    }
    let managing = listed
        .managing
        .as_deref()
        .and_then(|role| directory.reference(role));
    if let (ListedKind::Location, Some(reference)) = (listed.kind, managing) {
        resource["managingOrganization"] = reference;
    }
    resource
}

/// A result of a search, or of a registration.
pub(crate) fn searchset(resources: &[Value]) -> Value {
    let mut bundle = json!({
        "resourceType": "Bundle",
        "meta": {"profile": [profiles::SEARCHSET]},
        "type": "searchset",
    });
    // FHIR forbids empty arrays.
    if !resources.is_empty() {
        bundle["entry"] = resources.iter().map(entry).collect();
    }
    bundle
}

/// An entry of a result. GP Connect advises against a full address.
pub(crate) fn entry(resource: &Value) -> Value {
    json!({"resource": resource})
}
