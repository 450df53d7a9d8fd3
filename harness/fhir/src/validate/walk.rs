//! The walk over a resource: which elements there are, how often, in which order. One pass, and no deeper than
//! [`MOST_DEPTH`]. Not the values of primitives, nor what single datatypes ask for.

use super::binding::Coded;
use super::outcome::Options;
use super::path::{Path, Step};
use super::report::{Report, Words};
use super::rules::{self, Rule};
use super::scope::Scope;
use super::unknown;
use crate::definitions::{Child, Definitions, Element, Shape, Type};
use crate::view::{Part, Role, parts};
use plumbline_tree::{Form, Node, Tree};
use std::collections::BTreeSet;

/// How many elements may be inside each other.
pub(super) const MOST_DEPTH: usize = 256;

const NONE: u32 = u32::MAX;

/// What a body of parts is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A resource: in JSON it says its type.
    Resource,
    /// A datatype, or a part of a resource.
    Datatype,
    /// What is said about a primitive, that has a value.
    BesideValue,
    /// What is said about a primitive without a value.
    InsteadOfValue,
}

/// What the parts of a body are judged by.
#[derive(Clone, Copy)]
pub(super) struct Place<'d> {
    pub(super) what: What,
    /// Its type; of a part of a resource `BackboneElement` or `Element`.
    pub(super) of: Type<'d>,
    pub(super) shape: Shape<'d>,
    /// The element that it is; none for a resource.
    pub(super) child: Option<Child<'d>>,
}

impl Place<'_> {
    /// What it is called in messages: a type, or the path of a part of a resource.
    pub(super) fn title(&self) -> String {
        match self.child {
            Some(child) if child.element().inline_shape().is_some() => child.element().path(),
            _ => self.of.name().to_owned(),
        }
    }
}

/// A part of a body and the element that it is.
#[derive(Clone, Copy)]
pub(super) struct Field<'a, 'd> {
    pub(super) child: Child<'d>,
    pub(super) part: Part<'a>,
}

/// What is known of one child of a shape while its parts are gathered.
#[derive(Clone, Copy)]
struct Slot {
    /// The first field.
    first: u32,
    /// In JSON the field with `_`.
    beside: u32,
    /// How often it stands.
    count: u32,
}

const EMPTY: Slot = Slot {
    first: NONE,
    beside: NONE,
    count: 0,
};

pub(super) struct Walk<'a, 'd> {
    pub(super) definitions: &'d Definitions,
    pub(super) report: Report<'a>,
    pub(super) path: Path<'a>,
    pub(super) scope: Scope<'a>,
    pub(super) coded: Coded<'d>,
    pub(super) profiles: BTreeSet<&'a str>,
    /// The type of the body around the one that is walked.
    pub(super) outer: &'static str,
    /// Fields of all bodies that are open; those of the innermost are last.
    pub(super) fields: Vec<Field<'a, 'd>>,
    slots: Vec<Slot>,
}

impl<'a, 'd> Walk<'a, 'd> {
    pub(super) fn new(tree: &'a Tree, definitions: &'d Definitions, options: &Options) -> Self {
        Self {
            definitions,
            report: Report::new(tree, options),
            path: Path::default(),
            scope: Scope::default(),
            coded: Coded::default(),
            profiles: BTreeSet::new(),
            outer: "",
            fields: Vec::with_capacity(64),
            slots: Vec::with_capacity(128),
        }
    }

    /// An issue where the walk is.
    pub(super) fn issue(
        &mut self,
        rule: &'static Rule,
        node: Node<'a>,
        message: &[&str],
        expected: &str,
        actual: &str,
    ) {
        self.issue_at(rule, node, None, message, expected, actual);
    }

    /// An issue one step below where the walk is.
    pub(super) fn issue_at(
        &mut self,
        rule: &'static Rule,
        node: Node<'a>,
        step: Option<Step<'a>>,
        message: &[&str],
        expected: &str,
        actual: &str,
    ) {
        let path = &self.path;
        self.report.add(rule, node.offset(), || Words {
            path: path.text(step),
            message: rule.message(message),
            expected: expected.to_owned(),
            actual: actual.to_owned(),
        });
    }

