//! Names of packages with their versions. Not for what is under the name.

use crate::error::PackageError;
use std::fmt;

/// A package: name and one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId {
    /// Such as `fhir.r4.ukcore.stu2`.
    pub name: String,
    /// Such as `2.0.1`.
    pub version: String,
}

/// A package by name, and the version that is wanted, if one is: a whole one, or a pattern such as `4.0.x`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The name.
    pub name: String,
    /// The version or pattern.
    pub version: Option<String>,
}

impl fmt::Display for PackageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{}@{version}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl Wanted {
    /// `name`, `name@version`, or `name#version` as FHIR tools write it.
    pub fn parse(text: &str) -> Result<Self, PackageError> {
        let (name, version) = match text.rsplit_once(['@', '#']) {
            Some((name, version)) if !name.is_empty() => (name, Some(version)),
            _ => (text, None),
        };
        let wrong = |problem: &str| {
            PackageError::new(
                text.chars().take(80).collect::<String>(),
                problem,
                "Write it as name@version, such as fhir.r4.ukcore.stu2@2.0.1.",
            )
        };
        if !is_name(name) {
            return Err(wrong("this is no name of a package"));
        }
        if version.is_some_and(|it| !is_version(it)) {
            return Err(wrong("this is no version of a package"));
        }
        Ok(Self {
            name: name.to_owned(),
            version: version.map(str::to_owned),
        })
    }
}

impl PackageId {
    /// `None` if the name or the version could not be that of a folder.
    pub fn new(name: &str, version: &str) -> Option<Self> {
        let is_whole = is_name(name) && is_version(version) && !version.contains(['*', '^', '~']);
        is_whole.then(|| Self {
            name: name.to_owned(),
            version: version.to_owned(),
        })
    }

    /// The name of its folder in the cache, as FHIR tools write it.
    pub(crate) fn folder(&self) -> String {
        format!("{}#{}", self.name, self.version)
    }
}

/// Letters, digits, dots, hyphens and low lines. Scopes (`@scope/name`) are not: no FHIR package has one, and a
/// slash would lead into another folder.
fn is_name(text: &str) -> bool {
    text.len() <= 200
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_'))
}

fn is_version(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 100
        && !text.starts_with('.')
        && text
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '+' | '*' | '^' | '~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_and_without_version() {
        let parse = |text| Wanted::parse(text).map(|it| (it.name, it.version));
        assert_eq!(parse("a.b"), Ok(("a.b".to_owned(), None)));
        let with = Ok(("a.b".to_owned(), Some("1.0.x".to_owned())));
        assert_eq!(parse("a.b@1.0.x"), with);
        assert_eq!(parse("a.b#1.0.x"), with);
        for wrong in [
            "", "@1", "a@", "../a@1", "a/b", "a@../1", "a b", "a@1/2", ".a", "a\\b",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_pattern_is_no_id() {
        assert!(PackageId::new("a", "1.0.0").is_some());
        assert!(PackageId::new("a", "^1.0.0").is_none());
    }
}
