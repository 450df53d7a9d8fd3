//! A valid NHS number outside the test range ends the run at once, wherever it comes.

use crate::canary::{Dice, number, spaced};
use crate::detector::Detector;
use crate::hostile::{Answer, Asked, Hostile};
use crate::support::{self, PACK, Ran, files, record, temp};
use serde_json::json;
use std::path::Path;

const SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// Runs the pack; the number must be nowhere, and the run must say why it ended.
fn stops(
    folder: &Path,
    number: &str,
    tags: Option<&str>,
    spoil: impl FnMut(&Asked, &mut Answer) + Send + 'static,
) -> usize {
    let server = Hostile::start(spoil);
    let target = support::write_target(folder, &support::target(&server.base_url, "integration"));
    let mut command = support::command(folder);
    command
        .args(["run", "--pack", PACK, "--out", "run", "--target"])
        .arg(target);
    command.args(tags.map(|tags| ["--tags", tags]).into_iter().flatten());
    let ran = support::ran(command)
        .code(4)
        .prints("Not completed: a valid NHS number outside");
    let Ran { stdout, stderr, .. } = &ran;
    let detector = Detector::new([number]);
    let mut texts = files(&folder.join("run"));
    texts.push((
        "output".to_owned(),
        [stdout.as_bytes(), stderr.as_bytes()].concat(),
    ));
    for (name, text) in texts {
        assert!(detector.found(&text).is_empty(), "the number is in {name}");
    }
    let record = record(&folder.join("run"));
    assert_eq!(record["completion"]["state"], "incomplete");
    assert!(record["scenarios"].to_string().contains("interrupted"));
    server.asked().len()
}

fn stranger() -> String {
    number(&mut Dice::new(7), "47")
}

#[test]
fn in_a_result() {
    for written in [
        stranger(),
        spaced(&stranger(), " "),
        spaced(&stranger(), "-"),
    ] {
        let folder = temp();
        let number = written.clone();
        let asked = stops(folder.path(), &number, None, move |asked, answer| {
            if asked.path.contains("/Patient?")
                && let Some(mut bundle) = answer.json()
            {
                bundle["entry"][0]["resource"]["identifier"] =
                    json!([{"system": SYSTEM, "value": written}]);
                answer.set_json(&bundle);
            }
        });
        assert!(asked < 40, "{asked} requests");
    }
}

#[test]
fn in_what_the_system_says_of_itself() {
    let folder = temp();
    let number = stranger();
    let planted = number.clone();
    let asked = stops(folder.path(), &number, None, move |asked, answer| {
        if asked.path.ends_with("/metadata")
            && let Some(mut statement) = answer.json()
        {
            statement["contained"] = json!([{"resourceType": "Patient", "id": "x",
                "identifier": [{"system": SYSTEM, "value": planted}]}]);
            answer.set_json(&statement);
        }
    });
    assert_eq!(asked, 1, "it asked on after the first answer");
}

#[test]
fn on_the_second_page() {
    let folder = temp();
    let number = stranger();
    let planted = number.clone();
    let tags = Some("@id:uka-alg-pages");
    let asked = stops(folder.path(), &number, tags, move |asked, answer| {
        if asked.path.contains("_cursor")
            && let Some(mut bundle) = answer.json()
        {
            bundle["entry"][0]["resource"]["patient"] =
                json!({"identifier": {"system": SYSTEM, "value": planted}});
            answer.set_json(&bundle);
        }
    });
    assert_eq!(asked, 4, "metadata, the patient, and two pages");
}

#[test]
fn as_a_number_in_an_error() {
    let folder = temp();
    let number = stranger();
    let planted: u64 = number.parse().unwrap();
    stops(folder.path(), &number, None, move |asked, answer| {
        if asked.path.contains("/AllergyIntolerance?") {
            answer.status = 404;
            answer.set_json(
                &json!({"resourceType": "OperationOutcome", "issue": [{"severity": "error",
                "code": "not-found"}], "x": {"identifier": {"system": SYSTEM, "value": planted}}}),
            );
        }
    });
}
