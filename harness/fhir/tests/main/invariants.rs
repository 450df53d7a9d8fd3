//! Invariants: each of a list of keys is kept and broken alone, in JSON and XML; and what the walk decides without
//! evaluating is what evaluating everything gives, over our own resources, official examples and changed copies.

use crate::defects::random::Random;
use crate::examples::files;
use crate::rules::cases;
use plumbline_fhir::definitions::{Severity, Shape};
use plumbline_fhir::{
    BestPractice, Definitions, EmbeddedHtml, ExampleAddresses, FhirVersion, Invariant, Options,
    Outcome, Survey, TypeTable, json_to_xml, survey, validate,
};
use plumbline_fhirpath::{
    ChildName, Element, Environment, EvalError, Expression, Neighbours, TypeInfo as _,
};
use plumbline_tree::{Layout, Limits, Tree};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{LazyLock, Mutex};

const NATIVE: [&str; 8] = [
    "dom-2", "dom-3", "ele-1", "ext-1", "ref-1", "sqty-1", "txt-1", "txt-2",
];

const OPTIONS: Options = Options {
    most_issues: 100_000,
    best_practice: BestPractice::Warn,
    embedded_html: EmbeddedHtml::Warn,
    example_addresses: ExampleAddresses::Accept,
    references: plumbline_fhir::validate::References::Anywhere,
};

/// Compiled once, by their text.
static COMPILED: LazyLock<Mutex<BTreeMap<&'static str, &'static Expression>>> =
    LazyLock::new(Mutex::default);

fn compiled(text: &'static str) -> &'static Expression {
    let mut all = COMPILED.lock().unwrap();
    all.entry(text)
        .or_insert_with(|| Box::leak(Box::new(Expression::parse(text).unwrap())))
}

/// Keys and places of invariants that are broken, and keys of those that have no result.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    broken: BTreeMap<(String, usize), usize>,
    silent: BTreeSet<String>,
}

/// Every invariant on every element, evaluated.
struct Slow<'a> {
    definitions: &'static Definitions,
    types: &'static TypeTable,
    neighbours: &'a Neighbours<'a>,
    said: Said,
    evaluated: usize,
}

#[derive(Clone, Copy)]
struct Around<'a> {
    resource: Element<'a>,
    root: Element<'a>,
}

impl<'a> Slow<'a> {
    fn hold(&mut self, at: Element<'a>, around: Around<'a>, all: impl Iterator<Item = Invariant>) {
        let mut seen: Vec<Invariant> = Vec::new();
        for it in all {
            if NATIVE.contains(&it.key) || seen.contains(&it) {
                continue;
            }
            seen.push(it);
            self.evaluated += 1;
            let environment =
                Environment::new(self.types, self.neighbours, around.resource).within(around.root);
            let expression = compiled(it.expression);
            match expression.holds(&environment, at) {
                Ok(Some(true)) => {}
                // Nothing is said of what is not there; where all is there, nothing is not true.
                Ok(None) if !self.reads_something(expression, at) => {}
                Ok(Some(false) | None) => {
                    let node = at.value().or(at.body()).unwrap();
                    let place = (it.key.to_owned(), node.offset());
                    *self.said.broken.entry(place).or_default() += 1;
                }
                Err(_) => {
                    self.said.silent.insert(it.key.to_owned());
                }
            }
        }
    }

    fn reads_something(&self, expression: &Expression, at: Element<'a>) -> bool {
        let names = expression.reads().unwrap_or_default();
        let is_there = |name: &&str| !at.named(self.types, &ChildName::new(name)).is_empty();
        !names.is_empty() && names.iter().all(is_there)
    }

    fn resource(&mut self, at: Element<'a>, outer: Option<Around<'a>>) {
        let Some(of) = at
            .resource_type()
            .and_then(|it| self.definitions.resource(it))
        else {
            return;
        };
        let root = outer.map_or(at, |it| it.root);
        let is_stu3 = self.definitions.version() == FhirVersion::Stu3;
        let resource = if is_stu3 { root } else { at };
        let around = Around { resource, root };
        self.hold(at, around, of.invariants());
        self.children(at, of.shape(), around);
    }

