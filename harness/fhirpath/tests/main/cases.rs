//! Our own cases: files of lines `expression ==> expected` in tests/data/cases, each on its input as JSON and as XML.
//!
//! Expected is `{}`, `!` with the kind of error, or values with a comma between them: strings in quotes, dates with
//! `@`, decimals with a point, elements as `type:value` or as their type.

use crate::R4;
use plumbline_fhir::{Definitions, json_to_xml};
use plumbline_fhirpath::{
    Alone, DateTime, Element, Environment, EvalError, Expression, Limits, Strictness, TypeInfo,
    Value,
};
use plumbline_tree::{Layout, Tree};
use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn shown(value: &Value<'_>) -> String {
    let text = value.to_text().unwrap_or_default();
    match value {
        Value::Element(element) => {
            let of = R4.name(element.type_id().unwrap());
            match element.text(&*R4) {
                Some(text) => format!("{of}:{text}"),
                None if R4.primitive(element.type_id().unwrap()).is_some() => format!("{of}:"),
                None => of.to_owned(),
            }
        }
        Value::String(_) => format!("'{text}'"),
        Value::Decimal(_) if !text.contains('.') => format!("{text}."),
        Value::Date(_) => format!("@{text}"),
        Value::DateTime(_) if text.contains('T') => format!("@{text}"),
        Value::DateTime(_) => format!("@{text}T"),
        Value::Time(_) => format!("@T{text}"),
        Value::Type { namespace, name } => format!("{namespace}.{name}"),
        Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Quantity(_) => {
            text.into_owned()
        }
    }
}

fn kind(error: &EvalError) -> &'static str {
    match error {
        EvalError::Several { .. } => "!Several",
        EvalError::WrongType { .. } => "!WrongType",
        EvalError::WrongValue { .. } => "!WrongValue",
        EvalError::UnknownType { .. } => "!UnknownType",
        EvalError::UnknownElement { .. } => "!UnknownElement",
        EvalError::UnknownVariable { .. } => "!UnknownVariable",
        EvalError::Unknown { .. } => "!Unknown",
        EvalError::Unreadable { .. } => "!Unreadable",
        EvalError::NoClock { .. } => "!NoClock",
        EvalError::Unordered { .. } => "!Unordered",
        EvalError::Limit { .. } => "!Limit",
    }
}

fn result(text: &str, tree: &Tree, strictness: Strictness) -> String {
    let Ok(expression) = Expression::parse(text) else {
        return "!Parse".to_owned();
    };
    let root = Element::root(tree, &*R4);
    let limits = Limits {
        steps: 100_000,
        ..Limits::default()
    };
    let environment = Environment::new(&*R4, &Alone, root)
        .at(DateTime::parse("2026-11-22T12:00:00.000Z").unwrap())
        .limited(limits)
        .read(strictness);
    match expression.evaluate(&environment, root) {
        Err(error) => kind(&error).to_owned(),
        Ok(values) if values.is_empty() => "{}".to_owned(),
        Ok(values) => {
            let shown: Vec<_> = values.iter().map(shown).collect();
            shown.join(", ")
        }
    }
}

/// The tree of an input, as JSON and as XML.
fn forms(input: &str) -> [Tree; 2] {
    let bytes = std::fs::read(data(&format!("inputs/{input}.json"))).unwrap();
    let json = Tree::parse(bytes, &plumbline_tree::Limits::default()).unwrap();
    let xml = json_to_xml(&json, Definitions::r4(), Layout::Compact).unwrap();
    let xml = Tree::parse_xml(xml.into_bytes(), &plumbline_tree::Limits::default()).unwrap();
    [json, xml]
}

#[test]
fn our_own_cases_give_what_they_should() {
    let mut wrong = Vec::new();
    let mut count = 0;
    let entries = std::fs::read_dir(data("cases")).unwrap();
    let mut paths: Vec<_> = entries.map(|it| it.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let header = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
        let forms = forms(header("input: ").unwrap());
        let strictness = match header("mode: ") {
            Some("strict") => Strictness::Strict,
            Some(other) => panic!("{}: {other}", path.display()),
            None => Strictness::Lenient,
        };
        for (number, line) in text.lines().enumerate() {
            let Some((expression, expected)) = line.split_once(" ==> ") else {
                assert!(
                    line.is_empty() || line.starts_with(['#', 'i', 'm']),
                    "{}: {line}",
                    path.display()
                );
                continue;
            };
            count += 1;
            for tree in &forms {
                let found = result(expression, tree, strictness);
                if found != expected {
                    let file = path.file_name().unwrap().to_string_lossy();
                    let syntax = tree.syntax();
                    wrong.push(format!(
                        "{file}:{}: {expression} gives {found}, expected {expected} ({syntax:?})",
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count > 400, "only {count} cases");
}
