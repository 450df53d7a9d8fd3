//! Resources that a caller hands over beside profiles: questionnaires, and what references lead to.
//! Not for profiles, value sets and code systems, which the library holds.

use plumbline_tree::{Form, Node, Tree};
use std::collections::BTreeMap;

/// Resources by canonical address and by `Type/id`. Of two with one name the first that was added counts.
#[derive(Debug, Default)]
pub(crate) struct Supplied {
    trees: Vec<Tree>,
    by_address: BTreeMap<String, usize>,
    by_reference: BTreeMap<String, usize>,
}

impl Supplied {
    /// Adds one resource. What is no resource, or has neither address nor id, is never found.
    pub(crate) fn add(&mut self, tree: Tree) {
        let at = self.trees.len();
        let root = tree.root();
        if let Some(of) = resource_type(root) {
            if let Some(url) = text(root, "url") {
                self.by_address.entry(url.to_owned()).or_insert(at);
                if let Some(version) = text(root, "version") {
                    let whole = format!("{url}|{version}");
                    self.by_address.entry(whole).or_insert(at);
                }
            }
            if let Some(id) = text(root, "id") {
                self.by_reference.entry(format!("{of}/{id}")).or_insert(at);
            }
        }
        self.trees.push(tree);
    }

    /// The resource of a canonical address, with or without `|version`.
    pub(crate) fn canonical(&self, canonical: &str) -> Option<Node<'_>> {
        self.node(*self.by_address.get(canonical)?)
    }

    /// The resource of a reference such as `Patient/1`.
    pub(crate) fn reference(&self, reference: &str) -> Option<Node<'_>> {
        self.node(*self.by_reference.get(reference)?)
    }

    /// All of them, in the order in which they were added.
    pub(crate) fn all(&self) -> impl Iterator<Item = Node<'_>> {
        self.trees.iter().map(Tree::root)
    }

    fn node(&self, at: usize) -> Option<Node<'_>> {
        self.trees.get(at).map(Tree::root)
    }
}

/// The type that a resource names.
pub(crate) fn resource_type(node: Node<'_>) -> Option<&str> {
    match node.form() {
        Form::Element => node.name(),
        _ => node.get("resourceType").and_then(Node::as_str),
    }
}

/// The value of a primitive child.
pub(crate) fn text<'t>(node: Node<'t>, name: &str) -> Option<&'t str> {
    let child = node.get(name)?;
    match child.form() {
        Form::Element => child.attribute("value")?.value_text(),
        _ => child.value_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_tree::Limits;

    #[test]
    fn a_resource_is_found_by_address_version_and_reference() {
        let json = br#"{"resourceType":"Questionnaire","id":"q","url":"https://example.org/q","version":"2"}"#;
        let xml = br#"<Patient xmlns="http://hl7.org/fhir"><id value="p"/></Patient>"#;
        let mut supplied = Supplied::default();
        supplied.add(Tree::parse(json.to_vec(), &Limits::default()).unwrap());
        supplied.add(Tree::parse_xml(xml.to_vec(), &Limits::default()).unwrap());
        for address in ["https://example.org/q", "https://example.org/q|2"] {
            let found = supplied.canonical(address).and_then(resource_type);
            assert_eq!(found, Some("Questionnaire"));
        }
        assert!(supplied.canonical("https://example.org/q|3").is_none());
        let found = supplied.reference("Patient/p").and_then(resource_type);
        assert_eq!(found, Some("Patient"));
        assert!(supplied.reference("Patient/q").is_none());
    }
}
