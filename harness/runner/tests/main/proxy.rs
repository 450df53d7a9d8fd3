//! A proxy before the mock that spoils one chosen request and passes the others on.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What is done to the chosen request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoil {
    ServerError,
    Timeout,
    Reset,
    Dropped,
    EmptyBody,
    Html,
    WrongType,
    Truncated,
    SomeoneElse,
    EmptySearchset,
}

impl Spoil {
    pub const ALL: [Self; 10] = [
        Self::ServerError,
        Self::Timeout,
        Self::Reset,
        Self::Dropped,
        Self::EmptyBody,
        Self::Html,
        Self::WrongType,
        Self::Truncated,
        Self::SomeoneElse,
        Self::EmptySearchset,
    ];
}

pub struct Proxy {
    pub address: SocketAddr,
    seen: Arc<AtomicUsize>,
}

impl Proxy {
    /// Spoils the request with this number, from 0.
    pub async fn start(upstream: SocketAddr, spoiled: Option<(usize, Spoil)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = counter.fetch_add(1, Ordering::SeqCst);
                let spoil = spoiled
                    .filter(|(n, _)| *n == number)
                    .map(|(_, spoil)| spoil);
                tokio::spawn(answer(stream, upstream, spoil));
            }
        });
        Self { address, seen }
    }

    /// Spoils nothing, and calls `seen` when a request has come, before it is answered.
    pub async fn watched(upstream: SocketAddr, seen: impl Fn() + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let head = read_head(&mut stream).await;
                seen();
                let text = forward(upstream, &head).await;
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self {
            address,
            seen: Arc::default(),
        }
    }

    pub fn requests(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

async fn answer(mut stream: TcpStream, upstream: SocketAddr, spoil: Option<Spoil>) {
    let head = read_head(&mut stream).await;
    let path = head.split_whitespace().nth(1).unwrap_or("/").to_owned();
    let fhir = "application/fhir+json;charset=utf-8";
    let text = match spoil {
        None => forward(upstream, &head).await,
        Some(Spoil::ServerError) => response(
            500,
            fhir,
            r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception"}]}"#,
        ),
        Some(Spoil::Timeout) => {
            tokio::time::sleep(Duration::from_secs(5)).await;
            return;
        }
        Some(Spoil::Reset) => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/fhir+json\r\ncontent-length: 900\r\n\r\n{").await;
            return;
        }
        Some(Spoil::Dropped) => return,
        Some(Spoil::EmptyBody) => response(200, fhir, ""),
        Some(Spoil::Html) => response(200, "text/html", "<html><body>Please sign in</body></html>"),
        Some(Spoil::WrongType) => {
            response(200, fhir, r#"{"resourceType":"Practitioner","id":"x"}"#)
        }
        Some(Spoil::Truncated) => {
            let whole = forward(upstream, &head).await;
            let body = whole.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            let half: String = body.chars().take(body.chars().count() / 2).collect();
            response(200, fhir, &half)
        }
        Some(Spoil::SomeoneElse) => response(200, fhir, &someone_else(&path)),
        Some(Spoil::EmptySearchset) => response(
            200,
            fhir,
            r#"{"resourceType":"Bundle","type":"searchset","total":0,"link":[{"relation":"self","url":"http://x.example/"}]}"#,
        ),
    };
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// A well-formed answer that is about another patient.
pub fn someone_else(path: &str) -> String {
    let patient = r#"{"resourceType":"Patient","id":"p-other","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990009988"}],"name":[{"family":"Quillfeather","given":["Zebulon"]}],"gender":"unknown","birthDate":"1901-01-01"}"#;
    let allergy = r#"{"resourceType":"AllergyIntolerance","id":"a-other","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"91936005"}]},"patient":{"reference":"Patient/p-other"}}"#;
    let resource = if path.contains("/AllergyIntolerance") {
        allergy
    } else {
        patient
    };
    if path.contains('?') {
        format!(
            r#"{{"resourceType":"Bundle","type":"searchset","total":1,"link":[{{"relation":"self","url":"http://x.example/"}}],"entry":[{{"fullUrl":"http://x.example/1","resource":{resource},"search":{{"mode":"match"}}}}]}}"#
        )
    } else {
        resource.to_owned()
    }
}

fn response(status: u16, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

pub async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    let mut byte = [0_u8; 1024];
    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
        match stream.read(&mut byte).await {
            Ok(n) if n > 0 => head.extend_from_slice(&byte[..n]),
            _ => break,
        }
    }
    String::from_utf8(head).unwrap()
}

pub async fn forward(upstream: SocketAddr, head: &str) -> String {
    let mut lines = head.split("\r\n");
    let mut request = format!("{}\r\n", lines.next().unwrap_or_default());
    for line in lines.take_while(|line| !line.is_empty()) {
        let lower = line.to_lowercase();
        if !lower.starts_with("connection:") && !lower.starts_with("accept-encoding:") {
            request += line;
            request += "\r\n";
        }
    }
    request += "connection: close\r\n\r\n";
    let mut up = TcpStream::connect(upstream).await.unwrap();
    up.write_all(request.as_bytes()).await.unwrap();
    let mut whole = String::new();
    up.read_to_string(&mut whole).await.unwrap();
    whole
}

/// When a server that keeps connections ends them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Never,
    /// As soon as a second request has come, without a word.
    OnSecondRequest,
    /// In the middle of the second answer.
    InTheSecondAnswer,
}

impl Proxy {
    /// Keeps connections open, and ends them as said.
    pub async fn keeping(upstream: SocketAddr, ending: Ending) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(keep(stream, upstream, ending));
            }
        });
        Self {
            address,
            seen: Arc::default(),
        }
    }
}

async fn keep(mut stream: TcpStream, upstream: SocketAddr, ending: Ending) {
    for request in 0.. {
        let head = read_head(&mut stream).await;
        if head.is_empty() || request == 1 && ending == Ending::OnSecondRequest {
            return;
        }
        let whole = forward(upstream, &head).await;
        let text = whole.replace("connection: close\r\n", "");
        if request == 1 && ending == Ending::InTheSecondAnswer {
            let _ = stream.write_all(&text.as_bytes()[..text.len() - 1]).await;
            return;
        }
        let _ = stream.write_all(text.as_bytes()).await;
    }
}
