//! `cargo xtask definitions --from DIR --pack ID`: reduces the official profiles of a folder to facts for a pack.
//! Not for the base specification: the modules above; and not for what a fact is: harness/fhir.

mod attribution;
mod folder;
mod licence;
mod selection;

pub(super) use licence::withhold;

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail, ensure};
use folder::Folder;
use plumbline_fhir::FhirVersion;
use plumbline_fhir::profile_facts::FactsFile;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What to reduce, and for which pack.
#[derive(Debug)]
pub(crate) struct Request {
    /// The folder with the official files.
    pub(crate) from: PathBuf,
    /// The pack.
    pub(crate) pack: String,
    /// The version of FHIR, which must be that of the pack; needed if the pack names none.
    pub(crate) fhir: Option<String>,
    /// Addresses of profiles, or the last part of them; without any all that there are.
    pub(crate) only: Vec<String>,
}

/// Writes the facts, and where they come from, into the folder of the pack.
pub(crate) fn run(workspace: &Workspace, request: &Request) -> Result<()> {
    let pack = workspace.root.join("profiles").join(&request.pack);
    let version = version(&workspace.root, request)?;
    let files = files(request, version)?;
    let out = pack.join("fhir");
    std::fs::create_dir_all(&out).with_context(|| format!("{} cannot be made", out.display()))?;
    let mut bytes = 0;
    for (name, text) in &files {
        let path = out.join(name);
        std::fs::write(&path, text)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        bytes += text.len();
        println!("wrote profiles/{}/fhir/{name}", request.pack);
    }
    println!("{} files, {bytes} bytes", files.len());
    Ok(())
}

/// The version of FHIR that was asked for, or that of the pack.
fn version(root: &Path, request: &Request) -> Result<FhirVersion> {
    let path = root.join("profiles").join(&request.pack).join("pack.toml");
    let Ok(text) = std::fs::read_to_string(&path) else {
        bail!(
            "there is no pack `{}`; there are: {}",
            request.pack,
            packs(root).join(", ")
        );
    };
    let known = |text: &str| {
        FhirVersion::from_text(text).with_context(|| {
            format!("there are no facts for FHIR `{text}`; there are for r4 and stu3")
        })
    };
    let pack: toml::Table =
        toml::from_str(&text).with_context(|| format!("{} cannot be read", path.display()))?;
    let declared = pack.get("fhir_version").and_then(toml::Value::as_str);
    let asked = request.fhir.as_deref();
    let wanted = asked.or(declared);
    let version =
        known(wanted.with_context(|| format!("{} has no fhir_version", path.display()))?)?;
    if let Some(declared) = declared {
        ensure!(
            FhirVersion::from_text(declared) == Some(version),
            "the pack `{}` is for FHIR {declared}, and {version} is asked for",
            request.pack
        );
    }
    Ok(version)
}

fn packs(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root.join("profiles"))
        .into_iter()
        .flatten();
    let mut packs: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().join("pack.toml").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    packs.sort();
    packs
}

/// Name -> text of every file for the folder of the pack.
fn files(request: &Request, version: FhirVersion) -> Result<BTreeMap<String, String>> {
    let folder = Folder::read(&request.from)?;
    let mut facts = selection::select(&folder, &request.only, version)?;
    licence::withhold(&mut facts.file);
    let readme = attribution::text(&folder, &facts, request, version);
    let FactsFile {
        profiles,
        code_systems,
        value_sets,
        ..
    } = facts.file;
    let structures = FactsFile {
        profiles,
        ..FactsFile::new(version)
    };
    let terms = FactsFile {
        code_systems,
        value_sets,
        ..FactsFile::new(version)
    };
    let note =
        "# Facts of official profiles. README.md beside this file says where they come from.\n";
    Ok(BTreeMap::from([
        ("README.md".to_owned(), readme),
        (
            "structures.txt".to_owned(),
            format!("{note}{}", structures.to_text()),
        ),
        ("terms.txt".to_owned(), format!("{note}{}", terms.to_text())),
    ]))
}

#[cfg(test)]
mod tests;
