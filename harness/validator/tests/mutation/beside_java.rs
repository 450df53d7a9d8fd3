//! The differential check beside HL7's Java validator: resources drawn by chance, half of them made wrong, our verdict
//! on each, and the comparison with the other one's. `ci/peers/java-validator/compare.sh` runs it; without the other
//! validator's answers there is nothing to compare. Not for judging which of the two is right: that is in
//! `explained.txt`, by hand.

use super::body::Body;
use super::choose::{self, Known, Source};
use super::mutant::Instance;
use super::seed::Seed;
use super::{KINDS, load};
use plumbline_tree::{Limits, Tree};
use plumbline_validator::{Options, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How many resources are drawn from each source: definitions apart, which the packages are full of.
const DRAWN: &[(Source, Pool, usize)] = &[
    (Source::R4, Pool::Records, 110),
    (Source::R4, Pool::Definitions, 20),
    (Source::Stu3, Pool::Records, 90),
    (Source::Stu3, Pool::Definitions, 20),
    (Source::UkCore, Pool::Records, 50),
    (Source::Nhs, Pool::Records, 50),
];

/// Larger ones are left out.
const MOST_BYTES: u64 = 120_000;

/// Which resources of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pool {
    Records,
    Definitions,
}

const DEFINITIONS: &[&str] = &[
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "DataElement",
    "ImplementationGuide",
    "OperationDefinition",
    "SearchParameter",
    "StructureDefinition",
    "ValueSet",
];

fn folder() -> PathBuf {
    let named = std::env::var_os("PLUMBLINE_DIFFERENTIAL").map(PathBuf::from);
    let beside = || {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers/java-validator/differential")
    };
    named.unwrap_or_else(beside)
}

/// The names of the files that may be drawn.
fn pool(folder: &Path, pool: Pool) -> Vec<PathBuf> {
    let is_wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let of = name.split('-').next().unwrap_or_default();
        let is_definition = DEFINITIONS.contains(&of);
        let is_small = fs::metadata(path).is_ok_and(|it| it.len() <= MOST_BYTES);
        let is_resource = name.contains('-') && of != "Extension" && !name.starts_with('.');
        is_small && is_resource && is_definition == (pool == Pool::Definitions)
    };
    load::files(folder).into_iter().filter(is_wanted).collect()
}

/// The profile that the name of an example of UK Core gives: the longest that it begins with.
pub fn named_profile(file: &str, structures: &Path) -> Vec<String> {
    let name = file.replace(
        "UKCore-VitalSigns-Observation",
        "UKCore-Observation-VitalSigns",
    );
    let structures = load::files(structures).into_iter();
    let stems =
        structures.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    let stems = stems.map(|it| {
        it.strip_prefix("StructureDefinition-")
            .unwrap_or(&it)
            .to_owned()
    });
    let fitting = stems.filter(|stem| name.starts_with(&format!("{stem}-")));
    let longest = fitting.max_by_key(String::len);
    let address = |stem: String| format!("https://fhir.hl7.org.uk/StructureDefinition/{stem}");
    longest.map(address).into_iter().collect()
}

/// What is drawn, the second half made wrong: name and resource.
fn drawn(known: &Known) -> Vec<(Instance, Body)> {
    let mut all = Vec::new();
    for (source, part, number) in DRAWN {
        let Some(folder) = source.folder() else {
            continue;
        };
        let mut files = pool(&folder, *part);
        let mut seed = Seed::new(20_261_122, &format!("{source:?} {part:?}"));
        seed.shuffle(&mut files);
        let mut snapshots = load::Snapshots::new();
        for (at, path) in files.into_iter().take(*number).enumerate() {
            let file = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let structures = folder.join("../structuredefinitions");
            let profiles = match source {
                Source::UkCore => named_profile(&file, &structures),
                _ => Vec::new(),
            };
            let name = format!("{source:?}/{file}");
            let mut instance = load::instance(
                &path,
                &name,
                known.library(source.version()),
                profiles,
                &mut snapshots,
            );
            let made = if at % 2 == 0 {
                None
            } else {
                wrong(&instance, &mut seed)
            };
            let body = match made {
                Some((what, body)) => {
                    instance.name = format!("{name} {what}");
                    body
                }
                None => instance.body.clone(),
            };
            all.push((instance, body));
        }
    }
    all
}

