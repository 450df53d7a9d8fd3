//! Seeded mistakes: each must be reported with the right file, line and fix. Not for the content of real packs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod directory;
mod sign_in;

use plumbline_model::{ActorRole, PackId, RecordFact, StepKind};
use plumbline_pack::{
    Auth, Diagnostic, DiagnosticKind, Files, Needed, PlannedStep, Report, StepEffect, StepFacts,
    StepFault, StepMatch, StepNeed, StepTable, TargetHints, lint, lint_target, list, load, people,
    target,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A step vocabulary of ten.
struct FakeSteps;

impl StepTable for FakeSteps {
    fn resolve(&self, kind: StepKind, text: &str) -> StepMatch {
        const STEPS: [(StepKind, &str); 8] = [
            (StepKind::Setup, "the patient \""),
            (StepKind::Setup, "the id is known"),
            (StepKind::Action, "patients are searched"),
            (StepKind::Action, "data is changed"),
            (StepKind::Action, "the capability statement is read"),
            (StepKind::Assertion, "the request succeeds"),
            (StepKind::Assertion, "the response status is "),
            (StepKind::Assertion, "the result holds:"),
        ];
        if text == "something is done" {
            return StepMatch::Ambiguous(vec!["something is …".into(), "… is done".into()]);
        }
        if let Some(parameter) = text.strip_prefix("patients are searched by \"") {
            return if parameter.starts_with("shoe") {
                StepMatch::BadArgument {
                    message: "there is no parameter `shoe`".into(),
                    hint: "use family, gender".into(),
                }
            } else {
                StepMatch::One
            };
        }
        match STEPS.iter().find(|(_, start)| {
            text == *start || (start.ends_with(['"', ' ']) && text.starts_with(start))
        }) {
            Some((own, _)) if *own == kind => StepMatch::One,
            Some((own, _)) => StepMatch::WrongKeyword(*own),
            None => StepMatch::None {
                closest: text
                    .contains("serched")
                    .then(|| "patients are searched".into()),
            },
        }
    }

    fn examine(&self, step: &PlannedStep) -> Option<StepFacts> {
        let mut facts = StepFacts {
            mutates: step.text == "data is changed",
            ..StepFacts::default()
        };
        let mut fault = |severity, row, cause: &str, fix: &str| {
            let (cause, fix) = (cause.to_owned(), fix.to_owned());
            facts.faults.push(StepFault {
                severity,
                row,
                cause,
                fix,
            });
        };
        let wants_table = step.text == "the result holds:";
        match &step.table {
            None if wants_table => fault(
                DiagnosticKind::Error,
                None,
                "this step needs a table",
                "write | parameter | value | below",
            ),
            Some(_) if !wants_table => fault(
                DiagnosticKind::Error,
                Some(0),
                "this step takes no table",
                "remove the table",
            ),
            Some(table) if table[0] != ["parameter", "value"] => fault(
                DiagnosticKind::Error,
                Some(0),
                "the table must begin with | parameter | value |",
                "add the heading",
            ),
            Some(_) | None => {}
        }
        if step.text.contains("famly") {
            fault(
                DiagnosticKind::Warning,
                None,
                "`famly` is not known",
                "did you mean `family`?",
            );
        }
        let mut need = |needed, cause: &str, fix: &str| {
            let (cause, fix) = (cause.to_owned(), fix.to_owned());
            facts.needs.push(StepNeed { needed, cause, fix });
        };
        if step.text.contains('{') {
            need(
                Needed::Patient,
                "there is no patient in play",
                "put `Given the patient` before it",
            );
        }
        if step.text.contains("{id}") {
            need(
                Needed::OwnId,
                "this needs the target's own id",
                "put `Given the id for the patient is known` before it",
            );
        }
        facts.effect = match step.kind {
            StepKind::Setup if step.text == "the id is known" => StepEffect::FindsId,
            StepKind::Setup => StepEffect::PutsPatient,
            StepKind::Action => StepEffect::Asks,
            StepKind::Assertion => StepEffect::Nothing,
        };
        Some(facts)
    }
}

const TARGET: &str = "target.toml";

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

fn mini() -> PackId {
    PackId::from("mini")
}

fn good() -> BTreeMap<String, Vec<u8>> {
    let files = Files::from_dir(&folder("good")).unwrap();
    let mut all: BTreeMap<String, Vec<u8>> = files
        .under("")
        .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))
        .collect();
    all.insert(
        TARGET.into(),
        std::fs::read(folder("good").join(TARGET)).unwrap(),
    );
    all
}

