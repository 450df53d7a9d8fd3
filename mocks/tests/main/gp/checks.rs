//! Every check: what it refuses and how, and that a fault can skip it.
//! Not for faults in general.

use super::ask::{Answer, Ask, Practice, encoded, parameters, patient};
use super::{NHS, NOW, ODS, SDS, beacon, number};
use crate::faults::family_of;
use plumbline_mocks::MockOptions;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A request that one check refuses, with that check's name, status and Spine code.
struct Refused {
    check: &'static str,
    status: u16,
    code: &'static str,
    ask: Ask,
}

fn refused(check: &'static str, status: u16, code: &'static str, ask: Ask) -> Refused {
    Refused {
        check,
        status,
        code,
        ask,
    }
}

fn all() -> Vec<Refused> {
    let mut all = transport();
    all.extend(tokens());
    all.extend(searches_and_reads());
    all.extend(registrations());
    all
}

fn transport() -> Vec<Refused> {
    let bad = |check, ask| refused(check, 400, "BAD_REQUEST", ask);
    let metadata = || Ask::get("metadata");
    let mut switched_off = metadata();
    switched_off.base = "/Z9X02/STU3/1/gpconnect".to_owned();
    let read = Ask::get("Patient/p-2001");
    let other = read.headers["ssp-interactionid"].clone();
    let mut wrong_case = read;
    wrong_case.path = "patient/p-2001".to_owned();
    vec![
        refused("path", 404, "NO_RECORD_FOUND", wrong_case),
        refused(
            "implemented",
            501,
            "NOT_IMPLEMENTED",
            Ask::get("Slot?start=2026-05-18"),
        ),
        bad("method", Ask::get("Patient/p-2001").method("PATCH")),
        refused("enabled", 403, "ACCESS DENIED", switched_off),
        refused(
            "format",
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            Ask::get("metadata?_format=abc"),
        ),
        refused(
            "accept",
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            metadata().header("accept", "text/plain"),
        ),
        refused(
            "content-type",
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            Ask::register("gp-new-patient-a").header("content-type", "application/json"),
        ),
        bad("ssp-traceid", metadata().without("ssp-traceid")),
        bad("ssp-from", metadata().without("ssp-from")),
        bad("ssp-to", metadata().without("ssp-to")),
        bad("ssp-to-other", metadata().header("ssp-to", "200000000000")),
        bad("ssp-interaction", metadata().without("ssp-interactionid")),
        bad(
            "ssp-interaction-other",
            metadata().header("ssp-interactionid", &other),
        ),
    ]
}

fn tokens() -> Vec<Refused> {
    let bad = |check, ask| refused(check, 400, "BAD_REQUEST", ask);
    let invalid = |check, ask| refused(check, 422, "INVALID_RESOURCE", ask);
    let metadata = || Ask::get("metadata");
    let claim = |pointer: &str, value: Value| metadata().claim(pointer, value);
    let without = |name: &str| claim(&format!("/{name}"), Value::Null);
    let head = encoded(&json!({"alg": "none"}));
    let signed = encoded(&json!({"alg": "RS256"}));
    let body = "{claims}";
    vec![
        bad("token", metadata().token("")),
        bad("token-scheme", metadata().token("Basic dXNlcjp3b3Jk")),
        bad(
            "token-parts",
            metadata().token(&format!("Bearer {head}.{body}")),
        ),
        bad(
            "token-base64",
            metadata().token("Bearer {\"alg\"}.{\"iss\"}."),
        ),
        bad(
            "token-json",
            metadata().token(&format!("Bearer {head}.{head}x.")),
        ),
        bad(
            "token-alg",
            metadata().token(&format!("Bearer {signed}.{body}.")),
        ),
        bad(
            "token-signature",
            metadata().token(&format!("Bearer {head}.{body}.abc")),
        ),
        bad("token-claim-iss", without("iss")),
        bad("token-claim-sub", without("sub")),
        bad("token-claim-aud", without("aud")),
        bad("token-claim-exp", without("exp")),
        bad(
            "token-claim-reason_for_request",
            without("reason_for_request"),
        ),
        bad("token-claim-requested_scope", without("requested_scope")),
        bad(
            "token-claim-requesting_device",
            without("requesting_device"),
        ),
        bad(
            "token-claim-requesting_organization",
            without("requesting_organization"),
        ),
        bad(
            "token-claim-requesting_practitioner",
            without("requesting_practitioner"),
        ),
        bad(
            "token-exp",
            claim("/iat", json!(NOW - 600)).claim("/exp", json!(NOW - 300)),
        ),
        bad(
            "token-aud",
            claim("/aud", json!("https://other.example/STU3/1")),
        ),
        bad(
            "token-reason",
            claim("/reason_for_request", json!("research")),
        ),
        bad(
            "token-scope-word",
            claim("/requested_scope", json!("badScope")),
        ),
        bad(
            "token-scope",
            claim("/requested_scope", json!("patient/*.write")),
        ),
        bad(
            "token-device-type",
            claim("/requesting_device/resourceType", json!("Patient")),
        ),
        invalid(
            "token-device",
            claim("/requesting_device/colour", json!("red")),
        ),
        bad(
            "token-organization-type",
            claim("/requesting_organization/resourceType", json!("Patient")),
        ),
        invalid(
            "token-organization",
            claim("/requesting_organization/colour", json!("red")),
        ),
        bad(
            "token-organization-ods",
            claim("/requesting_organization/identifier", Value::Null),
        ),
        bad(
            "token-organization-name",
            claim("/requesting_organization/name", Value::Null),
        ),
        bad(
            "token-practitioner-type",
            claim("/requesting_practitioner/resourceType", json!("Person")),
        ),
        invalid(
            "token-practitioner",
            claim("/requesting_practitioner/colour", json!("red")),
        ),
        bad(
            "token-practitioner-sds",
            claim("/requesting_practitioner/identifier", json!([])),
        ),
        bad(
            "token-practitioner-name",
            claim("/requesting_practitioner/name", Value::Null),
        ),
        bad("token-sub", claim("/sub", json!("10020"))),
    ]
}

