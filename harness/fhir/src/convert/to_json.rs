//! FHIR XML to FHIR JSON. Not for the other way.

use super::error::{ConvertError, ConvertProblem};
use super::text::{Written, is_json_number};
use super::{FHIR, XHTML, XSI, narrative};
use crate::definitions::{Definitions, Shape, Type};
use plumbline_tree::{JsonWriter, Layout, Node, Syntax, Tree};

/// Writes a resource of FHIR XML as FHIR JSON.
///
/// What has no place in JSON is refused with its path: elements and attributes that the definitions do not have,
/// text between elements, elements with nothing in them, a second element where one can stand, numbers that JSON
/// does not have.
pub fn xml_to_json(
    tree: &Tree,
    definitions: &Definitions,
    layout: Layout,
) -> Result<String, ConvertError> {
    let root = tree.root();
    if tree.syntax() != Syntax::Xml {
        return Err(ConvertError::at(root, ConvertProblem::SameSyntax));
    }
    let mut writing = Writing {
        definitions,
        json: JsonWriter::new(layout),
        open: Vec::new(),
    };
    writing.resource(root)?;
    writing.run()?;
    let finished = writing.json.finish();
    finished.map_err(|_| ConvertError::at(root, ConvertProblem::Writer))
}

struct Writing<'t, 'd> {
    definitions: &'d Definitions,
    json: JsonWriter,
    open: Vec<Open<'t, 'd>>,
}

/// An element that is being written as an object.
struct Open<'t, 'd> {
    groups: std::vec::IntoIter<Group<'t, 'd>>,
    /// The elements of one name of which the rest is still to be written.
    rest: Option<Rest<'t, 'd>>,
}

/// The child elements of one name.
struct Group<'t, 'd> {
    name: &'t str,
    of: Type<'d>,
    shape: Shape<'d>,
    is_list: bool,
    elements: Vec<Node<'t>>,
}

struct Rest<'t, 'd> {
    elements: std::vec::IntoIter<Node<'t>>,
    of: Type<'d>,
    shape: Shape<'d>,
    is_list: bool,
}

impl<'t, 'd> Writing<'t, 'd> {
    fn run(&mut self) -> Result<(), ConvertError> {
        while let Some(open) = self.open.last_mut() {
            if let Some(rest) = &mut open.rest {
                let (of, shape) = (rest.of, rest.shape);
                if let Some(element) = rest.elements.next() {
                    self.element(element, of, shape)?;
                } else {
                    if rest.is_list {
                        self.json.end();
                    }
                    open.rest = None;
                }
            } else if let Some(group) = open.groups.next() {
                self.group(group)?;
            } else {
                self.json.end();
                self.open.pop();
            }
        }
        Ok(())
    }

    /// An element whose values, if it is primitive, are written already.
    fn element(
        &mut self,
        element: Node<'t>,
        of: Type<'d>,
        shape: Shape<'d>,
    ) -> Result<(), ConvertError> {
        if of.is_resource() {
            return self.resource(the_only_element(element)?);
        }
        if of.is_primitive() && !has_body(element) {
            self.json.null();
            return Ok(());
        }
        self.object(element, None, shape, of.is_primitive())
    }

    fn resource(&mut self, element: Node<'t>) -> Result<(), ConvertError> {
        if element.namespace() != Some(FHIR) {
            return Err(ConvertError::at(element, ConvertProblem::ForeignNamespace));
        }
        let kind = element
            .name()
            .and_then(|name| self.definitions.resource(name));
        let Some(kind) = kind else {
            return Err(ConvertError::at(element, ConvertProblem::NotAResource));
        };
        self.object(element, Some(kind), kind.shape(), false)
    }

    /// Begins an object: its name if it is a resource, what are attributes in XML, and then all else.
    fn object(
        &mut self,
        element: Node<'t>,
        resource: Option<Type<'d>>,
        shape: Shape<'d>,
        is_primitive: bool,
    ) -> Result<(), ConvertError> {
        self.json.begin_object();
        let mut is_empty = true;
        if let Some(kind) = resource {
            self.json.name("resourceType");
            self.json.string(kind.name());
            is_empty = false;
        }
        for attribute in element.attributes() {
            if is_hint(attribute) || is_primitive && is_value(attribute) {
                continue;
            }
            let name = attribute.qualified_name().unwrap_or_default();
            let known = shape.child(name);
            if known.is_none_or(|child| !child.element().is_attribute()) {
                return Err(ConvertError::at(
                    attribute,
                    ConvertProblem::UnknownAttribute,
                ));
            }
            self.json.name(name);
            self.json.string(attribute.as_str().unwrap_or_default());
            is_empty = false;
        }
        let groups = groups(element, shape)?;
        if is_empty && groups.is_empty() {
            return Err(ConvertError::at(element, ConvertProblem::Empty));
        }
        self.open.push(Open {
            groups: groups.into_iter(),
            rest: None,
        });
        Ok(())
    }

    fn group(&mut self, group: Group<'t, 'd>) -> Result<(), ConvertError> {
        if group.of.name() == "xhtml" {
            return self.narrative(&group);
        }
        if group.of.is_primitive() && !self.values(&group)? {
            return Ok(());
        }
        if group.of.is_primitive() {
            self.json.name(&format!("_{}", group.name));
        } else {
            self.json.name(group.name);
        }
        if group.is_list {
            self.json.begin_array();
        }
        let rest = Rest {
            elements: group.elements.into_iter(),
            of: group.of,
            shape: group.shape,
            is_list: group.is_list,
        };
        if let Some(open) = self.open.last_mut() {
            open.rest = Some(rest);
        }
        Ok(())
    }

