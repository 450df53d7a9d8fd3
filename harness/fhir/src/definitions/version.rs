//! The versions of FHIR that there are facts for. Not for what a target declares.

use std::fmt;

/// A version of FHIR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FhirVersion {
    /// 3.0.2.
    Stu3,
    /// 4.0.1.
    R4,
}

impl FhirVersion {
    /// All of them, oldest first.
    pub const ALL: [Self; 2] = [Self::Stu3, Self::R4];

    /// The version that a text names: `4.0.1`, `4.0`, `R4`, `3.0.2`, `STU3`, in any case.
    /// `None` for a version without facts, such as 4.3 (R4B).
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("r4") {
            return Some(Self::R4);
        }
        if text.eq_ignore_ascii_case("stu3") || text.eq_ignore_ascii_case("r3") {
            return Some(Self::Stu3);
        }
        let mut parts = text.split('.');
        match (parts.next(), parts.next()) {
            (Some("4"), Some("0")) => Some(Self::R4),
            (Some("3"), Some("0")) => Some(Self::Stu3),
            _ => None,
        }
    }

    /// The exact version of the facts, such as `4.0.1`.
    pub fn number(self) -> &'static str {
        match self {
            Self::Stu3 => "3.0.2",
            Self::R4 => "4.0.1",
        }
    }
}

impl fmt::Display for FhirVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stu3 => "STU3",
            Self::R4 => "R4",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_versions_by_number_and_name() {
        for text in ["4.0.1", "4.0.0", "4.0", "R4", "r4"] {
            assert_eq!(
                FhirVersion::from_text(text),
                Some(FhirVersion::R4),
                "{text}"
            );
        }
        for text in ["3.0.2", "3.0.1", "STU3"] {
            assert_eq!(
                FhirVersion::from_text(text),
                Some(FhirVersion::Stu3),
                "{text}"
            );
        }
        for text in ["4.3.0", "5.0.0", "4", "", "40.1", "1.0.2"] {
            assert_eq!(FhirVersion::from_text(text), None, "{text}");
        }
    }
}
