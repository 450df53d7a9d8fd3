//! `--tx`, `--tx-cache`, `--tx-frozen`: a FHIR terminology server that is asked where nothing on this computer decides
//! about a code, and a file with its answers. It gets codes, their systems and versions, and addresses of value sets,
//! and nothing else. Not for deciding, which `terminology` does.

use super::shown::shown;
use crate::arguments::Validate;
use crate::failure::Failure;
use plumbline_http::{
    Auth, Client, ClientConfig, Compression, Connection, DEFAULT_BASE_URL, Method, Outcome,
    Payload, Request, Response,
};
use plumbline_terminology::{
    Answers, Coding, KeptServer, Says, ServerAnswer, Subject, TerminologyServer,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use url::Url;

/// How long one question may take.
const LONGEST: Duration = Duration::from_secs(20);
/// An answer is short.
const MOST_BYTES: usize = 4 << 20;
/// After this many failures in a row nobody is asked any more.
const MOST_FAILURES: u32 = 3;
const FHIR_JSON: &str = "application/fhir+json";

/// The server or its kept answers, and the file for them.
#[derive(Debug)]
pub(super) struct Tx {
    kept: Arc<KeptServer>,
    /// Where new answers go.
    file: Option<PathBuf>,
}

impl Tx {
    /// What validation asks.
    pub(super) fn server(&self) -> Arc<dyn TerminologyServer> {
        Arc::<KeptServer>::clone(&self.kept)
    }

    /// Writes all answers to the file, unless they are frozen.
    pub(super) fn save(&self) -> Result<(), Failure> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        fs::write(path, self.kept.answers().to_text()).map_err(|error| {
            Failure::usage(format!(
                "error: --tx-cache {}: failed to write: {error}",
                place(path)
            ))
        })
    }
}

/// What the arguments name; `None` if they name no server.
pub(super) fn open(arguments: &Validate) -> Result<Option<Tx>, Failure> {
    let cache = arguments.tx_cache.as_deref();
    let known = cache.map(read).transpose()?.flatten();
    if arguments.tx_frozen {
        return frozen(arguments, known).map(Some);
    }
    let Some(address) = &arguments.tx else {
        return match cache {
            None => Ok(None),
            Some(path) => Err(Failure::usage(format!(
                "error: --tx-cache {}: there is no server whose answers it could keep\n  help: add --tx URL, or \
                 --tx-frozen to use the answers in it",
                place(path)
            ))),
        };
    };
    let server = Server::new(address)?;
    let software = server.software();
    let answers = match known {
        None => Answers::new(server.base.as_str(), &software),
        Some(known) => {
            same(
                &known,
                "address",
                known.server(),
                server.base.as_str(),
                cache,
            )?;
            same(&known, "software", known.software(), &software, cache)?;
            known
        }
    };
    Ok(Some(Tx {
        kept: Arc::new(KeptServer::live(answers, Box::new(server))),
        file: arguments.tx_cache.clone(),
    }))
}

fn frozen(arguments: &Validate, known: Option<Answers>) -> Result<Tx, Failure> {
    let cache = arguments.tx_cache.as_deref();
    let Some(known) = known else {
        let path = cache.map(place).unwrap_or_default();
        return Err(Failure::usage(format!(
            "error: --tx-cache {path}: there is no such file, so there are no frozen answers\n  help: run once with \
             --tx URL and --tx-cache and without --tx-frozen"
        )));
    };
    if let Some(address) = &arguments.tx {
        let base = base(address)?;
        same(&known, "address", known.server(), base.as_str(), cache)?;
    }
    Ok(Tx {
        kept: Arc::new(KeptServer::frozen(known)),
        file: None,
    })
}

/// The kept answers must be of the server that is asked.
fn same(
    answers: &Answers,
    what: &str,
    kept: &str,
    asked: &str,
    cache: Option<&Path>,
) -> Result<(), Failure> {
    if answers.is_empty() || kept == asked {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "error: --tx-cache {}: the answers are of a server with {what} {}, and the one that is asked has {}\n  help: \
         name another file",
        cache.map(place).unwrap_or_default(),
        shown(kept),
        shown(asked)
    )))
}

/// The answers in a file; `None` if there is none yet.
fn read(path: &Path) -> Result<Option<Answers>, Failure> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Failure::usage(format!(
                "error: --tx-cache {}: {error}",
                place(path)
            )));
        }
    };
    // What we did not write is not written over.
    Answers::read(&text).map(Some).map_err(|error| {
        Failure::usage(format!(
            "error: --tx-cache {}: {error}\n  help: name a new file, or one that plumbline wrote",
            place(path)
        ))
    })
}

fn place(path: &Path) -> String {
    shown(&path.display().to_string()).clone()
}

