//! Discharge documents: how they are found and made, in both versions of FHIR, and what they say of a stay.
//! Not for whether they meet the content rules: the self-test of the pack says that.

use crate::client::Mock;
use crate::good;
use plumbline_mocks::discharge_documents;
use serde_json::Value;

const SUMMARY: &str = "type=http://snomed.info/sct|373942005";

async fn document(mock: &Mock, id: &str, version: &str) -> Value {
    let accept = format!("Accept: application/fhir+json; fhirVersion={version}\r\n");
    let path = format!("Composition/{id}/$document");
    let answer = mock.send("GET", &path, &accept).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.headers["content-type"].ends_with(version));
    answer.json()
}

#[tokio::test]
async fn a_summary_is_found_by_patient_and_type() {
    let mock = Mock::start(&good()).await;
    let found = mock
        .get(&format!("Composition?patient=p-3001&{SUMMARY}"))
        .await;
    assert_eq!(found.ids(), ["discharge-p-3001"]);
    for none in [
        "patient=p-1001",
        "patient=p-3001&type=http://snomed.info/sct|1",
    ] {
        let found = mock.get(&format!("Composition?{none}")).await;
        assert!(found.ids().is_empty(), "{none}");
    }
    for (refused, status) in [
        ("Composition", 400),
        ("Composition?patient=p-3001&status=final", 400),
        ("Composition/discharge-p-3001", 200),
        ("Composition/discharge-p-1001", 404),
        ("Composition/discharge-p-1001/$document", 404),
    ] {
        assert_eq!(mock.get(refused).await.status, status, "{refused}");
    }
}

#[tokio::test]
async fn a_document_comes_in_the_version_that_is_asked_for() {
    let mock = Mock::start(&good()).await;
    let coded = |document: &Value| {
        document["entry"][0]["resource"]["section"][0]["code"]["coding"][0]["code"].clone()
    };
    let r4 = document(&mock, "discharge-p-3001", "4.0").await;
    let stu3 = document(&mock, "discharge-p-3001", "3.0").await;
    assert_eq!(coded(&r4), "admission-details");
    assert_eq!(coded(&stu3), "886781000000108");
    let other = "Accept: application/fhir+json; fhirVersion=1.0\r\n";
    let path = "Composition/discharge-p-3001/$document";
    assert_eq!(mock.send("GET", path, other).await.unwrap().status, 406);
}

#[test]
fn every_reference_of_a_document_leads_somewhere() {
    let documents = discharge_documents().unwrap();
    assert_eq!(documents.len(), 10);
    for (name, document) in documents {
        let entries = document["entry"].as_array().unwrap();
        let urls: Vec<&str> = entries
            .iter()
            .map(|it| it["fullUrl"].as_str().unwrap())
            .collect();
        let mut met = Vec::new();
        references(&document, &mut met);
        assert!(met.len() > 20, "{name}");
        for reference in met {
            assert!(urls.contains(&reference.as_str()), "{name}: {reference}");
        }
        // Roles refer to people and organisations, and nothing refers to them.
        for (url, entry) in urls[1..].iter().zip(&entries[1..]) {
            let is_role = entry["resource"]["resourceType"] == "PractitionerRole";
            assert!(
                is_role || document.to_string().matches(url).count() > 1,
                "{name}: nothing refers to {url}"
            );
        }
    }
}

fn references(value: &Value, met: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            met.extend(
                fields
                    .get("reference")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            fields.values().for_each(|field| references(field, met));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, met)),
        _ => {}
    }
}

#[test]
fn codes_of_organisations_are_in_no_text() {
    for (name, document) in discharge_documents().unwrap() {
        for section in document["entry"][0]["resource"]["section"]
            .as_array()
            .unwrap()
        {
            let text = section["text"]["div"].as_str().unwrap();
            assert!(
                !text.contains("Z99901") && !text.contains("ZZ001"),
                "{name}: {text}"
            );
        }
    }
}