fn searches_and_reads() -> Vec<Refused> {
    let held = format!("{NHS}|{}", number("gp-patient"));
    let find = |query: &str| Ask::get(&format!("Patient?{query}"));
    let read = |role: &str| Ask::get(&format!("Patient/{}", super::fact(role, "id")));
    let gone = |check, role: &str| refused(check, 404, "PATIENT_NOT_FOUND", read(role));
    vec![
        refused(
            "identifier-missing",
            400,
            "BAD_REQUEST",
            find(&format!("identifIER={held}")),
        ),
        refused(
            "identifier-twice",
            400,
            "BAD_REQUEST",
            find(&format!("identifier={held}&identifier={held}")),
        ),
        refused(
            "identifier-form",
            422,
            "INVALID_PARAMETER",
            find(&format!("identifier={NHS}|")),
        ),
        refused(
            "identifier-system",
            400,
            "INVALID_IDENTIFIER_SYSTEM",
            find("identifier=https://plumbline.invalid/Id/none|9990000212"),
        ),
        refused(
            "identifier-value",
            400,
            "INVALID_NHS_NUMBER",
            find(&format!("identifier={NHS}|9990000213")),
        ),
        refused(
            "patient-unknown",
            404,
            "PATIENT_NOT_FOUND",
            Ask::get("Patient/nobody"),
        ),
        gone("patient-left", "gp-patient-left"),
        gone("patient-never-verified", "gp-patient-unverified-differs"),
        gone("patient-deceased", "gp-patient-deceased"),
        gone("patient-sensitive", "gp-patient-sensitive"),
        gone("patient-superseded", "gp-patient-unverified-superseded"),
        refused(
            "practitioner-unknown",
            404,
            "PRACTITIONER_NOT_FOUND",
            Ask::get("Practitioner/nobody"),
        ),
        refused(
            "organization-unknown",
            404,
            "ORGANISATION_NOT_FOUND",
            Ask::get("Organization/none"),
        ),
        refused(
            "location-unknown",
            404,
            "NO_RECORD_FOUND",
            Ask::get("Location/nowhere"),
        ),
    ]
}

