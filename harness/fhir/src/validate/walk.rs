//! The walk over a resource: which elements there are, how often, in which order. One pass, and no deeper than
//! [`MOST_DEPTH`]. Not the values of primitives, nor what single datatypes ask for.

use super::coded::Coded;
use super::key::NONE;
use super::outcome::{Options, Outcome};
use super::path::{Path, Step, step};
use super::plan::{ChildPlan, Kind, Plan, ResourcePlan};
use super::report::{Report, Words};
use super::rules::{self, Rule};
use super::scope::Scope;
use super::unknown;
use super::xml::Attribute;
use crate::definitions::Element;
use crate::view::{Part, Role, parts};
use plumbline_tree::{Form, Node, Tree};
use std::collections::BTreeSet;

/// How many elements may be inside each other.
pub(super) const MOST_DEPTH: usize = 256;

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
pub(super) struct Place {
    pub(super) what: What,
    pub(super) kind: Kind,
    /// The shape in the plan.
    pub(super) shape: u32,
    /// The child of the plan that it is; none for a resource.
    pub(super) child: u32,
    /// The type of a resource.
    pub(super) resource: &'static str,
}

impl Place {
    pub(super) fn of_resource(of: ResourcePlan<'_>) -> Self {
        Self {
            what: What::Resource,
            kind: Kind::Resource,
            shape: of.shape,
            child: NONE,
            resource: of.of.name(),
        }
    }

    pub(super) fn of_child(what: What, number: u32, child: &ChildPlan<'_>) -> Self {
        Self {
            what,
            kind: match what {
                What::Datatype => child.kind,
                What::Resource | What::BesideValue | What::InsteadOfValue => Kind::Other,
            },
            shape: child.shape,
            child: number,
            resource: "",
        }
    }

    /// What it is called in messages: a type, or the path of a part of a resource.
    pub(super) fn title(&self, plan: &Plan<'_>) -> String {
        match plan.children.get(self.child as usize) {
            None => self.resource.to_owned(),
            Some(child) if child.is_inline => child.child.element().path(),
            Some(child) => {
                let of = child.child.type_use().map(|it| it.of().name());
                of.unwrap_or_default().to_owned()
            }
        }
    }
}

/// A part of a body and the child of the plan that it is.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) child: u32,
    pub(super) role: Role,
    pub(super) node: Node<'a>,
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

/// The fields and slots of one body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    first_field: usize,
    first_slot: usize,
    shape: u32,
}

pub(super) struct Walk<'a, 'd> {
    pub(super) plan: &'d Plan<'d>,
    pub(super) report: Report<'a>,
    pub(super) path: Path,
    pub(super) scope: Scope<'a>,
    pub(super) coded: Coded,
    pub(super) profiles: BTreeSet<&'a str>,
    /// What the body around the one that is walked is.
    pub(super) outer: Kind,
    /// Fields of all bodies that are open; those of the innermost are last.
    fields: Vec<Field<'a>>,
    slots: Vec<Slot>,
}

impl<'a, 'd> Walk<'a, 'd> {
    pub(super) fn new(tree: &'a Tree, plan: &'d Plan<'d>, options: Options) -> Self {
        Self {
            plan,
            report: Report::new(tree, options),
            path: Path::default(),
            scope: Scope::default(),
            coded: Coded::new(plan),
            profiles: BTreeSet::new(),
            outer: Kind::Other,
            fields: Vec::with_capacity(64),
            slots: Vec::with_capacity(128),
        }
    }

