//! The settings of `plumbline packages`, from a file. Not for packages themselves.

use crate::failure::Failure;
use serde::Deserialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use url::Url;

/// The public registry of FHIR packages.
pub(super) const REGISTRY: &str = "https://packages.fhir.org";
/// The file that is read if no other is named.
const FILE: &str = "plumbline-packages.toml";

/// What the file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Address of the registry.
    pub(super) registry: Option<String>,
    /// Folder of packages.
    pub(super) cache: Option<PathBuf>,
    /// A proxy for everything but this machine.
    proxy: Option<String>,
    /// PEM files with certificates to trust besides those that the machine trusts.
    #[serde(default)]
    pub(super) trust_roots: Vec<PathBuf>,
}

impl Settings {
    /// The proxy as an address.
    pub(super) fn proxy(&self) -> Result<Option<Url>, Failure> {
        let parsed = self.proxy.as_deref().map(Url::parse).transpose();
        // The address may hold a password, so it is not repeated.
        parsed.map_err(|error| {
            Failure::usage(format!(
                "error: `proxy` of the settings is no address: {error}\n  help: write it as http://host:port"
            ))
        })
    }
}

/// The settings of a file; none if none was named and the usual one is not there.
pub(super) fn read(asked: Option<&Path>) -> Result<Settings, Failure> {
    let path = asked.unwrap_or(Path::new(FILE));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if asked.is_none() && error.kind() == io::ErrorKind::NotFound => {
            return Ok(Settings::default());
        }
        Err(error) => {
            return Err(Failure::usage(format!(
                "error: failed to read {}: {error}",
                path.display()
            )));
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut settings: Settings = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        Failure::usage(format!(
            "error: {}:{line}: {}\n  help: the keys are registry, cache, proxy and trust_roots",
            path.display(),
            error.message()
        ))
    })?;
    // Paths stand relative to the file.
    let folder = path.parent().unwrap_or(Path::new(""));
    settings.cache = settings.cache.map(|it| folder.join(it));
    settings.trust_roots = settings
        .trust_roots
        .iter()
        .map(|it| folder.join(it))
        .collect();
    Ok(settings)
}
