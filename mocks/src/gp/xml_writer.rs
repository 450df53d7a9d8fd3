//! Writes a resource as FHIR XML.
//! Not for reading XML, which `xml_reader` does, nor for making it valid: a fault stays in it.

use super::definitions::{Form, stu3};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The namespace of FHIR.
pub(super) const NAMESPACE: &str = "http://hl7.org/fhir";

type Fields = Map<String, Value>;

/// The XML of a resource; what is no resource becomes an empty `Resource`.
pub(crate) fn write(resource: &Value) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    let empty = Fields::new();
    let fields = resource.as_object().unwrap_or(&empty);
    resource_element(&mut text, fields, Some(NAMESPACE));
    text
}

fn resource_element(text: &mut String, fields: &Fields, namespace: Option<&str>) {
    let name = fields.get("resourceType").and_then(Value::as_str);
    let name = name.unwrap_or("Resource");
    let mut fields = fields.clone();
    fields.remove("resourceType");
    object(text, name, name, &fields, namespace);
}

/// An element with children.
fn object(text: &mut String, name: &str, kind: &str, fields: &Fields, namespace: Option<&str>) {
    text.push('<');
    text.push_str(name);
    if let Some(namespace) = namespace {
        attribute(text, "xmlns", namespace);
    }
    let known = stu3().elements(kind);
    for element in &known {
        if element.form == Form::Attribute
            && let Some(value) = fields.get(&element.name)
        {
            attribute(text, &element.name, &plain(value));
        }
    }
    let keys: BTreeSet<&str> = fields
        .keys()
        .map(|key| key.strip_prefix('_').unwrap_or(key))
        .collect();
    let mut children = String::new();
    let mut written = BTreeSet::new();
    for element in &known {
        for key in &keys {
            let Some(kind) = element.kind(key) else {
                continue;
            };
            written.insert(*key);
            if element.form == Form::Element {
                member(&mut children, key, kind, fields);
            }
        }
    }
    // What FHIR does not know comes last, as it is: a fault may have put it there.
    for key in keys.difference(&written) {
        member(&mut children, key, "", fields);
    }
    if children.is_empty() {
        text.push_str("/>");
    } else {
        text.push('>');
        text.push_str(&children);
        text.push_str("</");
        text.push_str(name);
        text.push('>');
    }
}

/// The elements of one member of a JSON object, with what stands beside it under `_name`.
fn member(text: &mut String, name: &str, kind: &str, fields: &Fields) {
    let beside = fields.get(&format!("_{name}"));
    match fields.get(name).unwrap_or(&Value::Null) {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let beside = beside.and_then(|beside| beside.get(at));
                one(text, name, kind, item, beside);
            }
        }
        value => one(text, name, kind, value, beside),
    }
}

fn one(text: &mut String, name: &str, kind: &str, value: &Value, beside: Option<&Value>) {
    match value {
        Value::Object(fields) if fields.contains_key("resourceType") => {
            text.push('<');
            text.push_str(name);
            text.push('>');
            resource_element(text, fields, None);
            text.push_str("</");
            text.push_str(name);
            text.push('>');
        }
        Value::Object(fields) => object(text, name, kind, fields, None),
        // The text of a narrative is XHTML already.
        Value::String(markup) if kind == "xhtml" => text.push_str(markup),
        value => primitive(text, name, value, beside),
    }
}

fn primitive(text: &mut String, name: &str, value: &Value, beside: Option<&Value>) {
    let beside = beside.and_then(Value::as_object);
    text.push('<');
    text.push_str(name);
    if let Some(id) = beside.and_then(|fields| fields.get("id")) {
        attribute(text, "id", &plain(id));
    }
    if !value.is_null() {
        attribute(text, "value", &plain(value));
    }
    match beside.filter(|fields| fields.contains_key("extension")) {
        None => text.push_str("/>"),
        Some(fields) => {
            text.push('>');
            member(text, "extension", "Extension", fields);
            text.push_str("</");
            text.push_str(name);
            text.push('>');
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn attribute(text: &mut String, name: &str, value: &str) {
    text.push(' ');
    text.push_str(name);
    text.push_str("=\"");
    for character in value.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\n' => text.push_str("&#10;"),
            '\r' => text.push_str("&#13;"),
            '\t' => text.push_str("&#9;"),
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(resource: &Value) -> String {
        let text = write(resource);
        let start = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        text.strip_prefix(start).unwrap().to_owned()
    }

    #[test]
    fn writes_elements_in_the_order_of_fhir() {
        let patient = json!({
            "resourceType": "Patient",
            "active": true,
            "birthDate": "1957-04-22",
            "_birthDate": {"extension": [{"url": "https://example.org/x", "valueBoolean": false}]},
            "extension": [{"url": "https://example.org/y?a=1&b=\"2\"", "valueString": "<z>"}],
            "id": "p",
            "name": [{"given": ["Ann", "Bo"], "family": "Marsh"}],
        });
        assert_eq!(
            body(&patient),
            "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"p\"/>\
             <extension url=\"https://example.org/y?a=1&amp;b=&quot;2&quot;\">\
             <valueString value=\"&lt;z&gt;\"/></extension>\
             <active value=\"true\"/><name><family value=\"Marsh\"/><given value=\"Ann\"/>\
             <given value=\"Bo\"/></name><birthDate value=\"1957-04-22\">\
             <extension url=\"https://example.org/x\"><valueBoolean value=\"false\"/></extension>\
             </birthDate></Patient>"
        );
    }

    #[test]
    fn writes_resources_within_resources_and_what_it_does_not_know() {
        let bundle = json!({
            "resourceType": "Bundle",
            "type": "searchset",
            "entry": [{"resource": {"resourceType": "Location", "shoeSize": 9}}],
        });
        assert_eq!(
            body(&bundle),
            "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"searchset\"/><entry><resource>\
             <Location><shoeSize value=\"9\"/></Location></resource></entry></Bundle>"
        );
    }
}
