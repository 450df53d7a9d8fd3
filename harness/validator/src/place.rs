//! An element and where it stands: its path, the resource that holds it, and what is around it. Not for judging it.

use plumbline_fhir::TypeTable;
use plumbline_fhirpath::{ChildName, ChildType, Element, TypeId, TypeInfo as _};
use plumbline_tree::{Form, Node};
use std::fmt::Write as _;

/// An element of a resource, with its path for messages: `Patient.name[0].given[1]`, `Observation.value.ofType(Quantity)`.
#[derive(Debug, Clone)]
pub(crate) struct Place<'a> {
    /// The element.
    pub(crate) element: Element<'a>,
    /// As in [`plumbline_fhir::Issue::path`].
    pub(crate) path: String,
}

/// One step from the outermost resource to an element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step<'a> {
    /// The element that the step leads to.
    pub(crate) element: Element<'a>,
    /// Its name in the instance, such as `valueQuantity`; of the outermost resource its type.
    pub(crate) name: &'a str,
    /// Which of its array or of the elements with its name.
    index: Option<usize>,
}

impl<'a> Place<'a> {
    /// The outermost resource.
    #[cfg(test)]
    pub(crate) fn root(tree: &'a plumbline_tree::Tree, types: &TypeTable) -> Self {
        let element = Element::root(tree, types);
        Self {
            element,
            path: element.resource_type().unwrap_or("$").to_owned(),
        }
    }

    /// Any element of a tree.
    pub(crate) fn of(types: &TypeTable, element: Element<'a>) -> Self {
        Self {
            element,
            path: path_of(types, element),
        }
    }

    /// The children of a name as a path has it: of a choice without its type.
    pub(crate) fn named(&self, types: &TypeTable, name: &ChildName) -> Vec<Self> {
        let children = self.element.named(types, name);
        let children = children.into_iter();
        children.map(|it| self.child(types, it)).collect()
    }

    /// All children, in the order of the body.
    #[cfg(test)]
    pub(crate) fn children(&self, types: &TypeTable) -> Vec<Self> {
        let children = self.element.children(types).into_iter();
        children.map(|(_, it)| self.child(types, it)).collect()
    }

    /// A child with its path. Which item it is comes from the body.
    pub(crate) fn child(&self, types: &TypeTable, element: Element<'a>) -> Self {
        let mut path = self.path.clone();
        if let Some((name, index)) = element_node(element).map(named) {
            write_step(&mut path, types, self.element.type_id(), name, index);
        }
        Self { element, path }
    }

    /// The node that stands for it in messages.
    pub(crate) fn node(&self) -> Option<Node<'a>> {
        self.element.value().or(self.element.body())
    }
}

/// The path of an element.
pub(crate) fn path_of(types: &TypeTable, element: Element<'_>) -> String {
    if element.body().is_some_and(|it| it.parent().is_none()) {
        return element.resource_type().unwrap_or("$").to_owned();
    }
    let mut path = String::with_capacity(64);
    let mut parent = None;
    for (at, step) in lineage(types, element).into_iter().enumerate() {
        if at == 0 {
            path.push_str(step.element.resource_type().unwrap_or("$"));
        } else {
            write_step(&mut path, types, parent, step.name, step.index);
        }
        parent = step.element.type_id();
    }
    path
}

/// The steps from the outermost resource, which is the first, to an element, which is the last.
pub(crate) fn lineage<'a>(types: &TypeTable, element: Element<'a>) -> Vec<Step<'a>> {
    let mut nodes = Vec::new();
    let mut next = element_node(element);
    while let Some(node) = next {
        nodes.push(node);
        next = around(node);
    }
    let mut steps: Vec<Step<'a>> = Vec::with_capacity(nodes.len());
    for node in nodes.into_iter().rev() {
        let (name, index) = named(node);
        let parent = steps.last().map(|it| it.element.type_id());
        let element = match parent {
            None => Element::resource(node, types),
            Some(parent) => typed(types, parent, name, node),
        };
        steps.push(Step {
            element,
            name,
            index,
        });
    }
    if let Some(last) = steps.last_mut() {
        last.element = element;
    }
    steps
}

/// The resource that holds an element; if that is contained in another, the other.
pub(crate) fn holder<'a>(types: &TypeTable, element: Element<'a>) -> Option<Element<'a>> {
    let mut next = element_node(element);
    while let Some(node) = next {
        let is_held = || named(node).0 == "contained";
        if is_resource(node) && !is_held() {
            return Some(Element::resource(node, types));
        }
        next = around(node);
    }
    None
}

/// The resource that an element belongs to, contained or not.
pub(crate) fn resource_of<'a>(types: &TypeTable, element: Element<'a>) -> Option<Element<'a>> {
    let mut next = element_node(element);
    while let Some(node) = next {
        if is_resource(node) {
            return Some(Element::resource(node, types));
        }
        next = around(node);
    }
    None
}

/// The type of a child that an instance names.
pub(crate) fn child_type(
    types: &TypeTable,
    parent: Option<TypeId>,
    name: &str,
    node: Node<'_>,
) -> Option<TypeId> {
    match types.child_in_instance(parent?, name)? {
        ChildType::Sole(of) => Some(of),
        ChildType::Resource => Element::resource(node, types).type_id(),
        ChildType::Choice => None,
    }
}

