//! One request and its answer: captured, checked for real patients, redacted, journalled.
//! What leaves this file towards disk has passed the redaction policy; the live answer stays in memory.

use crate::bodies::Known;
use crate::capture::capture;
use crate::context::Context;
use crate::journal::Event;
use crate::replay;
use crate::silence::{gone, no_answer, too_much};
use crate::steps::clock;
use crate::world::{Body, PageData, World};
use crate::xml;
use plumbline_checks::Written;
use plumbline_fhir::FhirVersion;
use plumbline_http::{Answer, Client, DEFAULT_BASE_URL, Outcome, Request, Response};
pub(crate) use plumbline_model::Purpose;
use plumbline_model::{
    BodyCheck, BodyForm, Capture, ErrorKind, ExchangeId, ExchangeRecord, FindingKind, SkipReason,
    StoredBody, Unchecked,
};
use plumbline_redact::Tripped;
use plumbline_tree::ParseErrorKind::{TooLarge, TooManyNodes};
use plumbline_tree::{AnomalyKind, Limits, Tree};
use std::rc::Rc;
use std::sync::Arc;

/// Bodies above this size are parsed away from the scheduler's thread.
const PARSE_ELSEWHERE: usize = 64 * 1024;

/// What an exchange says that was sent twice; the client tells when that may be.
const REPEATED: &str = "the request was sent a second time, on a new connection, because the one kept \
                        from an earlier request had ended before any answer";

/// Sends `request`; `None` means that the world has been told why there is no answer to look at.
pub(crate) async fn get(world: &mut World, request: Request, purpose: Purpose) -> Option<PageData> {
    let run = world.run.clone()?;
    if let Some(replay) = run.wire.stored() {
        return replay::answer(world, &run, replay, &request, purpose);
    }
    if run.is_gone() {
        gone(world);
        return None;
    }
    let signed = request.sign_in;
    let base = base_of(&request);
    let request_body = sent(&run, &request);
    let captured = capture(world, purpose);
    let mut answer = run.send(request).await?;
    let sent_at = answer.claims.as_deref().and_then(made_at);
    let mut record = begun(&run, &mut answer, request_body, captured);
    let id = record.id;
    world.exchanges.push(id);
    match answer.outcome {
        Outcome::NoAnswer(why) => {
            record.transport_error = if answer.repeated {
                format!("{why}; {REPEATED}")
            } else {
                why.to_string()
            };
            push(&run, record);
            if purpose != Purpose::Control {
                no_answer(world, &run, &base, why, purpose).await;
            }
            None
        }
        Outcome::Response(response) => {
            run.has_answered();
            see_mock(&run, &response.headers);
            let length = response.body.len() as u64;
            let written = xml::written(&response.body);
            let clock_ahead = clock::ahead(&response.headers, sent_at);
            note(&run, &mut record, &response, clock_ahead);
            let fhir_version = named_version(&response.headers);
            let body = match read(&run, response.body, fhir_version).await {
                Ok((body, stored, check)) => {
                    record.body = stored;
                    record.fhir = check;
                    body
                }
                Err(Unread::TooMuch) => {
                    record.fhir = BodyCheck::not(Unchecked::TooLarge);
                    record.body = not_kept(length, "it holds more than is read");
                    push(&run, record);
                    too_much(world);
                    return None;
                }
                Err(Unread::Tripped(tripped)) => {
                    record.response_headers.clear();
                    record.fhir = BodyCheck::not(Unchecked::Stopped);
                    record.body = not_kept(length, "it may hold a real patient's data");
                    push(&run, record);
                    halt(world, &run, &tripped.fhirpath);
                    return None;
                }
            };
            if let Some(capture) = &mut record.capture {
                capture.repeated_names = repeats_names(&body);
            }
            push(&run, record);
            let page = PageData {
                exchange: id,
                status: response.status,
                headers: response.headers,
                body,
                written,
                fhir_version,
                clock_ahead,
            };
            if purpose == Purpose::Control {
                return Some(page);
            }
            answered(world, &run, &base, page, purpose, signed).await
        }
    }
}

