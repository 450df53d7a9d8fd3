//! The encrypted door of a mock: a server certificate, and a client certificate where the vendor's
//! file asks for one; all of them made anew at each start, and written to a folder for the client.
//! Not for real secrets: whoever reads the folder may come in, and there is nothing but made-up
//! people behind the door.

use crate::action::{PlainHttp, TlsFault};
use crate::error::MockError;
use crate::server::{MockSystem, application};
use axum::serve::Listener;
use hello::Verdict;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};
use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use stream::{Prefixed, Spoken};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

mod files;
mod guests;
mod hello;
mod stream;

/// The password of the PKCS#12 files.
pub const P12_PASSWORD: &str = "plumbline";

/// How long a client may take for the handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Connections that wait for the system to take them.
const WAITING: usize = 64;
/// Every certificate but one is valid in these years, so that no clock is needed.
const VALID: (i32, i32) = (2020, 2090);
/// The years of the one that is over.
const OVER: (i32, i32) = (2020, 2021);
/// The name of the client that may come in.
const CLIENT: &str = "client.plumbline.example";

/// What the door needs: certificates and keys, already written to their folder.
pub struct Tls {
    folder: PathBuf,
    server: (CertificateDer<'static>, PrivateKeyDer<'static>),
    authority: CertificateDer<'static>,
    guests: guests::Certificates,
}

/// A certificate with its key.
struct Made {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

impl Tls {
    /// Makes the certificates and writes what a client needs to `folder`, which is made if it is not
    /// there: `ca.pem`, `client.pem` and `client.key`, `client.p12` and `client-legacy.p12` (with
    /// [`P12_PASSWORD`]); `expired-client`, `other-name-client` and `unknown-ca-client`, each as
    /// `.pem` and `.key`; and `connection.toml`, which names them all as a target file does. A
    /// folder that holds anything else is left as it is.
    pub fn make(folder: &Path) -> Result<Tls, MockError> {
        let certificates = || MockError::Certificates {
            folder: folder.to_owned(),
        };
        let made = Tls::make_all().map_err(|_| certificates())?;
        files::write(folder, &made)?;
        let server_key = PrivateKeyDer::try_from(made.server.key.serialize_der());
        Ok(Tls {
            folder: folder.to_owned(),
            server: (
                made.server.certificate.der().clone(),
                server_key.map_err(|_| certificates())?,
            ),
            authority: made.authority.der().clone(),
            guests: guests::Certificates {
                right: made.client.certificate.der().clone(),
                expired: made.expired.certificate.der().clone(),
                other_name: made.other_name.certificate.der().clone(),
                unknown: made.unknown.certificate.der().clone(),
            },
        })
    }

    /// The folder that it was made for.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn make_all() -> Result<All, rcgen::Error> {
        let authority = authority("Plumbline mock authority")?;
        let elsewhere = authority_of_nobody()?;
        Ok(All {
            server: server(&authority)?,
            client: client(&authority, CLIENT, VALID)?,
            expired: client(&authority, CLIENT, OVER)?,
            other_name: client(&authority, "somebody-else.plumbline.example", VALID)?,
            unknown: client(&elsewhere, CLIENT, VALID)?,
            authority,
        })
    }
}

/// Everything that was made.
struct All {
    authority: Authority,
    server: Made,
    client: Made,
    expired: Made,
    other_name: Made,
    unknown: Made,
}

fn authority_of_nobody() -> Result<Authority, rcgen::Error> {
    authority("An authority that nobody knows")
}

