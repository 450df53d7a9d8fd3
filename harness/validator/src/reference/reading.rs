//! Reads single members of resources in JSON and XML, without their types. Not for judging them.

use plumbline_fhir::view::resource_inside;
use plumbline_tree::{Form, Node};

/// The children of a name: the items of an array, or the elements of XML.
pub(crate) fn items<'a>(body: Node<'a>, name: &str) -> impl Iterator<Item = Node<'a>> {
    body.named(name).flat_map(|node| {
        let single = (node.form() != Form::Array).then_some(node);
        single.into_iter().chain(node.items())
    })
}

/// The text of a primitive: of its value in JSON, of its element in XML.
pub(crate) fn value(node: Node<'_>) -> Option<&str> {
    match node.form() {
        Form::Element => node.attribute("value")?.value_text(),
        _ => node.value_text(),
    }
}

/// The text of the first primitive of that name.
pub(crate) fn text<'a>(body: Node<'a>, name: &str) -> Option<&'a str> {
    let child = body.get(name);
    if let Some(child) = child {
        return value(child);
    }
    // In XML the address of an extension is an attribute, and so is the id of an element.
    match name {
        "url" | "id" => body.attribute(name)?.value_text(),
        _ => None,
    }
}

/// The resource in an element such as `resource`.
pub(crate) fn resource_in(node: Node<'_>) -> Option<Node<'_>> {
    match node.form() {
        Form::Element => resource_inside(node),
        Form::Object => Some(node),
        _ => None,
    }
}

/// The type that a resource names; `None` of what is no resource.
pub(crate) fn resource_type(node: Node<'_>) -> Option<&str> {
    match node.form() {
        Form::Element => node
            .name()
            .filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase())),
        Form::Object => node.get("resourceType").and_then(Node::as_str),
        _ => None,
    }
}

/// `meta.versionId`.
pub(crate) fn version_id(resource: Node<'_>) -> Option<&str> {
    text(resource.get("meta")?, "versionId")
}
