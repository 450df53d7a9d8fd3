//! Replays every file below `tests/corpus` through both readers. A file's name begins with what
//! its own reader must make of it: `good`, `odd` (an anomaly) or `bad` (an error). What fuzzing
//! finds is kept there.

use crate::properties::check;
use plumbline_tree::{Limits, Syntax, Tree};
use std::path::Path;

/// Every file of one folder of the corpus, by name.
fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    assert!(files.len() > 10, "{} is not there", folder.display());
    files
}

fn replay(folder: &str, syntax: Syntax) {
    let limits = Limits::default();
    for (name, bytes) in files(folder) {
        if let Err(broken) = check(&bytes, &limits) {
            panic!("{name}: {broken}");
        }
        let read = Tree::parse_as(syntax, bytes, &limits);
        let verdict = match &read {
            Ok(tree) if tree.anomalies().is_empty() => "good",
            Ok(_) => "odd",
            Err(_) => "bad",
        };
        let expected = name.split('-').next().unwrap();
        assert_eq!(verdict, expected, "{name}: {:?}", read.err());
    }
}

#[test]
fn json_files() {
    replay("json", Syntax::Json);
}

#[test]
fn xml_files() {
    replay("xml", Syntax::Xml);
}

/// Each file cut off after each of its bytes, and with each of its bytes changed.
#[test]
fn damaged_files() {
    let limits = Limits::default();
    for (name, bytes) in files("json").into_iter().chain(files("xml")) {
        if bytes.len() > 1500 {
            continue;
        }
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            for damaged in [&bytes[..at], &changed] {
                if let Err(broken) = check(damaged, &limits) {
                    panic!("{name}, byte {at}: {broken}");
                }
            }
        }
    }
}