/// What is kept of an exchange before its answer is looked at.
fn begun(
    run: &Context,
    answer: &mut Answer,
    request_body: Option<StoredBody>,
    captured: Capture,
) -> ExchangeRecord {
    let command = std::mem::take(&mut answer.curl);
    let (url, curl) = run.addresses(answer.url.as_str(), command);
    ExchangeRecord {
        id: run.exchange_id(),
        method: answer.method.to_owned(),
        url,
        request_headers: run.headers(&answer.request_headers),
        request_body,
        status: None,
        response_headers: Vec::new(),
        body: StoredBody::Empty,
        fhir: BodyCheck::not(Unchecked::NoAnswer),
        transport_error: if answer.repeated {
            REPEATED.to_owned()
        } else {
            String::new()
        },
        elapsed_ms: u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX),
        curl,
        capture: Some(captured),
    }
}

/// Notes what is kept of an answer beside its body.
fn note(run: &Context, record: &mut ExchangeRecord, response: &Response, clock_ahead: Option<i64>) {
    record.status = Some(response.status);
    record.response_headers = run.headers(&response.headers);
    if let Some(capture) = &mut record.capture {
        capture.clock_ahead = clock_ahead;
        capture.written = match xml::written(&response.body) {
            Written::Json => BodyForm::Json,
            Written::Xml => BodyForm::Xml,
        };
    }
}

/// Whether an object of the body has two members of one name.
fn repeats_names(body: &Body) -> bool {
    match body {
        Body::Tree(tree) => tree
            .anomalies()
            .iter()
            .any(|anomaly| anomaly.kind == AnomalyKind::DuplicateKey),
        Body::Empty | Body::NotJson { .. } => false,
    }
}

/// A mock says in every answer that it is one.
fn see_mock(run: &Context, headers: &[(String, String)]) {
    let mut all = headers.iter();
    if let Some((_, name)) = all.find(|(name, _)| name == "x-plumbline-mock") {
        run.mock.borrow_mut().get_or_insert_with(|| {
            let name = run.policy.mock_name(name);
            run.journal.push(Event::MockSeen { name: name.clone() });
            name
        });
    }
}

fn not_kept(bytes: u64, why: &str) -> StoredBody {
    StoredBody::Opaque {
        bytes,
        sha256: String::new(),
        why: why.to_owned(),
    }
}

/// The version of FHIR that the media type of an answer names in its parameter `fhirVersion`.
pub(crate) fn named_version(headers: &[(String, String)]) -> Option<FhirVersion> {
    let (_, media) = headers.iter().find(|(name, _)| name == "content-type")?;
    let (_, after) = media.split_once("fhirVersion=")?;
    let text = after.split([';', ',', ' ']).next()?;
    FhirVersion::from_text(text.trim_matches('"'))
}

/// The key of the base address that a request is for.
fn base_of(request: &Request) -> String {
    let base = request.capability.as_deref();
    base.unwrap_or(DEFAULT_BASE_URL).to_owned()
}

fn push(run: &Context, exchange: ExchangeRecord) {
    run.journal.push(Event::Exchange {
        exchange: Box::new(exchange),
    });
}

/// Why a body is not looked at.
enum Unread {
    /// It may be a real patient's.
    Tripped(Tripped),
    /// It may be right, but holds more than is read.
    TooMuch,
}

