//! Every rule of profiles with an instance that keeps to it and one that does not, in JSON and in XML.

mod elements;
mod extensions;
mod implied;
mod limits;
mod slicing;
mod targets;
mod versions;

use crate::{Judged, Library, Validator};
use plumbline_fhir::profile_facts::reduce;
use plumbline_fhir::validate::Severity;
use plumbline_fhir::{Definitions, FhirVersion, Options, json_to_xml};
use plumbline_tree::{Layout, Limits, Tree};

/// A differential, in short: the type, the end of the address, the elements.
pub(super) fn profile(of: &str, name: &str, elements: &str) -> String {
    format!(
        r#"{{"resourceType":"StructureDefinition","url":"https://x.example/{name}","version":"1.2.0","kind":"resource",
            "abstract":false,"type":"{of}","baseDefinition":"http://hl7.org/fhir/StructureDefinition/{of}",
            "derivation":"constraint","differential":{{"element":[{elements}]}}}}"#
    )
}

pub(super) fn tree(json: &str) -> Tree {
    Tree::parse(json.as_bytes().to_vec(), &Limits::default()).unwrap()
}

pub(super) fn validator(version: FhirVersion, profiles: &[String]) -> Validator {
    let mut library = Library::empty(version);
    for profile in profiles {
        library.add(reduce(&tree(profile), Definitions::of(version)).unwrap());
    }
    Validator::new(library)
}

/// The issues of severity error, or all: code and path, in the order of the body.
pub(super) fn lines(judged: &Judged, least: Severity) -> Vec<String> {
    let issues = judged
        .outcome
        .issues
        .iter()
        .filter(|it| it.severity <= least);
    issues
        .map(|it| format!("{} {}", it.code, it.path))
        .collect()
}

/// What is found in a body, in JSON and in XML alike.
pub(super) fn judged(validator: &Validator, body: &str, profiles: &[&str]) -> Judged {
    let profiles: Vec<String> = profiles
        .iter()
        .map(|it| format!("https://x.example/{it}"))
        .collect();
    let options = Options::default();
    let json = tree(body);
    let found = validator.judge(&json, &profiles, &options);
    let xml = json_to_xml(&json, Definitions::of(validator.version()), Layout::Compact).unwrap();
    let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
    let again = validator.judge(&xml, &profiles, &options);
    let sorted = |judged: &Judged| {
        let mut all = lines(judged, Severity::Information);
        all.sort();
        all
    };
    assert_eq!(sorted(&found), sorted(&again), "{body}");
    found
}

/// The errors of a body against the profile `p`.
pub(super) fn errors(validator: &Validator, body: &str) -> Vec<String> {
    let found = judged(validator, body, &["p"]);
    for issue in &found.outcome.issues {
        assert!(!issue.message.contains("{}"), "{issue:?}");
    }
    lines(&found, Severity::Error)
}
