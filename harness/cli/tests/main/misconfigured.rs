//! Mistakes in setting up: doctor names the key of target.toml and the cure, and neither doctor nor a
//! run ever makes them a failure of the system.
//! Not for what doctor says in each case word by word: see `doctor`.

mod faults;
mod stage;

use crate::support::{Ran, command, ran, record};
use faults::{Fault, Run};
use serde_json::Value;
use stage::{KEY, PASSWORD_VARIABLE, Setting, Stage, trusting};
use std::collections::BTreeSet;
use std::fs;

/// A small plan: searches for a patient, and for the records of one.
const TAGS: &str = "@id:uka-pat-identifier or @id:uka-pat-birthdate or @id:uka-alg-patient";
/// Words by which a system would be accused.
const ACCUSING: [&str; 4] = ["Fail", "failure", "Not conformant", "Warning"];

/// The rows are tried in parts, so that the parts run side by side.
const PARTS: usize = 3;

#[test]
fn mistakes_are_named_and_never_held_against_the_system() {
    part(0);
}

#[test]
fn mistakes_are_named_and_never_held_against_the_system_second_part() {
    part(1);
}

#[test]
fn mistakes_are_named_and_never_held_against_the_system_third_part() {
    part(2);
}

fn part(number: usize) {
    let stage = Stage::new();
    let mut wrong = Vec::new();
    for fault in faults::all().skip(number).step_by(PARTS) {
        let setting = (fault.set)(&stage);
        setting.write(&stage);
        let doctor = doctor(&stage, &setting, fault);
        let run = run(&stage, &setting, fault);
        wrong.extend(doctor.into_iter().chain(run));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn started(stage: &Stage, setting: &Setting, arguments: &[&str]) -> Ran {
    let mut command = command(stage.folder.path());
    command.args(arguments).env_remove(PASSWORD_VARIABLE);
    for (name, value) in &setting.variables {
        command.env(name, value);
    }
    let ran = ran(command);
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains(KEY), "{text}");
        let accusing = ACCUSING.iter().find(|word| text.contains(**word));
        assert_eq!(accusing, None, "{text}");
    }
    ran
}

/// What is not as it should be with doctor.
fn doctor(stage: &Stage, setting: &Setting, fault: &Fault) -> Vec<String> {
    let arguments = ["doctor", "--target", "target.toml", "--format", "json"];
    let ran = started(stage, setting, &arguments);
    let text = started(stage, setting, &arguments[..3]);
    let diagnosis: Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = diagnosis["findings"].as_array().unwrap();
    let problems: Vec<&Value> = findings
        .iter()
        .filter(|f| f["outcome"] == "problem")
        .collect();
    let mut wrong = Vec::new();
    let mut say = |what: String| wrong.push(format!("{}: doctor: {what}", fault.id));
    if ran.code != Some(fault.doctor) || text.code != ran.code {
        say(format!("exit codes {:?} and {:?}", ran.code, text.code));
    }
    if problems.is_empty() {
        say("no problem".to_owned());
    }
    let wanted = (!fault.field.is_empty()).then_some(fault.field);
    for problem in &problems {
        if problem["field"].as_str() != wanted {
            say(format!("names {}", problem["field"]));
        }
        if !problem["next"]
            .as_str()
            .is_some_and(|next| next.ends_with('.'))
        {
            say(format!("no sentence: {}", problem["next"]));
        }
    }
    let advice: String = problems.iter().filter_map(|p| p["next"].as_str()).collect();
    if !advice.contains(fault.fix) || !text.stdout.contains(fault.fix) {
        say(format!("no `{}` in {advice}", fault.fix));
    }
    wrong
}

