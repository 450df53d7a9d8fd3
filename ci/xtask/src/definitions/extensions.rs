//! The extensions and profiles that HL7 publishes with the specification, as text; profiles/_fhir/README.md has the
//! format. Not for those of others: official.

use super::{Release, packages};
use crate::workspace::Workspace;
use anyhow::{Context, Result, anyhow, ensure};
use plumbline_fhir::Definitions;
use plumbline_fhir::profile_facts::{Facts, FactsFile, ProfileFacts, reduce};
use plumbline_tree::{Limits, Node, Tree};
use std::path::Path;

/// Structures of one version.
#[derive(Debug)]
pub(super) struct Structures {
    /// The lines.
    pub(super) text: String,
    /// How many there are.
    pub(super) count: usize,
}

/// Those that narrow a type.
#[derive(Debug)]
pub(super) struct Narrowing {
    /// Extensions.
    pub(super) extensions: Structures,
    /// Profiles of resources and datatypes.
    pub(super) profiles: Structures,
}

/// The facts of every extension and profile in the package of a version.
pub(super) fn texts(workspace: &Workspace, release: &Release) -> Result<Narrowing> {
    let folder = packages::folder(workspace, release.package)?;
    let mut extensions = FactsFile::new(release.version);
    let mut profiles = FactsFile::new(release.version);
    let entries = std::fs::read_dir(&folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("StructureDefinition-") && name.ends_with(".json") {
            let Some(structure) = structure(&path, release)? else {
                continue;
            };
            let file = match structure.of.as_str() {
                "Extension" => &mut extensions,
                _ => &mut profiles,
            };
            file.profiles.push(structure);
        }
    }
    Ok(Narrowing {
        extensions: structures(&extensions, "extension", &folder)?,
        profiles: structures(&profiles, "profile", &folder)?,
    })
}

fn structures(file: &FactsFile, what: &str, folder: &Path) -> Result<Structures> {
    ensure!(
        !file.profiles.is_empty(),
        "{} holds no {what}",
        folder.display()
    );
    Ok(Structures {
        count: file.profiles.len(),
        text: file.to_text(),
    })
}

/// The facts of a structure, if it narrows a type.
fn structure(path: &Path, release: &Release) -> Result<Option<ProfileFacts>> {
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let tree = Tree::parse(bytes, &Limits::default())
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let is = |name: &str, wanted: &str| {
        let node = tree.root().get(name);
        node.and_then(Node::as_str) == Some(wanted)
    };
    if !is("derivation", "constraint") {
        return Ok(None);
    }
    match reduce(&tree, Definitions::of(release.version)) {
        Ok(Facts::Profile(profile)) => Ok(Some(profile)),
        Ok(_) => Err(anyhow!("{}: no StructureDefinition", path.display())),
        Err(error) => Err(anyhow!("{}: {error}", path.display())),
    }
}
