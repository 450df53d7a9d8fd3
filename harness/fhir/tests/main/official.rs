//! All official examples of R4 and STU3: none makes the validator panic, and each that it finds fault with is in
//! `harness/docs/fhir-examples.md`, with the reason why it is right. In XML the same is found.

use crate::examples::files;
use plumbline_fhir::validate::Severity;
use plumbline_fhir::{Definitions, FhirVersion, Options, Outcome, json_to_xml, validate};
use plumbline_tree::{Layout, Limits, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Version, code and file name; how many issues.
type Found = BTreeMap<(String, String, String), usize>;

#[derive(Default)]
struct Sum {
    files: usize,
    bytes: usize,
    reading: Duration,
    validating: Duration,
    counts: BTreeMap<std::borrow::Cow<'static, str>, usize>,
    found: Found,
    /// Files with an error.
    wrong: BTreeSet<String>,
    in_xml: usize,
    differences: Vec<String>,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.reading += other.reading;
        self.validating += other.validating;
        for (code, count) in other.counts {
            *self.counts.entry(code).or_default() += count;
        }
        self.found.extend(other.found);
        self.wrong.extend(other.wrong);
        self.in_xml += other.in_xml;
        self.differences.extend(other.differences);
    }
}

fn keys(outcome: &Outcome) -> Vec<(&str, &str, Severity, &str)> {
    let all = outcome.issues.iter();
    let mut keys: Vec<_> = all
        .map(|it| {
            (
                &*it.code,
                it.path.as_str(),
                it.severity,
                it.message.as_str(),
            )
        })
        .collect();
    keys.sort_unstable();
    keys
}

fn judge(version: FhirVersion, path: &Path, sum: &mut Sum) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let options = Options {
        most_issues: 100_000,
        ..Options::default()
    };
    let definitions = Definitions::of(version);
    let bytes = std::fs::read(path).unwrap();
    sum.files += 1;
    sum.bytes += bytes.len();
    let length = bytes.len();
    let begun = Instant::now();
    let tree = Tree::parse(bytes, &Limits::default()).unwrap();
    sum.reading += begun.elapsed();
    let begun = Instant::now();
    let outcome = validate(&tree, definitions, &options);
    sum.validating += begun.elapsed();
    assert!(outcome.resource_type.is_some(), "{name}");
    for issue in &outcome.issues {
        *sum.counts.entry(issue.code.clone()).or_default() += 1;
        if issue.severity != Severity::Information {
            let key = (version.to_string(), issue.code.to_string(), name.clone());
            *sum.found.entry(key).or_default() += 1;
        }
        if issue.severity == Severity::Error {
            sum.wrong.insert(name.clone());
        }
    }
    // Few examples are large, and they hold the same again and again. One of three will do.
    if length > 300_000 || !sum.files.is_multiple_of(3) {
        return;
    }
    let xml = json_to_xml(&tree, definitions, Layout::Compact).unwrap();
    let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
    let again = validate(&xml, definitions, &options);
    sum.in_xml += 1;
    let is_same = keys(&outcome) == keys(&again)
        && outcome.coded == again.coded
        && outcome.profiles_not_checked == again.profiles_not_checked
        && outcome.invariants_not_checked == again.invariants_not_checked;
    if !is_same {
        sum.differences.push(name);
    }
}

fn judge_all(version: FhirVersion, paths: &[PathBuf]) -> Sum {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut sum = Sum::default();
    std::thread::scope(|scope| {
        let parts: Vec<_> = paths
            .chunks(paths.len().div_ceil(threads))
            .map(|part| {
                scope.spawn(move || {
                    let mut sum = Sum::default();
                    for path in part {
                        judge(version, path, &mut sum);
                    }
                    sum
                })
            })
            .collect();
        for part in parts {
            sum.add(part.join().unwrap());
        }
    });
    sum
}

/// A row of the document: what was found, and in which files. `*` stands for any letters.
struct Row {
    version: String,
    code: String,
    files: String,
    file_count: usize,
    issues: usize,
}

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/fhir-examples.md");
    std::fs::read_to_string(path).unwrap()
}

fn rows(text: &str) -> Vec<Row> {
    text.lines()
        .filter(|line| line.starts_with("| R4 |") || line.starts_with("| STU3 |"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            assert_eq!(cells.len(), 6, "{line}");
            Row {
                version: cells[0].to_owned(),
                code: cells[1].trim_matches('`').to_owned(),
                files: cells[2].trim_matches('`').to_owned(),
                file_count: cells[3].parse().unwrap(),
                issues: cells[4].parse().unwrap(),
            }
        })
        .collect()
}

fn matches(pattern: &str, name: &str) -> bool {
    let name = name.strip_suffix(".json").unwrap();
    match pattern.split_once('*') {
        Some((before, after)) => {
            name.len() >= before.len() + after.len()
                && name.starts_with(before)
                && name.ends_with(after)
        }
        None => pattern == name,
    }
}

#[test]
fn every_flag_on_an_official_example_is_known_and_true() {
    let mut terminal = std::io::stderr();
    let document = document();
    let mut rows = rows(&document);
    let mut unknown = Vec::new();
    let mut wrong = 0;
    for (version, package) in [
        (FhirVersion::R4, "hl7.fhir.r4.examples-4.0.1"),
        (FhirVersion::Stu3, "hl7.fhir.r3.examples-3.0.2"),
    ] {
        let Some(paths) = files(package) else { return };
        let sum = judge_all(version, &paths);
        let _ = writeln!(
            terminal,
            "{version}: {} files, {} bytes, read in {:?}, validated in {:?}; {} compared in XML",
            sum.files, sum.bytes, sum.reading, sum.validating, sum.in_xml
        );
        for (code, count) in &sum.counts {
            let _ = writeln!(terminal, "    {code:28} {count}");
        }
        assert!(
            sum.differences.is_empty(),
            "not the same in XML: {:?}",
            sum.differences
        );
        assert!(sum.files > 5000, "only {} files", sum.files);
        wrong += sum.wrong.len();
        for ((version, code, name), count) in sum.found {
            let row = rows.iter_mut().find(|row| {
                row.version == version && row.code == code && matches(&row.files, &name)
            });
            match row {
                Some(row) => {
                    row.file_count = row.file_count.wrapping_sub(1);
                    row.issues = row.issues.wrapping_sub(count);
                }
                None => unknown.push(format!("| {version} | `{code}` | `{name}` | 1 | {count} |")),
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "not in the document:\n{}",
        unknown.join("\n")
    );
    let sentence = format!("finds errors in {wrong}.");
    assert!(document.contains(&sentence), "{sentence}");
    for row in rows {
        assert_eq!(
            (row.file_count, row.issues),
            (0, 0),
            "{} {} {}: other files and issues than the document says",
            row.version,
            row.code,
            row.files
        );
    }
}
