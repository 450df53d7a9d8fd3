//! The walk over a resource: how often each element stands, and into each of them. One pass, and no deeper than
//! [`MOST_DEPTH`]. Not finding the elements: gather.rs; nor the values of primitives, nor what single datatypes ask for.

use super::coded::Coded;
use super::entries::Entries;
use super::invariants::{Around, Surroundings};
use super::key::NONE;
use super::outcome::{Options, Outcome};
use super::path::{Path, Step, step};
use super::plan::{ChildPlan, Kind, Known, Plan, ResourcePlan, ShapePlan};
use super::report::{Report, Words};
use super::rules::{self, Rule};
use super::scope::Scope;
use super::survey::Surveyor;
use crate::view::Role;
use plumbline_tree::{Form, Node, Tree};
use std::borrow::Cow;
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
    /// How many elements it turned out to be. Kept in a plain body only; otherwise the slots have it.
    count: u32,
    pub(super) role: Role,
    pub(super) node: Node<'a>,
}

impl<'a> Field<'a> {
    pub(super) fn new(child: u32, role: Role, node: Node<'a>) -> Self {
        Self {
            child,
            count: 0,
            role,
            node,
        }
    }
}

/// What is known of one child of a shape while its parts are gathered.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    /// The first field.
    pub(super) first: u32,
    /// In JSON the field with `_`.
    pub(super) beside: u32,
    /// How often it stands.
    pub(super) count: u32,
}

impl Slot {
    pub(super) const EMPTY: Self = Self {
        first: NONE,
        beside: NONE,
        count: 0,
    };
}

/// The fields of one body, and its slots unless it is plain: then each child has one field at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) first_field: usize,
    pub(super) first_slot: usize,
    pub(super) shape: u32,
    pub(super) is_plain: bool,
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
    pub(super) fields: Vec<Field<'a>>,
    pub(super) slots: Vec<Slot>,
    pub(super) options: Options,
    /// The resource that is walked; none outside resources.
    pub(super) around: Option<Around<'a>>,
    /// The entries of the bundle that is walked.
    pub(super) entries: Entries,
    /// What invariants can ask about.
    pub(super) surroundings: Surroundings<'a>,
    /// Keys of invariants that could not be evaluated, and why.
    pub(super) not_checked: BTreeSet<(&'static str, Cow<'static, str>)>,
    /// The ids of the elements of the resource that is walked.
    pub(super) element_ids: BTreeSet<&'a str>,
    /// The value that the body which is walked next stands beside, in JSON.
    pub(super) beside: Option<Node<'a>>,
    /// Lists what others judge further; none if nobody asked.
    pub(super) survey: Option<Box<Surveyor<'a>>>,
}

impl<'a, 'd> Walk<'a, 'd> {
    pub(super) fn new(tree: &'a Tree, plan: &'d Plan<'d>, options: Options) -> Self {
        Self {
            plan,
            report: Report::new(tree, options),
            path: Path::default(),
            scope: Scope::default(),
            coded: Coded::default(),
            profiles: BTreeSet::new(),
            outer: Kind::Other,
            fields: Vec::with_capacity(24),
            slots: Vec::new(),
            options,
            around: None,
            entries: Entries::default(),
            surroundings: Surroundings::new(tree),
            not_checked: BTreeSet::new(),
            element_ids: BTreeSet::new(),
            beside: None,
            survey: None,
        }
    }

