//! `plumbline validate --tx`: what a terminology server is asked, what becomes of its answers, and a run that is
//! repeated without it. Not for what an answer means: unit tests beside the code.

use crate::stand_in::{CANARY, StandIn};
use crate::support::temp;
use crate::validate::validate;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Codes of two systems that are not known here, between texts that nobody may be told.
fn observation() -> String {
    let coding = |code: &str| json!({"system": "https://codes.example/s", "version": "3", "code": code, "display": "Display-canary"});
    json!({
        "resourceType": "Observation", "id": "id-canary", "status": "final",
        "code": {"coding": [coding("in-1"), coding("out-1")], "text": "Text-canary"},
        "method": {"coding": [coding("lost-1")]},
        "subject": {"reference": "Patient/subject-canary", "display": "Name-canary"},
        "valueString": "Value-canary"
    })
    .to_string()
}

/// A server that knows codes by how they begin.
fn server() -> StandIn {
    StandIn::plain(|asked| {
        if asked.place.ends_with("/metadata") {
            let statement = json!({"resourceType": "CapabilityStatement",
                "software": {"name": "Stand-in", "version": "1.2"}});
            return (200, "", statement.to_string());
        }
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        let coding = &body["parameter"][1]["valueCoding"];
        let code = coding["code"].as_str().unwrap();
        let result = json!({"resourceType": "Parameters", "parameter": [
            {"name": "result", "valueBoolean": code.starts_with("in")},
            {"name": "message", "valueString": CANARY}
        ]});
        if code.starts_with("lost") {
            return (
                404,
                "",
                json!({"resourceType": "OperationOutcome"}).to_string(),
            );
        }
        (200, "", result.to_string())
    })
}

fn url(server: &StandIn) -> String {
    format!("http://{}/r4", server.address)
}

fn prepared(folder: &Path) {
    fs::write(folder.join("o.json"), observation()).unwrap();
}

#[test]
fn answers_count_and_a_frozen_run_says_the_same_and_asks_nobody() {
    let folder = temp();
    prepared(folder.path());
    let server = server();
    let url = url(&server);
    let with = |more: &[&str]| {
        let mut arguments = vec!["o.json", "--format", "json", "--tx-cache", "answers.txt"];
        arguments.extend(more);
        validate(folder.path(), &arguments)
    };
    let first = with(&["--tx", &url]).code(1);
    assert!(
        first.stdout.contains("FHIR-CODE-UNKNOWN"),
        "{}",
        first.stdout
    );
    assert!(first.stdout.contains("Stand-in 1.2"), "{}", first.stdout);
    assert!(
        first
            .stdout
            .contains("does not know the value set or code system")
    );
    let asked = server.asked();
    assert_eq!(asked.len(), 4, "the statement, and each code once");
    let told: Vec<&str> = asked.iter().map(|it| it.body.as_str()).collect();
    let told = told.join(" ");
    assert!(told.contains("in-1") && told.contains("https://codes.example/s"));
    for canary in ["canary", "Patient/", "Observation"] {
        assert!(!told.contains(canary), "{canary} in {told}");
    }
    for line in asked.iter().flat_map(|it| &it.headers) {
        assert!(!line.contains("canary"), "{line}");
    }
    let kept = fs::read_to_string(folder.path().join("answers.txt")).unwrap();
    assert!(!kept.contains("canary") && !kept.contains(CANARY), "{kept}");
    assert!(!first.stdout.contains(CANARY));
    // Nobody is there any more.
    let again = with(&["--tx-frozen"]).code(1);
    assert_eq!(first.stdout, again.stdout);
    assert_eq!(server.asked().len(), 4);
    let live = with(&["--tx", &url]).code(1);
    assert_eq!(first.stdout, live.stdout);
    assert_eq!(server.asked().len(), 5, "only the statement again");
    assert_eq!(
        fs::read_to_string(folder.path().join("answers.txt")).unwrap(),
        kept
    );
}

#[test]
fn a_server_that_fails_decides_nothing() {
    let folder = temp();
    prepared(folder.path());
    let server = StandIn::plain(|_| (500, "", "no".to_owned()));
    let result = validate(
        folder.path(),
        &["o.json", "--format", "json", "--tx", &url(&server)],
    );
    let result = result.code(0);
    assert!(
        result.stdout.contains("answered with status 500"),
        "{}",
        result.stdout
    );
    let nobody = validate(
        folder.path(),
        &[
            "o.json",
            "--format",
            "json",
            "--tx",
            "http://127.0.0.1:9/r4",
        ],
    );
    assert!(
        nobody
            .code(0)
            .stdout
            .contains("the terminology server did not answer")
    );
}

#[test]
fn mistakes_are_told() {
    let folder = temp();
    prepared(folder.path());
    fs::write(folder.path().join("own.txt"), "my notes\n").unwrap();
    let with = |arguments: &[&str]| {
        let all: Vec<&str> = ["o.json"].iter().chain(arguments).copied().collect();
        validate(folder.path(), &all).code(2)
    };
    with(&["--tx", "example"]).says("this is no address of a FHIR server");
    with(&["--tx-frozen", "--tx-cache", "new.txt"]).says("there are no frozen answers");
    with(&["--tx-cache", "new.txt"]).says("there is no server whose answers it could keep");
    with(&["--tx-frozen"]).says("--tx-cache");
    with(&["--tx", "http://127.0.0.1:9/", "--tx-cache", "own.txt"]).says("line 1");
    assert_eq!(
        fs::read_to_string(folder.path().join("own.txt")).unwrap(),
        "my notes\n"
    );
    let answers = "plumbline-terminology-answers 1\nserver http://other.example/\nsoftware x\n\
                   2026-11-22\tinside\t\turn:s\t\tc\t\n";
    fs::write(folder.path().join("other.txt"), answers).unwrap();
    with(&["--tx", "http://127.0.0.1:9/", "--tx-cache", "other.txt"]).says("name another file");
}
