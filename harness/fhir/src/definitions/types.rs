//! A type: primitive, datatype or resource. Not for its elements: shape.rs.

use super::element::{Binding, Invariant, bindings, invariants};
use super::facts::Definitions;
use super::rows::{Id, TypeRow};
use super::shape::Shape;
use std::fmt;

/// What a type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeKind {
    /// Has a value and no children but `id` and `extension`.
    Primitive,
    /// Has children.
    Datatype,
    /// A datatype that is narrower than its base and is not named in JSON or XML, such as `SimpleQuantity`.
    Profile,
    /// What can stand alone.
    Resource,
}

/// A type of one version of FHIR.
#[derive(Clone, Copy)]
pub struct Type<'d> {
    definitions: &'d Definitions,
    id: Id,
}

impl PartialEq for Type<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.definitions, other.definitions) && self.id == other.id
    }
}

impl Eq for Type<'_> {}

impl fmt::Debug for Type<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Type({})", self.name())
    }
}

impl<'d> Type<'d> {
    pub(super) fn new(definitions: &'d Definitions, id: Id) -> Self {
        Self { definitions, id }
    }

    fn row(self) -> &'d TypeRow {
        self.definitions.tables().type_row(self.id)
    }

    /// Its name, such as `Patient` or `code`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What it is.
    pub fn kind(self) -> TypeKind {
        self.row().kind
    }

    /// Whether it is a primitive.
    pub fn is_primitive(self) -> bool {
        self.kind() == TypeKind::Primitive
    }

    /// Whether it is a resource, also an abstract one.
    pub fn is_resource(self) -> bool {
        self.kind() == TypeKind::Resource
    }

    /// Whether no instance has this type itself: `Element`, `BackboneElement`, `Resource`, `DomainResource`.
    pub fn is_abstract(self) -> bool {
        self.row().is_abstract
    }

    /// What it derives from; none for `Element` and `Resource`.
    pub fn base(self) -> Option<Type<'d>> {
        let base = self.row().base?;
        Some(Self::new(self.definitions, base))
    }

    /// This type, its base, and so on.
    pub fn ancestry(self) -> impl Iterator<Item = Type<'d>> {
        std::iter::successors(Some(self), |it| it.base())
    }

    /// Whether it is the type of this name or derives from it: a `positiveInt` is an `integer` is an `Element`.
    pub fn is_a(self, name: &str) -> bool {
        self.ancestry().any(|it| it.name() == name)
    }

    /// Its children, inherited ones first. Of a primitive `id` and `extension` only.
    pub fn shape(self) -> Shape<'d> {
        Shape::new(self.definitions, self.row().shape)
    }

    /// Its invariants and those that it inherits; they hold wherever the type is used.
    pub fn invariants(self) -> impl Iterator<Item = Invariant> {
        let definitions = self.definitions;
        self.ancestry()
            .flat_map(move |it| invariants(definitions, it.row().invariants))
    }

    /// Bindings of the type as such: the units of `Age`, `Duration` and their like. Not inherited.
    pub fn bindings(self) -> impl Iterator<Item = Binding<'d>> {
        bindings(self.definitions, self.row().bindings)
    }

    /// The regular expression of a primitive, as the specification writes it.
    pub fn pattern(self) -> Option<&'static str> {
        self.row().pattern
    }
}
