//! A target that shows another certificate in mid-run, vouched for by the same issuer.

use super::{FIRST, PATIENCE, verdict_and_codes};
use crate::proxy::{forward, read_head};
use crate::support::{Bench, runtime, serve};
use plumbline_http::{Auth, Client, ClientConfig, Connection};
use plumbline_model::{Completion, ErrorKind, RunRecord, Verdict};
use plumbline_runner::{RunOptions, Selection};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// An issuer, and the folder that its certificate is in.
struct Issuer {
    ca: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Issuer {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), ca.pem()).unwrap();
        Self { ca, folder }
    }

    /// A certificate for this machine with a key of its own.
    fn certify(&self) -> TlsAcceptor {
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.ca).unwrap();
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// The mock behind TLS. `shows` picks the certificate by the number of the connection; each carries
/// one request.
async fn encrypted(
    upstream: SocketAddr,
    certificates: [TlsAcceptor; 2],
    shows: fn(usize) -> usize,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for number in 0.. {
            let Ok((stream, _)) = listener.accept().await else {
                return;
            };
            let acceptor = certificates[shows(number)].clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let head = read_head(&mut stream).await;
                let text = forward(upstream, &head).await;
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    address
}

/// What a run against it needs.
fn over_tls<'a>(
    bench: &'a Bench,
    issuer: &Issuer,
    address: SocketAddr,
    tags: &str,
) -> RunOptions<'a> {
    let selection = Selection::tags(tags).unwrap();
    let mut options = bench.options(address, 1, &selection, PATIENCE);
    let base: url::Url = format!("https://{address}/fhir").parse().unwrap();
    options.target.base_urls.insert("default".to_owned(), base);
    options.client = Client::new(ClientConfig {
        base_urls: options.target.base_urls.clone(),
        auth: Auth::None,
        connection: Connection {
            trust_roots: vec![issuer.folder.path().join("ca.pem")],
            ..Connection::default()
        },
        timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_secs(5),
        max_body_bytes: 1 << 20,
        requests_per_second: 1000,
        total_requests: 1000,
        user_agent: "plumbline-test".to_owned(),
    })
    .unwrap();
    options
}

/// A run against it.
fn run(shows: fn(usize) -> usize, tags: &str) -> RunRecord {
    let bench = Bench::new();
    let issuer = Issuer::new();
    runtime().block_on(async {
        let upstream = serve(&[]).await;
        let certificates = [issuer.certify(), issuer.certify()];
        let address = encrypted(upstream, certificates, shows).await;
        let options = over_tls(&bench, &issuer, address, tags);
        plumbline_runner::run(options, std::future::pending())
            .await
            .unwrap()
            .record
    })
}

#[test]
fn the_certificate_is_in_the_record() {
    let record = run(|_| 0, &format!("@id:{FIRST}"));
    assert_eq!(verdict_and_codes(&record).0, Verdict::Pass);
    assert_eq!(record.completion, Completion::Completed);
    let fingerprint = &record.certificates["default"];
    assert_eq!(fingerprint.len(), 64, "{fingerprint}");
    assert!(fingerprint.bytes().all(|b| b.is_ascii_hexdigit()));
}

#[test]
fn another_certificate_ends_the_run_and_nothing_under_it_is_judged() {
    // From the second request on, and between two others.
    for shows in [
        (|number| usize::from(number > 0)) as fn(usize) -> usize,
        |number| usize::from(number == 1),
    ] {
        let record = run(shows, "@capability:patient-index");
        let Completion::Incomplete { why } = &record.completion else {
            panic!("the run was completed");
        };
        assert!(why.contains("another certificate"), "{why}");
        assert!(record.scenarios.len() > 5);
        let changed = Verdict::Error(ErrorKind::Configuration);
        let mut told = 0;
        for scenario in &record.scenarios {
            assert!(
                matches!(scenario.verdict, Verdict::Error(_) | Verdict::Skip(_)),
                "{}: {}",
                scenario.id,
                scenario.verdict
            );
            told += usize::from(scenario.verdict == changed);
        }
        assert_eq!(told, 1, "the scenario in which it was seen");
        let mut findings = record.scenarios.iter().flat_map(|s| &s.steps);
        assert!(findings.any(|step| {
            let mut codes = step.findings.iter().map(|f| f.code.as_str());
            codes.any(|code| code == "HTTP-CERTIFICATE-CHANGED")
        }));
    }
}

#[test]
fn a_run_that_goes_on_under_another_certificate_ends() {
    static CHANGED: AtomicBool = AtomicBool::new(false);
    static CONNECTIONS: AtomicUsize = AtomicUsize::new(0);
    let bench = Bench::new();
    let issuer = Issuer::new();
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.ndjson");
    runtime().block_on(async {
        let upstream = serve(&[]).await;
        let certificates = [issuer.certify(), issuer.certify()];
        let shows = |number| {
            CONNECTIONS.store(number, Ordering::SeqCst);
            usize::from(CHANGED.load(Ordering::SeqCst))
        };
        let address = encrypted(upstream, certificates, shows).await;
        let tags = "@capability:patient-index";
        let options = || RunOptions {
            journal: Some(journal.clone()),
            ..over_tls(&bench, &issuer, address, tags)
        };
        // Given up in the middle, as a run that is killed.
        let middle = async {
            while CONNECTIONS.load(Ordering::SeqCst) < 10 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            ended = plumbline_runner::run(options(), std::future::pending()) => {
                panic!("the run came to its end: {ended:?}");
            }
            () = middle => {}
        }
        CHANGED.store(true, Ordering::SeqCst);
        let resumed = plumbline_runner::resume(options(), std::future::pending()).await;
        let record = resumed.unwrap().record;
        let Completion::Incomplete { why } = &record.completion else {
            panic!("the run was completed");
        };
        assert!(why.contains("another certificate"), "{why}");
    });
}