fn wrong(instance: &Instance, seed: &mut Seed) -> Option<(String, Body)> {
    let mut kinds: Vec<_> = KINDS.iter().collect();
    seed.shuffle(&mut kinds);
    for (kind, generator) in kinds {
        let mut all = generator(instance);
        all.retain(|it| !it.is_only_xml);
        seed.shuffle(&mut all);
        let made = all
            .iter()
            .find_map(|it| Some((format!("[{kind}: {}]", it.what), it.body(instance)?)));
        if made.is_some() {
            return made;
        }
    }
    None
}

/// A comparison of fewer resources says little.
const LEAST: usize = 300;

#[test]
#[ignore = "writes what ci/peers/java-validator/compare.sh gives to the other validator"]
fn writes_resources_and_our_verdicts() {
    let folder = folder();
    fs::create_dir_all(folder.join("bodies")).unwrap();
    let start = Instant::now();
    let known = Known::load();
    let loaded = start.elapsed();
    let mut lists: BTreeMap<&str, String> = BTreeMap::new();
    let mut ours = String::new();
    let mut seconds = 0.0;
    let all = drawn(&known);
    assert!(
        all.len() >= LEAST,
        "{} resources are too few: fetch HL7's packages with `cargo xtask definitions --check`, or name their folder \
         in PLUMBLINE_CORPUS, and that of the NHS profiles in PLUMBLINE_SHARED",
        all.len()
    );
    for (number, (instance, body)) in all.iter().enumerate() {
        let json = body.json();
        let path = folder.join("bodies").join(format!("{number}.json"));
        fs::write(&path, &json).unwrap();
        let (version, head) = choose::list_head(instance.version);
        let list = lists.entry(version).or_insert(head);
        let profiles = instance.profiles.join("\t");
        let _ = writeln!(list, "file\t{number}\t{}\t{profiles}", path.display());
        let validator = known.validator(instance.version);
        let start = Instant::now();
        let tree = Tree::parse(json.into_bytes(), &Limits::default());
        let outcome =
            tree.map(|tree| validator.validate(&tree, &instance.profiles, &Options::default()));
        seconds += start.elapsed().as_secs_f64();
        let errors = outcome.iter().flat_map(|it| &it.issues);
        let errors = errors.filter(|it| it.severity == Severity::Error);
        let errors =
            errors.map(|it| Body::Text(format!("{} {}: {}", it.code, it.path, it.message)));
        let errors: Vec<Body> = errors.collect();
        let is_valid = outcome.as_ref().is_ok_and(|it| it.counts.errors == 0);
        let line = Body::object([
            ("name", Body::Text(instance.name.clone())),
            (
                "verdict",
                Body::text(if is_valid { "valid" } else { "invalid" }),
            ),
            ("issues", Body::Array(errors)),
        ]);
        let _ = writeln!(ours, "{}", line.json());
    }
    for (version, list) in &lists {
        fs::write(folder.join(format!("{version}.tsv")), list).unwrap();
    }
    fs::write(folder.join("ours.jsonl"), &ours).unwrap();
    let said = format!(
        "{} resources: definitions loaded in {:.1} ms, read and judged in {:.1} ms\n",
        all.len(),
        loaded.as_secs_f64() * 1000.0,
        seconds * 1000.0
    );
    fs::write(folder.join("ours.txt"), &said).unwrap();
    let _ = write!(std::io::stderr(), "{said}");
}

/// The lines of a file of JSON.
fn lines(path: &Path) -> Vec<Body> {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let trees = text
        .lines()
        .map(|line| Tree::parse(line.as_bytes().to_vec(), &Limits::default()));
    trees
        .map(|tree| Body::of(tree.expect("a line of JSON").root()))
        .collect()
}

