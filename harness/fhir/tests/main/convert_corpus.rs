//! Turns the official examples into XML and back, and holds the result against what they were.
//! `cargo xtask definitions --check` fetches the packages; without them this is skipped, visibly.

use crate::same::difference;
use plumbline_fhir::{Definitions, FhirVersion, json_to_xml, xml_to_json};
use plumbline_tree::{Layout, Limits, Tree};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The folder of a package, or `None` after saying that it is not there.
fn package(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("PLUMBLINE_CORPUS").map(PathBuf::from);
    let is_wanted = named.is_some();
    let ours = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/corpus");
    let folder = named.unwrap_or_else(ours).join(name).join("package");
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

/// What became of an example.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Same,
    Refused(String),
    Different(String),
}

fn fate(text: Vec<u8>, definitions: &Definitions) -> Fate {
    let limits = Limits::default();
    let json = Tree::parse(text, &limits).unwrap();
    let xml = match json_to_xml(&json, definitions, Layout::Compact) {
        Ok(xml) => Tree::parse_xml(xml.into_bytes(), &limits).unwrap(),
        Err(error) => return Fate::Refused(error.to_string()),
    };
    let back = xml_to_json(&xml, definitions, Layout::Compact).unwrap();
    let back = Tree::parse(back.into_bytes(), &limits).unwrap();
    match difference(json.root(), back.root()) {
        None => Fate::Same,
        Some(difference) => Fate::Different(difference),
    }
}

/// Of the definitions in a package, all alike, every how many-th is taken, and of the rest what is not larger than
/// this many bytes; with `PLUMBLINE_CORPUS_ALL` everything.
const STRIDE: usize = 20;
const MOST_BYTES: u64 = 200_000;
const DEFINITIONS: [&str; 5] = [
    "CodeSystem-",
    "DataElement-",
    "SearchParameter-",
    "StructureDefinition-",
    "ValueSet-",
];

fn chosen(folder: &Path) -> Vec<PathBuf> {
    let is_thorough = std::env::var_os("PLUMBLINE_CORPUS_ALL").is_some();
    let mut all: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains('-') && !name.starts_with('.'))
        .collect();
    all.sort_unstable();
    let mut definitions = 0;
    all.retain(|name| {
        if is_thorough {
            return true;
        }
        let is_definition = DEFINITIONS.iter().any(|kind| name.starts_with(kind));
        definitions += usize::from(is_definition);
        (!is_definition || definitions % STRIDE == 0)
            && folder.join(name.as_str()).metadata().unwrap().len() <= MOST_BYTES
    });
    all.into_iter().map(|name| folder.join(name)).collect()
}

fn round_trips(version: FhirVersion, package_name: &str, least: usize, refused: &[&str]) {
    let Some(folder) = package(package_name) else {
        return;
    };
    let definitions = Definitions::of(version);
    let files = chosen(&folder);
    let next = AtomicUsize::new(0);
    let fates = Mutex::new(BTreeMap::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    let fate = fate(std::fs::read(path).unwrap(), definitions);
                    let mut all = fates.lock().unwrap_or_else(PoisonError::into_inner);
                    all.insert(name, fate);
                }
            });
        }
    });
    let fates = fates.into_inner().unwrap_or_else(PoisonError::into_inner);
    let same = fates.values().filter(|fate| **fate == Fate::Same).count();
    let mut problems = String::new();
    for (name, fate) in &fates {
        let is_expected = matches!(fate, Fate::Refused(_)) && refused.contains(&name.as_str());
        if *fate != Fate::Same && !is_expected {
            let _ = writeln!(problems, "{name}: {fate:?}");
        }
    }
    assert!(
        problems.is_empty(),
        "{version}: {same} of {} are the same; others:\n{problems}",
        fates.len()
    );
    assert!(same >= least, "{version}: only {same} of {}", fates.len());
}

#[test]
fn examples_of_r4_come_back_as_they_were() {
    round_trips(FhirVersion::R4, "hl7.fhir.r4.examples-4.0.1", 300, &[]);
}

#[test]
fn examples_of_stu3_come_back_as_they_were() {
    // A guide of R4 that the package of STU3 holds.
    let refused = ["ig-r4.json"];
    round_trips(
        FhirVersion::Stu3,
        "hl7.fhir.r3.examples-3.0.2",
        300,
        &refused,
    );
}
