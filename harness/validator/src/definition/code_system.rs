//! A `CodeSystem` by itself. Not for codes elsewhere.

use super::rules::{
    CASE, CONTENT, COUNT, ITSELF, PROPERTY, PROPERTY_CODE, PROPERTY_TYPE, SUPPLEMENT,
};
use super::without_version;
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::report::Report;
use plumbline_fhir::FhirVersion;
use plumbline_fhir::validate::Severity;
use std::collections::{BTreeMap, BTreeSet};

/// Properties that the specification itself gives a meaning, so that everybody knows them undeclared.
const PUBLISHED: [&str; 6] = [
    "child",
    "deprecated",
    "deprecationDate",
    "inactive",
    "notSelectable",
    "parent",
];

/// Judges a code system.
pub(super) fn check(knowledge: &Knowledge, resource: &Place<'_>, report: &mut Report) {
    let types = knowledge.types;
    let concepts = concepts(knowledge, resource);
    let codes: BTreeSet<&str> = concepts.iter().filter_map(|it| it.word("code")).collect();
    content(knowledge, resource, concepts.len(), report);
    if resource.word("caseSensitive") == Some("false") {
        case(&concepts, report);
    }
    if let Some(named) = resource.first(types, "valueSet") {
        let address = named.value().map(without_version);
        if address.is_some() && address == resource.word("url") {
            report.add(
                &ITSELF,
                &named,
                &[],
                "the address of a value set",
                "its own address",
            );
        }
    }
    let declared = resource.all(types, "property").into_iter();
    let declared = declared.filter_map(|it| Some((it.word("code")?, Declared::read(&it)?)));
    let declared: BTreeMap<&str, Declared<'_>> = declared.collect();
    let is_complete = resource.word("content") == Some("complete");
    for concept in &concepts {
        for property in concept.all(types, "property") {
            let found = check_property(knowledge, &declared, &property, report);
            let Some(code) = found.filter(|_| is_complete) else {
                continue;
            };
            if !codes.contains(code) {
                let at = property.at(types, "value");
                let expected = "a code of this code system";
                report.add(&PROPERTY_CODE, &at, &[shown(code)], expected, shown(code));
            }
        }
    }
}

/// Every concept, at every depth, in the order of the body.
fn concepts<'a>(knowledge: &Knowledge, resource: &Place<'a>) -> Vec<Place<'a>> {
    let mut found = Vec::new();
    let mut waiting = resource.all(knowledge.types, "concept");
    waiting.reverse();
    while let Some(at) = waiting.pop() {
        let mut inner = at.all(knowledge.types, "concept");
        inner.reverse();
        waiting.extend(inner);
        found.push(at);
    }
    found
}

fn content(knowledge: &Knowledge, resource: &Place<'_>, number: usize, report: &mut Report) {
    let types = knowledge.types;
    let Some(content) = resource.word("content") else {
        return;
    };
    let at = resource.at(types, "content");
    if content == "not-present" && number > 0 {
        let shown = number.to_string();
        report.add(&CONTENT, &at, &[content, &shown], "no concepts", &shown);
    }
    let grammar = resource.is_set("compositional");
    if let Some(count) = resource.number("count")
        && content == "complete"
        && !grammar
        && count != number as u64
    {
        let (says, is) = (count.to_string(), number.to_string());
        let at = resource.at(types, "count");
        report.add(&COUNT, &at, &[&says, &is], &is, &says);
    }
    if knowledge.version() == FhirVersion::R4 {
        let named = resource.word("supplements").map(without_version);
        let is_itself = named.is_some() && named == resource.word("url");
        if (content == "supplement") != named.is_some() || is_itself {
            let expected = "both or neither, and another code system";
            report.add(&SUPPLEMENT, &at, &[], expected, content);
        }
    }
}

/// Codes that differ in case only; those that do not differ at all are for csd-1.
fn case(concepts: &[Place<'_>], report: &mut Report) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for concept in concepts {
        let Some(code) = concept.word("code") else {
            continue;
        };
        match seen.get(&code.to_lowercase()) {
            Some(other) if *other != code => {
                let expected = "codes that differ in more than case";
                report.add(&CASE, concept, &[], expected, "another case");
            }
            Some(_) => {}
            None => {
                seen.insert(code.to_lowercase(), code);
            }
        }
    }
}

/// Judges a property of a concept. Gives the code if its value is one of this code system.
fn check_property<'a>(
    knowledge: &Knowledge,
    declared: &BTreeMap<&str, Declared<'_>>,
    property: &Place<'a>,
    report: &mut Report,
) -> Option<&'a str> {
    let types = knowledge.types;
    let code = property.word("code")?;
    let Some(of) = declared.get(code) else {
        let at = property.at(types, "code");
        let code = shown(code);
        let severity = if PUBLISHED.contains(&code) {
            Severity::Warning
        } else {
            Severity::Error
        };
        let expected = "a property that is declared";
        report.add_as(&PROPERTY, severity, &at, &[code], expected, code);
        return None;
    };
    let value = property.first(types, "value")?;
    let is = value.type_name(types);
    if is != of.of && !is.is_empty() {
        let wanted = shown(of.of);
        report.add(
            &PROPERTY_TYPE,
            &value,
            &[shown(code), is, wanted],
            wanted,
            is,
        );
        return None;
    }
    (of.of == "code" && of.is_relation).then(|| value.value())?
}

/// A property that a code system declares.
struct Declared<'a> {
    of: &'a str,
    /// Whether it is what the specification defines as parent or child of a concept.
    is_relation: bool,
}

impl<'a> Declared<'a> {
    fn read(property: &Place<'a>) -> Option<Self> {
        const RELATIONS: [&str; 2] = [
            "http://hl7.org/fhir/concept-properties#parent",
            "http://hl7.org/fhir/concept-properties#child",
        ];
        let uri = property.word("uri").unwrap_or_default();
        Some(Self {
            of: property.word("type")?,
            is_relation: RELATIONS.contains(&uri),
        })
    }
}
