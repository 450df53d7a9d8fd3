//! Finding and making discharge documents, as base FHIR has it: search Composition, then `$document`.
//! Not for what a document says.

use crate::apply::Reply;
use crate::documents::{self, DISCHARGE_SUMMARY, OPERATION, Version};
use crate::people::Person;
use crate::request::Request;
use crate::resources::{ResultPage, SNOMED_CT, bundle};
use crate::search::Problem;
use serde_json::{Value, json};

/// The type that is searched.
pub(crate) const COMPOSITION: &str = "Composition";
/// The parameters that a search may have.
const PARAMETERS: [&str; 2] = ["patient", "type"];

/// What of a path is about documents.
pub(crate) enum Asked<'p> {
    /// A search of Compositions.
    Search,
    /// The Composition with this id.
    Read(&'p str),
    /// The document of the Composition with this id.
    Document(&'p str),
}

impl<'p> Asked<'p> {
    /// What a path below the base address asks for, if it is about documents.
    pub(crate) fn of(path: &'p str) -> Option<Asked<'p>> {
        let rest = path.strip_prefix(COMPOSITION)?;
        if rest.is_empty() {
            return Some(Asked::Search);
        }
        let rest = rest.strip_prefix('/')?;
        let (id, asked): (&str, fn(&'p str) -> Asked<'p>) = match rest.strip_suffix(OPERATION) {
            Some(id) => (id, Asked::Document),
            None => (rest, Asked::Read),
        };
        (!id.is_empty() && !id.contains('/')).then(|| asked(id))
    }

    /// The answer to it.
    pub(crate) fn answer(
        &self,
        people: &[Person],
        request: &Request,
        query: &[(String, String)],
    ) -> Result<Reply, Problem> {
        match self {
            Asked::Search => Ok(Reply::json(200, search(people, request, query)?)),
            Asked::Read(id) => {
                let found = held(people, id).and_then(documents::composition);
                Ok(Reply::json(200, found.ok_or_else(|| none(id))?))
            }
            Asked::Document(id) => {
                let accept = request.header("accept").unwrap_or_default();
                let version = Version::asked(accept).ok_or_else(|| {
                    let text = "documents are written in FHIR 3.0 and 4.0";
                    Problem::new(406, "not-supported", text)
                })?;
                let document = held(people, id).and_then(|it| documents::document(it, version));
                let document = document.ok_or_else(|| none(id))?;
                let mut reply = Reply::json(200, document);
                reply.header("content-type", version.content_type());
                Ok(reply)
            }
        }
    }
}

fn held<'a>(people: &'a [Person], id: &str) -> Option<&'a Person> {
    people.iter().find(|person| documents::id(person) == id)
}

fn none(id: &str) -> Problem {
    let text = format!("there is no `{COMPOSITION}/{id}` here");
    Problem::new(404, "not-found", text)
}

fn search(
    people: &[Person],
    request: &Request,
    query: &[(String, String)],
) -> Result<Value, Problem> {
    if let Some((key, _)) = query
        .iter()
        .find(|(key, _)| !PARAMETERS.contains(&key.as_str()))
    {
        let text = format!("the search parameter `{key}` is not supported");
        return Err(Problem::new(400, "not-supported", text));
    }
    let values = |name: &'static str| {
        let named = query.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    };
    let Some(patient) = values("patient").next() else {
        let text = "a search of documents needs the parameter `patient`";
        return Err(Problem::new(400, "required", text));
    };
    let patient = patient.rsplit('/').next().unwrap_or(patient);
    let is_summary = |value: &str| match value.split_once('|') {
        Some((system, code)) => {
            (system.is_empty() || system == SNOMED_CT) && code == DISCHARGE_SUMMARY
        }
        None => value == DISCHARGE_SUMMARY,
    };
    let wanted = values("type").all(|value| value.split(',').any(is_summary));
    let held = people
        .iter()
        .filter(|person| wanted && person.id == patient);
    let resources: Vec<Value> = held.filter_map(documents::composition).collect();
    let total = resources.len();
    let page = ResultPage {
        resources,
        total,
        self_url: request.url(COMPOSITION, None),
        next_url: None,
    };
    Ok(bundle(&request.base, page))
}

/// What the capability statement says of documents.
pub(crate) fn capability() -> Value {
    json!({
        "type": COMPOSITION,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [
            {"name": "patient", "type": "reference"},
            {"name": "type", "type": "token"},
        ],
        "operation": [{
            "name": "document",
            "definition": "http://hl7.org/fhir/OperationDefinition/Composition-document",
        }],
    })
}
