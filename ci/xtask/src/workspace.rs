//! Where things are: the repository, the target folder, the packages and the plumbline binary.
//! Not for judging any of them.

use crate::process;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The repository as cargo sees it.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The top folder.
    pub(crate) root: PathBuf,
    /// Where builds go.
    pub(crate) target: PathBuf,
    /// Our own packages.
    pub(crate) packages: Vec<Package>,
}

/// One of our packages, from `cargo metadata`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Package {
    /// `plumbline-<folder>`.
    pub(crate) name: String,
    /// Its Cargo.toml.
    pub(crate) manifest_path: PathBuf,
    /// What it depends on.
    pub(crate) dependencies: Vec<Dependency>,
}

/// One dependency of a package.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Dependency {
    /// Name of the package it points to.
    pub(crate) name: String,
    /// `None` for a normal one, else `dev` or `build`.
    pub(crate) kind: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Package {
    /// The name without `plumbline-`, as gates.toml uses it.
    pub(crate) fn short(&self) -> &str {
        short(&self.name).unwrap_or(&self.name)
    }

    /// The folder of the package.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }
}

/// The part after `plumbline-`, for our own packages only.
pub(crate) fn short(package: &str) -> Option<&str> {
    package.strip_prefix("plumbline-")
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let arguments = ["metadata", "--format-version", "1", "--no-deps"];
        let text = process::output(&mut process::command("cargo", arguments, here))?;
        let metadata: Metadata =
            serde_json::from_str(&text).context("`cargo metadata` does not answer as expected")?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            packages: metadata.packages,
        })
    }

    /// Builds the plumbline binary for use and returns its path.
    pub(crate) fn build_plumbline(&self) -> Result<PathBuf> {
        self.cargo(&["build", "--quiet", "--package", "plumbline-cli"])?;
        Ok(self.plumbline())
    }

    /// Where the plumbline binary of the dev profile is.
    pub(crate) fn plumbline(&self) -> PathBuf {
        let name = format!("plumbline{}", std::env::consts::EXE_SUFFIX);
        self.target.join("debug").join(name)
    }

    /// Runs cargo in the top folder.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Result<()> {
        process::run(&mut process::command("cargo", arguments, &self.root))
    }
}
