//! For tests: resources with edits, judged in JSON and in XML. Not for anything but tests.

use crate::{Issue, Library, Options, Validator};
use plumbline_fhir::{Definitions, FhirVersion, json_to_xml};
use plumbline_tree::{Layout, Limits, Tree};
use serde_json::Value;

/// A change: a JSON pointer, and what stands there afterwards; `None` removes it, `-` as the last step appends.
pub(crate) type Edit<'e> = (&'e str, Option<&'e str>);

/// A resource with edits.
pub(crate) fn edited(base: &str, edits: &[Edit<'_>]) -> String {
    let mut value: Value = serde_json::from_str(base).unwrap();
    for (pointer, text) in edits {
        let (around, last) = pointer.rsplit_once('/').unwrap();
        let around = value
            .pointer_mut(around)
            .unwrap_or_else(|| panic!("{pointer}"));
        let new = text.map(|it| serde_json::from_str::<Value>(it).unwrap());
        match (around, new) {
            (Value::Object(members), Some(new)) => {
                members.insert(last.to_owned(), new);
            }
            (Value::Object(members), None) => {
                members.remove(last).unwrap_or_else(|| panic!("{pointer}"));
            }
            (Value::Array(items), Some(new)) if last == "-" => items.push(new),
            (Value::Array(items), Some(new)) => items[last.parse::<usize>().unwrap()] = new,
            (Value::Array(items), None) => {
                items.remove(last.parse().unwrap());
            }
            _ => panic!("{pointer} leads into a value"),
        }
    }
    value.to_string()
}

/// What the rules of a family find in a resource, in JSON and in XML alike: codes and paths, in order.
pub(crate) fn found(
    version: FhirVersion,
    family: &str,
    supplied: &[&str],
    resource: &str,
) -> Vec<(String, String)> {
    let mut validator = Validator::new(Library::empty(version));
    for text in supplied {
        validator.supply(Tree::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap());
    }
    let json = Tree::parse(resource.as_bytes().to_vec(), &Limits::default()).unwrap();
    let xml = json_to_xml(&json, Definitions::of(version), Layout::Compact).unwrap();
    let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
    let [one, other] = [json, xml].map(|tree| {
        let outcome = validator.validate(&tree, &[], &Options::default());
        let own = outcome
            .issues
            .into_iter()
            .filter(|it| it.code.starts_with(family));
        let mut own: Vec<(String, String)> = own
            .map(|it: Issue| (it.code.to_string(), it.path))
            .collect();
        own.sort();
        own
    });
    assert_eq!(one, other, "JSON and XML differ: {resource}");
    one
}
