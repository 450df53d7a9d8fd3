//! The request to register a patient: made from the facts, and spoilt as a table says.
//! Not for what becomes of it.

use plumbline_fhir::{Definitions, json_to_xml};
use plumbline_http::Payload;
use plumbline_model::Person;
use plumbline_pack::ActorEntry;
use plumbline_tree::{Layout, Limits, Tree};
use serde_json::{Map, Value, json};

/// Where patients are registered (GP Connect 1.6.2-beta, register a patient).
pub(crate) const PATH: &str = "Patient/$gpc.registerpatient";
/// What the first row of a table of changes must be.
pub(crate) const HEADING: [&str; 2] = ["element", "value"];

/// The profile of the patient (GP Connect 1.6.2-beta, register a patient).
const PROFILE: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1";
const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";
const PARAMETER: &str = "registerPatient";
const JSON: &str = "application/fhir+json;charset=utf-8";
const XML: &str = "application/fhir+xml;charset=utf-8";

/// The name of the whole request in the paths of changes.
const WHOLE: &str = "Parameters";

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change<'t> {
    Remove,
    Repeat,
    Set(&'t str),
}

/// A change that cannot be made; the scenario is at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotThere(pub String);

/// The body of a right request.
pub(crate) fn payload(actor: &ActorEntry, person: &Person) -> Payload {
    as_json(&whole(&patient(&actor.nhs_number, person)))
}

