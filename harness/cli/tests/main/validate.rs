//! `plumbline validate` as its users meet it: forms of output, exit codes, order. Not for hostile files:
//! `validate_bad_input`, nor for the rules of FHIR, which are the library's.

use crate::support::{Ran, command, plumbline, ran, temp};
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

pub const GOOD: &str = r#"{"resourceType":"Patient","id":"p-1","active":true,"gender":"female"}"#;
const GOOD_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Patient xmlns="http://hl7.org/fhir"><id value="p-1"/><active value="true"/><gender value="female"/></Patient>"#;
const BAD: &str = r#"{
  "resourceType": "Patient",
  "meta": {"profile": ["https://fhir.example/StructureDefinition/Own-Patient"]},
  "birthDate": "1970-02-30",
  "sex": "x"
}"#;

/// `plumbline validate` with these arguments.
pub fn validate(folder: &Path, arguments: &[&str]) -> Ran {
    let all: Vec<&str> = ["validate"].iter().chain(arguments).copied().collect();
    plumbline(folder, &all)
}

#[test]
fn good_files_of_both_syntaxes() {
    let folder = temp();
    // The name says nothing: the content does.
    fs::write(folder.path().join("a.xml"), GOOD).unwrap();
    fs::write(folder.path().join("b.json"), GOOD_XML).unwrap();
    let result = validate(folder.path(), &["a.xml", "b.json"])
        .code(0)
        .prints("a.xml: no errors (Patient)\n")
        .prints("b.json: no errors (Patient)\n")
        .prints("2 files: 2 without errors.\n")
        .prints("FHIR R4 (4.0.1)")
        .prints("Not checked:\n")
        .prints("Terminology:");
    // No progress bar where nobody looks.
    assert_eq!(result.stderr, "");
}

#[test]
fn problems_have_place_code_cause_and_cure() {
    let folder = temp();
    fs::write(folder.path().join("bad.json"), BAD).unwrap();
    let shown = validate(folder.path(), &["bad.json"])
        .code(1)
        .prints("bad.json: 2 errors (Patient)\n")
        .prints("  bad.json:4:16: error FHIR-DATE: ")
        .prints("  bad.json:5:10: error FHIR-UNKNOWN-ELEMENT: Patient has no element sex")
        .prints("    where:    Patient.sex\n")
        .prints("    expected: ")
        .prints("    found:    ")
        .prints("    fix:      ")
        .prints("  not checked: the profile https://fhir.example/StructureDefinition/Own-Patient: ")
        .prints("1 file: 0 without errors, 1 with errors. In all 2 errors.\n")
        .prints("Profile https://fhir.example/StructureDefinition/Own-Patient: ")
        .prints("If they are STU3, add --fhir stu3.")
        .stdout;
    let at = |text: &str| shown.find(text).unwrap();
    assert!(at("bad.json:4:16") < at("bad.json:5:10"), "{shown}");
}

#[test]
fn the_version_is_the_one_that_was_asked_for() {
    let folder = temp();
    let stu3 = r#"{"resourceType":"DataElement","status":"draft","element":[{"path":"a"}]}"#;
    fs::write(folder.path().join("stu3.json"), stu3).unwrap();
    validate(folder.path(), &["stu3.json", "--fhir", "stu3"])
        .code(0)
        .prints("FHIR STU3 (3.0.2)");
    validate(folder.path(), &["stu3.json"])
        .code(1)
        .prints("FHIR-UNKNOWN-RESOURCE");
    validate(folder.path(), &["stu3.json", "--fhir", "r5"])
        .code(2)
        .says("stu3");
}

#[test]
fn wrong_usage() {
    let folder = temp();
    fs::write(folder.path().join("a.json"), GOOD).unwrap();
    for option in ["--profile", "--package"] {
        let result = validate(folder.path(), &["a.json", option, "x"]);
        let result = result.code(2).says(option).says("there is no such file");
        assert_eq!(result.stdout, "");
    }
    validate(folder.path(), &[]).code(2).says("FILE");
    validate(folder.path(), &["a.json", "--format", "pdf"])
        .code(2)
        .says("operation-outcome");
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_checked() {
    let folder = temp();
    fs::write(folder.path().join("a.json"), GOOD).unwrap();
    fs::write(folder.path().join("bad.json"), BAD).unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("empty/notes.txt"), "x").unwrap();
    validate(
        folder.path(),
        &["missing.json", "empty", "bad.json", "a.json"],
    )
    .code(2)
    .says("2 files could not be checked")
    .prints("missing.json: not checked\n")
    .prints("empty: not checked\n")
    .prints("no file that ends with .json or .xml; other files in it: 1")
    .prints("bad.json: 2 errors")
    .prints("a.json: no errors")
    .prints("4 files: 1 without errors, 1 with errors, 2 not checked.");
}

