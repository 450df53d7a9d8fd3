//! Servers that ask for a certificate of ours, and what the client and the probe make of them.

use crate::identity::Authority;
use crate::support::{config, get, no_answer, read_head, request};
use plumbline_http::probe::{
    Alert, Asked, Offered, Presented, Protocol, Reception, Refusal, Trust,
};
use plumbline_http::{Auth, Client, ClientConfig, NoAnswer, Request, TlsFault, WrongCertificate};
use rcgen::{CertificateParams, KeyPair};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

const FHIR: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/fhir+json\r\n\
                    content-length: 2\r\nconnection: close\r\n\r\n{}";
const REFUSES: &str =
    "HTTP/1.1 496 Certificate Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// What a server does about client certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wants {
    /// Asks for none.
    Nothing,
    /// Ends the handshake without one.
    One,
    /// Asks for one, and tells those without in its answer that they may not come in.
    OneOrAnAnswer,
    /// Asks for one, and lets anybody in who has none.
    OneIfYouLike,
}

struct Door {
    address: SocketAddr,
    authority: Authority,
    folder: TempDir,
}

impl Door {
    async fn open(wants: Wants, versions: &[&'static SupportedProtocolVersion]) -> Self {
        let authority = Authority::new();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), certificate.pem()).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(authority.der())).unwrap();
        let verifier = WebPkiClientVerifier::builder(Arc::new(roots));
        let builder = ServerConfig::builder_with_protocol_versions(versions);
        let builder = match wants {
            Wants::Nothing => builder.with_no_client_auth(),
            Wants::One => builder.with_client_cert_verifier(verifier.build().unwrap()),
            Wants::OneOrAnAnswer | Wants::OneIfYouLike => {
                builder.with_client_cert_verifier(verifier.allow_unauthenticated().build().unwrap())
            }
        };
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = builder.with_single_cert(chain, key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut socket) = acceptor.accept(socket).await else {
                        return;
                    };
                    read_head(&mut socket).await;
                    let anonymous = socket.get_ref().1.peer_certificates().is_none();
                    let answer = if anonymous && wants == Wants::OneOrAnAnswer {
                        REFUSES
                    } else {
                        FHIR
                    };
                    let _ = socket.write_all(answer.as_bytes()).await;
                    let _ = socket.shutdown().await;
                });
            }
        });
        Self {
            address,
            authority,
            folder,
        }
    }

    /// Trusts the server, and has no certificate.
    fn stranger(&self) -> ClientConfig {
        let mut config = config(&format!("https://{}/fhir", self.address));
        config.auth = Auth::None;
        config.connection.trust_roots = vec![self.folder.path().join("ca.pem")];
        config
    }

    fn guest(&self) -> ClientConfig {
        let mut config = self.stranger();
        config.connection.client_certificate = Some(self.authority.identity(2090));
        let wrong = &mut config.connection.wrong_certificates;
        wrong.insert(WrongCertificate::Expired, self.authority.identity(2021));
        config
    }
}

const BOTH: &[&SupportedProtocolVersion] = &[&TLS12, &TLS13];

async fn survey(config: ClientConfig) -> plumbline_http::probe::ProbeReport {
    let client = Client::new(config).unwrap();
    client.probe(&request("metadata")).unwrap().survey().await
}

fn alert(presented: &Presented) -> Option<String> {
    match presented.reception {
        Reception::Refused(Refusal::Alert(alert)) => Some(alert.name()),
        _ => None,
    }
}

#[tokio::test]
async fn a_client_with_a_certificate_is_let_in() {
    for versions in [&BOTH[..1], &BOTH[1..], BOTH] {
        let door = Door::open(Wants::One, versions).await;
        let answer = get(door.guest(), request("metadata")).await;
        assert_eq!(answer.response().map(|r| r.status), Some(200));
        assert!(answer.curl.contains("--cert"), "{}", answer.curl);
        let answer = get(door.stranger(), request("metadata")).await;
        let refused = NoAnswer::Tls(TlsFault::ClientCertificate);
        assert_eq!(no_answer(&answer), Some(refused), "{versions:?}");
        let mut unknown = door.stranger();
        unknown.connection.client_certificate = Some(Authority::new().identity(2090));
        let answer_to_unknown = get(unknown, request("metadata")).await;
        assert_eq!(no_answer(&answer_to_unknown), Some(refused), "{versions:?}");
        assert!(!answer.curl.contains("--cert"), "{}", answer.curl);
    }
}

