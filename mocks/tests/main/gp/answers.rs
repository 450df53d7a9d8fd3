//! What the GP system answers to requests that are right.
//! Not for registering.

use super::ask::{Ask, Practice};
use super::{NHS, NOW, ODS, SDS, beacon, number};
use plumbline_mocks::MockOptions;
use serde_json::{Value, json};

async fn found(practice: &Practice, role: &str) -> Vec<String> {
    let path = format!("Patient?identifier={NHS}|{}", number(role));
    practice.get(&path).await.ids()
}

#[tokio::test]
async fn finds_active_patients_whom_pds_bears_out() {
    let practice = Practice::open().await;
    for role in ["gp-patient", "gp-patient-unverified-match"] {
        assert_eq!(
            found(&practice, role).await,
            [super::fact(role, "id")],
            "{role}"
        );
    }
    for role in [
        "gp-patient-left",
        "gp-patient-deceased",
        "gp-patient-sensitive",
        "gp-patient-unverified-superseded",
        "gp-patient-unverified-differs",
        "gp-new-patient-a",
    ] {
        assert!(found(&practice, role).await.is_empty(), "{role}");
    }
    let nobody = practice
        .get(&format!("Patient?identifier={NHS}|9990009996"))
        .await;
    let sensitive = format!(
        "Patient?identifier={NHS}|{}",
        number("gp-patient-sensitive")
    );
    let sensitive = practice.get(&sensitive).await;
    assert_eq!(
        nobody.json(),
        sensitive.json(),
        "nothing gives a sensitive patient away"
    );
    assert_eq!(nobody.status, 200);
    assert!(nobody.json().get("total").is_none() && nobody.json().get("link").is_none());
}

#[tokio::test]
async fn a_patient_has_what_gp_connect_wants_and_nothing_that_it_forbids() {
    let practice = Practice::open().await;
    let answer = practice.get("Patient/p-2001").await;
    let patient = answer.json();
    assert_eq!(answer.headers["etag"], "W/\"1\"");
    assert_eq!(
        answer.headers["last-modified"],
        "Mon, 05 Jan 2026 09:00:00 GMT"
    );
    assert_eq!(
        answer.headers["content-type"],
        "application/fhir+json;charset=utf-8"
    );
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["x-plumbline-mock"], "beacon-gp");
    let text = |pointer: &str| patient.pointer(pointer).cloned().unwrap_or_default();
    assert_eq!(
        text("/meta/profile/0"),
        "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"
    );
    assert_eq!(text("/meta/versionId"), "1");
    assert_eq!(text("/identifier/0/system"), NHS);
    assert_eq!(
        text("/identifier/0/extension/0/valueCodeableConcept/coding/0/code"),
        "01"
    );
    assert_eq!(text("/name/0/use"), "official");
    assert_eq!(text("/name/0/given/0"), "Zoë");
    assert_eq!(text("/telecom/0/use"), "home");
    assert_eq!(text("/address/0/postalCode"), "ZZ99 3WZ");
    assert_eq!(
        text("/contact/0/relationship/0"),
        json!({"text": "Husband"})
    );
    assert_eq!(
        text("/managingOrganization/reference"),
        "Organization/gp-org-1"
    );
    let details = text("/extension/0/extension");
    let branch = details.as_array().unwrap().iter();
    let branch: Vec<&Value> = branch
        .filter(|it| it["url"] == "preferredBranchSurgery")
        .collect();
    assert_eq!(
        branch[0]["valueReference"]["reference"],
        "Location/gp-loc-1"
    );
    for name in ["maritalStatus", "multipleBirthBoolean", "text", "photo"] {
        assert!(patient.get(name).is_none(), "{name}");
    }
    let search = format!("Patient?identifier={NHS}|{}", number("gp-patient"));
    let result = practice.get(&search).await.json();
    assert_eq!(result["entry"][0], json!({"resource": patient}));
}

#[tokio::test]
async fn finds_and_reads_the_directory() {
    let practice = Practice::open().await;
    for (search, path) in [
        (
            format!("Practitioner?identifier={SDS}|555000000001"),
            "Practitioner/gp-prac-1",
        ),
        (
            format!("Organization?identifier={ODS}|Z9X01"),
            "Organization/gp-org-1",
        ),
    ] {
        let read = practice.get(path).await;
        assert_eq!(read.status, 200, "{}", read.text());
        assert_eq!(read.headers["etag"], "W/\"1\"");
        let bundle = practice.get(&search).await.json();
        assert_eq!(bundle["entry"], json!([{"resource": read.json()}]));
    }
    let nobody = format!("Practitioner?identifier={SDS}|555000000009");
    assert!(practice.get(&nobody).await.ids().is_empty());
    let none = format!("Organization?identifier={ODS}|Z9X77");
    assert!(practice.get(&none).await.ids().is_empty());
    let location = practice.get("Location/gp-loc-1").await.json();
    assert_eq!(
        location["managingOrganization"]["reference"],
        "Organization/gp-org-1"
    );
}

