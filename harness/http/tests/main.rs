//! The client against servers that behave and servers that do not.
//! Not for real targets: every server here is on this machine.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

use plumbline_http::{
    Answer, Auth, Client, ClientConfig, HttpError, NoAnswer, Outcome, Request, secret_from_file,
};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const SECRET: &str = "s3cr3t-k3y";
/// `{"a":1}`, compressed.
const GZIPPED: [u8; 27] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 84, 178, 50, 172, 5, 0, 175, 172, 27, 86, 7, 0,
    0, 0,
];

fn config(base: &str) -> ClientConfig {
    ClientConfig {
        base_urls: BTreeMap::from([("default".to_owned(), Url::parse(base).unwrap())]),
        auth: Auth::ApiKey {
            header: "ApiKey".to_owned(),
            secret: SecretString::from(SECRET),
        },
        timeout: Duration::from_secs(3),
        connect_timeout: Duration::from_secs(2),
        max_body_bytes: 1024 * 1024,
        requests_per_second: 1000,
        total_requests: 100,
        user_agent: "plumbline-test".to_owned(),
    }
}

fn request(path: &str) -> Request {
    Request {
        capability: None,
        path: path.to_owned(),
        query: Vec::new(),
        absolute: None,
        accept: "application/fhir+json".to_owned(),
        sign_in: true,
    }
}

fn no_answer(answer: &Answer) -> Option<NoAnswer> {
    match &answer.outcome {
        Outcome::Response(_) => None,
        Outcome::NoAnswer(reason) => Some(*reason),
    }
}

async fn get(config: ClientConfig, request: Request) -> Answer {
    Client::new(config).unwrap().get(request).await
}

async fn read_head(socket: &mut TcpStream) {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    while !seen.windows(4).any(|w| w == b"\r\n\r\n") {
        match socket.read(&mut buffer).await {
            Ok(count) if count > 0 => seen.extend_from_slice(&buffer[..count]),
            _ => return,
        }
    }
}

#[derive(Clone)]
enum After {
    /// Ends the connection in order.
    Close,
    /// Ends it with a TCP reset.
    Reset,
    /// Says nothing more.
    Hang,
    /// Repeats these bytes at this interval until the client goes away.
    Repeat(Vec<u8>, Duration),
}

/// A server that answers every connection with these bytes and then does `after`.
async fn raw_server(bytes: impl Into<Vec<u8>>, after: After) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/fhir", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    let bytes = bytes.into();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let (bytes, after) = (bytes.clone(), after.clone());
            tokio::spawn(async move {
                read_head(&mut socket).await;
                let _ = socket.write_all(&bytes).await;
                match after {
                    After::Close => {}
                    After::Reset => {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        let _ = socket.set_zero_linger();
                    }
                    After::Hang => tokio::time::sleep(Duration::from_mins(1)).await,
                    After::Repeat(chunk, pause) => {
                        while socket.write_all(&chunk).await.is_ok() {
                            tokio::time::sleep(pause).await;
                        }
                    }
                }
            });
        }
    });
    (base, connections)
}

/// A gzip stream of `bytes` zeros or a few more, written by hand: fixed Huffman codes, each of
/// 13 bits repeating the byte before 258 times.
fn gzip_bomb(bytes: usize) -> Vec<u8> {
    let mut out = vec![31, 139, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut byte, mut used) = (0_u8, 0);
    let mut push = |code: &str| {
        for bit in code.chars() {
            byte |= u8::from(bit == '1') << used;
            used += 1;
            if used == 8 {
                out.push(byte);
                (byte, used) = (0, 0);
            }
        }
    };
    push("0");
    push("10");
    push("00110000");
    for _ in 0..=bytes / 258 {
        push("1100010100000");
    }
    out
}

#[tokio::test]
async fn returns_status_headers_and_body_and_keeps_duplicates_apart() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/fhir/Patient/123"))
        .respond_with(
            ResponseTemplate::new(404)
                .append_header("X-Two", "b")
                .append_header("X-Two", "a")
                .set_body_raw("{}", "application/fhir+json"),
        )
        .mount(&server)
        .await;
    let answer = get(
        config(&format!("{}/fhir/", server.uri())),
        request("Patient/123"),
    )
    .await;
    let response = answer.response().unwrap();
    assert_eq!(response.status, 404);
    assert_eq!(response.body, b"{}");
    assert_eq!(
        response.header("content-type"),
        Some("application/fhir+json")
    );
    let two: Vec<_> = response
        .headers
        .iter()
        .filter(|(n, _)| n == "x-two")
        .collect();
    assert_eq!(
        two.iter().map(|(_, v)| v.as_str()).collect::<Vec<_>>(),
        ["b", "a"]
    );
    assert!(response.headers.is_sorted_by(|a, b| a.0 <= b.0));
    assert_eq!(answer.method, "GET");
}

