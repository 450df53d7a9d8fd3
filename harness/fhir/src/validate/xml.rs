//! What only XML has: namespaces, attributes, order. Not which elements there are.

use super::path::Step;
use super::rules;
use super::unknown::shown;
use super::walk::{Field, Place, Walk, What, step};
use crate::view::{FHIR, Part, Role, XHTML};
use plumbline_tree::{Form, Node};

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

impl<'a, 'd> Walk<'a, 'd> {
    /// Whether an attribute is an element of FHIR. Reports it if it has no business here.
    pub(super) fn attribute(&mut self, part: Part<'a>, place: &Place<'d>) -> bool {
        if part.node.prefix().is_none() {
            let is_value = part.name == "value"
                && matches!(place.what, What::BesideValue | What::InsteadOfValue);
            if is_value {
                return false;
            }
            let child = place.shape.child(part.name);
            if child.is_some_and(|child| child.element().is_attribute()) {
                return true;
            }
        } else if part.node.namespace() == Some(INSTANCE) && part.name.ends_with("chemaLocation") {
            return false;
        }
        let name = shown(part.name);
        let message = format!("{} must not have the attribute {name}", place.title());
        self.issue_at(
            &rules::XML_ATTRIBUTE,
            part.node,
            Some(Step {
                name,
                index: None,
                chosen: None,
            }),
            &[&message],
            "no such attribute",
            name,
        );
        false
    }

    /// The namespace of a child is FHIR's, and of narrative XHTML's. One that it shares with its parent is reported
    /// there, where it first stands.
    pub(super) fn namespace(&mut self, field: Field<'a, 'd>, body: Node<'a>) {
        let is_narrative = is_narrative(field);
        let wanted = if is_narrative { XHTML } else { FHIR };
        let namespace = field.part.node.namespace();
        if namespace == Some(wanted) || is_narrative {
            // The root of narrative is judged with the rest of it.
            return;
        }
        if namespace != body.namespace() {
            let at = step(field.child, None);
            self.wrong_namespace(field.part.node, Some(at));
        }
    }

    pub(super) fn wrong_namespace(&mut self, node: Node<'a>, at: Option<Step<'a>>) {
        let actual = match node.namespace() {
            None => "in no namespace",
            Some(XHTML) => "in the namespace of XHTML",
            Some("urn:hl7-org:v3") => "in the namespace of HL7 V3",
            Some(_) => "in another namespace",
        };
        self.issue_at(&rules::XML_NAMESPACE, node, at, &[actual, FHIR], FHIR, actual);
    }

    pub(super) fn misplaced(
        &mut self,
        field: Field<'a, 'd>,
        latest: Option<Field<'a, 'd>>,
        place: &Place<'d>,
    ) {
        let name = field.child.element().name();
        let other = latest.map_or("", |latest| latest.child.element().name());
        let expected = format!("the order of {}", place.title());
        let actual = format!("{name} after {other}");
        let index = index(field);
        let at = step(field.child, index);
        let words = [name, other];
        let node = field.part.node;
        self.issue_at(&rules::XML_ORDER, node, Some(at), &words, &expected, &actual);
    }

    /// Walks into an element or attribute. Says how many elements of FHIR that is.
    pub(super) fn xml_field(&mut self, field: Field<'a, 'd>) -> u32 {
        let Some(type_use) = field.child.type_use() else {
            return 1;
        };
        let of = type_use.of();
        let node = field.part.node;
        self.path.push(step(field.child, index(field)));
        if field.part.role == Role::Attribute {
            self.primitive_text(field.child, of, node);
        } else if field.child.element().is_attribute() {
            let name = field.part.name;
            let message = format!("{name} must be an attribute, not an element");
            let rule = &rules::XML_ATTRIBUTE;
            self.issue(rule, node, &[&message], "an attribute", "an element");
        } else if of.name() == "xhtml" {
            self.narrative_element(node);
        } else if of.is_primitive() {
            self.xml_primitive(field, node);
        } else if of.name() == "Resource" {
            self.inner_resource(field.child, node);
        } else if let Some(shape) = field.child.shape() {
            let place = Place {
                what: What::Datatype,
                of,
                shape,
                child: Some(field.child),
            };
            self.body(node, &place);
        }
        self.path.pop();
        1
    }

    fn xml_primitive(&mut self, field: Field<'a, 'd>, node: Node<'a>) {
        let Some(type_use) = field.child.type_use() else {
            return;
        };
        let of = type_use.of();
        let value = node.attribute("value");
        if let Some(value) = value {
            self.primitive_text(field.child, of, value);
        }
        let is_plain = value.is_some() && node.attributes().count() == 1;
        if is_plain && node.content().next().is_none() {
            return;
        }
        let place = Place {
            what: if value.is_some() {
                What::BesideValue
            } else {
                What::InsteadOfValue
            },
            of,
            shape: of.shape(),
            child: Some(field.child),
        };
        self.body(node, &place);
    }
}

/// Which of its kind an element is, if its kind repeats.
fn index(field: Field<'_, '_>) -> Option<usize> {
    let is_element = field.part.node.form() == Form::Element;
    let repeats = is_element && (field.child.element().is_repeating() || field.part.node.is_repeated());
    if repeats { field.part.node.index() } else { None }
}

fn is_narrative(field: Field<'_, '_>) -> bool {
    field
        .child
        .type_use()
        .is_some_and(|it| it.of().name() == "xhtml")
}