    pub(super) fn finish(mut self, resource_type: Option<String>) -> Outcome {
        let (issues, counts) = self.report.finish();
        if self.plan.types.is_none() {
            let reason = "only those of the facts inside the binary are evaluated";
            self.not_checked.insert(("*", reason.into()));
        }
        Outcome {
            resource_type,
            issues,
            counts,
            coded: self.coded.finish(self.plan),
            profiles_not_checked: self.profiles.into_iter().map(str::to_owned).collect(),
            invariants_not_checked: self
                .not_checked
                .into_iter()
                .map(|(key, reason)| (key.to_owned(), reason.into_owned()))
                .collect(),
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
        let mut frame = Frame {
            first_field: self.fields.len(),
            first_slot: self.slots.len(),
            shape: place.shape,
            is_plain: false,
        };
        let plan = self.plan;
        let Some(shape) = plan.shapes.get(place.shape as usize) else {
            return;
        };
        self.survey_body(body, place);
        let has_unknown = if body.form() == Form::Element {
            self.gather_xml(body, place, shape, frame)
        } else {
            self.gather_json(body, place, shape, &mut frame)
        };
        let outer = std::mem::replace(&mut self.outer, place.kind);
        let present = self.inside(frame);
        self.outer = outer;

        if place.what != What::Resource && !has_unknown {
            self.content(body, place, frame);
        }
        if shape.required_bits & !present != 0 {
            self.required(body, place, shape, frame);
        }
        self.datatype(body, place, frame);
        self.body_invariants(body, place, frame);

        self.survey_end(place);
        self.fields.truncate(frame.first_field);
        self.slots.truncate(frame.first_slot);
    }

    /// Walks into each field. Gives the positions of the children that are there, as bits; none but of a plain body.
    fn inside(&mut self, frame: Frame) -> u64 {
        let end = self.fields.len();
        if !frame.is_plain {
            for at in frame.first_field..end {
                self.field(at, frame);
            }
            return 0;
        }
        let plan = self.plan;
        let mut present = 0;
        for at in frame.first_field..end {
            let field = self.fields[at];
            let child = &plan.children[field.child as usize];
            let count = if self.is_surely_good(field.child, child, field.node) {
                1
            } else {
                self.member(field.child, child, Some(field.node), None)
            };
            if count > child.max {
                self.too_many(field.node, field.child, child);
            }
            self.fields[at].count = count;
            present |= u64::from(count > 0) << child.position;
        }
        present
    }

    /// Walks into one field of a body with slots.
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
            // Reported where the first of them stands.
            let first = [slot.first, slot.beside].into_iter().find(|at| *at != NONE);
            let node = self.fields[first.map_or(at, |first| first as usize)].node;
            self.too_many(node, field.child, child);
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

    /// Required children are there.
    fn required(&mut self, body: Node<'a>, place: &Place, shape: &ShapePlan<'d>, frame: Frame) {
        for (position, min) in &shape.required {
            let count = self.count_of(*position, frame);
            if count < *min {
                self.missing(body, place, *position, count);
            }
        }
    }

    /// How often the child at this position stands.
    pub(super) fn count_of(&self, position: u32, frame: Frame) -> u32 {
        if !frame.is_plain {
            let slot = self.slots.get(frame.first_slot + position as usize);
            return slot.map_or(0, |slot| slot.count);
        }
        let children = &self.plan.children;
        let mut fields = self.own_fields(frame).iter();
        let found = fields.find(|it| children[it.child as usize].position == position);
        found.map_or(0, |it| it.count)
    }

    pub(super) fn own_fields(&self, frame: Frame) -> &[Field<'a>] {
        self.fields.get(frame.first_field..).unwrap_or_default()
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

    /// Reported when all that are in one array are counted.
    fn too_many(&mut self, node: Node<'a>, number: u32, child: &ChildPlan<'d>) {
        let max = child.max.to_string();
        let step = step(self.plan, number, None);
        self.issue_at(
            &rules::MAX,
            node,
            Some(step),
            &[&max],
            &format!("at most {max}"),
            "more",
        );
    }

    /// The first field of this name; of JSON the one with `_` only where there is no other.
    pub(super) fn field_named(&self, frame: Frame, name: Known) -> Option<Field<'a>> {
        let number = self.plan.known(frame.shape, name)?;
        let own = || {
            self.own_fields(frame)
                .iter()
                .filter(|it| it.child == number)
        };
        let first = own().find(|it| it.role != Role::Beside);
        first.or_else(|| own().next()).copied()
    }

    /// How often the last child of the shape stands.
    pub(super) fn last_count(&self, frame: Frame) -> u32 {
        let shape = self.plan.shapes.get(frame.shape as usize);
        shape.map_or(0, |shape| self.count_of(shape.len.saturating_sub(1), frame))
    }
}
