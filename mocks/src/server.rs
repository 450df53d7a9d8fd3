//! A mock system as an HTTP server: routing, the right answer, then the faults.
//! Not for real data or real load: it listens where its caller says, without TLS.

use crate::apply::{Ending, Reply, apply};
use crate::error::MockError;
use crate::fault::{self, Fault};
use crate::kinds::Kind;
use crate::people::{self, Person};
use crate::request::Request;
use crate::resources::{
    LAST_MODIFIED, ResultPage, bundle, capability_statement, entity_tag, outcome,
};
use crate::search::{self, Page, Problem};
use crate::vendor::{self, Vendor};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use axum::serve::ListenerExt;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The path that every request begins with.
pub const BASE_PATH: &str = "/fhir";
/// The header that carries the vendor's name on every answer of a mock.
pub const MOCK_HEADER: &str = "x-plumbline-mock";

/// What a browser may send, as a preflight answer lists it.
const ALLOWED_HEADERS: &str = "accept, apikey, authorization, content-type, if-none-match";
const ALLOWED_METHODS: &str = "GET, OPTIONS";

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
    pub api_key: Option<String>,
    /// Fault files that are laid over the embedded ones.
    pub faults_dir: Option<PathBuf>,
    /// People files that are laid over the embedded ones.
    pub people_dir: Option<PathBuf>,
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
        }
    }
}

/// A mock vendor system, ready to serve.
pub struct MockSystem {
    name: String,
    vendor: Vendor,
    people: Vec<Person>,
    faults: Vec<Fault>,
    announce: bool,
    api_key: Option<String>,
}

impl MockSystem {
    /// Puts the system together from its text files.
    pub fn load(options: &MockOptions) -> Result<MockSystem, MockError> {
        let vendor = vendor::load(&options.vendor)?;
        let people = people::load(options.people_dir.as_deref())?;
        let all = fault::load_all(options.faults_dir.as_deref())?;
        let wanted = vendor.faults.iter().chain(&options.faults).cloned();
        let faults = fault::choose(all, wanted)?;
        for fault in &faults {
            if let Some(role) = &fault.action.add_others
                && !people.iter().any(|person| person.role == *role)
            {
                let (fault, role) = (fault.info.id.clone(), role.clone());
                return Err(MockError::UnknownPerson { fault, role });
            }
        }
        Ok(MockSystem {
            name: options.vendor.clone(),
            vendor,
            people,
            faults,
            announce: options.announce,
            api_key: options.api_key.clone(),
        })
    }

    /// The answer of this system, faults included.
    fn reply(&self, request: &Request) -> Reply {
        let faults: Vec<&Fault> = self
            .faults
            .iter()
            .filter(|fault| fault.matches(&request.facts()))
            .collect();
        let ignored = || {
            faults
                .iter()
                .filter_map(|fault| fault.action.ignore_params.as_ref())
        };
        let mut query = request.query.clone();
        query.retain(|(key, _)| !ignored().flatten().any(|ignored| ignored == key));
        let wide = faults
            .iter()
            .any(|fault| fault.action.answer_wide == Some(true));
        let width = if wide { Width::Any } else { Width::Bounded };

        let mut reply = self.right_reply(request, &Heeded { query, width });
        for fault in faults {
            let others = self.others(fault, &request.path);
            apply(&mut reply, &fault.action, &request.base, &others);
        }
        if self.announce {
            reply
                .headers
                .insert(MOCK_HEADER.to_owned(), self.name.clone());
        }
        reply
    }

    /// The answer before any fault changes it.
    fn right_reply(&self, request: &Request, heeded: &Heeded) -> Reply {
        let mut reply = if request.is_preflight() {
            let mut reply = Reply::empty(204);
            reply.header("access-control-allow-methods", ALLOWED_METHODS);
            reply.header("access-control-allow-headers", ALLOWED_HEADERS);
            reply
        } else {
            match self.answer(request, heeded) {
                Ok(value) if request.is_read() => read_reply(request, value),
                Ok(value) => Reply::json(200, value),
                Err(problem) => Reply::json(problem.status, outcome(&problem)),
            }
        };
        if reply.status == 405 {
            reply.header("allow", "GET");
        }
        if request.origin.is_some() {
            reply.header("access-control-allow-origin", "*");
        }
        reply
    }

