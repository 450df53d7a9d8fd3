//! The system that keeps to UK Core Access: FHIR R4, read-only.
//! Not for faults, which come after it, nor for how HTTP carries its answers.

use crate::apply::Reply;
use crate::documents::serve::Asked;
use crate::kinds::Kind;
use crate::people::Person;
use crate::request::Request;
use crate::resources::{
    LAST_MODIFIED, ResultPage, bundle, capability_statement, entity_tag, outcome,
};
use crate::search::{self, Page, Problem};
use crate::vendor::Vendor;
use axum::http::Method;
use serde_json::Value;

/// What a browser may send, as a preflight answer lists it.
const ALLOWED_HEADERS: &str = "accept, apikey, authorization, content-type, if-none-match";
const ALLOWED_METHODS: &str = "GET, OPTIONS";

/// A system with its data.
pub(crate) struct UkCore {
    pub(crate) vendor: Vendor,
    pub(crate) people: Vec<Person>,
    pub(crate) announce: bool,
    pub(crate) api_key: Option<String>,
}

/// What of a request the system heeds, with the faults that are meant for it.
pub(crate) struct Heeded {
    pub(crate) query: Vec<(String, String)>,
    pub(crate) width: Width,
}

/// What is sent, before what HTTP adds.
enum Answer {
    Resource(Value),
    /// With its own headers.
    Whole(Reply),
}

/// Whether a search may ask for everybody.
#[derive(PartialEq)]
pub(crate) enum Width {
    Bounded,
    Any,
}

/// The path of a request, without slashes at its ends.
pub(crate) fn path(request: &Request) -> &str {
    request.path.trim_matches('/')
}

impl UkCore {
    /// The answer before any fault changes it.
    pub(crate) fn reply(&self, request: &Request, heeded: &Heeded) -> Reply {
        let mut reply = if request.is_preflight() {
            let mut reply = Reply::empty(204);
            reply.header("access-control-allow-methods", ALLOWED_METHODS);
            reply.header("access-control-allow-headers", ALLOWED_HEADERS);
            reply
        } else {
            match self.answer(request, heeded) {
                Ok(Answer::Whole(reply)) => reply,
                Ok(Answer::Resource(value)) if is_read(path(request)) => read_reply(request, value),
                Ok(Answer::Resource(value)) => Reply::json(200, value),
                Err(problem) => Reply::json(problem.status, outcome(&problem)),
            }
        };
        if reply.status == 405 {
            reply.header("allow", "GET");
        }
        if request.header("origin").is_some() {
            reply.header("access-control-allow-origin", "*");
        }
        reply
    }

    fn answer(&self, request: &Request, heeded: &Heeded) -> Result<Answer, Problem> {
        if request.method != Method::GET {
            let text = format!(
                "{} is not supported: this system is read-only",
                request.method
            );
            return Err(Problem::new(405, "not-supported", text));
        }
        let path = path(request);
        if path == "metadata" {
            let suffix = if self.announce { " (mock)" } else { "" };
            let statement = capability_statement(&self.vendor, &request.base, suffix);
            return Ok(Answer::Resource(statement));
        }
        if self.api_key.is_some() && self.api_key.as_deref() != request.api_key() {
            return Err(Problem::new(401, "login", "a valid API key is needed"));
        }
        if let Some(asked) = Asked::of(path) {
            let reply = asked.answer(&self.people, request, &heeded.query)?;
            return Ok(Answer::Whole(reply));
        }
        let resource = self.resource(request, heeded, path)?;
        Ok(Answer::Resource(resource))
    }

    fn resource(&self, request: &Request, heeded: &Heeded, path: &str) -> Result<Value, Problem> {
        let (name, id) = match path.split_once('/') {
            None => (path, None),
            Some((name, id)) => (name, Some(id)),
        };
        match (Kind::of(name), id) {
            (None, _) => Err(not_found(path)),
            (Some(kind), None) => self.search(request, heeded, kind),
            (Some(kind), Some(id)) => {
                let mut held = self.people.iter().flat_map(|who| kind.held_about(who));
                held.find(|resource| resource["id"] == id)
                    .ok_or_else(|| not_found(path))
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
        let path = path(request);
        let next_url =
            (count > 0 && end < total).then(|| request.url(path, Some(&search::cursor(end))));
        let resources = found.into_iter().skip(offset).take(count).collect();
        let self_url = request.url(path, None);
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

    /// The records of a role that a fault brings in, of the type that was searched.
    pub(crate) fn others(&self, role: &str, path: &str) -> Vec<Value> {
        let Some(kind) = Kind::of(path) else {
            return Vec::new();
        };
        let people = self.people.iter().filter(|person| person.role == role);
        people.flat_map(|person| kind.held_about(person)).collect()
    }
}

/// Whether this is a read by id of one of the types that the mock serves.
fn is_read(path: &str) -> bool {
    let name = path.split_once('/').map(|(name, _)| name);
    name.and_then(Kind::of).is_some()
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