/// The body as a tree, what may be stored of it, and whether it is valid FHIR.
async fn read(
    run: &Context,
    bytes: Vec<u8>,
    named: Option<FhirVersion>,
) -> Result<(Body, StoredBody, BodyCheck), Unread> {
    if let Some(known) = run.bodies.borrow().get(&bytes) {
        return Ok((Body::Tree(known.tree), known.stored, known.check));
    }
    let (bytes, body) = parse(bytes, named.or(run.valid.version())).await?;
    let Some(bytes) = bytes else {
        let check = BodyCheck::not(Unchecked::NoBody);
        return Ok((body, StoredBody::Empty, check));
    };
    let Body::Tree(tree) = &body else {
        let check = BodyCheck::not(Unchecked::Unreadable);
        return Ok((body, run.policy.body(&bytes), check));
    };
    if let Some(tripped) = run.policy.tripwire(tree) {
        return Err(Unread::Tripped(tripped));
    }
    let stored = run.policy.json(tree, bytes.len() as u64);
    let check = run.valid.check(tree, &run.policy, named).await;
    let known = Known {
        tree: Arc::clone(tree),
        stored: stored.clone(),
        check: check.clone(),
    };
    run.bodies.borrow_mut().put(bytes, known);
    Ok((body, stored, check))
}

/// The time in a token.
fn made_at(claims: &str) -> Option<i64> {
    let claims: serde_json::Value = serde_json::from_str(claims).ok()?;
    claims.get("iat")?.as_i64()
}

/// What may be stored of the body of a request.
pub(crate) fn sent(run: &Context, request: &Request) -> Option<StoredBody> {
    let body = request.body.as_ref()?;
    if !xml::is_xml(&body.bytes) {
        return Some(run.policy.body(&body.bytes));
    }
    let read = xml::read(body.bytes.clone(), run.valid.version(), &Limits::default());
    Some(match read {
        Some(Body::Tree(tree)) => run.policy.json(&tree, body.bytes.len() as u64),
        _ => run.policy.body(&body.bytes),
    })
}

/// The body as a tree, and its bytes for redaction.
async fn parse(
    bytes: Vec<u8>,
    version: Option<FhirVersion>,
) -> Result<(Option<Vec<u8>>, Body), Unread> {
    if bytes.is_empty() {
        return Ok((None, Body::Empty));
    }
    // How long it may be was decided when it came.
    let limits = Limits {
        max_bytes: usize::MAX,
        ..Limits::default()
    };
    let kept = bytes.clone();
    let length = bytes.len();
    if xml::is_xml(&bytes) {
        let reading = move || xml::read(bytes, version, &limits);
        let read = if length > PARSE_ELSEWHERE {
            tokio::task::spawn_blocking(reading).await.ok().flatten()
        } else {
            reading()
        };
        return read.map(|body| (Some(kept), body)).ok_or(Unread::TooMuch);
    }
    let parsed = if length > PARSE_ELSEWHERE {
        tokio::task::spawn_blocking(move || Tree::parse(bytes, &limits))
            .await
            .ok()
    } else {
        Some(Tree::parse(bytes, &limits))
    };
    let body = match parsed {
        Some(Ok(tree)) => Body::Tree(Arc::new(tree)),
        Some(Err(error)) if matches!(error.kind, TooManyNodes | TooLarge) => {
            return Err(Unread::TooMuch);
        }
        Some(Err(error)) => Body::NotJson {
            bytes: length,
            why: error.to_string(),
        },
        None => Body::NotJson {
            bytes: length,
            why: "reading it failed".to_owned(),
        },
    };
    Ok((Some(kept), body))
}

/// Ends the whole run: the target may be holding real patients.
fn halt(world: &mut World, run: &Rc<Context>, fhirpath: &str) {
    let place = run.policy.place(fhirpath);
    let why = format!(
        "a valid NHS number outside the test range came back at {place}; the run was stopped and \
         the number was not kept"
    );
    run.halt(&why);
    world.stop(
        SkipReason::Interrupted,
        "RUN-STOPPED",
        "the run was stopped because a real patient's data may have come back",
        "Point target.toml at an environment that holds test patients only, or add the patient to \
         its actor map if it is a test patient.",
    );
}

