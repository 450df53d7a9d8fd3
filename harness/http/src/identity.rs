//! The certificate and key with which this side proves who it is (mutual TLS), read from PEM or
//! PKCS#12 and checked to belong together.
//! Not for the issuers that are trusted, and not for the password, which the caller passes in. No
//! message here holds anything of what the files hold.

use crate::certificate::CertificateFacts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p12_keystore::Pkcs12Archive;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::rustls;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::{PemObject, SectionKind};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;

/// A larger file than this is not a certificate or a key, in bytes.
const LARGEST_FILE: u64 = 1024 * 1024;
/// Characters in a line of PEM (RFC 7468).
const PEM_LINE: usize = 64;

/// A certificate of our own, the chain that vouches for it, and its private key.
#[derive(Clone)]
pub struct ClientIdentity {
    pub(crate) key: Arc<CertifiedKey>,
    der: Arc<PrivateKeyDer<'static>>,
    facts: CertificateFacts,
}

/// Which part of the client certificate an error is in; each is a key of target.toml.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityField {
    /// `certificate`, a PEM file.
    Certificate,
    /// `key`, a PEM file.
    Key,
    /// `pkcs12`, a PKCS#12 file.
    Pkcs12,
    /// `password_env` or `password_file`.
    Password,
}

/// Why a certificate of our own cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The file cannot be read.
    #[error("cannot read the file {}", path.display())]
    File {
        /// The key of target.toml.
        field: IdentityField,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file holds something else.
    #[error("the file {} {fault}", path.display())]
    Content {
        /// The key of target.toml.
        field: IdentityField,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: IdentityFault,
    },
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityFault {
    /// It is larger than such a file can be.
    #[error("is larger than 1 MB")]
    TooLarge,
    /// There is no certificate in it.
    #[error("holds no certificate")]
    NoCertificate,
    /// A certificate in it cannot be read.
    #[error("holds a certificate that cannot be read")]
    BadCertificate,
    /// The certificate has version 1 of X.509, which has no extensions.
    #[error("holds a certificate of X.509 version 1, with which no TLS connection can be made")]
    OldCertificate,
    /// There is no private key in it.
    #[error("holds no private key")]
    NoKey,
    /// The private key in it needs a passphrase.
    #[error("holds a private key that is locked with a passphrase")]
    EncryptedKey,
    /// The private key in it cannot be used.
    #[error("holds a private key of a kind that cannot be used")]
    BadKey,
    /// The private key is not that of the certificate.
    #[error("holds a private key that does not belong to the certificate")]
    KeyMismatch,
    /// It is PKCS#12 where PEM is expected, or another binary file.
    #[error("is not in PEM form")]
    NotPem,
    /// It is not PKCS#12, or not whole.
    #[error("is not a PKCS#12 file")]
    NotPkcs12,
    /// The password does not open it.
    #[error("does not open with this password")]
    WrongPassword,
    /// It is protected in a way that is not known here.
    #[error("is protected in a way that Plumbline does not know")]
    UnknownProtection,
}

impl IdentityError {
    /// The key of target.toml that the error is in.
    pub const fn field(&self) -> IdentityField {
        match self {
            Self::File { field, .. } | Self::Content { field, .. } => *field,
        }
    }

    /// What to do about it.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::File { .. } => {
                "name a file that can be read; a path is taken from the folder in which plumbline is \
                 started"
            }
            Self::Content { fault, .. } => fault.next_step(),
        }
    }
}

impl IdentityField {
    /// The key of target.toml below `connection.client_certificate`; for a password the one that
    /// names a variable.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Key => "key",
            Self::Pkcs12 => "pkcs12",
            Self::Password => "password_env",
        }
    }
}

impl IdentityFault {
    /// What to do about it.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::TooLarge => {
                "name the file that holds the certificate or the key, and nothing else"
            }
            Self::NoCertificate => {
                "name a file with the client certificate, and the certificates between it and its \
                 issuer; in PEM form it begins with -----BEGIN CERTIFICATE-----"
            }
            Self::BadCertificate => {
                "copy the certificate again: a part of it is missing or changed"
            }
            Self::OldCertificate => {
                "have it issued again with version 3: openssl x509 -req makes that only with -extfile or \
                 -copy_extensions copy"
            }
            Self::NoKey => {
                "name a file with the private key of the certificate; in PEM form it begins with \
                 -----BEGIN PRIVATE KEY-----, -----BEGIN RSA PRIVATE KEY----- or -----BEGIN EC PRIVATE \
                 KEY-----"
            }
            Self::EncryptedKey => {
                "remove the passphrase: openssl pkcs8 -topk8 -nocrypt -in locked.key -out client.key; or \
                 use a PKCS#12 file with a password"
            }
            Self::BadKey => {
                "use an RSA key of at least 2048 bits, or an EC key on P-256, P-384 or P-521"
            }
            Self::KeyMismatch => {
                "name the key that the certificate was asked for with; both of these must print the same: \
                 openssl x509 -in client.pem -noout -pubkey, and openssl pkey -in client.key -pubout"
            }
            Self::NotPem => {
                "convert it: openssl x509 -inform DER -in client.cer -out client.pem; or, if it is \
                 PKCS#12 (.p12, .pfx), name it in `pkcs12`"
            }
            Self::NotPkcs12 => {
                "name a PKCS#12 file (.p12, .pfx); PEM files are named in `certificate` and `key`"
            }
            Self::WrongPassword => {
                "correct what `password_env` or `password_file` leads to; try it with: openssl pkcs12 -in \
                 client.p12 -noout (with -legacy for older files)"
            }
            Self::UnknownProtection => {
                "convert it: openssl pkcs12 -in client.p12 -nodes -out all.pem, then openssl pkcs12 \
                 -export -in all.pem -out new.p12, and delete all.pem"
            }
        }
    }
}

