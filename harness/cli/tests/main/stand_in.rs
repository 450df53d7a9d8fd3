//! A stand-in for a FHIR server and its token service, plain or with TLS, in manners to choose.
//! Every body holds a canary that no output may repeat.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// In every body, and in every token.
pub const CANARY: &str = "c4n4ry-of-the-stand-in";

/// What was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub place: String,
    /// All header lines, in lower case up to the colon.
    pub headers: Vec<String>,
    pub body: String,
}

impl Asked {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// What is answered: status, more header lines, body.
pub type Reply = (u16, &'static str, String);
type Manner = dyn Fn(&Asked) -> Reply + Send + Sync;

/// A server that ends with the test.
pub struct StandIn {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl StandIn {
    /// A server without encryption.
    pub fn plain(manner: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(None, Arc::new(manner))
    }

    /// A server with a certificate.
    pub fn encrypted(
        certificate: Arc<ServerConfig>,
        manner: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start(Some(certificate), Arc::new(manner))
    }

    fn start(certificate: Option<Arc<ServerConfig>>, manner: Arc<Manner>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        thread::spawn(move || {
            for socket in listener.incoming() {
                let Ok(socket) = socket else { return };
                let (manner, noted) = (Arc::clone(&manner), Arc::clone(&noted));
                let certificate = certificate.clone();
                thread::spawn(move || match certificate {
                    None => serve(socket, manner.as_ref(), &noted),
                    Some(certificate) => {
                        let connection = ServerConnection::new(certificate).unwrap();
                        serve(
                            StreamOwned::new(connection, socket),
                            manner.as_ref(),
                            &noted,
                        );
                    }
                });
            }
        });
        Self { address, asked }
    }

    /// What has been asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The base address, with or without encryption.
    pub fn base(&self, scheme: &str) -> String {
        format!("{scheme}://{}/fhir", self.address)
    }
}

/// An address where nothing listens.
pub fn nowhere() -> SocketAddr {
    // Not a port that has just been given back: another test may get it.
    SocketAddr::from(([127, 0, 0, 1], 1))
}

fn serve(mut stream: impl Read + Write, manner: &Manner, noted: &Mutex<Vec<Asked>>) {
    let Some(asked) = read(&mut stream) else {
        return;
    };
    noted.lock().unwrap().push(asked.clone());
    let (status, headers, body) = manner(&asked);
    let answer = format!(
        "HTTP/1.1 {status} Status\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(answer.as_bytes());
    let _ = stream.flush();
}

fn read(stream: &mut impl Read) -> Option<Asked> {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        seen.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&seen).into_owned();
        if !text.starts_with(|c: char| c.is_ascii_uppercase()) {
            // Not HTTP, such as the greeting of TLS: answered at once, as servers do.
            return Some(Asked {
                method: String::new(),
                place: String::new(),
                headers: Vec::new(),
                body: String::new(),
            });
        }
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let asked = Asked {
            method: first.next()?.to_owned(),
            place: first.next()?.to_owned(),
            headers: lines.map(str::to_owned).collect(),
            body: body.to_owned(),
        };
        let length = asked
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        if body.len() >= length {
            return Some(asked);
        }
    }
}

const FHIR: &str = "content-type: application/fhir+json\r\n";

/// The answer to metadata of a system that is well.
pub fn statement(version: &str) -> Reply {
    let body = format!(
        r#"{{"resourceType":"CapabilityStatement","fhirVersion":"{version}","name":"{CANARY}"}}"#
    );
    (200, FHIR, body)
}

/// A system that is well: whoever may search finds the people of the data sheet, and nobody else.
pub fn well(asked: &Asked, let_in: impl Fn(&Asked) -> bool) -> Reply {
    if asked.place == "/fhir/metadata" {
        return statement("4.0.1");
    }
    if !asked.place.starts_with("/fhir/") {
        return (404, FHIR, CANARY.to_owned());
    }
    if !let_in(asked) {
        return (401, FHIR, CANARY.to_owned());
    }
    let patient = asked.place.rsplit_once("%7C").and_then(|(_, number)| {
        // Without a birth date on the data sheet, there is none.
        let date = people().get(number)?.as_ref();
        let date = date.map(|date| format!(r#","birthDate":"{date}""#));
        Some(format!(
            r#"{{"resource":{{"resourceType":"Patient","identifier":[{{"value":"{number}"}}],"id":"{CANARY}"{}}}}}"#,
            date.unwrap_or_default()
        ))
    });
    let body = format!(
        r#"{{"resourceType":"Bundle","type":"searchset","id":"{CANARY}","entry":[{}]}}"#,
        patient.unwrap_or_default()
    );
    (200, FHIR, body)
}

/// The birth dates of the people of the data sheet, by NHS number.
fn people() -> &'static BTreeMap<String, Option<String>> {
    static PEOPLE: LazyLock<BTreeMap<String, Option<String>>> = LazyLock::new(|| {
        let people = plumbline_pack::people(&plumbline_pack::Files::embedded()).unwrap();
        let identities = people.into_values().map(|person| person.identity);
        identities
            .map(|one| (one.nhs_number, one.birth_date))
            .collect()
    });
    &PEOPLE
}

/// A token service that is well.
pub fn token() -> Reply {
    let body =
        format!(r#"{{"access_token":"{CANARY}-token","token_type":"Bearer","expires_in":"599"}}"#);
    (200, "content-type: application/json\r\n", body)
}

/// Whether the request carries the token of [`token`].
pub fn has_token(asked: &Asked) -> bool {
    asked.header("authorization") == Some(&format!("Bearer {CANARY}-token"))
}

/// An issuer of certificates.
pub struct Issuer(CertifiedIssuer<'static, KeyPair>);

impl Issuer {
    pub fn new() -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let name = format!("issuer {}", MADE.fetch_add(1, Ordering::SeqCst));
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// What signs.
    pub fn ca(&self) -> &CertifiedIssuer<'static, KeyPair> {
        &self.0
    }

    /// A certificate for a host.
    pub fn certify(&self, name: &str) -> Arc<ServerConfig> {
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        Arc::new(config)
    }

    /// Writes the file to name in `trust_roots`.
    pub fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join("ca.pem");
        std::fs::write(&path, self.0.pem()).unwrap();
        path
    }
}

/// Closes a connection in the middle of nothing; for a port that speaks something else.
pub fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let Ok(mut socket): Result<TcpStream, _> = socket else {
                return;
            };
            let _ = socket.write_all(b"220 mail.example ESMTP\r\n");
        }
    });
    address
}
