//! Every rule of the registry is kept and broken by cases in `tests/data/rules`, one a line:
//! `VERSION pass BODY` and `VERSION fail PATH BODY` below the code of the rule.
//! A failing case has that issue alone, `fail+` has others too; information is passed over.
//! Two bodies that no line should hold are written here: `deep` and `long`.

use plumbline_fhir::validate::Severity;
use plumbline_fhir::{
    Definitions, EmbeddedHtml, ExampleAddresses, FhirVersion, Options, Outcome, rule, rules,
    validate,
};
use plumbline_tree::{Limits, Syntax, Tree};
use std::collections::BTreeMap;
use std::path::Path;

/// What is refused only where this is asked for.
fn options(code: &str) -> Options {
    let mut options = Options::default();
    match code {
        "FHIR-MARKDOWN-HTML" => options.embedded_html = EmbeddedHtml::Refuse,
        "FHIR-EXAMPLE-ADDRESS" => options.example_addresses = ExampleAddresses::Refuse,
        _ => {}
    }
    options
}

fn outcome(version: FhirVersion, code: &str, body: &str) -> Outcome {
    let body = match body {
        "deep" => deep(),
        "long" => long(),
        body => body.to_owned(),
    };
    let limits = Limits {
        max_depth: 10_000,
        ..Limits::default()
    };
    let syntax = Syntax::guess(body.as_bytes()).unwrap();
    let tree = Tree::parse_as(syntax, body.clone().into_bytes(), &limits)
        .unwrap_or_else(|error| panic!("{error}: {body}"));
    validate(&tree, Definitions::of(version), &options(code))
}

fn deep() -> String {
    let item = r#""item":[{"linkId":"1","type":"group","#;
    let last = r#""text":"x""#;
    let depth = 300;
    format!(
        r#"{{"resourceType":"Questionnaire","status":"draft",{}{last}{}}}"#,
        item.repeat(depth),
        "}]".repeat(depth)
    )
}

fn long() -> String {
    format!(
        r#"{{"resourceType":"Patient","name":[{{"text":"{}"}}]}}"#,
        "é".repeat(1024 * 1024 + 1)
    )
}

/// What a case that only this file can write must be found at.
fn special(path: &str) -> Option<String> {
    match path {
        "deep" => Some(format!("Questionnaire{}", ".item[0]".repeat(257))),
        "long" => Some("Patient.name[0].text".to_owned()),
        _ => None,
    }
}

#[derive(Default)]
struct Seen {
    passed: usize,
    failed: usize,
}

fn judge(code: &str, line: &str) -> Result<bool, String> {
    let (version, rest) = line.split_once(' ').unwrap();
    let version = FhirVersion::from_text(version).unwrap();
    let (verdict, rest) = rest.split_once(' ').unwrap();
    if verdict == "pass" {
        let outcome = outcome(version, code, rest);
        let is_good = outcome.is_valid() && outcome.issues.iter().all(|it| it.code != code);
        return if is_good {
            Ok(true)
        } else {
            Err(format!("{:#?}", outcome.issues))
        };
    }
    let (path, body) = rest.split_once(' ').unwrap();
    let path = special(path).unwrap_or_else(|| path.to_owned());
    let outcome = outcome(version, code, body);
    let has = outcome
        .issues
        .iter()
        .any(|it| it.code == code && it.path == path);
    let is_alone = outcome
        .issues
        .iter()
        .all(|it| it.code == code || it.severity == Severity::Information);
    let is_once = outcome.issues.iter().filter(|it| it.code == code).count() == 1;
    let is_good = match verdict {
        "fail" => has && is_alone && is_once,
        "fail+" => has,
        other => panic!("{other} is neither pass nor fail"),
    };
    if is_good {
        Ok(false)
    } else {
        let found: Vec<String> = outcome
            .issues
            .iter()
            .map(|it| format!("{} {}: {}", it.code, it.path, it.message))
            .collect();
        Err(format!("{found:#?}"))
    }
}

/// The cases of the files in a folder of `tests/data`, each with the code above it.
pub fn cases(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(folder);
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut code = String::new();
        for line in text.lines() {
            if line.starts_with("FHIR-") {
                line.clone_into(&mut code);
            } else if !line.is_empty() && !line.starts_with('#') {
                cases.push((code.clone(), line.to_owned()));
            }
        }
    }
    cases
}

/// Judges all cases of a folder, and tells which codes they are of.
fn judge_all(folder: &str) -> BTreeMap<String, Seen> {
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (code, line) in cases(folder) {
        let seen = seen.entry(code.clone()).or_default();
        match judge(&code, &line) {
            Ok(true) => seen.passed += 1,
            Ok(false) => seen.failed += 1,
            Err(why) => wrong.push(format!("{code}: {line}\n    {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    seen
}

#[test]
fn every_rule_is_kept_and_broken() {
    let mut seen = judge_all("rules");
    let cases: usize = seen.values().map(|it| it.passed + it.failed).sum();
    for rule in rules() {
        let seen = seen.remove(rule.code).unwrap_or_default();
        assert!(
            seen.passed > 0 && seen.failed > 0,
            "{} has {} passing and {} failing cases",
            rule.code,
            seen.passed,
            seen.failed
        );
    }
    let unknown: Vec<&String> = seen.keys().collect();
    assert!(unknown.is_empty(), "no rules: {unknown:?}");
    assert!(cases > 250, "{cases}");
}

#[test]
fn what_becomes_of_tags_is_a_choice() {
    let found = |body: &str, embedded_html: EmbeddedHtml| {
        let tree = Tree::parse(body.as_bytes().to_vec(), &Limits::default()).unwrap();
        let options = Options {
            embedded_html,
            ..Options::default()
        };
        let counts = validate(&tree, Definitions::r4(), &options).counts;
        (counts.errors, counts.warnings)
    };
    let string = r#"{"resourceType":"Patient","name":[{"text":"a <i>b</i>"}]}"#;
    let markdown = r#"{"resourceType":"Library","status":"draft","type":{"text":"a"},
        "description":"a <i>b</i>"}"#;
    for (body, choice, wanted) in [
        (string, EmbeddedHtml::Warn, (0, 1)),
        (string, EmbeddedHtml::Refuse, (1, 0)),
        (string, EmbeddedHtml::Ignore, (0, 0)),
        (markdown, EmbeddedHtml::Warn, (0, 0)),
        (markdown, EmbeddedHtml::Refuse, (1, 0)),
        (markdown, EmbeddedHtml::Ignore, (0, 0)),
    ] {
        assert_eq!(found(body, choice), wanted, "{choice:?}: {body}");
    }
}

#[test]
fn invariants_are_kept_and_broken_alone() {
    let seen = judge_all("invariants");
    assert!(seen.len() >= 50, "{}", seen.len());
    for (code, seen) in seen {
        assert!(rule(&code).is_some(), "{code}");
        assert!(seen.passed > 0 && seen.failed > 0, "{code}");
    }
}
