//! Evaluates the invariants of what is walked, where which children are there does not decide them.
//! Not for compiling them: invariant.rs; nor for what they mean: meanings.rs.

use super::entries::OfEntries;
use super::invariant::{Fields, Present};
use super::key::NONE;
use super::meanings::rule_of;
use super::outcome::BestPractice;
use super::plan::{ChildPlan, Kind, ResourcePlan};
use super::report::Words;
use super::walk::{Field, Frame, Place, Walk, What};
use crate::definitions::{FhirVersion, Severity};
use crate::view::Role;
use plumbline_fhirpath::{Element, Environment, EvalError, Host, Neighbours, Resolved};
use plumbline_tree::{Form, Node, Tree};
use std::borrow::Cow;
use std::cell::OnceCell;

/// What the invariants of one body can ask about: the body itself, its entries looked at when they are needed first.
pub(super) struct Surroundings<'a> {
    tree: &'a Tree,
    neighbours: OnceCell<Neighbours<'a>>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(tree: &'a Tree) -> Self {
        Self {
            tree,
            neighbours: OnceCell::new(),
        }
    }
}

impl<'x, 'a: 'x> Host<'x> for Surroundings<'a> {
    fn resolve(&self, reference: &str, from: Option<Element<'x>>) -> Resolved<'x> {
        let all: &Neighbours<'x> = self.neighbours.get_or_init(|| Neighbours::of(self.tree));
        all.resolve(reference, from)
    }
}

/// The resource that is walked, and the one that contains it, which is itself unless it is contained.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    resource: Element<'a>,
    root: Element<'a>,
}

/// What is known of the children of a body.
#[derive(Clone, Copy)]
struct BodyFields {
    present: Present,
    /// None of a primitive.
    frame: Option<Frame>,
}

/// A body that is asked about.
struct Asked<'w, 'a, 'd> {
    walk: &'w Walk<'a, 'd>,
    fields: BodyFields,
}

impl Fields for Asked<'_, '_, '_> {
    fn present(&self) -> Present {
        self.fields.present
    }

    fn text(&self, position: u32) -> Option<&str> {
        let children = &self.walk.plan.children;
        let is_there = |it: &&Field<'_>| {
            let child = children.get(it.child as usize);
            child.is_some_and(|it| it.position == position)
        };
        let mut found = self
            .walk
            .own_fields(self.fields.frame?)
            .iter()
            .filter(is_there);
        let (only, None) = (found.next()?, found.next()) else {
            return None;
        };
        match only.node.form() {
            Form::String if only.role == Role::Plain => only.node.value_text(),
            Form::Element => only.node.attribute("value")?.value_text(),
            _ => None,
        }
    }
}

/// Why an invariant was not checked, without anything of the body.
fn reason(error: &EvalError) -> Cow<'static, str> {
    Cow::Borrowed(match error {
        EvalError::Unknown { .. } => return Cow::Owned(error.to_string()),
        EvalError::NoClock { .. } => "it asks what time it is, and validation has no clock",
        EvalError::Several { .. } => "it asks for one item where there are several",
        EvalError::Unreadable { .. } => "a value that it reads is none of its type",
        EvalError::Limit { .. } => "it needs too many steps",
        EvalError::WrongType { .. }
        | EvalError::WrongValue { .. }
        | EvalError::UnknownType { .. }
        | EvalError::UnknownElement { .. }
        | EvalError::UnknownVariable { .. }
        | EvalError::Unordered { .. } => "its expression has no result here",
    })
}

