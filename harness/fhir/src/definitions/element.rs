//! An element: how often, of which types, bound to what. Not for finding it: shape.rs.

use super::facts::Definitions;
use super::rows::{Content, ElementRow, Id, Owner, Span};
use super::shape::Shape;
use super::type_use::TypeUse;
use super::value_set::ValueSet;
use std::fmt;

/// How far a binding binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// The code is one of the set.
    Required,
    /// The code is one of the set, if one of them fits.
    Extensible,
    /// The code is one of this set, whatever the weaker set is that the specification prefers
    /// (its extension `maxValueSet`).
    Greatest,
}

/// A binding to a value set. Those of strength preferred and example are not kept.
#[derive(Debug, Clone, Copy)]
pub struct Binding<'d> {
    /// How far it binds.
    pub strength: Strength,
    /// To what; it may be open.
    pub value_set: ValueSet<'d>,
}

/// How grave a broken invariant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The resource is invalid.
    Error,
    /// It should hold.
    Warning,
    /// A warning that the specification marks as best practice.
    BestPractice,
}

/// A rule in `FHIRPath`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invariant {
    /// Such as `dom-2`.
    pub key: &'static str,
    /// How grave.
    pub severity: Severity,
    /// In `FHIRPath`, as the specification writes it.
    pub expression: &'static str,
}

impl Severity {
    pub(crate) const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::BestPractice];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::BestPractice => "best-practice",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

pub(super) fn bindings(definitions: &Definitions, span: Span) -> impl Iterator<Item = Binding<'_>> {
    let tables = definitions.tables();
    tables.bindings[span.range()]
        .iter()
        .map(move |row| Binding {
            strength: row.strength,
            value_set: ValueSet::new(definitions, &tables.sets[row.set as usize]),
        })
}

pub(super) fn invariants(definitions: &Definitions, span: Span) -> impl Iterator<Item = Invariant> {
    let rows = &definitions.tables().invariants[span.range()];
    rows.iter().map(|row| Invariant {
        key: row.key,
        severity: row.severity,
        expression: row.expression,
    })
}

/// An element of a type.
#[derive(Clone, Copy)]
pub struct Element<'d> {
    definitions: &'d Definitions,
    id: Id,
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.definitions, other.definitions) && self.id == other.id
    }
}

impl Eq for Element<'_> {}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Element({})", self.path())
    }
}

impl<'d> Element<'d> {
    pub(super) fn new(definitions: &'d Definitions, id: Id) -> Self {
        Self { definitions, id }
    }

    fn row(self) -> &'d ElementRow {
        self.definitions.tables().element(self.id)
    }

    /// A number that no other element of this version has; below 65,536 and dense, for tables on the side.
    pub fn number(self) -> usize {
        self.id as usize
    }

    /// As the specification writes it: `gender`, `deceased[x]`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The name without `[x]`.
    pub fn stem(self) -> &'static str {
        self.name().strip_suffix("[x]").unwrap_or(self.name())
    }

    /// Whether its name in an instance ends with its type.
    pub fn is_choice(self) -> bool {
        self.name().ends_with("[x]")
    }

    /// How often it stands in what it belongs to, at least.
    pub fn min(self) -> u32 {
        self.row().min
    }

    /// And at most; `None` is without limit.
    pub fn max(self) -> Option<u32> {
        self.row().max
    }

    /// Whether it can stand more than once, which makes it an array in JSON.
    pub fn is_repeating(self) -> bool {
        self.max() != Some(1)
    }

    /// Whether it can change the meaning of what is around it.
    pub fn is_modifier(self) -> bool {
        self.row().is_modifier
    }

    /// Whether it is an attribute in XML: `id` of elements and `url` of extensions.
    pub fn is_attribute(self) -> bool {
        self.row().is_attribute
    }

    /// Where it is defined, such as `Patient.contact.name`; an inherited element is `DomainResource.text`.
    pub fn path(self) -> String {
        let mut path = match self.row().owner {
            Owner::Type(id) => self.definitions.tables().type_row(id).name.to_owned(),
            Owner::Element(id) => Self::new(self.definitions, id).path(),
        };
        path.push('.');
        path.push_str(self.name());
        path
    }

    /// The types that it may have; more than one only for a choice.
    /// One whose content is that of another element has the type of that one.
    pub fn types(self) -> impl ExactSizeIterator<Item = TypeUse<'d>> {
        let definitions = self.definitions;
        let row = match self.content_reference() {
            Some(other) => other.row(),
            None => self.row(),
        };
        let rows = &definitions.tables().type_uses[row.types.range()];
        rows.iter().map(move |row| TypeUse::new(definitions, row))
    }

    /// The type of an element that is no choice. A choice has one in an instance only: [`super::Child::type_use`].
    pub fn sole_type(self) -> Option<TypeUse<'d>> {
        if self.is_choice() {
            return None;
        }
        self.types().next()
    }

    /// The element whose children this one has: `Bundle.link` for `Bundle.entry.link`.
    pub fn content_reference(self) -> Option<Element<'d>> {
        match self.row().content {
            Content::Of(id) => Some(Self::new(self.definitions, id)),
            Content::OfType | Content::Inline(_) => None,
        }
    }

    /// Its children, where the element itself or the one that it refers to defines them; else its type does.
    pub fn inline_shape(self) -> Option<Shape<'d>> {
        match self.row().content {
            Content::Inline(shape) => Some(Shape::new(self.definitions, shape)),
            Content::Of(id) => Self::new(self.definitions, id).inline_shape(),
            Content::OfType => None,
        }
    }

    /// Bindings: at most one that is required or extensible, and one that is greatest.
    pub fn bindings(self) -> impl Iterator<Item = Binding<'d>> {
        bindings(self.definitions, self.row().bindings)
    }

    /// Its invariants, without those of its types; for content of another element, those of that one too,
    /// unless it has the same under another key.
    pub fn invariants(self) -> impl Iterator<Item = Invariant> {
        let definitions = self.definitions;
        let own = self.row().invariants;
        let is_own = move |it: &Invariant| {
            invariants(definitions, own).any(|known| known.expression == it.expression)
        };
        let referred = self.content_reference().map(|it| it.row().invariants);
        let referred = referred
            .into_iter()
            .flat_map(move |span| invariants(definitions, span));
        invariants(definitions, own).chain(referred.filter(move |it| !is_own(it)))
    }
}