/// Whether the other validator says, of every element where we see an error, that it could not check its code
/// without a terminology server. It is no opinion then.
fn could_not_check(ours: &Body, other: &Body) -> bool {
    const WORDS: &[&str] = &[
        "Error_validating_code_running_without_terminology_services",
        "UNKNOWN_CODESYSTEM",
    ];
    let issues = other.get("issues").map_or(&[][..], Body::items);
    let said = issues
        .iter()
        .filter(|it| it.text_of("id").is_some_and(|id| WORDS.contains(&id)));
    let places: Vec<&str> = said.filter_map(|it| it.text_of("path")).collect();
    let errors = ours.get("issues").map_or(&[][..], Body::items);
    let mut errors = errors.iter().filter_map(Body::as_text).peekable();
    errors.peek().is_some()
        && errors.all(|error| {
            let path = error
                .split_once(' ')
                .and_then(|(_, rest)| rest.split_once(": "));
            path.is_some_and(|(path, _)| places.iter().any(|place| place.starts_with(path)))
        })
}

#[test]
#[ignore = "compares with what the other validator said: ci/peers/java-validator/compare.sh"]
fn agrees_with_the_other_validator_or_says_why() {
    let folder = folder();
    let ours = lines(&folder.join("ours.jsonl"));
    let mut theirs: BTreeMap<String, Body> = BTreeMap::new();
    for version in ["r4", "stu3"] {
        for line in lines(&folder.join(format!("{version}.jsonl"))) {
            if let Some(name) = line.text_of("name") {
                let name = name.to_owned();
                theirs.insert(name, line);
            }
        }
    }
    let explained: BTreeMap<&str, &str> = include_str!("explained.txt")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let mut agreed = 0;
    let mut unchecked = 0;
    let mut differing = BTreeSet::new();
    let mut out = String::new();
    for (number, line) in ours.iter().enumerate() {
        let name = line.text_of("name").unwrap_or_default();
        let other = theirs.get(&number.to_string());
        let verdict = |line: &Body| line.text_of("verdict").unwrap_or_default().to_owned();
        let (mine, other_verdict) = (verdict(line), other.map(verdict).unwrap_or_default());
        if mine == other_verdict {
            agreed += 1;
            continue;
        }
        if other.is_some_and(|other| could_not_check(line, other)) {
            unchecked += 1;
            let _ = writeln!(
                out,
                "{number} {name}: we say {mine}; the other says that it could not check the code"
            );
            continue;
        }
        differing.insert(name);
        let reason = explained.get(name).copied().unwrap_or("NOT EXPLAINED");
        let _ = writeln!(
            out,
            "{number} {name}: we say {mine}, the other {other_verdict}: {reason}"
        );
        for issue in line.get("issues").map_or(&[][..], Body::items) {
            let _ = writeln!(out, "    ours: {}", issue.as_text().unwrap_or_default());
        }
        for issue in other
            .and_then(|it| it.get("issues"))
            .map_or(&[][..], Body::items)
        {
            if issue.text_of("severity") != Some("warning") {
                let _ = writeln!(out, "    other: {}", issue.json());
            }
        }
    }
    let decided = ours.len() - unchecked;
    let _ = writeln!(
        out,
        "{agreed} of {decided} verdicts agree, {unchecked} more where the other could not check"
    );
    fs::write(folder.join("comparison.txt"), &out).unwrap();
    let _ = write!(std::io::stderr(), "{out}");
    let open: Vec<&&str> = differing
        .iter()
        .filter(|it| !explained.contains_key(**it))
        .collect();
    assert!(open.is_empty(), "not explained: {open:#?}");
    let gone: Vec<&&str> = explained
        .keys()
        .filter(|it| !differing.contains(**it))
        .collect();
    assert!(gone.is_empty(), "explained, but both agree now: {gone:#?}");
    assert!(agreed * 100 >= decided * 95, "{agreed} of {decided}");
}