    fn answer(&self, request: &Request, heeded: &Heeded) -> Result<Value, Problem> {
        if request.method != Method::GET {
            let text = format!(
                "{} is not supported: this system is read-only",
                request.method
            );
            return Err(Problem::new(405, "not-supported", text));
        }
        if request.path == "metadata" {
            let suffix = if self.announce { " (mock)" } else { "" };
            return Ok(capability_statement(&self.vendor, &request.base, suffix));
        }
        if self.api_key.is_some() && self.api_key != request.api_key {
            return Err(Problem::new(401, "login", "a valid API key is needed"));
        }
        let (name, id) = match request.path.split_once('/') {
            None => (request.path.as_str(), None),
            Some((name, id)) => (name, Some(id)),
        };
        match (Kind::of(name), id) {
            (None, _) => Err(not_found(&request.path)),
            (Some(kind), None) => self.search(request, heeded, kind),
            (Some(kind), Some(id)) => {
                let mut held = self.people.iter().flat_map(|who| kind.held_about(who));
                held.find(|resource| resource["id"] == id)
                    .ok_or_else(|| not_found(&request.path))
            }
        }
    }

    fn search(&self, request: &Request, heeded: &Heeded, kind: Kind) -> Result<Value, Problem> {
        // A system that ignores a parameter does not notice that the search became too wide.
        if heeded.width == Width::Bounded {
            search::check_bounded(&search::parameters(kind), &request.query)?;
        }
        let Page { offset, count } = search::page(&heeded.query, self.vendor.page_size.get())?;
        let found = search::find(kind, &self.people, &heeded.query)?;
        let total = found.len();
        let end = offset.saturating_add(count);
        let next_url = (count > 0 && end < total).then(|| request.url(Some(&search::cursor(end))));
        let resources = found.into_iter().skip(offset).take(count).collect();
        let self_url = request.url(None);
        Ok(bundle(
            &request.base,
            ResultPage {
                resources,
                total,
                self_url,
                next_url,
            },
        ))
    }

    /// The records that a fault brings in, of the type that was searched.
    fn others(&self, fault: &Fault, path: &str) -> Vec<Value> {
        let Some((role, kind)) = fault.action.add_others.as_ref().zip(Kind::of(path)) else {
            return Vec::new();
        };
        let people = self.people.iter().filter(|person| person.role == *role);
        people.flat_map(|person| kind.held_about(person)).collect()
    }
}

/// What of a request the system heeds, with the faults that are meant for it.
struct Heeded {
    query: Vec<(String, String)>,
    width: Width,
}

/// Whether a search may ask for everybody.
#[derive(PartialEq)]
enum Width {
    Bounded,
    Any,
}

/// A resource with its version, or word that the client has it already.
fn read_reply(request: &Request, resource: Value) -> Reply {
    let tag = entity_tag();
    let mut reply = if request.has_already(&tag) {
        Reply::empty(304)
    } else {
        Reply::json(200, resource)
    };
    reply.header("etag", tag);
    reply.header("last-modified", LAST_MODIFIED);
    reply
}

fn not_found(path: &str) -> Problem {
    Problem::new(404, "not-found", format!("there is no `{path}` here"))
}

/// Serves the system on `listener` until the task is dropped.
pub async fn serve(system: MockSystem, listener: tokio::net::TcpListener) -> std::io::Result<()> {
    let app = Router::new().fallback(handle).with_state(Arc::new(system));
    // Without this, small answers wait for the client's delayed acknowledgement.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, app).await
}

async fn handle(
    State(system): State<Arc<MockSystem>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let reply = system.reply(&Request::read(method, &uri, &headers));
    if reply.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(reply.delay_ms)).await;
    }
    into_response(reply)
}

fn into_response(reply: Reply) -> Response {
    let body = match reply.ending {
        Ending::Whole => Body::from(reply.body.into_text()),
        Ending::Reset => {
            let error = std::io::Error::other("the fault resets the connection");
            Body::from_stream(futures::stream::iter([Err::<Bytes, _>(error)]))
        }
    };
    let mut response = Response::new(body);
    if let Ok(status) = StatusCode::from_u16(reply.status) {
        *response.status_mut() = status;
    }
    for (name, value) in reply.headers {
        let parsed = (HeaderName::try_from(name), HeaderValue::try_from(value));
        if let (Ok(name), Ok(value)) = parsed {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
