//! Identifiers as newtypes, so that one kind cannot be passed for another.
//! Not for parsing files: `pack` decides which texts are acceptable.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps a text that the caller has already checked.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }
    };
}

id!(
    /// The id of a pack, such as `uk-core-access`.
    PackId
);
id!(
    /// The id of one testable rule, such as `UKA-PAT-001`.
    RequirementId
);
id!(
    /// The stable id of a scenario, from its `@id:` tag.
    ScenarioId
);
id!(
    /// What a check found, such as `HTTP-STATUS`.
    FindingCode
);
id!(
    /// The role that a test patient or organisation plays, such as `patient-with-allergies`.
    ActorRole
);
id!(
    /// A named ability that a vendor claims, such as `patient-index`.
    Capability
);

/// The number of an exchange within a run, from 1 in the order of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExchangeId(pub u32);

impl fmt::Display for ExchangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
