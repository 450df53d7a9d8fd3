//! The invariants of R4 and STU3 on the official examples: each gives true, or cannot be known here and says so, or
//! the example breaks it and is listed with the reason. Where the packages are missing, it is skipped.

use crate::types::Facts;
use crate::{R4, STU3, places};
use plumbline_fhir::definitions::Shape;
use plumbline_fhir::{Definitions, FhirVersion, Invariant, json_to_xml};
use plumbline_fhirpath::{
    Alone, DateTime, Element, Environment, EvalError, Expression, TypeInfo, Value,
};
use plumbline_tree::{Layout, Limits, Node, Tree};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

/// Invariants that examples break, and why that is so.
const BROKEN: &[(&str, &str)] = &[
    ("bdl-7", "the bundle of data elements has addresses twice"),
    ("csd-0", "names such as v2.0290 have no capital letter"),
    ("dom-6", "many examples have no narrative; a best practice"),
    ("nsd-0", "names such as status have no capital letter"),
    ("pdf-0", "names have no capital letter"),
    ("sdf-0", "names such as date.id have no capital letter"),
    (
        "sdf-4",
        "the definition of Definition is not abstract and has no base",
    ),
    ("spd-0", "names such as _text have no capital letter"),
    ("tst-0", "a name has no capital letter"),
    ("vsd-0", "names such as v2.0927 have no capital letter"),
    ("dae-1", "data elements of STU3 name a base"),
    ("dae-2", "data elements of STU3 are sliced"),
    ("dom-1", "a contained organisation has narrative"),
];

/// Invariants that say nothing of an element which lacks what they ask about, and what that is.
const SILENT: &[(&str, &str)] = &[
    ("-0", "the name"),
    ("bdl-8", "the address of the entry"),
    ("con-4", "the clinical status"),
    ("eld-12", "the address of the value set"),
    ("opd-2", "the type of the parameter"),
    ("ras-2", "the probability as a number"),
    ("ref-1", "the reference"),
    ("sdf-11", "the type"),
    ("sdf-5", "the type"),
];

type Compiled = Vec<(&'static str, Expression)>;

/// The invariants of each type and element, and the path to each child.
struct Rules {
    definitions: &'static Definitions,
    facts: &'static Facts,
    is_stu3: bool,
    by_type: BTreeMap<&'static str, Compiled>,
    by_element: BTreeMap<usize, (Expression, Compiled)>,
}

fn compiled(all: impl Iterator<Item = Invariant>) -> Compiled {
    all.map(|it| (it.key, Expression::parse(it.expression).unwrap()))
        .collect()
}

/// Where an element stands: its resource, and the one that contains that.
#[derive(Clone, Copy)]
struct Place<'a> {
    resource: Element<'a>,
    root: Element<'a>,
}

#[derive(Default)]
struct Seen {
    count: usize,
    unknown: usize,
    /// How many files were judged as XML too.
    in_xml: usize,
    /// What was not true, how often, and where first.
    broken: BTreeMap<String, (usize, String)>,
}

impl Rules {
    fn new(definitions: &'static Definitions, facts: &'static Facts) -> Self {
        let types = definitions.types();
        let mut rules = Self {
            definitions,
            facts,
            is_stu3: definitions.version() == FhirVersion::Stu3,
            by_type: types
                .map(|of| (of.name(), compiled(of.invariants())))
                .collect(),
            by_element: BTreeMap::new(),
        };
        for of in definitions.types() {
            rules.add(of.shape());
        }
        rules
    }

    fn add(&mut self, shape: Shape<'static>) {
        for element in shape.children() {
            if self.by_element.contains_key(&element.number()) {
                continue;
            }
            let path = Expression::parse(&format!("`{}`", element.stem())).unwrap();
            let rules = compiled(element.invariants());
            self.by_element.insert(element.number(), (path, rules));
            if let Some(inline) = element.inline_shape() {
                self.add(inline);
            }
        }
    }

