//! The signed JWT by which a client proves who it is when it asks for a token (RFC 7523).
//! Not for keeping or sending it.

use crate::config::ClientCredentials;
use crate::failure::{HttpError, KeyFault};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// How long an assertion is good for, in seconds. Services refuse more than five minutes; a minute
/// is left for clocks that disagree.
const LIFETIME: i64 = 240;

/// The algorithms for which NHS services register keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSA with SHA-512.
    Rs512,
    /// ECDSA on the curve P-384 with SHA-384.
    Es384,
}

impl SigningAlgorithm {
    const fn jwt(self) -> Algorithm {
        match self {
            Self::Rs512 => Algorithm::RS512,
            Self::Es384 => Algorithm::ES384,
        }
    }
}

/// A private key that fits its algorithm. Its debug output holds nothing of the key.
#[derive(Debug)]
pub(crate) struct SigningKey {
    key: EncodingKey,
    algorithm: Algorithm,
}

impl SigningKey {
    /// Reads the key and signs with it once, so that a key of the wrong kind is found here.
    pub(crate) fn new(pem: &SecretString, algorithm: SigningAlgorithm) -> Result<Self, HttpError> {
        let text = pem.expose_secret();
        if let Some(fault) = other_content(text) {
            return Err(HttpError::SigningKey(fault));
        }
        let (rsa, ec) = (
            EncodingKey::from_rsa_pem(text.as_bytes()),
            EncodingKey::from_ec_pem(text.as_bytes()),
        );
        let (wanted, other) = match algorithm {
            SigningAlgorithm::Rs512 => (rsa, ec),
            SigningAlgorithm::Es384 => (ec, rsa),
        };
        let key = match (wanted, other) {
            (Ok(key), _) => key,
            (Err(_), Ok(_)) => return Err(HttpError::SigningKey(KeyFault::WrongKind)),
            (Err(_), Err(_)) => return Err(HttpError::SigningKey(KeyFault::NotPem)),
        };
        let algorithm = algorithm.jwt();
        jsonwebtoken::crypto::sign(b"", &key, algorithm)
            .map_err(|_| HttpError::SigningKey(KeyFault::WrongKind))?;
        Ok(Self { key, algorithm })
    }

    /// The assertion; `None` if the library cannot sign, which the trial in [`Self::new`] rules out.
    pub(crate) fn assertion(
        &self,
        settings: &ClientCredentials,
        now: i64,
        id: &str,
    ) -> Option<SecretString> {
        let header = Header {
            kid: Some(settings.key_id.clone()),
            ..Header::new(self.algorithm)
        };
        let claims = json!({
            "iss": settings.client_id,
            "sub": settings.client_id,
            "aud": settings.audience,
            "jti": id,
            "iat": now,
            "exp": now + LIFETIME,
        });
        jsonwebtoken::encode(&header, &claims, &self.key)
            .ok()
            .map(SecretString::from)
    }
}

/// What the text is, if its first lines say that it is something other than a private key we can use.
fn other_content(text: &str) -> Option<KeyFault> {
    let begins = |kind: &str| text.contains(&format!("-----BEGIN {kind}-----"));
    if begins("ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
        Some(KeyFault::Encrypted)
    } else if begins("EC PRIVATE KEY") {
        Some(KeyFault::OldEcForm)
    } else if begins("PUBLIC KEY") || begins("RSA PUBLIC KEY") || begins("CERTIFICATE") {
        Some(KeyFault::Public)
    } else if begins("PRIVATE KEY") || begins("RSA PRIVATE KEY") {
        None
    } else {
        Some(KeyFault::NotPem)
    }
}
