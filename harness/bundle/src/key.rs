//! Keys that sign bundles: Ed25519, as PEM files that openssl reads and writes.
//! Not for making random numbers or for files: the caller brings both.

use crate::hash;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, KeypairBytes,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use std::fmt;
use thiserror::Error;

/// The longest text that is looked at as a key, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// A text is no key that can be used. No message repeats any of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// There is no PEM in it.
    #[error("it is no key in PEM form, which begins with -----BEGIN")]
    NotPem,
    /// A private key with a passphrase.
    #[error(
        "the private key has a passphrase; remove it: openssl pkey -in locked.pem -out private.pem"
    )]
    Encrypted,
    /// A private key where a public one is wanted.
    #[error(
        "it is a private key; give the public one, which begins with -----BEGIN PUBLIC KEY-----"
    )]
    Private,
    /// A public key where a private one is wanted.
    #[error(
        "it is a public key; give the private one, which begins with -----BEGIN PRIVATE KEY-----"
    )]
    Public,
    /// A key of another kind, or a broken one.
    #[error("it is no Ed25519 key; make one with `plumbline keygen --out FILE`")]
    NotEd25519,
}

/// A key that signs. Shown nowhere.
pub struct PrivateKey(SigningKey);

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey")
    }
}

impl PrivateKey {
    /// The key that 32 random bytes make; the same bytes make the same key.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// Reads PKCS#8 in PEM form, as `plumbline keygen` or `openssl genpkey -algorithm ed25519` write it.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let text = shortened(text)?;
        if text.contains("-----BEGIN PUBLIC KEY-----") {
            return Err(KeyError::Public);
        }
        if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
            || text.contains("Proc-Type: 4,ENCRYPTED")
        {
            return Err(KeyError::Encrypted);
        }
        let key = SigningKey::from_pkcs8_pem(text).map_err(|_| KeyError::NotEd25519)?;
        Ok(Self(key))
    }

    /// The key as PKCS#8 in PEM form, in the first version, the only one that openssl 3.0 reads.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let bytes = KeypairBytes {
            secret_key: self.0.to_bytes(),
            public_key: None,
        };
        let pem = bytes.to_pkcs8_pem(LineEnding::LF);
        Ok(pem.map_err(|_| KeyError::NotEd25519)?.as_str().to_owned())
    }

    /// The key that verifies what this one signs.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// A key that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a public key in PEM form (`SubjectPublicKeyInfo`), as it stands beside a private key of
    /// `plumbline keygen` or comes from `openssl pkey -pubout`.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let text = shortened(text)?;
        if text.contains("PRIVATE KEY-----") {
            return Err(KeyError::Private);
        }
        let key = VerifyingKey::from_public_key_pem(text).map_err(|_| KeyError::NotEd25519)?;
        Ok(Self(key))
    }

    /// The key in PEM form.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.0
            .to_public_key_pem(LineEnding::LF)
            .map_err(|_| KeyError::NotEd25519)
    }

    /// SHA-256 of the key in DER form, in hexadecimal digits:
    /// `openssl pkey -pubin -in FILE -outform DER | sha256sum`.
    pub fn fingerprint(&self) -> String {
        // What comes before the 32 bytes of an Ed25519 key in its DER form (RFC 8410).
        let mut der = vec![
            0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
        ];
        der.extend(self.0.as_bytes());
        hash::hex(&der)
    }

    /// Whether this key signed the message. Weak keys and signatures with two forms are refused.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::from_slice(signature);
        signature.is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

fn shortened(text: &str) -> Result<&str, KeyError> {
    if text.len() > MOST_BYTES || !text.contains("-----BEGIN ") {
        return Err(KeyError::NotPem);
    }
    Ok(text.trim_start_matches('\u{feff}').trim())
}

#[cfg(test)]
mod tests {
    use super::{KeyError, PrivateKey, PublicKey};

    #[test]
    fn keys_survive_their_files() {
        let key = PrivateKey::from_seed([7; 32]);
        let again = PrivateKey::from_pem(&key.to_pem().unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
        let pem = key.public().to_pem().unwrap();
        assert_eq!(PublicKey::from_pem(&pem).unwrap(), key.public());
        assert_eq!(key.public().fingerprint().len(), 64);
        let windows = format!("\u{feff}{}", pem.replace('\n', "\r\n"));
        assert_eq!(PublicKey::from_pem(&windows).unwrap(), key.public());
    }

    #[test]
    fn a_signature_fits_one_message_and_one_key() {
        let (key, other) = (
            PrivateKey::from_seed([1; 32]),
            PrivateKey::from_seed([2; 32]),
        );
        let signature = key.sign(b"a");
        assert!(key.public().verifies(b"a", &signature));
        assert!(!key.public().verifies(b"b", &signature));
        assert!(!other.public().verifies(b"a", &signature));
        assert!(!key.public().verifies(b"a", &signature[..63]));
    }

    #[test]
    fn what_is_no_such_key_is_told_apart_and_never_repeated() {
        let key = PrivateKey::from_seed([7; 32]);
        let (private, public) = (key.to_pem().unwrap(), key.public().to_pem().unwrap());
        assert_eq!(PrivateKey::from_pem(&public).unwrap_err(), KeyError::Public);
        assert_eq!(
            PublicKey::from_pem(&private).unwrap_err(),
            KeyError::Private
        );
        assert_eq!(
            PrivateKey::from_pem("hunter2").unwrap_err(),
            KeyError::NotPem
        );
        let locked = private.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        assert_eq!(
            PrivateKey::from_pem(&locked).unwrap_err(),
            KeyError::Encrypted
        );
        let broken = private.replace("MC4", "MD4");
        assert_eq!(
            PrivateKey::from_pem(&broken).unwrap_err(),
            KeyError::NotEd25519
        );
        assert_eq!(format!("{key:?}"), "PrivateKey");
    }
}
