//! Edits of the text of a resource, by the places of its nodes. All else stays as it was written.

use plumbline_tree::{Form, Node, Tree};

/// The text with a node replaced.
pub fn replaced(tree: &Tree, node: Node<'_>, by: &str) -> String {
    spliced(tree, node.span(), by)
}

/// The text with a part of it replaced.
pub fn spliced(tree: &Tree, span: std::ops::Range<usize>, by: &str) -> String {
    let source = tree.source();
    format!("{}{by}{}", &source[..span.start], &source[span.end..])
}

/// The text with a member before all others of an object.
pub fn with(tree: &Tree, object: Node<'_>, name: &str, value: &str) -> String {
    let comma = if object.is_empty() { "" } else { "," };
    let at = object.span().start + 1;
    spliced(tree, at..at, &format!("\"{name}\":{value}{comma}"))
}

/// The text without members of these names in an object.
pub fn without(tree: &Tree, object: Node<'_>, names: &[&str]) -> String {
    let kept: Vec<String> = object
        .members()
        .filter(|(name, _)| !names.contains(name))
        .map(|(name, node)| format!("\"{name}\":{}", node.raw()))
        .collect();
    replaced(tree, object, &format!("{{{}}}", kept.join(",")))
}

/// The text with a member under another name.
pub fn renamed(tree: &Tree, member: Node<'_>, name: &str) -> String {
    spliced(tree, member.name_span().unwrap(), name)
}

/// The text with an attribute more in a start tag.
pub fn with_attribute(tree: &Tree, element: Node<'_>, attribute: &str) -> String {
    let at = element.name_span().unwrap().end;
    spliced(tree, at..at, &format!(" {attribute}"))
}

/// Where the content of an element begins, if it has elements in it.
pub fn content_start(element: Node<'_>) -> Option<usize> {
    let mut content = element
        .content()
        .filter(|node| node.form() == Form::Element);
    content.next().map(|node| node.span().start)
}