#[test]
fn folders_are_read_through_and_the_order_is_that_of_the_arguments() {
    let folder = temp();
    let top = folder.path().join("top");
    fs::create_dir_all(top.join("inner")).unwrap();
    // The first is the slowest.
    let names = vec![r#"{"family":"x"}"#; 30_000].join(",");
    let slow = format!(r#"{{"resourceType":"Patient","name":[{names}]}}"#);
    fs::write(folder.path().join("z.json"), slow).unwrap();
    for at in 0..60 {
        fs::write(top.join(format!("{at:02}.json")), GOOD).unwrap();
    }
    fs::write(top.join("inner/a.XML"), GOOD_XML).unwrap();
    fs::write(top.join("notes.txt"), "x").unwrap();
    fs::write(top.join(".hidden.json"), "x").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", top.join("inner/round.json")).unwrap();
    let shown = validate(folder.path(), &["z.json", "top", "top/00.json", "."]).code(0);
    let files: Vec<String> = shown
        .stdout
        .lines()
        .filter_map(|line| line.strip_suffix(": no errors (Patient)"))
        .map(|name| name.replace('\\', "/"))
        .collect();
    let inside = || {
        let numbered = (0..60).map(|at| format!("top/{at:02}.json"));
        numbered.chain(["top/inner/a.XML".to_owned()])
    };
    let mut wanted = vec!["z.json".to_owned()];
    wanted.extend(inside());
    wanted.extend(["top/00.json".to_owned(), "z.json".to_owned()]);
    wanted.extend(inside());
    assert_eq!(files, wanted);
}

#[test]
fn json_has_every_field() {
    let folder = temp();
    fs::write(folder.path().join("a.xml"), GOOD_XML).unwrap();
    fs::write(folder.path().join("bad.json"), BAD).unwrap();
    let result = validate(
        folder.path(),
        &["a.xml", "bad.json", "none.json", "--format", "json"],
    );
    let files: Vec<Value> = serde_json::from_str(&result.code(2).stdout).unwrap();
    let [good, bad, missing] = files.as_slice() else {
        panic!("{files:?}");
    };
    assert_eq!(good["file"], "a.xml");
    assert_eq!(good["result"], "no-errors");
    assert_eq!(
        (&good["syntax"], &good["fhir_version"]),
        (&"xml".into(), &"4.0.1".into())
    );
    assert_eq!(good["issues"], Value::Array(Vec::new()));
    let gender = &good["coded"][0];
    assert_eq!(
        (&gender["path"], &gender["assurance"]),
        (&"Patient.gender".into(), &"checked".into())
    );
    assert!(
        gender["source"].is_string() && gender["version"].is_string(),
        "{gender}"
    );
    assert_eq!(
        (&bad["result"], &bad["errors"]),
        (&"errors".into(), &2.into())
    );
    assert_eq!(
        bad["profiles_not_checked"][0]["profile"],
        "https://fhir.example/StructureDefinition/Own-Patient"
    );
    let issue = &bad["issues"][0];
    assert_eq!(issue["code"], "FHIR-DATE");
    assert_eq!(issue["severity"], "error");
    assert_eq!(issue["path"], "Patient.birthDate");
    let offset = usize::try_from(issue["offset"].as_u64().unwrap()).unwrap();
    assert!(BAD[offset..].starts_with("\"1970-02-30\""));
    assert_eq!((&issue["line"], &issue["column"]), (&4.into(), &16.into()));
    for field in ["message", "expected", "actual", "fix"] {
        assert!(
            issue[field].as_str().is_some_and(|text| !text.is_empty()),
            "{field}"
        );
    }
    assert_eq!(missing["result"], "not-checked");
    assert_eq!(missing["issues"][0]["code"], "FILE-UNREADABLE");
}

/// Outcomes are resources themselves, and valid in both versions by our own judgement.
#[test]
fn operation_outcomes_are_valid() {
    let folder = temp();
    let bundle = format!(
        r#"{{"resourceType":"Bundle","entry":[{{"resource":{BAD}}},{{"resource":{{"resourceType":"Nothing"}}}}],"type":"x"}}"#
    );
    let unlisted = format!(
        r#"{{"resourceType":"Patient","name":[{}]}}"#,
        vec!["1"; 1000].join(",")
    );
    let language =
        r#"{"resourceType":"Patient","language":"cy","communication":[{"language":{"text":"x"}}]}"#;
    let files = [
        ("good.json", GOOD),
        ("bad.json", BAD),
        ("bundle.json", &bundle),
        ("unlisted.json", &unlisted),
        ("language.json", language),
        ("zip.json", "PK\x03\x04"),
    ];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut arguments: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    arguments.extend(["missing.json", "--format", "operation-outcome"]);
    let lines = validate(folder.path(), &arguments).code(2).stdout;
    let outcomes = folder.path().join("outcomes");
    fs::create_dir(&outcomes).unwrap();
    assert_eq!(lines.lines().count(), files.len() + 1);
    for (line, file) in lines.lines().zip(&arguments) {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["file"], **file);
        assert_eq!(line["outcome"]["resourceType"], "OperationOutcome");
        assert!(!line["outcome"]["issue"].as_array().unwrap().is_empty());
        fs::write(outcomes.join(file), line["outcome"].to_string()).unwrap();
    }
    let text = fs::read_to_string(outcomes.join("bad.json")).unwrap();
    assert!(
        text.contains(r#""expression":["Patient.birthDate"]"#),
        "{text}"
    );
    assert!(
        text.contains("Not checked: the profile https://fhir.example"),
        "{text}"
    );
    for version in ["r4", "stu3"] {
        let all_good = format!("{0} files: {0} without errors", files.len() + 1);
        validate(folder.path(), &["outcomes", "--fhir", version])
            .code(0)
            .prints(&all_good);
    }
}

#[test]
fn the_page_is_whole_and_runs_nothing() {
    let folder = temp();
    let evil = r#"{"resourceType":"Patient","<script>alert(1)</script>":1,"\" onload=\"x":2,"meta":{"profile":["http://x.example/'a'&b"]}}"#;
    fs::write(folder.path().join("evil.json"), evil).unwrap();
    fs::write(folder.path().join("<b>good.json"), GOOD).unwrap();
    let page = validate(
        folder.path(),
        &["evil.json", "<b>good.json", "--format", "html"],
    )
    .code(1)
    .stdout;
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("<html lang=\"en-GB\">") && page.contains("<title>Plumbline"));
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("2 files: 1 without errors, 1 with errors. In all 2 errors."));
    assert!(page.contains("&lt;b&gt;good.json") && page.contains("FHIR-UNKNOWN-ELEMENT"));
    assert!(page.contains("the profile http://x.example/&#x27;a&#x27;&amp;b"));
    for never in [
        "<script",
        "<img",
        "<b>",
        "onload=\"",
        "src=\"",
        "href=\"http",
        "url(",
    ] {
        assert!(!page.contains(never), "{never}");
    }
}