#[tokio::test]
async fn encodes_queries_so_that_they_survive_the_round_trip() {
    let server = MockServer::start().await;
    let query = vec![
        (
            "identifier".to_owned(),
            "https://fhir.nhs.uk/Id/nhs-number|9990000018".to_owned(),
        ),
        (
            "family:exact".to_owned(),
            "O'Hara & Söhne +1 50% #x".to_owned(),
        ),
        ("empty".to_owned(), String::new()),
    ];
    let mut wanted = request("Patient");
    wanted.query.clone_from(&query);
    let answer = get(config(&server.uri()), wanted).await;
    let received = server.received_requests().await.unwrap();
    let back: Vec<(String, String)> = received[0].url.query_pairs().into_owned().collect();
    assert_eq!(back, query);
    let text = answer.url.query().unwrap();
    assert!(text.contains("%7C9990000018"), "{text}");
    assert!(text.contains("%20%2B1%20"), "{text}");
    assert!(!text.contains('+'), "{text}");
}

#[tokio::test]
async fn picks_the_base_url_by_capability_and_never_leaves_it() {
    let mut config = config("http://127.0.0.1:1/default");
    config.total_requests = 0;
    let own = Url::parse("http://127.0.0.1:2/own").unwrap();
    config.base_urls.insert("patient-index".to_owned(), own);
    let client = Client::new(config).unwrap();
    for (capability, path, expected) in [
        (None, "metadata", "http://127.0.0.1:1/default/metadata"),
        (
            Some("patient-index"),
            "Patient",
            "http://127.0.0.1:2/own/Patient",
        ),
        (
            Some("unlisted"),
            "Patient",
            "http://127.0.0.1:1/default/Patient",
        ),
        (
            None,
            "Patient/../../x?y=1",
            "http://127.0.0.1:1/default/Patient/x%3Fy=1",
        ),
    ] {
        let mut wanted = request(path);
        wanted.capability = capability.map(str::to_owned);
        let answer = client.get(wanted).await;
        assert_eq!(answer.url.as_str(), expected);
        assert_eq!(no_answer(&answer), Some(NoAnswer::TotalReached));
    }
}

#[tokio::test]
async fn unpacks_gzip() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("content-encoding", "gzip")
                .set_body_bytes(GZIPPED),
        )
        .mount(&server)
        .await;
    let answer = get(config(&server.uri()), request("metadata")).await;
    assert_eq!(answer.response().unwrap().body, b"{\"a\":1}");
}

#[tokio::test]
async fn broken_compression_is_not_taken_for_a_reset() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("content-encoding", "gzip")
                .set_body_bytes(&GZIPPED[..15]),
        )
        .mount(&server)
        .await;
    let answer = get(config(&server.uri()), request("metadata")).await;
    assert_eq!(no_answer(&answer), Some(NoAnswer::Other));
}

#[tokio::test]
async fn bounds_a_gzip_bomb_by_its_unpacked_size() {
    let bomb = gzip_bomb(64 * 1024 * 1024);
    assert!(
        bomb.len() < 1024 * 1024,
        "the packed size is within the limit"
    );
    let mut bytes = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        bomb.len()
    )
    .into_bytes();
    bytes.extend(bomb);
    let (base, _) = raw_server(bytes, After::Close).await;
    let answer = get(config(&base), request("metadata")).await;
    assert_eq!(
        no_answer(&answer),
        Some(NoAnswer::TooLarge { limit: 1024 * 1024 })
    );
}

#[tokio::test]
async fn takes_a_body_of_exactly_the_limit_and_no_more() {
    for (size, too_large) in [(1000, false), (1001, true)] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b' '; size]))
            .mount(&server)
            .await;
        let mut config = config(&server.uri());
        config.max_body_bytes = 1000;
        let answer = get(config, request("metadata")).await;
        assert_eq!(no_answer(&answer).is_some(), too_large, "{size}");
    }
}

