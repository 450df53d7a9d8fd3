//! The cases of HL7's reference validator: whether its verdict and ours agree in the base step and in the profile
//! step, and its number of errors and ours. They lie beside the repository, not in it; without them the test is
//! skipped, visibly. Nothing in the crate is made to fit them: a disagreement is listed with its reason.

use crate::mutation::places::shared;
use plumbline_conformance::Library;
use plumbline_fhir::profile_facts::{Facts, reduce};
use plumbline_fhir::{
    Definitions, EmbeddedHtml, ExampleAddresses, FhirVersion, Options, References,
};
use plumbline_tree::{Limits, Syntax, Tree};
use plumbline_validator::{Severity, Validator};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

#[path = "cases_expected.rs"]
mod expected;

/// The verdicts of one step of a case.
struct Step {
    /// Name and step.
    name: String,
    theirs: Vec<String>,
    ours: Vec<String>,
}

impl Step {
    fn agrees(&self) -> bool {
        self.theirs.is_empty() == self.ours.is_empty()
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What the reference validator found, for people to read.
fn theirs(folder: &Path, outcome: &Value) -> Vec<String> {
    let outcome = json(&folder.join("outcomes").join(outcome.as_str().unwrap()));
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

fn parse(path: &Path) -> Result<Tree, String> {
    let bytes = std::fs::read(path).unwrap();
    let syntax = Syntax::guess(&bytes).unwrap_or(Syntax::Json);
    Tree::parse_as(syntax, bytes, &Limits::default()).map_err(|it| format!("unreadable: {it}"))
}

/// What a case loads before its instance.
struct Loaded {
    library: Library,
    resources: Vec<Tree>,
    definitions: &'static Definitions,
}

impl Loaded {
    fn new(version: FhirVersion) -> Self {
        Self {
            library: Library::new(version),
            resources: Vec::new(),
            definitions: Definitions::of(version),
        }
    }

    /// The address of a structure.
    fn add(&mut self, path: &Path) -> Option<String> {
        let Ok(tree) = parse(path) else { return None };
        let Ok(facts) = reduce(&tree, self.definitions) else {
            self.resources.push(tree);
            return None;
        };
        let url = match &facts {
            Facts::Profile(it) => Some(it.url.clone()),
            Facts::CodeSystem(_) | Facts::ValueSet(_) => None,
        };
        self.library.add(facts);
        url
    }

    fn judge(self, instance: &Path, profiles: &[String], options: &Options) -> Vec<String> {
        let tree = match parse(instance) {
            Ok(tree) => tree,
            Err(error) => return vec![error],
        };
        let mut validator = Validator::new(self.library);
        for resource in self.resources {
            validator.supply(resource);
        }
        let outcome = validator.validate(&tree, profiles, options);
        let errors = outcome.issues.iter();
        let errors = errors.filter(|it| it.severity == Severity::Error);
        errors
            .map(|it| format!("{} {}: {}", it.code, it.path, it.message))
            .collect()
    }
}

/// The switches of a case that we have too.
fn options(case: &Value) -> Options {
    let mut options = Options::default();
    let is_on = |name: &str| case[name] == Value::Bool(true);
    if is_on("security-checks") || is_on("noHtmlInMarkdown") {
        options.embedded_html = EmbeddedHtml::Refuse;
    }
    if case["examples"] == Value::Bool(false) {
        options.example_addresses = ExampleAddresses::Refuse;
    }
    if case["validateReference"].is_string() {
        options.references = References::AtHand;
    }
    options
}

fn texts(value: &Value) -> Vec<&str> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(Value::as_str).collect()
}

/// The steps of all cases: base, then profile.
fn steps(folder: &Path) -> (Vec<Step>, Vec<Step>) {
    let manifest = json(&folder.join("manifest.json"));
    let (mut base, mut profile) = (Vec::new(), Vec::new());
    for case in manifest["test-cases"].as_array().unwrap() {
        if case["use-test"] == Value::Bool(false) {
            continue;
        }
        let name = case["name"].as_str().unwrap();
        let version = case["version"].as_str().and_then(FhirVersion::from_text);
        let version = version.unwrap();
        let instance = folder.join(case["file"].as_str().unwrap());
        let load = |more: &Value| {
            let mut loaded = Loaded::new(version);
            for file in texts(&case["supporting"]).into_iter().chain(texts(more)) {
                loaded.add(&folder.join(file));
            }
            loaded
        };
        let mut loaded = load(&Value::Null);
        let mut profiles = Vec::new();
        for file in texts(&case["profiles"]) {
            profiles.extend(loaded.add(&folder.join(file)));
        }
        base.push(Step {
            name: name.to_owned(),
            theirs: theirs(folder, &case["java"]),
            ours: loaded.judge(&instance, &profiles, &options(case)),
        });
        let step = &case["profile"];
        if let Some(source) = step["source"].as_str() {
            let mut loaded = load(&step["supporting"]);
            let path = folder.join(source);
            let profiles: Vec<String> = if path.is_file() {
                loaded.add(&path).into_iter().collect()
            } else {
                vec![source.to_owned()]
            };
            profile.push(Step {
                name: format!("{name} (profile)"),
                theirs: theirs(folder, &step["java"]),
                ours: loaded.judge(&instance, &profiles, &options(case)),
            });
        }
    }
    (base, profile)
}

/// Says how many agree, and what does not.
fn report(title: &str, steps: &[Step]) -> (usize, usize) {
    let mut text = String::new();
    let agreed = steps.iter().filter(|it| it.agrees()).count();
    let same = steps
        .iter()
        .filter(|it| it.theirs.len() == it.ours.len())
        .count();
    let all = steps.len();
    let _ = writeln!(
        text,
        "{title}: verdict {agreed} of {all}, number of errors {same} of {all}"
    );
    for step in steps {
        let is_shown = std::env::var_os("PLUMBLINE_SHOW_CASES").is_some();
        if !step.agrees() || is_shown && step.theirs.len() != step.ours.len() {
            let _ = writeln!(text, "- {}", step.name);
            for (who, errors) in [("theirs", &step.theirs), ("ours", &step.ours)] {
                for error in errors {
                    let short: String = error.chars().take(260).collect();
                    let _ = writeln!(text, "    {who}: {short}");
                }
            }
        }
    }
    let _ = std::io::stderr().write_all(text.as_bytes());
    (agreed, same)
}

#[test]
fn verdicts_agree_with_the_reference_or_it_is_said_why_not() {
    let Some(folder) = shared("fhir-test-cases") else {
        return;
    };
    let (base, profile) = steps(&folder);
    let (base_agreed, base_same) = report("base step", &base);
    let (profile_agreed, profile_same) = report("profile step", &profile);
    let found: BTreeSet<&str> = base
        .iter()
        .chain(&profile)
        .filter(|it| !it.agrees())
        .map(|it| it.name.as_str())
        .collect();
    let explained: BTreeSet<&str> = expected::DISAGREEMENTS.iter().map(|it| it.0).collect();
    assert_eq!(found, explained, "left: found; right: explained");
    assert!(base_agreed * 100 >= base.len() * 93, "base step");
    assert!(profile_agreed >= 19, "profile step");
    let same = base_same + profile_same;
    assert!(
        same * 100 >= (base.len() + profile.len()) * 70,
        "number of errors"
    );
}