fn registrations() -> Vec<Refused> {
    let body =
        |check, body: &Value| refused(check, 422, "INVALID_RESOURCE", Ask::registering(body));
    let changed = |pointer: &str, value: Value| {
        let mut patient = patient("gp-new-patient-b");
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match patient.pointer_mut(parent).unwrap() {
            Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
            parent => parent[name] = value,
        }
        parameters(&patient)
    };
    let element = |check, pointer: &str, value| body(check, &changed(pointer, value));
    let good = patient("gp-new-patient-b");
    let whole = parameters(&good);
    let parameter = whole["parameter"][0].clone();
    let named =
        json!({"resourceType": "Parameters", "parameter": [{"name": "patient", "resource": good}]});
    let twice = json!({"resourceType": "Parameters", "parameter": [parameter, parameter]});
    let (identifier, name) = (good["identifier"][0].clone(), good["name"][0].clone());
    let home = json!({"use": "home", "city": "Nether Halden"});
    let phone = json!({"system": "phone", "use": "home", "value": "01632 960777"});
    let old = json!({"system": "phone", "use": "old", "value": "01632 960777"});
    let communication = json!({"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-NHSCommunication-1"});
    let demographics = |check, role: &str| {
        refused(
            check,
            400,
            "INVALID_PATIENT_DEMOGRAPHICS",
            Ask::register(role),
        )
    };
    let number = |check, role: &str| refused(check, 400, "INVALID_NHS_NUMBER", Ask::register(role));
    vec![
        refused(
            "register-body",
            400,
            "BAD_REQUEST",
            Ask::register("gp-new-patient-b").body("{"),
        ),
        body("register-resource", &good),
        body(
            "register-parameter-missing",
            &json!({"resourceType": "Parameters"}),
        ),
        refused(
            "register-parameter",
            422,
            "INVALID_PARAMETER",
            Ask::registering(&named),
        ),
        body("register-parameter-twice", &twice),
        element("register-patient", "/resourceType", json!("Organization")),
        element("register-element", "/maritalStatus", json!({"text": "x"})),
        element("register-identifier", "/identifier", json!([])),
        element(
            "register-identifier-twice",
            "/identifier",
            json!([identifier, identifier]),
        ),
        refused(
            "register-nhs-number",
            400,
            "INVALID_NHS_NUMBER",
            Ask::registering(&changed("/identifier/0/value", json!("9990000213"))),
        ),
        element("register-name", "/name/0/use", json!("usual")),
        element("register-name-twice", "/name", json!([name, name])),
        element("register-family", "/name/0/family", json!("")),
        element("register-given", "/name/0/given", json!([])),
        element("register-birth-date", "/birthDate", Value::Null),
        element("register-birth-date-form", "/birthDate", json!("1.2.1990")),
        element("register-gender", "/gender", json!("F")),
        element("register-address-use", "/address", json!([{"use": "old"}])),
        element("register-address-twice", "/address", json!([home, home])),
        element("register-telecom-use", "/telecom", json!([old])),
        element("register-telecom-twice", "/telecom", json!([phone, phone])),
        element(
            "register-communication-twice",
            "/extension",
            json!([communication, communication]),
        ),
        demographics("pds-unknown", "gp-new-unknown"),
        refused(
            "pds-match",
            400,
            "INVALID_PATIENT_DEMOGRAPHICS",
            Ask::registering(&changed("/birthDate", json!("1901-02-03"))),
        ),
        demographics("pds-deceased", "gp-new-deceased"),
        demographics("pds-sensitive", "gp-new-sensitive"),
        number("pds-superseded", "gp-new-superseded"),
        refused(
            "duplicate",
            409,
            "DUPLICATE_REJECTED",
            Ask::register("gp-patient"),
        ),
    ]
}

fn assert_refused(answer: &Answer, status: u16, code: &str, check: &str) {
    assert_eq!(answer.status, status, "{check}: {}", answer.text());
    assert_eq!(answer.code(), code, "{check}");
    let outcome = answer.json();
    let issue = &outcome["issue"][0];
    assert_eq!(issue["severity"], "error", "{check}");
    assert!(
        !issue["diagnostics"].as_str().unwrap().is_empty(),
        "{check}"
    );
    assert_eq!(
        outcome["meta"]["profile"][0],
        "https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1"
    );
    assert_eq!(answer.headers["cache-control"], "no-store", "{check}");
}

#[tokio::test]
async fn each_check_refuses_with_its_own_error() {
    let practice = Practice::open().await;
    for Refused {
        check,
        status,
        code,
        ask,
    } in all()
    {
        let answer = practice.send(&ask).await;
        assert_refused(&answer, status, code, check);
    }
    // Nobody was registered by any of that.
    let found = format!("Patient?identifier={NHS}|{}", number("gp-new-patient-b"));
    assert!(practice.get(&found).await.ids().is_empty());
}

