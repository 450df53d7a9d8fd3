//! Fetches the packages of HL7 that hold the base specification, known by version and SHA-256.
//! Not for reading what is in them.

use crate::workspace::Workspace;
use crate::{process, setup};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// A package of the npm registry. All of these are published by HL7 under CC0 1.0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Package {
    /// Its name there.
    pub(super) name: &'static str,
    /// The one version that we read.
    pub(super) version: &'static str,
    /// Of the archive, in lower-case hexadecimal.
    pub(super) sha256: &'static str,
}

/// FHIR 4.0.1 with all its value sets, code systems and examples.
pub(super) const R4: Package = Package {
    name: "hl7.fhir.r4.examples",
    version: "4.0.1",
    sha256: "dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682",
};

/// The value sets of FHIR 4.0.1 as HL7 expanded them.
pub(super) const R4_EXPANSIONS: Package = Package {
    name: "hl7.fhir.r4.expansions",
    version: "4.0.1",
    sha256: "18b2b00a6e26328bdbe4b2e273de5be32dfce21be37e0f582d18882bbce24e69",
};

/// FHIR 3.0.2 with all its value sets, code systems and examples.
pub(super) const STU3: Package = Package {
    name: "hl7.fhir.r3.examples",
    version: "3.0.2",
    sha256: "ebe6e5220a6aff2da952f3bc0fe1c83122d38dde2de0ae020a0337b45824ba78",
};

/// Whether every package is here or can be fetched; if not, why not.
pub(super) fn missing(workspace: &Workspace) -> Result<Option<String>> {
    let corpus = corpus(workspace)?;
    for package in [&R4, &R4_EXPANSIONS, &STU3] {
        if let Err(error) = fetched(&corpus, package, fetch) {
            return Ok(Some(format!("{error:#}")));
        }
    }
    Ok(None)
}

/// Where the packages are kept.
fn corpus(workspace: &Workspace) -> Result<PathBuf> {
    let corpus = workspace.target.join("corpus");
    std::fs::create_dir_all(&corpus)
        .with_context(|| format!("{} cannot be made", corpus.display()))?;
    Ok(corpus)
}

/// The archive of a package, fetched if it is not here.
fn fetched(
    corpus: &Path,
    package: &Package,
    fetch: impl Fn(&Path, &Package) -> Result<()>,
) -> Result<PathBuf> {
    let archive = corpus.join(format!("{}-{}.tgz", package.name, package.version));
    if !archive.exists() {
        fetch(corpus, package)
            .with_context(|| format!("{} is not here and cannot be fetched", package.name))?;
    }
    Ok(archive)
}

fn fetch(corpus: &Path, package: &Package) -> Result<()> {
    let wanted = format!("{}@{}", package.name, package.version);
    // Without a network one more try is enough to say so.
    let pack = ["pack", "--silent", "--fetch-retries=1", wanted.as_str()];
    process::run(&mut process::command("npm", pack, corpus))
}

/// The folder with the files of a package, fetched and unpacked where that has not been done yet.
pub(super) fn folder(workspace: &Workspace, package: &Package) -> Result<PathBuf> {
    let corpus = corpus(workspace)?;
    let stem = format!("{}-{}", package.name, package.version);
    let archive = fetched(&corpus, package, fetch)?;
    verify(&archive, package.sha256)?;
    let folder = corpus.join(&stem);
    if !folder.exists() {
        // In a folder of another name first, so that half an archive is never taken for a whole one.
        let half = corpus.join(format!("{stem}.unpacking"));
        unpack(&corpus, &archive, &half)?;
        std::fs::rename(&half, &folder)
            .with_context(|| format!("{} cannot be renamed", half.display()))?;
    }
    Ok(folder.join("package"))
}

fn verify(archive: &Path, sha256: &str) -> Result<()> {
    let bytes =
        std::fs::read(archive).with_context(|| format!("{} cannot be read", archive.display()))?;
    let found = setup::sha256(&bytes);
    if found != sha256 {
        bail!(
            "{} has the SHA-256 {found}, not {sha256}; remove it and try again",
            archive.display()
        );
    }
    Ok(())
}

fn unpack(corpus: &Path, archive: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let arguments = [
        "-xzf".as_ref(),
        archive.as_os_str(),
        "-C".as_ref(),
        folder.as_os_str(),
    ];
    process::run(&mut process::command("tar", arguments, corpus))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_is_here_is_not_fetched() {
        let corpus = std::env::temp_dir().join(format!("xtask-corpus-{}", std::process::id()));
        std::fs::create_dir_all(&corpus).unwrap();
        let no_network = |_: &Path, _: &Package| bail!("no network");
        let error = fetched(&corpus, &STU3, no_network).unwrap_err();
        let error = format!("{error:#}");
        assert!(
            error.contains(STU3.name) && error.ends_with("no network"),
            "{error}"
        );
        let archive = corpus.join(format!("{}-{}.tgz", STU3.name, STU3.version));
        std::fs::write(&archive, "").unwrap();
        assert_eq!(fetched(&corpus, &STU3, no_network).unwrap(), archive);
        std::fs::remove_dir_all(&corpus).unwrap();
    }

    #[test]
    fn refuses_an_archive_with_another_fingerprint() {
        let file = std::env::temp_dir().join(format!("xtask-archive-{}", std::process::id()));
        std::fs::write(&file, "abc").unwrap();
        let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(verify(&file, right).is_ok());
        let error = verify(&file, R4.sha256).unwrap_err();
        assert!(error.to_string().contains("SHA-256"), "{error}");
        std::fs::remove_file(&file).unwrap();
    }
}