    pub(super) fn finish(self, resource_type: Option<String>) -> Outcome {
        let (issues, counts) = self.report.finish();
        Outcome {
            resource_type,
            issues,
            counts,
            coded: self.coded.finish(self.plan),
            profiles_not_checked: self.profiles.into_iter().map(str::to_owned).collect(),
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
        step: Option<Step<'_>>,
        message: &[&str],
        expected: &str,
        actual: &str,
    ) {
        let (path, plan) = (&self.path, self.plan);
        self.report.add(rule, node.offset(), || Words {
            path: path.text(plan, step),
            message: rule.message(message),
            expected: expected.to_owned(),
            actual: actual.to_owned(),
        });
    }

    /// Judges a body by its place.
    pub(super) fn body(&mut self, body: Node<'a>, place: &Place) {
        if self.path.len() > MOST_DEPTH {
            let expected = format!("at most {MOST_DEPTH} elements inside each other");
            return self.issue(&rules::TOO_DEEP, body, &[], &expected, "more");
        }
        let frame = Frame {
            first_field: self.fields.len(),
            first_slot: self.slots.len(),
            shape: place.shape,
        };
        let plan = self.plan;
        let Some(shape) = plan.shapes.get(place.shape as usize) else {
            return;
        };
        self.slots
            .resize(frame.first_slot + shape.len as usize, EMPTY);

        let has_unknown = if body.form() == Form::Element {
            self.gather_xml(body, place, frame)
        } else {
            self.gather_json(body, place, frame)
        };
        let end = self.fields.len();
        let outer = std::mem::replace(&mut self.outer, place.kind);
        for at in frame.first_field..end {
            self.field(at, frame);
        }
        self.outer = outer;

        if place.what != What::Resource && !has_unknown {
            self.content(body, place, frame);
        }
        for (position, min) in &shape.required {
            let count = self.slots[frame.first_slot + *position as usize].count;
            if count < *min {
                self.missing(body, place, *position, count);
            }
        }
        self.datatype(body, place, frame);

        self.fields.truncate(frame.first_field);
        self.slots.truncate(frame.first_slot);
    }

    /// Finds the element of each member. Says whether some had none.
    fn gather_json(&mut self, body: Node<'a>, place: &Place, frame: Frame) -> bool {
        let plan = self.plan;
        let mut has_unknown = false;
        let mut has_type = false;
        for (name, node) in body.members() {
            let (name, role) = match name.strip_prefix('_') {
                Some(name) => (name, Role::Beside),
                None => (name, Role::Plain),
            };
            if let Some((child, found)) = plan.child(place.shape, name) {
                self.enter(Field { child, role, node }, found, frame);
                continue;
            }
            let part = Part { name, role, node };
            if place.what == What::Resource && role == Role::Plain && name == "resourceType" {
                if std::mem::replace(&mut has_type, true) {
                    self.duplicate(part);
                }
                continue;
            }
            has_unknown = true;
            let meant = unknown::report(self, part, place);
            self.count_meant(meant, frame);
        }
        has_unknown
    }

    /// Finds the element of each attribute and child element. Says whether some had none.
    fn gather_xml(&mut self, body: Node<'a>, place: &Place, frame: Frame) -> bool {
        let plan = self.plan;
        let mut has_unknown = false;
        // The child that comes last in the order of the specification.
        let mut latest: Option<u32> = None;
        if let Some(text) = body.texts().next() {
            let title = place.title(plan);
            self.issue(&rules::XML_TEXT, text, &[&title], "elements only", "text");
        }
        for part in parts(body) {
            if part.role == Role::Attribute {
                match self.attribute(part, place) {
                    Attribute::Element => {}
                    Attribute::Value => continue,
                    Attribute::Wrong => {
                        has_unknown = true;
                        continue;
                    }
                }
            }
            let Some((child, found)) = plan.child(place.shape, part.name) else {
                has_unknown = true;
                let meant = unknown::report(self, part, place);
                self.count_meant(meant, frame);
                continue;
            };
            let field = Field {
                child,
                role: part.role,
                node: part.node,
            };
            if part.role == Role::Plain {
                self.namespace(field, found, body);
                let position = |child: u32| plan.children[child as usize].position;
                if latest.is_some_and(|latest| position(latest) > found.position) {
                    self.misplaced(field, latest, place);
                } else {
                    latest = Some(child);
                }
            }
            self.enter(field, found, frame);
        }
        has_unknown
    }

    /// Notes a field in its slot, unless it should not be there.
    fn enter(&mut self, field: Field<'a>, child: &ChildPlan<'d>, frame: Frame) {
        let at = u32::try_from(self.fields.len()).unwrap_or(NONE);
        let slot = &mut self.slots[frame.first_slot + child.position as usize];
        if child.chosen.is_some() {
            let known = if slot.first == NONE {
                slot.beside
            } else {
                slot.first
            };
            let known = self.fields.get(known as usize).map(|it| it.child);
            if known.is_some_and(|known| known != field.child) {
                self.second_choice(field, child);
                // What it holds is judged all the same.
                self.fields.push(field);
                return;
            }
        }
        let place = match field.role {
            Role::Beside => &mut slot.beside,
            Role::Plain | Role::Attribute => &mut slot.first,
        };
        if *place == NONE {
            *place = at;
        } else if !matches!(field.node.form(), Form::Element | Form::Attribute) {
            return self.duplicate(Part {
                name: field.node.name().unwrap_or_default(),
                role: field.role,
                node: field.node,
            });
        }
        self.fields.push(field);
    }

    fn second_choice(&mut self, field: Field<'a>, child: &ChildPlan<'d>) {
        let name = child.child.element().name();
        let step = step(self.plan, field.child, None);
        let expected = format!("one {name} at most");
        self.issue_at(
            &rules::CHOICE_MANY,
            field.node,
            Some(step),
            &[name],
            &expected,
            "another of another type",
        );
    }

    fn duplicate(&mut self, part: Part<'a>) {
        let step = Step::plain(unknown::shown(part.name));
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
    fn count_meant(&mut self, meant: Option<Element<'d>>, frame: Frame) {
        let Some(meant) = meant else { return };
        let Some(shape) = self.plan.shapes.get(frame.shape as usize) else {
            return;
        };
        if let Some(position) = shape.shape.children().position(|it| it == meant) {
            let slot = &mut self.slots[frame.first_slot + position];
            slot.count = slot.count.max(1);
        }
    }

    /// Walks into one field.
    fn field(&mut self, at: usize, frame: Frame) {
        let field = self.fields[at];
        let plan = self.plan;
        let child = &plan.children[field.child as usize];
        let position = frame.first_slot + child.position as usize;
        let slot = self.slots[position];
        let count = match field.node.form() {
            Form::Element | Form::Attribute => self.xml_field(field, child),
            _ => match field.role {
                // Walked with the value that it stands beside.
                Role::Beside if slot.first != NONE && slot.beside as usize == at => return,
                Role::Beside => self.member(field.child, child, None, Some(field.node)),
                Role::Plain | Role::Attribute => {
                    let is_first = slot.first as usize == at && slot.beside != NONE;
                    let beside = is_first.then(|| self.fields[slot.beside as usize].node);
                    self.member(field.child, child, Some(field.node), beside)
                }
            },
        };
        let known = if slot.first == NONE {
            slot.beside
        } else {
            slot.first
        };
        let known = self.fields.get(known as usize);
        if known.is_some_and(|known| known.child != field.child) {
            // A choice of another type: there is an issue already.
            return;
        }
        let slot = &mut self.slots[position];
        let before = slot.count;
        slot.count = before.saturating_add(count);
        if slot.count > child.max && before <= child.max {
            self.too_many(at, child, position);
        }
    }

    /// An element has a value or children beside its id.
    fn content(&mut self, body: Node<'a>, place: &Place, frame: Frame) {
        let fields = &self.fields[frame.first_field..];
        let children = &self.plan.children;
        let is_id = |field: &Field<'a>| {
            let child = &children[field.child as usize];
            child.is_attribute && child.stem == "id"
        };
        let is_bare = match fields {
            [] => body.form() == Form::Object || place.what != What::BesideValue,
            [only] => place.what != What::BesideValue && is_id(only),
            _ => false,
        };
        if is_bare {
            let actual = if fields.is_empty() {
                "nothing"
            } else {
                "only an id"
            };
            self.issue(&rules::EMPTY, body, &[], "a value or children", actual);
        }
    }

    fn missing(&mut self, body: Node<'a>, place: &Place, position: u32, count: u32) {
        let shape = self.plan.shapes.get(place.shape as usize);
        let Some(element) = shape.and_then(|it| it.shape.children().nth(position as usize)) else {
            return;
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
            Some(Step::plain(element.stem())),
            &[&place.title(self.plan), element.name()],
            &expected,
            &actual,
        );
    }

    /// Reported where the first of them stands, when all that are in one array are counted.
    fn too_many(&mut self, at: usize, child: &ChildPlan<'d>, position: usize) {
        let slot = self.slots[position];
        let first = [slot.first, slot.beside].into_iter().find(|at| *at != NONE);
        let node = self.fields[first.map_or(at, |first| first as usize)].node;
        let max = child.max.to_string();
        let step = step(self.plan, self.fields[at].child, None);
        self.issue_at(
            &rules::MAX,
            node,
            Some(step),
            &[&max],
            &format!("at most {max}"),
            "more",
        );
    }

    /// The first field of this name.
    pub(super) fn field_named(&self, frame: Frame, name: &str) -> Option<Field<'a>> {
        let (_, child) = self.plan.child(frame.shape, name)?;
        let slot = self.slots.get(frame.first_slot + child.position as usize)?;
        let at = if slot.first == NONE {
            slot.beside
        } else {
            slot.first
        };
        self.fields.get(at as usize).copied()
    }

    /// How often the last child of the shape stands.
    pub(super) fn last_count(&self, frame: Frame) -> u32 {
        let slots = self.slots.get(frame.first_slot..).unwrap_or_default();
        slots.last().map_or(0, |slot| slot.count)
    }
}
