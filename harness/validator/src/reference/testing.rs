//! For tests: what the rules of references, bundles and parameters find in a body, in JSON and in XML.

use super::Index;
use crate::knowledge::Knowledge;
use crate::report::Report;
use plumbline_conformance::Library;
use plumbline_fhir::validate::survey;
use plumbline_fhir::{Definitions, FhirVersion, Issue, Options, json_to_xml};
use plumbline_tree::{Layout, Limits, Tree};

/// Both versions.
pub(crate) const BOTH: &[FhirVersion] = &[FhirVersion::Stu3, FhirVersion::R4];

/// What is found in a body: codes and paths, sorted. The same in both syntaxes.
pub(crate) fn found(version: FhirVersion, json: &str, supplied: &[&str]) -> Vec<(String, String)> {
    let mut knowledge = Knowledge::new(Library::empty(version));
    for text in supplied {
        let tree = Tree::parse(text.as_bytes().to_vec(), &Limits::default());
        knowledge.supplied.add(tree.expect("JSON"));
    }
    let tree = Tree::parse(json.as_bytes().to_vec(), &Limits::default()).expect("JSON");
    let xml = json_to_xml(&tree, Definitions::of(version), Layout::Compact).expect("FHIR");
    let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).expect("XML");
    let [json, xml] = [&tree, &xml].map(|tree| {
        let issues = issues(tree, &knowledge);
        let words = |it: &Issue| (it.message.clone(), it.expected.clone(), it.actual.clone());
        let mut all: Vec<_> = issues
            .iter()
            .map(|it| (it.code.to_string(), it.path.clone(), it.severity, words(it)))
            .collect();
        all.sort();
        all
    });
    assert_eq!(json, xml, "JSON and XML differ");
    json.into_iter()
        .map(|(code, path, ..)| (code, path))
        .collect()
}

/// What is found in a tree.
pub(crate) fn issues(tree: &Tree, knowledge: &Knowledge) -> Vec<Issue> {
    let index = Index::of(tree, knowledge);
    let (_, survey) = survey(tree, knowledge.definitions, &Options::default());
    let mut report = Report::new(Options {
        most_issues: 10_000,
        ..Options::default()
    });
    let links = super::check(&index, &survey, Options::default(), &mut report);
    crate::bundle::check(&index, &links, &mut report);
    crate::parameters::check(&index, &mut report);
    report.finish().0
}

/// Checks one body in both versions.
pub(crate) fn expect(json: &str, wanted: &[(&str, &str)]) {
    for version in BOTH {
        expect_of(*version, json, wanted);
    }
}

/// Checks one body.
pub(crate) fn expect_of(version: FhirVersion, json: &str, wanted: &[(&str, &str)]) {
    expect_with(version, json, &[], wanted);
}

/// Checks one body with resources that were handed over.
pub(crate) fn expect_with(
    version: FhirVersion,
    json: &str,
    supplied: &[&str],
    wanted: &[(&str, &str)],
) {
    let found = found(version, json, supplied);
    let found: Vec<(&str, &str)> = found.iter().map(|(code, at)| (&**code, &**at)).collect();
    assert_eq!(found, wanted, "{version}: {json}");
}

/// A bundle of a type with entries.
pub(crate) fn bundle(of: &str, entries: &[&str]) -> String {
    if entries.is_empty() {
        return format!(r#"{{"resourceType":"Bundle","type":"{of}"}}"#);
    }
    let entries = entries.join(",");
    format!(r#"{{"resourceType":"Bundle","type":"{of}","entry":[{entries}]}}"#)
}

/// An entry with a resource.
pub(crate) fn entry(url: &str, resource: &str) -> String {
    format!(r#"{{"fullUrl":"{url}","resource":{resource}}}"#)
}
