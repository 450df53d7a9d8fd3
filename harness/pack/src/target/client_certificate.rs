//! The tables of client certificates in target.toml, right ones and wrong ones: which files hold
//! certificates that Plumbline shows (mutual TLS).
//! Not for what is in them: whoever makes the connection reads them.

use super::secret_source::{SecretSource, check_path, read_secret};
use crate::toml_reader::Reader;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Certificates that a target must refuse, by the key of the table that names them: one that is
/// over, one for another client, one that is revoked, one of an issuer that the target does not know.
pub const WRONG_CERTIFICATES: &[&str] = &["expired", "other_name", "revoked", "unknown_issuer"];

/// Where a certificate with its key is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientCertificate {
    /// In PEM files.
    Pem {
        /// The certificate, and the chain after it.
        certificate: PathBuf,
        /// The private key.
        key: PathBuf,
    },
    /// In a PKCS#12 file.
    Pkcs12 {
        /// The file.
        file: PathBuf,
        /// Where its password is found; `None` if it has none.
        password: Option<SecretSource>,
    },
}

/// Reads one table; `place` is what messages call it.
pub(super) fn read_client_certificate(
    mut table: Reader<'_, '_>,
    place: &str,
) -> Option<ClientCertificate> {
    let source = table.source;
    let mut path = |key: &str| {
        let text = table.opt_text(key)?;
        check_path(source, key, text)
    };
    let (certificate, key, file) = (path("certificate"), path("key"), path("pkcs12"));
    let has = |key: &str| table.has(key);
    let (pem, pkcs12) = (has("certificate") || has("key"), has("pkcs12"));
    let has_password = has("password_env") || has("password_file");
    let problem = if has("password") {
        table.mark("password");
        let cause = format!("`password` in {place}: a secret may not be written into this file");
        let fix = "name an environment variable in `password_env`, or a file in `password_file`; and \
                   replace the password, which may have been seen";
        source.error(table.key_range("password"), cause, fix);
        true
    } else if pem && pkcs12 {
        source.error(
            table.key_range("pkcs12"),
            format!("{place} has both PEM files and a PKCS#12 file"),
            "keep `certificate` and `key`, or `pkcs12`",
        );
        true
    } else if pem && has_password {
        let named = if has("password_env") {
            "password_env"
        } else {
            "password_file"
        };
        source.error(
            table.key_range(named),
            format!("`{named}` is only for `pkcs12`"),
            "remove it; a PEM key may not be locked with a passphrase: openssl pkcs8 -topk8 -nocrypt \
             -in locked.key -out client.key",
        );
        true
    } else if !pem && !pkcs12 {
        source.error(
            table.range.clone(),
            format!("{place} names no certificate"),
            "add `certificate = \"client.pem\"` and `key = \"client.key\"`, or `pkcs12 = \"client.p12\"`",
        );
        true
    } else if pem && !(has("certificate") && has("key")) {
        let (there, missing) = if has("key") {
            ("key", "certificate")
        } else {
            ("certificate", "key")
        };
        source.error(
            table.key_range(there),
            format!("{place} has `{there}` without `{missing}`"),
            format!("add `{missing} = \"…\"`; both may name the same file"),
        );
        true
    } else {
        false
    };
    let password = if has_password {
        read_secret(
            &mut table,
            place,
            "the password",
            ["password_env", "password_file"],
            "PLUMBLINE_P12_PASSWORD",
        )
    } else {
        None
    };
    table.mark("password_env");
    table.mark("password_file");
    table.finish();
    if problem || has_password && password.is_none() {
        return None;
    }
    match file {
        Some(file) => Some(ClientCertificate::Pkcs12 { file, password }),
        None => Some(ClientCertificate::Pem {
            certificate: certificate?,
            key: key?,
        }),
    }
}

/// Reads the tables of certificates that must be refused.
pub(super) fn read_wrong_certificates(
    mut table: Reader<'_, '_>,
) -> BTreeMap<String, ClientCertificate> {
    let mut all = BTreeMap::new();
    for key in WRONG_CERTIFICATES {
        let place = format!("[connection.wrong_certificates.{key}]");
        let read = table
            .opt_table(key)
            .and_then(|inner| read_client_certificate(inner, &place));
        if let Some(certificate) = read {
            all.insert((*key).to_owned(), certificate);
        }
    }
    table.finish();
    all
}
