//! Holds the facts against the packages of HL7 that they are made of: every element of every `StructureDefinition`.
//! `cargo xtask definitions --check` fetches the packages and runs this; without them it is skipped, visibly.

use plumbline_fhir::{Definitions, FhirVersion, Strength};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Structure {
    url: String,
    kind: String,
    derivation: Option<String>,
    snapshot: Option<Elements>,
    differential: Option<Elements>,
}

#[derive(Deserialize)]
struct Elements {
    element: Vec<Element>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Element {
    path: String,
    min: Option<u32>,
    max: Option<String>,
    #[serde(default, rename = "type")]
    types: Vec<Typed>,
    binding: Option<Binding>,
    is_modifier: Option<bool>,
}

#[derive(Deserialize)]
struct Typed {
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Binding {
    strength: String,
    value_set: Option<String>,
    value_set_uri: Option<String>,
    value_set_reference: Option<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    reference: String,
}

/// Profiles in the packages that name elements which no version of their type has: defects of the packages.
const DEFECTS: &[&str] = &[
    "consentdirective: Contract.actor",
    "consentdirective: Contract.term.actor",
    "example: DiagnosticReport.re",
];

/// The folder of a package, or `None` after saying that it is not there.
fn package(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("PLUMBLINE_CORPUS").map(PathBuf::from);
    let is_wanted = named.is_some();
    let corpus =
        named.unwrap_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../corpus"));
    let folder = corpus.join(name).join("package");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(!is_wanted, "{} is missing", folder.display());
    // Straight to the terminal: the test harness keeps back what `println!` writes.
    let mut terminal = std::io::stderr();
    let _ = writeln!(
        terminal,
        "SKIPPED: no package {name}; to run: cargo xtask definitions --check"
    );
    None
}

fn structures(folder: &std::path::Path) -> Vec<Structure> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("StructureDefinition-") {
            let text = std::fs::read(&path).unwrap();
            all.push(
                serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{name}: {error}")),
            );
        }
    }
    all
}

fn is_base(structure: &Structure) -> bool {
    structure.derivation.as_deref() != Some("constraint") && structure.kind != "logical"
}

fn compare(version: FhirVersion, package_name: &str, least: usize) {
    let Some(folder) = package(package_name) else {
        return;
    };
    let definitions = Definitions::of(version);
    let mut problems = Vec::new();
    let mut paths = 0;
    let mut base = BTreeSet::new();
    for structure in structures(&folder) {
        if is_base(&structure) {
            base.insert(structure.url.rsplit('/').next().unwrap().to_owned());
        }
        if structure.kind != "resource" && structure.kind != "complex-type" {
            continue;
        }
        let snapshot = structure.snapshot.iter().flat_map(|it| &it.element);
        let differential = structure.differential.iter().flat_map(|it| &it.element);
        for element in snapshot
            .chain(differential)
            .filter(|it| it.path.contains('.'))
        {
            paths += 1;
            if definitions.element_at(&element.path).is_none()
                && element.max.as_deref() != Some("0")
            {
                let problem = format!("{}: {} is not found", structure.url, element.path);
                if !DEFECTS.iter().any(|it| problem.contains(it)) {
                    problems.push(problem);
                }
            }
        }
        if is_base(&structure) {
            for element in structure.snapshot.iter().flat_map(|it| &it.element) {
                problems.extend(differences(definitions, element));
            }
        }
    }
    let ours: BTreeSet<String> = definitions
        .types()
        .map(|it| it.name().to_owned())
        .filter(|it| it != "SimpleQuantity")
        .collect();
    assert_eq!(ours, base);
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert!(paths > least, "only {paths} paths");
}

/// Where the facts of an element are not those of the package.
fn differences(definitions: &Definitions, theirs: &Element) -> Vec<String> {
    let Some(child) = definitions.element_at(&theirs.path) else {
        return Vec::new();
    };
    let ours = child.element();
    let mut problems = Vec::new();
    let mut check = |what: &str, ours: String, theirs_: String| {
        if ours != theirs_ {
            problems.push(format!("{}: {what}: {ours}, not {theirs_}", theirs.path));
        }
    };
    check(
        "min",
        ours.min().to_string(),
        theirs.min.unwrap_or_default().to_string(),
    );
    let max = ours.max().map_or("*".to_owned(), |max| max.to_string());
    check("max", max, theirs.max.clone().unwrap_or_default());
    check(
        "modifier",
        ours.is_modifier().to_string(),
        theirs.is_modifier.unwrap_or_default().to_string(),
    );
    if !theirs.types.is_empty() {
        let mut codes: Vec<String> = Vec::new();
        for typed in &theirs.types {
            let code = typed.code.clone().unwrap_or_default();
            // The value behind this name is a string, an id or a uri; another test names each.
            let is_system = code.starts_with("http://hl7.org/fhirpath/System.");
            let code = if is_system {
                ours.types().next().unwrap().of().name().to_owned()
            } else {
                code
            };
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        let types: Vec<&str> = ours.types().map(|it| it.of().name()).collect();
        check("types", types.join(" "), codes.join(" "));
    }
    let bound = |strength: Strength| {
        let found = ours.bindings().find(|it| it.strength == strength);
        found.map_or(String::new(), |it| it.value_set.url().to_owned())
    };
    let wanted = |strength: &str| {
        let binding = theirs.binding.as_ref().filter(|it| it.strength == strength);
        let url = binding.and_then(|it| {
            let reference = it.value_set_reference.as_ref().map(|it| &it.reference);
            it.value_set
                .as_ref()
                .or(it.value_set_uri.as_ref())
                .or(reference)
        });
        url.map_or(String::new(), |url| {
            url.split('|').next().unwrap().to_owned()
        })
    };
    check(
        "required set",
        bound(Strength::Required),
        wanted("required"),
    );
    check(
        "extensible set",
        bound(Strength::Extensible),
        wanted("extensible"),
    );
    problems
}

#[test]
fn every_element_of_r4_is_found_as_it_is() {
    compare(FhirVersion::R4, "hl7.fhir.r4.examples-4.0.1", 10_000);
}

#[test]
fn every_element_of_stu3_is_found_as_it_is() {
    compare(FhirVersion::Stu3, "hl7.fhir.r3.examples-3.0.2", 8_000);
}
