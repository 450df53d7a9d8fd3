//! What is signed: an in-toto statement about the manifest, in a DSSE envelope.
//! Not for deciding whom to trust: the caller compares keys.

use crate::canonical::{self, CanonicalError};
use crate::facts::Facts;
use crate::key::PrivateKey;
use crate::layout::{BUNDLE_FORMAT, MANIFEST, Tier};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use plumbline_model::{RunStatus, StandardRef, Subject};
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// What kind of payload is signed.
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// What the predicate means: that the signer stands by the bundle with this manifest.
const PREDICATE_TYPE: &str = "urn:plumbline:evidence-bundle:v1";
/// The longest name of a signer, in characters.
const LONGEST_NAME: usize = 120;

/// The name that a signer gives itself. Only the key proves anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct SignerName(String);

/// A name that cannot stand in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignerNameError {
    /// Nothing in it.
    #[error("the name of the signer is empty")]
    Empty,
    /// Too long.
    #[error("the name of the signer is longer than {LONGEST_NAME} characters")]
    TooLong,
    /// It holds something that cannot be seen, or that changes how the rest looks.
    #[error(
        "the name of the signer holds a control character or one that changes the direction of writing"
    )]
    Invisible,
}

impl SignerName {
    /// A name that can be shown.
    pub fn new(name: &str) -> Result<Self, SignerNameError> {
        let name = name.trim();
        if name.is_empty() {
            Err(SignerNameError::Empty)
        } else if name.chars().count() > LONGEST_NAME {
            Err(SignerNameError::TooLong)
        } else if name.chars().any(crate::words::is_unseen) {
            Err(SignerNameError::Invisible)
        } else {
            Ok(Self(name.to_owned()))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SignerName {
    type Error = SignerNameError;

    fn try_from(text: String) -> Result<Self, SignerNameError> {
        Self::new(&text)
    }
}

impl fmt::Display for SignerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Digest {
    sha256: String,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    digest: Digest,
    name: String,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signer {
    name: SignerName,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Predicate {
    bundle_format: u32,
    mock: Option<String>,
    result: String,
    run: String,
    signer: Signer,
    standards: Vec<StandardRef>,
    status: RunStatus,
    subject: Subject,
    tier: Tier,
}

/// The statement that a signer stands by.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    predicate: Predicate,
    predicate_type: String,
    subject: Vec<About>,
}

impl Statement {
    /// The statement about a manifest with this hash.
    pub fn new(facts: &Facts, manifest_sha256: String, signer: SignerName) -> Self {
        Self {
            kind: STATEMENT_TYPE.to_owned(),
            predicate: Predicate {
                bundle_format: BUNDLE_FORMAT,
                mock: facts.mock.as_ref().map(|mock| mock.name.clone()),
                result: facts.result.sentence.clone(),
                run: facts.run.id.clone(),
                signer: Signer { name: signer },
                standards: facts.pack.standards.clone(),
                status: facts.result.status,
                subject: facts.subject.clone(),
                tier: facts.evidence.tier,
            },
            predicate_type: PREDICATE_TYPE.to_owned(),
            subject: vec![About {
                digest: Digest {
                    sha256: manifest_sha256,
                },
                name: MANIFEST.to_owned(),
            }],
        }
    }

    pub fn signer(&self) -> &SignerName {
        &self.predicate.signer.name
    }

    /// The hash of the manifest that it is about.
    pub fn manifest_sha256(&self) -> Option<&str> {
        match self.subject.as_slice() {
            [about] if about.name == MANIFEST => Some(&about.digest.sha256),
            _ => None,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureEntry {
    keyid: String,
    sig: String,
}

/// The envelope, as the file holds it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Envelope {
    payload: String,
    payload_type: String,
    signatures: Vec<SignatureEntry>,
}

/// An envelope that was taken apart.
#[derive(Debug)]
pub(crate) struct Sealed {
    /// The signed bytes.
    pub payload: Vec<u8>,
    /// What the envelope says of the key.
    pub key_id: String,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Sealed {
    /// What the signature is over: the pre-authentication encoding of DSSE version 1.
    pub fn message(&self) -> Vec<u8> {
        pre_authentication(&self.payload)
    }

    /// Takes an envelope apart. One that Plumbline would not have written so is refused, because two
    /// texts would otherwise pass as the same envelope.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let envelope: Envelope = serde_json::from_slice(bytes).ok()?;
        if canonical::text(&envelope).ok()?.as_bytes() != bytes
            || envelope.payload_type != PAYLOAD_TYPE
        {
            return None;
        }
        let [entry] = envelope.signatures.as_slice() else {
            return None;
        };
        Some(Self {
            payload: STANDARD.decode(&envelope.payload).ok()?,
            key_id: entry.keyid.clone(),
            signature: STANDARD.decode(&entry.sig).ok()?,
        })
    }
}

fn pre_authentication(payload: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "DSSEv1 {} {PAYLOAD_TYPE} {} ",
        PAYLOAD_TYPE.len(),
        payload.len()
    )
    .into_bytes();
    out.extend(payload);
    out
}

/// Signs a statement: the text of attestation.dsse.json.
pub(crate) fn seal(statement: &Statement, key: &PrivateKey) -> Result<String, CanonicalError> {
    let payload = canonical::text(statement)?.into_bytes();
    let signature = key.sign(&pre_authentication(&payload));
    canonical::text(&Envelope {
        payload: STANDARD.encode(&payload),
        payload_type: PAYLOAD_TYPE.to_owned(),
        signatures: vec![SignatureEntry {
            keyid: key.public().fingerprint(),
            sig: STANDARD.encode(signature),
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::{SignerName, SignerNameError, pre_authentication};

    #[test]
    fn the_encoding_counts_bytes_as_dsse_wants() {
        let encoded = String::from_utf8(pre_authentication("é".as_bytes())).unwrap();
        assert_eq!(encoded, "DSSEv1 28 application/vnd.in-toto+json 2 é");
    }

    #[test]
    fn a_name_can_be_seen_whole() {
        assert_eq!(
            SignerName::new(" Riverside ").unwrap().as_str(),
            "Riverside"
        );
        assert_eq!(SignerName::new(" "), Err(SignerNameError::Empty));
        assert_eq!(
            SignerName::new(&"x".repeat(121)),
            Err(SignerNameError::TooLong)
        );
        for bad in ["a\u{1b}[2Jb", "a\u{202e}b", "a\nb", "a\u{200b}b"] {
            assert_eq!(
                SignerName::new(bad),
                Err(SignerNameError::Invisible),
                "{bad:?}"
            );
        }
    }
}
