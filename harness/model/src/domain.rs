//! The two ways in which requirements are grouped: by subject matter and by interoperability level.
//! Not for weights: those are policy, in scoring.toml.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $key)] $variant,)+
        }

        impl $name {
            /// Every value, in the order in which pages show them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word used in files.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ }
            }

            /// The words shown to people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// Reads the word used in files.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.label())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// The subject matter of a requirement.
    Domain {
        /// Knowing who the patient is.
        Identity = "identity", "Identity";
        /// Getting a message there and back.
        Transport = "transport", "Transport";
        /// The form of what is sent.
        Structure = "structure", "Structure";
        /// Codes and their meaning.
        Terminology = "terminology", "Terminology";
        /// Medicines and allergies.
        MedicinesAllergies = "medicines-allergies", "Medicines and allergies";
        /// Moving between teams and services.
        Transfer = "transfer", "Transfer of care";
        /// Finding and reading records.
        Access = "access", "Access to records";
        /// Who may see what.
        SecurityPrivacy = "security-privacy", "Security and privacy";
        /// Running the service.
        Operations = "operations", "Operations";
    }
}

words! {
    /// The interoperability level that a requirement serves.
    InteropLevel {
        /// Systems exchange data at all.
        Foundational = "foundational", "Foundational";
        /// The form of the data is agreed.
        Structural = "structural", "Structural";
        /// The meaning of the data is shared.
        Semantic = "semantic", "Semantic";
        /// Organisations make use of it; belongs to inspections.
        Organisational = "organisational", "Organisational";
    }
}
