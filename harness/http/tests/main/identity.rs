//! Client certificates from files: every form that is taken, and every mistake by its name.

use crate::keys::{base64, pkcs1};
use crate::service::{EC, RSA};
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};
use plumbline_http::{ClientIdentity, IdentityError, IdentityFault, IdentityField, Validity};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// An issuer of certificates for clients.
pub struct Authority {
    ca: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let name = &mut params.distinguished_name;
        name.push(DnType::CommonName, "Authority of the test");
        let key = KeyPair::generate().unwrap();
        Self {
            ca: CertifiedIssuer::self_signed(params, key).unwrap(),
        }
    }

    pub fn der(&self) -> Vec<u8> {
        self.ca.der().to_vec()
    }

    /// A certificate for this key that ends with this year.
    pub fn certificate(&self, key: &KeyPair, until: i32) -> rcgen::Certificate {
        let mut params = CertificateParams::new(vec!["client.example".to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let name = &mut params.distinguished_name;
        name.push(DnType::CommonName, "Client of the test");
        params.signed_by(key, &self.ca).unwrap()
    }

    /// A certificate with a key of its own, read back from files.
    pub fn identity(&self, until: i32) -> ClientIdentity {
        let key = KeyPair::generate().unwrap();
        let folder = Folder::new();
        let text = self.certificate(&key, until).pem() + &key.serialize_pem();
        let path = folder.write("both.pem", text);
        ClientIdentity::from_pem_files(&path, &path).unwrap()
    }
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// The key of a PKCS#8 file as SEC1: what the octet string at its end holds.
fn sec1(pair: &KeyPair) -> String {
    let pkcs8 = pair.serialize_der();
    let at = pkcs8.windows(3).position(|part| part == [2, 1, 1]).unwrap();
    let begin = (0..at).rev().find(|index| pkcs8[*index] == 0x30).unwrap();
    let body = base64(&pkcs8[begin..]);
    format!("-----BEGIN EC PRIVATE KEY-----\n{body}-----END EC PRIVATE KEY-----\n")
}

fn password(text: &str) -> SecretString {
    SecretString::from(text)
}

fn fault(result: Result<ClientIdentity, IdentityError>) -> (IdentityField, IdentityFault) {
    let error = result.unwrap_err();
    assert!(!error.next_step().is_empty());
    let IdentityError::Content { field, fault, .. } = error else {
        panic!("{error:?}");
    };
    assert!(!fault.next_step().is_empty());
    (field, fault)
}

#[test]
fn keys_are_taken_in_every_usual_form() {
    let authority = Authority::new();
    let folder = Folder::new();
    for (pair, key) in [
        (&*EC, EC.serialize_pem()),
        (&*EC, sec1(&EC)),
        (&*RSA, RSA.serialize_pem()),
        (&*RSA, pkcs1(&RSA)),
        // As tools write it, with the parameters of the curve before the key.
        (
            &*EC,
            format!(
                "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n{}",
                sec1(&EC)
            ),
        ),
    ] {
        let certificate = authority.certificate(pair, 2090).pem();
        let chain = format!("Bag Attributes\n{certificate}\n{}", authority.ca.pem());
        let chain = folder.write("client.pem", chain);
        let key = folder.write("client.key", key);
        let identity = ClientIdentity::from_pem_files(&chain, &key).unwrap();
        assert_eq!(identity.facts().names, ["client.example"]);
        assert_eq!(identity.facts().validity(1_800_000_000), Validity::Valid);
    }
}

#[test]
fn each_mistake_in_pem_files_has_its_name() {
    let authority = Authority::new();
    let folder = Folder::new();
    let good = folder.write("client.pem", authority.certificate(&EC, 2090).pem());
    let key = folder.write("client.key", EC.serialize_pem());
    let other = folder.write("other.key", KeyPair::generate().unwrap().serialize_pem());
    let der = folder.write("client.cer", authority.der());
    let text = folder.write("notes.txt", "our certificate");
    let locked =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let locked = folder.write("locked.key", locked);
    let old_locked = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nAAAA\n\
                      -----END RSA PRIVATE KEY-----\n";
    let old_locked = folder.write("old-locked.key", old_locked);
    let broken = folder.write(
        "broken.pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    let half = folder.write("half.pem", "-----BEGIN CERTIFICATE-----\nMIIB");
    let strange = folder.write(
        "strange.key",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    );
    let large = folder.write("large.pem", vec![b'x'; 1024 * 1024 + 1]);
    let (in_certificate, in_key) = (IdentityField::Certificate, IdentityField::Key);
    for (certificate, key, expected) in [
        (&good, &other, (in_key, IdentityFault::KeyMismatch)),
        (&good, &locked, (in_key, IdentityFault::EncryptedKey)),
        (&good, &old_locked, (in_key, IdentityFault::EncryptedKey)),
        (&good, &good, (in_key, IdentityFault::NoKey)),
        (&good, &text, (in_key, IdentityFault::NoKey)),
        (&good, &der, (in_key, IdentityFault::NotPem)),
        (&good, &strange, (in_key, IdentityFault::BadKey)),
        (&good, &large, (in_key, IdentityFault::TooLarge)),
        (&key, &key, (in_certificate, IdentityFault::NoCertificate)),
        (&text, &key, (in_certificate, IdentityFault::NoCertificate)),
        (&der, &key, (in_certificate, IdentityFault::NotPem)),
        (
            &broken,
            &key,
            (in_certificate, IdentityFault::BadCertificate),
        ),
        (&half, &key, (in_certificate, IdentityFault::BadCertificate)),
    ] {
        let result = ClientIdentity::from_pem_files(certificate, key);
        assert_eq!(fault(result), expected, "{certificate:?} {key:?}");
    }
    let absent = folder.0.path().join("absent.key");
    let error = ClientIdentity::from_pem_files(&good, &absent).unwrap_err();
    assert!(matches!(&error, IdentityError::File { path, .. } if *path == absent));
    assert_eq!(error.field(), in_key);
}

fn made(authority: &Authority, key: &KeyPair, kind: EncryptionAlgorithm) -> Vec<u8> {
    let certificate = Certificate::from_der(authority.certificate(key, 2090).der()).unwrap();
    let issuer = Certificate::from_der(&authority.der()).unwrap();
    let private = PrivateKey::from_der(&key.serialize_der()).unwrap();
    let mut store = KeyStore::new();
    let chain = PrivateKeyChain::new("1", private, [certificate, issuer]);
    store.add_entry("client", KeyStoreEntry::PrivateKeyChain(chain));
    let mac = match kind {
        EncryptionAlgorithm::PbeWithHmacSha256AndAes256 => MacAlgorithm::HmacSha256,
        _ => MacAlgorithm::HmacSha1,
    };
    let writer = store.writer("pass word").encryption_algorithm(kind);
    let writer = writer.mac_algorithm(mac).mac_iterations(2048);
    writer.encryption_iterations(2048).write().unwrap()
}

#[test]
fn pkcs12_is_read_whatever_protects_it() {
    let authority = Authority::new();
    let folder = Folder::new();
    for kind in [
        EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
        EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc,
        EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc,
    ] {
        for key in [&*EC, &*RSA] {
            let path = folder.write("client.p12", made(&authority, key, kind));
            let identity = ClientIdentity::from_pkcs12_file(&path, &password("pass word"));
            assert_eq!(identity.unwrap().facts().names, ["client.example"]);
            for wrong in ["", "password", "pass word "] {
                let result = ClientIdentity::from_pkcs12_file(&path, &password(wrong));
                let expected = (IdentityField::Password, IdentityFault::WrongPassword);
                assert_eq!(fault(result), expected, "{kind:?}");
            }
        }
    }
}

/// What the folder holds is described beside it.
#[test]
fn pkcs12_of_openssl_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates");
    for name in ["modern.p12", "legacy.p12"] {
        let path = folder.join(name);
        let identity = ClientIdentity::from_pkcs12_file(&path, &password("plumbline")).unwrap();
        assert_eq!(identity.facts().subject, "CN=Plumbline test client");
        assert_eq!(identity.facts().issuer, "CN=Plumbline test issuer");
        let result = ClientIdentity::from_pkcs12_file(&path, &password("plumb"));
        assert_eq!(fault(result).1, IdentityFault::WrongPassword, "{name}");
    }
}

#[test]
fn a_certificate_of_version_1_is_refused_before_it_fails() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates");
    let keys = Folder::new();
    let key = keys.write("client.key", EC.serialize_pem());
    let result = ClientIdentity::from_pem_files(&folder.join("version-1.pem"), &key);
    let expected = (IdentityField::Certificate, IdentityFault::OldCertificate);
    assert_eq!(fault(result), expected);
}

#[test]
fn what_is_not_pkcs12_is_said_so() {
    let authority = Authority::new();
    let folder = Folder::new();
    let whole = made(
        &authority,
        &EC,
        EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
    );
    let pem = EC.serialize_pem().into_bytes();
    for bytes in [Vec::new(), pem, authority.der(), whole[..200].to_vec()] {
        let path = folder.write("client.p12", bytes);
        let result = ClientIdentity::from_pkcs12_file(&path, &password("pass word"));
        let expected = (IdentityField::Pkcs12, IdentityFault::NotPkcs12);
        assert_eq!(fault(result), expected);
    }
}

#[test]
fn a_certificate_that_is_over_is_read_and_says_so() {
    let identity = Authority::new().identity(2021);
    assert_eq!(identity.facts().validity(1_800_000_000), Validity::Expired);
    assert_eq!(identity.facts().validity(1_500_000_000), Validity::NotYet);
}

#[test]
fn neither_key_nor_password_is_shown() {
    let folder = Folder::new();
    let authority = Authority::new();
    let shown = format!("{:?}", authority.identity(2090));
    assert!(!shown.contains("PRIVATE") && shown.len() < 150, "{shown}");
    let path = folder.write(
        "client.p12",
        made(
            &authority,
            &EC,
            EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
        ),
    );
    let error = ClientIdentity::from_pkcs12_file(&path, &password("c4n4ry")).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("c4n4ry"));
}
