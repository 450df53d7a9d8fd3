//! Reads FHIR XML into the JSON form of the same resource.
//! Not for judging it: an element that FHIR does not know is read as it stands.

use super::definitions::{Form, Number, stu3};
use super::xml_writer::NAMESPACE;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use serde_json::{Map, Number as JsonNumber, Value, json};

/// No request that a test sends is nested as deeply.
const DEEPEST: usize = 50;

/// An element as XML has it.
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

/// The resource in `text`, as JSON, or what is wrong with it.
pub(super) fn read(text: &str) -> Result<Value, String> {
    Ok(resource(&tree(text)?))
}

fn tree(text: &str) -> Result<Node, String> {
    let mut reader = NsReader::from_str(text);
    let mut open: Vec<Node> = Vec::new();
    let mut root = None;
    loop {
        let (namespace, event) = reader
            .read_resolved_event()
            .map_err(|error| format!("the XML is malformed: {error}"))?;
        let is_fhir = matches!(namespace, ResolveResult::Bound(name) if name.as_ref() == NAMESPACE);
        let closed = match event {
            Event::Start(start) => {
                check_namespace(is_fhir)?;
                if open.len() == DEEPEST || root.is_some() {
                    return Err("the XML is nested too deeply, or has two roots".to_owned());
                }
                open.push(node(&start)?);
                None
            }
            Event::Empty(start) => {
                check_namespace(is_fhir)?;
                Some(node(&start)?)
            }
            Event::End(_) => open.pop(),
            Event::DocType(_) => return Err("the XML has a document type".to_owned()),
            Event::Eof => break,
            Event::Text(text) if !text.trim().is_empty() => {
                return Err("the XML has text between its elements".to_owned());
            }
            _ => None,
        };
        match (closed, open.last_mut()) {
            (Some(node), Some(parent)) => parent.children.push(node),
            (Some(node), None) => root = Some(node),
            (None, _) => {}
        }
    }
    match root {
        Some(root) if open.is_empty() => Ok(root),
        _ => Err("the XML ends too early".to_owned()),
    }
}

fn check_namespace(is_fhir: bool) -> Result<(), String> {
    if is_fhir {
        Ok(())
    } else {
        Err(format!("an element is not of the namespace {NAMESPACE}"))
    }
}

fn node(start: &BytesStart<'_>) -> Result<Node, String> {
    let broken = |error: &dyn std::fmt::Display| format!("the XML is malformed: {error}");
    let name = start.local_name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for found in start.attributes() {
        let found = found.map_err(|error| broken(&error))?;
        let key = found.key.as_ref().to_owned();
        let value = quick_xml::escape::unescape(&found.value).map_err(|error| broken(&error))?;
        if key != "xmlns" && !key.starts_with("xmlns:") {
            attributes.push((key, value.into_owned()));
        }
    }
    Ok(Node {
        name,
        attributes,
        children: Vec::new(),
    })
}

fn resource(node: &Node) -> Value {
    let mut fields = fields(node, &node.name);
    fields.insert("resourceType".to_owned(), json!(node.name));
    Value::Object(fields)
}

/// The attributes and children of an element of this type, as members of a JSON object.
fn fields(node: &Node, kind: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in &node.attributes {
        let known = stu3().element(kind, name);
        if known.is_none_or(|(element, _)| element.form == Form::Attribute) {
            fields.insert(name.clone(), json!(value));
        }
    }
    for child in &node.children {
        let known = stu3().element(kind, &child.name);
        let kind = known.map_or("", |(_, kind)| kind);
        let value = match child.children.first() {
            Some(only) if kind == "Resource" => resource(only),
            _ => value(child, kind),
        };
        let is_list = known.is_some_and(|(element, _)| element.number == Number::List);
        match fields.get_mut(&child.name) {
            Some(Value::Array(items)) => items.push(value),
            // FHIR has it once, the sender twice: JSON can show that only as a list.
            Some(first) => *first = json!([first.take(), value]),
            None if is_list => drop(fields.insert(child.name.clone(), json!([value]))),
            None => drop(fields.insert(child.name.clone(), value)),
        }
    }
    fields
}

fn value(node: &Node, kind: &str) -> Value {
    let text = node.attributes.iter().find(|(name, _)| name == "value");
    match text {
        Some((_, text)) if node.children.is_empty() => scalar(text, kind),
        _ => Value::Object(fields(node, kind)),
    }
}

/// A primitive value; one that its type does not allow stays a string.
fn scalar(text: &str, kind: &str) -> Value {
    let number = match kind {
        "integer" | "positiveInt" | "unsignedInt" => text.parse::<i64>().ok().map(Into::into),
        "decimal" => text.parse().ok().and_then(JsonNumber::from_f64),
        _ => None,
    };
    match (kind, text) {
        ("boolean", "true") => json!(true),
        ("boolean", "false") => json!(false),
        _ => number.map_or_else(|| json!(text), Value::Number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gp::xml_writer::write;

    #[test]
    fn reads_what_the_writer_writes() {
        let resources = [
            json!({
                "resourceType": "Parameters",
                "parameter": [{"name": "registerPatient", "resource": {
                    "resourceType": "Patient",
                    "meta": {"profile": ["https://example.org/p"]},
                    "extension": [{"url": "https://example.org/y", "valueBoolean": true}],
                    "identifier": [{"system": "https://example.org/i", "value": "a & b"}],
                    "name": [{"use": "official", "family": "Marsh", "given": ["Ann"]}],
                    "multipleBirthInteger": 2,
                    "birthDate": "1957-04-22",
                }}],
            }),
            json!({"resourceType": "Bundle", "type": "searchset", "total": 0}),
        ];
        for resource in resources {
            assert_eq!(read(&write(&resource)).unwrap(), resource);
        }
    }

    #[test]
    fn keeps_what_fhir_does_not_know() {
        let text = "<Patient xmlns='http://hl7.org/fhir'><shoeSize value='9'/></Patient>";
        let expected = json!({"resourceType": "Patient", "shoeSize": "9"});
        assert_eq!(read(text).unwrap(), expected);
        let text =
            "<Patient xmlns='http://hl7.org/fhir'><gender value='a'/><gender value='b'/></Patient>";
        let expected = json!({"resourceType": "Patient", "gender": ["a", "b"]});
        assert_eq!(read(text).unwrap(), expected);
    }

    #[test]
    fn refuses_what_is_no_fhir_xml() {
        for (text, part) in [
            ("", "ends too early"),
            ("<Patient xmlns='http://hl7.org/fhir'>", "ends too early"),
            ("<Patient/>", "namespace"),
            (
                "<Patient xmlns='http://hl7.org/fhir'><a></b></Patient>",
                "malformed",
            ),
            (
                "<!DOCTYPE x><Patient xmlns='http://hl7.org/fhir'/>",
                "document type",
            ),
            ("<Patient xmlns='http://hl7.org/fhir'>x</Patient>", "text"),
            ("{}", "text"),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
