//! `[actors]` of target.toml for practitioners, organisations and locations: how the vendor's own
//! are told. Not for patients: those are in `target`.

use crate::source::Source;
use crate::toml_reader::{At, Reader};
use plumbline_model::DirectoryKind;

/// The longest id of FHIR (FHIR STU3 and R4, data type id).
const LONGEST_ID: usize = 64;

/// The vendor's own practitioner, organisation or location for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// What it is.
    pub kind: DirectoryKind,
    /// SDS user id or ODS code.
    pub identifier: Option<String>,
    /// The logical id of the resource.
    pub id: Option<String>,
}

/// Reads the entry of one role.
pub(super) fn read_entry(mut entry: Reader<'_, '_>, kind: DirectoryKind) -> Option<DirectoryEntry> {
    let identifier = kind
        .identifier_system()
        .and_then(|_| entry.text("identifier"));
    let id = match kind {
        DirectoryKind::Location => entry.text("id"),
        DirectoryKind::Practitioner | DirectoryKind::Organization => entry.opt_text("id"),
    };
    if let Some(identifier) = &identifier {
        check_identifier(entry.source, identifier);
    }
    if let Some(id) = &id {
        check_id(entry.source, id);
    }
    entry.finish();
    let is_whole = match kind {
        DirectoryKind::Location => id.is_some(),
        DirectoryKind::Practitioner | DirectoryKind::Organization => identifier.is_some(),
    };
    is_whole.then(|| DirectoryEntry {
        kind,
        identifier: identifier.map(|text| text.value),
        id: id.map(|text| text.value),
    })
}

fn check_identifier(source: &Source<'_>, text: &At<String>) {
    let good = text.value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !good || text.value.len() > LONGEST_ID {
        source.error(
            text.range.clone(),
            "`identifier` has characters that neither an SDS user id nor an ODS code has",
            "write the bare id or code, without its system",
        );
    }
}

fn check_id(source: &Source<'_>, text: &At<String>) {
    let good = text
        .value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    if !good || text.value.len() > LONGEST_ID {
        source.error(
            text.range.clone(),
            "`id` is not an id of FHIR",
            "write the last part of the address of the resource: letters, digits, hyphens and dots",
        );
    }
}