impl<'a, 'd> Walk<'a, 'd> {
    /// A resource begins. Gives what was around before.
    pub(super) fn enter_resource(
        &mut self,
        body: Node<'a>,
        of: ResourcePlan<'d>,
        is_contained: bool,
    ) -> Option<Around<'a>> {
        let own = Element::new(None, Some(body), of.type_id);
        let root = match self.around {
            Some(around) if is_contained => around.root,
            _ => own,
        };
        // In STU3 the resource is the outer one, also for what is contained.
        let is_stu3 = self.plan.definitions.version() == FhirVersion::Stu3;
        let resource = if is_stu3 { root } else { own };
        self.around.replace(Around { resource, root })
    }

    /// The invariants of a body whose fields are all known.
    pub(super) fn body_invariants(&mut self, body: Node<'a>, place: &Place, frame: Frame) {
        let (set, of) = match (place.what, self.plan.children.get(place.child as usize)) {
            (What::Resource, _) => {
                let found = self.plan.resource(place.resource);
                let Some(found) = found else { return };
                (found.rules, found.type_id)
            }
            (What::Datatype, Some(child)) => (child.rules, child.type_id),
            _ => return,
        };
        if set == NONE {
            return;
        }
        let fields = BodyFields {
            present: self.present(frame),
            frame: Some(frame),
        };
        if let Some(entry) = self.plan.entry
            && entry.child == place.child
            && place.what == What::Datatype
        {
            let mut entries = std::mem::take(&mut self.entries);
            entries.note(body, entry, &Asked { walk: self, fields });
            self.entries = entries;
        }
        let Some(rules) = self.plan.rules.get(set) else {
            return;
        };
        if rules.is_quiet(fields.present) {
            return;
        }
        let value = match body.form() {
            Form::Element => body.attribute("value"),
            _ => None,
        };
        let element = Element::new(value, Some(body), of);
        self.invariants(set, element, fields, body, &|walk| place.title(walk.plan));
    }

    /// The invariants of a primitive. They are few.
    pub(super) fn primitive_invariants(
        &mut self,
        child: &ChildPlan<'d>,
        value: Option<Node<'a>>,
        body: Option<Node<'a>>,
    ) {
        let value = value.filter(|it| !matches!(it.form(), Form::Object | Form::Array));
        let Some(node) = value.or(body) else { return };
        if child.rules == NONE || !matches!(child.kind, Kind::Primitive(_)) {
            return;
        }
        let element = Element::new(value, body, child.type_id);
        // Nothing is known of its children.
        let present = Present {
            maybe: u64::MAX,
            surely: 0,
        };
        let fields = BodyFields {
            present,
            frame: None,
        };
        let title = |_: &Self| child.child.element().path();
        self.invariants(child.rules, element, fields, node, &title);
    }

    /// Which children there are.
    fn present(&self, frame: Frame) -> Present {
        let mut present = Present::default();
        for field in self.own_fields(frame) {
            let Some(child) = self.plan.children.get(field.child as usize) else {
                continue;
            };
            // More children than bits are never asked for.
            let bit = 1_u64.checked_shl(child.position).unwrap_or(0);
            present.maybe |= bit;
            let is_json = field.node.form() != Form::Element;
            if (is_json || child.kind != Kind::Resource) && is_certain(field) {
                present.surely |= bit;
            }
        }
        present
    }

    fn invariants(
        &mut self,
        set: u32,
        element: Element<'a>,
        fields: BodyFields,
        node: Node<'a>,
        title: &dyn Fn(&Self) -> String,
    ) {
        let plan = self.plan;
        let Some(rules) = plan.rules.get(set) else {
            return;
        };
        for rule in &rules.rules {
            let is_advice = rule.severity == Severity::BestPractice;
            if is_advice && self.options.best_practice == BestPractice::Ignore {
                continue;
            }
            let held = match rule.decide(&Asked { walk: self, fields }) {
                Some(held) => Ok(held),
                None if rule
                    .of_entries
                    .is_some_and(|asked| self.entries_keep(asked, fields)) =>
                {
                    continue;
                }
                None => self.evaluate(&rule.expression, element),
            };
            match held {
                Ok(Some(true)) => {}
                Ok(None) if !rule.is_about_something(fields.present) => {}
                Ok(Some(false) | None) => {
                    self.broken(rule.key, rule.severity, rule.expression.text(), node, title);
                }
                Err(error) => {
                    self.not_checked.insert((rule.key, reason(&error)));
                }
            }
        }
    }

    /// Whether an invariant of a bundle certainly holds.
    fn entries_keep(&mut self, asked: OfEntries, fields: BodyFields) -> bool {
        let (Some(frame), Some(entry)) = (fields.frame, self.plan.entry) else {
            return false;
        };
        let children = &self.plan.children;
        let Some(entry) = children.get(entry.child as usize) else {
            return false;
        };
        let count = self.count_of(entry.position, frame);
        let mut entries = std::mem::take(&mut self.entries);
        let asking = Asked { walk: self, fields };
        let of = self.plan.child(frame.shape, "type");
        let of = of.and_then(|(_, it)| asking.text(it.position));
        let is_kept = entries.keep(asked, count, of);
        self.entries = entries;
        is_kept
    }

    fn evaluate(
        &self,
        expression: &'d plumbline_fhirpath::Expression,
        element: Element<'a>,
    ) -> Result<Option<bool>, EvalError> {
        let (Some(types), Some(around)) = (self.plan.types, self.around) else {
            return Ok(Some(true));
        };
        let environment =
            Environment::new(types, &self.surroundings, around.resource).within(around.root);
        expression.holds(&environment, element)
    }

    fn broken(
        &mut self,
        key: &'static str,
        severity: Severity,
        expression: &'d str,
        node: Node<'a>,
        title: &dyn Fn(&Self) -> String,
    ) {
        let version = self.plan.definitions.version();
        let Some(rule) = rule_of(key, severity, version) else {
            return;
        };
        let title = title(self);
        let (path, plan) = (&self.path, self.plan);
        self.report.add(rule, node.offset(), || Words {
            path: path.text(plan, None),
            message: rule.message(&[&title]),
            expected: expression.to_owned(),
            actual: "it does not hold".to_owned(),
        });
    }
}

/// Whether a field is certainly an element.
fn is_certain(field: &Field<'_>) -> bool {
    match field.node.form() {
        Form::Null => false,
        Form::Array => field.node.items().next().is_some_and(|it| !it.is_null()),
        _ => true,
    }
}