    /// Judges a body by its place.
    pub(super) fn body(&mut self, body: Node<'a>, place: &Place<'d>) {
        if self.path.len() > MOST_DEPTH {
            let expected = format!("at most {MOST_DEPTH} elements inside each other");
            return self.issue(&rules::TOO_DEEP, body, &[], &expected, "more");
        }
        let first_field = self.fields.len();
        let first_slot = self.slots.len();
        self.slots.resize(first_slot + place.shape.len(), EMPTY);

        let has_unknown = self.gather(body, place, first_slot);
        let end = self.fields.len();
        let outer = std::mem::replace(&mut self.outer, place.of.name());
        for at in first_field..end {
            self.field(at, first_slot);
        }
        self.outer = outer;
        if place.what != What::Resource && !has_unknown {
            self.content(body, place, first_field);
        }
        self.cardinality(body, place, first_slot);
        self.datatype(body, place, first_field);

        self.fields.truncate(first_field);
        self.slots.truncate(first_slot);
    }

    /// Finds the element of each part. Says whether some had none.
    fn gather(&mut self, body: Node<'a>, place: &Place<'d>, first_slot: usize) -> bool {
        let is_xml = body.form() == Form::Element;
        let mut has_unknown = false;
        let mut has_type = false;
        // The field that comes last in the order of the specification.
        let mut latest: Option<Field<'a, 'd>> = None;
        if is_xml && let Some(text) = body.texts().next() {
            let title = place.title();
            self.issue(&rules::XML_TEXT, text, &[&title], "elements only", "text");
        }
        for part in parts(body) {
            if !is_xml
                && place.what == What::Resource
                && part.role == Role::Plain
                && part.name == "resourceType"
            {
                if std::mem::replace(&mut has_type, true) {
                    self.duplicate(part);
                }
                continue;
            }
            if part.role == Role::Attribute && !self.attribute(part, place) {
                continue;
            }
            let Some(child) = place.shape.child(part.name) else {
                has_unknown = true;
                let meant = unknown::report(self, part, place);
                self.count_meant(meant, place, first_slot);
                continue;
            };
            let field = Field { child, part };
            if is_xml && part.role == Role::Plain {
                self.namespace(field, body);
                if latest.is_some_and(|latest| latest.child.position() > child.position()) {
                    self.misplaced(field, latest, place);
                } else {
                    latest = Some(field);
                }
            }
            self.enter(field, first_slot);
        }
        has_unknown
    }

    /// Notes a field in its slot, unless it should not be there.
    fn enter(&mut self, field: Field<'a, 'd>, first_slot: usize) {
        let at = u32::try_from(self.fields.len()).unwrap_or(NONE);
        let slot = self.slots[first_slot + field.child.position()];
        let known = [slot.first, slot.beside]
            .into_iter()
            .find(|at| *at != NONE)
            .map(|at| self.fields[at as usize]);
        let is_other = known.is_some_and(|known| !is_same_type(known.child, field.child));
        if is_other {
            let name = field.child.element().name();
            let step = step(field.child, None);
            let expected = format!("one {name} at most");
            self.issue_at(
                &rules::CHOICE_MANY,
                field.part.node,
                Some(step),
                &[name],
                &expected,
                "another of another type",
            );
            // What it holds is judged all the same.
            self.fields.push(field);
            return;
        }
        let slot = &mut self.slots[first_slot + field.child.position()];
        let is_xml = matches!(field.part.node.form(), Form::Element | Form::Attribute);
        let place = match field.part.role {
            Role::Beside => &mut slot.beside,
            Role::Plain | Role::Attribute => &mut slot.first,
        };
        if *place == NONE {
            *place = at;
        } else if !is_xml {
            return self.duplicate(field.part);
        }
        self.fields.push(field);
    }

    fn duplicate(&mut self, part: Part<'a>) {
        let step = Step {
            name: unknown::shown(part.name),
            index: None,
            chosen: None,
        };
        self.issue_at(
            &rules::JSON_DUPLICATE,
            part.node,
            Some(step),
            &[],
            "one member of this name",
            "another one",
        );
    }