    fn children(&mut self, at: Element<'a>, shape: Shape<'static>, around: Around<'a>) {
        for element in shape.children() {
            for child in at.named(self.types, &ChildName::new(element.stem())) {
                let of = child.type_id().map(|it| self.types.name(it).to_owned());
                let type_use = element
                    .types()
                    .find(|it| Some(it.of().name()) == of.as_deref())
                    .or_else(|| element.types().next());
                let type_use = type_use.unwrap();
                if type_use.of().name() == "Resource" {
                    let is_contained = element.name() == "contained";
                    self.resource(child, is_contained.then_some(around));
                    continue;
                }
                let narrow = type_use.profile().unwrap_or(type_use.of());
                let all = narrow.invariants().chain(element.invariants());
                let is_primitive = type_use.of().is_primitive();
                if child.body().is_some() || is_primitive {
                    self.hold(child, around, all);
                }
                let inside = element.inline_shape().unwrap_or_else(|| type_use.shape());
                self.children(child, inside, around);
            }
        }
    }
}

fn slow(tree: &Tree, definitions: &'static Definitions) -> (Said, usize) {
    let types = TypeTable::of(definitions.version());
    let neighbours = Neighbours::of(tree);
    let mut slow = Slow {
        definitions,
        types,
        neighbours: &neighbours,
        said: Said::default(),
        evaluated: 0,
    };
    slow.resource(Element::root(tree, types), None);
    (slow.said, slow.evaluated)
}

fn fast(outcome: &Outcome) -> Said {
    let mut said = Said::default();
    for issue in &outcome.issues {
        if let Some(key) = issue.code.strip_prefix("FHIR-INVARIANT-") {
            let place = (
                key.to_owned(),
                usize::try_from(issue.offset.unwrap()).unwrap(),
            );
            *said.broken.entry(place).or_default() += 1;
        }
    }
    let silent = outcome.invariants_not_checked.iter();
    said.silent = silent.map(|(key, _)| key.clone()).collect();
    said
}

/// Whether the walk goes everywhere that the language goes: there is no other kind of value than the type asks for.
fn is_walked(outcome: &Outcome) -> bool {
    let lost = [
        "KIND", "TOO-DEEP", "JSON-", "CHOICE", "UNKNOWN", "RESOURCE", "XML-",
    ];
    let mut codes = outcome.issues.iter().map(|it| &it.code);
    !codes.any(|code| lost.iter().any(|part| code.contains(part)))
}

/// Changes a value somewhere so that it stays a resource, more or less.
fn change(value: &mut Value, random: &mut Random) {
    match value {
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            if names.is_empty() {
                return;
            }
            let name = &names[random.below(names.len())];
            if name == "resourceType" {
                return;
            }
            if random.below(4) == 0 {
                members.remove(name);
            } else if let Some(inside) = members.get_mut(name) {
                change(inside, random);
            }
        }
        Value::Array(items) => {
            if items.is_empty() {
                return;
            }
            let at = random.below(items.len());
            match random.below(5) {
                0 if items.len() > 1 => {
                    items.remove(at);
                }
                1 => items.push(items[at].clone()),
                2 => items.swap(0, at),
                _ => change(&mut items[at], random),
            }
        }
        Value::String(text) => {
            let others = [
                "group",
                "display",
                "home",
                "history",
                "entered-in-error",
                "collection",
                "1",
                "a.b",
                "*",
                "http://unitsofmeasure.org",
                "2020-01-01",
                "2020",
            ];
            others[random.below(others.len())].clone_into(text);
        }
        Value::Bool(is_true) => *is_true = !*is_true,
        Value::Number(_) => *value = Value::from(random.below(200)),
        Value::Null => {}
    }
}

struct Checked {
    bodies: usize,
    evaluated: usize,
    broken: BTreeSet<String>,
    silent: BTreeSet<String>,
}

impl Checked {
    fn one(&mut self, text: &[u8], version: FhirVersion) {
        let definitions = Definitions::of(version);
        let Ok(tree) = Tree::parse(text.to_vec(), &Limits::default()) else {
            return;
        };
        self.tree(&tree, definitions, "JSON");
        let xml = json_to_xml(&tree, definitions, Layout::Compact);
        if let Ok(xml) = xml
            && let Ok(tree) = Tree::parse_xml(xml.into_bytes(), &Limits::default())
        {
            self.tree(&tree, definitions, "XML");
        }
    }