    /// Writes the values of primitives; whether there is more about any of them.
    fn values(&mut self, group: &Group<'t, 'd>) -> Result<bool, ConvertError> {
        let written = Written::of(group.of);
        let mut has_values = false;
        let mut has_bodies = false;
        for element in &group.elements {
            let (value, body) = (element.attribute("value"), has_body(*element));
            has_values |= value.is_some();
            has_bodies |= body;
            if value.is_none() && !body {
                return Err(ConvertError::at(*element, ConvertProblem::Empty));
            }
            // What has a body is looked at when that is written.
            if !body {
                check_plain(*element)?;
            }
        }
        if !has_values {
            return Ok(has_bodies);
        }
        self.json.name(group.name);
        if group.is_list {
            self.json.begin_array();
        }
        for element in &group.elements {
            match element.attribute("value") {
                Some(value) => self.value(value, written)?,
                None => self.json.null(),
            }
        }
        if group.is_list {
            self.json.end();
        }
        Ok(has_bodies)
    }

    fn value(&mut self, value: Node<'t>, written: Written) -> Result<(), ConvertError> {
        let text = value.as_str().unwrap_or_default();
        match (written, text) {
            (Written::String, _) => self.json.string(text),
            (Written::Boolean, "true" | "false") => self.json.boolean(text == "true"),
            (Written::Boolean, _) => {
                return Err(ConvertError::at(value, ConvertProblem::Boolean));
            }
            (Written::Number, _) if is_json_number(text) => self.json.number(text),
            (Written::Number, _) => {
                return Err(ConvertError::at(value, ConvertProblem::Number));
            }
        }
        Ok(())
    }

    fn narrative(&mut self, group: &Group<'t, 'd>) -> Result<(), ConvertError> {
        for element in &group.elements {
            let text = narrative::of_element(*element)
                .map_err(|_| ConvertError::at(*element, ConvertProblem::Writer))?;
            self.json.name(group.name);
            self.json.string(&text);
        }
        Ok(())
    }
}

/// The child elements by name, in the order in which the names first come.
fn groups<'t, 'd>(element: Node<'t>, shape: Shape<'d>) -> Result<Vec<Group<'t, 'd>>, ConvertError> {
    if let Some(text) = element.texts().next() {
        return Err(ConvertError::at(text, ConvertProblem::Text));
    }
    let mut groups: Vec<Group<'t, 'd>> = Vec::new();
    let mut last = 0;
    for (name, node) in element.members() {
        let refuse = |problem| ConvertError::at(node, problem);
        let is_last = groups.get(last).is_some_and(|group| group.name == name);
        if !is_last {
            let known = groups.iter().position(|group| group.name == name);
            last = known.unwrap_or(groups.len());
            if known.is_none() {
                let unknown = || refuse(ConvertProblem::UnknownElement);
                let child = shape.child(name).ok_or_else(unknown)?;
                if child.element().is_attribute() {
                    return Err(unknown());
                }
                groups.push(Group {
                    name,
                    of: child.type_use().ok_or_else(unknown)?.of(),
                    shape: child.shape().ok_or_else(unknown)?,
                    is_list: child.element().is_repeating(),
                    elements: Vec::new(),
                });
            }
        }
        let group = &mut groups[last];
        let namespace = if group.of.name() == "xhtml" {
            XHTML
        } else {
            FHIR
        };
        if node.namespace() != Some(namespace) {
            return Err(refuse(ConvertProblem::ForeignNamespace));
        }
        if !group.is_list && !group.elements.is_empty() {
            return Err(refuse(ConvertProblem::NotSingle));
        }
        group.elements.push(node);
    }
    Ok(groups)
}

/// The resource inside an element for one.
fn the_only_element(element: Node<'_>) -> Result<Node<'_>, ConvertError> {
    if let Some(attribute) = element.attributes().find(|it| !is_hint(*it)) {
        return Err(ConvertError::at(
            attribute,
            ConvertProblem::UnknownAttribute,
        ));
    }
    if let Some(text) = element.texts().next() {
        return Err(ConvertError::at(text, ConvertProblem::Text));
    }
    let mut inside = element.members().map(|(_, node)| node);
    match (inside.next(), inside.next()) {
        (Some(resource), None) => Ok(resource),
        _ => Err(ConvertError::at(element, ConvertProblem::NotOneResource)),
    }
}

/// Whether there is more to a primitive than its value.
fn has_body(element: Node<'_>) -> bool {
    !element.is_empty()
        || element
            .attributes()
            .any(|attribute| !is_value(attribute) && !is_hint(attribute))
}

/// A primitive that is but a value has no text either.
fn check_plain(element: Node<'_>) -> Result<(), ConvertError> {
    match element.texts().next() {
        Some(text) => Err(ConvertError::at(text, ConvertProblem::Text)),
        None => Ok(()),
    }
}

fn is_value(attribute: Node<'_>) -> bool {
    attribute.qualified_name() == Some("value")
}

/// Where a schema is to be found, and the like: no content.
fn is_hint(attribute: Node<'_>) -> bool {
    attribute.namespace() == Some(XSI)
}
