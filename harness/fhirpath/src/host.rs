//! What the engine asks of whoever evaluates: other resources, profiles, value sets. Not for types: types.rs.

use crate::collection::Collection;
use crate::element::Element;
use plumbline_tree::Form;

/// An answer that may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// It cannot be known here, which is neither.
    Unknown,
    /// The question makes no sense: there is no such profile.
    Wrong,
}

/// Where a reference leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved<'a> {
    /// To this resource.
    To(Element<'a>),
    /// To nothing, and that is certain: a contained resource that is not there.
    Nowhere,
    /// It cannot be known here.
    Unknown,
}

/// Who can be asked. Each question has "cannot be known" as its answer unless it is implemented.
pub trait Host<'a> {
    /// The resource that a reference or address leads to. `from` is the resource that holds it; if that is contained in
    /// another, the other.
    fn resolve(&self, reference: &str, from: Option<Element<'a>>) -> Resolved<'a> {
        let _ = (reference, from);
        Resolved::Unknown
    }

    /// Whether an element (a code, a Coding, a `CodeableConcept`) is in a value set.
    fn member_of(&self, coded: Element<'a>, value_set: &str) -> Answer {
        let _ = (coded, value_set);
        Answer::Unknown
    }

    /// Whether a code includes another.
    fn subsumes(&self, broader: Element<'a>, narrower: Element<'a>) -> Answer {
        let _ = (broader, narrower);
        Answer::Unknown
    }

    /// Whether an element conforms to a profile.
    fn conforms_to(&self, element: Element<'a>, profile: &str) -> Answer {
        let _ = (element, profile);
        Answer::Unknown
    }

    /// Whether narrative keeps to the rules for it.
    fn html_checks(&self, narrative: Element<'a>) -> Answer {
        let _ = narrative;
        Answer::Unknown
    }

    /// Sees what `trace()` is given.
    fn trace(&self, name: &str, values: &Collection<'a>) {
        let _ = (name, values);
    }
}

/// Knows nothing but what the resource itself holds: the resources that it contains.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl<'a> Host<'a> for Alone {
    fn resolve(&self, reference: &str, from: Option<Element<'a>>) -> Resolved<'a> {
        let (Some(id), Some(from)) = (reference.strip_prefix('#'), from) else {
            return Resolved::Unknown;
        };
        if id.is_empty() {
            return Resolved::To(from);
        }
        match contained(from, id) {
            Some(found) => Resolved::To(found),
            None => Resolved::Nowhere,
        }
    }
}

/// The contained resource of an id, without its type.
fn contained<'a>(from: Element<'a>, id: &str) -> Option<Element<'a>> {
    let body = from.body()?;
    for node in body.named("contained") {
        let of_xml = (node.form() == Form::Element).then(|| node.members());
        let of_xml = of_xml.into_iter().flatten().map(|(_, inside)| inside);
        for candidate in node.items().chain(of_xml) {
            let element = Element::new(None, Some(candidate), None);
            if element.child_text("id") == Some(id) {
                return Some(element);
            }
        }
    }
    None
}