/// The checks of the table in `mocks/faults/README.md`.
fn listed() -> BTreeSet<String> {
    let text = std::fs::read_to_string("faults/README.md").unwrap();
    let (_, below) = text.split_once("## The checks of a GP system").unwrap();
    let (table, _) = below.split_once("\n## ").unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let names = rows.filter_map(|row| row.split_once('`'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// Checks that no person of `scenarios/_people` can meet.
const NOT_MET: [&str; 2] = ["patient-invalid", "pds-invalid"];

/// A fault for each check: it acts only where that check refuses.
fn case(one: &Refused) -> String {
    let Refused { check, ask, .. } = one;
    let (path, query) = ask.path.split_once('?').unwrap_or((&ask.path, ""));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let keys: BTreeSet<String> = pairs.map(|(key, _)| format!("'{key}'")).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    // Outside of the base path the whole path counts.
    let path = match *check {
        "enabled" => format!("{}/metadata", &ask.base[1..]),
        _ => path.to_owned(),
    };
    // Many register the same person.
    format!(
        "path = '{path}'\nmethod = '{}'\nkeys = [{}]\nrefused_by = '{check}'\n\
         action = {{ skip_checks = ['{check}', 'duplicate'] }}",
        ask.method,
        keys.join(", ")
    )
}

#[tokio::test]
async fn each_check_can_be_skipped_and_only_that_one() {
    let all = all();
    let cases: Vec<(&str, String)> = all.iter().map(|one| (one.check, case(one))).collect();
    let cases: Vec<(&str, &str)> = cases
        .iter()
        .map(|(name, case)| (*name, case.as_str()))
        .collect();
    let folder = family_of("gp-connect", &cases);
    let practice = Practice::with(&MockOptions {
        faults: cases
            .iter()
            .map(|(name, _)| format!("f/R/{name}"))
            .collect(),
        faults_dir: Some(folder.path().to_owned()),
        ..beacon()
    })
    .await;
    for Refused { check, ask, .. } in &all {
        let answer = practice.send(ask).await;
        // Where there is nothing to answer with, or another check sees the same, it is refused.
        let expected: &[u16] = match *check {
            "implemented"
            | "enabled"
            | "patient-unknown"
            | "practitioner-unknown"
            | "organization-unknown"
            | "location-unknown" => &[404],
            "register-parameter-missing" | "register-body" => &[422],
            "register-birth-date"
            | "register-birth-date-form"
            | "register-identifier"
            | "register-nhs-number" => &[400],
            _ => &[200],
        };
        let status = answer.status;
        assert!(
            expected.contains(&status),
            "{check}: {status} {}",
            answer.text()
        );
    }
    let two = Ask::get("metadata").without("ssp-to").without("ssp-from");
    let answer = practice.send(&two).await;
    assert_eq!(
        answer.status, 400,
        "only the first of two checks is skipped"
    );

    let mut names: BTreeSet<String> = all.iter().map(|one| one.check.to_owned()).collect();
    names.extend(NOT_MET.map(str::to_owned));
    assert_eq!(names, listed(), "the table of checks in faults/README.md");
}

#[tokio::test]
async fn refuses_what_else_is_wrong_with_a_request() {
    let practice = Practice::open().await;
    let interaction = "urn:nhs:names:services:gpconnect:fhir:rest:read:Metadata-1";
    let metadata = || Ask::get("metadata");
    let with_path = |path: &str| {
        let mut ask = metadata();
        path.clone_into(&mut ask.path);
        ask
    };
    let other_root = |base: &str| {
        let mut ask = metadata();
        base.clone_into(&mut ask.base);
        ask
    };
    for (ask, status) in [
        (metadata().header("ssp-traceid", " "), 400),
        (metadata().header("ssp-interactionid", interaction), 400),
        (metadata().method("POST"), 400),
        (metadata().method("DELETE"), 400),
        (metadata().method("OPTIONS"), 400),
        (metadata().method("HEAD"), 400),
        (with_path("Metadata"), 404),
        (with_path("metadatas").method("POST"), 404),
        (with_path("Patients").method("POST"), 404),
        (with_path("Patient/$gpc.registerpatien").method("POST"), 404),
        (with_path("Location"), 501),
        (other_root("/z9x01/STU3/1/gpconnect"), 404),
        (other_root("/Z9X01/STU3/1"), 404),
        (Ask::get("Patient/%23%23"), 404),
        (metadata().claim("/exp", json!(NOW)), 400),
        (metadata().claim("/exp", json!("soon")), 400),
        (metadata().claim("/sub", json!(" ")), 400),
        (
            metadata().claim("/requesting_device/model", Value::Null),
            422,
        ),
        (
            metadata().claim("/requested_scope", json!("organization/*.read conf/X")),
            400,
        ),
        (metadata().header("accept", "application/json"), 415),
        (Ask::get("Practitioner?identifier=555000000001"), 422),
        (
            Ask::get(&format!("Practitioner?identifier={ODS}|Z9X01")),
            400,
        ),
        (Ask::get(&format!("Organization?identifier={SDS}|1")), 400),
        (
            Ask::get(&format!("Patient?identifier=|{}", number("gp-patient"))),
            422,
        ),
        (Ask::get("Patient"), 400),
    ] {
        let answer = practice.send(&ask).await;
        assert_eq!(answer.status, status, "{} {}", ask.path, answer.text());
        if ask.method != "HEAD" {
            assert_eq!(answer.json()["resourceType"], "OperationOutcome");
        }
    }
}
