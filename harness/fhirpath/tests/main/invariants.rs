//! Every invariant that is published for R4, STU3, UK Core and NHS STU3 is an expression that we can read.
//! Where the packages are missing, it is skipped. Not for what they give: examples.rs.

use crate::places;
use plumbline_fhirpath::{Alone, Element, Environment, EvalError, Expression, Untyped};
use plumbline_tree::{Form, Limits, Node, Syntax, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Expressions that are published and are none, and what is wrong with them.
const DEFECTS: &[(&str, &str)] = &[];

/// Folders in which every file is a definition.
const FOLDERS: &[&str] = &[
    "structuredefinitions",
    "StructureDefinitions",
    "snapshot-oracle",
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|it| it == "json" || it == "xml")
        {
            found.push(path);
        }
    }
    found.sort();
}

/// The value of a primitive in either syntax.
fn value(node: Node<'_>, name: &str) -> Option<String> {
    let child = node.get(name)?;
    let text = match child.form() {
        Form::Element => child.attribute("value")?.as_str(),
        _ => child.as_str(),
    };
    text.map(str::to_owned)
}

/// The expressions of every `constraint` in a `StructureDefinition`.
fn expressions(tree: &Tree, found: &mut BTreeMap<String, String>) {
    for node in tree.nodes().filter(|it| it.name() == Some("constraint")) {
        let single = (node.form() == Form::Element).then_some(node);
        for constraint in node.items().chain(single) {
            if let Some(expression) = value(constraint, "expression") {
                let key = value(constraint, "key").unwrap_or_default();
                found.insert(expression, key);
            }
        }
    }
}

fn read(path: &Path) -> Option<Tree> {
    let bytes = std::fs::read(path).ok()?;
    let syntax = Syntax::guess(&bytes)?;
    Tree::parse_as(syntax, bytes, &Limits::default()).ok()
}

/// The literals that an expression hands to `matches`, with their quotes.
fn patterns(expression: &str) -> impl Iterator<Item = &str> {
    expression.split("matches(").skip(1).filter_map(|rest| {
        let inside = rest.strip_prefix('\'')?;
        let mut is_escaped = false;
        let end = inside.find(|c| {
            let is_end = c == '\'' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            is_end
        });
        rest.get(..end? + 2)
    })
}

/// Whether a regular expression is one that we can use.
fn matches(pattern: &str) -> Result<(), EvalError> {
    let expression = Expression::parse(&format!("'a'.matches({pattern})")).unwrap();
    let tree = Tree::parse(b"{}".to_vec(), &Limits::default()).unwrap();
    let root = Element::root(&tree, &Untyped);
    let environment = Environment::new(&Untyped, &Alone, root);
    expression.evaluate(&environment, root).map(|_| ())
}

/// How many definitions and different expressions a folder has; all are parsed.
fn parse_all(name: &str, folder: &Path, broken: &mut BTreeMap<String, String>) -> (usize, usize) {
    let (mut paths, mut found, mut definitions) = (Vec::new(), BTreeMap::new(), 0);
    files(folder, &mut paths);
    for path in paths {
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_definition = file.starts_with("StructureDefinition-")
            || path
                .components()
                .any(|it| FOLDERS.contains(&&*it.as_os_str().to_string_lossy()));
        if is_definition && let Some(tree) = read(&path) {
            definitions += 1;
            expressions(&tree, &mut found);
        }
    }
    for (expression, key) in &found {
        for pattern in patterns(expression) {
            if let Err(error) = matches(pattern) {
                broken.insert(format!("{name} {key}: {pattern}"), error.to_string());
            }
        }
        if let Err(error) = Expression::parse(expression) {
            broken.insert(format!("{name} {key}: {expression}"), error.to_string());
        }
    }
    (definitions, found.len())
}

#[test]
fn every_published_invariant_is_an_expression() {
    let sources = [
        ("R4", places::package("hl7.fhir.r4.examples-4.0.1"), 150),
        ("STU3", places::package("hl7.fhir.r3.examples-3.0.2"), 150),
        ("UK Core", places::shared("uk-core"), 1),
        ("NHS STU3", places::shared("nhs-stu3"), 1),
    ];
    let mut broken = BTreeMap::new();
    for (name, folder, least) in sources {
        let Some(folder) = folder else {
            continue;
        };
        let (definitions, count) = parse_all(name, &folder, &mut broken);
        let _ = writeln!(
            std::io::stderr(),
            "{name}: {count} different expressions in {definitions} definitions parse"
        );
        assert!(count >= least, "{name} has {count} expressions only");
    }
    let known: BTreeSet<_> = DEFECTS.iter().map(|it| it.0).collect();
    broken.retain(|at, _| !known.iter().any(|known| at.starts_with(known)));
    assert!(broken.is_empty(), "{broken:#?}");
}
