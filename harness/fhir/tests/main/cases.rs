//! The cases of HL7's reference validator: whether its verdict and ours agree in the base step.
//! They lie beside the repository, not in it; without them the test is skipped, visibly.
//! Nothing in the crate is made to fit them: a disagreement is listed with its reason.

use plumbline_fhir::{Definitions, FhirVersion, Options, validate};
use plumbline_tree::{Limits, Syntax, Tree};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Cases that the reference validator accepts and we do not, and why we stay with it.
const ACCEPTED_BY_THE_REFERENCE: &[(&str, &str)] = &[
    (
        "contained-resource-bad-id-ignore",
        "the case switches off what is checked of contained resources; the id has 65 characters",
    ),
    (
        "json-comments-1-yes",
        "the case allows comments, which JSON does not have",
    ),
];

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("PLUMBLINE_SHARED").map(PathBuf::from);
    let shared =
        shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let folder = shared.join("testdata/fhir-test-cases");
    folder.is_dir().then_some(folder)
}

/// What the reference validator said, for people to read.
fn errors(outcome: &Value) -> Vec<String> {
    let issues = outcome["issue"].as_array().cloned().unwrap_or_default();
    let grave = issues
        .iter()
        .filter(|it| matches!(it["severity"].as_str(), Some("error" | "fatal")));
    grave
        .map(|it| {
            let text = it["details"]["text"].as_str().unwrap_or_default();
            let place = it["expression"][0].as_str().unwrap_or_default();
            format!("{place}: {text}")
        })
        .collect()
}

/// What the reference validator's message is about.
fn reason(message: &str) -> &'static str {
    const REASONS: &[(&str, &str)] = &[
        ("Constraint failed", "an invariant"),
        ("failed:", "an invariant"),
        ("profile", "a profile"),
        ("Slic", "a profile"),
        ("xtension", "the definition of an extension"),
        ("uestionnaire", "rules of questionnaires"),
        ("linkId", "rules of questionnaires"),
        ("nswer", "rules of questionnaires"),
        ("ode", "a code outside the base value sets"),
        ("resolve", "resolution of references"),
        ("eference", "resolution of references"),
        ("undle", "rules of bundles"),
        ("fullUrl", "rules of bundles"),
    ];
    let found = REASONS.iter().find(|(word, _)| message.contains(word));
    found.map_or("other", |(_, reason)| reason)
}

#[test]
fn the_base_step_agrees_with_the_reference_or_says_why_not() {
    let mut terminal = std::io::stderr();
    let Some(folder) = folder() else {
        let _ = writeln!(
            terminal,
            "SKIPPED: no ../shared/testdata/fhir-test-cases; to run: set PLUMBLINE_SHARED"
        );
        return;
    };
    let manifest = std::fs::read(folder.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let mut agreed = BTreeMap::from([(true, 0), (false, 0)]);
    let mut missed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut false_alarms = Vec::new();
    for case in manifest["test-cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let version = case["version"].as_str().and_then(FhirVersion::from_text);
        let outcome = folder.join("outcomes").join(case["java"].as_str().unwrap());
        let outcome: Value = serde_json::from_slice(&std::fs::read(outcome).unwrap()).unwrap();
        let theirs = errors(&outcome);
        let ours = judge(
            &folder.join(case["file"].as_str().unwrap()),
            version.unwrap(),
        );
        if theirs.is_empty() == ours.is_empty() {
            *agreed.entry(ours.is_empty()).or_default() += 1;
        } else if ours.is_empty() {
            let line = format!("{name}: {}", theirs.join(" / "));
            missed.entry(reason(&theirs[0])).or_default().push(line);
        } else {
            false_alarms.push((name.to_owned(), ours));
        }
    }
    let _ = writeln!(
        terminal,
        "agreed: {} valid, {} invalid; not seen by us: {}; seen by us alone: {}",
        agreed[&true],
        agreed[&false],
        missed.values().map(Vec::len).sum::<usize>(),
        false_alarms.len()
    );
    for (reason, cases) in &missed {
        let _ = writeln!(terminal, "not seen, {} for {reason}:", cases.len());
        for case in cases {
            let short: String = case.chars().take(240).collect();
            let _ = writeln!(terminal, "    {short}");
        }
    }
    let mut unexplained = Vec::new();
    for (name, found) in &false_alarms {
        let why = ACCEPTED_BY_THE_REFERENCE
            .iter()
            .find(|(known, _)| known == name);
        let _ = writeln!(
            terminal,
            "seen by us alone: {name}: {} ({})",
            found.join("; "),
            why.map_or("no reason", |(_, why)| why)
        );
        if why.is_none() {
            unexplained.push(name);
        }
    }
    assert!(unexplained.is_empty(), "{unexplained:?}");
    for (name, _) in ACCEPTED_BY_THE_REFERENCE {
        assert!(
            false_alarms.iter().any(|(known, _)| known == name),
            "{name} is in the list for nothing"
        );
    }
}

/// Our errors, of reading or of validating.
fn judge(file: &Path, version: FhirVersion) -> Vec<String> {
    let bytes = std::fs::read(file).unwrap();
    let syntax = Syntax::guess(&bytes).unwrap();
    let tree = match Tree::parse_as(syntax, bytes, &Limits::default()) {
        Ok(tree) => tree,
        Err(error) => return vec![error.to_string()],
    };
    let outcome = validate(&tree, Definitions::of(version), &Options::default());
    let errors = outcome
        .issues
        .iter()
        .filter(|it| it.severity == plumbline_fhir::validate::Severity::Error);
    errors
        .map(|it| format!("{} {}: {}", it.code, it.path, it.message))
        .collect()
}
