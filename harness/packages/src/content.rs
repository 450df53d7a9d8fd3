//! The fingerprint of what a package holds, the same for its archive and for its folder. Not of the archive itself.

use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Fingerprints of all files by path; taken together once all are there.
#[derive(Debug, Default)]
pub(crate) struct Content {
    files: BTreeMap<String, String>,
}

impl Content {
    /// Counts a file in. What has a name that begins with a dot is left behind by tools, such as indexes, and not
    /// counted.
    pub(crate) fn add(&mut self, path: &str, bytes: &[u8]) {
        if !path.split('/').any(|part| part.starts_with('.')) {
            self.files.insert(path.to_owned(), sha256(bytes));
        }
    }

    /// The fingerprint: SHA-256 over one line a file, `<SHA-256>  <path>`, sorted by path.
    pub(crate) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for (path, file) in &self.files {
            hash.update(format!("{file}  {path}\n"));
        }
        hex(&hash.finalize())
    }
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
