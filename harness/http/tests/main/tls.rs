//! TLS with certificates of our own making: accepted, refused, and told apart.

use crate::service::{TestClock, settings, signing_in};
use crate::support::{config, get, no_answer, read_head, request};
use plumbline_http::{Client, ClientConfig, HttpError, NoAnswer, SignInFault, Silence, TlsFault};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// An issuer of certificates, and a folder for the files that name it.
pub struct Issuer {
    ca: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Issuer {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self {
            ca: CertifiedIssuer::self_signed(params, key).unwrap(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The file to name in `trust_roots`.
    pub fn file(&self) -> PathBuf {
        self.write("ca.pem", &self.ca.pem())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A server with a certificate for these names, which answers every request with this body.
    pub async fn serve(&self, names: &[&str], until: i32, body: &str) -> SocketAddr {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.ca).unwrap();
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, answer) = (acceptor.clone(), answer.clone());
                tokio::spawn(async move {
                    let Ok(mut socket) = acceptor.accept(socket).await else {
                        return;
                    };
                    read_head(&mut socket).await;
                    let _ = socket.write_all(answer.as_bytes()).await;
                    let _ = socket.shutdown().await;
                });
            }
        });
        address
    }
}

const LATER: i32 = 2090;

fn trusting(base: &str, files: Vec<PathBuf>) -> ClientConfig {
    let mut config = config(base);
    config.connection.trust_roots = files;
    config
}

async fn outcome(config: ClientConfig) -> Option<NoAnswer> {
    let answer = get(config, request("metadata")).await;
    if let Some(response) = answer.response() {
        assert_eq!(
            (response.status, response.body.as_slice()),
            (200, &b"{}"[..])
        );
    }
    no_answer(&answer)
}

#[tokio::test]
async fn an_issuer_of_our_own_is_trusted_only_if_named() {
    let (issuer, other) = (Issuer::new(), Issuer::new());
    let address = issuer.serve(&["localhost", "127.0.0.1"], LATER, "{}").await;
    let base = format!("https://{address}/fhir");
    let unknown = Some(NoAnswer::Tls(TlsFault::UnknownIssuer));
    assert_eq!(outcome(trusting(&base, vec![issuer.file()])).await, None);
    assert_eq!(outcome(trusting(&base, Vec::new())).await, unknown);
    // An issuer of the same name with another key, as after a change of keys.
    assert_eq!(outcome(trusting(&base, vec![other.file()])).await, unknown);
    let both = vec![other.file(), issuer.file()];
    assert_eq!(outcome(trusting(&base, both)).await, None);
    // Several certificates in one file, with the text that tools write around them.
    let text = format!(
        "Our issuers\n{}\n# and\n{}",
        other.ca.pem(),
        issuer.ca.pem()
    );
    let bundle = issuer.write("bundle.pem", &text);
    assert_eq!(outcome(trusting(&base, vec![bundle])).await, None);
}

#[tokio::test]
async fn a_certificate_for_another_name_or_time_is_refused() {
    let issuer = Issuer::new();
    let address = issuer.serve(&["fhir.example"], LATER, "{}").await;
    let base = format!("https://{address}/fhir");
    assert_eq!(
        outcome(trusting(&base, vec![issuer.file()])).await,
        Some(NoAnswer::Tls(TlsFault::WrongName))
    );
    let address = issuer.serve(&["127.0.0.1"], 2020, "{}").await;
    let base = format!("https://{address}/fhir");
    assert_eq!(
        outcome(trusting(&base, vec![issuer.file()])).await,
        Some(NoAnswer::Tls(TlsFault::Dates))
    );
}

#[tokio::test]
async fn a_host_is_found_where_it_is_said_to_be() {
    let issuer = Issuer::new();
    let address = issuer.serve(&["fhir.example"], LATER, "{}").await;
    let with_port = format!("https://fhir.example:{}/fhir", address.port());
    for (base, port) in [
        ("https://fhir.example/fhir", address.port()),
        ("https://FHIR.example/fhir", address.port()),
        (&with_port, 0),
        (&with_port, address.port()),
    ] {
        let mut config = trusting(base, vec![issuer.file()]);
        config.connection.hosts.insert(
            "fhir.example".to_owned(),
            SocketAddr::new(address.ip(), port),
        );
        assert_eq!(outcome(config).await, None, "{base} {port}");
    }
    // The certificate is still for the name, and other names are not touched.
    let mut config = trusting("https://other.invalid/fhir", vec![issuer.file()]);
    config
        .connection
        .hosts
        .insert("other.invalid".to_owned(), address);
    assert_eq!(
        outcome(config).await,
        Some(NoAnswer::Tls(TlsFault::WrongName))
    );
}

#[tokio::test]
async fn the_token_service_is_reached_in_the_same_way() {
    let issuer = Issuer::new();
    let token = r#"{"access_token":"abcdefghijklmnop","token_type":"Bearer","expires_in":600}"#;
    let auth = issuer.serve(&["auth.example"], LATER, token).await;
    let target = issuer.serve(&["127.0.0.1"], LATER, "{}").await;
    let signed = |files| {
        let settings = settings("https://auth.example/token");
        let base = format!("https://{target}/fhir");
        let mut config = signing_in(&base, settings, &TestClock::new());
        config.connection.trust_roots = files;
        config
            .connection
            .hosts
            .insert("auth.example".to_owned(), auth);
        config
    };
    assert_eq!(outcome(signed(vec![issuer.file()])).await, None);
    let silence = Silence::Tls(TlsFault::UnknownIssuer);
    let fault = SignInFault::NoAnswer(silence);
    assert_eq!(
        outcome(signed(Vec::new())).await,
        Some(NoAnswer::SignIn(fault))
    );
    assert_eq!(fault.field(), "connection.trust_roots");
}

#[test]
fn a_file_without_certificates_is_refused_by_name() {
    let issuer = Issuer::new();
    let key = KeyPair::generate().unwrap().serialize_pem();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for text in ["", "our issuer", key.as_str(), broken] {
        let file = issuer.write("wrong.pem", text);
        let base = "https://fhir.example";
        let config = trusting(base, vec![issuer.file(), file.clone()]);
        let error = Client::new(config).unwrap_err();
        let HttpError::TrustRoot { path, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(*path, file);
    }
    let absent = issuer.folder.path().join("absent.pem");
    let error = Client::new(trusting("https://fhir.example", vec![absent])).unwrap_err();
    assert!(
        matches!(error, HttpError::TrustRootFile { .. }),
        "{error:?}"
    );
}
