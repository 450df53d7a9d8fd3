//! A mock system as an HTTP server: the right answer, then the faults, then the sending.
//! Not for what is right, which the systems behind it know, and not for real data or real load.

use crate::action::{PlainHttp, TlsFault};
use crate::apply::{Ending, Reply, Spoiled, apply};
use crate::error::MockError;
use crate::fault::{self, Fault};
use crate::gp::{Effect, Gp};
use crate::people::{self, Person};
use crate::request::{Place, Request};
use crate::uk_core::{self, Heeded, UkCore, Width};
use crate::vendor::{self, Kinded, SystemKind};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use axum::serve::ListenerExt;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The path that every request begins with, of vendors of the kind `uk-core`.
pub const BASE_PATH: &str = "/fhir";
/// The header that carries the vendor's name on every answer of a mock.
pub const MOCK_HEADER: &str = "x-plumbline-mock";

/// Longer bodies of GP systems are sent in chunks of this many bytes.
const CHUNK: usize = 1024;

/// Which mock to start.
#[derive(Clone)]
pub struct MockOptions {
    /// One of [`crate::vendor_names`].
    pub vendor: String,
    /// Ids of faults beside the vendor's own.
    pub faults: Vec<String>,
    /// Whether the mock says that it is one. Only tests switch this off.
    pub announce: bool,
    /// If given, everything but the capability statement needs it in the header `apikey`.
    /// GP systems have a token instead and do not look at it.
    pub api_key: Option<String>,
    /// Fault files that are laid over the embedded ones.
    pub faults_dir: Option<PathBuf>,
    /// People files that are laid over the embedded ones.
    pub people_dir: Option<PathBuf>,
    /// Seconds since 1970. GP systems look at it: tokens expire.
    pub now: fn() -> i64,
}

impl MockOptions {
    /// The vendor as its file describes it.
    pub fn vendor(name: impl Into<String>) -> MockOptions {
        MockOptions {
            vendor: name.into(),
            faults: Vec::new(),
            announce: true,
            api_key: None,
            faults_dir: None,
            people_dir: None,
            now: seconds_since_1970,
        }
    }
}

fn seconds_since_1970() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}

/// A mock vendor system, ready to serve.
pub struct MockSystem {
    name: String,
    system: System,
    place: Place,
    faults: Vec<Fault>,
    announce: bool,
    client_certificate: bool,
}

/// What answers, by the kind of the vendor.
enum System {
    UkCore(UkCore),
    GpConnect(Gp),
}

impl MockSystem {
    /// Puts the system together from its text files.
    pub fn load(options: &MockOptions) -> Result<MockSystem, MockError> {
        let vendor = vendor::load(&options.vendor)?;
        let people = people::load(options.people_dir.as_deref())?;
        let all = fault::load_all(options.faults_dir.as_deref())?;
        let wanted = vendor.faults.iter().chain(&options.faults).cloned();
        let faults = fault::choose(all, wanted)?;
        let client_certificate = vendor.wants_client_certificate();
        let (system, base_path) = match vendor.kinded() {
            Kinded::UkCore => {
                let of_others = |person: &Person| person.gp.is_none();
                let system = UkCore {
                    vendor,
                    people: people.into_iter().filter(of_others).collect(),
                    announce: options.announce,
                    api_key: options.api_key.clone(),
                };
                (System::UkCore(system), BASE_PATH.to_owned())
            }
            Kinded::GpConnect(settings) => {
                let base_path = settings.base_path.clone();
                let suffix = if options.announce { " (mock)" } else { "" };
                let gp = Gp::load(vendor, settings, people, suffix, options.now)?;
                (System::GpConnect(gp), base_path)
            }
        };
        let loaded = MockSystem {
            name: options.vendor.clone(),
            system,
            place: Place {
                scheme: "http",
                base_path,
            },
            faults,
            announce: options.announce,
            client_certificate,
        };
        loaded.faults.iter().try_for_each(|it| loaded.check(it))?;
        Ok(loaded)
    }

    /// The path that every request begins with.
    pub fn base_path(&self) -> &str {
        &self.place.base_path
    }

    /// Whether it has a fault that only an encrypted connection can have, see [`crate::serve_tls`].
    pub fn needs_tls(&self) -> bool {
        self.plain_http().is_some() || !self.tls_faults().is_empty()
    }

    /// The same, as clients reach it over an encrypted connection.
    pub(crate) fn encrypted(mut self) -> MockSystem {
        self.place.scheme = "https";
        self
    }

    /// Whether a client must show a certificate, where the connection is encrypted.
    pub(crate) const fn wants_client_certificate(&self) -> bool {
        self.client_certificate
    }

    /// How the encrypted connection is wrong.
    pub(crate) fn tls_faults(&self) -> BTreeSet<TlsFault> {
        let faults = self.faults.iter();
        faults.filter_map(|fault| fault.action.tls).collect()
    }

    /// What it does without encryption, if a fault says so.
    pub(crate) fn plain_http(&self) -> Option<PlainHttp> {
        self.faults.iter().find_map(|fault| fault.action.plain_http)
    }

    const fn kind(&self) -> SystemKind {
        match self.system {
            System::UkCore(_) => SystemKind::UkCore,
            System::GpConnect(_) => SystemKind::GpConnect,
        }
    }

