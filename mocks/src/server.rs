//! A mock system as an HTTP server: routing, the right answer, then the faults.
//! Not for real data or real load: it listens where its caller says, without TLS.

use crate::apply::{Body as ReplyBody, Ending, Reply, apply};
use crate::error::MockError;
use crate::fault::{self, Fault, RequestFacts};
use crate::people::{self, Person};
use crate::resources::{self, ResultPage, bundle, capability_statement, outcome};
use crate::search::{
    self, ALLERGY_PARAMETERS, PATIENT_PARAMETERS, Page, Parameter, Problem, Query,
};
use crate::vendor::{self, Vendor};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use axum::serve::ListenerExt;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The path that every request begins with.
pub const BASE_PATH: &str = "/fhir";
/// The header that carries the vendor's name on every answer of a mock.
pub const MOCK_HEADER: &str = "x-plumbline-mock";

const FHIR_JSON: &str = "application/fhir+json;charset=utf-8";
const API_KEY_HEADER: &str = "apikey";

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
        let mut heeded = request.query.clone();
        heeded.retain(|(key, _)| !ignored().flatten().any(|ignored| ignored == key));

        let (status, value) = match self.answer(request, &heeded) {
            Ok(value) => (200, value),
            Err(problem) => (problem.status, outcome(&problem)),
        };
        let mut reply = Reply {
            status,
            headers: BTreeMap::from([("content-type".to_owned(), FHIR_JSON.to_owned())]),
            body: ReplyBody::Json(value),
            ending: Ending::Whole,
            delay_ms: 0,
        };
        if status == 405 {
            reply.headers.insert("allow".to_owned(), "GET".to_owned());
        }
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

    fn answer(&self, request: &Request, heeded: &Query) -> Result<Value, Problem> {
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
        match request.path.split_once('/') {
            None if request.path == "Patient" => {
                self.search(request, heeded, PATIENT_PARAMETERS, search::patients)
            }
            None if request.path == "AllergyIntolerance" => {
                self.search(request, heeded, ALLERGY_PARAMETERS, search::allergies)
            }
            Some(("Patient", id)) => {
                let person = self.people.iter().find(|person| person.id == id);
                person
                    .map(resources::patient)
                    .ok_or_else(|| not_found(&request.path))
            }
            Some(("AllergyIntolerance", id)) => {
                let mut held = self.people.iter().flat_map(|person| {
                    person
                        .allergies
                        .iter()
                        .map(move |allergy| (person, allergy))
                });
                held.find(|(_, allergy)| allergy.id == id)
                    .map(|(person, allergy)| resources::allergy(person, allergy))
                    .ok_or_else(|| not_found(&request.path))
            }
            _ => Err(not_found(&request.path)),
        }
    }

    fn search(
        &self,
        request: &Request,
        heeded: &Query,
        parameters: &[Parameter],
        find: fn(&[Person], &Query) -> Result<Vec<Value>, Problem>,
    ) -> Result<Value, Problem> {
        // A system that ignores a parameter does not notice that the search became too wide.
        search::check_bounded(parameters, &request.query)?;
        let Page { offset, count } = search::page(heeded, self.vendor.page_size.get())?;
        let found = find(&self.people, heeded)?;
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
        let Some(role) = &fault.action.add_others else {
            return Vec::new();
        };
        let people = self.people.iter().filter(|person| person.role == *role);
        if path == "AllergyIntolerance" {
            people
                .flat_map(|person| {
                    person
                        .allergies
                        .iter()
                        .map(|allergy| resources::allergy(person, allergy))
                })
                .collect()
        } else {
            people.map(resources::patient).collect()
        }
    }
}

fn not_found(path: &str) -> Problem {
    Problem::new(404, "not-found", format!("there is no `{path}` here"))
}

/// What the mock needs to know of a request.
struct Request {
    method: Method,
    /// Below the base path; the whole path if it does not begin with that.
    path: String,
    query: Vec<(String, String)>,
    /// Absolute URL of the base path, as the client knows it.
    base: String,
    api_key: Option<String>,
    has_auth: bool,
}

impl Request {
    fn read(method: Method, uri: &Uri, headers: &HeaderMap) -> Request {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text("host").unwrap_or("localhost");
        let below_base = uri
            .path()
            .strip_prefix(BASE_PATH)
            .filter(|rest| rest.starts_with('/'));
        let path = below_base
            .map_or(uri.path(), |rest| rest.trim_matches('/'))
            .to_owned();
        let query = uri.query().unwrap_or_default();
        Request {
            method,
            path,
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            base: format!("http://{host}{BASE_PATH}"),
            api_key: text(API_KEY_HEADER).map(str::to_owned),
            has_auth: headers.contains_key("authorization") || headers.contains_key(API_KEY_HEADER),
        }
    }

    fn facts(&self) -> RequestFacts<'_> {
        RequestFacts {
            path: &self.path,
            query: &self.query,
            has_auth: self.has_auth,
        }
    }

    /// The URL of this search, on the same page or on the one that `cursor` begins.
    fn url(&self, cursor: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let kept = |key: &str| cursor.is_none() || key != "_cursor";
        query.extend_pairs(self.query.iter().filter(|(key, _)| kept(key)));
        if let Some(cursor) = cursor {
            query.append_pair("_cursor", cursor);
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}/{}{mark}{query}", self.base, self.path)
    }
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