/// The patient of the facts, as the request carries him or her.
pub(crate) fn patient(nhs_number: &str, person: &Person) -> Value {
    let identity = &person.identity;
    let mut name = Map::new();
    name.insert("use".to_owned(), "official".into());
    name.insert("family".to_owned(), identity.family.clone().into());
    name.insert("given".to_owned(), identity.given.clone().into());
    if let Some(prefix) = &identity.prefix {
        name.insert("prefix".to_owned(), json!([prefix]));
    }
    let mut patient = json!({
        "resourceType": "Patient",
        "meta": { "profile": [PROFILE] },
        "identifier": [{ "system": NHS_NUMBER, "value": nhs_number }],
        "name": [name],
        "gender": identity.gender,
    });
    if let Some(birth_date) = &identity.birth_date {
        patient["birthDate"] = birth_date.clone().into();
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
    let telecom: Vec<Value> = person
        .gp
        .iter()
        .flat_map(|gp| &gp.telecom)
        .map(|one| json!({ "system": one.system, "use": one.r#use, "value": one.value }))
        .collect();
    if !telecom.is_empty() {
        patient["telecom"] = telecom.into();
    }
    patient
}

fn whole(patient: &Value) -> Value {
    json!({
        "resourceType": "Parameters",
        "parameter": [{ "name": PARAMETER, "resource": patient }],
    })
}

/// The request with changes made to it, as pairs of element and value.
pub(crate) fn changed(mut patient: Value, changes: &[(String, String)]) -> Result<Value, NotThere> {
    let prefix = format!("{WHOLE}.");
    let (of_whole, of_patient): (Vec<_>, Vec<_>) = changes
        .iter()
        .partition(|(path, _)| path == WHOLE || path.starts_with(&prefix));
    for (path, value) in of_patient {
        make(&mut patient, path, value)?;
    }
    let mut whole = whole(&patient);
    for (path, value) in &of_whole {
        if let Some(path) = path.strip_prefix(&prefix) {
            make(&mut whole, path, value)?;
        }
    }
    let bare = of_whole.iter().any(|(path, _)| path == WHOLE);
    Ok(if bare {
        whole["parameter"][0]["resource"].take()
    } else {
        whole
    })
}

fn make(root: &mut Value, path: &str, value: &str) -> Result<(), NotThere> {
    let change = match value {
        "absent" => Change::Remove,
        "repeated" => Change::Repeat,
        text => Change::Set(text),
    };
    apply(root, path, change).ok_or_else(|| NotThere(path.to_owned()))
}

/// Makes one change; `None` if there is nothing to change at that place.
fn apply(root: &mut Value, path: &str, change: Change<'_>) -> Option<()> {
    let (above, last) = match path.rsplit_once('.') {
        Some((above, last)) => (Some(above), last),
        None => (None, path),
    };
    let creates = matches!(change, Change::Set(_));
    let mut at = root;
    let parts: Vec<&str> = above
        .into_iter()
        .flat_map(|above| above.split('.'))
        .collect();
    for (number, part) in parts.iter().enumerate() {
        let next = parts.get(number + 1).copied().unwrap_or(last);
        at = step_into(at, part, creates.then_some(next))?;
    }
    let index = last.parse::<usize>().ok();
    match (at, index, change) {
        (Value::Object(all), _, Change::Remove) => all.remove(last).map(drop),
        (Value::Array(all), Some(index), Change::Remove) if index < all.len() => {
            all.remove(index);
            Some(())
        }
        (Value::Array(all), Some(index), Change::Repeat) => {
            let copy = all.get(index)?.clone();
            all.insert(index + 1, copy);
            Some(())
        }
        (Value::Object(all), _, Change::Set(text)) => {
            all.insert(last.to_owned(), of_text(text));
            Some(())
        }
        (Value::Array(all), Some(index), Change::Set(text)) if index <= all.len() => {
            if index == all.len() {
                all.push(Value::Null);
            }
            *all.get_mut(index)? = of_text(text);
            Some(())
        }
        _ => None,
    }
}

/// One part of the way; made if it is not there and `next` says what comes after it.
fn step_into<'v>(at: &'v mut Value, part: &str, next: Option<&str>) -> Option<&'v mut Value> {
    let empty = || match next {
        Some(next) if next.parse::<usize>().is_ok() => Value::Array(Vec::new()),
        _ => Value::Object(Map::new()),
    };
    match at {
        Value::Object(all) => {
            if next.is_some() && !all.contains_key(part) {
                all.insert(part.to_owned(), empty());
            }
            all.get_mut(part)
        }
        Value::Array(all) => {
            let index = part.parse::<usize>().ok()?;
            if next.is_some() && index == all.len() {
                all.push(empty());
            }
            all.get_mut(index)
        }
        _ => None,
    }
}

fn of_text(text: &str) -> Value {
    match text {
        "true" => true.into(),
        "false" => false.into(),
        text => text.into(),
    }
}

/// The body in JSON.
pub(crate) fn as_json(body: &Value) -> Payload {
    Payload {
        content_type: JSON.to_owned(),
        bytes: body.to_string().into_bytes(),
    }
}

/// The body in XML; `None` if it has no form in XML.
pub(crate) fn as_xml(body: &Value, definitions: &Definitions) -> Option<Payload> {
    let tree = Tree::parse(body.to_string().into_bytes(), &Limits::default()).ok()?;
    let text = json_to_xml(&tree, definitions, Layout::Compact).ok()?;
    Some(Payload {
        content_type: XML.to_owned(),
        bytes: text.into_bytes(),
    })
}

/// A Parameters resource without any parameter.
pub(crate) fn empty(in_xml: bool) -> Payload {
    if in_xml {
        return Payload {
            content_type: XML.to_owned(),
            bytes: br#"<Parameters xmlns="http://hl7.org/fhir"/>"#.to_vec(),
        };
    }
    as_json(&json!({ "resourceType": "Parameters" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Value {
        json!({
            "resourceType": "Patient",
            "identifier": [{ "system": NHS_NUMBER, "value": "9990000212" }],
            "name": [{ "use": "official", "family": "Marchbank" }],
            "birthDate": "1957-04-22",
        })
    }

    fn after(changes: &[(&str, &str)]) -> Result<Value, NotThere> {
        let changes: Vec<_> = changes
            .iter()
            .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
            .collect();
        changed(sample(), &changes)
    }

    #[test]
    fn elements_are_removed_set_made_and_repeated() {
        let body = after(&[
            ("birthDate", "absent"),
            ("name.0.use", "absent"),
            ("name.1.family", "Other"),
            ("maritalStatus.coding.0.code", "M"),
            ("active", "true"),
            ("Parameters.parameter.0", "repeated"),
        ])
        .unwrap();
        let parameters = body["parameter"].as_array().unwrap();
        assert_eq!(parameters.len(), 2);
        let patient = &parameters[1]["resource"];
        assert!(patient.get("birthDate").is_none());
        assert_eq!(patient["name"][0], json!({ "family": "Marchbank" }));
        assert_eq!(patient["name"][1], json!({ "family": "Other" }));
        assert_eq!(patient["maritalStatus"]["coding"][0]["code"], "M");
        assert_eq!(patient["active"], true);
    }

    #[test]
    fn the_request_can_be_the_patient_alone() {
        let body = after(&[("Parameters", "absent"), ("gender", "other")]).unwrap();
        assert_eq!(body["resourceType"], "Patient");
        assert_eq!(body["gender"], "other");
    }

    #[test]
    fn what_is_not_there_cannot_be_removed_or_repeated() {
        for (path, value) in [
            ("deceasedBoolean", "absent"),
            ("name.3", "repeated"),
            ("name", "repeated"),
            ("birthDate.x", "1"),
            ("name.5.family", "x"),
        ] {
            assert_eq!(
                after(&[(path, value)]),
                Err(NotThere(path.to_owned())),
                "{path}"
            );
        }
    }

    #[test]
    fn a_request_in_xml_says_the_same() {
        let body = after(&[]).unwrap();
        let payload = as_xml(&body, Definitions::stu3()).unwrap();
        let text = String::from_utf8(payload.bytes).unwrap();
        assert!(
            text.starts_with("<Parameters xmlns=\"http://hl7.org/fhir\">"),
            "{text}"
        );
        assert!(text.contains("<family value=\"Marchbank\"/>"), "{text}");
    }
}
