//! What is being judged: a product version, or a deployment of one at an organisation.
//! Product and deployment results are never mixed.

use crate::domain::words;
use serde::{Deserialize, Serialize};

words! {
    /// What kind of thing was tested.
    SubjectKind {
        /// A version of a supplier's product.
        Product = "product", "product";
        /// The system as it runs at one organisation.
        Deployment = "deployment", "deployment";
    }
}

words! {
    /// Where the target runs.
    Environment {
        /// A mock system; says nothing about a real product.
        Mock = "mock", "mock";
        /// A supplier's sandbox with synthetic data.
        Sandbox = "sandbox", "sandbox";
        /// A shared integration environment.
        Integration = "integration", "integration";
        /// Live care; needs written authority.
        Live = "live", "live";
    }
}

impl Environment {
    /// Whether values of our own synthetic people may be stored in the clear.
    pub const fn shows_synthetic_people(self) -> bool {
        match self {
            Self::Mock | Self::Sandbox => true,
            Self::Integration | Self::Live => false,
        }
    }
}

/// What was tested, as declared in target.toml.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Product or deployment.
    pub kind: SubjectKind,
    /// Name of the supplier.
    pub supplier: String,
    /// Name of the product.
    pub product: String,
    /// Its version.
    pub version: String,
    /// Its build; empty if not given.
    pub build: String,
    /// ODS code of the organisation; deployments only.
    pub ods_code: Option<String>,
    /// Name of the site; deployments only.
    pub site: Option<String>,
}
