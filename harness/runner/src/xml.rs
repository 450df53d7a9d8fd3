//! Answers in FHIR XML: turned into the JSON that says the same, so that checks and redaction look at one form.
//! Not for judging whether XML was asked for.

use crate::world::Body;
use plumbline_checks::Written;
use plumbline_fhir::{Definitions, FhirVersion, xml_to_json};
use plumbline_tree::ParseErrorKind::{TooLarge, TooManyNodes};
use plumbline_tree::{Layout, Limits, Syntax, Tree};
use std::sync::Arc;

/// Whether the body begins as XML does; media types are for checks.
pub(crate) fn is_xml(bytes: &[u8]) -> bool {
    Syntax::guess(bytes) == Some(Syntax::Xml)
}

/// How the body was written.
pub(crate) fn written(bytes: &[u8]) -> Written {
    if is_xml(bytes) {
        Written::Xml
    } else {
        Written::Json
    }
}

/// The JSON that says what the body says. Its lines are those of the stored text. `None` if it holds
/// more than is read.
pub(crate) fn read(bytes: Vec<u8>, version: Option<FhirVersion>, limits: &Limits) -> Option<Body> {
    let length = bytes.len();
    let not = |why: String| Some(Body::NotJson { bytes: length, why });
    let Some(version) = version else {
        return not("XML of a version of FHIR that has no definitions here".to_owned());
    };
    let tree = match Tree::parse_xml(bytes, limits) {
        Ok(tree) => tree,
        Err(error) if matches!(error.kind, TooManyNodes | TooLarge) => return None,
        Err(error) => return not(format!("no well-formed XML: {error}")),
    };
    let text = match xml_to_json(&tree, Definitions::of(version), Layout::Indented) {
        Ok(text) => text,
        Err(error) => return not(format!("XML, but not a FHIR resource: {}", error.problem)),
    };
    match Tree::parse(text.into_bytes(), limits) {
        Ok(tree) => Some(Body::Tree(Arc::new(tree))),
        Err(error) if matches!(error.kind, TooManyNodes | TooLarge) => None,
        Err(error) => not(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Body {
        let version = Some(FhirVersion::Stu3);
        read(text.as_bytes().to_vec(), version, &Limits::default()).unwrap()
    }

    #[test]
    fn a_resource_in_xml_is_read_as_its_json() {
        let text = "<?xml version=\"1.0\"?><Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>";
        assert!(is_xml(text.as_bytes()));
        let Body::Tree(tree) = body(text) else {
            panic!("it can be read")
        };
        let root = tree.root();
        assert_eq!(
            root.get("active").and_then(plumbline_tree::Node::as_bool),
            Some(true)
        );
    }

    #[test]
    fn other_xml_is_no_resource_and_its_text_is_not_repeated() {
        for text in [
            "<html><body>Marchbank</body></html>",
            "<Patient xmlns=\"http://hl7.org/fhir\"><Marchbank value=\"1\"/></Patient>",
            "<Patient xmlns=\"http://hl7.org/fhir\">",
        ] {
            let Body::NotJson { why, .. } = body(text) else {
                panic!("{text}")
            };
            assert!(!why.contains("Marchbank") && !why.is_empty(), "{why}");
        }
        assert!(!is_xml(b" {\"resourceType\":\"Patient\"}") && !is_xml(b""));
    }
}