#[tokio::test]
async fn bounds_an_endless_body() {
    let mut chunk = b"10000\r\n".to_vec();
    chunk.extend(vec![b' '; 0x10000]);
    chunk.extend(b"\r\n");
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let (base, _) = raw_server(head, After::Repeat(chunk, Duration::ZERO)).await;
    let answer = get(config(&base), request("metadata")).await;
    assert_eq!(
        no_answer(&answer),
        Some(NoAnswer::TooLarge { limit: 1024 * 1024 })
    );
}

#[tokio::test]
async fn a_promised_length_alone_is_not_too_large() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{}";
    let (base, _) = raw_server(head, After::Close).await;
    let answer = get(config(&base), request("metadata")).await;
    assert_eq!(no_answer(&answer), Some(NoAnswer::Reset));
}

#[tokio::test]
async fn gives_up_at_the_deadline_on_silence_half_heads_and_slow_drips() {
    let drip = After::Repeat(b"1\r\nx\r\n".to_vec(), Duration::from_millis(50));
    for (bytes, after) in [
        ("", After::Hang),
        ("HTTP/1.1 200 OK\r\nx: ", After::Hang),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab",
            After::Hang,
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            drip,
        ),
    ] {
        let (base, connections) = raw_server(bytes, after).await;
        let mut config = config(&base);
        config.timeout = Duration::from_millis(300);
        let started = Instant::now();
        let answer = get(config, request("metadata")).await;
        assert_eq!(no_answer(&answer), Some(NoAnswer::Timeout), "{bytes}");
        assert!(started.elapsed() < Duration::from_secs(2));
        assert!(answer.elapsed >= Duration::from_millis(300));
        assert_eq!(connections.load(Ordering::SeqCst), 1, "not retried");
    }
}

#[tokio::test]
async fn an_answer_cut_short_is_a_reset_and_is_not_retried() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab";
    let long = "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nab";
    let gzip = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 50\r\n\r\n";
    for (bytes, after) in [
        ("", After::Close),
        ("", After::Reset),
        ("HTTP/1.1 200", After::Close),
        (long, After::Close),
        (long, After::Reset),
        (chunked, After::Close),
        (chunked, After::Reset),
        (gzip, After::Close),
        (gzip, After::Reset),
    ] {
        let (base, connections) = raw_server(bytes, after).await;
        let answer = get(config(&base), request("metadata")).await;
        assert_eq!(no_answer(&answer), Some(NoAnswer::Reset), "{bytes}");
        assert_eq!(connections.load(Ordering::SeqCst), 1, "{bytes}");
    }
}

#[tokio::test]
async fn nothing_listening_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let answer = get(config(&base), request("metadata")).await;
    assert_eq!(no_answer(&answer), Some(NoAnswer::Refused));
}

#[tokio::test]
async fn what_is_not_http_or_not_tls_is_told_apart() {
    let (base, _) = raw_server("SSH-2.0-OpenSSH_9.6\r\n\r\n", After::Close).await;
    let answer = get(config(&base), request("metadata")).await;
    assert_eq!(no_answer(&answer), Some(NoAnswer::Other));

    // A server that answers a TLS hello with plain text, and one that hangs up on it.
    for text in ["HTTP/1.1 400 Bad Request\r\n\r\n", ""] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 8192];
            let _ = socket.read(&mut buffer).await;
            let _ = socket.write_all(text.as_bytes()).await;
            let _ = socket.shutdown().await;
            let _ = socket.read(&mut buffer).await;
        });
        let answer = get(config(&base), request("metadata")).await;
        assert_eq!(no_answer(&answer), Some(NoAnswer::Tls), "{text}");
    }
}

#[tokio::test]
async fn an_unknown_host_is_a_dns_failure() {
    let answer = get(config("http://nowhere.invalid"), request("metadata")).await;
    let reason = no_answer(&answer).unwrap();
    // A machine without any resolver may take its time to say so.
    assert!(
        matches!(reason, NoAnswer::Dns | NoAnswer::Timeout),
        "{reason:?}"
    );
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(302).insert_header("location", "/elsewhere"))
        .expect(1)
        .mount(&server)
        .await;
    let answer = get(config(&server.uri()), request("metadata")).await;
    let response = answer.response().unwrap();
    assert_eq!(
        (response.status, response.header("location")),
        (302, Some("/elsewhere"))
    );
}

