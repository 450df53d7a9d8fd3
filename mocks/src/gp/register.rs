//! What may be sent to register a patient, and what was sent.
//! Not for whether PDS bears it out, which `pds` says.
//!
//! Source: GP Connect 1.6.2-beta, register a patient, payload request body.

use super::checks::{self, Checks, Refusal};
use super::negotiation::Format;
use super::{profiles, xml_reader};
use crate::dates::Span;
use crate::people::valid_nhs_number;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Elements of a patient that may be sent.
const ELEMENTS: [&str; 9] = [
    "resourceType",
    "meta",
    "extension",
    "identifier",
    "name",
    "gender",
    "birthDate",
    "telecom",
    "address",
];

/// A temporary registration.
#[derive(Debug, Clone)]
pub(crate) struct Registered {
    /// The Patient as it was sent.
    pub(crate) sent: Value,
    /// In seconds since 1970.
    pub(crate) at: i64,
}

/// The Patient in the body of a request, and the NHS number in it.
pub(crate) fn read(
    body: &[u8],
    format: Format,
    checks: &Checks<'_>,
) -> Result<(Value, String), Refusal> {
    let parsed = match format {
        Format::Json => serde_json::from_slice(body).map_err(|error| error.to_string()),
        Format::Xml => std::str::from_utf8(body)
            .map_err(|error| error.to_string())
            .and_then(xml_reader::read),
    };
    let wrong = parsed.as_ref().err().cloned().unwrap_or_default();
    let text = format!("the body is not well-formed: {wrong}");
    checks.hold(checks::REGISTER_BODY, parsed.is_ok(), text)?;
    let patient = patient_in(&parsed.unwrap_or_default(), checks)?;
    check_elements(&patient, checks)?;
    let number = number(&patient, checks)?;
    check_identity(&patient, checks)?;
    check_contact(&patient, checks)?;
    Ok((patient, number))
}

/// What looks most like a Patient in a body, whatever is wrong with it.
pub(crate) fn read_anyway(body: &[u8]) -> Option<Value> {
    let xml = || xml_reader::read(std::str::from_utf8(body).ok()?).ok();
    let parsed = serde_json::from_slice(body).ok().or_else(xml)?;
    let mut patient = patient_somewhere(&parsed)?.clone();
    patient["resourceType"] = json!("Patient");
    Some(patient)
}