#[tokio::test]
async fn says_what_it_is_and_can_do() {
    let practice = Practice::open().await;
    let statement = practice.get("metadata").await.json();
    assert_eq!(statement["version"], "1.6.2-beta");
    assert_eq!(statement["fhirVersion"], "3.0.1");
    assert_eq!(statement["acceptUnknown"], "both");
    assert_eq!(
        statement["format"],
        json!(["application/fhir+json", "application/fhir+xml"])
    );
    assert_eq!(statement["software"]["name"], "Beacon GP (mock)");
    let operation = &statement["rest"][0]["operation"][0];
    assert_eq!(operation["name"], "gpc.registerpatient");
    let silent = MockOptions {
        announce: false,
        ..beacon()
    };
    let silent = Practice::with(&silent).await.get("metadata").await;
    assert!(!silent.text().contains("mock") && !silent.headers.contains_key("x-plumbline-mock"));
}

#[tokio::test]
async fn writes_the_format_that_was_asked_for() {
    let practice = Practice::open().await;
    let (json, xml) = ("application/fhir+json", "application/fhir+xml");
    let cases = [
        (Some(json), "", json),
        (Some(xml), "", xml),
        (Some(json), "?_format=application/fhir%2Bxml", xml),
        (Some(json), "?_format=application/fhir+xml", xml),
        (Some(xml), "?_format=application/fhir%2Bjson", json),
        (Some("text/plain"), "?_format=xml", xml),
        (Some("*/*"), "", json),
        (None, "", json),
    ];
    for (accept, query, expected) in cases {
        let ask = Ask::get(&format!("metadata{query}")).without("accept");
        let ask = match accept {
            Some(accept) => ask.header("accept", accept),
            None => ask,
        };
        let answer = practice.send(&ask).await;
        let context = format!("{accept:?} {query}");
        assert_eq!(answer.status, 200, "{context}");
        assert_eq!(
            answer.headers["content-type"],
            format!("{expected};charset=utf-8"),
            "{context}"
        );
        let start = if expected == json { "{" } else { "<?xml" };
        assert!(answer.text().starts_with(start), "{context}");
    }
    let ask = Ask::get("Patient/p-2001").header("accept", xml);
    let patient = practice.send(&ask).await;
    assert!(
        patient.text().contains("<given value=\"Zoë\"/>"),
        "{}",
        patient.text()
    );
    assert_eq!(patient.headers["etag"], "W/\"1\"");
    let ask = Ask::get("Patient/nobody").header("accept", xml);
    let outcome = practice.send(&ask).await;
    assert!(
        outcome
            .text()
            .contains("<code value=\"PATIENT_NOT_FOUND\"/>")
    );
}

#[tokio::test]
async fn packs_and_chunks() {
    let practice = Practice::open().await;
    let plain = practice.get("metadata").await;
    assert!(!plain.headers.contains_key("content-encoding"));
    assert_eq!(plain.headers["transfer-encoding"], "chunked");
    let packed = Ask::get("metadata").header("accept-encoding", "gzip, deflate");
    let packed = practice.send(&packed).await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert_eq!(packed.json(), plain.json());
    let refused = Ask::get("metadata").header("accept-encoding", "gzip;q=0");
    let refused = practice.send(&refused).await;
    assert!(!refused.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn ignores_what_it_does_not_know() {
    let practice = Practice::open().await;
    let search = format!("Patient?identifier={NHS}|{}", number("gp-patient"));
    let plain = practice.get(&search).await.json();
    let more = practice
        .get(&format!("{search}&plumbline-unknown=1&_count=1"))
        .await;
    assert_eq!(more.json(), plain);
    let held = Ask::get("Patient/p-2001").header("if-none-match", "W/\"1\"");
    assert_eq!(practice.send(&held).await.status, 200);
}

#[tokio::test]
async fn takes_tokens_that_are_right_in_another_way() {
    let practice = Practice::open().await;
    let unknown = json!([{"system": SDS, "value": "UNK"}]);
    for (pointer, value) in [
        ("/iat", json!(NOW + 200)),
        ("/iat", Value::Null),
        ("/exp", json!(NOW + 301)),
        ("/requested_scope", json!("organization/*.read conf/N")),
        ("/reason_for_request", json!("migration")),
        ("/requesting_practitioner/identifier", unknown),
    ] {
        let ask = Ask::get("metadata").claim(pointer, value);
        let answer = practice.send(&ask).await;
        assert_eq!(answer.status, 200, "{pointer}: {}", answer.text());
    }
}
