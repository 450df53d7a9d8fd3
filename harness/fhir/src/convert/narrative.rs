//! Narrative: a string in JSON, an element in XML, and the same characters in both.
//! Not for which elements of XHTML it may hold.

use super::XHTML;
use super::error::NarrativeProblem;
use plumbline_tree::{Form, Limits, Node, Tree, WriteError};

/// The narrative of a string, as it can stand in XML: one `div` of XHTML, well-formed, without white space around it.
pub(super) fn of_string(text: &str) -> Result<&str, NarrativeProblem> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let tree = Tree::parse_xml(text.as_bytes().to_vec(), &Limits::default())
        .map_err(|error| NarrativeProblem::NotWellFormed(error.kind))?;
    let div = tree.root();
    if div.name() != Some("div") || div.namespace() != Some(XHTML) {
        return Err(NarrativeProblem::NotADiv);
    }
    if div.span() != (0..text.len()) {
        return Err(NarrativeProblem::More);
    }
    Ok(text)
}

/// The narrative of an element, as it can stand in a string: as written, if it needs nothing from around it,
/// else with the namespaces that it takes from there.
pub(super) fn of_element(div: Node<'_>) -> Result<String, WriteError> {
    let raw = div.raw();
    let alone = Tree::parse_xml(raw.as_bytes().to_vec(), &Limits::default());
    let stands_alone = alone.is_ok_and(|alone| {
        let named = |node: &Node<'_>| matches!(node.form(), Form::Element | Form::Attribute);
        let here = div.with_descendants().filter(named);
        let there = alone.root().with_descendants().filter(named);
        here.map(Node::namespace).eq(there.map(Node::namespace))
    });
    if stands_alone {
        return Ok(raw.to_owned());
    }
    div.to_xml()
}