fn hints() -> TargetHints {
    load(&Files::from_map(good()), &mini(), &FakeSteps)
        .unwrap()
        .target_hints()
}

/// The mistakes in pack and target together.
fn mistakes(files: &BTreeMap<String, Vec<u8>>) -> Vec<Diagnostic> {
    let report = lint(&Files::from_map(files.clone()), &mini(), &FakeSteps);
    let mut all = report.diagnostics().to_vec();
    let report = lint_target(TARGET, &files[TARGET], Some(&hints()));
    all.extend(report.diagnostics().to_vec());
    all
}

fn target_report(text: &str) -> Report {
    target(TARGET, text.as_bytes(), Some(&hints())).unwrap_err()
}

#[test]
fn the_good_pack_is_clean() {
    let files = Files::from_map(good());
    assert_eq!(list(&files), [mini()]);
    let report = lint(&files, &mini(), &FakeSteps);
    assert!(report.is_empty(), "{report}");
    let people = people(&files).unwrap();
    assert_eq!(people.len(), 2);
    assert!(people[&ActorRole::from("patient-basic")].records.is_empty());
    let records = &people[&ActorRole::from("patient-with-allergies")].records;
    assert_eq!(records.len(), 2);
    let expected = RecordFact {
        resource_type: "MedicationStatement".into(),
        id: "ms-1".into(),
        code: "38268001".into(),
        display: "Ibuprofen".into(),
        status: "stopped".into(),
        date: "2016-05-03".into(),
        end: Some("2016-06-21".into()),
        text: Some("Took one tablet after meals".into()),
    };
    assert_eq!(records[1], expected);
    target(TARGET, &good()[TARGET], None).unwrap();
}

#[test]
fn a_pack_is_read_as_written() {
    let pack = load(&Files::from_map(good()), &mini(), &FakeSteps).unwrap();
    assert_eq!(pack.requirements.len(), 3);
    assert_eq!(pack.fingerprint.len(), 64);
    let feature = &pack.features[1];
    assert_eq!(feature.file, "patient.feature");
    let ids: Vec<(&str, u32)> = feature
        .scenarios
        .iter()
        .map(|s| (s.id.as_str(), s.line))
        .collect();
    assert_eq!(
        ids,
        [
            ("mini-search", 10),
            ("mini-each-1", 25),
            ("mini-each-2", 26)
        ]
    );
    let search = &feature.scenarios[0];
    let steps: Vec<(StepKind, &str, u32)> = search
        .steps
        .iter()
        .map(|s| (s.kind, s.keyword.as_str(), s.line))
        .collect();
    assert_eq!(
        steps,
        [
            (StepKind::Setup, "Given", 6),
            (StepKind::Action, "When", 12),
            (StepKind::Assertion, "Then", 13),
            (StepKind::Assertion, "And", 14),
        ]
    );
    assert_eq!(search.steps[3].table.as_ref().unwrap()[1], ["family", "x"]);
    let last = &feature.scenarios[2];
    assert_eq!(last.name, "Search by gender");
    assert_eq!(last.steps[2].text, "the response status is 400");
    assert!(last.scored && last.tags.contains(&"id:mini-each-2".to_owned()));
    assert_eq!(feature.scenarios.len(), 3);
    assert!(!pack.features[0].scenarios[0].scored);
}

#[test]
fn the_fingerprint_follows_the_files() {
    let print = |files| {
        load(&Files::from_map(files), &mini(), &FakeSteps)
            .unwrap()
            .fingerprint
    };
    let first = print(good());
    assert_eq!(first, print(good()));
    for path in [
        "scenarios/_people/patient-basic.toml",
        "profiles/mini/deviations.md",
    ] {
        let mut files = good();
        files.get_mut(path).unwrap().push(b'\n');
        assert_ne!(first, print(files), "{path}");
    }
}

#[test]
fn a_byte_order_mark_and_windows_lines_are_accepted() {
    let mut files = good();
    for bytes in files.values_mut() {
        let text = String::from_utf8(bytes.clone())
            .unwrap()
            .replace('\n', "\r\n");
        *bytes = format!("\u{feff}{text}").into_bytes();
    }
    let found = mistakes(&files);
    assert!(found.is_empty(), "{found:#?}");
    let pack = load(&Files::from_map(files), &mini(), &FakeSteps).unwrap();
    assert_eq!(
        pack.features[1].scenarios[2].steps[2].text,
        "the response status is 400"
    );
}

