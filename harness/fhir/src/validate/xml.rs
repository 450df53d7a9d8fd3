//! What only XML has: namespaces, attributes, order. Not which elements there are.

use super::path::{Step, step};
use super::plan::{ChildPlan, Kind};
use super::primitive::Primitive;
use super::rules;
use super::unknown::shown;
use super::walk::{Field, Place, Walk, What};
use crate::view::{FHIR, Part, Role, XHTML};
use plumbline_tree::{Form, Node};

/// What an attribute of an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    /// An element of FHIR: `id` or `url`.
    Element,
    /// A value, or a hint for XML tools; no element.
    Value,
    /// Neither.
    Wrong,
}

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

impl<'a, 'd> Walk<'a, 'd> {
    /// What an attribute is. Reports it if it has no business here.
    pub(super) fn attribute(&mut self, part: Part<'a>, place: &Place) -> Attribute {
        if part.node.prefix().is_none() {
            let is_value = part.name == "value"
                && matches!(place.what, What::BesideValue | What::InsteadOfValue);
            if is_value {
                return Attribute::Value;
            }
            let child = self.plan.child(place.shape, part.name);
            if child.is_some_and(|(_, child)| child.is_attribute) {
                return Attribute::Element;
            }
        } else if part.node.namespace() == Some(INSTANCE) && part.name.ends_with("chemaLocation") {
            return Attribute::Value;
        }
        let name = shown(part.name);
        let message = format!(
            "{} must not have the attribute {name}",
            place.title(self.plan)
        );
        self.issue_at(
            &rules::XML_ATTRIBUTE,
            part.node,
            Some(Step::plain(name)),
            &[&message],
            "no such attribute",
            name,
        );
        Attribute::Wrong
    }

    /// The namespace of a child is FHIR's. One that it shares with its parent is reported there, where it first
    /// stands; that of narrative is judged with the rest of it.
    pub(super) fn namespace(&mut self, field: Field<'a>, child: &ChildPlan<'d>, body: Node<'a>) {
        let namespace = field.node.namespace();
        let is_narrative = child.kind == Kind::Primitive(Primitive::Xhtml);
        if namespace == Some(FHIR) || is_narrative || namespace == body.namespace() {
            return;
        }
        let at = step(self.plan, field.child, None);
        self.wrong_namespace(field.node, Some(at));
    }

    pub(super) fn wrong_namespace(&mut self, node: Node<'a>, at: Option<Step<'_>>) {
        let actual = match node.namespace() {
            None => "in no namespace",
            Some(XHTML) => "in the namespace of XHTML",
            Some("urn:hl7-org:v3") => "in the namespace of HL7 V3",
            Some(_) => "in another namespace",
        };
        let words = [actual, FHIR];
        self.issue_at(&rules::XML_NAMESPACE, node, at, &words, FHIR, actual);
    }

    pub(super) fn misplaced(&mut self, field: Field<'a>, latest: Option<u32>, place: &Place) {
        let plan = self.plan;
        let name_of = |child: u32| {
            let child = plan.children.get(child as usize);
            child.map_or("", |child| child.child.element().name())
        };
        let name = name_of(field.child);
        let other = latest.map_or("", name_of);
        let expected = format!("the order of {}", place.title(plan));
        let actual = format!("{name} after {other}");
        let repeats = plan.children[field.child as usize].repeats;
        let at = step(plan, field.child, index(field.node, repeats));
        let words = [name, other];
        let rule = &rules::XML_ORDER;
        self.issue_at(rule, field.node, Some(at), &words, &expected, &actual);
    }

    /// Walks into an element or attribute. Says how many elements of FHIR that is.
    pub(super) fn xml_field(&mut self, field: Field<'a>, child: &ChildPlan<'d>) -> u32 {
        let node = field.node;
        self.path.push(field.child, index(node, child.repeats));
        match child.kind {
            Kind::Primitive(primitive) if field.role == Role::Attribute => {
                self.primitive_text(field.child, child, primitive, node);
            }
            _ if child.is_attribute => {
                let message = format!("{} must be an attribute, not an element", child.stem);
                let rule = &rules::XML_ATTRIBUTE;
                self.issue(rule, node, &[&message], "an attribute", "an element");
            }
            Kind::Primitive(Primitive::Xhtml) => self.narrative_element(node),
            Kind::Primitive(primitive) => self.xml_primitive(field, child, primitive),
            Kind::Resource => self.inner_resource(child, node),
            _ => self.body(node, &Place::of_child(What::Datatype, field.child, child)),
        }
        self.path.pop();
        1
    }

    fn xml_primitive(&mut self, field: Field<'a>, child: &ChildPlan<'d>, primitive: Primitive) {
        let node = field.node;
        let mut attributes = node.attributes();
        let is_value = |it: &Node<'a>| it.name() == Some("value") && it.prefix().is_none();
        let first = attributes.next();
        let value = first.filter(is_value).or_else(|| node.attribute("value"));
        if let Some(value) = value {
            self.primitive_text(field.child, child, primitive, value);
        }
        if child.has_own_rules() {
            self.primitive_invariants(child, value, Some(node));
        }
        let is_plain = value.is_some() && attributes.next().is_none();
        if is_plain && node.content().next().is_none() {
            return;
        }
        let what = if value.is_some() {
            What::BesideValue
        } else {
            What::InsteadOfValue
        };
        self.body(node, &Place::of_child(what, field.child, child));
    }
}

/// Which of its kind an element is, if its kind repeats.
fn index(node: Node<'_>, repeats: bool) -> Option<u32> {
    let is_one_of_many = node.form() == Form::Element && (repeats || node.is_repeated());
    let index = if is_one_of_many { node.index() } else { None };
    index.and_then(|index| u32::try_from(index).ok())
}
