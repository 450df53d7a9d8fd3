//! Definitions that nobody would publish: nothing panics or hangs. Not those that are merely wrong: snapshots.rs.

use crate::properties;
use plumbline_conformance::Library;
use plumbline_fhir::profile_facts::{Facts, reduce};
use plumbline_fhir::{Definitions, FhirVersion};
use plumbline_tree::{Limits, Tree};
use std::path::Path;

/// A small generator of numbers, so that a failure can be repeated.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

fn pick<'a, T>(state: &mut u64, all: &'a [T]) -> &'a T {
    &all[usize::try_from(next(state) % all.len() as u64).unwrap()]
}

fn libraries() -> [Library; 2] {
    [
        Library::new(FhirVersion::R4),
        Library::new(FhirVersion::Stu3),
    ]
}

fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["tests/corpus", "../fhir/tests/data/profile-facts"];
    let mut paths: Vec<_> = folders
        .iter()
        .flat_map(|it| std::fs::read_dir(root.join(it)).unwrap())
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_none_or(|it| it != "txt"))
        .collect();
    paths.sort();
    paths.iter().map(|it| std::fs::read(it).unwrap()).collect()
}

#[test]
fn what_a_fuzzer_found_stays_repaired() {
    let libraries = libraries();
    let mut whole = 0;
    for seed in seeds() {
        whole += usize::from(properties::check(&seed, &libraries).unwrap());
    }
    assert!(whole > 5, "{whole}");
}

#[test]
fn damaged_definitions_do_no_harm() {
    let libraries = libraries();
    let seeds = seeds();
    let mut state = 0x9e37_79b9_7f4a_7c15;
    let mut whole = 0;
    for _ in 0..1500 {
        let mut bytes = pick(&mut state, &seeds).clone();
        for _ in 0..=next(&mut state) % 2 {
            let len = bytes.len() as u64;
            let at = usize::try_from(next(&mut state) % len).unwrap();
            let to = usize::try_from(next(&mut state) % len).unwrap();
            match next(&mut state) % 4 {
                0 => bytes[at] = next(&mut state).to_le_bytes()[0],
                1 => bytes[at] = *pick(&mut state, b".:/[]x\"0a*"),
                2 if at < to && to - at < 40 => drop(bytes.drain(at..to)),
                _ => {
                    let copied = bytes[at..bytes.len().min(at + 30)].to_vec();
                    bytes.splice(to..to, copied);
                }
            }
        }
        match properties::check(&bytes, &libraries) {
            Ok(is_whole) => whole += usize::from(is_whole),
            Err(broken) => panic!("{broken}: {}", String::from_utf8_lossy(&bytes)),
        }
    }
    assert!(whole > 60, "only {whole} were definitions");
}

const NAMES: &[&str] = &[
    "item",
    "answer",
    "value[x]",
    "valueCoding",
    "valueQuantity",
    "extension",
    "coding",
    "code",
    "text",
    "linkId",
    "item:a",
    "item:b",
    "item:a/c",
    "value[x]:v",
    "extension:e",
    "coding:k",
    "contained",
    "subject",
    "meta",
    "id",
    "nothing",
    "",
    "item:",
    "valueString:valueString",
    "identifier",
    "assigner",
];

const PARTS: &[&str] = &[
    r#""min":1"#,
    r#""max":"1""#,
    r#""max":"0""#,
    r#""mustSupport":true"#,
    r#""slicing":{"rules":"open"}"#,
    r#""slicing":{"rules":"closed","discriminator":[{"type":"type","path":"$this"}]}"#,
    r##""contentReference":"#QuestionnaireResponse.item""##,
    r##""contentReference":"#QuestionnaireResponse""##,
    r#""type":[{"code":"Quantity"}]"#,
    r#""type":[{"code":"Coding"},{"code":"string"}]"#,
    r#""type":[{"code":"Extension","profile":["https://example.org/H"]}]"#,
    r#""type":[{"code":"Extension","profile":["http://hl7.org/fhir/StructureDefinition/geolocation"]}]"#,
    r#""type":[{"code":"Patient"}]"#,
    r#""type":[{"code":"http://hl7.org/fhirpath/System.String"}]"#,
    r#""sliceName":"s""#,
    r#""sliceName":"a/c""#,
    r#""sliceName":"x.y""#,
];

#[test]
fn no_differential_panics_or_hangs() {
    let libraries = libraries();
    let mut state = 0x2545_f491_4f6c_dd1d;
    let mut whole = 0;
    for round in 0..1500 {
        let mut elements = Vec::new();
        for _ in 0..next(&mut state) % 9 {
            let mut id = "QuestionnaireResponse".to_owned();
            for _ in 0..next(&mut state) % 6 {
                id.push('.');
                let name: &&str = pick(&mut state, NAMES);
                id.push_str(name);
            }
            let stems = id.split('.').map(|it| it.split(':').next().unwrap());
            let path = stems.collect::<Vec<_>>().join(".");
            let (one, two) = (pick(&mut state, PARTS), pick(&mut state, PARTS));
            let id = if next(&mut state).is_multiple_of(4) {
                path.clone()
            } else {
                id
            };
            let more = if one.split(':').next() == two.split(':').next() {
                (*one).to_owned()
            } else {
                format!("{one},{two}")
            };
            elements.push(format!(r#"{{"id":"{id}","path":"{path}",{more}}}"#));
        }
        let (of, base) = match round % 3 {
            0 => (
                "QuestionnaireResponse",
                "http://hl7.org/fhir/StructureDefinition/QuestionnaireResponse",
            ),
            1 => (
                "Extension",
                "http://hl7.org/fhir/StructureDefinition/Extension",
            ),
            _ => ("QuestionnaireResponse", "https://example.org/H"),
        };
        let text = format!(
            r#"{{"resourceType":"StructureDefinition","url":"https://example.org/H","kind":"resource","type":"{of}","baseDefinition":"{base}","derivation":"constraint","differential":{{"element":[{}]}}}}"#,
            elements
                .join(",")
                .replace("QuestionnaireResponse.", &format!("{of}."))
        );
        match properties::check(text.as_bytes(), &libraries) {
            Ok(is_whole) => whole += usize::from(is_whole),
            Err(broken) => panic!("{broken}: {text}"),
        }
    }
    assert!(whole > 500, "only {whole} were whole");
}

/// The more is said, the longer it takes, and no more than that.
#[test]
fn work_grows_with_what_is_said() {
    let library = Library::new(FhirVersion::R4);
    let time = |count: usize| {
        let elements: Vec<String> = (0..count)
            .map(|at| format!(r#"{{"id":"Patient.identifier:s{at}.system","path":"Patient.identifier.system","min":1}}"#))
            .collect();
        let text = format!(
            r#"{{"resourceType":"StructureDefinition","url":"https://example.org/H","kind":"resource","type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{{"element":[{}]}}}}"#,
            elements.join(",")
        );
        let tree = Tree::parse(text.into_bytes(), &Limits::default()).unwrap();
        let Ok(Facts::Profile(profile)) = reduce(&tree, Definitions::r4()) else {
            panic!();
        };
        let start = std::time::Instant::now();
        let found = plumbline_conformance::snapshot(&profile, &library, Definitions::r4());
        (start.elapsed(), found.is_ok())
    };
    assert!(time(100).1);
    // Too many for one profile: refused, and soon.
    let (taken, is_whole) = time(50_000);
    assert!(!is_whole);
    assert!(taken.as_secs() < 10, "{taken:?}");
}