    /// Refuses a fault that this system cannot have.
    fn check(&self, fault: &Fault) -> Result<(), MockError> {
        let id = fault.info.id.clone();
        if fault.kind != self.kind() {
            return Err(MockError::FaultOfAnotherKind {
                fault: id,
                kind: fault.kind.name(),
                vendor: self.name.clone(),
            });
        }
        let Some(role) = &fault.action.add_others else {
            return Ok(());
        };
        let is_known = match &self.system {
            System::UkCore(system) => system.people.iter().any(|person| person.role == *role),
            System::GpConnect(gp) => gp.knows_role(role),
        };
        if is_known {
            return Ok(());
        }
        let role = role.clone();
        Err(MockError::UnknownPerson { fault: id, role })
    }

    /// The answer of this system, faults included.
    fn reply(&self, request: &Request) -> Reply {
        let (path, claims) = match &self.system {
            System::UkCore(_) => (uk_core::path(request), Value::Null),
            System::GpConnect(gp) => (request.path.trim_start_matches('/'), gp.claims(request)),
        };
        let facts = request.facts(path, &claims);
        let mut faults: Vec<&Fault> = self.faults.iter().collect();
        faults.retain(|fault| fault.matches(&facts));
        let query = heeded_query(request, &faults);
        let mut reply = match &self.system {
            System::UkCore(system) => {
                let wide = |fault: &&Fault| fault.action.answer_wide == Some(true);
                let width = if faults.iter().any(wide) {
                    Width::Any
                } else {
                    Width::Bounded
                };
                system.reply(request, &Heeded { query, width })
            }
            System::GpConnect(gp) => {
                if faults.iter().any(|fault| fault.refused_by.is_some()) {
                    let right = gp.answer(request, &query, &BTreeSet::new(), Effect::None);
                    faults.retain(|fault| {
                        let wanted = fault.refused_by.as_deref();
                        wanted.is_none() || wanted == right.refused_by
                    });
                }
                let skipped = faults.iter().flat_map(|fault| &fault.action.skip_checks);
                let skipped = skipped.flatten().map(String::as_str).collect();
                let answer = gp.answer(request, &query, &skipped, Effect::Lasting);
                let anyway = |fault: &&Fault| fault.action.register_anyway == Some(true);
                if answer.refused_by.is_some() && faults.iter().any(anyway) {
                    gp.register_anyway(request);
                }
                answer.reply
            }
        };
        for fault in faults {
            let others = self.others(fault, path);
            let spoiled = Spoiled {
                kind: self.kind(),
                base: &request.base,
                others: &others,
            };
            apply(&mut reply, &fault.action, &spoiled);
        }
        if self.announce {
            reply.header(MOCK_HEADER, self.name.clone());
        }
        reply
    }

    /// The records that a fault brings in, of the type that was searched.
    fn others(&self, fault: &Fault, path: &str) -> Vec<Value> {
        match (&fault.action.add_others, &self.system) {
            (None, _) => Vec::new(),
            (Some(role), System::UkCore(system)) => system.others(role, path),
            (Some(role), System::GpConnect(gp)) => gp.others(role, path),
        }
    }
}

/// The query without the parameters that a fault makes the system ignore.
fn heeded_query(request: &Request, faults: &[&Fault]) -> Vec<(String, String)> {
    let ignored = faults
        .iter()
        .filter_map(|fault| fault.action.ignore_params.as_ref());
    let ignored: BTreeSet<&str> = ignored.flatten().map(String::as_str).collect();
    let mut query = request.query.clone();
    query.retain(|(key, _)| !ignored.contains(key.as_str()));
    query
}

/// Serves the system on `listener` until the task is dropped.
pub async fn serve(system: MockSystem, listener: tokio::net::TcpListener) -> std::io::Result<()> {
    // Without this, small answers wait for the client's delayed acknowledgement.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, application(system)).await
}

/// The system as something that answers requests, however they come.
pub(crate) fn application(system: MockSystem) -> Router {
    Router::new().fallback(handle).with_state(Arc::new(system))
}

async fn handle(
    State(system): State<Arc<MockSystem>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = Request::read(&system.place, method, &uri, &headers, body);
    let reply = system.reply(&request);
    if reply.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(reply.delay_ms)).await;
    }
    into_response(reply, system.kind())
}

fn into_response(mut reply: Reply, kind: SystemKind) -> Response {
    let (status, ending) = (reply.status, reply.ending);
    let mut headers = std::mem::take(&mut reply.headers);
    let may_gzip = reply.may_gzip;
    let mut bytes = reply.text().into_bytes();
    if may_gzip && let Some(packed) = gzip(&bytes) {
        bytes = packed;
        headers.insert("content-encoding".to_owned(), "gzip".to_owned());
        headers.insert("vary".to_owned(), "Accept-Encoding".to_owned());
    }
    let body = match ending {
        Ending::Whole if kind == SystemKind::GpConnect && bytes.len() > CHUNK => chunked(&bytes),
        Ending::Whole => Body::from(bytes),
        Ending::Reset => {
            let error = std::io::Error::other("the fault resets the connection");
            Body::from_stream(futures::stream::iter([Err::<Bytes, _>(error)]))
        }
    };
    let mut response = Response::new(body);
    if let Ok(status) = StatusCode::from_u16(status) {
        *response.status_mut() = status;
    }
    for (name, value) in headers {
        let parsed = (HeaderName::try_from(name), HeaderValue::try_from(value));
        if let (Ok(name), Ok(value)) = parsed {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Nothing where packing fails, which it does not in memory.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).ok()?;
    packer.finish().ok()
}

/// A body without a length beforehand.
fn chunked(bytes: &[u8]) -> Body {
    let chunks: Vec<Result<Bytes, std::io::Error>> = bytes
        .chunks(CHUNK)
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect();
    Body::from_stream(futures::stream::iter(chunks))
}
