//! One request and its answer: captured, checked for real patients, redacted, journalled.
//! What leaves this file towards disk has passed the redaction policy; the live answer stays in memory.

use crate::bodies::Known;
use crate::context::Context;
use crate::journal::Event;
use crate::world::{Body, PageData, World};
use plumbline_http::{NoAnswer, Outcome, Request};
use plumbline_model::{ErrorKind, ExchangeId, ExchangeRecord, FindingKind, SkipReason, StoredBody};
use plumbline_redact::Tripped;
use plumbline_tree::{Limits, Tree};
use std::rc::Rc;
use std::sync::Arc;

/// Bodies above this size are parsed away from the scheduler's thread.
const PARSE_ELSEWHERE: usize = 64 * 1024;

/// What an exchange says that was sent twice; the client tells when that may be.
const REPEATED: &str = "the request was sent a second time, on a new connection, because the one kept \
                        from an earlier request had ended before any answer";

/// Whether the answer is judged by assertions or only prepares them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A When step: no answer is the target's failure if it answers control requests.
    Judged,
    /// A Given step: no answer is a missing precondition.
    Setup,
}

/// Sends `request`; `None` means that the world has been told why there is no answer to look at.
pub(crate) async fn get(world: &mut World, request: Request, purpose: Purpose) -> Option<PageData> {
    let run = world.run.clone()?;
    let signed = request.sign_in;
    let answer = run.client.get(request).await;
    let id = run.exchange_id();
    world.exchanges.push(id);
    let (url, curl) = run.addresses(answer.url.as_str(), answer.curl);
    let mut record = ExchangeRecord {
        id,
        method: answer.method.to_owned(),
        url,
        request_headers: headers(&run, &answer.request_headers),
        status: None,
        response_headers: Vec::new(),
        body: StoredBody::Empty,
        transport_error: String::new(),
        elapsed_ms: u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX),
        curl,
    };
    if answer.repeated {
        REPEATED.clone_into(&mut record.transport_error);
    }
    match answer.outcome {
        Outcome::NoAnswer(why) => {
            record.transport_error = if answer.repeated {
                format!("{why}; {REPEATED}")
            } else {
                why.to_string()
            };
            push(&run, record);
            no_answer(world, &run, why, purpose).await;
            None
        }
        Outcome::Response(response) => {
            if let Some((_, name)) = response
                .headers
                .iter()
                .find(|(n, _)| n == "x-plumbline-mock")
            {
                run.mock
                    .borrow_mut()
                    .get_or_insert_with(|| run.policy.mock_name(name));
            }
            record.status = Some(response.status);
            record.response_headers = headers(&run, &response.headers);
            let length = response.body.len() as u64;
            let body = match read(&run, response.body).await {
                Ok((body, stored)) => {
                    record.body = stored;
                    body
                }
                Err(tripped) => {
                    record.response_headers.clear();
                    record.body = StoredBody::Opaque {
                        bytes: length,
                        sha256: String::new(),
                        why: "it may hold a real patient's data".to_owned(),
                    };
                    push(&run, record);
                    halt(world, &run, &tripped.fhirpath);
                    return None;
                }
            };
            push(&run, record);
            let page = PageData {
                exchange: id,
                status: response.status,
                headers: response.headers,
                body,
            };
            answered(world, &run, page, purpose, signed).await
        }
    }
}

fn headers(run: &Context, headers: &[(String, String)]) -> Vec<plumbline_model::Header> {
    run.policy
        .headers(headers.iter().map(|(n, v)| (n.as_str(), v.as_str())))
}

fn push(run: &Context, exchange: ExchangeRecord) {
    run.journal.push(Event::Exchange {
        exchange: Box::new(exchange),
    });
}

/// The body as a tree, and what may be stored of it; an error if it may be a real patient's.
async fn read(run: &Context, bytes: Vec<u8>) -> Result<(Body, StoredBody), Tripped> {
    if let Some(known) = run.bodies.borrow().get(&bytes) {
        return Ok((Body::Tree(known.tree), known.stored));
    }
    let (bytes, body) = parse(bytes).await;
    let Some(bytes) = bytes else {
        return Ok((body, StoredBody::Empty));
    };
    let Body::Tree(tree) = &body else {
        return Ok((body, run.policy.body(&bytes)));
    };
    if let Some(tripped) = run.policy.tripwire(tree) {
        return Err(tripped);
    }
    let mut stored = run.policy.body(&bytes);
    if let StoredBody::Json { text, .. } = &mut stored {
        // It is kept to the end of the run.
        text.shrink_to_fit();
    }
    let known = Known {
        tree: Arc::clone(tree),
        stored: stored.clone(),
    };
    run.bodies.borrow_mut().put(bytes, known);
    Ok((body, stored))
}

/// The body as a tree, and its bytes for redaction.
async fn parse(bytes: Vec<u8>) -> (Option<Vec<u8>>, Body) {
    if bytes.is_empty() {
        return (None, Body::Empty);
    }
    let kept = bytes.clone();
    let length = bytes.len();
    let parsed = if length > PARSE_ELSEWHERE {
        tokio::task::spawn_blocking(move || Tree::parse(bytes, &Limits::default()))
            .await
            .ok()
    } else {
        Some(Tree::parse(bytes, &Limits::default()))
    };
    let body = match parsed {
        Some(Ok(tree)) => Body::Tree(Arc::new(tree)),
        Some(Err(error)) => Body::NotJson {
            bytes: length,
            why: error.to_string(),
        },
        None => Body::NotJson {
            bytes: length,
            why: "reading it failed".to_owned(),
        },
    };
    (Some(kept), body)
}

