//! Why there is no snapshot, or why a part of one is missing. Not what a resource does wrong.

/// Why there is no snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It names no base, and is not a type of its own.
    #[error("{profile} names no base")]
    NoBase {
        /// Its address.
        profile: String,
    },
    /// A base, or a base of that, is not in the library.
    #[error("the base {url} of {profile} is not known")]
    UnknownBase {
        /// The address of the base.
        url: String,
        /// The address of the profile that names it.
        profile: String,
    },
    /// A profile is its own base, perhaps by way of others.
    #[error("the profile {url} builds on itself")]
    Cycle {
        /// Its address.
        url: String,
    },
    /// The base is of another type.
    #[error("{profile} is of type {of}, and its base {url} of type {base_of}")]
    OtherType {
        /// The address of the profile.
        profile: String,
        /// Its type.
        of: String,
        /// The address of the base.
        url: String,
        /// The type of the base.
        base_of: String,
    },
    /// There are more elements, or more profiles on each other, than any profile needs.
    #[error("{profile} has too many elements, or builds on too many profiles")]
    TooLarge {
        /// Its address.
        profile: String,
    },
}

/// A part of a profile that could not be worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The address of the profile whose differential has the element: this one, or one that it builds on.
    pub profile: String,
    /// The id of the element, as the profile gives it.
    pub element: String,
    /// Why.
    pub cause: Cause,
}

/// Why a part of a profile could not be worked out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The base has no such element, so what is said of it does not count.
    #[error("{parent} has no element {name}")]
    UnknownElement {
        /// The id of the element that was reached.
        parent: String,
        /// The name that it does not have.
        name: String,
    },
    /// The path begins with another type than the profile has.
    #[error("the path does not begin with {of}")]
    OtherRoot {
        /// The type of the profile.
        of: String,
    },
    /// It stands deeper than any element of FHIR.
    #[error("it stands too deep")]
    TooDeep,
    /// The base does not allow this type, so the types of the base stay.
    #[error("the base does not allow the type {code}")]
    WrongType {
        /// The type.
        code: String,
    },
    /// Something is said of a slice that no element declares; the slice is there all the same.
    #[error("the slice {slice} is not declared")]
    UndeclaredSlice {
        /// Its name.
        slice: String,
    },
    /// The profile that gives the children is not known, so they are those of the type.
    #[error("the profile {url} of its type is not known")]
    UnknownProfile {
        /// Its address.
        url: String,
    },
    /// The profile that gives the children is of another type, so they are those of the type.
    #[error("the profile {url} of the type {code} is one of {of}")]
    OtherProfile {
        /// The address of the profile.
        url: String,
        /// The type of the element.
        code: String,
        /// The type of the profile.
        of: String,
    },
    /// The profile that gives the children needs this one itself, so they are those of the type.
    #[error("the profile {url} of its type needs this profile itself")]
    ProfileCycle {
        /// Its address.
        url: String,
    },
    /// The profile that gives the children cannot be worked out, so they are those of the type.
    #[error("the profile of its type cannot be used: {0}")]
    Profile(Box<SnapshotError>),
    /// The type of the element, whose children would be needed, is not known.
    #[error("the type {code} is not known")]
    UnknownType {
        /// The type.
        code: String,
    },
    /// The element whose children this one has is not there.
    #[error("the content {path} is not there")]
    UnknownContent {
        /// Its path.
        path: String,
    },
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}: {}", self.element, self.profile, self.cause)
    }
}
