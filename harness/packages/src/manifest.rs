//! What the `package.json` of a package says. Not for the files beside it.

use crate::error::PackageError;
use crate::name::PackageId;
use plumbline_fhir::FhirVersion;
use serde_json::Value;
use std::collections::BTreeMap;

/// The name of the file.
pub(crate) const FILE: &str = "package.json";

/// What it says, as far as it is needed.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    pub(crate) id: PackageId,
    /// Versions of FHIR that it is for, such as `4.0.1`; empty if it does not say.
    pub(crate) fhir_versions: Vec<String>,
    /// Version or pattern by name.
    pub(crate) dependencies: BTreeMap<String, String>,
}

impl Manifest {
    pub(crate) fn read(place: &str, bytes: &[u8]) -> Result<Self, PackageError> {
        let fix = "Fetch the package again, or correct its package.json.";
        let wrong = |problem: String| PackageError::new(place, problem, fix);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let json: Value = serde_json::from_slice(bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let place = format!("{place}:{line}:{column}");
            PackageError::new(place, "this is no JSON that can be read", fix)
        })?;
        let text = |name: &str| json.get(name).and_then(Value::as_str);
        let (Some(name), Some(version)) = (text("name"), text("version")) else {
            return Err(wrong("the package has no name or no version".to_owned()));
        };
        let id = PackageId::new(name, version)
            .ok_or_else(|| wrong("the name or the version is not one of a package".to_owned()))?;
        let versions = ["fhirVersions", "fhir-version-list"];
        let versions = versions.iter().find_map(|it| json.get(it)?.as_array());
        let versions = versions.into_iter().flatten().filter_map(Value::as_str);
        let dependencies = json.get("dependencies").and_then(Value::as_object);
        let dependencies = dependencies
            .into_iter()
            .flatten()
            .filter_map(|(name, version)| Some((name.clone(), version.as_str()?.to_owned())));
        Ok(Self {
            id,
            fhir_versions: versions.map(str::to_owned).collect(),
            dependencies: dependencies.collect(),
        })
    }

    /// Whether it is for a version of FHIR; one that does not say is for any.
    pub(crate) fn is_for(&self, version: FhirVersion) -> bool {
        let mut all = self.fhir_versions.iter();
        self.fhir_versions.is_empty() || all.any(|it| is_same_release(it, version))
    }
}

/// Whether a version such as `4.0` or `4.0.1` is of the same release as ours: the last number only corrects.
pub(crate) fn is_same_release(text: &str, version: FhirVersion) -> bool {
    let release = |text: &str| {
        let mut numbers = text.split('.').map(str::to_owned);
        (numbers.next(), numbers.next())
    };
    release(text) == release(version.number())
}

/// Whether a package is the base specification itself, of whatever version.
pub(crate) fn is_base(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        ["hl7", "fhir", "core"] => true,
        [
            "hl7",
            "fhir",
            release,
            "core" | "expansions" | "elements" | "corexml",
        ] => release.starts_with('r'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_says_name_versions_and_dependencies() {
        let text = br#"{"name":"own.package","version":"1.2.0","fhirVersions":["4.0.1"],
            "dependencies":{"hl7.fhir.r4.core":"4.0.1","other.package":"1.x"}}"#;
        let manifest = Manifest::read("package.json", text).unwrap();
        assert_eq!(manifest.id.to_string(), "own.package@1.2.0");
        assert!(manifest.is_for(FhirVersion::R4) && !manifest.is_for(FhirVersion::Stu3));
        assert_eq!(manifest.dependencies.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_placed() {
        let at = |text: &str| Manifest::read("p/package.json", text.as_bytes()).unwrap_err();
        assert_eq!(at("{\n,}").place, "p/package.json:2:1");
        assert!(at("{}").problem.contains("no name"));
        assert!(
            at(r#"{"name":"../x","version":"1"}"#)
                .problem
                .contains("not one")
        );
    }

    #[test]
    fn the_base_specification_is_known_by_name() {
        for name in [
            "hl7.fhir.r4.core",
            "hl7.fhir.core",
            "hl7.fhir.r3.expansions",
        ] {
            assert!(is_base(name), "{name}");
        }
        for name in [
            "hl7.fhir.us.core",
            "hl7.fhir.r4.examples",
            "fhir.r4.ukcore.stu2",
        ] {
            assert!(!is_base(name), "{name}");
        }
    }
}
