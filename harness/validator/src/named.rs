//! The children of an element by plain name: places, texts, flags, numbers. Not for judging them.

use crate::place::Place;
use plumbline_fhir::TypeTable;
use plumbline_fhirpath::{ChildName, TypeInfo as _};
use plumbline_tree::{Form, Node};

impl<'a> Place<'a> {
    /// The children of a name; of a choice without its type.
    pub(crate) fn all(&self, types: &TypeTable, name: &str) -> Vec<Self> {
        self.named(types, &ChildName::new(name))
    }

    /// The first child of a name; of a choice without its type.
    pub(crate) fn first(&self, types: &TypeTable, name: &str) -> Option<Self> {
        self.all(types, name).into_iter().next()
    }

    /// The child of a name for an issue about it; the element itself if there is none.
    pub(crate) fn at(&self, types: &TypeTable, name: &str) -> Self {
        self.first(types, name).unwrap_or_else(|| self.clone())
    }

    /// The value of a primitive child that is no choice.
    pub(crate) fn word(&self, name: &str) -> Option<&'a str> {
        word(self.element.body()?, name)
    }

    /// Whether a child is `true`.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.word(name) == Some("true")
    }

    /// A child that is a whole number of at least nought.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.word(name)?.parse().ok()
    }

    /// Its own value.
    pub(crate) fn value(&self) -> Option<&'a str> {
        self.element.value()?.value_text()
    }

    /// The name of its type; empty if that is not known.
    pub(crate) fn type_name(&self, types: &'static TypeTable) -> &'static str {
        self.element.type_id().map_or("", |of| types.name(of))
    }

    /// The value of the first extension of an address.
    pub(crate) fn extension(&self, types: &TypeTable, url: &str) -> Option<Self> {
        let all = self.all(types, "extension");
        let found = all.into_iter().find(|it| it.word("url") == Some(url))?;
        found.first(types, "value")
    }
}

/// The value of a primitive child, in JSON or XML.
pub(crate) fn word<'a>(body: Node<'a>, name: &str) -> Option<&'a str> {
    match body.get(name) {
        Some(child) if child.form() == Form::Element => child.attribute("value")?.value_text(),
        Some(child) => child.value_text(),
        None if body.form() == Form::Element => body.attribute(name)?.value_text(),
        None => None,
    }
}

/// A code as a message may show it: short, and no long number; else `…`.
pub(crate) fn shown(code: &str) -> &str {
    let is_plain = code
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.+/*<>=".contains(&byte));
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    if is_plain && !code.is_empty() && code.len() <= 64 && digits < 6 {
        code
    } else {
        "…"
    }
}