    fn tree(&mut self, tree: &Tree, definitions: &'static Definitions, syntax: &str) {
        let outcome = validate(tree, definitions, &OPTIONS);
        if !is_walked(&outcome) {
            return;
        }
        let (wanted, evaluated) = slow(tree, definitions);
        let found = fast(&outcome);
        let text = tree.source();
        assert_eq!(found, wanted, "{syntax}: {text}");
        self.bodies += 1;
        self.evaluated += evaluated;
        self.broken.extend(wanted.broken.into_keys().map(|it| it.0));
        self.silent.extend(wanted.silent);
    }
}

fn bodies() -> Vec<(FhirVersion, Vec<u8>)> {
    let mut random = Random::new(7);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/valid");
    let mut bodies = Vec::new();
    for entry in std::fs::read_dir(own).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let version = FhirVersion::from_text(name.split('-').next().unwrap()).unwrap();
        bodies.push((version, std::fs::read(path).unwrap()));
    }
    for (_, line) in cases("invariants") {
        let (version, rest) = line.split_once(' ').unwrap();
        let body = rest.get(rest.find('{').unwrap()..).unwrap();
        let version = FhirVersion::from_text(version).unwrap();
        bodies.push((version, body.as_bytes().to_vec()));
    }
    for (version, package) in [
        (FhirVersion::R4, "hl7.fhir.r4.examples-4.0.1"),
        (FhirVersion::Stu3, "hl7.fhir.r3.examples-3.0.2"),
    ] {
        let mut paths = files(package).unwrap_or_default();
        let mut of_type: BTreeMap<String, usize> = BTreeMap::new();
        while !paths.is_empty() {
            let path = paths.swap_remove(random.below(paths.len()));
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let of = name.split('-').next().unwrap_or_default().to_owned();
            let known = of_type.entry(of).or_default();
            let length = std::fs::metadata(&path).unwrap().len();
            if length > 30_000 || *known >= 3 {
                continue;
            }
            *known += 1;
            bodies.push((version, std::fs::read(path).unwrap()));
        }
    }
    bodies
}

#[test]
fn what_is_decided_without_evaluating_is_what_evaluating_gives() {
    let mut random = Random::new(20_240_229);
    let mut checked = Checked {
        bodies: 0,
        evaluated: 0,
        broken: BTreeSet::new(),
        silent: BTreeSet::new(),
    };
    for (version, text) in bodies() {
        checked.one(&text, version);
        let Ok(value) = serde_json::from_slice::<Value>(&text) else {
            continue;
        };
        for _ in 0..8 {
            let mut copy = value.clone();
            for _ in 0..=random.below(4) {
                change(&mut copy, &mut random);
            }
            checked.one(copy.to_string().as_bytes(), version);
        }
    }
    assert!(checked.bodies > 1000, "{}", checked.bodies);
    assert!(checked.broken.len() > 45, "{:?}", checked.broken);
    assert!(checked.silent.contains("mps-1"), "{:?}", checked.silent);
}

#[test]
fn invariants_mean_the_same_in_xml() {
    let mut keys = BTreeSet::new();
    for (code, line) in cases("invariants") {
        let (version, rest) = line.split_once(' ').unwrap();
        let definitions = Definitions::of(FhirVersion::from_text(version).unwrap());
        let body = rest.get(rest.find('{').unwrap()..).unwrap();
        let tree = Tree::parse(body.as_bytes().to_vec(), &Limits::default()).unwrap();
        let xml = json_to_xml(&tree, definitions, Layout::Compact).unwrap();
        let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
        let mut found = [&tree, &xml].map(|tree| {
            let outcome = validate(tree, definitions, &OPTIONS);
            let issues = outcome.issues.into_iter();
            let mut issues: Vec<_> = issues
                .map(|it| (it.code, it.path, it.message, it.severity, it.expected))
                .collect();
            issues.sort();
            (issues, outcome.invariants_not_checked)
        });
        let [json, xml] = &mut found;
        assert_eq!(json, xml, "{line}");
        if rest.starts_with("fail") {
            keys.insert(code);
        }
    }
    assert!(keys.len() >= 30, "{}", keys.len());
}