#[test]
fn an_overlay_wins() {
    let other = BTreeMap::from([(
        "profiles/mini/deviations.md".to_owned(),
        b"None known.".to_vec(),
    )]);
    let files = Files::from_map(good()).overlay(Files::from_map(other));
    assert_eq!(load(&files, &mini(), &FakeSteps).unwrap().deviations, []);
}

#[test]
fn an_unknown_pack_is_an_error_with_a_suggestion() {
    let report = lint(&Files::from_map(good()), &PackId::from("mimi"), &FakeSteps);
    assert!(
        report.to_string().contains("did you mean `mini`?"),
        "{report}"
    );
}

#[test]
fn every_seeded_mistake_is_reported_in_its_place() {
    let mut folders: Vec<_> = std::fs::read_dir(folder("lint"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 40, "only {} cases", folders.len());
    let mut failures = Vec::new();
    for path in folders {
        let text = std::fs::read_to_string(path.join("case.toml")).unwrap();
        let case: toml::Table = text.parse().unwrap();
        if let Err(why) = run_case(&case) {
            let name = path.file_name().unwrap().display().to_string();
            failures.push(format!("{name}: {why}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn run_case(case: &toml::Table) -> Result<(), String> {
    let text =
        |table: &toml::Table, key: &str| table.get(key).and_then(|v| v.as_str()).map(str::to_owned);
    let mut files = good();
    let file = text(case, "file").ok_or("no file")?;
    let mut content = String::from_utf8(files.get(&file).cloned().unwrap_or_default()).unwrap();
    if let Some(find) = text(case, "find") {
        if !content.contains(&find) {
            return Err(format!("`{find}` is not in {file}"));
        }
        content = content.replacen(
            &find,
            &text(case, "replace")
                .ok_or("no replace")?
                .replace("{a valid number outside the range}", &outside_number()),
            1,
        );
    } else if let Some(append) = text(case, "append") {
        let times = case
            .get("times")
            .and_then(toml::Value::as_integer)
            .unwrap_or(1);
        content += &append.repeat(usize::try_from(times).unwrap());
    } else if let Some(whole) = text(case, "content") {
        content = whole;
    }
    files.insert(file.clone(), content.into_bytes());
    if case.contains_key("delete") {
        files.remove(&file);
    }
    let expect = case["expect"].as_table().ok_or("no [expect]")?;
    let found = mistakes(&files);
    let all: Vec<String> = found
        .iter()
        .map(|d| {
            format!(
                "{}:{}:{}: {} | {}",
                d.file, d.line, d.column, d.cause, d.fix
            )
        })
        .collect();
    let hit = found.iter().any(|d| {
        d.file == text(expect, "file").unwrap()
            && i64::from(d.line) == expect["line"].as_integer().unwrap()
            && d.cause.contains(&text(expect, "cause").unwrap())
            && d.fix.contains(&text(expect, "fix").unwrap())
    });
    if !hit {
        return Err(format!("expected {expect:?}, found {all:#?}"));
    }
    // One mistake gives one message, unless the case says that more follow from it.
    if found.len() != 1 && !expect.contains_key("also") {
        return Err(format!("expected one mistake, found {all:#?}"));
    }
    Ok(())
}

#[test]
fn a_secret_in_target_toml_is_never_shown() {
    const SECRET: &str = "hunter2correcthorse";
    let good = String::from_utf8(good().remove(TARGET).unwrap()).unwrap();
    let env = "env = \"PLUMBLINE_API_KEY\"";
    let edits = [
        (env, format!("token = \"{SECRET}\"")),
        (env, format!("env = \"{SECRET}\"")),
        (env, format!("{env}\n{SECRET} = \"x\"")),
        (env, format!("{env}\n\"{SECRET}\" = 1\n{SECRET} = 2")),
        (env, format!("env = \"{SECRET}")),
        (env, SECRET.to_owned()),
        (env, format!("{env}\n[{SECRET}]\nx = 1")),
        ("\"apikey\"", format!("\"apikey: {SECRET}\"")),
        ("method = \"api-key\"", format!("method = \"{SECRET}\"")),
        (
            "https://riverside",
            format!("https://admin:{SECRET}@riverside"),
        ),
        ("/fhir", format!("/fhir?key={SECRET}")),
        ("[auth]", format!("{SECRET} = \"ftp://x\"\n[auth]")),
        ("[auth]", format!("{SECRET} = 7\n[auth]")),
        ("\"sandbox\"", format!("\"{SECRET}\"")),
        ("9990000026", SECRET.to_owned()),
        ("patient-basic =", format!("{SECRET} =")),
        ("\"metadata\"", format!("\"{SECRET}\"")),
        (
            "requests_per_second = 10",
            format!("requests_per_second = \"{SECRET}\""),
        ),
    ];
    for (find, replace) in edits {
        let text = good.replacen(find, &replace, 1);
        assert!(text.contains(SECRET));
        for known in [Some(&hints()), None] {
            let Err(report) = target(TARGET, text.as_bytes(), known) else {
                assert!(known.is_none(), "accepted: {replace}");
                continue;
            };
            let lookup = |_: &str| Some(text.clone());
            let shown = [
                report.render(&lookup, false),
                report.render(&lookup, true),
                format!("{report} {report:?}"),
            ]
            .concat();
            assert!(!shown.contains(SECRET), "{replace}:\n{shown}");
            assert!(!shown.contains("hunter2"), "{replace}:\n{shown}");
            assert!(shown.contains("target.toml:"), "{shown}");
        }
    }
}

#[test]
fn a_target_is_read_as_written() {
    let read = target(TARGET, &good()[TARGET], Some(&hints())).unwrap();
    assert_eq!(
        read.base_urls["default"].as_str(),
        "https://riverside.example/fhir"
    );
    assert!(matches!(read.auth, Auth::ApiKey { ref header, .. } if header == "apikey"));
    assert_eq!(read.limits.total, 2000);
    let actors: BTreeSet<&str> = read
        .actors
        .keys()
        .map(plumbline_model::ActorRole::as_str)
        .collect();
    assert_eq!(actors, BTreeSet::from(["patient-basic"]));
    let local = read
        .actors
        .values()
        .next()
        .unwrap()
        .local_identifier
        .clone()
        .unwrap();
    assert_eq!(
        (local.system.as_str(), local.value.as_str()),
        ("", "RV-1001")
    );
}

#[test]
fn rendering_points_at_the_line() {
    let mut files = good();
    let path = "scenarios/_people/patient-basic.toml";
    let text = String::from_utf8(files[path].clone())
        .unwrap()
        .replace("\"female\"", "\"femal\"");
    files.insert(path.into(), text.into_bytes());
    let files = Files::from_map(files);
    let report = people(&files).unwrap_err();
    let shown = report.render(&|path| files.text(path), false);
    assert!(shown.contains("gender = \"femal\""), "{shown}");
    assert!(shown.contains("patient-basic.toml:8:10"), "{shown}");
    assert!(shown.contains("did you mean `female`?"), "{shown}");
    let shown = target_report("environment = \"sandbx\"").render(&|_| None, false);
    assert!(shown.contains("target.toml:1:"), "{shown}");
}

/// Knows no step at all.
struct NoSteps;

impl StepTable for NoSteps {
    fn resolve(&self, _: StepKind, _: &str) -> StepMatch {
        StepMatch::None { closest: None }
    }
}

#[test]
fn every_embedded_pack_is_clean_apart_from_its_steps() {
    let files = Files::embedded();
    assert!(!list(&files).is_empty());
    for id in list(&files) {
        let report = lint(&files, &id, &NoSteps);
        let others: Vec<String> = report
            .diagnostics()
            .iter()
            .filter(|d| !d.cause.starts_with("no step reads"))
            .map(|d| format!("{}:{}:{}: {}; {}", d.file, d.line, d.column, d.cause, d.fix))
            .collect();
        assert!(others.is_empty(), "{others:#?}");
    }
}

/// A valid NHS number outside the test range; computed here so that none stands in a file.
fn outside_number() -> String {
    (400_000_000_u32..)
        .map(|nine| nine.to_string())
        .find_map(|nine| {
            (0..=9)
                .map(|check| format!("{nine}{check}"))
                .find(|number| plumbline_model::nhs_number_fault(number).is_none())
        })
        .unwrap()
}