/// Ends the whole run: the target may be holding real patients.
fn halt(world: &mut World, run: &Rc<Context>, fhirpath: &str) {
    let place = run.policy.place(fhirpath);
    let why = format!(
        "a valid NHS number outside the test range came back at {place}; the run was stopped and \
         the number was not kept"
    );
    let mut halted = run.halted.borrow_mut();
    if halted.is_none() {
        run.journal.push(Event::Halted { why: why.clone() });
        *halted = Some(why);
    }
    drop(halted);
    world.stop(
        SkipReason::Interrupted,
        "RUN-STOPPED",
        "the run was stopped because a real patient's data may have come back",
        "Point target.toml at an environment that holds test patients only, or add the patient to \
         its actor map if it is a test patient.",
    );
}

async fn no_answer(world: &mut World, run: &Rc<Context>, why: NoAnswer, purpose: Purpose) {
    let words = why.words();
    let (kind, code, message, next) = match why {
        NoAnswer::TooLarge { .. } => (
            FindingKind::Error(ErrorKind::TooLarge),
            "HTTP-TOO-LARGE",
            format!("the answer could not be judged: {words}"),
            "Raise max_body_mb in target.toml, or ask for fewer results at a time.",
        ),
        NoAnswer::RateLimited => (
            FindingKind::Error(ErrorKind::RateLimited),
            "HTTP-RATE-LIMITED",
            format!("the request could not be judged: {words}"),
            "Lower requests_per_second in target.toml to what the system allows.",
        ),
        NoAnswer::TotalReached => (
            FindingKind::Error(ErrorKind::Configuration),
            "HTTP-TOTAL-REACHED",
            format!("the request was not sent: {words}"),
            "Raise total in the limits of target.toml.",
        ),
        NoAnswer::SignIn(fault) => (
            FindingKind::Error(ErrorKind::Configuration),
            "HTTP-SIGN-IN",
            format!("the request was not sent: {why}"),
            fault.next_step(),
        ),
        NoAnswer::Proxy(_) => (
            FindingKind::Error(ErrorKind::Unreachable),
            "HTTP-PROXY",
            format!("the system was not reached: {words}"),
            "Check proxy in the connection part of target.toml, and that the proxy is running.",
        ),
        NoAnswer::NotSent => (
            FindingKind::Error(ErrorKind::Internal),
            "HTTP-NOT-SENT",
            format!("the request was not sent: {words}"),
            "Choose another header in the step; credentials are set by target.toml alone.",
        ),
        NoAnswer::Timeout
        | NoAnswer::Refused
        | NoAnswer::Reset
        | NoAnswer::Tls(_)
        | NoAnswer::Dns
        | NoAnswer::Other => {
            if run.client.is_alive(&run.probes()).await {
                match purpose {
                    Purpose::Judged => (
                        FindingKind::Broken,
                        "HTTP-NO-ANSWER",
                        format!(
                            "the request got no answer ({words}), although the system answered \
                             control requests"
                        ),
                        "Find this request in the system's log and let it answer, with an \
                         OperationOutcome if it cannot serve it.",
                    ),
                    Purpose::Setup => (
                        FindingKind::Undecided(SkipReason::EarlierStep),
                        "SETUP-REQUEST",
                        format!("a request that prepares the test got no answer ({words})"),
                        "Find this request in the system's log; the rule was not tested.",
                    ),
                }
            } else {
                (
                    FindingKind::Error(ErrorKind::Unreachable),
                    "HTTP-UNREACHABLE",
                    format!("the system could not be reached: {words}"),
                    "Check base_urls in target.toml and that the system is running.",
                )
            }
        }
    };
    world.report(kind, code, &message, next);
    world.stop = Some(SkipReason::EarlierStep);
}

/// Decides whether a refusal or a server error is the target's failure or somebody else's.
async fn answered(
    world: &mut World,
    run: &Rc<Context>,
    page: PageData,
    purpose: Purpose,
    signed: bool,
) -> Option<PageData> {
    if page.status >= 500 && !run.client.is_alive(&run.probes()).await {
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
    if purpose == Purpose::Setup && page.status != 200 {
        world.stop(
            SkipReason::EarlierStep,
            "SETUP-REQUEST",
            &format!(
                "a request that prepares the test was answered with status {}",
                page.status
            ),
            "Find out why this request fails; the rule was not tested.",
        );
        return None;
    }
    Some(page)
}

/// Whether a control request is let in with our credentials; asked once a run, or every time if the
/// credentials come to an end.
async fn signed_in(run: &Rc<Context>) -> bool {
    if run.client.credentials_end() {
        return let_in(run).await;
    }
    *run.signed_in.get_or_init(|| let_in(run)).await
}

async fn let_in(run: &Rc<Context>) -> bool {
    let Some(probe) = run.probes().pop() else {
        return false;
    };
    match run.client.get(probe).await.outcome {
        Outcome::Response(response) => !matches!(response.status, 401 | 403),
        Outcome::NoAnswer(_) => false,
    }
}

/// The page on which a finding was made.
pub(crate) fn exchange_of(pages: &[PageData], page: usize) -> Option<ExchangeId> {
    pages.get(page).or_else(|| pages.last()).map(|p| p.exchange)
}
