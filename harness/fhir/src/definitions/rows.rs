//! The tables that the facts are kept in: rows point to each other by number. Not for handing out.

use super::element::{Severity, Strength};
use super::types::TypeKind;
use super::value_set::Form;
use plumbline_tree::by_length;
use std::cmp::Ordering;
use std::ops::Range;

/// The number of a row.
pub(super) type Id = u32;

/// Neighbouring rows of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    start: Id,
    end: Id,
}

/// The number of the next row of a table.
pub(super) fn next_id<T>(table: &[T]) -> Id {
    // The texts are far below 4 GiB, and a row takes at least a byte of them.
    Id::try_from(table.len()).unwrap_or(Id::MAX)
}

impl Span {
    /// The rows from this one to the end of the table.
    pub(super) fn since<T>(start: Id, table: &[T]) -> Self {
        Self {
            start,
            end: next_id(table),
        }
    }

    /// The number of its first row.
    pub(super) fn first(self) -> Id {
        self.start
    }

    /// For slices.
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What an element stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Directly below a type.
    Type(Id),
    /// Below another element.
    Element(Id),
}

/// A type.
#[derive(Debug)]
pub(super) struct TypeRow {
    pub(super) name: &'static str,
    pub(super) kind: TypeKind,
    pub(super) is_abstract: bool,
    pub(super) base: Option<Id>,
    pub(super) pattern: Option<&'static str>,
    pub(super) bindings: Span,
    pub(super) invariants: Span,
    /// Rows of `own`.
    pub(super) own: Span,
    pub(super) shape: ShapeRow,
    /// Where it is written.
    pub(super) line: Line,
}

/// Whose children an element has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Those of its type.
    OfType,
    /// Its own, after those of its type.
    Inline(ShapeRow),
    /// Those of another element.
    Of(Id),
}

/// An element.
#[derive(Debug)]
pub(super) struct ElementRow {
    /// With `[x]` where it is a choice.
    pub(super) name: &'static str,
    pub(super) owner: Owner,
    pub(super) min: u32,
    /// `None` is without limit.
    pub(super) max: Option<u32>,
    pub(super) is_modifier: bool,
    pub(super) is_attribute: bool,
    pub(super) types: Span,
    pub(super) bindings: Span,
    pub(super) invariants: Span,
    /// Rows of `own`.
    pub(super) own: Span,
    pub(super) content: Content,
    /// The path of the element whose children it has.
    pub(super) reference: Option<&'static str>,
    /// Where it is written.
    pub(super) line: Line,
}

/// One type that an element may have.
#[derive(Debug)]
pub(super) struct TypeUseRow {
    pub(super) type_id: Id,
    pub(super) profile: Option<Id>,
    /// Rows of `targets`.
    pub(super) targets: Span,
}

/// All children of a type or an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ShapeRow {
    /// Rows of `children`, in order.
    pub(super) children: Span,
    /// Rows of `by_name`: those that are no choice, in the order of [`NameRow::cmp_name`].
    pub(super) named: Span,
    /// Rows of `by_name`: those that are a choice.
    pub(super) choices: Span,
}

/// A child of a shape, for looking up by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameRow {
    pub(super) name: &'static str,
    pub(super) element: Id,
    /// In the children of the shape.
    pub(super) position: u32,
}

impl NameRow {
    /// By length, then by byte: lengths differ more often and are sooner compared.
    pub(super) fn cmp_name(&self, name: &str) -> Ordering {
        by_length(self.name).cmp(&by_length(name))
    }
}

/// An invariant.
#[derive(Debug)]
pub(super) struct InvariantRow {
    pub(super) key: &'static str,
    pub(super) severity: Severity,
    pub(super) expression: &'static str,
}

/// A binding.
#[derive(Debug)]
pub(super) struct BindingRow {
    pub(super) strength: Strength,
    pub(super) set: Id,
}

/// A value set.
#[derive(Debug)]
pub(super) struct SetRow {
    pub(super) url: &'static str,
    pub(super) version: Option<&'static str>,
    pub(super) codes: SetCodes,
}

/// The codes of a value set, or why there are none.
#[derive(Debug)]
pub(super) enum SetCodes {
    /// Rows of `systems`.
    Closed(Span),
    /// Its codes are not listed.
    Open { form: Form, reason: &'static str },
}

/// The codes of one code system in one value set.
#[derive(Debug)]
pub(super) struct SystemRow {
    pub(super) url: &'static str,
    pub(super) version: Option<&'static str>,
    pub(super) ignores_case: bool,
    /// Rows of `codes`, sorted.
    pub(super) codes: Span,
}

/// A place in one of the texts: file by number, line from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) file: usize,
    pub(super) number: usize,
}

/// Every table.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) types: Vec<TypeRow>,
    /// Names and numbers of types, by name.
    /// In the order of [`by_length`].
    pub(super) type_names: Vec<(&'static str, Id)>,
    pub(super) elements: Vec<ElementRow>,
    pub(super) type_uses: Vec<TypeUseRow>,
    pub(super) targets: Vec<Id>,
    pub(super) invariants: Vec<InvariantRow>,
    pub(super) bindings: Vec<BindingRow>,
    /// Own children of types and elements.
    pub(super) own: Vec<Id>,
    /// All children of shapes, in order.
    pub(super) children: Vec<Id>,
    /// The children of shapes for looking up.
    pub(super) by_name: Vec<NameRow>,
    pub(super) sets: Vec<SetRow>,
    pub(super) systems: Vec<SystemRow>,
    pub(super) codes: Vec<&'static str>,
}

impl Tables {
    /// The number of a type.
    pub(super) fn type_id(&self, name: &str) -> Option<Id> {
        let found = self
            .type_names
            .binary_search_by_key(&by_length(name), |(known, _)| by_length(known));
        found.ok().map(|at| self.type_names[at].1)
    }

    pub(super) fn type_row(&self, id: Id) -> &TypeRow {
        &self.types[id as usize]
    }

    pub(super) fn element(&self, id: Id) -> &ElementRow {
        &self.elements[id as usize]
    }

    /// Bytes of memory, without the texts.
    pub(super) fn bytes(&self) -> usize {
        fn of<T>(table: &Vec<T>) -> usize {
            table.capacity() * size_of::<T>()
        }
        of(&self.types)
            + of(&self.type_names)
            + of(&self.elements)
            + of(&self.type_uses)
            + of(&self.targets)
            + of(&self.invariants)
            + of(&self.bindings)
            + of(&self.own)
            + of(&self.children)
            + of(&self.by_name)
            + of(&self.sets)
            + of(&self.systems)
            + of(&self.codes)
    }
}
