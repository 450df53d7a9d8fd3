//! Where a node stands: its place for messages, and what the specification says of its element.
//! Not for its value. Worked out only for what is reported or must be known, by climbing to the root.

use super::reading::{resource_in, resource_type};
use crate::place::Place;
use plumbline_fhir::{Child, Definitions, TypeTable};
use plumbline_fhirpath::Element;
use plumbline_tree::{Form, Node};

/// A node and all that hold it, the outermost first. Without arrays, attributes, and the element of XML around a resource.
fn chain(node: Node<'_>) -> Vec<Node<'_>> {
    let mut all = Vec::new();
    let mut next = Some(node);
    while let Some(node) = next {
        let inner = all.last().copied();
        let is_wrapper =
            node.form() == Form::Element && inner.is_some() && resource_in(node) == inner;
        if !matches!(node.form(), Form::Array | Form::Attribute | Form::Text) && !is_wrapper {
            all.push(node);
        }
        next = node.parent();
    }
    all.reverse();
    all
}

/// The name of an element: of an item that of its array, of a resource in XML that of the element around it.
fn name(node: Node<'_>) -> Option<&str> {
    let around = node.parent()?;
    let named = match node.form() {
        Form::Element if resource_type(node).is_some() => around,
        Form::Element => node,
        _ if around.form() == Form::Array => around,
        _ => node,
    };
    let name = named.name()?;
    Some(name.strip_prefix('_').unwrap_or(name))
}

/// The place of a node, for messages.
pub(crate) fn place<'a>(node: Node<'a>, types: &TypeTable) -> Place<'a> {
    let element = match node.form() {
        Form::Element => Element::new(node.attribute("value"), Some(node), None),
        Form::Object => Element::new(None, Some(node), None),
        _ => Element::new(Some(node), None, None),
    };
    Place::of(types, element)
}

/// What the specification says of the element that a node is.
pub(crate) fn declared(
    node: Node<'_>,
    definitions: &'static Definitions,
) -> Option<Child<'static>> {
    let all = chain(node);
    let start = all.iter().rposition(|it| resource_type(*it).is_some())?;
    let resource = all.get(start).and_then(|it| resource_type(*it))?;
    let mut shape = definitions.resource(resource)?.shape();
    let mut found = None;
    for node in all.get(start + 1..)? {
        let child = shape.child(name(*node)?)?;
        shape = child.shape()?;
        found = Some(child);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_fhir::FhirVersion;
    use plumbline_tree::{Limits, Syntax, Tree};

    const JSON: &str = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation",
        "contained":[{"resourceType":"Patient","managingOrganization":{"reference":"Organization/1"}}],
        "extension":[{"url":"x","valueReference":{"reference":"Patient/1"}}],"performer":[{"reference":"urn:uuid:a"}]}}]}"#;
    const XML: &str = r#"<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Observation>
        <contained><Patient><managingOrganization><reference value="Organization/1"/></managingOrganization></Patient></contained>
        <extension url="x"><valueReference><reference value="Patient/1"/></valueReference></extension>
        <performer><reference value="urn:uuid:a"/></performer></Observation></resource></entry></Bundle>"#;

    #[test]
    fn a_node_says_where_it_stands_and_what_it_may_point_to() {
        let types = TypeTable::of(FhirVersion::R4);
        for (syntax, text) in [(Syntax::Json, JSON), (Syntax::Xml, XML)] {
            let tree = Tree::parse_as(syntax, text.as_bytes().to_vec(), &Limits::default());
            let tree = tree.unwrap();
            let holders = tree.nodes().filter(|it| {
                matches!(it.form(), Form::Object | Form::Element) && it.get("reference").is_some()
            });
            let found: Vec<(String, usize)> = holders
                .map(|it| {
                    let child = declared(it, Definitions::r4()).unwrap();
                    let targets = child.type_use().unwrap().targets().len();
                    (place(it, types).path.replace("[0]", ""), targets)
                })
                .collect();
            let wanted = [
                ("Bundle.entry.resource.contained.managingOrganization", 1),
                ("Bundle.entry.resource.extension.value.ofType(Reference)", 0),
                ("Bundle.entry.resource.performer", 6),
            ];
            let wanted: Vec<_> = wanted
                .iter()
                .map(|(path, it)| ((*path).to_owned(), *it))
                .collect();
            assert_eq!(found, wanted, "{syntax:?}");
        }
    }
}