fn outcome(version: FhirVersion, body: &str, options: &Options) -> Outcome {
    let tree = Tree::parse(body.as_bytes().to_vec(), &Limits::default()).unwrap();
    validate(&tree, Definitions::of(version), options)
}

#[test]
fn best_practice_is_a_warning_for_those_who_ask() {
    let body = r#"{"resourceType":"Patient","active":true}"#;
    let quiet = outcome(FhirVersion::R4, body, &Options::default());
    assert_eq!(quiet.counts.total(), 0);
    let asked = outcome(FhirVersion::R4, body, &OPTIONS);
    assert_eq!((asked.counts.errors, asked.counts.warnings), (0, 1));
    assert_eq!(asked.issues[0].code, "FHIR-INVARIANT-dom-6");
    assert!(asked.issues[0].message.contains("best practice"));
}

#[test]
fn what_cannot_be_evaluated_is_said_and_is_no_error() {
    // A reference to outside: nobody knows whether it is a practitioner.
    let body = r#"{"resourceType":"CareTeam","participant":[{"member":{"reference":"Practitioner/1"},"onBehalfOf":{"display":"a"}},{"member":{"reference":"Practitioner/2"},"onBehalfOf":{"display":"a"}}]}"#;
    let found = outcome(FhirVersion::R4, body, &OPTIONS);
    assert_eq!(found.counts.errors, 0);
    let keys = found.invariants_not_checked.iter();
    let keys: Vec<&str> = keys.map(|it| it.0.as_str()).collect();
    assert_eq!(keys, ["ctm-1"]);
    // Inside a bundle it is known.
    for (of, errors) in [("Practitioner", 0), ("Patient", 1)] {
        let body = format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[
            {{"fullUrl":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7","resource":{{"resourceType":"{of}","active":true}}}},
            {{"fullUrl":"https://example.org/CareTeam/1","resource":{{"resourceType":"CareTeam","participant":[{{"member":{{"reference":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"}},"onBehalfOf":{{"display":"a"}}}}]}}}}]}}"#
        );
        let found = outcome(FhirVersion::R4, &body, &OPTIONS);
        assert_eq!(found.counts.errors, errors, "{:?}", found.issues);
        assert!(found.invariants_not_checked.is_empty());
    }
    // A value that is none of its type has an issue of its own.
    let body = r#"{"resourceType":"Patient","name":[{"text":"a","period":{"start":"2020-01-01","end":"never"}}]}"#;
    let found = outcome(FhirVersion::R4, body, &OPTIONS);
    assert!(found.issues.iter().any(|it| it.code == "FHIR-DATETIME"));
    assert_eq!(found.invariants_not_checked.len(), 1);
    assert!(!format!("{:?}", found.invariants_not_checked).contains("never"));
}

#[test]
fn a_survey_finds_the_same_as_validation() {
    for (version, text) in bodies().into_iter().take(200) {
        let Ok(tree) = Tree::parse(text, &Limits::default()) else {
            continue;
        };
        let definitions = Definitions::of(version);
        let (outcome, found): (Outcome, Survey<'_>) = survey(&tree, definitions, &OPTIONS);
        assert_eq!(outcome, validate(&tree, definitions, &OPTIONS));
        assert!(!found.resources.is_empty());
        let types = TypeTable::of(version);
        for it in &found.extensions {
            let of = it.element.type_id().map(|of| types.name(of));
            assert_eq!(of, Some("Extension"), "{}", it.url);
            assert!(it.resource < found.resources.len() && !it.holder_names.is_empty());
        }
    }
}

#[test]
fn every_invariant_has_a_place_where_it_is_evaluated() {
    for version in FhirVersion::ALL {
        let definitions = Definitions::of(version);
        for of in definitions.types() {
            for element in of.shape().children() {
                // A resource in an element is judged by its own invariants alone.
                let is_resource = element.types().any(|it| it.of().name() == "Resource");
                assert!(!is_resource || element.invariants().next().is_none());
            }
            for it in of.invariants() {
                assert!(Expression::parse(it.expression).is_ok(), "{}", it.key);
                let is_known = matches!(
                    it.severity,
                    Severity::Error | Severity::Warning | Severity::BestPractice
                );
                assert!(is_known);
            }
        }
    }
    let _: fn(&EvalError) -> String = ToString::to_string;
}
