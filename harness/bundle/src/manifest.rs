//! manifest.json: name, size and SHA-256 of every file but itself and the attestation about it.
//! Not for the archive around the files: `container` has that.

use crate::canonical::{self, CanonicalError};
use crate::container::Entry;
use crate::hash;
use crate::layout::{ATTESTATION, BUNDLE_FORMAT, MANIFEST};
use crate::problem::{Problem, Wrong};
use serde::{Deserialize, Serialize};

const KIND: &str = "plumbline-bundle-manifest";

/// A file as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Size in bytes.
    pub bytes: u64,
    /// Name within the bundle.
    pub name: String,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

/// The manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// Where the signature is; none in a bundle that nobody signed.
    pub attestation: Option<String>,
    /// The files, in the order of the archive.
    pub files: Vec<Listed>,
    /// [`BUNDLE_FORMAT`].
    pub format: u32,
    kind: String,
}

impl Manifest {
    /// The manifest of these files.
    pub fn new(files: &[(&str, &[u8])], attestation: Option<String>) -> Self {
        let listed = files.iter().map(|(name, data)| Listed {
            bytes: data.len() as u64,
            name: (*name).to_owned(),
            sha256: hash::hex(data),
        });
        Self {
            attestation,
            files: listed.collect(),
            format: BUNDLE_FORMAT,
            kind: KIND.to_owned(),
        }
    }

    pub fn text(&self) -> Result<String, CanonicalError> {
        canonical::text(self)
    }

    /// Reads a manifest that is exactly as Plumbline writes it.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let manifest: Self = serde_json::from_slice(bytes).ok()?;
        let signed = manifest
            .attestation
            .as_deref()
            .is_none_or(|name| name == ATTESTATION);
        let same = manifest.text().ok()?.as_bytes() == bytes;
        (same && signed && manifest.kind == KIND).then_some(manifest)
    }

    /// What of the archive is not as listed.
    pub fn problems(&self, entries: &[Entry<'_>]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let found = |name: &str| entries.iter().find(|entry| entry.name == name);
        for listed in &self.files {
            let name = listed.name.as_str();
            let Some(entry) = found(name) else {
                problems.push(Problem::file(name, Wrong::Missing, "the manifest lists it"));
                continue;
            };
            let (bytes, sha256) = (entry.data.len() as u64, hash::hex(entry.data));
            if bytes != listed.bytes {
                let detail = format!("it has {bytes} bytes, and had {}", listed.bytes);
                problems.push(Problem::file(name, Wrong::Altered, detail));
            } else if sha256 != listed.sha256 {
                let detail = format!("its SHA-256 is {sha256}, and was {}", listed.sha256);
                problems.push(Problem::file(name, Wrong::Altered, detail));
            }
        }
        let own = [Some(MANIFEST), self.attestation.as_deref()];
        for entry in entries {
            let listed = self.files.iter().any(|listed| listed.name == entry.name);
            if !listed && !own.contains(&Some(entry.name)) {
                problems.push(Problem::file(
                    entry.name,
                    Wrong::Added,
                    "the manifest does not list it",
                ));
            }
        }
        if let Some(name) = self
            .attestation
            .as_deref()
            .filter(|name| found(name).is_none())
        {
            let detail = "the manifest says that it holds the signature";
            problems.push(Problem::file(name, Wrong::Missing, detail));
        }
        problems
    }

    /// Whether the files of the archive come in the order of the manifest, and then the manifest itself.
    pub fn is_order_of(&self, entries: &[Entry<'_>]) -> bool {
        let listed = self.files.iter().map(|listed| listed.name.as_str());
        let wanted = listed.chain([MANIFEST]).chain(self.attestation.as_deref());
        wanted.eq(entries.iter().map(|entry| entry.name))
    }
}
