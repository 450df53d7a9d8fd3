//! Official examples, validated by everything that is known: no error but those that are explained, one by one.
//! The tables are in `examples_explained.rs`, and for the base specification in `harness/docs/fhir-examples.md`; what
//! definitions and questionnaires say of themselves is in `definitions.rs`. The examples lie beside the repository;
//! where they are missing, a test is skipped, visibly.
//!
//! Of HL7's packages every 60th file is judged, and each that a table names by its whole name; all of them with
//! `PLUMBLINE_EVERY=1`, where the entries for several files are counted too.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use super::{definitions, mutation::places};
use plumbline_fhir::profile_facts::reduce;
use plumbline_fhir::{Definitions, FhirVersion, Options, json_to_xml};
use plumbline_tree::{Layout, Limits, Syntax, Tree};
use plumbline_validator::{Issue, Judged, Library, ProfileCheck, Severity, Validator};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

#[path = "examples_explained.rs"]
mod explained;

use explained::{Explained, HL7_R4, HL7_STU3};
#[path = "examples_explained_nhs.rs"]
mod explained_nhs;

use explained_nhs::{NHS_STU3, UK_CORE};

/// What base validation finds in HL7's examples, and why that is right.
const BASE: &str = include_str!("../../../docs/fhir-examples.md");

/// The largest files hold the same again and again.
const LARGE: u64 = 1_000_000;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut all: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    all.retain(|it| {
        let name = it.file_name().unwrap_or_default().to_string_lossy();
        let is_body = it.extension().is_some_and(|it| it == "xml" || it == "json");
        // The index of a package is no example.
        is_body && !["package.json", "ig-r4.json", ".index.json"].contains(&&*name)
    });
    all.sort();
    all
}

fn open(path: &Path) -> Option<Tree> {
    let bytes = fs::read(path).unwrap();
    let syntax = Syntax::guess(&bytes).unwrap_or(Syntax::Json);
    Tree::parse_as(syntax, bytes, &Limits::default()).ok()
}

/// What comes with the program, and all definitions of the folders.
pub fn library(version: FhirVersion, folders: &[PathBuf]) -> Library {
    let mut library = Library::new(version);
    for path in folders.iter().flat_map(|it| files(it)) {
        let tree = open(&path).unwrap();
        if let Ok(facts) = reduce(&tree, Definitions::of(version)) {
            library.add(facts);
        }
    }
    library
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// An error: the file, the code, the place, and the message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    file: String,
    code: String,
    path: String,
    message: String,
}

/// What was judged, and what was found.
#[derive(Default)]
struct Seen {
    files: BTreeSet<String>,
    in_xml: usize,
    found: Vec<Found>,
    profiles: Vec<ProfileCheck>,
}

impl Seen {
    fn judge(&mut self, validator: &Validator, path: &Path, profiles: &[String]) {
        let Some(tree) = open(path) else {
            return;
        };
        let file = stem(path);
        let options = Options {
            most_issues: 100_000,
            ..Options::default()
        };
        let judged = validator.judge(&tree, profiles, &options);
        if tree.root().name().is_none() && fs::metadata(path).unwrap().len() < 20_000 {
            let definitions = Definitions::of(validator.version());
            // What has elements that are unknown cannot be converted.
            let Ok(xml) = json_to_xml(&tree, definitions, Layout::Compact) else {
                return self.take(file, judged);
            };
            let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
            let again = validator.judge(&xml, profiles, &options);
            let (one, other) = (&judged.outcome.issues, &again.outcome.issues);
            assert_eq!(keys(one), keys(other), "{file}: JSON and XML differ");
            assert_eq!(judged.profiles, again.profiles, "{file}");
            self.in_xml += 1;
        }
        self.take(file, judged);
    }

    fn take(&mut self, file: String, judged: Judged) {
        let errors = judged.outcome.issues.iter();
        let errors = errors.filter(|it| it.severity == Severity::Error);
        self.found.extend(errors.map(|it| Found {
            file: file.clone(),
            code: it.code.to_string(),
            path: it.path.clone(),
            message: it.message.clone(),
        }));
        self.profiles.extend(judged.profiles);
        self.files.insert(file);
    }

    fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        self.in_xml += other.in_xml;
        self.found.extend(other.found);
        self.profiles.extend(other.profiles);
    }
}

/// What must be the same in both syntaxes.
fn keys(issues: &[Issue]) -> Vec<(String, String, String)> {
    let all = issues.iter();
    let mut keys: Vec<_> = all
        .map(|it| (it.code.to_string(), it.path.clone(), it.message.clone()))
        .collect();
    keys.sort();
    keys
}

/// Whether a name is that of a pattern, in which `*` stands for anything.
fn is_like(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => name == pattern,
        Some((begin, end)) => name.strip_prefix(begin).is_some_and(|it| it.ends_with(end)),
    }
}

impl Explained {
    fn fits(&self, found: &Found) -> bool {
        found.code == self.code
            && is_like(&found.file, self.file)
            && (found.path.contains(self.part) || found.message.contains(self.part))
    }

    /// What is wrong with the entry itself: with a pattern it can be counted only where all files were judged.
    fn problem(&self, seen: &Seen, is_all: bool) -> Option<String> {
        let is_judged = is_all || seen.files.contains(self.file);
        let count = seen.found.iter().filter(|it| self.fits(it)).count();
        (is_judged && count != self.count).then(|| {
            let Self {
                file,
                code,
                part,
                count: explained,
                why,
            } = self;
            format!("{file} {code} {part}: {explained} explained ({why}), {count} found")
        })
    }
}

/// Every error that nothing explains, and every explanation that nothing needs.
fn problems(
    seen: &Seen,
    is_all: bool,
    explained: &[Explained],
    is_elsewhere: impl Fn(&Found) -> bool,
) -> Vec<String> {
    let is_explained = |it: &Found| explained.iter().any(|why| why.fits(it)) || is_elsewhere(it);
    let open = seen.found.iter().filter(|it| !is_explained(it));
    let mut kinds: BTreeMap<(&str, &str), Vec<&Found>> = BTreeMap::new();
    for it in open {
        kinds.entry((&it.code, &it.file)).or_default().push(it);
    }
    let open = kinds.into_iter().map(|((code, file), all)| {
        let of = all.len();
        format!(
            "OPEN {code} {file} {of}: {} {}",
            all[0].path, all[0].message
        )
    });
    let unneeded = explained.iter().filter_map(|it| it.problem(seen, is_all));
    open.chain(unneeded).collect()
}

/// The rows of the table for the base specification: code and file.
fn base_rows(version: FhirVersion) -> Vec<(&'static str, &'static str)> {
    let name = match version {
        FhirVersion::R4 => "R4",
        FhirVersion::Stu3 => "STU3",
    };
    let rows = BASE.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let (of, code, file) = (cells.next()?, cells.next()?, cells.next()?);
        (of == name).then(|| (code.trim_matches('`'), file.trim_matches('`')))
    });
    rows.collect()
}

fn judge_some(validator: &Validator, paths: &[PathBuf]) -> Seen {
    let mut seen = Seen::default();
    for path in paths {
        seen.judge(validator, path, &[]);
    }
    seen
}

/// Judges the examples of a package of HL7.
fn package(version: FhirVersion, name: &str, explained: &[Explained]) {
    let Some(folder) = places::package(name) else {
        return;
    };
    let every: usize = std::env::var("PLUMBLINE_EVERY").map_or(60, |it| it.parse().unwrap());
    let is_named = |path: &Path| explained.iter().any(|it| it.file == stem(path));
    let is_wanted = |at: usize, path: &Path| {
        let is_large = || fs::metadata(path).unwrap().len() > LARGE;
        every == 1 || (at.is_multiple_of(every) || is_named(path)) && !is_large()
    };
    let all = files(&folder).into_iter().enumerate();
    let paths: Vec<PathBuf> = all
        .filter(|(at, path)| is_wanted(*at, path))
        .map(|(_, path)| path)
        .collect();
    let validator = Validator::new(library(version, &[]));
    let (one, other) = paths.split_at(paths.len() / 2);
    let mut seen = Seen::default();
    std::thread::scope(|scope| {
        let parts = [one, other].map(|part| scope.spawn(|| judge_some(&validator, part)));
        for part in parts {
            seen.add(part.join().unwrap());
        }
    });
    let base = base_rows(version);
    assert!(base.len() > 10, "the table of the base is not read");
    let problems = problems(&seen, every == 1, explained, |it| {
        let is_base = |row: &(&str, &str)| row.0 == it.code && is_like(&it.file, row.1);
        base.iter().any(is_base) || definitions::is_explained(name, &it.file, &it.code)
    });
    let _ = writeln!(
        std::io::stderr(),
        "{name}: {} files judged, {} again as XML, {} errors, all explained but {}",
        seen.files.len(),
        seen.in_xml,
        seen.found.len(),
        problems.len()
    );
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(seen.files.len() > 80 && seen.in_xml > 20);
}