fn patient_somewhere(value: &Value) -> Option<&Value> {
    match value {
        Value::Object(fields) if ["name", "identifier"].iter().any(|it| is_list(fields, it)) => {
            Some(value)
        }
        Value::Object(fields) => fields.values().find_map(patient_somewhere),
        Value::Array(items) => items.iter().find_map(patient_somewhere),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn is_list(fields: &Map<String, Value>, name: &str) -> bool {
    fields.get(name).is_some_and(Value::is_array)
}

fn patient_in(body: &Value, checks: &Checks<'_>) -> Result<Value, Refusal> {
    let is_right = body["resourceType"] == "Parameters";
    let text = "the body is no Parameters resource";
    checks.hold(checks::REGISTER_RESOURCE, is_right, text)?;
    let parameters = items(&body["parameter"]);
    let text = "there is no parameter; registerPatient is needed";
    let is_missing = is_right && parameters.is_empty();
    checks.hold(checks::REGISTER_PARAMETER_MISSING, !is_missing, text)?;
    let text = "there is more than one parameter";
    checks.hold(
        checks::REGISTER_PARAMETER_TWICE,
        parameters.len() <= 1,
        text,
    )?;
    let names = parameters.iter().map(|parameter| &parameter["name"]);
    let text = "the parameter is not called registerPatient";
    let are_right = names.into_iter().all(|name| name == "registerPatient");
    checks.hold(checks::REGISTER_PARAMETER, are_right, text)?;
    // A system that takes a bare Patient is one that skips the check above.
    let resource = match parameters.first() {
        Some(parameter) => &parameter["resource"],
        None => body,
    };
    let is_patient = resource["resourceType"] == "Patient";
    let text = "the parameter registerPatient holds no Patient";
    checks.hold(checks::REGISTER_PATIENT, is_patient, text)?;
    Ok(resource.clone())
}

fn check_elements(patient: &Value, checks: &Checks<'_>) -> Result<(), Refusal> {
    let names = patient.as_object().into_iter().flatten();
    let mut unknown = names.map(|(name, _)| name.as_str()).find(|name| {
        let bare = name.strip_prefix('_').unwrap_or(name);
        !ELEMENTS.contains(&bare)
    });
    let extensions = items(&patient["extension"]);
    let is_communication = |it: &&Value| it["url"] == profiles::NHS_COMMUNICATION;
    if extensions.iter().any(|it| !is_communication(it)) {
        unknown = unknown.or(Some("extension"));
    }
    let text = format!("Patient.{} may not be sent", unknown.unwrap_or_default());
    checks.hold(checks::REGISTER_ELEMENT, unknown.is_none(), text)?;
    let communications = extensions.iter().filter(|it| is_communication(it)).count();
    let text = "the extension nhsCommunication is there more than once";
    checks.hold(
        checks::REGISTER_COMMUNICATION_TWICE,
        communications <= 1,
        text,
    )
}

/// The NHS number; empty if a fault lets a registration through that has none.
fn number(patient: &Value, checks: &Checks<'_>) -> Result<String, Refusal> {
    let identifiers = items(&patient["identifier"]);
    let numbers: Vec<&str> = identifiers
        .iter()
        .filter(|identifier| identifier["system"] == profiles::NHS_NUMBER)
        .filter_map(|identifier| identifier["value"].as_str())
        .collect();
    let text = "Patient.identifier has no NHS number";
    checks.hold(checks::REGISTER_IDENTIFIER, !numbers.is_empty(), text)?;
    let text = "Patient.identifier has more than one NHS number";
    checks.hold(checks::REGISTER_IDENTIFIER_TWICE, numbers.len() <= 1, text)?;
    let number = numbers.first().copied().unwrap_or_default();
    let is_right = numbers.is_empty() || valid_nhs_number(number);
    let text = "the value of Patient.identifier is not a valid NHS number";
    checks.hold(checks::REGISTER_NHS_NUMBER, is_right, text)?;
    Ok(number.to_owned())
}

fn check_identity(patient: &Value, checks: &Checks<'_>) -> Result<(), Refusal> {
    let names = items(&patient["name"]);
    let official: Vec<&&Value> = names.iter().filter(|it| it["use"] == "official").collect();
    let text = "Patient.name has no official name";
    checks.hold(checks::REGISTER_NAME, !official.is_empty(), text)?;
    let text = "Patient.name has more than one official name";
    checks.hold(checks::REGISTER_NAME_TWICE, official.len() <= 1, text)?;
    for name in official {
        let text = "Patient.name.family is missing";
        checks.hold(checks::REGISTER_FAMILY, is_text(&name["family"]), text)?;
        let text = "Patient.name.given is missing";
        checks.hold(checks::REGISTER_GIVEN, is_text(&name["given"][0]), text)?;
    }
    let born = &patient["birthDate"];
    let text = "Patient.birthDate is missing";
    checks.hold(checks::REGISTER_BIRTH_DATE, !born.is_null(), text)?;
    let is_date = born
        .as_str()
        .is_some_and(|text| text.len() <= 10 && Span::read(text).is_some());
    let text = "Patient.birthDate is no date";
    checks.hold(
        checks::REGISTER_BIRTH_DATE_FORM,
        born.is_null() || is_date,
        text,
    )?;
    let gender = &patient["gender"];
    let is_known = ["male", "female", "other", "unknown"]
        .iter()
        .any(|known| gender == known);
    let text = "Patient.gender is none of FHIR";
    checks.hold(checks::REGISTER_GENDER, gender.is_null() || is_known, text)
}

fn check_contact(patient: &Value, checks: &Checks<'_>) -> Result<(), Refusal> {
    let mut uses = BTreeSet::new();
    for address in items(&patient["address"]) {
        let usage = address["use"].as_str().unwrap_or_default();
        let is_right = ["home", "temp"].contains(&usage);
        let text = "Patient.address.use is neither home nor temp";
        checks.hold(checks::REGISTER_ADDRESS_USE, is_right, text)?;
        let text = format!("Patient.address has the use {usage} more than once");
        checks.hold(checks::REGISTER_ADDRESS_TWICE, uses.insert(usage), text)?;
    }
    let mut kinds = BTreeSet::new();
    for telecom in items(&patient["telecom"]) {
        let (system, usage) = (telecom["system"].as_str(), telecom["use"].as_str());
        let kind = match (system, usage) {
            (Some("phone"), Some(usage @ ("home" | "work" | "mobile" | "temp"))) => Some(usage),
            (Some("email"), _) => Some("email"),
            _ => None,
        };
        let text = "Patient.telecom has a system or use that may not be sent";
        checks.hold(checks::REGISTER_TELECOM_USE, kind.is_some(), text)?;
        let is_first = kind.is_none_or(|kind| kinds.insert(kind));
        let text = "Patient.telecom has one use more than once";
        checks.hold(checks::REGISTER_TELECOM_TWICE, is_first, text)?;
    }
    Ok(())
}

/// The items of a list; one that is no list counts as its only item.
fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::checks::Check;
    use super::*;

    fn right() -> Value {
        json!({
            "resourceType": "Patient",
            "meta": {"profile": [profiles::PATIENT]},
            "identifier": [{"system": profiles::NHS_NUMBER, "value": "9990000271"}],
            "name": [{"use": "official", "family": "Brambley", "given": ["Juno"]}],
            "birthDate": "1988-01-19",
            "gender": "female",
            "address": [{"use": "home", "city": "Nether Halden"}, {"use": "temp", "city": "Wexley"}],
            "telecom": [
                {"system": "phone", "use": "home", "value": "01632 960001"},
                {"system": "phone", "use": "mobile", "value": "01632 960002"},
                {"system": "email", "value": "juno@example.org"},
            ],
            "extension": [{"url": profiles::NHS_COMMUNICATION}],
        })
    }

    fn parameters(patient: &Value) -> Value {
        json!({
            "resourceType": "Parameters",
            "parameter": [{"name": "registerPatient", "resource": patient}],
        })
    }

    fn refused_by(body: &str, skipped: &[&str]) -> Option<Check> {
        let skipped = skipped.iter().copied().collect();
        let checks = Checks { skipped: &skipped };
        let refusal = read(body.as_bytes(), Format::Json, &checks).err()?;
        Some(refusal.check)
    }

    #[test]
    fn takes_everything_that_may_be_sent() {
        assert_eq!(refused_by(&parameters(&right()).to_string(), &[]), None);
        let least = json!({
            "resourceType": "Patient",
            "identifier": right()["identifier"],
            "name": right()["name"],
            "birthDate": "1988-01-19",
        });
        assert_eq!(refused_by(&parameters(&least).to_string(), &[]), None);
    }

    #[test]
    fn refuses_each_wrong_element_by_its_check() {
        let number = right()["identifier"][0].clone();
        let name = right()["name"][0].clone();
        let cases = [
            (checks::REGISTER_PATIENT, "/resourceType", json!("Person")),
            (
                checks::REGISTER_ELEMENT,
                "/maritalStatus",
                json!({"text": "x"}),
            ),
            (
                checks::REGISTER_ELEMENT,
                "/extension",
                json!([{"url": profiles::REGISTRATION_DETAILS}]),
            ),
            (
                checks::REGISTER_COMMUNICATION_TWICE,
                "/extension",
                json!([right()["extension"][0], right()["extension"][0]]),
            ),
            (checks::REGISTER_IDENTIFIER, "/identifier", json!([])),
            (
                checks::REGISTER_IDENTIFIER_TWICE,
                "/identifier",
                json!([number, number]),
            ),
            (
                checks::REGISTER_NHS_NUMBER,
                "/identifier/0/value",
                json!("9990000272"),
            ),
            (checks::REGISTER_NAME, "/name/0/use", json!("usual")),
            (checks::REGISTER_NAME_TWICE, "/name", json!([name, name])),
            (checks::REGISTER_FAMILY, "/name/0/family", json!(" ")),
            (checks::REGISTER_GIVEN, "/name/0/given", json!([])),
            (checks::REGISTER_BIRTH_DATE, "/birthDate", Value::Null),
            (
                checks::REGISTER_BIRTH_DATE_FORM,
                "/birthDate",
                json!("19/01/1988"),
            ),
            (checks::REGISTER_GENDER, "/gender", json!("F")),
            (checks::REGISTER_ADDRESS_USE, "/address/0/use", json!("old")),
            (
                checks::REGISTER_ADDRESS_TWICE,
                "/address/1/use",
                json!("home"),
            ),
            (checks::REGISTER_TELECOM_USE, "/telecom/0/use", json!("old")),
            (
                checks::REGISTER_TELECOM_TWICE,
                "/telecom/1/use",
                json!("home"),
            ),
        ];
        for (check, pointer, value) in cases {
            let mut patient = right();
            match patient.pointer_mut(pointer) {
                Some(place) => *place = value,
                None => patient[&pointer[1..]] = value,
            }
            let body = parameters(&patient).to_string();
            assert_eq!(refused_by(&body, &[]), Some(check), "{pointer}");
            assert_eq!(refused_by(&body, &[check.name]), None, "{pointer}");
        }
    }

    #[test]
    fn refuses_each_wrong_body_by_its_check() {
        let parameter = parameters(&right())["parameter"][0].clone();
        let body = |parameters: Value| {
            json!({"resourceType": "Parameters", "parameter": parameters}).to_string()
        };
        for (check, body) in [
            (checks::REGISTER_BODY, "{".to_owned()),
            (checks::REGISTER_RESOURCE, right().to_string()),
            (checks::REGISTER_PARAMETER_MISSING, body(json!([]))),
            (
                checks::REGISTER_PARAMETER_TWICE,
                body(json!([parameter, parameter])),
            ),
            (
                checks::REGISTER_PARAMETER,
                body(json!([{"name": "patient", "resource": right()}])),
            ),
        ] {
            assert_eq!(refused_by(&body, &[]), Some(check), "{body}");
        }
        assert_eq!(
            refused_by(&right().to_string(), &["register-resource"]),
            None
        );
    }
}
