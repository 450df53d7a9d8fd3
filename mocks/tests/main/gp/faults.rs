//! Faults of the GP system: to which requests, and what they do.
//! Not for skipping checks, which `checks` shows for each.

use super::ask::{Ask, Practice, parameters, patient};
use super::{NHS, NOW, beacon, number};
use crate::faults::{family, family_of};
use plumbline_mocks::{MockError, MockOptions, MockSystem, fault_catalogue};
use serde_json::{Value, json};
use tempfile::TempDir;

fn with(folder: &TempDir) -> MockOptions {
    MockOptions {
        faults: vec!["f/R/a".to_owned()],
        faults_dir: Some(folder.path().to_owned()),
        ..beacon()
    }
}

async fn wrong(case: &str) -> Practice {
    let folder = family_of("gp-connect", &[("a", case)]);
    Practice::with(&with(&folder)).await
}

#[tokio::test]
async fn acts_on_the_headers_the_token_and_the_body_that_were_meant() {
    let teapot = "action = { status = 418 }";
    let metadata = || Ask::get("metadata");
    let register = || Ask::register("gp-new-patient-a");
    let of_metadata = format!("path = 'metadata'\nkeys = []\n{teapot}");
    let of_register =
        format!("path = 'Patient/$gpc.registerpatient'\nmethod = 'POST'\nkeys = []\n{teapot}");
    let xml = metadata().header("accept", "application/fhir+xml");
    let late = metadata().claim("/iat", json!(NOW + 200));
    let short = metadata().claim("/exp", json!(NOW + 299));
    let unknown = metadata().claim("/requesting_practitioner/identifier/0/value", json!("UNK"));
    let cases = [
        (
            format!("header = {{ Accept = 'fhir+xml' }}\n{of_metadata}"),
            xml,
            metadata(),
        ),
        (
            format!("header = {{ accept = '' }}\n{of_metadata}"),
            metadata().without("accept"),
            metadata(),
        ),
        (
            format!("claim = {{ made = 'future' }}\n{of_metadata}"),
            late,
            metadata(),
        ),
        (
            format!("claim = {{ lifetime = '=299' }}\n{of_metadata}"),
            short,
            metadata(),
        ),
        (
            format!(
                "claim = {{ 'requesting_practitioner.identifier.0.value' = '=UNK' }}\n{of_metadata}"
            ),
            unknown,
            metadata(),
        ),
        (
            format!("body_has = '{}'\n{of_register}", number("gp-new-patient-a")),
            register(),
            Ask::register("gp-new-patient-b"),
        ),
        (
            format!("refused_by = 'duplicate'\n{of_register}"),
            Ask::register("gp-patient"),
            register(),
        ),
        (
            format!("method = 'PATCH'\npath = 'Patient/*'\nkeys = []\n{teapot}"),
            Ask::get("Patient/p-2001").method("PATCH"),
            Ask::get("Patient/p-2001"),
        ),
        (
            format!("path = 'Patient/p-2001'\nkeys = []\n{teapot}"),
            Ask::get("Patient/p-2001"),
            Ask::get("Patient/p-2011"),
        ),
    ];
    for (case, meant, other) in cases {
        let practice = wrong(&case).await;
        assert_eq!(practice.send(&meant).await.status, 418, "{case}");
        assert_eq!(practice.send(&other).await.status, 200, "{case}");
    }
}

#[tokio::test]
async fn registers_nobody_while_it_looks_who_would_refuse() {
    let case = "path = 'Patient/$gpc.registerpatient'\nmethod = 'POST'\nkeys = []\n\
                refused_by = 'duplicate'\naction = { skip_checks = ['duplicate'] }";
    let practice = wrong(case).await;
    let ask = Ask::register("gp-new-patient-a");
    assert_eq!(practice.send(&ask).await.status, 200);
    assert_eq!(
        practice.send(&ask).await.status,
        200,
        "the duplicate is let through"
    );
    let refused = Ask::register("gp-new-deceased");
    assert_eq!(practice.send(&refused).await.status, 400);
}

#[tokio::test]
async fn shows_somebody_who_may_not_be_shown() {
    let case = "path = 'Patient'\nkeys = ['identifier']\nrefused_by = 'patient-sensitive'\n\
                action = { skip_checks = ['patient-sensitive'] }";
    let practice = wrong(case).await;
    let search = |role: &str| format!("Patient?identifier={NHS}|{}", number(role));
    assert_eq!(
        practice.get(&search("gp-patient-sensitive")).await.ids(),
        ["p-2008"]
    );
    assert!(
        practice
            .get(&search("gp-patient-left"))
            .await
            .ids()
            .is_empty()
    );
}

#[tokio::test]
async fn spoils_how_an_answer_is_sent() {
    let of = |action: &str| format!("path = 'metadata'\nkeys = []\naction = {{ {action} }}");
    let xml = Ask::get("metadata").header("accept", "application/fhir+xml");
    let answer = wrong(&of("answer_json_always = true"))
        .await
        .send(&xml)
        .await;
    assert_eq!(
        answer.headers["content-type"],
        "application/fhir+json;charset=utf-8"
    );
    assert_eq!(answer.json()["resourceType"], "CapabilityStatement");

    let gzip = Ask::get("metadata").header("accept-encoding", "gzip");
    let answer = wrong(&of("no_gzip = true")).await.send(&gzip).await;
    assert!(!answer.headers.contains_key("content-encoding"));

    let answer = wrong(&of("not_no_store = true"))
        .await
        .get("metadata")
        .await;
    assert!(!answer.headers.contains_key("cache-control"));

    let patch = "patch = [{ op = 'set', path = '/version', value = 'none' }]";
    let answer = wrong(&of(patch)).await.send(&xml).await;
    assert!(answer.text().contains("<version value=\"none\"/>"));
}