#[tokio::test]
async fn the_key_is_sent_and_shown_nowhere() {
    let server = MockServer::start().await;
    let config = config(&server.uri());
    let client = Client::new(config.clone()).unwrap();
    let answer = client.get(request("metadata")).await;
    let received = server.received_requests().await.unwrap();
    assert_eq!(received[0].headers["apikey"], SECRET);
    assert_eq!(received[0].headers["user-agent"], "plumbline-test");
    let expected = [
        ("accept", "application/fhir+json"),
        ("apikey", "{secret}"),
        ("user-agent", "plumbline-test"),
    ];
    let headers: Vec<_> = answer
        .request_headers
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    assert_eq!(headers, expected);
    assert!(
        answer
            .curl
            .contains("--header 'apikey: '\"$PLUMBLINE_SECRET\""),
        "{}",
        answer.curl
    );
    for text in [
        format!("{config:?} {client:?} {answer:?} {answer:#?}"),
        answer.curl,
    ] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[tokio::test]
async fn the_key_stays_at_home_without_signing_in() {
    let server = MockServer::start().await;
    let mut wanted = request("metadata");
    wanted.sign_in = false;
    let answer = get(config(&server.uri()), wanted).await;
    let received = server.received_requests().await.unwrap();
    assert!(!received[0].headers.contains_key("apikey"));
    assert!(!answer.curl.contains("PLUMBLINE_SECRET"));
}

#[tokio::test]
async fn debug_output_holds_no_query_and_no_body() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_string("Thistlewood"))
        .mount(&server)
        .await;
    let mut wanted = request("Patient");
    wanted.query = vec![("family".to_owned(), "Thistlewood".to_owned())];
    let debug = format!("{wanted:?}");
    let answer = get(config(&server.uri()), wanted).await;
    assert!(!format!("{debug} {answer:?}").contains("Thistlewood"));
}

#[tokio::test]
async fn other_origins_get_neither_a_request_nor_the_key() {
    let home = MockServer::start().await;
    let elsewhere = MockServer::start().await;
    let client = Client::new(config(&format!("{}/fhir", home.uri()))).unwrap();

    let next = Url::parse(&format!("{}/fhir?page=2#top", home.uri())).unwrap();
    assert!(client.origin_allowed(&next));
    let mut wanted = request("");
    wanted.absolute = Some(next);
    assert!(client.get(wanted.clone()).await.response().is_some());
    assert_eq!(
        home.received_requests().await.unwrap()[0].headers["apikey"],
        SECRET
    );

    let port = home.address().port();
    for text in [
        format!("{}/fhir?page=2", elsewhere.uri()),
        format!("https://127.0.0.1:{port}/fhir"),
        format!("http://localhost:{port}/fhir"),
        format!("http://user:word@127.0.0.1:{port}/fhir"),
        "data:text/plain,x".to_owned(),
    ] {
        let url = Url::parse(&text).unwrap();
        assert!(!client.origin_allowed(&url), "{text}");
        wanted.absolute = Some(url);
        let answer = client.get(wanted.clone()).await;
        assert_eq!(no_answer(&answer), Some(NoAnswer::Other), "{text}");
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
    assert_eq!(home.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn clones_share_the_rate() {
    let server = MockServer::start().await;
    let mut config = config(&server.uri());
    config.requests_per_second = 20;
    let client = Client::new(config).unwrap();
    let started = Instant::now();
    let tasks: Vec<_> = (0..11)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get(request("metadata")).await })
        })
        .collect();
    for task in tasks {
        let answer = task.await.unwrap();
        assert!(
            answer.elapsed < Duration::from_millis(400),
            "waiting is not counted"
        );
    }
    assert!(started.elapsed() >= Duration::from_millis(495));
}

#[tokio::test]
async fn clones_share_the_total() {
    let server = MockServer::start().await;
    let mut config = config(&server.uri());
    config.total_requests = 3;
    let client = Client::new(config).unwrap();
    let mut refused = 0;
    for _ in 0..5 {
        let answer = client.clone().get(request("metadata")).await;
        refused += usize::from(no_answer(&answer) == Some(NoAnswer::TotalReached));
    }
    assert_eq!(refused, 2);
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}

fn too_many(retry_after: &str) -> ResponseTemplate {
    ResponseTemplate::new(429).insert_header("retry-after", retry_after)
}

#[tokio::test]
async fn waits_after_a_429_as_asked() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(too_many("1"))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let started = Instant::now();
    let answer = get(config(&server.uri()), request("metadata")).await;
    assert_eq!(answer.response().unwrap().status, 200);
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert!(answer.elapsed < Duration::from_secs(1));
}