/// The text of a child that is a primitive.
pub(crate) fn child_text<'a>(element: Element<'a>, name: &str) -> Option<&'a str> {
    let body = element.body()?;
    match body.get(name) {
        Some(child) if child.form() == Form::Element => child.attribute("value")?.value_text(),
        Some(child) => child.value_text(),
        None => body.attribute(name)?.value_text(),
    }
}

fn typed<'a>(types: &TypeTable, parent: Option<TypeId>, name: &str, node: Node<'a>) -> Element<'a> {
    let of = child_type(types, parent, name, node);
    match node.form() {
        Form::Element => Element::new(node.attribute("value"), Some(node), of),
        // The value beside `_x` is left out: it would have to be looked for.
        Form::Object => Element::new(None, Some(node), of),
        _ => Element::new(Some(node), None, of),
    }
}

/// The node that an element is found by: of a primitive of XML the element, not the attribute with its value.
pub(crate) fn element_node(element: Element<'_>) -> Option<Node<'_>> {
    element.body().or(element.value())
}

pub(crate) fn is_resource(node: Node<'_>) -> bool {
    match node.form() {
        Form::Element => node
            .name()
            .is_some_and(|it| it.starts_with(|c: char| c.is_ascii_uppercase())),
        Form::Object => node.get("resourceType").is_some() || node.parent().is_none(),
        _ => false,
    }
}

/// The element of XML around a resource within another, such as `contained`.
fn wrapper(node: Node<'_>) -> Option<Node<'_>> {
    let is_inside = node.form() == Form::Element && is_resource(node);
    node.parent().filter(|_| is_inside)
}

/// The node of the element around.
pub(crate) fn around(node: Node<'_>) -> Option<Node<'_>> {
    let outermost = wrapper(node).unwrap_or(node);
    let parent = outermost.parent()?;
    if parent.form() == Form::Array {
        return parent.parent();
    }
    Some(parent)
}

/// Name and index in the instance.
fn named(node: Node<'_>) -> (&str, Option<usize>) {
    let outermost = wrapper(node).unwrap_or(node);
    let (name, index) = match outermost.name() {
        Some(name) => (name, outermost.index()),
        None => (
            outermost.parent().and_then(Node::name).unwrap_or_default(),
            outermost.index(),
        ),
    };
    (name.strip_prefix('_').unwrap_or(name), index)
}

/// Writes one step: of a choice the name without its type, an index where the definition lets the element repeat.
fn write_step(
    path: &mut String,
    types: &TypeTable,
    parent: Option<TypeId>,
    name: &str,
    index: Option<usize>,
) {
    path.push('.');
    let child = parent.and_then(|of| types.shape(of)?.child(name));
    let Some(child) = child else {
        path.push_str(name);
        return;
    };
    let element = child.element();
    path.push_str(element.stem());
    if let (Some(index), true) = (index, element.is_repeating()) {
        // Writing to a string cannot fail.
        let _ = write!(path, "[{index}]");
    }
    if let (Some(of), true) = (child.type_use(), element.is_choice()) {
        let _ = write!(path, ".ofType({})", of.of().name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_fhir::{Definitions, FhirVersion, json_to_xml};
    use plumbline_tree::{Layout, Limits, Tree};

    const BODY: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient",
        "contained":[{"resourceType":"Group","id":"g","actual":true,"type":"person"}],
        "name":[{"given":["A","B"],"_given":[null,{"extension":[{"url":"https://x.example/e","valueString":"v"}]}]}],
        "birthDate":"2000-01-01","_birthDate":{"extension":[{"url":"https://x.example/f","valueBoolean":true}]}}}]}"#;

    fn paths(types: &TypeTable, at: &Place<'_>, out: &mut Vec<String>) {
        assert_eq!(path_of(types, at.element), at.path);
        out.push(at.path.clone());
        for child in at.children(types) {
            paths(types, &child, out);
        }
    }

    #[test]
    fn paths_are_the_same_from_above_and_from_below_in_both_syntaxes() {
        let types = TypeTable::of(FhirVersion::R4);
        let json = Tree::parse(BODY.as_bytes().to_vec(), &Limits::default()).unwrap();
        let xml = json_to_xml(&json, Definitions::r4(), Layout::Compact).unwrap();
        let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
        let mut all = Vec::new();
        for tree in [&json, &xml] {
            let mut found = Vec::new();
            paths(types, &Place::root(tree, types), &mut found);
            found.sort();
            all.push(found);
        }
        assert_eq!(all[0], all[1]);
        for path in [
            "Bundle.entry[0].resource.contained[0].id",
            "Bundle.entry[0].resource.name[0].given[1].extension[0].value.ofType(string)",
            "Bundle.entry[0].resource.birthDate.extension[0].url",
        ] {
            assert!(
                all[0].iter().any(|it| it == path),
                "{path} in {:#?}",
                all[0]
            );
        }
    }

    #[test]
    fn an_element_knows_its_resource_and_its_holder() {
        let types = TypeTable::of(FhirVersion::R4);
        let tree = Tree::parse(BODY.as_bytes().to_vec(), &Limits::default()).unwrap();
        let id = tree.at("entry/0/resource/contained/0/id").unwrap();
        let id = Element::new(Some(id), None, None);
        assert_eq!(
            resource_of(types, id).and_then(Element::resource_type),
            Some("Group")
        );
        assert_eq!(
            holder(types, id).and_then(Element::resource_type),
            Some("Patient")
        );
    }
}
