//! A proxy: used for what is far away, not for this machine, and not blamed on the target.

use crate::service::{TestClock, settings, signing_in};
use crate::support::{config, get, no_answer, read_head, request};
use crate::tls::Issuer;
use plumbline_http::probe::{Offered, Protocol, Reception, Trust, Unclear};
use plumbline_http::{Client, ClientConfig, NoAnswer, ProxyFault, SignInFault, Silence};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use wiremock::MockServer;

/// What the proxy does with a CONNECT.
#[derive(Clone, Copy)]
enum Tunnel {
    To(SocketAddr),
    Answer(&'static str),
}

/// A proxy that notes the heads of all requests; plain ones it answers itself.
struct Proxy {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn start(tunnel: Tunnel, plain: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let noted = Arc::clone(&noted);
                tokio::spawn(async move {
                    let head = String::from_utf8(read_head(&mut socket).await).unwrap();
                    let is_connect = head.starts_with("CONNECT ");
                    noted.lock().unwrap().push(head);
                    let answer = match tunnel {
                        Tunnel::To(there) if is_connect => {
                            let mut far = TcpStream::connect(there).await.unwrap();
                            socket
                                .write_all(b"HTTP/1.1 200 Connected\r\n\r\n")
                                .await
                                .unwrap();
                            let _ = copy_bidirectional(&mut socket, &mut far).await;
                            return;
                        }
                        Tunnel::Answer(answer) if is_connect => answer,
                        Tunnel::To(_) | Tunnel::Answer(_) => plain,
                    };
                    let _ = socket.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self { address, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    fn url(&self) -> Url {
        format!("http://{}", self.address).parse().unwrap()
    }

    fn config(&self, base: &str) -> ClientConfig {
        let mut config = config(base);
        config.connection.proxy = Some(self.url());
        config
    }
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
const LOGIN: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn plain_requests_are_handed_to_the_proxy_whole() {
    let proxy = Proxy::start(Tunnel::Answer(FORBIDDEN), OK).await;
    let answer = get(
        proxy.config("http://fhir.invalid/fhir"),
        request("metadata"),
    )
    .await;
    assert_eq!(answer.response().unwrap().body, b"{}");
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1);
    let line = "GET http://fhir.invalid/fhir/metadata HTTP/1.1\r\n";
    assert!(heads[0].starts_with(line), "{}", heads[0]);
}

#[tokio::test]
async fn encrypted_requests_go_through_a_tunnel_that_sees_no_key() {
    let issuer = Issuer::new();
    let target = issuer.serve(&["fhir.invalid"], 2090, "{}").await;
    let proxy = Proxy::start(Tunnel::To(target), FORBIDDEN).await;
    let mut config = proxy.config("https://fhir.invalid/fhir");
    config.connection.trust_roots = vec![issuer.file()];
    let answer = get(config, request("metadata")).await;
    assert_eq!(answer.response().unwrap().body, b"{}");
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1);
    assert!(
        heads[0].starts_with("CONNECT fhir.invalid:443 "),
        "{}",
        heads[0]
    );
    assert!(!heads[0].to_lowercase().contains("apikey"), "{}", heads[0]);
}

#[tokio::test]
async fn this_machine_and_named_hosts_are_reached_directly() {
    let proxy = Proxy::start(Tunnel::Answer(FORBIDDEN), FORBIDDEN).await;
    let server = MockServer::start().await;
    let port = server.address().port();
    for base in [
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
        format!("http://fhir.invalid:{port}"),
    ] {
        let mut config = proxy.config(&base);
        config.connection.hosts.insert(
            "fhir.invalid".to_owned(),
            SocketAddr::new(server.address().ip(), 0),
        );
        let client = Client::new(config).unwrap();
        assert!(!client.proxied(&base.parse().unwrap()), "{base}");
        let answer = client.get(request("metadata")).await;
        assert!(answer.response().is_some(), "{base}");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
    assert!(proxy.heads().is_empty());
    let client = Client::new(proxy.config("http://fhir.invalid")).unwrap();
    for (url, proxied) in [
        ("http://fhir.invalid", true),
        ("http://10.0.0.1", true),
        ("http://localhost.example", true),
        ("http://fhir.localhost", false),
        ("http://127.9.9.9", false),
        ("http://[::1]:80", false),
    ] {
        assert_eq!(client.proxied(&url.parse().unwrap()), proxied, "{url}");
    }
    let client = Client::new(config("http://fhir.invalid")).unwrap();
    assert!(!client.proxied(&"http://fhir.invalid".parse().unwrap()));
}

#[tokio::test]
async fn what_the_proxy_does_wrong_is_not_the_targets_doing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dead: Url = format!("http://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    drop(listener);
    let lost: Url = "http://proxy.invalid:3128".parse().unwrap();
    let refusing = Proxy::start(Tunnel::Answer(FORBIDDEN), OK).await;
    let asking = Proxy::start(Tunnel::Answer(LOGIN), LOGIN).await;
    let cut = Proxy::start(Tunnel::Answer(""), OK).await;
    let (http, https) = ("http://fhir.invalid", "https://fhir.invalid");
    for (proxy, base, fault) in [
        (dead.clone(), http, ProxyFault::Unreachable),
        (dead.clone(), https, ProxyFault::Unreachable),
        (lost, http, ProxyFault::Unreachable),
        (refusing.url(), https, ProxyFault::NoTunnel),
        (cut.url(), https, ProxyFault::NoTunnel),
        (asking.url(), http, ProxyFault::Login),
        (asking.url(), https, ProxyFault::Login),
    ] {
        let mut config = config(base);
        config.connection.proxy = Some(proxy.clone());
        let answer = get(config, request("metadata")).await;
        let found = no_answer(&answer).unwrap();
        assert!(
            found == NoAnswer::Proxy(fault) || found == NoAnswer::Timeout && base == http,
            "{proxy} {base}: {found:?}"
        );
    }
    // Without a proxy the same status is the target's own answer.
    let answer = get(config(asking.url().as_ref()), request("metadata")).await;
    assert_eq!(answer.response().unwrap().status, 407);

    let settings = settings("https://auth.invalid/token");
    let mut config = signing_in("http://127.0.0.1:1", settings, &TestClock::new());
    config.connection.proxy = Some(dead);
    let answer = get(config, request("metadata")).await;
    let fault = SignInFault::NoAnswer(Silence::Proxy(ProxyFault::Unreachable));
    assert_eq!(no_answer(&answer), Some(NoAnswer::SignIn(fault)));
    assert_eq!(fault.field(), "connection.proxy");
}

#[tokio::test]
async fn the_tls_probe_goes_through_the_proxy_too() {
    let issuer = Issuer::new();
    let there = issuer.serve(&["fhir.example"], 2090, "{}").await;
    let proxy = Proxy::start(Tunnel::To(there), OK).await;
    let mut config = proxy.config("https://fhir.example/fhir");
    config.connection.trust_roots = vec![issuer.file()];
    let client = Client::new(config).unwrap();
    let probe = client.probe(&request("metadata")).unwrap();
    let seen = probe.connect(None).await;
    assert_eq!(seen.trust, Trust::Trusted, "{seen:?}");
    assert!(matches!(
        seen.reception,
        Reception::LetIn { status: 200, .. }
    ));
    let offered = probe.offer(Protocol::Tls12, Protocol::Tls12.suites()).await;
    assert!(matches!(offered, Offered::Accepted { .. }), "{offered:?}");
    let heads = proxy.heads();
    assert_eq!(heads.len(), 2);
    for head in heads {
        assert!(head.starts_with("CONNECT fhir.example:443 HTTP/1.1\r\n"));
    }
    // What a proxy does is never taken for what the system does.
    for (tunnel, port) in [
        (Tunnel::Answer(FORBIDDEN), None),
        (Tunnel::Answer(LOGIN), None),
        (Tunnel::Answer("SSH-2.0\r\n\r\n"), None),
        (Tunnel::Answer(""), None),
        (Tunnel::Answer(FORBIDDEN), Some(1)),
    ] {
        let proxy = Proxy::start(tunnel, OK).await;
        let mut config = proxy.config("https://fhir.example/fhir");
        if let Some(port) = port {
            let nobody = format!("http://127.0.0.1:{port}");
            config.connection.proxy = Some(nobody.parse().unwrap());
        }
        let client = Client::new(config).unwrap();
        let report = client.probe(&request("metadata")).unwrap().survey().await;
        let unclear = Reception::Unclear(Unclear::Proxy);
        assert_eq!(report.presented.reception, unclear);
        assert!(report.protocols.is_empty());
    }
}