#[tokio::test]
async fn a_request_that_leaves_open_what_it_accepts_is_as_careful() {
    let silent = || Request {
        accept: String::new(),
        ..request("metadata")
    };
    let door = Door::open(Wants::One, BOTH).await;
    let answer = get(door.guest(), silent()).await;
    assert_eq!(answer.response().map(|r| r.status), Some(200));
    let answer = get(door.stranger(), silent()).await;
    assert_eq!(answer.response(), None, "it has no certificate");
    let mut trusting_nobody = door.guest();
    trusting_nobody.connection.trust_roots.clear();
    let answer = get(trusting_nobody, silent()).await;
    assert_eq!(answer.response(), None, "the server is a stranger");
}

#[tokio::test]
async fn refusals_in_the_handshake_are_told_apart() {
    for (versions, agreed, without) in [
        (&BOTH[..1], Protocol::Tls12, "handshake failure"),
        (&BOTH[1..], Protocol::Tls13, "certificate required"),
    ] {
        let door = Door::open(Wants::One, versions).await;
        let report = survey(door.guest()).await;
        assert_eq!(report.presented.agreed.unwrap().protocol, agreed);
        assert_eq!(report.presented.trust, Trust::Trusted);
        let Asked::Yes { issuers } = &report.presented.asked else {
            panic!("{report:?}");
        };
        assert_eq!(issuers, &["CN=Authority of the test"]);
        assert_eq!(report.presented.chain.len(), 1);
        assert_eq!(report.presented.chain[0].names, ["127.0.0.1"]);
        let stranger = report.without_certificate.as_ref().unwrap();
        let shown = alert(stranger).unwrap();
        assert!(
            [without, "certificate required"].contains(&shown.as_str()),
            "{shown}"
        );
        let expired = &report.wrong_certificates[&WrongCertificate::Expired];
        assert_eq!(alert(expired).as_deref(), Some("certificate expired"));
        let unknown = &report.wrong_certificates[&WrongCertificate::UnknownIssuer];
        assert_eq!(alert(unknown).as_deref(), Some("unknown ca"));
        assert_eq!(report.refuses_without_certificate(), Some(true));
        for wrong in [WrongCertificate::Expired, WrongCertificate::UnknownIssuer] {
            assert_eq!(report.refuses_certificate(wrong), Some(true));
        }
        assert_eq!(report.refuses_certificate(WrongCertificate::Revoked), None);
    }
}

#[tokio::test]
async fn a_refusal_in_the_answer_counts_as_one() {
    let door = Door::open(Wants::OneOrAnAnswer, BOTH).await;
    let report = survey(door.guest()).await;
    let stranger = report.without_certificate.as_ref().unwrap();
    assert_eq!(stranger.reception, Reception::Refused(Refusal::Status(496)));
    assert_eq!(report.refuses_without_certificate(), Some(true));
}

#[tokio::test]
async fn a_door_that_is_open_to_strangers_is_found() {
    for wants in [Wants::Nothing, Wants::OneIfYouLike] {
        let door = Door::open(wants, BOTH).await;
        let report = survey(door.guest()).await;
        let asked = report.presented.asked != Asked::No;
        assert_eq!(asked, wants == Wants::OneIfYouLike);
        assert_eq!(report.refuses_without_certificate(), Some(false));
        let unknown = report.refuses_certificate(WrongCertificate::UnknownIssuer);
        assert_eq!(unknown, Some(wants == Wants::OneIfYouLike));
    }
}

/// Without a certificate that is let in, a refusal may have any cause.
#[tokio::test]
async fn a_refusal_proves_nothing_where_nobody_is_let_in() {
    let door = Door::open(Wants::One, BOTH).await;
    let report = survey(door.stranger()).await;
    assert!(matches!(report.presented.reception, Reception::Refused(_)));
    assert!(report.without_certificate.is_none());
    assert_eq!(report.refuses_without_certificate(), None);
    let mut config = door.stranger();
    config.connection.client_certificate = Some(Authority::new().identity(2090));
    let report = survey(config).await;
    assert_eq!(report.refuses_without_certificate(), None);
    let unknown = WrongCertificate::UnknownIssuer;
    assert_eq!(report.refuses_certificate(unknown), None);
}

#[tokio::test]
async fn an_untrusted_server_is_looked_at_all_the_same() {
    let door = Door::open(Wants::Nothing, BOTH).await;
    let mut config = door.stranger();
    config.connection.trust_roots = Vec::new();
    let report = survey(config).await;
    let untrusted = Trust::NotTrusted(TlsFault::UnknownIssuer);
    assert_eq!(report.presented.trust, untrusted);
    assert!(matches!(
        report.presented.reception,
        Reception::LetIn { .. }
    ));
}

#[tokio::test]
async fn versions_are_told_apart() {
    for (versions, newest) in [(&BOTH[..1], 0), (&BOTH[1..], 1), (BOTH, 2)] {
        let door = Door::open(Wants::Nothing, versions).await;
        let report = survey(door.stranger()).await;
        let accepts = |protocol| report.accepts(protocol);
        for old in [Protocol::Ssl3, Protocol::Tls10, Protocol::Tls11] {
            assert_eq!(accepts(old), Some(false), "{old} {report:?}");
        }
        assert_eq!(accepts(Protocol::Tls12), Some(newest != 1));
        assert_eq!(accepts(Protocol::Tls13), Some(newest != 0));
    }
}

