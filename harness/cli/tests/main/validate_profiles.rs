//! `plumbline validate` with profiles and packages: what is loaded, what is told, what is refused; explaining codes,
//! watching. Not for the rules of profiles, which are the library's.

use crate::packages::{archive, manifest};
use crate::support::{command, temp};
use crate::validate::{GOOD, validate};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

const ADDRESS: &str = "https://example.org/StructureDefinition/Own-Patient";

/// A profile that wants a name.
fn profile() -> String {
    json!({
        "resourceType": "StructureDefinition", "url": ADDRESS, "version": "1.0.0", "name": "X", "status": "active",
        "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
        "differential": {"element": [
            {"id": "Patient.name", "path": "Patient.name", "min": 1,
             "constraint": [{"key": "own-1", "severity": "error", "human": "x", "expression": "family.exists()"}]}
        ]}
    })
    .to_string()
}

/// A package with the profile, as archive `own.tgz`, and a file that keeps to it and one that does not.
fn prepare(root: &Path) {
    let manifest = manifest("own.package", "1.0.0", &json!({}));
    let packed = archive(&[
        ("package/package.json", &manifest),
        ("package/p.json", &profile()),
    ]);
    fs::write(root.join("own.tgz"), packed).unwrap();
    fs::write(root.join("profile.json"), profile()).unwrap();
    fs::write(root.join("bad.json"), GOOD).unwrap();
    let good = GOOD.replace("\"id\"", r#""name":[{"family":"X"}],"id""#);
    fs::write(root.join("good.json"), good).unwrap();
}

#[test]
fn a_profile_comes_from_a_package_or_a_file() {
    let folder = temp();
    let root = folder.path();
    prepare(root);
    for arguments in [
        [
            "good.json",
            "bad.json",
            "--profile",
            ADDRESS,
            "--package",
            "own.tgz",
        ]
        .as_slice(),
        &["good.json", "bad.json", "--profile", "profile.json"],
        &[
            "good.json",
            "bad.json",
            "--profile",
            "profile.json",
            "--jobs",
            "1",
        ],
    ] {
        validate(root, arguments)
            .code(1)
            .prints("good.json: no errors (Patient)\n")
            .prints("bad.json: 1 error (Patient)\n")
            .prints("Patient.name")
            .prints(ADDRESS)
            .prints("2 files: 1 without errors, 1 with errors.")
            .prints("Profiles checked:\n")
            .prints("|1.0.0: 2 files\n");
    }
    validate(
        root,
        &["good.json", "--package", "own.tgz", "--profile", ADDRESS],
    )
    .code(0)
    .prints("own.package 1.0.0: 1 definition; SHA-256 ");
    // Nothing claims the profile, and nobody asks for it.
    validate(root, &["bad.json", "--package", "own.tgz"])
        .code(0)
        .prints("no file was checked against a profile of own.package 1.0.0");
}

#[test]
fn every_form_says_what_it_rests_on() {
    let folder = temp();
    let root = folder.path();
    prepare(root);
    let claims = GOOD.replace(
        "\"id\"",
        r#""meta":{"profile":["https://example.org/unknown"]},"id""#,
    );
    fs::write(root.join("claims.json"), claims).unwrap();
    let with = |format| {
        let arguments = [
            "claims.json",
            "--package",
            "own.tgz",
            "--profile",
            ADDRESS,
            "--format",
            format,
        ];
        validate(root, &arguments).code(1).stdout
    };
    let files: Vec<Value> = serde_json::from_str(&with("json")).unwrap();
    let file = &files[0];
    assert_eq!(file["profiles_checked"][0], format!("{ADDRESS}|1.0.0"));
    assert_eq!(
        file["profiles_not_checked"][0]["profile"],
        "https://example.org/unknown"
    );
    assert!(
        file["profiles_not_checked"][0]["reason"]
            .as_str()
            .is_some_and(|it| !it.is_empty())
    );
    let used = &file["definitions"][0];
    assert_eq!(
        (&used["name"], &used["version"]),
        (&"own.package".into(), &"1.0.0".into())
    );
    assert!(used["sha256"].as_str().is_some_and(|it| it.len() == 64));
    for format in ["text", "operation-outcome", "html"] {
        let shown = with(format);
        for part in ["https://example.org/unknown", ADDRESS, "own.package 1.0.0"] {
            assert!(shown.contains(part), "{format} {part}: {shown}");
        }
    }
}

#[test]
fn what_is_wrong_is_told_before_any_file_is_checked() {
    let folder = temp();
    let root = folder.path();
    prepare(root);
    fs::write(root.join("broken.json"), "{\n \"a\": }").unwrap();
    fs::write(
        root.join("set.json"),
        r#"{"resourceType":"ValueSet","url":"https://example.org/V","status":"draft"}"#,
    )
    .unwrap();
    fs::write(root.join("stu3.json"), profile().replace("4.0.1", "3.0.2")).unwrap();
    fs::write(
        root.join("cut.tgz"),
        &fs::read(root.join("own.tgz")).unwrap()[..100],
    )
    .unwrap();
    let near = ADDRESS.replace("Own-Patient", "Own-Patiant");
    for (option, value, says) in [
        ("--profile", near.as_str(), "did you mean"),
        (
            "--profile",
            "https://nowhere.example/zzzz",
            "name the package",
        ),
        (
            "--profile",
            &format!("{ADDRESS}|9"),
            "version 1.0.0 is known, not 9",
        ),
        ("--profile", "nothing.json", "there is no such file"),
        ("--profile", "set.json", "holds no profile"),
        ("--profile", "broken.json", "broken.json:2:7"),
        ("--profile", "stu3.json", "for FHIR 3.0.2"),
        ("--package", "nothing.tgz", "no such file or folder"),
        ("--package", "broken.json", "broken.json:2:7"),
        ("--package", "cut.tgz", "cut.tgz"),
        (
            "--package",
            "own.package@1.0.0",
            "plumbline packages add own.package@1.0.0",
        ),
    ] {
        let ran = validate(
            root,
            &[
                "good.json",
                "--package",
                "own.tgz",
                "--cache",
                "cache",
                option,
                value,
            ],
        );
        let ran = ran.code(2).says(says).says("help: ");
        assert_eq!(ran.stdout, "", "{option} {value}");
    }
    validate(root, &["good.json", "--jobs", "0"])
        .code(2)
        .says("--jobs");
}

#[test]
fn packages_of_the_cache_are_used_by_name_and_as_pinned() {
    let folder = temp();
    let root = folder.path();
    prepare(root);
    let inner = root.join("cache/own.package#1.0.0/package");
    fs::create_dir_all(&inner).unwrap();
    let needs = manifest("own.package", "1.0.0", &json!({"absent": "2.0.0"}));
    fs::write(inner.join("package.json"), needs).unwrap();
    fs::write(inner.join("p.json"), profile()).unwrap();
    let arguments = [
        "bad.json",
        "--cache",
        "cache",
        "--package",
        "own.package@1.0.0",
        "--profile",
        ADDRESS,
    ];
    validate(root, &arguments)
        .code(1)
        .prints("depends on absent@2.0.0")
        .prints("plumbline packages add absent@2.0.0");
    crate::support::plumbline(root, &["packages", "lock", "--cache", "cache"]).code(0);
    validate(root, &arguments).code(1).prints(", as pinned");
    fs::write(
        inner.join("p.json"),
        profile().replace("\"min\":1", "\"min\":0"),
    )
    .unwrap();
    validate(root, &arguments)
        .code(2)
        .says("something else than the lock pins");
}

#[test]
fn codes_are_explained() {
    let folder = temp();
    let root = folder.path();
    prepare(root);
    let explain = |code: &str| validate(root, &["--explain", code]);
    explain("FHIR-MIN")
        .code(0)
        .prints("Meaning:")
        .prints("Fix:")
        .prints("Example:");
    explain("file-limit").code(0).prints("Divide it");
    explain("FHIR-INVARIANT-dom-2")
        .code(0)
        .prints("FHIRPath: contained.contained.empty()")
        .prints("On:       DomainResource\n")
        .prints("Severity: error");
    validate(
        root,
        &["--explain", "FHIR-INVARIANT-own-1", "--package", "own.tgz"],
    )
    .code(0)
    .prints("family.exists()")
    .prints(ADDRESS);
    explain("FHIR-MINN").code(2).says("FHIR-MIN");
    explain("dom-2").code(2).says("FHIR-INVARIANT-dom-2");
    explain("FHIR-INVARIANT-zzz-99")
        .code(2)
        .says("is no code of a result");
}

#[test]
fn a_change_is_seen_while_watching() {
    let folder = temp();
    let root = folder.path();
    prepare(root);
    let mut child = command(root)
        .args([
            "validate",
            "bad.json",
            "--profile",
            "profile.json",
            "--watch",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |wanted: &str| {
        let found = lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.contains(wanted));
        assert!(found.is_some(), "{wanted}");
    };
    until("1 with errors");
    until("FHIR-PROFILE-MIN");
    until("Watching for changes");
    fs::copy(root.join("good.json"), root.join("bad.json")).unwrap();
    until("1 file: 1 without errors");
    fs::write(
        root.join("profile.json"),
        profile().replace("\"min\":1", "\"min\":7"),
    )
    .unwrap();
    until("1 with errors");
    fs::write(root.join("profile.json"), "{").unwrap();
    until("profile.json:1:");
    child.kill().unwrap();
    child.wait().unwrap();
    validate(root, &["bad.json", "--watch", "--format", "html"])
        .code(2)
        .says("--watch");
}