    /// A choice whose name has a wrong type counts as there, so that one mistake is one issue.
    fn count_meant(&mut self, meant: Option<Element<'d>>, place: &Place<'d>, first_slot: usize) {
        let Some(meant) = meant else { return };
        if let Some(position) = place.shape.children().position(|it| it == meant) {
            let slot = &mut self.slots[first_slot + position];
            slot.count = slot.count.max(1);
        }
    }

    /// Walks into one field.
    fn field(&mut self, at: usize, first_slot: usize) {
        let field = self.fields[at];
        let position = first_slot + field.child.position();
        let count = match field.part.node.form() {
            Form::Element | Form::Attribute => self.xml_field(field),
            _ => {
                let slot = self.slots[position];
                let is_first = slot.first as usize == at;
                match field.part.role {
                    // Walked with the value that it stands beside.
                    Role::Beside if slot.first != NONE && slot.beside as usize == at => 0,
                    Role::Beside => self.member(field.child, None, Some(field.part.node)),
                    Role::Plain | Role::Attribute => {
                        let beside = (slot.beside != NONE && is_first)
                            .then(|| self.fields[slot.beside as usize].part.node);
                        self.member(field.child, Some(field.part.node), beside)
                    }
                }
            }
        };
        let slot = &mut self.slots[position];
        let is_other = slot.first as usize != at
            && slot.first != NONE
            && !is_same_type(self.fields[slot.first as usize].child, field.child);
        if !is_other {
            slot.count = slot.count.saturating_add(count);
        }
    }

    /// An element has a value or children beside its id.
    fn content(&mut self, body: Node<'a>, place: &Place<'d>, first_field: usize) {
        let fields = &self.fields[first_field..];
        let has_more = fields
            .iter()
            .any(|field| !(field.child.element().is_attribute() && field.part.name == "id"));
        let is_empty_object = fields.is_empty() && body.form() == Form::Object;
        let has_value = place.what == What::BesideValue;
        if !has_more && (!has_value || is_empty_object) {
            self.issue(
                &rules::EMPTY,
                body,
                &[],
                "a value or children",
                if fields.is_empty() { "nothing" } else { "only an id" },
            );
        }
    }

    fn cardinality(&mut self, body: Node<'a>, place: &Place<'d>, first_slot: usize) {
        for (position, element) in place.shape.children().enumerate() {
            let slot = self.slots[first_slot + position];
            if slot.count < element.min() {
                self.missing(body, place, element, slot.count);
            } else if element.max().is_some_and(|max| slot.count > max) {
                self.too_many(element, slot);
            }
        }
    }

    fn missing(&mut self, body: Node<'a>, place: &Place<'d>, element: Element<'d>, count: u32) {
        let step = Step {
            name: element.stem(),
            index: None,
            chosen: None,
        };
        let expected = format!("at least {}", element.min());
        let actual = if count == 0 {
            "none".to_owned()
        } else {
            count.to_string()
        };
        self.issue_at(
            &rules::MIN,
            body,
            Some(step),
            &[&place.title(), element.name()],
            &expected,
            &actual,
        );
    }

    fn too_many(&mut self, element: Element<'d>, slot: Slot) {
        let Some(first) = self.fields.get(slot.first as usize).copied() else {
            return;
        };
        let max = element.max().unwrap_or_default().to_string();
        let count = slot.count.to_string();
        let step = step(first.child, None);
        self.issue_at(
            &rules::MAX,
            first.part.node,
            Some(step),
            &[&count, &max],
            &format!("at most {max}"),
            &count,
        );
    }
}

/// The step to a child.
pub(super) fn step<'a>(child: Child<'_>, index: Option<usize>) -> Step<'a> {
    let element = child.element();
    let chosen = if element.is_choice() {
        child.type_use().map(|it| it.of().name())
    } else {
        None
    };
    Step {
        name: element.stem(),
        index,
        chosen,
    }
}

/// Whether two children of one choice have one type.
fn is_same_type(one: Child<'_>, other: Child<'_>) -> bool {
    !one.element().is_choice()
        || one.type_use().map(|it| it.of()) == other.type_use().map(|it| it.of())
}