#[tokio::test]
async fn refuses_in_words_of_gp_connect() {
    let of = |action: &str| format!("path = 'metadata'\nkeys = []\naction = {{ {action} }}");
    let refuse = "refuse = { status = 422, code = 'invalid', details = 'INVALID_RESOURCE' }";
    let answer = wrong(&of(refuse)).await.get("metadata").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (422, "INVALID_RESOURCE")
    );
    assert_eq!(answer.json()["issue"][0]["code"], "invalid");
    let answer = wrong(&of("status = 503")).await.get("metadata").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (503, "INTERNAL_SERVER_ERROR")
    );
    let patch = "refused_by = 'ssp-to'\npath = 'metadata'\nkeys = []\naction = { patch = [\
                 { op = 'remove', path = '/issue/0/details' }] }";
    let answer = wrong(patch)
        .await
        .send(&Ask::get("metadata").without("ssp-to"))
        .await;
    assert_eq!((answer.status, answer.code().as_str()), (400, ""));
}

#[tokio::test]
async fn brings_others_in_and_leaves_entries_out() {
    let search = format!("Patient?identifier={NHS}|{}", number("gp-patient"));
    let of =
        |action: &str| format!("path = 'Patient'\nkeys = ['identifier']\naction = {{ {action} }}");
    let more = wrong(&of("add_others = 'gp-patient-unverified-match'")).await;
    let answer = more.get(&search).await;
    assert_eq!(answer.ids(), ["p-2001", "p-2011"]);
    assert!(answer.json()["entry"][1].get("fullUrl").is_none());
    let less = wrong(&of("drop_entries = 'all'")).await.get(&search).await;
    assert!(less.ids().is_empty() && less.json().get("total").is_none());
    let ignores = wrong(&of("ignore_params = ['identifier']")).await;
    assert_eq!(ignores.get(&search).await.status, 400);
}

#[test]
fn a_fault_is_for_one_kind_of_system() {
    let gp = "path = 'Patient/*'\nkeys = []\naction = { status = 500 }";
    let folder = family_of("gp-connect", &[("a", gp)]);
    let options = MockOptions {
        vendor: "riverside-epr".to_owned(),
        ..with(&folder)
    };
    let error = MockSystem::load(&options).err().unwrap();
    assert!(
        matches!(error, MockError::FaultOfAnotherKind { .. }),
        "{error}"
    );
    let folder = family(&[("a", gp)]);
    let message = MockSystem::load(&with(&folder)).err().unwrap().to_string();
    assert!(
        message.contains("`uk-core`") && message.contains("beacon-gp"),
        "{message}"
    );
    let unknown = "path = 'Patient'\nkeys = []\naction = { add_others = 'gp-nobody' }";
    let folder = family_of("gp-connect", &[("a", unknown)]);
    let error = MockSystem::load(&with(&folder)).err().unwrap();
    assert!(matches!(error, MockError::UnknownPerson { .. }), "{error}");
}

#[test]
fn a_wrong_fault_file_is_an_error_that_helps() {
    let metadata = "path = 'metadata'\nkeys = []\n";
    for (kind, case, part) in [
        (
            "gp-connect",
            format!("{metadata}action = {{ skip_checks = ['ssp-trace'] }}"),
            "closest are ssp-traceid",
        ),
        (
            "gp-connect",
            format!("{metadata}refused_by = 'tokens'\naction = {{ status = 500 }}"),
            "closest are token",
        ),
        (
            "gp-connect",
            format!("{metadata}action = {{ answer_wide = true }}"),
            "answer_wide",
        ),
        (
            "gp-connect",
            "path = '/Patient'\nkeys = []\naction = { status = 500 }".to_owned(),
            "below the base path",
        ),
        (
            "uk-core",
            format!("{metadata}action = {{ no_gzip = true }}"),
            "kind = \"gp-connect\"",
        ),
        (
            "uk-core",
            format!("{metadata}body_has = 'x'\naction = {{ status = 500 }}"),
            "kind = \"gp-connect\"",
        ),
        (
            "r4",
            format!("{metadata}action = {{ status = 500 }}"),
            "kind",
        ),
    ] {
        let folder = family_of(kind, &[("a", &case)]);
        let error = fault_catalogue(Some(folder.path()))
            .unwrap_err()
            .to_string();
        assert!(error.contains("f.toml") && error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn refuses_and_registers_all_the_same() {
    let register = "path = 'Patient/$gpc.registerpatient'\nmethod = 'POST'\nkeys = []\n\
                    action = { register_anyway = true }";
    let changed = |change: fn(&mut Value)| {
        let mut patient = patient("gp-new-patient-a");
        change(&mut patient);
        parameters(&patient)
    };
    let bodies = [
        changed(|it| it["birthDate"] = json!("1901-02-03")),
        changed(|it| it["resourceType"] = json!("Organization")),
        changed(|it| it["identifier"][0]["value"] = json!("9990000213")),
        changed(|it| it["identifier"] = json!([])),
        changed(|it| it["name"] = json!([])),
        patient("gp-new-patient-a"),
    ];
    let search = format!("Patient?identifier={NHS}|{}", number("gp-new-patient-a"));
    for body in bodies {
        let practice = wrong(register).await;
        let answer = practice.send(&Ask::registering(&body)).await;
        assert!([400, 422].contains(&answer.status), "{}", answer.text());
        assert_eq!(practice.get(&search).await.ids().len(), 1, "{body}");
    }
    let practice = wrong(register).await;
    let empty = Ask::registering(&json!({"resourceType": "Parameters"}));
    assert_eq!(practice.send(&empty).await.status, 422);
}