    fn hold<'a>(&'a self, of: &'a Compiled, place: Place<'a>, at: Element<'a>, seen: &mut Seen) {
        let now = DateTime::parse("2026-11-22T12:00:00.000Z").unwrap();
        let environment = Environment::new(self.facts, &Alone, place.resource)
            .within(place.root)
            .at(now);
        for (key, rule) in of {
            seen.count += 1;
            match rule.holds(&environment, at) {
                Ok(Some(true)) => {}
                Err(EvalError::Unknown { .. }) => seen.unknown += 1,
                other => {
                    let node = at.body().or(at.value()).unwrap();
                    let entry = seen.broken.entry(format!("{key}: {other:?}")).or_default();
                    entry.0 += 1;
                    if entry.1.is_empty() {
                        let id = place.root.body().unwrap().get("id").map(Node::raw);
                        entry.1 = format!("{} in {id:?}", node.path());
                    }
                }
            }
        }
    }

    fn judge_tree(&self, tree: &Tree) -> Seen {
        let mut seen = Seen::default();
        let root = Element::root(tree, self.facts);
        let place = Place {
            resource: root,
            root,
        };
        self.judge(place, root, &mut seen);
        seen
    }

    /// Judges an element by its type, and all below it.
    fn judge<'a>(&'a self, place: Place<'a>, element: Element<'a>, seen: &mut Seen) {
        let Some(of) = element.type_id() else {
            return;
        };
        if let Some(rules) = self.by_type.get(self.facts.name(of)) {
            self.hold(rules, place, element, seen);
        }
        let environment = Environment::new(self.facts, &Alone, place.resource);
        for definition in self.facts.row(of).shape.children() {
            let (path, rules) = &self.by_element[&definition.number()];
            for child in path.evaluate(&environment, element).unwrap() {
                let Value::Element(child) = child else {
                    continue;
                };
                self.hold(rules, place, child, seen);
                let inner = match (child.resource_type(), definition.name()) {
                    (None, _) => place,
                    // STU3 knows no %rootResource: there %resource is the one that contains the other.
                    (Some(_), "contained") if self.is_stu3 => place,
                    (Some(_), "contained") => Place {
                        resource: child,
                        ..place
                    },
                    (Some(_), _) => Place {
                        resource: child,
                        root: child,
                    },
                };
                self.judge(inner, child, seen);
            }
        }
    }
}

/// Judges every so many of the files; the smaller ones as XML too, which must give the same.
fn judge_all(folder: &Path, rules: &Rules, every: usize) -> Seen {
    let mut seen = Seen::default();
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|it| it.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().step_by(every) {
        let bytes = std::fs::read(path).unwrap();
        let is_small = bytes.len() < 100_000;
        // The largest hold the same again and again.
        if every > 1 && bytes.len() > 1_000_000 {
            continue;
        }
        let Ok(tree) = Tree::parse(bytes, &Limits::default()) else {
            continue;
        };
        let found = rules.judge_tree(&tree);
        if is_small && found.count > 0 {
            let xml = json_to_xml(&tree, rules.definitions, Layout::Compact).unwrap();
            let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
            let again = rules.judge_tree(&xml);
            let kinds = |seen: &Seen| -> Vec<_> {
                let all = seen.broken.iter();
                all.map(|(line, (count, _))| (line.clone(), *count))
                    .collect()
            };
            assert_eq!(kinds(&found), kinds(&again), "{}", path.display());
            assert_eq!((found.count, found.unknown), (again.count, again.unknown));
            seen.in_xml += 1;
        }
        seen.count += found.count;
        seen.unknown += found.unknown;
        for (line, (count, place)) in found.broken {
            let entry = seen.broken.entry(line).or_insert((0, place));
            entry.0 += count;
        }
    }
    seen
}

#[test]
fn the_official_examples_keep_the_invariants_of_their_types() {
    let sources = [
        ("hl7.fhir.r4.examples-4.0.1", Definitions::r4(), &*R4),
        ("hl7.fhir.r3.examples-3.0.2", Definitions::stu3(), &*STU3),
    ];
    for (name, definitions, facts) in sources {
        let Some(folder) = places::package(name) else {
            continue;
        };
        let rules = Rules::new(definitions, facts);
        let every = std::env::var("PLUMBLINE_EVERY").map_or(15, |it| it.parse().unwrap());
        let mut seen = judge_all(&folder, &rules, every);
        let _ = writeln!(
            std::io::stderr(),
            "{name}: {} invariants evaluated, {} cannot be known, {} files again as XML, {} kinds are not true",
            seen.count,
            seen.unknown,
            seen.in_xml,
            seen.broken.len()
        );
        let is_explained = |line: &str| {
            let (key, result) = line.split_once(": ").unwrap();
            match result {
                "Ok(Some(false))" => BROKEN.iter().any(|it| it.0 == key),
                "Ok(None)" => SILENT.iter().any(|it| key.ends_with(it.0)),
                _ => false,
            }
        };
        seen.broken.retain(|line, _| !is_explained(line));
        assert!(seen.broken.is_empty(), "{:#?}", seen.broken);
        assert!(seen.count > 20_000, "{} only", seen.count);
        assert!(seen.in_xml > 50, "{} as XML only", seen.in_xml);
        assert!(
            seen.unknown * 50 < seen.count,
            "{} cannot be known",
            seen.unknown
        );
    }
}
