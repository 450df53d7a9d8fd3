//! How each command ends, what it says then, and what it leaves alone.

use crate::hostile::Hostile;
use crate::support::{self, KEY_VARIABLE, Mock, PACK, files, plumbline, ran, record, temp};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// `plumbline run` of the pack with a target file, into the folder `run`.
const RUN: [&str; 7] = [
    "run",
    "--target",
    "target.toml",
    "--pack",
    PACK,
    "--out",
    "run",
];

/// Runs it to its end.
fn run(folder: &Path, more: &[&str]) -> support::Ran {
    let mut arguments = RUN.to_vec();
    arguments.extend(more);
    plumbline(folder, &arguments)
}

/// A target file for an address where nothing is asked.
fn idle_target(folder: &Path) {
    support::write_target(
        folder,
        &support::target("http://127.0.0.1:9/fhir", "sandbox"),
    );
}

#[test]
fn wrong_usage() {
    let folder = temp();
    let folder = folder.path();
    run(folder, &[])
        .code(2)
        .says("target.toml")
        .says("plumbline init");
    plumbline(folder, &["run", "--target", "x", "--pack", "no-such-pack"])
        .code(2)
        .says("no-such-pack")
        .says(PACK);
    for unknown in [
        vec!["run", "--frobnicate"],
        vec!["frobnicate"],
        vec!["report", ".", "--format", "pdf"],
    ] {
        plumbline(folder, &unknown).code(2).says("--help");
    }
    idle_target(folder);
    run(folder, &["--tags", "@id:no-such-scenario"])
        .code(2)
        .says("no-such-scenario");
    run(folder, &["--tags", "@id:("]).code(2);
    assert!(
        !folder.join("run").exists(),
        "a run that cannot begin leaves no folder"
    );
}

#[test]
fn a_key_that_is_not_set() {
    let folder = temp();
    let target = support::with_key(&support::target("http://127.0.0.1:9/fhir", "sandbox"));
    support::write_target(folder.path(), &target);
    run(folder.path(), &[])
        .code(2)
        .says(KEY_VARIABLE)
        .says("not set");
    assert!(!folder.path().join("run").exists());
}

#[test]
fn init_writes_once() {
    let folder = temp();
    plumbline(folder.path(), &["init"])
        .code(0)
        .prints("plumbline lint --target target.toml");
    plumbline(folder.path(), &["lint", "--target", "target.toml"])
        .code(0)
        .prints("no errors");
    fs::write(folder.path().join("target.toml"), "mine").unwrap();
    plumbline(folder.path(), &["init"])
        .code(2)
        .says("target.toml");
    assert_eq!(
        fs::read(folder.path().join("target.toml")).unwrap(),
        b"mine"
    );
}

#[test]
fn a_secret_in_a_target_file_is_refused_and_not_repeated() {
    let folder = temp();
    let secret = "pk-Zorvax-93kd8";
    for line in [
        format!("method = \"api-key\"\nheader = \"apikey\"\nkey = \"{secret}\"\n#"),
        format!("method = \"api-key\"\nheader = \"apikey\"\nenv = \"{secret}\"\n#"),
        format!("method = \"api-key\"\n{secret} = \"apikey\"\n#"),
        format!("method = \"{secret}\"\n#"),
    ] {
        let text = support::TEMPLATE.replacen("method = \"none\" ", &line, 1);
        support::write_target(folder.path(), &text);
        let ran = plumbline(folder.path(), &["lint", "--target", "target.toml"])
            .code(2)
            .says("target.toml");
        let said = format!("{}{}", ran.stdout, ran.stderr).to_lowercase();
        assert!(!said.contains("zorvax"), "{said}");
    }
}

#[test]
fn report_of_what_is_no_run() {
    let folder = temp();
    plumbline(folder.path(), &["report", "."])
        .code(2)
        .says("record.json")
        .says("folder of a run");
    for (text, wanted) in [
        ("{\"format\": 999}", "format 999"),
        ("{\"format\": \"1\"}", "not the record of a run"),
        ("{\"format\": 1}", "does not have the form"),
        ("[", "not JSON"),
    ] {
        fs::write(folder.path().join("record.json"), text).unwrap();
        plumbline(folder.path(), &["report", "."])
            .code(2)
            .says(wanted);
    }
}

#[test]
fn demo_and_its_reports() {
    let folder = temp();
    let folder = folder.path();
    fs::create_dir(folder.join("mine")).unwrap();
    fs::write(folder.join("mine/letter.txt"), "keep").unwrap();
    plumbline(folder, &["demo", "--out", "mine"])
        .code(2)
        .says("mine")
        .says("--out");
    assert_eq!(
        files(&folder.join("mine")).len(),
        1,
        "a folder of somebody else is left alone"
    );

    plumbline(folder, &["demo", "--out", "demo"])
        .code(0)
        .prints("index.html");
    plumbline(folder, &["demo", "--out", "demo"]).code(0);
    for run in ["good", "faulty"] {
        let run = folder.join("demo").join(run);
        for format in ["html", "json"] {
            let stored = fs::read(run.join("reports").join(format!("report.{format}"))).unwrap();
            // Neither the place nor the language of the machine changes a byte.
            for (zone, locale) in [("UTC", "C"), ("Asia/Tokyo", "tr_TR.UTF-8")] {
                let mut command = support::command(folder);
                command
                    .env("TZ", zone)
                    .env("LC_ALL", locale)
                    .env("LANG", locale);
                command
                    .args(["report", "--format", format, "--out", "again"])
                    .arg(&run);
                ran(command).code(0).prints("again");
                assert!(
                    fs::read(folder.join("again")).unwrap() == stored,
                    "{format} in {zone}"
                );
            }
        }
        let printed = plumbline(folder, &["report", run.to_str().unwrap()])
            .code(0)
            .stdout;
        assert!(
            printed.trim_end()
                == fs::read_to_string(run.join("reports/report.html"))
                    .unwrap()
                    .trim_end()
        );
    }
    let mut record = record(&folder.join("demo/good"));
    record["pack"]["fingerprint"] = "0".repeat(64).into();
    fs::write(folder.join("record.json"), record.to_string()).unwrap();
    plumbline(folder, &["report", "."]).code(2).says("--packs");
}

