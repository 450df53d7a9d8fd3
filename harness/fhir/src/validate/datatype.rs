//! What single datatypes ask for beyond their elements: extensions, references, codes, profiles of a resource.
//! Called when all elements of a body are known.

use super::format::address;
use super::path::Step;
use super::plan::{Kind, Known};
use super::rules;
use super::unknown::UNSHOWN;
use super::walk::{Frame, Place, Walk};
use crate::view::{Role, primitive_text};
use plumbline_tree::{Form, Node};

impl<'a> Walk<'a, '_> {
    pub(super) fn datatype(&mut self, body: Node<'a>, place: &Place, frame: Frame) {
        if place.kind == Kind::Other {
            return;
        }
        let plan = self.plan;
        let Some(child) = plan.children.get(place.child as usize) else {
            return;
        };
        let number = place.child;
        match place.kind {
            Kind::Extension => self.extension(body, frame),
            Kind::Reference => self.reference(body, child, frame),
            Kind::Concept => self.bound_concept(body, number, child, frame),
            Kind::Coding => {
                self.system(frame);
                self.bound_coding(body, number, child, frame);
            }
            Kind::Identifier => self.system(frame),
            Kind::Meta => self.profiles(body),
            Kind::Attachment => self.attachment(frame),
            Kind::Unit => self.bound_unit(body, number, child, frame),
            Kind::Primitive(_) | Kind::Resource | Kind::Other => {}
        }
    }

    /// The node and the text of the child of this name that stands once.
    pub(super) fn text_of(&self, frame: Frame, name: Known) -> Option<(Node<'a>, &'a str)> {
        let field = self
            .field_named(frame, name)
            .filter(|field| field.role != Role::Beside)?;
        let node = match field.node.form() {
            Form::Element => field.node.attribute("value")?,
            _ => field.node,
        };
        Some((node, primitive_text(node)?))
    }

    fn extension(&mut self, body: Node<'a>, frame: Frame) {
        if self.outer != Kind::Extension
            && let Some((node, url)) = self.text_of(frame, Known::Url)
            && !url.is_empty()
            && !address::is_absolute(url)
        {
            let expected = "an absolute address";
            let actual = "a relative one";
            let at = Some(Step::plain("url"));
            self.issue_at(&rules::EXTENSION_URL, node, at, &[], expected, actual);
        }
        let has_inner = self.field_named(frame, Known::Extension).is_some();
        // The one choice of an extension is its value, and the last of its children.
        let has_value = self.last_count(frame) > 0;
        let actual = match (has_value, has_inner) {
            (true, true) => "both a value and extensions",
            (false, false) => "neither a value nor extensions",
            (true, false) | (false, true) => return,
        };
        let expected = "a value or extensions";
        self.issue(&rules::EXTENSION_CONTENT, body, &[actual], expected, actual);
    }

    /// The system of a code or an identifier says what it is everywhere.
    fn system(&mut self, frame: Frame) {
        if let Some((node, system)) = self.text_of(frame, Known::System)
            && !system.is_empty()
            && !address::is_absolute(system)
        {
            let expected = "an absolute address";
            let actual = "a relative one";
            let at = Some(Step::plain("system"));
            self.issue_at(&rules::SYSTEM, node, at, &[], expected, actual);
        }
    }

    fn profiles(&mut self, meta: Node<'a>) {
        for node in meta.named("profile") {
            let single = match node.form() {
                Form::Array => None,
                Form::Element => node.attribute("value"),
                _ => Some(node),
            };
            for node in single.into_iter().chain(node.items()) {
                let profile = primitive_text(node).filter(|text| !text.is_empty());
                self.profiles.extend(profile.map(shown_profile));
            }
        }
    }
}

/// The claim of a profile as it may be shown: an address, or what is short, plain and no long number.
fn shown_profile(text: &str) -> &str {
    let is_address = address::is_absolute(text) && address::canonical(text).is_ok();
    let numbers = text.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_address || is_plain && text.len() <= 64 && numbers < 6 {
        text
    } else {
        UNSHOWN
    }
}
