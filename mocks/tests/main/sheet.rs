//! The data sheet of a person as a Bundle that loads it.
//! Not for how a server takes it in.

use crate::client::Mock;
use crate::good;
use crate::records::TYPES;
use plumbline_mocks::{MockError, data_sheet_bundle};
use std::collections::BTreeSet;

#[tokio::test]
async fn holds_what_the_mock_serves_apart_from_its_version() {
    let mock = Mock::start(&good()).await;
    for file in std::fs::read_dir("../scenarios/_people").unwrap() {
        let path = file.unwrap().path();
        let role = path.file_stem().unwrap().to_str().unwrap();
        if std::fs::read_to_string(&path).unwrap().contains("[gp]") {
            continue;
        }
        let bundle = data_sheet_bundle(None, role).unwrap();
        assert_eq!(bundle["resourceType"], "Bundle");
        assert_eq!(bundle["type"], "transaction");
        let entries = bundle["entry"].as_array().unwrap();
        assert_eq!(entries[0]["resource"]["resourceType"], "Patient", "{role}");
        let mut urls = BTreeSet::new();
        for entry in entries {
            assert_eq!(entry["request"]["method"], "PUT");
            let url = entry["request"]["url"].as_str().unwrap();
            assert!(entry.get("fullUrl").is_none());
            let mut served = mock.get(url).await.json();
            let meta = served["meta"].as_object_mut().unwrap();
            meta.remove("versionId").unwrap();
            meta.remove("lastUpdated").unwrap();
            assert_eq!(entry["resource"], served, "{url}");
            assert!(urls.insert(url.to_owned()), "{url} is there twice");
        }
        let id = entries[0]["resource"]["id"].as_str().unwrap();
        let clinical = TYPES.iter().map(|of| of.name);
        for name in std::iter::once("AllergyIntolerance").chain(clinical) {
            let held = mock
                .get(&format!("{name}?patient={id}&_count=50"))
                .await
                .ids();
            for held in held {
                assert!(urls.remove(&format!("{name}/{held}")), "{name}/{held}");
            }
        }
        assert_eq!(urls.len(), 1, "only the patient is left: {urls:?}");
    }
}

#[test]
fn an_unknown_role_is_an_error_that_helps() {
    let error = data_sheet_bundle(None, "patient-with-record").unwrap_err();
    assert!(matches!(error, MockError::UnknownRole { .. }));
    let message = error.to_string();
    assert!(
        message.contains("patient-with-record`: the closest are patient-with-records"),
        "{message}"
    );
}

#[test]
fn a_patient_of_a_practice_is_loaded_if_ever_registered() {
    for (role, active) in [
        ("gp-patient", Some(true)),
        ("gp-patient-left", Some(false)),
        ("gp-new-patient-a", None),
    ] {
        let bundle = data_sheet_bundle(None, role).unwrap();
        let resource = bundle.pointer("/entry/0/resource");
        assert_eq!(
            resource.map(|it| it["active"].as_bool()),
            active.map(Some),
            "{role}"
        );
        assert_eq!(bundle.get("entry").is_some(), active.is_some(), "{role}");
    }
}