#[test]
fn run_on_a_good_and_a_faulty_system() {
    for (vendor, code) in [("riverside-epr", 0), ("riverside-epr-faulty", 1)] {
        let mock = Mock::start(vendor);
        let folder = temp();
        support::write_target(folder.path(), &support::target(&mock.base_url, "mock"));
        run(folder.path(), &[])
            .code(code)
            .prints("Mock system")
            .prints("report.html");
        assert_eq!(
            record(&folder.path().join("run"))["completion"]["state"],
            "completed"
        );
        let before = files(&folder.path().join("run"));
        run(folder.path(), &[])
            .code(2)
            .says("exists already")
            .says("--out");
        assert!(
            files(&folder.path().join("run")) == before,
            "nothing is written over"
        );
    }
}

#[test]
fn run_where_nothing_listens() {
    let folder = temp();
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/fhir", listener.local_addr().unwrap());
    drop(listener);
    support::write_target(folder.path(), &support::target(&base, "sandbox"));
    run(folder.path(), &[])
        .code(4)
        .prints("could not be reached");
}

#[test]
fn run_that_is_interrupted() {
    let folder = temp();
    let server = Hostile::start(|asked, answer| {
        if asked.at > 6 {
            answer.delay = Duration::from_secs(20);
        }
    });
    support::write_target(folder.path(), &support::target(&server.base_url, "sandbox"));
    let mut command = support::command(folder.path());
    command.args(RUN);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while server.asked().len() < 9 {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "the run did not get that far"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "it waited for the slow server"
    );
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(4), "{stdout}");
    assert!(
        stdout.contains("Not completed: the run was stopped by the user"),
        "{stdout}"
    );
    let record = record(&folder.path().join("run"));
    assert_eq!(record["completion"]["state"], "incomplete");
    assert!(record["scenarios"].to_string().contains("interrupted"));
    plumbline(folder.path(), &["report", "run"])
        .code(0)
        .prints("stopped by the user");
}

#[test]
fn lists() {
    let folder = temp();
    let steps = plumbline(folder.path(), &["steps", "--format", "json"])
        .code(0)
        .stdout;
    let listed: serde_json::Value = serde_json::from_str(&steps).unwrap();
    let steps = listed["steps"].as_array().unwrap();
    assert!(steps.len() >= 30, "{} steps", steps.len());
    assert!(listed["placeholders"].to_string().contains("{family:3}"));
    assert!(
        listed["types_with_facts"]
            .to_string()
            .contains("Immunization")
    );
    for step in steps {
        for part in ["pattern", "doc", "example", "kind", "topic"] {
            assert!(
                step[part].as_str().is_some_and(|text| !text.is_empty()),
                "{step}"
            );
        }
    }
    plumbline(folder.path(), &["steps"])
        .code(0)
        .prints("When patients are searched by NHS number")
        .prints("check: ALLERGY-HELD")
        .prints("| parameter | value  |")
        .prints("{int}")
        .prints("{local-identifier}");
    let narrowed = plumbline(folder.path(), &["steps", "allergies", "status"])
        .code(0)
        .prints("Then every result has clinical status {string}");
    assert!(!narrowed.stdout.contains("the request succeeds"));
    plumbline(folder.path(), &["steps", "zebra"])
        .code(2)
        .says("no step speaks of zebra");
    plumbline(folder.path(), &["packs"])
        .code(0)
        .prints(PACK)
        .prints("draft 0.1.0");
    let packs = plumbline(folder.path(), &["packs", "--format", "json"])
        .code(0)
        .stdout;
    let packs: Vec<serde_json::Value> = serde_json::from_str(&packs).unwrap();
    assert!(packs.iter().any(|pack| pack["id"] == PACK));
    plumbline(folder.path(), &["packs", "--scenarios", PACK])
        .code(0)
        .prints("uka-pat-identifier");
    plumbline(folder.path(), &["packs", "--scenarios", "none"])
        .code(2)
        .says(PACK);
    plumbline(folder.path(), &["lint"])
        .code(0)
        .prints("no errors");
    plumbline(folder.path(), &["mock", "--list-faults"])
        .code(0)
        .prints("hides-allergies/UKA-ALG-005");
    plumbline(folder.path(), &["mock", "--vendor", "none", "--port", "0"]).code(2);
}
