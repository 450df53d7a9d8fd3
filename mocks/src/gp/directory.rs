//! Who works where: practitioners, organisations and locations, from scenarios/_directory.
//! Not for patients, which `people` reads.

use crate::error::MockError;
use crate::files::{bad_file, parse, toml_files};
use include_dir::{Dir, include_dir};
use serde::Deserialize;

static DIRECTORY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../scenarios/_directory");

/// One entry: the file `<role>.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listed {
    /// The stem of the file.
    #[serde(skip)]
    pub(crate) role: String,
    /// For readers, not for the mock.
    #[serde(rename = "summary")]
    _summary: String,
    pub(crate) kind: ListedKind,
    pub(crate) id: String,
    /// SDS user id or ODS code.
    pub(crate) identifier: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) family: Option<String>,
    #[serde(default)]
    pub(crate) given: Vec<String>,
    pub(crate) prefix: Option<String>,
    /// The role of the organisation that it belongs to.
    pub(crate) managing: Option<String>,
}

/// The type of resource that an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum ListedKind {
    Practitioner,
    Organization,
    Location,
}

/// Every entry, in order of role.
pub(crate) fn load() -> Result<Vec<Listed>, MockError> {
    let mut all: Vec<Listed> = Vec::new();
    for file in toml_files(&DIRECTORY, "scenarios/_directory", None)?.into_values() {
        let mut listed: Listed = parse(&file)?;
        listed.role.clone_from(&file.stem);
        check(&listed).map_err(|message| bad_file(&file.shown, &message))?;
        all.push(listed);
    }
    Ok(all)
}

fn check(listed: &Listed) -> Result<(), String> {
    let missing = match listed.kind {
        ListedKind::Practitioner if listed.family.is_none() => "family",
        ListedKind::Practitioner | ListedKind::Organization if listed.identifier.is_none() => {
            "identifier"
        }
        ListedKind::Organization | ListedKind::Location if listed.name.is_none() => "name",
        ListedKind::Location if listed.managing.is_none() => "managing",
        ListedKind::Practitioner | ListedKind::Organization | ListedKind::Location => return Ok(()),
    };
    Err(format!("a {:?} needs `{missing}`", listed.kind))
}
