//! Registering patients, and finding them afterwards.
//! Not for refusals, which `checks` has.

use super::ask::{Ask, Practice, parameters, patient};
use super::{NHS, number};
use serde_json::{Value, json};

fn search(role: &str) -> String {
    format!("Patient?identifier={NHS}|{}", number(role))
}

/// The code of the kind of registration.
fn kind_of(patient: &Value) -> Value {
    let details = patient.pointer("/extension/0/extension").unwrap();
    let mut details = details.as_array().unwrap().iter();
    let kind = details.find(|it| it["url"] == "registrationType").unwrap();
    kind["valueCodeableConcept"]["coding"][0]["code"].clone()
}

#[tokio::test]
async fn a_new_patient_is_registered_for_a_time_and_found_once() {
    let practice = Practice::open().await;
    let role = "gp-new-patient-a";
    assert!(practice.get(&search(role)).await.ids().is_empty());
    let mut sent = patient(role);
    sent["gender"] = json!("other");
    sent["telecom"] = json!([{"system": "phone", "use": "mobile", "value": "01632 960555"}]);
    let answer = practice.send(&Ask::registering(&parameters(&sent))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let registered = answer.json()["entry"][0]["resource"].clone();
    assert_eq!(kind_of(&registered), "T");
    assert_eq!(registered["meta"]["versionId"], "1");
    for name in ["name", "birthDate", "gender", "telecom"] {
        assert_eq!(registered[name], sent[name], "{name}");
    }
    assert_eq!(
        registered["address"][0]["use"], "home",
        "PDS has one, nobody sent one"
    );
    assert_eq!(
        registered["managingOrganization"]["reference"],
        "Organization/gp-org-1"
    );
    let found = practice.get(&search(role)).await.json();
    assert_eq!(found["entry"], json!([{"resource": registered}]));
    let again = practice.send(&Ask::register(role)).await;
    assert_eq!(
        (again.status, again.code().as_str()),
        (409, "DUPLICATE_REJECTED")
    );
    let id = registered["id"].as_str().unwrap();
    let read = practice.get(&format!("Patient/{id}")).await;
    assert_eq!(
        read.headers["last-modified"],
        "Mon, 18 May 2026 05:33:20 GMT"
    );

    let other = Practice::open().await;
    assert!(
        other.get(&search(role)).await.ids().is_empty(),
        "a fresh system forgets"
    );
}

#[tokio::test]
async fn a_patient_who_left_comes_back_for_a_time() {
    let practice = Practice::open().await;
    let role = "gp-patient-returning";
    let answer = practice.send(&Ask::register(role)).await;
    let back = answer.json()["entry"][0]["resource"].clone();
    assert_eq!(
        (&back["id"], kind_of(&back)),
        (&json!("p-2012"), json!("T"))
    );
    assert_eq!(back["meta"]["versionId"], "2");
    assert_eq!(practice.get(&search(role)).await.ids(), ["p-2012"]);
    assert_eq!(
        practice.get("Patient/p-2012").await.headers["etag"],
        "W/\"2\""
    );
}

#[tokio::test]
async fn takes_xml_and_chunks() {
    let practice = Practice::open().await;
    let number = number("gp-new-patient-c");
    let family = super::fact("gp-new-patient-c", "family");
    let born = super::fact("gp-new-patient-c", "birth_date");
    let body = format!(
        "<Parameters xmlns=\"http://hl7.org/fhir\"><parameter><name value=\"registerPatient\"/>\
         <resource><Patient><identifier><system value=\"{NHS}\"/><value value=\"{number}\"/>\
         </identifier><name><use value=\"official\"/><family value=\"{family}\"/>\
         <given value=\"Maud\"/></name><birthDate value=\"{born}\"/></Patient></resource>\
         </parameter></Parameters>"
    );
    let xml = "application/fhir+xml; charset=utf-8";
    let mut ask = Ask::register("gp-new-patient-c")
        .without("accept")
        .header("content-type", xml)
        .body(body);
    ask.chunked = true;
    let answer = practice.send(&ask).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.headers["content-type"],
        "application/fhir+xml;charset=utf-8"
    );
    assert!(
        answer
            .text()
            .contains(&format!("<family value=\"{family}\"/>"))
    );
    assert_eq!(
        practice.get(&search("gp-new-patient-c")).await.ids(),
        [super::fact("gp-new-patient-c", "id")]
    );

    let empty = "<Parameters xmlns=\"http://hl7.org/fhir\"/>";
    let refused = practice.send(&ask.clone().body(empty)).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .text()
            .contains("<code value=\"INVALID_RESOURCE\"/>")
    );
    let malformed = practice.send(&ask.body("<Parameters>")).await;
    assert_eq!(malformed.status, 400);
}

#[tokio::test]
async fn most_of_a_birth_date_and_the_name_are_enough() {
    let practice = Practice::open().await;
    let role = "gp-new-patient-d";
    let mut sent = patient(role);
    let born = super::fact(role, "birth_date");
    sent["birthDate"] = json!(format!("{}-28", &born[..7]));
    sent["name"][0]["given"] = json!([&super::fact(role, "given")[..1]]);
    let answer = practice.send(&Ask::registering(&parameters(&sent))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}
