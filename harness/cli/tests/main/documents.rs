//! Documents through the whole command: what they say of a person reaches no file, a real number ends the
//! run, and something else than a document is told. Not for which rules there are.

use crate::canary::{self, Dice};
use crate::detector::Detector;
use crate::hostile::{Answer, Asked, Hostile};
use crate::support::{self, Ran, files, record, temp};
use serde_json::{Value, json};
use std::path::Path;

const PACK: &str = "transfer-of-care";
/// What a careless author might write, and where.
const CANARIES: [&str; 6] = [
    "Zorvaxine Quibbleworth",
    "Canary Lane 77",
    "zq.canary@nowhere.invalid",
    "told his sister Wilhelmina",
    "CANARY77123",
    "1934-05-06",
];

fn is_document(asked: &Asked) -> bool {
    asked.path.contains("document")
}

/// Runs the pack against the mock behind a server that changes documents.
fn run(
    folder: &Path,
    environment: &str,
    spoil: impl FnMut(&Asked, &mut Answer) + Send + 'static,
) -> Ran {
    let server = Hostile::start(spoil);
    let mut init = support::command(folder);
    init.args(["init", "--pack", PACK, "target.toml"]);
    support::ran(init).code(0);
    let path = folder.join("target.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text
        .replace("http://127.0.0.1:8080/fhir", &server.base_url)
        .replace(
            "environment = \"sandbox\"",
            &format!("environment = \"{environment}\""),
        )
        .replace("requests_per_second = 20\n", "requests_per_second = 1000\n");
    std::fs::write(&path, text).unwrap();
    let mut command = support::command(folder);
    command.args([
        "run",
        "--pack",
        PACK,
        "--out",
        "run",
        "--target",
        "target.toml",
    ]);
    support::ran(command)
}

/// The document with each canary somewhere else in it.
fn plant(document: &mut Value) {
    let div = format!(
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{}, {}, {}</p></div>",
        CANARIES[0], CANARIES[1], CANARIES[3]
    );
    if let Some(sections) = document["entry"][0]["resource"]["section"].as_array_mut() {
        // So that there is something to find.
        sections.retain(|section| section["code"]["coding"][0]["code"] != "diagnoses");
    }
    let sections = document["entry"][0]["resource"]["section"].as_array_mut();
    for section in sections.into_iter().flatten() {
        section["text"]["div"] = json!(div);
        section["title"] = json!(CANARIES[3]);
    }
    document["entry"][0]["resource"]["title"] = json!(CANARIES[0]);
    for entry in document["entry"].as_array_mut().into_iter().flatten() {
        let resource = &mut entry["resource"];
        resource["text"] = json!({"status": "generated", "div": div});
        match resource["resourceType"].as_str() {
            Some("Patient") => {
                resource["name"] = json!([{"family": CANARIES[0], "given": [CANARIES[0]]}]);
                resource["address"] = json!([{"line": [CANARIES[1]]}]);
                resource["telecom"] = json!([{"system": "email", "value": CANARIES[2]}]);
                resource["birthDate"] = json!(CANARIES[5]);
            }
            Some("Organization") => {
                resource["identifier"][0]["value"] = json!(CANARIES[4]);
                resource["name"] = json!(CANARIES[0]);
            }
            Some("AllergyIntolerance") => resource["code"] = json!({"text": CANARIES[3]}),
            Some("Encounter") => resource["reasonCode"] = json!([{"text": CANARIES[3]}]),
            _ => {}
        }
    }
}

#[test]
fn nothing_that_a_document_says_of_a_person_reaches_a_file() {
    for environment in ["integration", "sandbox"] {
        let folder = temp();
        let ran = run(folder.path(), environment, |asked, answer| {
            if is_document(asked)
                && let Some(mut document) = answer.json()
            {
                plant(&mut document);
                answer.set_json(&document);
            }
        });
        assert!(matches!(ran.code, Some(1 | 4)), "{ran:?}");
        let detector = Detector::new(CANARIES);
        let mut texts = files(&folder.path().join("run"));
        texts.push((
            "output".to_owned(),
            [ran.stdout.as_bytes(), ran.stderr.as_bytes()].concat(),
        ));
        assert!(texts.len() > 4);
        for (name, text) in texts {
            let found = detector.found(&text);
            let found: Vec<&str> = found.into_iter().map(|at| CANARIES[at]).collect();
            assert!(found.is_empty(), "{environment}: {found:?} in {name}");
        }
        let record = record(&folder.path().join("run")).to_string();
        assert!(
            record.contains("CONTENT-SECTION"),
            "the documents were judged"
        );
    }
}

#[test]
fn names_of_our_own_people_stay_out_of_real_environments() {
    let ours = [
        "Oxenbridge",
        "Penhaligon",
        "Quillfeather",
        "Ropewalk",
        "9990003009",
    ];
    let folder = temp();
    let ran = run(folder.path(), "integration", |_, _| {});
    assert!(matches!(ran.code, Some(0 | 1 | 4)), "{ran:?}");
    let detector = Detector::new(ours);
    for (name, text) in files(&folder.path().join("run")) {
        assert!(
            detector.found(&text).is_empty(),
            "one of our people is in {name}"
        );
    }
}

#[test]
fn a_real_number_in_a_document_ends_the_run() {
    let folder = temp();
    let number = canary::number(&mut Dice::new(11), "47");
    let planted = number.clone();
    let ran = run(folder.path(), "integration", move |asked, answer| {
        if is_document(asked)
            && let Some(mut document) = answer.json()
        {
            document["entry"][1]["resource"]["identifier"] =
                json!([{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": planted}]);
            answer.set_json(&document);
        }
    });
    let ran = ran
        .code(4)
        .prints("Not completed: a valid NHS number outside");
    let detector = Detector::new([number.as_str()]);
    let mut texts = files(&folder.path().join("run"));
    texts.push((
        "output".to_owned(),
        [ran.stdout.as_bytes(), ran.stderr.as_bytes()].concat(),
    ));
    for (name, text) in texts {
        assert!(detector.found(&text).is_empty(), "the number is in {name}");
    }
}

#[test]
fn something_else_than_a_document_is_told_and_never_passes() {
    let bodies = [
        "<html><body>Please sign in</body></html>",
        "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":0}",
        "{\"resourceType\":\"Bundle\",\"type\":\"document\"}",
        "{\"resourceType\":\"Bundle\",\"type\":\"document\",\"entry\":[null,{},[]]}",
        "{\"resourceType\":\"Bundle\",\"type\":\"document\",\"entry\":[{\"resource\":{\"resourceType\":\"Composition\"}}]}",
        "[]",
        "",
    ];
    for body in bodies {
        let folder = temp();
        let ran = run(folder.path(), "sandbox", move |asked, answer| {
            if is_document(asked) {
                body.as_bytes().clone_into(&mut answer.body);
            }
        });
        assert!(matches!(ran.code, Some(1 | 4)), "{body}: {ran:?}");
        let record = record(&folder.path().join("run"));
        for scenario in record["scenarios"].as_array().unwrap() {
            assert_ne!(
                scenario["verdict"]["verdict"], "pass",
                "{body}: {}",
                scenario["id"]
            );
            assert_ne!(
                scenario["verdict"]["reason"], "internal",
                "{body}: {}",
                scenario["id"]
            );
        }
    }
}
