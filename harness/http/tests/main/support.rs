//! A client to test and the servers that it meets.

use plumbline_http::{Answer, Auth, Client, ClientConfig, Connection, NoAnswer, Outcome, Request};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

pub const SECRET: &str = "s3cr3t-k3y";

pub fn config(base: &str) -> ClientConfig {
    ClientConfig {
        base_urls: BTreeMap::from([("default".to_owned(), Url::parse(base).unwrap())]),
        auth: Auth::ApiKey {
            header: "ApiKey".to_owned(),
            secret: SecretString::from(SECRET),
        },
        connection: Connection::default(),
        timeout: Duration::from_secs(3),
        connect_timeout: Duration::from_secs(2),
        max_body_bytes: 1024 * 1024,
        requests_per_second: 1000,
        total_requests: 100,
        user_agent: "plumbline-test".to_owned(),
    }
}

pub fn request(path: &str) -> Request {
    Request {
        capability: None,
        path: path.to_owned(),
        query: Vec::new(),
        absolute: None,
        accept: "application/fhir+json".to_owned(),
        headers: Vec::new(),
        sign_in: true,
        ..Request::default()
    }
}

pub fn no_answer(answer: &Answer) -> Option<NoAnswer> {
    match &answer.outcome {
        Outcome::Response(_) => None,
        Outcome::NoAnswer(reason) => Some(*reason),
    }
}

pub async fn get(config: ClientConfig, request: Request) -> Answer {
    Client::new(config).unwrap().get(request).await
}

/// Reads up to the empty line, and gives what it read.
pub async fn read_head(socket: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    while !seen.windows(4).any(|w| w == b"\r\n\r\n") {
        match socket.read(&mut buffer).await {
            Ok(count) if count > 0 => seen.extend_from_slice(&buffer[..count]),
            _ => break,
        }
    }
    seen
}

#[derive(Clone)]
pub enum After {
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
pub async fn raw_server(bytes: impl Into<Vec<u8>>, after: After) -> (String, Arc<AtomicUsize>) {
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