#[test]
fn hl7_r4() {
    package(FhirVersion::R4, "hl7.fhir.r4.examples-4.0.1", HL7_R4);
}

#[test]
fn hl7_stu3() {
    package(FhirVersion::Stu3, "hl7.fhir.r3.examples-3.0.2", HL7_STU3);
}

/// The profile that the name of a file gives: `UKCore-Observation-Lab-Albumin-Example` begins with the name of one, and
/// `UKCore-Patient-RichardSmith-Example` is of the only one for patients. The longest name counts.
fn profile_of<'l>(library: &'l Library, file: &str, of: &str) -> Option<&'l str> {
    let all = library.profiles().filter(|it| it.of == of);
    let names = all.filter_map(|it| Some((it.url.rsplit('/').next()?, it.url.as_str())));
    let fitting =
        names.filter(|(name, _)| file.starts_with(name) || format!("UKCore-{of}") == *name);
    fitting
        .max_by_key(|(name, _)| name.len())
        .map(|(_, url)| url)
}

#[test]
fn uk_core() {
    let Some(folder) = places::shared("uk-core") else {
        return;
    };
    let folders = ["structuredefinitions", "valuesets", "codesystems"].map(|it| folder.join(it));
    let library = library(FhirVersion::R4, &folders);
    let validator = Validator::new(library.clone());
    let mut seen = Seen::default();
    let mut without = Vec::new();
    for path in files(&folder.join("examples")) {
        let tree = open(&path).unwrap();
        let of = tree.root().name().unwrap_or_default();
        let profile = profile_of(&library, &stem(&path), of).map(str::to_owned);
        if profile.is_none() {
            without.push(stem(&path));
        }
        seen.judge(&validator, &path, &Vec::from_iter(profile));
    }
    for check in &seen.profiles {
        assert!(check.reason().is_none(), "{check:?}");
    }
    assert_eq!(seen.files.len(), 96);
    let problems = problems(&seen, true, UK_CORE, |_| false);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(without.is_empty(), "no profile for {without:?}");
}

/// Profiles that NHS examples claim and that are not published with them: the core of `CareConnect`, three for audits, and one
/// with a mistake in its address.
const NOT_THERE: [&str; 3] = ["CareConnect-", "/Audit-", "/STU3/STU3/"];

#[test]
fn nhs_stu3() {
    let Some(folder) = places::shared("nhs-stu3") else {
        return;
    };
    let folders = ["StructureDefinitions", "ValueSets", "CodeSystems"].map(|it| folder.join(it));
    let validator = Validator::new(library(FhirVersion::Stu3, &folders));
    let mut seen = Seen::default();
    for path in files(&folder.join("Examples")) {
        seen.judge(&validator, &path, &[]);
    }
    let mut not_checked = BTreeSet::new();
    let mut checked = 0;
    for check in &seen.profiles {
        match check.reason() {
            None => checked += check.count,
            Some(reason) => {
                let is_absent = NOT_THERE.iter().any(|it| check.url.contains(it));
                assert!(is_absent, "{check:?}");
                not_checked.insert((check.url.as_str(), reason));
            }
        }
    }
    let _ = writeln!(
        std::io::stderr(),
        "NHS STU3: {} files, {checked} claims checked, {} profiles not checked",
        seen.files.len(),
        not_checked.len()
    );
    assert!(checked > 500 && !not_checked.is_empty());
    let problems = problems(&seen, true, NHS_STU3, |_| false);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
