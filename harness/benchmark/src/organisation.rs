//! Organisations, what makes them peers, and published maturity scores as a baseline.
//! Not for reading files: `cli` does that.

use crate::number::Finite;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The shape of an ODS code: two to ten capital letters and digits.
/// The shape says nothing about whether the code was ever issued.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrganisationCode(String);

/// What codes of invented organisations begin with; ODS issues none such.
pub const SYNTHETIC_PREFIX: &str = "ZZ";

impl OrganisationCode {
    /// `None` if the text does not have the shape of a code.
    pub fn new(text: &str) -> Option<Self> {
        let good = (2..=10).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        good.then(|| Self(text.to_owned()))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is one of those that invented organisations have.
    pub fn is_synthetic(&self) -> bool {
        self.0.starts_with(SYNTHETIC_PREFIX)
    }
}

impl fmt::Display for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<OrganisationCode> for String {
    fn from(code: OrganisationCode) -> Self {
        code.0
    }
}

impl TryFrom<String> for OrganisationCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text).ok_or_else(|| format!("`{text}` does not have the shape of an ODS code"))
    }
}

/// One organisation that runs a record system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// ODS code.
    pub code: OrganisationCode,
    /// Name.
    pub name: String,
    /// Type, such as "Acute".
    #[serde(rename = "type")]
    pub organisation_type: String,
    /// Region.
    pub region: String,
    /// Integrated care board.
    pub icb: String,
    /// Size band, such as "Large".
    pub size: String,
    /// Supplier of the record system.
    pub epr_supplier: String,
    /// Version of the record system.
    pub epr_version: String,
}

/// A published maturity score of an organisation: a baseline beside our results, never mixed into them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaturityScore {
    /// The organisation.
    pub code: OrganisationCode,
    /// Year of the assessment.
    pub year: u16,
    /// What was scored, such as "Smart foundations"; "Overall" where the file has one score only.
    pub pillar: String,
    /// The score, on the scale of the file.
    pub score: Finite,
}

impl MaturityScore {
    /// The name of the score over all pillars.
    pub const OVERALL: &'static str = "Overall";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_the_shape_of_codes() {
        for good in ["ZZ001", "R1", "ABC12DEF34"] {
            assert!(OrganisationCode::new(good).is_some(), "{good}");
        }
        for bad in ["", "Z", "zz001", "ZZ 01", "ZZ-01", "ABCDEFGHIJK", "ÉÉ1"] {
            assert!(OrganisationCode::new(bad).is_none(), "{bad}");
        }
        assert!(OrganisationCode::new("ZZ001").is_some_and(|code| code.is_synthetic()));
        assert!(OrganisationCode::new("AB1").is_some_and(|code| !code.is_synthetic()));
    }
}
