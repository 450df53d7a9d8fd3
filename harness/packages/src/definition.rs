//! One file: a definition, another resource, or neither. Not for finding files.

use crate::error::PackageError;
use crate::manifest::is_same_release;
use plumbline_fhir::profile_facts::{Facts, ReduceError, claim, reduce};
use plumbline_fhir::{Definitions, FhirVersion};
use plumbline_tree::{Limits, Syntax, Tree};

/// What a file holds.
#[derive(Debug)]
pub(crate) enum Found {
    /// A definition.
    Definition(Box<Facts>),
    /// A definition for another version of FHIR, which is named.
    OtherVersion(String),
    /// A definition that cannot be used, and why.
    Unusable(String),
    /// Another resource, of this type.
    Resource(String, Box<Tree>),
    /// No resource of this version.
    Other,
}

/// Whether a name is one of a file that may hold a resource.
pub(crate) fn is_candidate(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|it| it.eq_ignore_ascii_case("json") || it.eq_ignore_ascii_case("xml"))
}

/// Reads a file. JSON and XML are told apart by content.
pub(crate) fn read(
    place: &str,
    bytes: Vec<u8>,
    version: FhirVersion,
) -> Result<Found, PackageError> {
    let syntax = Syntax::guess(&bytes).unwrap_or(Syntax::Json);
    let tree = Tree::parse_as(syntax, bytes, &Limits::default()).map_err(|error| {
        let place = format!("{place}:{}:{}", error.line, error.column);
        PackageError::new(place, error.kind.to_string(), error.kind.cure())
    })?;
    let definitions = Definitions::of(version);
    let Some(claim) = claim(&tree) else {
        return Ok(Found::Other);
    };
    let kind = claim.resource_type;
    if !matches!(&*kind, "StructureDefinition" | "ValueSet" | "CodeSystem") {
        let is_known = definitions.resource(&kind).is_some();
        return Ok(if is_known {
            Found::Resource(kind, Box::new(tree))
        } else {
            Found::Other
        });
    }
    if let Some(other) = claim.fhir_version
        && !is_same_release(&other, version)
    {
        return Ok(Found::OtherVersion(other));
    }
    match reduce(&tree, definitions) {
        Ok(facts) => Ok(Found::Definition(Box::new(facts))),
        Err(ReduceError::OtherType) => Ok(Found::Other),
        Err(error @ (ReduceError::Xml(_) | ReduceError::Content { .. })) => Ok(Found::Unusable(
            format!("this {kind} cannot be used: {error}"),
        )),
    }
}

/// Archives for the tests of this crate.
#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    /// A profile with one rule.
    pub(crate) fn profile(name: &str, min: u32) -> String {
        format!(
            r#"{{"resourceType":"StructureDefinition","url":"https://example.org/{name}","version":"1","name":"X",
            "status":"active","fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Patient",
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint",
            "differential":{{"element":[{{"id":"Patient.name","path":"Patient.name","min":{min}}}]}}}}"#
        )
    }

    /// The gzip of bytes.
    pub(crate) fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// A `.tgz` of these files, whatever their names.
    pub(crate) fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_ustar();
            // The builder would refuse the names that we must refuse.
            let field = &mut header.as_old_mut().name;
            field[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            builder.append(&header, *bytes).unwrap();
        }
        zipped(&builder.into_inner().unwrap())
    }

    fn kind(text: &str) -> String {
        match read("a.json", text.into(), FhirVersion::R4).unwrap() {
            Found::Definition(_) => "definition".to_owned(),
            Found::OtherVersion(version) => version,
            Found::Unusable(why) => why,
            Found::Resource(kind, _) => kind,
            Found::Other => "other".to_owned(),
        }
    }

    #[test]
    fn files_are_told_apart() {
        assert_eq!(kind(&profile("A", 1)), "definition");
        assert_eq!(kind(&profile("A", 1).replace("4.0.1", "3.0.2")), "3.0.2");
        assert_eq!(kind(r#"{"resourceType":"Patient"}"#), "Patient");
        assert_eq!(kind(r#"{"resourceType":"Nothing"}"#), "other");
        assert_eq!(kind(r#"{"name":"x"}"#), "other");
        assert_eq!(kind("<a xmlns='urn:x'/>"), "other");
        let broken = profile("A", 1).replace("resource\"", "nonsense\"");
        assert!(kind(&broken).starts_with("this StructureDefinition cannot be used: "));
    }

    #[test]
    fn xml_is_read_too() {
        let text = r#"<ValueSet xmlns="http://hl7.org/fhir"><url value="https://example.org/V"/><status value="active"/></ValueSet>"#;
        assert_eq!(kind(text), "definition");
    }

    #[test]
    fn broken_files_have_a_place() {
        let error = read("a.json", b"{\n\"a\": }".to_vec(), FhirVersion::R4).unwrap_err();
        assert_eq!(error.place, "a.json:2:6");
        assert!(error.fix.ends_with('.'), "{}", error.fix);
    }
}