/// Decides whether a refusal or a server error is the target's failure or somebody else's.
async fn answered(
    world: &mut World,
    run: &Rc<Context>,
    base: &str,
    page: PageData,
    purpose: Purpose,
    signed: bool,
) -> Option<PageData> {
    if page.status >= 500 && !run.is_alive(base).await {
        world.report(
            FindingKind::Error(ErrorKind::Unreachable),
            "HTTP-UNREACHABLE",
            "the system answers nothing but server errors, also to control requests",
            "Check that the system is running and that base_urls in target.toml is right.",
        );
        world.stop = Some(SkipReason::EarlierStep);
        return None;
    }
    if signed && matches!(page.status, 401 | 403) && !signed_in(run).await {
        world.report(
            FindingKind::Error(ErrorKind::Configuration),
            "HTTP-REFUSED-LOGIN",
            "the system refuses our credentials, also for a control request",
            "Check [auth] in target.toml and the secret that it names.",
        );
        world.stop = Some(SkipReason::EarlierStep);
        return None;
    }
    if signed && lacks_scope(&page) {
        world.report(
            FindingKind::Error(ErrorKind::Configuration),
            "HTTP-SCOPE",
            "the system says that our access token does not allow this request",
            "Ask for the scopes that this request needs, in `scopes` under [auth] of target.toml, and \
             have the client be given them.",
        );
        world.stop = Some(SkipReason::EarlierStep);
        return None;
    }
    if is_fhir(&page) {
        run.has_spoken(base);
    } else if !run.speaks_fhir(base).await {
        world.report(
            FindingKind::Error(ErrorKind::Configuration),
            "HTTP-NOT-FHIR",
            &format!(
                "what answers at the base address \"{base}\" is no FHIR interface: control requests \
                 for the capability statement and for a patient bring neither"
            ),
            "Correct base_urls in target.toml: below it, metadata must answer in FHIR JSON. plumbline \
             doctor looks into it.",
        );
        world.stop = Some(SkipReason::EarlierStep);
        return None;
    }
    if purpose == Purpose::Setup && !(200..300).contains(&page.status) {
        unprepared(world, page.status);
        return None;
    }
    Some(page)
}

/// Stops a scenario that could not be prepared.
pub(crate) fn unprepared(world: &mut World, status: u16) {
    world.stop(
        SkipReason::EarlierStep,
        "SETUP-REQUEST",
        &format!("a request that prepares the test was answered with status {status}"),
        "Find out why this request fails; the rule was not tested.",
    );
}

/// Whether the refusal says in so many words that the token is too narrow (RFC 6750 section 3.1).
fn lacks_scope(page: &PageData) -> bool {
    page.status == 403
        && page
            .headers
            .iter()
            .any(|(name, value)| name == "www-authenticate" && value.contains("insufficient_scope"))
}

/// Whether it is a resource and no refusal.
fn is_fhir(page: &PageData) -> bool {
    let Body::Tree(tree) = &page.body else {
        return false;
    };
    (200..300).contains(&page.status)
        && tree
            .root()
            .get("resourceType")
            .is_some_and(|name| name.as_str().is_some())
}

/// Whether a control request is let in with our credentials; asked once a run, or every time if the
/// credentials come to an end.
async fn signed_in(run: &Rc<Context>) -> bool {
    if run.wire.live().is_some_and(Client::credentials_end) {
        return let_in(run).await;
    }
    *run.signed_in.get_or_init(|| let_in(run)).await
}

async fn let_in(run: &Rc<Context>) -> bool {
    let Some(probe) = run.probes(DEFAULT_BASE_URL).pop() else {
        return false;
    };
    match run.send(probe).await.map(|answer| answer.outcome) {
        Some(Outcome::Response(response)) => !matches!(response.status, 401 | 403),
        Some(Outcome::NoAnswer(_)) | None => false,
    }
}

/// The page on which a finding was made.
pub(crate) fn exchange_of(pages: &[PageData], page: usize) -> Option<ExchangeId> {
    pages.get(page).or_else(|| pages.last()).map(|p| p.exchange)
}
