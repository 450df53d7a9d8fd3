//! Servers that do not answer, and how each way is told from the others.

use crate::support::{After, config, get, no_answer, raw_server, read_head, request};
use plumbline_http::{Client, NoAnswer, TlsFault};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

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
    for (text, fault) in [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", TlsFault::NotTls),
        ("", TlsFault::Other),
    ] {
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
        assert_eq!(no_answer(&answer), Some(NoAnswer::Tls(fault)), "{text}");
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
    // Which of them are kept at the end is chance; none is kept for long.
    for _ in 0..50 {
        if open.load(Ordering::SeqCst) == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{} connections are still open", open.load(Ordering::SeqCst));
}
