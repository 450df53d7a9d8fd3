//! The codes of an element, and how they are shown. Not for judging them.

use crate::reference::reading::value;
use plumbline_fhir::TypeTable;
use plumbline_fhirpath::{Element, TypeInfo as _};
use plumbline_terminology::Coding;
use plumbline_tree::{Form, Node};

/// What an element holds.
#[derive(Debug, Clone)]
pub(crate) enum Held<'a> {
    /// A code by itself.
    Code(&'a str),
    /// A coding, or the unit of a quantity. Without a code there is none.
    Coding(Option<Coding<'a>>),
    /// The codings of a concept that have a code.
    Concept(Vec<Coding<'a>>),
}

impl<'a> Held<'a> {
    /// What an element holds by its type; `None` for types without codes, and for a primitive without value.
    pub(crate) fn of(element: Element<'a>, types: &'static TypeTable) -> Option<Self> {
        let of = types.name(element.type_id()?);
        let body = element.body();
        match of {
            "CodeableConcept" => Some(Self::Concept(body.map(codings).unwrap_or_default())),
            "code" | "string" | "uri" | "url" | "canonical" | "id" | "markdown" | "oid" => {
                element.value()?.value_text().map(Self::Code)
            }
            "Coding" | "Quantity" | "SimpleQuantity" | "Age" | "Count" | "Distance"
            | "Duration" | "Money" | "MoneyQuantity" => Some(Self::Coding(body.and_then(coding))),
            _ => None,
        }
    }
}

/// The coding of an object or element that has a code.
pub(crate) fn coding(body: Node<'_>) -> Option<Coding<'_>> {
    let (mut code, mut system, mut version, mut display) = (None, None, None, None);
    for (name, node) in body.members() {
        let place = match name {
            "code" => &mut code,
            "system" => &mut system,
            "version" => &mut version,
            "display" => &mut display,
            _ => continue,
        };
        // Of two of one name the first counts.
        if place.is_none() {
            *place = Some(value(node).unwrap_or_default());
        }
    }
    Some(Coding {
        system: system.filter(|it| !it.is_empty()),
        version: version.filter(|it| !it.is_empty()),
        code: code.filter(|it| !it.is_empty())?,
        display,
    })
}

fn codings(concept: Node<'_>) -> Vec<Coding<'_>> {
    let all = concept.named("coding").flat_map(|node| {
        let single = (node.form() != Form::Array).then_some(node);
        single.into_iter().chain(node.items())
    });
    all.filter_map(coding).collect()
}

/// A code as a message may show it: short, and no long number.
pub(crate) fn shown(code: &str) -> String {
    let is_plain = code
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.+/*<>=".contains(&byte));
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    if is_plain && !code.is_empty() && code.len() <= 32 && digits < 6 {
        format!("the code {code}")
    } else {
        "this code".to_owned()
    }
}