impl ClientIdentity {
    /// Reads a certificate with its chain, its own certificate first, and a key (PKCS#8, PKCS#1 or
    /// SEC1), both in PEM. They may be one file.
    pub fn from_pem_files(certificate: &Path, key: &Path) -> Result<Self, IdentityError> {
        let error = |field, path: &Path, fault| IdentityError::Content {
            field,
            path: path.to_owned(),
            fault,
        };
        let chain = certificates(&read(certificate, IdentityField::Certificate)?)
            .map_err(|fault| error(IdentityField::Certificate, certificate, fault))?;
        let in_key = |fault| error(IdentityField::Key, key, fault);
        let der = private_key(&read(key, IdentityField::Key)?).map_err(in_key)?;
        Self::new(chain, der).map_err(|fault| match fault {
            IdentityFault::BadCertificate | IdentityFault::OldCertificate => {
                error(IdentityField::Certificate, certificate, fault)
            }
            other => in_key(other),
        })
    }

    /// Reads a certificate, its chain and its key from a PKCS#12 file of the modern kind (AES) or
    /// the old one (3DES, RC2). The password may be empty.
    pub fn from_pkcs12_file(path: &Path, password: &SecretString) -> Result<Self, IdentityError> {
        let bytes = read(path, IdentityField::Pkcs12)?;
        Self::from_pkcs12(&bytes, password).map_err(|fault| IdentityError::Content {
            field: match fault {
                IdentityFault::WrongPassword => IdentityField::Password,
                _ => IdentityField::Pkcs12,
            },
            path: path.to_owned(),
            fault,
        })
    }

    fn from_pkcs12(bytes: &[u8], password: &SecretString) -> Result<Self, IdentityFault> {
        let archive = Pkcs12Archive::from_pkcs12(bytes, password.expose_secret())
            .map_err(|error| pkcs12_fault(&error))?;
        let all: Vec<CertificateDer<'static>> = archive
            .certs
            .iter()
            .map(|bag| CertificateDer::from(bag.cert.as_der().to_vec()))
            .collect();
        if all.is_empty() {
            return Err(IdentityFault::NoCertificate);
        }
        let mut fault = IdentityFault::NoKey;
        for bag in &archive.keys {
            for own in &all {
                let der = PrivatePkcs8KeyDer::from(bag.key.as_der().to_vec());
                match Self::new(chain(own, &all), PrivateKeyDer::Pkcs8(der)) {
                    Ok(identity) => return Ok(identity),
                    // Certificates of others are expected beside the key's own.
                    Err(IdentityFault::KeyMismatch) if fault != IdentityFault::NoKey => {}
                    Err(found) => fault = found,
                }
            }
        }
        Err(fault)
    }

    /// A certificate that nobody vouches for but itself, made on the spot. A server that accepts it
    /// accepts everybody.
    pub fn unknown() -> Option<Self> {
        let mut params = rcgen::CertificateParams::new(Vec::new()).ok()?;
        params.distinguished_name.push(
            rcgen::DnType::CommonName,
            "Plumbline test of an unknown issuer",
        );
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2090, 1, 1);
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        let key = rcgen::KeyPair::generate().ok()?;
        let certificate = params.self_signed(&key).ok()?;
        let der = PrivatePkcs8KeyDer::from(key.serialize_der());
        Self::new(vec![certificate.der().clone()], der.into()).ok()
    }

    /// `chain` is not empty and begins with the certificate itself.
    fn new(
        chain: Vec<CertificateDer<'static>>,
        der: PrivateKeyDer<'static>,
    ) -> Result<Self, IdentityFault> {
        let readable = chain
            .iter()
            .all(|one| CertificateFacts::from_der(one).is_some());
        let facts = chain
            .first()
            .and_then(|own| CertificateFacts::from_der(own))
            .filter(|_| readable)
            .ok_or(IdentityFault::BadCertificate)?;
        if !facts.is_version_3 {
            return Err(IdentityFault::OldCertificate);
        }
        let key = CertifiedKey::from_der(chain, der.clone_key(), &default_provider()).map_err(
            |error| match error {
                rustls::Error::InconsistentKeys(_) => IdentityFault::KeyMismatch,
                rustls::Error::InvalidCertificate(_) => IdentityFault::BadCertificate,
                _ => IdentityFault::BadKey,
            },
        )?;
        Ok(Self {
            key: Arc::new(key),
            der: Arc::new(der),
            facts,
        })
    }

    /// What the certificate says of itself. Whether it is over by now is not looked at when it is
    /// read: see [`CertificateFacts::validity`].
    pub const fn facts(&self) -> &CertificateFacts {
        &self.facts
    }

    /// Chain and key in the form in which the HTTP client takes them.
    pub(crate) fn pem(&self) -> SecretString {
        let mut text = String::new();
        for certificate in &self.key.cert {
            write_pem(&mut text, "CERTIFICATE", certificate);
        }
        let kind = match *self.der {
            PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
            PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
            _ => "PRIVATE KEY",
        };
        write_pem(&mut text, kind, self.der.secret_der());
        SecretString::from(text)
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientIdentity")
            .field("fingerprint", &self.facts.fingerprint)
            .finish_non_exhaustive()
    }
}

