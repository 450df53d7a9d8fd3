//! A system that is well, and what can stand wrongly between it and a target file.
//! Not for the faults themselves, which `faults` lists.

use crate::stand_in::{Asked, Issuer, Reply, StandIn};
use crate::support::{KEY_VARIABLE, Mock, target, write_target};
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P384_SHA384, date_time_ymd};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tempfile::TempDir;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// The key that the system wants, where it wants one.
pub const KEY: &str = "c4n4ry-key-9271";
/// The password of the PKCS#12 file.
pub const PASSWORD_VARIABLE: &str = "PLUMBLINE_TEST_PASSWORD";

/// Servers that live as long as the test, and a folder for its files.
pub struct Stage {
    pub folder: TempDir,
    /// Vouches for the servers.
    pub issuer: Issuer,
    /// Vouches for clients.
    pub clients: Issuer,
    upstream: String,
    _mock: Mock,
}

/// A target file in the making.
pub struct Setting {
    pub base: String,
    /// The lines below [auth].
    pub auth: String,
    /// The tables of the connection.
    pub connection: String,
    /// What is replaced in the file at last.
    pub edits: Vec<(&'static str, String)>,
    /// Environment variables.
    pub variables: Vec<(&'static str, &'static str)>,
}

impl Setting {
    pub fn of(base: impl Into<String>) -> Self {
        Self {
            base: base.into(),
            auth: "method = \"none\"".to_owned(),
            connection: String::new(),
            edits: Vec::new(),
            variables: Vec::new(),
        }
    }

    pub fn auth(mut self, auth: impl Into<String>) -> Self {
        self.auth = auth.into();
        self
    }

    pub fn connection(mut self, connection: impl Into<String>) -> Self {
        self.connection = connection.into();
        self
    }

    pub fn edit(mut self, from: &'static str, to: impl Into<String>) -> Self {
        self.edits.push((from, to.into()));
        self
    }

    pub fn key(mut self, key: &'static str) -> Self {
        self.variables.push((KEY_VARIABLE, key));
        self
    }

    /// Writes the target file.
    pub fn write(&self, stage: &Stage) {
        let given = format!("{}\n{}\n[limits]", self.auth, self.connection);
        let mut text = target(&self.base, "sandbox")
            .replacen("method = \"none\" ", "#", 1)
            .replacen("[limits]", &given, 1)
            .replacen("timeout_seconds = 30", "timeout_seconds = 1", 1);
        for (from, to) in &self.edits {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        write_target(stage.folder.path(), &text);
    }
}

impl Stage {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mock = Mock::start("riverside-epr");
        let upstream = mock.base_url.trim_start_matches("http://");
        let upstream = upstream.split('/').next().unwrap().to_owned();
        let issuer = Issuer::new();
        issuer.write(folder.path());
        fs::write(folder.path().join("empty.pem"), "nothing").unwrap();
        let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
        fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
        let certificates = concat!(env!("CARGO_MANIFEST_DIR"), "/../http/tests/certificates");
        let p12 = PathBuf::from(certificates).join("modern.p12");
        fs::copy(p12, folder.path().join("client.p12")).unwrap();
        Self {
            folder,
            issuer,
            clients: Issuer::new(),
            upstream,
            _mock: mock,
        }
    }

    /// How a system that is well answers.
    pub fn well(&self) -> impl Fn(&Asked) -> Reply + Send + Sync + use<> {
        let upstream = self.upstream.clone();
        move |asked| pass_on(&upstream, &asked.place)
    }

    /// As [`Stage::well`], for requests that are let in; others are refused.
    pub fn well_if<L: Fn(&Asked) -> bool + Send + Sync + 'static>(
        &self,
        let_in: L,
        refusal: u16,
    ) -> impl Fn(&Asked) -> Reply + Send + Sync + use<L> {
        let well = self.well();
        move |asked| {
            if asked.place.ends_with("/metadata") || let_in(asked) {
                well(asked)
            } else {
                (refusal, "", String::new())
            }
        }
    }

    /// A server without encryption.
    pub fn plain(&self) -> StandIn {
        StandIn::plain(self.well())
    }

    /// A server with this certificate.
    pub fn encrypted(&self, certificate: Arc<ServerConfig>) -> StandIn {
        StandIn::encrypted(certificate, self.well())
    }

    /// A certificate of ours from that issuer, with its key, in `client.pem` and `client.key`.
    pub fn write_client(&self, issuer: &Issuer) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["client.example".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, issuer.ca()).unwrap();
        fs::write(self.folder.path().join("client.pem"), certificate.pem()).unwrap();
        fs::write(self.folder.path().join("client.key"), key.serialize_pem()).unwrap();
    }

    /// A server certificate for this machine that is valid in these years.
    pub fn dated(&self, from: i32, until: i32) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let (chain, key) = self.signed(&params);
        let builder = ServerConfig::builder().with_no_client_auth();
        Arc::new(builder.with_single_cert(chain, key).unwrap())
    }

    /// A server that lets nobody in without a certificate of [`Stage::clients`].
    pub fn guarded(&self) -> Arc<ServerConfig> {
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let (chain, key) = self.signed(&params);
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from(self.clients.ca().der().to_vec());
        roots.add(root).unwrap();
        let verifier = WebPkiClientVerifier::builder(Arc::new(roots))
            .build()
            .unwrap();
        let builder = ServerConfig::builder().with_client_cert_verifier(verifier);
        Arc::new(builder.with_single_cert(chain, key).unwrap())
    }

    fn signed(
        &self,
        params: &CertificateParams,
    ) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, self.issuer.ca()).unwrap();
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        (chain, key)
    }
}

/// The lines that make the issuer of the servers known.
pub fn trusting(more: &str) -> String {
    format!("[connection]\ntrust_roots = [\"ca.pem\"]\n{more}")
}

/// The mock's answer to a path.
fn pass_on(upstream: &str, path: &str) -> Reply {
    let mut stream = TcpStream::connect(upstream).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {upstream}\r\naccept: application/fhir+json\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let kind = "content-type: application/fhir+json;charset=utf-8\r\n";
    (status.unwrap_or(500), kind, body.to_owned())
}

/// A port that accepts connections and never says anything.
pub fn mute() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut kept = Vec::new();
        for socket in listener.incoming() {
            kept.push(socket);
            thread::sleep(Duration::from_millis(1));
        }
    });
    address
}

/// A proxy that answers everything with this status.
pub fn proxy(status: u16) -> SocketAddr {
    StandIn::plain(move |_| (status, "", String::new())).address
}