fn authority(name: &str) -> Result<Authority, rcgen::Error> {
    let mut params = params(name, VALID)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn server(authority: &Authority) -> Result<Made, rcgen::Error> {
    let mut params = params("Plumbline mock", VALID)?;
    for ip in [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
    ] {
        let name = rcgen::SanType::IpAddress(ip);
        params.subject_alt_names.push(name);
    }
    let localhost = "localhost".try_into()?;
    let name = rcgen::SanType::DnsName(localhost);
    params.subject_alt_names.push(name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    signed(&params, authority)
}

fn client(authority: &Authority, name: &str, years: (i32, i32)) -> Result<Made, rcgen::Error> {
    let mut params = params(name, years)?;
    let dns = rcgen::SanType::DnsName(name.try_into()?);
    params.subject_alt_names.push(dns);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    signed(&params, authority)
}

fn params(name: &str, (from, to): (i32, i32)) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    Ok(params)
}

fn signed(params: &CertificateParams, authority: &Authority) -> Result<Made, rcgen::Error> {
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, authority)?;
    Ok(Made { certificate, key })
}

/// Serves the system behind the door on `listener` until the task is dropped.
pub async fn serve_tls(system: MockSystem, listener: TcpListener, tls: Tls) -> io::Result<()> {
    let system = system.encrypted();
    let door = Door {
        acceptor: TlsAcceptor::from(Arc::new(config(&system, tls)?)),
        faults: system.tls_faults(),
        answers_plainly: system.plain_http() == Some(PlainHttp::Answered),
    };
    let address = listener.local_addr()?;
    let (sender, receiver) = mpsc::channel(WAITING);
    let guarding = tokio::spawn(door.guard(listener, sender));
    let hall = Hall { receiver, address };
    let served = axum::serve(hall, application(system)).await;
    guarding.abort();
    served
}

fn config(system: &MockSystem, tls: Tls) -> io::Result<ServerConfig> {
    let provider = Arc::new(default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    let builder = if system.wants_client_certificate() {
        let mut roots = RootCertStore::empty();
        roots.add(tls.authority).map_err(io::Error::other)?;
        let guests = guests::Guests::new(provider, roots, tls.guests, system.tls_faults())?;
        builder.with_client_cert_verifier(Arc::new(guests))
    } else {
        builder.with_no_client_auth()
    };
    let (certificate, key) = tls.server;
    let mut config = builder
        .with_single_cert(vec![certificate], key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Takes connections, and lets in those that it may.
struct Door {
    acceptor: TlsAcceptor,
    faults: BTreeSet<TlsFault>,
    answers_plainly: bool,
}

type Let = (Spoken, SocketAddr);

impl Door {
    async fn guard(self, listener: TcpListener, hall: mpsc::Sender<Let>) {
        let door = Arc::new(self);
        while !hall.is_closed() {
            // An error is of one connection, or of a moment without free handles.
            let Ok((stream, address)) = listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let (door, hall) = (Arc::clone(&door), hall.clone());
            tokio::spawn(async move {
                if let Ok(Some(spoken)) = timeout(HANDSHAKE, door.greet(stream)).await {
                    // The hall is closed at the end only.
                    let _ = hall.send((spoken, address)).await;
                }
            });
        }
    }

    /// The connection, if it is let in.
    async fn greet(&self, stream: TcpStream) -> Option<Spoken> {
        // Without this, small answers wait for the client's delayed acknowledgement.
        let _ = stream.set_nodelay(true);
        let mut stream = Prefixed::new(stream);
        if !stream.begins_with_tls().await.ok()? {
            return self.answers_plainly.then_some(Spoken::Plain(stream));
        }
        let greeting = stream.first_record().await.ok()?;
        match hello::verdict(greeting, &self.faults) {
            Verdict::GoOn => {}
            Verdict::Say(bytes) => {
                stream.say(&bytes).await;
                return None;
            }
        }
        let stream = self.acceptor.accept(stream).await.ok()?;
        Some(Spoken::Tls(Box::new(stream)))
    }
}

/// Where those wait who were let in.
struct Hall {
    receiver: mpsc::Receiver<Let>,
    address: SocketAddr,
}

impl Listener for Hall {
    type Io = Spoken;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Spoken, SocketAddr) {
        match self.receiver.recv().await {
            Some(one) => one,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