fn read(path: &Path, field: IdentityField) -> Result<Vec<u8>, IdentityError> {
    let unreadable = |source| IdentityError::File {
        field,
        path: path.to_owned(),
        source,
    };
    if std::fs::metadata(path).map_err(unreadable)?.len() > LARGEST_FILE {
        return Err(IdentityError::Content {
            field,
            path: path.to_owned(),
            fault: IdentityFault::TooLarge,
        });
    }
    std::fs::read(path).map_err(unreadable)
}

fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, IdentityFault> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    let found = found.map_err(|_| IdentityFault::BadCertificate)?;
    match found.first() {
        Some(_) => Ok(found),
        None if has_pem(text) => Err(IdentityFault::NoCertificate),
        None => Err(not_pem(text, IdentityFault::NoCertificate)),
    }
}

fn private_key(text: &[u8]) -> Result<PrivateKeyDer<'static>, IdentityFault> {
    let says = |words: &str| find(text, words.as_bytes());
    if says("BEGIN ENCRYPTED PRIVATE KEY") || says("Proc-Type: 4,ENCRYPTED") {
        return Err(IdentityFault::EncryptedKey);
    }
    let mut rest = text;
    while let Ok(Some((kind, der))) = rustls::pki_types::pem::from_buf(&mut rest) {
        let key = match kind {
            SectionKind::PrivateKey => PrivateKeyDer::Pkcs8(der.into()),
            SectionKind::RsaPrivateKey => PrivateKeyDer::Pkcs1(der.into()),
            SectionKind::EcPrivateKey => PrivateKeyDer::Sec1(der.into()),
            _ => continue,
        };
        return Ok(key);
    }
    if says("PRIVATE KEY-----") {
        return Err(IdentityFault::BadKey);
    }
    if has_pem(text) {
        return Err(IdentityFault::NoKey);
    }
    Err(not_pem(text, IdentityFault::NoKey))
}

fn has_pem(text: &[u8]) -> bool {
    find(text, b"-----BEGIN ")
}

/// What is wrong with a file without PEM: binary files begin as every DER does.
fn not_pem(text: &[u8], otherwise: IdentityFault) -> IdentityFault {
    if text.first() == Some(&0x30) {
        IdentityFault::NotPem
    } else {
        otherwise
    }
}

fn find(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|part| part == words)
}

/// The certificate and those that vouch for it, as far as they are there; without the last one, if
/// it vouches for itself, since the other side has that or does not trust it.
fn chain(
    own: &CertificateDer<'static>,
    all: &[CertificateDer<'static>],
) -> Vec<CertificateDer<'static>> {
    let mut chain = vec![own.clone()];
    let mut facts = CertificateFacts::from_der(own);
    while let Some(below) = facts.filter(|facts| facts.subject != facts.issuer) {
        let above = all.iter().find_map(|one| {
            let facts = CertificateFacts::from_der(one)?;
            let fits = facts.subject == below.issuer && facts.subject != facts.issuer;
            (fits && !chain.contains(one)).then_some((one, facts))
        });
        facts = above.map(|(one, facts)| {
            chain.push(one.clone());
            facts
        });
    }
    chain
}

fn pkcs12_fault(error: &p12_keystore::error::Error) -> IdentityFault {
    use p12_keystore::error::Error;
    match error {
        // With a checksum, that is wrong; without one, what was unlocked is not what it should be.
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => {
            IdentityFault::WrongPassword
        }
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm => {
            IdentityFault::UnknownProtection
        }
        Error::X509Error(_) | Error::UnsupportedCertificateType => IdentityFault::BadCertificate,
        Error::InvalidPrivateKey => IdentityFault::BadKey,
        Error::IoError(_)
        | Error::DerError(_)
        | Error::InvalidVersion
        | Error::UnsupportedContentType
        | Error::InvalidLength
        | Error::InvalidParameters
        | Error::InvalidData => IdentityFault::NotPkcs12,
    }
}

fn write_pem(text: &mut String, kind: &str, der: &[u8]) {
    let encoded = STANDARD.encode(der);
    // Writing to a String cannot fail; base64 has one byte for each character.
    let _ = writeln!(text, "-----BEGIN {kind}-----");
    for line in encoded.as_bytes().chunks(PEM_LINE) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    let _ = writeln!(text, "-----END {kind}-----");
}
