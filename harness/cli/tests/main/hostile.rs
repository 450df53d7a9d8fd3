//! A server on loopback that passes requests on to a mock system and spoils the answers.
//! It hides that it is a mock. Not an HTTP server for anything else: one GET a connection.

use crate::support::Mock;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// What is sent back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub delay: Duration,
}

/// A request as far as the tests look at it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Position among the requests, from 0.
    pub at: usize,
    /// Path with query, as sent.
    pub path: String,
    /// The base address that it was sent to.
    pub base_url: String,
}

impl Answer {
    /// The body as JSON, if it is.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub fn set_json(&mut self, value: &Value) {
        self.body = serde_json::to_vec(value).unwrap();
    }

    /// Everything as it is sent.
    fn bytes(&self) -> Vec<u8> {
        let headers: Vec<String> = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let head = format!(
            "HTTP/1.1 {} Whatever\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.status,
            headers.concat(),
            self.body.len()
        );
        [head.as_bytes(), &self.body].concat()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }
}

type Spoil = dyn FnMut(&Asked, &mut Answer) + Send;

pub struct Hostile {
    pub base_url: String,
    state: Arc<Mutex<State>>,
    _mock: Mock,
}

struct State {
    asked: Vec<String>,
    spoil: Box<Spoil>,
}

impl Hostile {
    /// Starts one; `spoil` sees every request and the good answer to it.
    pub fn start(spoil: impl FnMut(&Asked, &mut Answer) + Send + 'static) -> Self {
        let mock = Mock::start("riverside-epr");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            asked: Vec::new(),
            spoil: Box::new(spoil),
        }));
        let upstream = mock
            .base_url
            .trim_start_matches("http://")
            .split('/')
            .next()
            .unwrap();
        let (upstream, own) = (upstream.to_owned(), address.to_string());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, upstream, own) = (Arc::clone(&shared), upstream.clone(), own.clone());
                // A client that goes away, as an interrupted run does, ends only its own thread.
                thread::spawn(move || drop(serve(stream, &shared, &upstream, &own)));
            }
        });
        Self {
            base_url: format!("http://{address}/fhir"),
            state,
            _mock: mock,
        }
    }

    /// The paths that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.state).asked.clone()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn serve(
    mut stream: TcpStream,
    state: &Mutex<State>,
    upstream: &str,
    own: &str,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
    }
    let Some(path) = first.split(' ').nth(1) else {
        return Ok(());
    };
    let mut answer = pass_on(path, upstream, own)?;
    {
        let mut state = lock(state);
        let base_url = format!("http://{own}/fhir");
        let asked = Asked {
            at: state.asked.len(),
            path: path.to_owned(),
            base_url,
        };
        state.asked.push(path.to_owned());
        (state.spoil)(&asked, &mut answer);
    }
    thread::sleep(answer.delay);
    stream.write_all(&answer.bytes())?;
    stream.flush()
}

/// The mock's answer, with our address in the place of the mock's and nothing that names a mock.
fn pass_on(path: &str, upstream: &str, own: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(upstream)?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {upstream}\r\nConnection: close\r\n\r\n"
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok())
        .unwrap_or(500);
    let hidden = [
        "content-length",
        "connection",
        "x-plumbline-mock",
        "transfer-encoding",
        "date",
    ];
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| !hidden.contains(&name.to_ascii_lowercase().as_str()))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert!(
        !head.to_ascii_lowercase().contains("transfer-encoding"),
        "the mock sends chunks"
    );
    let body = body.replace(upstream, own);
    let mut answer = Answer {
        status,
        headers,
        body: body.into_bytes(),
        delay: Duration::ZERO,
    };
    if path.ends_with("/metadata")
        && let Some(mut statement) = answer.json()
    {
        statement["software"]["name"] = "Record system".into();
        answer.set_json(&statement);
    }
    Ok(answer)
}