/// The address of a server, with a slash at the end.
fn base(address: &str) -> Result<Url, Failure> {
    let wrong = || {
        Failure::usage(format!(
            "error: --tx {}: this is no address of a FHIR server\n  help: give its base URL, such as \
             https://tx.example.org/r4, without user name, query or fragment",
            shown(address)
        ))
    };
    let mut url = Url::parse(address).map_err(|_| wrong())?;
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !is_plain {
        return Err(wrong());
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// A FHIR terminology server.
#[derive(Debug)]
struct Server {
    base: Url,
    client: Client,
    runtime: Runtime,
    day: String,
    failures: AtomicU32,
}

impl Server {
    fn new(address: &str) -> Result<Self, Failure> {
        let base = base(address)?;
        let client = Client::new(ClientConfig {
            base_urls: BTreeMap::from([(DEFAULT_BASE_URL.to_owned(), base.clone())]),
            auth: Auth::None,
            connection: Connection::default(),
            timeout: LONGEST,
            connect_timeout: Duration::from_secs(10),
            max_body_bytes: MOST_BYTES,
            requests_per_second: 100,
            total_requests: u32::MAX,
            user_agent: concat!("plumbline/", env!("CARGO_PKG_VERSION")).to_owned(),
        });
        let client = client
            .map_err(|error| Failure::usage(format!("error: --tx {}: {error}", shown(address))))?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| {
                Failure::internal(format!("error: failed to start the runtime: {error}"))
            })?;
        Ok(Self {
            base,
            client,
            runtime,
            day: jiff::Timestamp::now()
                .to_string()
                .chars()
                .take(10)
                .collect(),
            failures: AtomicU32::new(0),
        })
    }

    /// What it says of its software.
    fn software(&self) -> String {
        let unknown = || "unknown software".to_owned();
        let Ok(statement) = self.send("metadata", None) else {
            return unknown();
        };
        let Ok(statement) = serde_json::from_slice::<Value>(&statement.body) else {
            return unknown();
        };
        let text = |name: &str| statement["software"][name].as_str().map(str::trim);
        match (text("name"), text("version")) {
            (Some(name), Some(version)) => format!("{name} {version}"),
            (Some(name), None) => name.to_owned(),
            (None, _) => unknown(),
        }
    }

    /// A response of whatever status, or why there is none.
    fn send(&self, path: &str, body: Option<Vec<u8>>) -> Result<Response, String> {
        let request = Request {
            method: if body.is_some() {
                Method::Post
            } else {
                Method::Get
            },
            path: path.to_owned(),
            sign_in: false,
            compression: Compression::Gzip,
            body: body.map(|bytes| Payload {
                content_type: FHIR_JSON.to_owned(),
                bytes,
            }),
            ..Request::default()
        };
        match self.runtime.block_on(self.client.send(request)).outcome {
            Outcome::Response(response) => Ok(response),
            Outcome::NoAnswer(_) => Err("the terminology server did not answer".to_owned()),
        }
    }
}

impl TerminologyServer for Server {
    fn source(&self) -> &str {
        self.base.as_str()
    }

    fn validate_code(
        &self,
        subject: Subject<'_>,
        coding: Coding<'_>,
    ) -> Result<ServerAnswer, String> {
        if self.failures.load(Ordering::Relaxed) >= MOST_FAILURES {
            return Err("the terminology server did not answer".to_owned());
        }
        let (path, body) = question(subject, coding);
        let response = self.send(path, Some(body.to_string().into_bytes()));
        let answer = response.and_then(|it| understood(&it));
        match &answer {
            Ok(_) => self.failures.store(0, Ordering::Relaxed),
            Err(_) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
            }
        }
        let day = self.day.clone();
        answer.map(|says| ServerAnswer { says, day })
    }
}

/// The operation, and its parameters.
fn question(subject: Subject<'_>, coding: Coding<'_>) -> (&'static str, Value) {
    let mut parts = json!({"code": coding.code});
    if let Some(system) = coding.system {
        parts["system"] = json!(system);
    }
    if let Some(version) = coding.version {
        parts["version"] = json!(version);
    }
    let coding_parameter = json!({"name": "coding", "valueCoding": parts});
    let (path, mut parameters) = match subject {
        Subject::ValueSet(set) => {
            let (url, version) = match set.split_once('|') {
                Some((url, version)) => (url, Some(version)),
                None => (set, None),
            };
            let mut parameters = vec![json!({"name": "url", "valueUri": url})];
            let version = version.map(|it| json!({"name": "valueSetVersion", "valueString": it}));
            parameters.extend(version);
            ("ValueSet/$validate-code", parameters)
        }
        Subject::CodeSystem => (
            "CodeSystem/$validate-code",
            vec![json!({"name": "url", "valueUri": coding.system.unwrap_or_default()})],
        ),
    };
    parameters.push(coding_parameter);
    let body = json!({"resourceType": "Parameters", "parameter": parameters});
    (path, body)
}

