//! What a `StructureDefinition` says of itself. Not its elements: element.rs.

use super::element::ElementFacts;

/// What a structure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StructureKind {
    /// A primitive.
    PrimitiveType,
    /// A datatype; an extension among them.
    ComplexType,
    /// A resource.
    Resource,
    /// Nothing that an instance is.
    Logical,
}

/// How a structure relates to its base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Derivation {
    /// It makes a new type.
    Specialization,
    /// It narrows the type: a profile.
    Constraint,
}

/// What the place of an extension is named by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContextKind {
    /// R4: an expression.
    Fhirpath,
    /// R4: the path of an element, or a type.
    Element,
    /// The address of another extension.
    Extension,
    /// STU3: the path of an element of a resource.
    Resource,
    /// STU3: the path of an element of a datatype.
    Datatype,
}

/// A place where an extension may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// What names it.
    pub kind: ContextKind,
    /// The name.
    pub expression: String,
}

/// The facts of one `StructureDefinition`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFacts {
    /// Its canonical address.
    pub url: String,
    /// Its version.
    pub version: Option<String>,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: Option<String>,
    /// What it is of.
    pub kind: StructureKind,
    /// The type that it makes or narrows, such as `Patient` or `Extension`.
    pub of: String,
    /// Whether no instance is of it alone.
    pub is_abstract: bool,
    /// How it relates to its base.
    pub derivation: Option<Derivation>,
    /// The address of its base.
    pub base: Option<String>,
    /// Where it may stand, if it is an extension.
    pub contexts: Vec<Context>,
    /// Expressions that hold where it stands.
    pub context_invariants: Vec<String>,
    /// The elements of its differential, in order, but those of which only prose is said.
    pub elements: Vec<ElementFacts>,
}

impl StructureKind {
    pub(super) const ALL: [Self; 4] = [
        Self::PrimitiveType,
        Self::ComplexType,
        Self::Resource,
        Self::Logical,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::PrimitiveType => "primitive-type",
            Self::ComplexType => "complex-type",
            Self::Resource => "resource",
            Self::Logical => "logical",
        }
    }
}

impl Derivation {
    pub(super) const ALL: [Self; 2] = [Self::Specialization, Self::Constraint];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Specialization => "specialization",
            Self::Constraint => "constraint",
        }
    }
}

impl ContextKind {
    pub(super) const ALL: [Self; 5] = [
        Self::Fhirpath,
        Self::Element,
        Self::Extension,
        Self::Resource,
        Self::Datatype,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Fhirpath => "fhirpath",
            Self::Element => "element",
            Self::Extension => "extension",
            Self::Resource => "resource",
            Self::Datatype => "datatype",
        }
    }
}