/// What is not as it should be with a run.
fn run(stage: &Stage, setting: &Setting, fault: &Fault) -> Vec<String> {
    let out = stage.folder.path().join(fault.id);
    let folder = out.display().to_string();
    let ran = started(
        stage,
        setting,
        &[
            "run",
            "--target",
            "target.toml",
            "--pack",
            "uk-core-access",
            "--tags",
            TAGS,
            "--out",
            &folder,
        ],
    );
    let mut wrong = Vec::new();
    let mut say = |what: String| wrong.push(format!("{}: run: {what}", fault.id));
    if fault.run == Run::Refused {
        if ran.code != Some(2) || !ran.stderr.contains("help: ") || out.exists() {
            say(format!("exit code {:?}: {}", ran.code, ran.stderr));
        }
        return wrong;
    }
    // Part of a pack is never enough to conform.
    if ran.code != Some(4) {
        say(format!(
            "exit code {:?}: {} {}",
            ran.code, ran.stdout, ran.stderr
        ));
    }
    let record = record(&out);
    let verdicts: BTreeSet<(&str, &str)> = record["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scenario| &scenario["verdict"])
        .map(|verdict| {
            let text = |key: &str| verdict[key].as_str().unwrap_or_default();
            (text("verdict"), text("reason"))
        })
        .collect();
    let accused = verdicts
        .iter()
        .any(|(verdict, _)| matches!(*verdict, "fail" | "warning"));
    let right = match fault.run {
        Run::Error(kind) => verdicts.contains(&("error", kind)),
        Run::Unaffected => verdicts.contains(&("pass", "")),
        Run::Refused => false,
    };
    if accused || !right {
        say(format!("{verdicts:?}"));
    }
    wrong
}

#[test]
fn the_same_system_set_up_rightly_has_no_problem_and_passes() {
    let stage = Stage::new();
    stage.write_client(&stage.clients);
    let plain = Setting::of(stage.plain().base("http"));
    let own = "[connection.client_certificate]\ncertificate = \"client.pem\"\nkey = \"client.key\"";
    let guarded = stage.encrypted(stage.guarded());
    let guarded = Setting::of(guarded.base("https")).connection(trusting(own));
    for (name, setting) in [("plain", plain), ("guarded", guarded)] {
        setting.write(&stage);
        let doctor = started(&stage, &setting, &["doctor", "--target", "target.toml"]).code(0);
        if name == "guarded" {
            doctor.prints(
                "ok           client certificate: the system asks for one, and takes that of ",
            );
        }
        let out = stage.folder.path().join(name).display().to_string();
        let arguments = [
            "run",
            "--target",
            "target.toml",
            "--pack",
            "uk-core-access",
            "--tags",
            TAGS,
            "--out",
            &out,
        ];
        started(&stage, &setting, &arguments).code(4);
        let record = record(out.as_ref());
        for scenario in record["scenarios"].as_array().unwrap() {
            assert_eq!(scenario["verdict"]["verdict"], "pass", "{scenario}");
        }
    }
}

#[test]
fn each_mistake_is_there_once_and_the_page_shows_it() {
    let ids: BTreeSet<&str> = faults::all().map(|fault| fault.id).collect();
    assert_eq!(ids.len(), faults::all().count());
    assert!(ids.len() >= 25);
    let page =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/doctor.md")).unwrap();
    let table = faults::table();
    assert!(
        page.contains(&table),
        "harness/docs/doctor.md has another table than this:\n{table}"
    );
}

/// The answer with other birth dates.
fn born_later(body: &str) -> String {
    let mut answer: Value = serde_json::from_str(body).unwrap();
    for entry in answer["entry"].as_array_mut().into_iter().flatten() {
        if entry["resource"]["birthDate"].is_string() {
            entry["resource"]["birthDate"] = "1999-09-09".into();
        }
    }
    answer.to_string()
}

/// Header lines of an answer from a clock that is behind.
fn http_date_ten_minutes_ago() -> &'static str {
    let then = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&then)
        .unwrap();
    let lines = format!("content-type: application/fhir+json\r\ndate: {date}\r\n");
    // A few for the whole test.
    Box::leak(lines.into_boxed_str())
}
