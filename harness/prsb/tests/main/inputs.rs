//! Where tests get standards and documents from: the rows of the repository and the two good documents.
//! Not for asserting anything.

use plumbline_fhir::{Definitions, json_to_xml};
use plumbline_prsb::{Content, Held, Standard, Version, judge};
use plumbline_tree::{Layout, Limits, Tree};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn rows() -> Vec<(String, String)> {
    let folder = root().join("profiles/transfer-of-care/prsb");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

pub fn standard() -> Standard {
    let rows = rows();
    let files: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    match Standard::read("edischarge", &files) {
        Ok(standard) => standard,
        Err(errors) => panic!("{errors:#?}"),
    }
}

pub fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

pub fn good(version: Version) -> Value {
    let name = match version {
        Version::Stu3 => "good-stu3.json",
        Version::R4 => "good-r4.json",
    };
    serde_json::from_str(&fixture(name)).unwrap()
}

/// The document in both syntaxes.
pub fn both(document: &Value, version: Version) -> [Tree; 2] {
    let json = parsed(document.to_string());
    let definitions = match version {
        Version::Stu3 => Definitions::stu3(),
        Version::R4 => Definitions::r4(),
    };
    let xml = json_to_xml(&json, definitions, Layout::Compact).unwrap();
    let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
    [json, xml]
}

pub fn parsed(json: String) -> Tree {
    Tree::parse(json.into_bytes(), &Limits::default()).unwrap()
}

pub fn judged(tree: &Tree, standard: &Standard, held: &Held) -> Content {
    match judge(tree, standard, held) {
        Ok(content) => content,
        Err(refusal) => panic!("{refusal:?}"),
    }
}
