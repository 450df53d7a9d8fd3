//! The children of a type or an element, by name and in order. Not for what one child is: element.rs.

use super::child::Child;
use super::element::Element;
use super::facts::Definitions;
use super::rows::{NameRow, ShapeRow};
use super::type_use::TypeUse;
use std::fmt;

/// All children that a type or an element can have, inherited ones first: the order of XML.
#[derive(Clone, Copy)]
pub struct Shape<'d> {
    definitions: &'d Definitions,
    row: ShapeRow,
}

impl PartialEq for Shape<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.definitions, other.definitions) && self.row == other.row
    }
}

impl Eq for Shape<'_> {}

impl fmt::Debug for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.children().map(Element::name))
            .finish()
    }
}

impl<'d> Shape<'d> {
    pub(super) fn new(definitions: &'d Definitions, row: ShapeRow) -> Self {
        Self { definitions, row }
    }

    /// How many children there are.
    pub fn len(self) -> usize {
        self.row.children.range().len()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The children in order.
    pub fn children(self) -> impl ExactSizeIterator<Item = Element<'d>> {
        let definitions = self.definitions;
        let ids = &definitions.tables().children[self.row.children.range()];
        ids.iter().map(move |id| Element::new(definitions, *id))
    }

    /// The child with this name in JSON or XML, without the `_` of JSON: `gender`, `deceasedBoolean`.
    /// `None` also for a choice with a type that it may not have: [`Shape::choice_for`] says which choice was meant.
    pub fn child(self, name: &str) -> Option<Child<'d>> {
        let named = &self.definitions.tables().by_name[self.row.named.range()];
        if let Ok(at) = named.binary_search_by(|row| row.cmp_name(name)) {
            return Some(self.of(&named[at], None));
        }
        self.choices().iter().find_map(|row| {
            let stem = row.name.strip_suffix("[x]").unwrap_or(row.name);
            let rest = name.strip_prefix(stem)?;
            let mut types = Element::new(self.definitions, row.element).types();
            let chosen = types.find(|it| is_capitalised(rest, it.of().name()))?;
            Some(self.of(row, Some(chosen)))
        })
    }

    /// The choice that a name which is no child begins with: `deceased[x]` for `deceasedString`.
    pub fn choice_for(self, name: &str) -> Option<Element<'d>> {
        let begins = |element: &Element<'_>| {
            let rest = name.strip_prefix(element.stem());
            rest.is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_uppercase())
            })
        };
        let choices = self.choices().iter();
        choices
            .map(|row| Element::new(self.definitions, row.element))
            .find(begins)
    }

    fn choices(self) -> &'d [NameRow] {
        &self.definitions.tables().by_name[self.row.choices.range()]
    }

    fn of(self, row: &NameRow, chosen: Option<TypeUse<'d>>) -> Child<'d> {
        let element = Element::new(self.definitions, row.element);
        Child::new(element, row.position as usize, chosen)
    }

    /// The element at a path below this shape; see [`Definitions::element_at`].
    pub(super) fn find(self, path: &str) -> Option<Child<'d>> {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let child = if name.ends_with("[x]") {
            let row = self.choices().iter().find(|row| row.name == name)?;
            self.of(row, None)
        } else {
            self.child(name)?
        };
        let Some(rest) = rest else {
            return Some(child);
        };
        if let Some(shape) = child.shape() {
            return shape.find(rest);
        }
        let mut types = child.element().types();
        types.find_map(|it| it.of().shape().find(rest))
    }
}

/// Whether the text is the name of the type with a capital letter.
fn is_capitalised(text: &str, type_name: &str) -> bool {
    let (text, name) = (text.as_bytes(), type_name.as_bytes());
    match (text.split_first(), name.split_first()) {
        (Some((first, rest)), Some((wanted, name_rest))) => {
            *first == wanted.to_ascii_uppercase() && rest == name_rest
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_ends_with_the_capitalised_name_of_its_type() {
        assert!(is_capitalised("DateTime", "dateTime"));
        assert!(is_capitalised("CodeableConcept", "CodeableConcept"));
        assert!(!is_capitalised("dateTime", "dateTime"));
        assert!(!is_capitalised("Date", "dateTime"));
        assert!(!is_capitalised("", "dateTime"));
    }
}
