//! Every rule of the registry is kept and broken by cases in `tests/data/rules`, one a line:
//! `VERSION pass BODY` and `VERSION fail PATH BODY` below the code of the rule.
//! A failing case has that issue alone, `fail+` has others too; information is passed over.
//! Two bodies that no line should hold are written here: `deep` and `long`.

use plumbline_fhir::validate::Severity;
use plumbline_fhir::{Definitions, FhirVersion, Options, Outcome, rules, validate};
use plumbline_tree::{Limits, Syntax, Tree};
use std::collections::BTreeMap;
use std::path::Path;

fn outcome(version: FhirVersion, body: &str) -> Outcome {
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
    validate(&tree, Definitions::of(version), &Options::default())
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
        let outcome = outcome(version, rest);
        let is_good = outcome.is_valid() && outcome.issues.iter().all(|it| it.code != code);
        return if is_good {
            Ok(true)
        } else {
            Err(format!("{:#?}", outcome.issues))
        };
    }
    let (path, body) = rest.split_once(' ').unwrap();
    let path = special(path).unwrap_or_else(|| path.to_owned());
    let outcome = outcome(version, body);
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

#[test]
fn every_rule_is_kept_and_broken() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/rules");
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut cases = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut code = String::new();
        for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with("FHIR-") {
                line.clone_into(&mut code);
                continue;
            }
            cases += 1;
            let seen = seen.entry(code.clone()).or_default();
            match judge(&code, line) {
                Ok(true) => seen.passed += 1,
                Ok(false) => seen.failed += 1,
                Err(why) => wrong.push(format!(
                    "{}:{}: {code}: {line}\n    {why}",
                    path.display(),
                    number + 1
                )),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