#[test]
fn values_of_records_are_not_shown() {
    let folder = temp();
    let canary = "Zyxwvutson 9990000018";
    // A string wherever another type belongs, and free text where a form is prescribed.
    let text = format!(
        r#"{{"resourceType":"Patient","id":"{canary}","active":"{canary}","gender":"{canary}","birthDate":"{canary}",
        "name":"{canary}","contact":["{canary}"],"maritalStatus":{{"coding":[{{"system":"{canary}","code":" {canary}"}}]}},
        "telecom":[{{"system":"{canary}","rank":"{canary}"}}],"photo":[{{"data":"{canary}!"}}],"multipleBirthInteger":"{canary}",
        "managingOrganization":{{"reference":"{canary}"}},"text":{{"status":"{canary}","div":"{canary}"}},
        "extension":[{{"url":"{canary}"}}],"contained":[{{"resourceType":"{canary}"}}]}}"#
    );
    fs::write(folder.path().join("a.json"), text).unwrap();
    for format in ["text", "json", "operation-outcome", "html"] {
        let result = validate(folder.path(), &["a.json", "--format", format]).code(1);
        let all = result.stdout + &result.stderr;
        for part in ["9990000018", "Zyxwvutson"] {
            assert!(!all.contains(part), "{format}: {all}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let folder = temp();
    let many = vec!["1"; 1000].join(",");
    let text = format!(r#"{{"resourceType":"Patient","name":[{many}]}}"#);
    for at in 0..50 {
        fs::write(folder.path().join(format!("{at}.json")), &text).unwrap();
    }
    let mut child = command(folder.path());
    child
        .args(["validate", "."])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut first = [0; 64];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
}

#[test]
fn a_full_disk_is_told() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let folder = temp();
    fs::write(folder.path().join("a.json"), GOOD).unwrap();
    let mut child = command(folder.path());
    let full = fs::OpenOptions::new().write(true).open(full).unwrap();
    child.args(["validate", "a.json"]).stdout(full);
    ran(child).code(2).says("failed to print the result");
}
