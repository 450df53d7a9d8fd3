//! Reads ci/gates.toml. Not for applying it: tidy and browser do that.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The contents of ci/gates.toml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gates {
    /// Allowed edges between our crates.
    pub(crate) layers: BTreeMap<String, Vec<String>>,
    /// Further edges for tests.
    pub(crate) dev_layers: BTreeMap<String, Vec<String>>,
    /// Outside crates that only some of ours may use.
    pub(crate) reserved: BTreeMap<String, Vec<String>>,
    /// Crates of ours that may use only these from outside.
    pub(crate) outside_only: BTreeMap<String, Vec<String>>,
    /// Rules about files.
    pub(crate) tidy: Tidy,
    /// Text that may not occur.
    #[serde(default)]
    pub(crate) forbidden: Vec<Forbidden>,
    /// The browser tests.
    pub(crate) browser: Browser,
    /// The test of `JUnit` files.
    pub(crate) junit: Junit,
}

/// Rules about files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tidy {
    /// All that the top folder may hold beside dot-files.
    pub(crate) top_level: Vec<String>,
    /// Folders of builds and runs, which no rule looks at.
    pub(crate) ignored: Vec<String>,
    /// Names that say nothing.
    pub(crate) vague_names: Vec<String>,
    /// Lines that a Rust file may have without its tests.
    pub(crate) most_lines: usize,
    /// Folders without Rust.
    pub(crate) knowledge: Vec<String>,
    /// Words that claim more than we may.
    pub(crate) claims: Vec<String>,
    /// Extensions of files in which to look for them.
    pub(crate) read_by_people: Vec<String>,
}

/// Text that some crates may not hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forbidden {
    /// Short names of the crates.
    pub(crate) crates: Vec<String>,
    /// The text.
    pub(crate) text: Vec<String>,
    /// Why.
    pub(crate) reason: String,
}

/// What the browser tests need.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Browser {
    /// Version of axe-core.
    pub(crate) axe_core: String,
    /// Debian package of the browser.
    pub(crate) chromium: String,
    /// Debian package of fonts.
    pub(crate) fonts: String,
    /// The fewest pages that the demo must give.
    pub(crate) least_pages: usize,
}

/// What the test of `JUnit` files needs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Junit {
    /// Debian package of xmllint.
    pub(crate) xmllint: String,
    /// Debian package of pip.
    pub(crate) pip: String,
    /// The package that carries the schema.
    pub(crate) package: String,
    /// Its version.
    pub(crate) version: String,
    /// SHA-256 of its archive.
    pub(crate) package_sha256: String,
    /// The schema in the archive.
    pub(crate) file: String,
    /// SHA-256 of the schema.
    pub(crate) file_sha256: String,
}

impl Gates {
    /// Reads the file below the top folder.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let path = root.join("ci/gates.toml");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not as expected", path.display()))
    }
}
