//! References: their form, and the type of what they name. Not whether the other resource exists, unless it is contained.

use super::format::address::{NO_UUID, is_absolute, uri};
use super::format::{Fault, bytes, text};
use super::path::Step;
use super::plan::{ChildPlan, Known, Plan};
use super::rules;
use super::walk::{Frame, Walk};
use crate::definitions::Type;
use plumbline_tree::Node;

/// What a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target<'a> {
    /// A contained resource, or the container if empty.
    Contained(&'a str),
    /// A resource of a type.
    Typed(&'a str),
    /// A search by a type, which a server resolves.
    Search(&'a str),
    /// `urn:uuid:` without a UUID.
    NoUuid,
    /// Something that has no type in its name.
    Other,
}

fn target<'a>(reference: &'a str, plan: &Plan<'_>) -> Result<Target<'a>, Fault> {
    // What nearly every reference is.
    if let Some(slash) = bytes::find(reference.as_bytes(), [b'/'])
        && let (Some(name), Some(id)) = (reference.get(..slash), reference.get(slash + 1..))
        && !id.is_empty()
        && text::id(id).is_ok()
        && plan.resource(name).is_some()
    {
        return Ok(Target::Typed(name));
    }
    if let Some(id) = reference.strip_prefix('#') {
        return Ok(Target::Contained(id));
    }
    match uri(reference) {
        // A reference is a string, and no more than a fullUrl can be looked for.
        Err(NO_UUID) => return Ok(Target::NoUuid),
        judged => judged?,
    }
    let address = reference.split('#').next().unwrap_or_default();
    if is_absolute(reference) {
        // Only an address of a RESTful server says a type; any other is nothing but an address.
        let is_http = ["http://", "https://"]
            .iter()
            .any(|scheme| address.starts_with(scheme));
        let typed = typed(address, plan).filter(|_| is_http);
        return Ok(typed.map_or(Target::Other, Target::Typed));
    }
    if let Some((name, _)) = address.split_once('?') {
        return match plan.resource(name) {
            Some(_) => Ok(Target::Search(name)),
            None => Err("it is a search without a known type of resource"),
        };
    }
    match typed(address, plan) {
        Some(name) if is_alone(address) => Ok(Target::Typed(name)),
        _ => Err("it is neither Type/id with a known type and an id, nor absolute"),
    }
}

/// The type in an address that ends with `Type/id` or `Type/id/_history/version`.
fn typed<'a>(address: &'a str, plan: &Plan<'_>) -> Option<&'a str> {
    let mut parts = address.rsplit('/');
    let mut id = parts.next()?;
    let mut name = parts.next()?;
    if name == "_history" {
        text::id(id).ok().filter(|()| !id.is_empty())?;
        id = parts.next()?;
        name = parts.next()?;
    }
    text::id(id).ok().filter(|()| !id.is_empty())?;
    plan.resource(name).map(|_| name)
}

/// Whether an address has nothing before `Type/id`.
fn is_alone(address: &str) -> bool {
    match address.matches('/').count() {
        1 => true,
        3 => address.contains("/_history/"),
        _ => false,
    }
}

impl<'a, 'd> Walk<'a, 'd> {
    pub(super) fn reference(&mut self, body: Node<'a>, child: &ChildPlan<'d>, frame: Frame) {
        let kind = self.text_of(frame, Known::Type);
        let reference = self.text_of(frame, Known::Reference);
        let reference = reference.filter(|(_, text)| !text.is_empty());
        let Some((node, reference)) = reference else {
            return self.target_kind(kind, child);
        };
        match target(reference, self.plan) {
            Err(fault) => self.malformed_reference(node, fault),
            Ok(Target::Search(_)) if !self.scope.allows_search => {
                let fault = "it is a search, which only a transaction may hold";
                self.malformed_reference(node, fault);
            }
            Ok(Target::Contained(id)) => self.contained_reference(node, id, child),
            Ok(Target::Typed(name) | Target::Search(name)) => {
                let kind = kind.map(|(_, kind)| kind);
                let kind = kind.filter(|kind| self.plan.resource(kind).is_some());
                if let Some(kind) = kind.filter(|kind| *kind != name) {
                    let rule = &rules::REFERENCE_TYPE;
                    self.issue(rule, body, &[kind, name], name, kind);
                }
                self.target_type(node, name, child);
            }
            Ok(Target::NoUuid) => {
                let (rule, at) = (&rules::REFERENCE_URN_FORM, Some(Step::plain("reference")));
                let expected = "urn:uuid: and a UUID";
                self.issue_at(rule, node, at, &[], expected, "something else after it");
                self.target_kind(kind, child);
            }
            Ok(Target::Other) => self.target_kind(kind, child),
        }
    }

    fn malformed_reference(&mut self, node: Node<'a>, fault: Fault) {
        let expected = "Type/id, an absolute address, or # and an id";
        let actual = fault.strip_prefix("it is ").unwrap_or(fault);
        let at = Some(Step::plain("reference"));
        self.issue_at(&rules::REFERENCE_FORM, node, at, &[fault], expected, actual);
    }

    fn contained_reference(&mut self, node: Node<'a>, id: &str, child: &ChildPlan<'d>) {
        match self.scope.refer(id) {
            Some(held) => {
                if let Some(name) = held.of {
                    self.target_type(node, name, child);
                }
            }
            // # alone is the container.
            None if id.is_empty() => {}
            None => {
                let at = Some(Step::plain("reference"));
                let expected = "the id of a contained resource";
                let actual = "an id that none has";
                self.issue_at(&rules::CONTAINED_MISSING, node, at, &[], expected, actual);
            }
        }
    }

    /// The type that a reference says it points to.
    fn target_kind(&mut self, kind: Option<(Node<'a>, &str)>, child: &ChildPlan<'d>) {
        if let Some((node, kind)) = kind {
            self.target_type(node, kind, child);
        }
    }

    /// Whether the element allows a reference to a resource of this type.
    fn target_type(&mut self, node: Node<'a>, name: &str, child: &ChildPlan<'d>) {
        let Some(type_use) = child.child.type_use() else {
            return;
        };
        let Some(wanted) = self.plan.resource(name).map(|it| it.of) else {
            return;
        };
        let mut targets = type_use.targets();
        let is_allowed = targets.len() == 0
            || targets.any(|it| it == wanted || it.is_abstract() && wanted.is_a(it.name()));
        if is_allowed {
            return;
        }
        let targets: Vec<&str> = type_use.targets().map(Type::name).collect();
        let expected = targets.join(" or ");
        let words = [name, child.stem];
        self.issue(&rules::REFERENCE_TARGET, node, &words, &expected, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::FhirVersion;

    #[test]
    fn a_reference_says_what_it_names() {
        let r4 = Plan::embedded(FhirVersion::R4);
        for (reference, wanted) in [
            ("Patient/1", Target::Typed("Patient")),
            ("Patient/1/_history/2", Target::Typed("Patient")),
            (
                "https://x.example/fhir/Patient/a.b-c",
                Target::Typed("Patient"),
            ),
            (
                "http://x.example/Patient/1/_history/2",
                Target::Typed("Patient"),
            ),
            ("http://x.example/Thing/1", Target::Other),
            ("http://x.example", Target::Other),
            (
                "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7",
                Target::Other,
            ),
            ("urn:oid:1.2.3", Target::Other),
            ("urn:uuid:1", Target::NoUuid),
            ("#a", Target::Contained("a")),
            ("#", Target::Contained("")),
            ("Patient?identifier=a|b", Target::Search("Patient")),
        ] {
            assert_eq!(target(reference, r4), Ok(wanted), "{reference}");
        }
        for reference in [
            "Patient",
            "Patient/",
            "/Patient/1",
            "patient/1",
            "Thing/1",
            "a/Patient/1",
            "Patient/1/2",
            "Patient/a_b",
            "Patient/1/_history/",
            "Patient/1/history/2",
            "Patient /1",
            "urn:oid:x",
            "Thing?a=b",
            "1234",
        ] {
            assert!(target(reference, r4).is_err(), "{reference}");
        }
    }
}