/// A place that answers every hello with these bytes, or with nothing.
async fn says(bytes: Vec<u8>) -> ClientConfig {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let mut hello = [0; 4096];
                let _ = socket.read(&mut hello).await;
                let _ = socket.write_all(&bytes).await;
                if bytes.is_empty() {
                    tokio::time::sleep(Duration::from_secs(20)).await;
                }
            });
        }
    });
    let mut config = config(&format!("https://{address}/fhir"));
    config.auth = Auth::None;
    config
}

/// The answer of a server that takes TLS 1.0 with RC4.
fn tls_1_0() -> Vec<u8> {
    let head = [22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
    [&head[..], &[7; 32], &[0, 0, 5, 0]].concat()
}

#[tokio::test]
async fn an_old_version_that_is_accepted_is_found() {
    let client = Client::new(says(tls_1_0()).await).unwrap();
    let probe = client.probe(&request("metadata")).unwrap();
    let report = probe.survey().await;
    assert_eq!(report.accepts(Protocol::Tls10), Some(true), "{report:?}");
    assert_eq!(report.accepts(Protocol::Tls12), None);
    let weak = probe.offer(Protocol::Tls10, &[0x0005]).await;
    assert_eq!(weak, Offered::Accepted { suite: 0x0005 });
}

#[tokio::test]
async fn a_place_that_refuses_everything_shows_nothing() {
    let alert = says(vec![21, 3, 1, 0, 2, 2, 70]).await;
    let client = Client::new(alert).unwrap();
    let report = client.probe(&request("metadata")).unwrap().survey().await;
    for protocol in Protocol::ALL {
        let refusal = Refusal::Alert(Alert(70));
        assert_eq!(report.protocols[protocol], Offered::Refused(refusal));
        assert_eq!(report.accepts(*protocol), None);
    }
}

#[tokio::test]
async fn what_hangs_or_is_not_there_ends_in_time() {
    let started = Instant::now();
    let mut hanging = says(Vec::new()).await;
    hanging.connect_timeout = Duration::from_millis(100);
    hanging.timeout = Duration::from_millis(100);
    let report = survey(hanging.clone()).await;
    for protocol in Protocol::ALL {
        assert_eq!(report.accepts(*protocol), None);
    }
    assert_eq!(report.refuses_without_certificate(), None);
    hanging.timeout = Duration::from_mins(1);
    let client = Client::new(hanging).unwrap();
    let probe = client.probe(&request("metadata")).unwrap();
    probe.within(Duration::from_millis(300)).survey().await;
    let nobody = config("https://127.0.0.1:1/fhir");
    let report = survey(nobody).await;
    assert!(report.protocols.is_empty(), "{report:?}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_probe_counts_towards_the_total_and_stays_with_the_target() {
    let door = Door::open(Wants::Nothing, BOTH).await;
    let mut config = door.stranger();
    config.total_requests = 3;
    let client = Client::new(config).unwrap();
    let report = client.probe(&request("metadata")).unwrap().survey().await;
    let seen = report.protocols.values();
    let unclear = seen
        .filter(|seen| matches!(seen, Offered::Unclear(_)))
        .count();
    assert_eq!(unclear, 3, "{report:?}");
    let mut elsewhere = request("");
    elsewhere.absolute = Some("https://other.example/fhir".parse().unwrap());
    assert!(client.probe(&elsewhere).is_none());
    let plain = Client::new(crate::support::config("http://127.0.0.1:9/fhir")).unwrap();
    assert!(plain.probe(&request("metadata")).is_none());
}

#[tokio::test]
async fn a_probe_sends_no_key() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let head = read_head(&mut socket).await;
        let _ = socket.write_all(b"HTTP/1.1 301 x\r\nlocation: https://a\r\nStrict-Transport-Security: max-age=1\r\n\r\n").await;
        String::from_utf8(head).unwrap()
    });
    let client = Client::new(config(&format!("https://127.0.0.1:{port}/fhir"))).unwrap();
    let probe = client.probe(&request("metadata")).unwrap();
    let answer = probe.plain_http(None).await;
    let head = seen.await.unwrap();
    assert!(
        head.starts_with("GET /fhir/metadata HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(!head.to_lowercase().contains("apikey"), "{head}");
    assert_eq!(
        answer,
        plumbline_http::probe::PlainHttp::Answered {
            status: 301,
            fhir: false,
            to_https: true,
            hsts: true
        }
    );
    assert_eq!(
        probe.plain_http(Some(1)).await,
        plumbline_http::probe::PlainHttp::NothingListens
    );
}
