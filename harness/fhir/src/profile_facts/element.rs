//! What a `StructureDefinition` says of one element. Not of itself: profile.rs.

use crate::definitions::Severity;
use std::fmt;

/// What items beside the slices may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rules {
    /// There are none.
    Closed,
    /// Anywhere.
    Open,
    /// Behind the slices.
    OpenAtEnd,
}

/// What tells one slice from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiscriminatorKind {
    /// A fixed value.
    Value,
    /// Whether something is there.
    Exists,
    /// A pattern.
    Pattern,
    /// The type.
    Type,
    /// The profile.
    Profile,
}

/// One thing that tells slices from each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discriminator {
    /// How it tells.
    pub kind: DiscriminatorKind,
    /// Where to look, from the element.
    pub path: String,
}

/// That an element is sliced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slicing {
    /// What other items may be; not every differential says.
    pub rules: Option<Rules>,
    /// Whether the slices come in their order.
    pub is_ordered: bool,
    /// What tells them apart.
    pub discriminators: Vec<Discriminator>,
}

/// A type that an element may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeFacts {
    /// Its name, such as `Reference`.
    pub code: String,
    /// Profiles, of which one must be kept.
    pub profiles: Vec<String>,
    /// Profiles, of which one must be kept by what is referred to.
    pub targets: Vec<String>,
    /// `contained`, `referenced`, `bundled`.
    pub aggregation: Vec<String>,
}

/// A value of some type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The type, such as `uri` or `CodeableConcept`.
    pub of: String,
    /// As JSON without white space.
    pub json: String,
}

/// How far a binding of a profile binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BindingStrength {
    /// The code is one of the set.
    Required,
    /// The code is one of the set, if one of them fits.
    Extensible,
    /// The code should be one of the set.
    Preferred,
    /// The set shows what is meant.
    Example,
}

/// How often an element stands at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Most {
    /// As often as this.
    Times(u32),
    /// As often as one likes: `*`.
    Unlimited,
}

/// A binding to a value set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// How far it binds.
    pub strength: BindingStrength,
    /// Its address, perhaps with a version.
    pub value_set: Option<String>,
    /// The address of the set that no code may leave, however weak the binding.
    pub greatest: Option<String>,
}

/// A rule in `FHIRPath`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvariantFacts {
    /// Such as `ukcore-1`.
    pub key: String,
    /// How grave.
    pub severity: Severity,
    /// In `FHIRPath`; some have none.
    pub expression: Option<String>,
    /// The address of the structure that it is from, if that is said. In a snapshot `None` is the base specification.
    pub source: Option<String>,
}

/// The facts of one element of a differential.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ElementFacts {
    /// Such as `Patient.identifier.system`.
    pub path: String,
    /// Of a slice its name.
    pub slice: Option<String>,
    /// Such as `Patient.identifier:nhsNumber.system`.
    pub id: String,
    /// The least number.
    pub min: Option<u32>,
    /// The greatest number.
    pub max: Option<Most>,
    /// Whether systems must be able to send and to take it.
    pub is_must_support: bool,
    /// Whether it can change the meaning of what is around it.
    pub is_modifier: bool,
    /// That it is sliced.
    pub slicing: Option<Slicing>,
    /// `#` and the path of the element whose children this one has.
    pub content: Option<String>,
    /// Types that it may have.
    pub types: Vec<TypeFacts>,
    /// The value that it has.
    pub fixed: Option<Value>,
    /// What its value has at least.
    pub pattern: Option<Value>,
    /// The least value.
    pub least: Option<Value>,
    /// The greatest value.
    pub greatest: Option<Value>,
    /// How many characters it may have.
    pub max_length: Option<u32>,
    /// The value set.
    pub binding: Option<Bound>,
    /// Invariants.
    pub invariants: Vec<InvariantFacts>,
}

impl ElementFacts {
    /// The id that follows from the path and the name of the slice, where no outer element is a slice.
    pub(super) fn plain_id(&self) -> String {
        match &self.slice {
            Some(slice) => format!("{}:{slice}", self.path),
            None => self.path.clone(),
        }
    }

    /// Path and name of the slice as an id says them.
    pub(super) fn parts_of(id: &str) -> (String, Option<String>) {
        let stems: Vec<&str> = id
            .split('.')
            .map(|part| part.split_once(':').map_or(part, |(stem, _)| stem))
            .collect();
        let last = id.rsplit('.').next().unwrap_or_default();
        let slice = last.split_once(':').map(|(_, slice)| slice.to_owned());
        (stems.join("."), slice)
    }

    /// Whether the id says all that path and slice say.
    pub(super) fn is_told_by_id(&self) -> bool {
        Self::parts_of(&self.id) == (self.path.clone(), self.slice.clone())
    }

    /// Whether anything but prose is said of it.
    pub(super) fn says_something(&self) -> bool {
        let nothing = Self {
            path: self.path.clone(),
            id: self.id.clone(),
            ..Self::default()
        };
        *self != nothing
    }
}

impl Rules {
    pub(super) const ALL: [Self; 3] = [Self::Closed, Self::Open, Self::OpenAtEnd];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::OpenAtEnd => "openAtEnd",
        }
    }
}

impl DiscriminatorKind {
    pub(super) const ALL: [Self; 5] = [
        Self::Value,
        Self::Exists,
        Self::Pattern,
        Self::Type,
        Self::Profile,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Exists => "exists",
            Self::Pattern => "pattern",
            Self::Type => "type",
            Self::Profile => "profile",
        }
    }
}

impl BindingStrength {
    pub(super) const ALL: [Self; 4] = [
        Self::Required,
        Self::Extensible,
        Self::Preferred,
        Self::Example,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Extensible => "extensible",
            Self::Preferred => "preferred",
            Self::Example => "example",
        }
    }
}

impl Most {
    /// A number, or `*`.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        if word == "*" {
            return Some(Self::Unlimited);
        }
        word.parse().ok().map(Self::Times)
    }
}

impl fmt::Display for Most {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Times(number) => write!(f, "{number}"),
            Self::Unlimited => f.write_str("*"),
        }
    }
}
