//! Value sets: whether a code is in one, as far as that is known. Not for how strongly an element is bound.

use super::facts::Definitions;
use super::rows::{SetCodes, SetRow, SystemRow};
use std::fmt;

/// The form that the codes of an open set have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Nothing is known.
    Any,
    /// A media type, BCP 13.
    Mime,
    /// A language tag, BCP 47.
    Language,
    /// A unit of UCUM.
    Ucum,
}

impl Form {
    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word {
            "any" => Some(Self::Any),
            "mime" => Some(Self::Mime),
            "language" => Some(Self::Language),
            "ucum" => Some(Self::Ucum),
            _ => None,
        }
    }

    /// The code system that all codes of this form are of, where an invariant does not say so already, as for units.
    pub fn system(self) -> Option<&'static str> {
        match self {
            Self::Mime => Some("urn:ietf:bcp:13"),
            Self::Language => Some("urn:ietf:bcp:47"),
            Self::Any | Self::Ucum => None,
        }
    }
}

/// Whether a code is in a value set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// It is.
    Inside,
    /// It is not.
    Outside,
    /// The set is open: its codes are not listed here.
    Unknown {
        /// The form that a code must have all the same.
        form: Form,
        /// Why the codes are not listed; a fragment of a sentence.
        reason: &'static str,
    },
}

/// A value set.
#[derive(Clone, Copy)]
pub struct ValueSet<'d> {
    definitions: &'d Definitions,
    row: &'d SetRow,
}

impl fmt::Debug for ValueSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ValueSet({})", self.url())
    }
}

impl<'d> ValueSet<'d> {
    pub(super) fn new(definitions: &'d Definitions, row: &'d SetRow) -> Self {
        Self { definitions, row }
    }

    /// Its canonical address, without version.
    pub fn url(self) -> &'static str {
        self.row.url
    }

    /// Its version, if it has one.
    pub fn version(self) -> Option<&'static str> {
        self.row.version
    }

    /// The form and the reason of an open set; `None` for one whose codes are listed.
    pub fn open(self) -> Option<(Form, &'static str)> {
        match self.row.codes {
            SetCodes::Closed(_) => None,
            SetCodes::Open { form, reason } => Some((form, reason)),
        }
    }

    /// The code systems that its codes are of; none for an open set.
    pub fn systems(self) -> impl Iterator<Item = System<'d>> {
        let definitions = self.definitions;
        let tables = definitions.tables();
        let rows = match self.row.codes {
            SetCodes::Closed(span) => &tables.systems[span.range()],
            SetCodes::Open { .. } => &[],
        };
        rows.iter().map(move |row| System { definitions, row })
    }

    /// Whether the code of this code system is in the set.
    pub fn contains(self, system: &str, code: &str) -> Membership {
        self.any(|it| it.url() == system && it.contains(code))
    }

    /// Whether the code is in the set whatever its code system: for elements that hold a code alone.
    pub fn contains_code(self, code: &str) -> Membership {
        self.any(|it| it.contains(code))
    }

    fn any(self, is_in: impl Fn(System<'d>) -> bool) -> Membership {
        match self.open() {
            Some((form, reason)) => Membership::Unknown { form, reason },
            None if self.systems().any(is_in) => Membership::Inside,
            None => Membership::Outside,
        }
    }
}

/// The codes of one code system in a value set.
#[derive(Clone, Copy)]
pub struct System<'d> {
    definitions: &'d Definitions,
    row: &'d SystemRow,
}

impl fmt::Debug for System<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "System({})", self.url())
    }
}

impl<'d> System<'d> {
    /// Its canonical address.
    pub fn url(self) -> &'static str {
        self.row.url
    }

    /// The version that the codes are of, if known.
    pub fn version(self) -> Option<&'static str> {
        self.row.version
    }

    /// Whether the code system does not tell `a` from `A`.
    pub fn ignores_case(self) -> bool {
        self.row.ignores_case
    }

    /// Its codes in the set, sorted by byte.
    pub fn codes(self) -> &'d [&'static str] {
        &self.definitions.tables().codes[self.row.codes.range()]
    }

    fn contains(self, code: &str) -> bool {
        let codes = self.codes();
        codes.binary_search(&code).is_ok()
            || self.ignores_case() && codes.iter().any(|it| it.eq_ignore_ascii_case(code))
    }
}
