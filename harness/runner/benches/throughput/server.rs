//! The target of a measurement, as a child process: the mock system, or a server that has the
//! mock's answers ready and so takes next to no time. Not for any other use.

use crate::synthetic;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use axum::serve::ListenerExt;
use plumbline_mocks::{MockOptions, MockSystem};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `plumbline mock`.
    Mock,
    /// Ready answers; each says that it is another one, so that no two bodies are the same.
    Fast,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mock => "mock",
            Self::Fast => "fast",
        }
    }
}

/// A running server; ends with this value.
pub struct Server {
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    pub fn start(kind: Kind, delay: Duration) -> Self {
        let program = std::env::current_exe().expect("this program has a path");
        let mut child = Command::new(program)
            .args(["serve", kind.name(), &delay.as_millis().to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it has an output"))
            .read_line(&mut line)
            .expect("it says its address");
        Self {
            address: line.trim().parse().expect("an address"),
            child,
        }
    }

    /// The address of a resource or search.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/fhir/{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// In the child: `serve KIND DELAY`.
pub fn serve_from(words: &[&str]) {
    let delay = words[2].parse().expect("milliseconds");
    let fast = words[1] == Kind::Fast.name();
    let runtime = crate::run::runtime();
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("its address");
        if fast {
            let ready = ready_answers(address).await;
            println!("{address}");
            answer_at_once(listener, ready, Duration::from_millis(delay)).await;
        } else {
            println!("{address}");
            let system = MockSystem::load(&MockOptions::vendor("riverside-epr")).expect("a mock");
            plumbline_mocks::serve(system, listener)
                .await
                .expect("it serves");
        }
    });
}

/// What the mock answers, by path and query, without the opening brace of the body.
async fn ready_answers(own: SocketAddr) -> BTreeMap<String, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    let mock = listener.local_addr().expect("its address");
    let system = MockSystem::load(&MockOptions::vendor("riverside-epr")).expect("a mock");
    tokio::spawn(plumbline_mocks::serve(system, listener));
    let client = reqwest::Client::new();
    let mut ready = BTreeMap::new();
    for path in synthetic::every_path() {
        let url = format!("http://{mock}/fhir/{path}");
        let answer = client.get(url).send().await.expect("an answer");
        let text = answer.text().await.expect("a body");
        let text = text.replace(&mock.to_string(), &own.to_string());
        ready.insert(format!("/fhir/{path}"), text[1..].to_owned());
    }
    ready
}

struct Ready {
    answers: BTreeMap<String, String>,
    delay: Duration,
    sent: AtomicU64,
}

async fn answer_at_once(listener: TcpListener, answers: BTreeMap<String, String>, delay: Duration) {
    let ready = Arc::new(Ready {
        answers,
        delay,
        sent: AtomicU64::new(0),
    });
    let app = Router::new().fallback(handle).with_state(ready);
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, app).await.expect("it serves");
}

async fn handle(State(ready): State<Arc<Ready>>, uri: Uri) -> Response<Body> {
    if !ready.delay.is_zero() {
        tokio::time::sleep(ready.delay).await;
    }
    let path = uri.path_and_query().map_or("", |whole| whole.as_str());
    let number = ready.sent.fetch_add(1, Ordering::Relaxed);
    let (status, body) = match ready.answers.get(path) {
        Some(rest) => (
            StatusCode::OK,
            format!(
                "{{\"id\":\"answer-{number}\",\"meta\":{{\"lastUpdated\":\"2026-01-01T00:00:00.{number:09}Z\"}},{rest}"
            ),
        ),
        None => (StatusCode::NOT_FOUND, String::new()),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-type", "application/fhir+json;charset=utf-8"),
        ("x-plumbline-mock", "riverside-epr"),
    ] {
        headers.insert(name, axum::http::HeaderValue::from_static(value));
    }
    response
}
