//! What a certificate says: whose it is, who vouches for it, for how long, with which key.
//! Not for deciding whether it is trusted. What it says is the other side's text, so it is cut
//! short and cleaned before anybody prints it.

use plumbline_model::hexadecimal;
use sha2::{Digest, Sha256};
use std::fmt;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::{SubjectPublicKeyInfo, X509Name, X509Version};

/// The longest text of a certificate that is kept, in characters.
const LONGEST_TEXT: usize = 200;
/// The most names of a certificate that are kept.
const MOST_NAMES: usize = 50;

/// What a certificate says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whose it is, as a distinguished name such as `CN=fhir.example.org`.
    pub subject: String,
    /// Who vouches for it, in the same form.
    pub issuer: String,
    /// The host names and addresses that it is for (subject alternative names); the first 50.
    pub names: Vec<String>,
    /// Its first second, counted from 1970-01-01T00:00:00Z.
    pub not_before: i64,
    /// Its last second, counted from 1970-01-01T00:00:00Z.
    pub not_after: i64,
    /// The kind of its key.
    pub key: KeyKind,
    /// Whether it has version 3 of X.509; older ones have no extensions, and no TLS goes with them.
    pub is_version_3: bool,
    /// Whether it may vouch for others.
    pub is_authority: bool,
    /// SHA-256 of the whole certificate, in lower-case hexadecimal digits.
    pub fingerprint: String,
}

/// The kind of a public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA.
    Rsa {
        /// Its length in bits.
        bits: usize,
    },
    /// An elliptic curve.
    Ec {
        /// The curve, such as P-256, or its object identifier.
        curve: String,
    },
    /// Ed25519.
    Ed25519,
    /// Anything else.
    Other {
        /// The object identifier of the algorithm.
        oid: String,
    },
}

/// How a certificate stands to a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// It is valid.
    Valid,
    /// It is over.
    Expired,
    /// It is not valid yet.
    NotYet,
}

impl CertificateFacts {
    /// Reads a certificate in DER; `None` if it is none.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        Some(Self {
            subject: name(certificate.subject()),
            issuer: name(certificate.issuer()),
            names: alternative_names(&certificate),
            not_before: certificate.validity().not_before.timestamp(),
            not_after: certificate.validity().not_after.timestamp(),
            key: key_kind(certificate.public_key()),
            is_version_3: certificate.version() == X509Version::V3,
            is_authority: certificate.is_ca(),
            fingerprint: hexadecimal(&Sha256::digest(der)),
        })
    }

    /// How it stands at this time, in seconds since 1970-01-01T00:00:00Z.
    pub const fn validity(&self, now: i64) -> Validity {
        if now < self.not_before {
            Validity::NotYet
        } else if now > self.not_after {
            Validity::Expired
        } else {
            Validity::Valid
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA, {bits} bits"),
            Self::Ec { curve } => write!(f, "EC, {curve}"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Other { oid } => write!(f, "another kind, {oid}"),
        }
    }
}

/// A distinguished name in DER, as a server sends those of the issuers that it accepts.
pub(crate) fn name_from_der(der: &[u8]) -> Option<String> {
    X509Name::from_der(der).ok().map(|(_, found)| name(&found))
}

fn name(name: &X509Name<'_>) -> String {
    clean(&name.to_string())
}

fn alternative_names(certificate: &X509Certificate<'_>) -> Vec<String> {
    // Given twice, or not to be read, it names nobody.
    let Ok(Some(names)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let shown = names.value.general_names.iter().filter_map(|name| {
        Some(match name {
            GeneralName::DNSName(name) | GeneralName::URI(name) => clean(name),
            GeneralName::IPAddress(bytes) => address(bytes)?,
            _ => return None,
        })
    });
    shown.take(MOST_NAMES).collect()
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(four).to_string());
    }
    let sixteen = <[u8; 16]>::try_from(bytes).ok()?;
    Some(std::net::Ipv6Addr::from(sixteen).to_string())
}

fn key_kind(key: &SubjectPublicKeyInfo<'_>) -> KeyKind {
    let oid = key.algorithm.algorithm.to_id_string();
    match (oid.as_str(), key.parsed()) {
        ("1.3.101.112", _) => KeyKind::Ed25519,
        (_, Ok(PublicKey::RSA(rsa))) => KeyKind::Rsa {
            bits: rsa.key_size(),
        },
        ("1.2.840.10045.2.1", _) => KeyKind::Ec {
            curve: curve(key).unwrap_or_else(|| "an unnamed curve".to_owned()),
        },
        _ => KeyKind::Other { oid: clean(&oid) },
    }
}

fn curve(key: &SubjectPublicKeyInfo<'_>) -> Option<String> {
    let oid = key.algorithm.parameters.as_ref()?.as_oid().ok()?;
    Some(match oid.to_id_string().as_str() {
        "1.2.840.10045.3.1.7" => "P-256".to_owned(),
        "1.3.132.0.34" => "P-384".to_owned(),
        "1.3.132.0.35" => "P-521".to_owned(),
        other => clean(other),
    })
}

/// Without control characters, and not too long.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .take(LONGEST_TEXT)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{
        CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
    };

    fn facts(change: impl FnOnce(&mut CertificateParams), key: &KeyPair) -> CertificateFacts {
        let names = vec!["fhir.example".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "a test");
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
        change(&mut params);
        let certificate = params.self_signed(key).unwrap();
        CertificateFacts::from_der(certificate.der()).unwrap()
    }

    #[test]
    fn says_whose_it_is_and_for_how_long() {
        let facts = facts(|_| (), &KeyPair::generate().unwrap());
        assert_eq!(facts.subject, "CN=a test");
        assert_eq!(facts.issuer, facts.subject);
        assert_eq!(facts.names, ["fhir.example", "127.0.0.1"]);
        assert_eq!(facts.key.to_string(), "EC, P-256");
        assert_eq!(facts.fingerprint.len(), 64);
        assert!(!facts.is_authority);
        let (first, last) = (1_577_836_800, 1_609_459_200);
        for (now, validity) in [
            (first - 1, Validity::NotYet),
            (first, Validity::Valid),
            (last, Validity::Valid),
            (last + 1, Validity::Expired),
        ] {
            assert_eq!(facts.validity(now), validity, "{now}");
        }
    }

    #[test]
    fn tells_kinds_of_keys_apart() {
        for (algorithm, words) in [
            (&PKCS_ECDSA_P384_SHA384, "EC, P-384"),
            (&PKCS_ED25519, "Ed25519"),
        ] {
            let key = KeyPair::generate_for(algorithm).unwrap();
            assert_eq!(facts(|_| (), &key).key.to_string(), words);
        }
    }

    #[test]
    fn hostile_text_is_cleaned_and_cut() {
        let key = KeyPair::generate().unwrap();
        let text = format!("\u{1b}[31m\n{}", "x".repeat(1000));
        let facts = facts(
            |params| params.distinguished_name.push(DnType::CommonName, text),
            &key,
        );
        assert!(!facts.subject.contains(char::is_control));
        assert_eq!(facts.subject.chars().count(), LONGEST_TEXT);
    }

    #[test]
    fn what_is_no_certificate_has_no_facts() {
        for der in [&[][..], b"no certificate", &[0x30, 0x82, 0xff, 0xff]] {
            assert_eq!(CertificateFacts::from_der(der), None);
        }
    }
}
