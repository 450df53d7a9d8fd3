//! Finds the element of each part of a body: members of JSON, attributes and child elements of XML.
//! Not what the parts hold: walk.rs goes into them when all are known.

use super::key::NONE;
use super::path::{Step, step};
use super::plan::{ChildPlan, MOST_PLAIN, ShapePlan};
use super::rules;
use super::unknown;
use super::walk::{Field, Frame, Place, Slot, Walk, What};
use super::xml::Attribute;
use crate::definitions::Element;
use crate::view::{Part, Role};
use plumbline_tree::{Form, Node};

/// The name of the member that says the type of a resource.
const TYPE: &str = "resourceType";

impl<'a, 'd> Walk<'a, 'd> {
    /// Finds the element of each member. Says whether some had none.
    ///
    /// Nearly every body is plain: each member is an element, none stands twice, none begins with `_`. Then the
    /// fields say all there is to say. From the first member on that is otherwise, slots tell what belongs together.
    pub(super) fn gather_json(
        &mut self,
        body: Node<'a>,
        place: &Place,
        shape: &ShapePlan<'d>,
        frame: &mut Frame,
    ) -> bool {
        let plan = self.plan;
        let mut has_type = place.what != What::Resource;
        let mut seen: u64 = 0;
        let mut members = body.members();
        frame.is_plain = shape.len <= MOST_PLAIN;
        let mut odd = None;
        while frame.is_plain {
            let Some((name, node)) = members.next() else {
                return false;
            };
            match plan.child(place.shape, name) {
                Some((child, found)) if seen & (1 << found.position) == 0 => {
                    seen |= 1 << found.position;
                    self.fields.push(Field::new(child, Role::Plain, node));
                }
                None if !has_type && name == TYPE => has_type = true,
                Some(_) | None => {
                    odd = Some((name, node));
                    frame.is_plain = false;
                }
            }
        }
        self.open_slots(shape, *frame);
        let has_type = has_type && place.what == What::Resource;
        self.gather_members(odd.into_iter().chain(members), place, has_type, *frame)
    }

    /// Makes the slots of a body, with the fields that are known already: one for each child at most.
    fn open_slots(&mut self, shape: &ShapePlan<'d>, frame: Frame) {
        let end = frame.first_slot + shape.len as usize;
        self.slots.resize(end, Slot::EMPTY);
        let known = self.fields.iter().enumerate().skip(frame.first_field);
        for (at, field) in known {
            let position = self.plan.children[field.child as usize].position;
            self.slots[frame.first_slot + position as usize].first =
                u32::try_from(at).unwrap_or(NONE);
        }
    }

    fn gather_members(
        &mut self,
        members: impl Iterator<Item = (&'a str, Node<'a>)>,
        place: &Place,
        mut has_type: bool,
        frame: Frame,
    ) -> bool {
        let plan = self.plan;
        let mut has_unknown = false;
        for (name, node) in members {
            let (name, role) = match name.strip_prefix('_') {
                Some(name) => (name, Role::Beside),
                None => (name, Role::Plain),
            };
            if let Some((child, found)) = plan.child(place.shape, name) {
                self.enter(Field::new(child, role, node), found, frame);
                continue;
            }
            let part = Part { name, role, node };
            if place.what == What::Resource && role == Role::Plain && name == TYPE {
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
    pub(super) fn gather_xml(
        &mut self,
        body: Node<'a>,
        place: &Place,
        shape: &ShapePlan<'d>,
        frame: Frame,
    ) -> bool {
        let plan = self.plan;
        self.open_slots(shape, frame);
        let mut has_unknown = false;
        // The child that comes last in the order of the specification.
        let mut latest: Option<u32> = None;
        let mut has_text = false;
        // Each part once: a bundle has very many, and each is far from the next.
        for node in body.attributes().chain(body.content()) {
            let role = match node.form() {
                Form::Attribute => Role::Attribute,
                Form::Text => {
                    if !std::mem::replace(&mut has_text, true) {
                        let title = place.title(plan);
                        self.issue(&rules::XML_TEXT, node, &[&title], "elements only", "text");
                    }
                    continue;
                }
                _ => Role::Plain,
            };
            let part = Part {
                name: node.name().unwrap_or_default(),
                role,
                node,
            };
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
            let field = Field::new(child, part.role, part.node);
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
}
