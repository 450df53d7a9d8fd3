//! Reads a secret or a private key from a file.
//! Not for the environment: `cli` reads that and passes the value in.

use crate::failure::HttpError;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use std::path::Path;

/// The one line in the file, without its line end or surrounding spaces.
pub fn secret_from_file(path: &Path) -> Result<SecretString, HttpError> {
    let content = content(path)?;
    let line = content.trim();
    if line.is_empty() || line.contains(char::is_control) {
        return Err(HttpError::SecretFileContent {
            path: path.to_owned(),
        });
    }
    Ok(SecretString::from(line))
}

/// The whole file, for a private key in PEM form; whether it is one is found when a client is made.
pub fn private_key_from_file(path: &Path) -> Result<SecretString, HttpError> {
    Ok(SecretString::from(content(path)?.as_str()))
}

fn content(path: &Path) -> Result<Zeroizing<String>, HttpError> {
    let content = std::fs::read_to_string(path).map_err(|source| HttpError::SecretFile {
        path: path.to_owned(),
        source,
    })?;
    Ok(Zeroizing::new(content))
}