#[tokio::test]
async fn gives_up_after_two_waits_or_a_long_one() {
    for (retry_after, requests) in [("0", 3), ("6", 1), ("86400", 1)] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(too_many(retry_after))
            .mount(&server)
            .await;
        let answer = get(config(&server.uri()), request("metadata")).await;
        assert_eq!(no_answer(&answer), Some(NoAnswer::RateLimited));
        assert_eq!(server.received_requests().await.unwrap().len(), requests);
    }
}

#[tokio::test]
async fn repeats_after_a_429_count_towards_the_total() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(too_many("0"))
        .mount(&server)
        .await;
    let mut config = config(&server.uri());
    config.total_requests = 2;
    let answer = get(config, request("metadata")).await;
    assert_eq!(no_answer(&answer), Some(NoAnswer::TotalReached));
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}

#[tokio::test]
async fn alive_means_an_answer_below_500() {
    for (status, alive) in [
        (200, true),
        (401, true),
        (404, true),
        (500, false),
        (503, false),
    ] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(status))
            .mount(&server)
            .await;
        let client = Client::new(config(&server.uri())).unwrap();
        assert_eq!(
            client.is_alive(&[request("metadata")]).await,
            alive,
            "{status}"
        );
    }
    let server = MockServer::start().await;
    Mock::given(path("/bad"))
        .respond_with(ResponseTemplate::new(500))
        .mount(&server)
        .await;
    let client = Client::new(config(&server.uri())).unwrap();
    assert!(client.is_alive(&[request("bad"), request("good")]).await);
    assert!(!client.is_alive(&[]).await);

    let (base, _) = raw_server("", After::Close).await;
    let client = Client::new(config(&base)).unwrap();
    assert!(!client.is_alive(&[request("metadata")]).await);
}

#[tokio::test]
async fn holds_no_more_connections_than_requests_in_flight() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (open_there, most_there) = (Arc::clone(&open), Arc::clone(&most));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (open, most) = (Arc::clone(&open_there), Arc::clone(&most_there));
            tokio::spawn(async move {
                most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                read_head(&mut socket).await;
                tokio::time::sleep(Duration::from_millis(10)).await;
                let _ = socket
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                    .await;
                // The server would keep the connection; the client must let go.
                read_head(&mut socket).await;
                open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    let client = Client::new(config(&base)).unwrap();
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..10 {
                    assert!(client.get(request("metadata")).await.response().is_some());
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    // A connection may still be closing as the next one opens.
    assert!(most.load(Ordering::SeqCst) <= 8);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(open.load(Ordering::SeqCst), 0);
}

#[test]
fn refuses_a_configuration_that_cannot_work() {
    let good = config("http://127.0.0.1:1");
    let refused = |change: fn(&mut ClientConfig)| {
        let mut config = good.clone();
        change(&mut config);
        Client::new(config).unwrap_err()
    };
    assert!(matches!(
        refused(|c| c.base_urls.clear()),
        HttpError::NoDefaultBaseUrl
    ));
    assert!(matches!(
        refused(|c| c.requests_per_second = 0),
        HttpError::ZeroRate
    ));
    assert!(matches!(
        refused(|c| c.user_agent = "a\nb".to_owned()),
        HttpError::UserAgent
    ));
    for text in [
        "ftp://x.example",
        "http://u:p@x.example",
        "http://x.example?a",
        "data:x",
    ] {
        let mut config = good.clone();
        config
            .base_urls
            .insert("a".to_owned(), Url::parse(text).unwrap());
        let error = Client::new(config).unwrap_err();
        assert!(matches!(error, HttpError::BaseUrl { .. }), "{text}");
    }
    for (header, secret) in [("a b", "x"), ("apikey", ""), ("apikey", "a\r\nb: c")] {
        let mut config = good.clone();
        config.auth = Auth::ApiKey {
            header: header.to_owned(),
            secret: SecretString::from(secret),
        };
        let error = Client::new(config).unwrap_err();
        assert!(matches!(
            error,
            HttpError::AuthHeader { .. } | HttpError::SecretValue
        ));
    }
}

#[test]
fn reads_one_line_from_a_secret_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, "s3cr3t-k3y\r\n").unwrap();
    assert_eq!(secret_from_file(&file).unwrap().expose_secret(), SECRET);
    for content in ["", "\n", "a\nb\n"] {
        std::fs::write(&file, content).unwrap();
        let error = secret_from_file(&file).unwrap_err();
        assert!(
            matches!(error, HttpError::SecretFileContent { .. }),
            "{content:?}"
        );
    }
    let error = secret_from_file(&folder.path().join("absent")).unwrap_err();
    assert!(matches!(error, HttpError::SecretFile { .. }));
}