/// What an answer says. Texts of the server are not passed on: they may repeat what was sent, or anything else.
fn understood(response: &Response) -> Result<Says, String> {
    let body = serde_json::from_slice::<Value>(&response.body).unwrap_or(Value::Null);
    match response.status {
        200 => {}
        // It understood the question and cannot decide: it lacks the set or the code system.
        400 | 404 | 422 if body["resourceType"] == "OperationOutcome" => {
            return Ok(Says::Unknown(
                "the terminology server does not know the value set or code system".to_owned(),
            ));
        }
        status => {
            return Err(format!(
                "the terminology server answered with status {status}"
            ));
        }
    }
    let empty = Vec::new();
    let parameters = body["parameter"].as_array().unwrap_or(&empty);
    let named = |name: &str| parameters.iter().find(|it| it["name"] == name);
    let result = named("result").and_then(|it| it["valueBoolean"].as_bool());
    let lacks_system = ["x-unknown-system", "x-caused-by-unknown-system"]
        .into_iter()
        .any(|name| named(name).is_some());
    let lacks_set = named("issues").is_some_and(|it| has_not_found(&it["resource"]));
    match result {
        Some(true) => Ok(Says::Inside),
        Some(false) if lacks_system || lacks_set => Ok(Says::Unknown(
            "the terminology server does not know the value set or code system".to_owned(),
        )),
        Some(false) => Ok(Says::Outside),
        None => Err("the terminology server did not answer the question".to_owned()),
    }
}

/// Whether an issue says that a value set or code system is not there.
fn has_not_found(outcome: &Value) -> bool {
    let issues = outcome["issue"].as_array().into_iter().flatten();
    issues.into_iter().any(|it| {
        let codings = it["details"]["coding"].as_array().into_iter().flatten();
        let mut details = codings.filter_map(|coding| coding["code"].as_str());
        it["code"] == "not-found" || details.any(|code| matches!(code, "not-found" | "vs-invalid"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(status: u16, body: &Value) -> Result<Says, String> {
        understood(&Response {
            status,
            headers: Vec::new(),
            body: body.to_string().into_bytes(),
        })
    }

    fn parameters(all: &Value) -> Value {
        json!({"resourceType": "Parameters", "parameter": all})
    }

    #[test]
    fn only_a_result_is_an_answer() {
        let result = |is_in: bool| json!({"name": "result", "valueBoolean": is_in});
        let unknown = json!({"name": "x-unknown-system", "valueCanonical": "urn:s"});
        let issue = json!({"code": "not-found"});
        let lacking = json!({"name": "issues", "resource": {"issue": [issue]}});
        assert_eq!(
            says(200, &parameters(&json!([result(true)]))),
            Ok(Says::Inside)
        );
        assert_eq!(
            says(200, &parameters(&json!([result(false)]))),
            Ok(Says::Outside)
        );
        for all in [
            json!([result(false), unknown]),
            json!([result(false), lacking]),
        ] {
            assert!(matches!(says(200, &parameters(&all)), Ok(Says::Unknown(_))));
        }
        let outcome = json!({"resourceType": "OperationOutcome"});
        assert!(matches!(says(404, &outcome), Ok(Says::Unknown(_))));
        assert!(says(500, &outcome).is_err());
        assert!(says(404, &Value::Null).is_err());
        assert!(says(200, &parameters(&json!([]))).is_err());
        assert!(says(200, &json!("yes")).is_err());
    }

    #[test]
    fn a_question_has_codes_and_addresses_only() {
        let coding = Coding {
            system: Some("urn:s"),
            version: Some("2"),
            code: "c",
            display: Some("CANARY"),
        };
        let (path, body) = question(Subject::ValueSet("urn:v|3"), coding);
        assert_eq!(path, "ValueSet/$validate-code");
        let text = body.to_string();
        assert!(!text.contains("CANARY"), "{text}");
        assert_eq!(body["parameter"][0]["valueUri"], "urn:v");
        assert_eq!(body["parameter"][1]["valueString"], "3");
        assert_eq!(
            body["parameter"][2]["valueCoding"],
            json!({"system": "urn:s", "version": "2", "code": "c"})
        );
        let (path, body) = question(Subject::CodeSystem, coding);
        assert_eq!(path, "CodeSystem/$validate-code");
        assert_eq!(body["parameter"][0]["valueUri"], "urn:s");
    }

    #[test]
    fn an_address_is_a_plain_base_url() {
        assert_eq!(
            base("https://tx.example.org/r4").unwrap().as_str(),
            "https://tx.example.org/r4/"
        );
        for wrong in [
            "tx.example.org",
            "ftp://tx.example.org",
            "https://a:b@tx.example.org",
            "https://t/?q=1",
        ] {
            assert!(base(wrong).is_err(), "{wrong}");
        }
    }
}
