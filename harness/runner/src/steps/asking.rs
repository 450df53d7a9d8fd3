//! Sends what a When step asks for and keeps the answer.
//! Not for the texts of the steps, which `action` holds.

use crate::control;
use crate::dispatch::check_code;
use crate::exchange::{Purpose, get};
use crate::placeholder;
use crate::step::Args;
use crate::steps::following::follow;
use crate::world::{Answered, Body, Followed, PageData, World};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_http::{Method, Payload, Request};
use plumbline_model::{FindingKind, NotApplicableReason, SkipReason};
use plumbline_tree::Node;

type Params = Vec<(String, String)>;

/// What is asked, and what assertions need to know of it.
#[derive(Default)]
pub(crate) struct Question {
    pub method: Method,
    pub path: String,
    pub resource_type: String,
    /// The parameters that choose records.
    pub params: Params,
    pub body: Option<Payload>,
    pub anonymous: bool,
    pub control: Right,
}

/// Which right request stands beside this one, should it have to be refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Right {
    /// The same without the changes of the Given steps; without any, one of its type.
    #[default]
    Unchanged,
    /// One of its type.
    OfType,
    /// A registration.
    Registration,
}

/// The table's rows without its header.
pub(crate) fn rows(args: &Args) -> Params {
    args.table
        .iter()
        .flat_map(|table| table.iter().skip(1))
        .filter_map(|row| Some((row.first()?.clone(), row.get(1)?.clone())))
        .collect()
}

/// The parameters with the patient in play before them.
pub(crate) fn for_patient(mut more: Params) -> Params {
    more.insert(0, ("patient".to_owned(), "{id}".to_owned()));
    more
}

/// Searches a type; values may hold placeholders.
pub(crate) fn search<'a>(
    world: &'a mut World,
    resource_type: &str,
    params: Params,
) -> LocalBoxFuture<'a, ()> {
    let resource_type = resource_type.to_owned();
    async move {
        if let Some(params) = filled(world, params) {
            ask(world, searched(&resource_type, params)).await;
        }
    }
    .boxed_local()
}

/// Searches by the patient and a second parameter; if that pair is refused, by the second alone.
/// The guide of UK Core Access requires the parameter and only recommends the pair.
pub(crate) fn search_with_second_form<'a>(
    world: &'a mut World,
    resource_type: &str,
    second: (String, String),
) -> LocalBoxFuture<'a, ()> {
    let resource_type = resource_type.to_owned();
    async move {
        let Some(alone) = filled(world, vec![second.clone()]) else {
            return;
        };
        search(world, &resource_type, for_patient(vec![second])).await;
        if !refused(world) {
            return;
        }
        let pair = world.answer.take();
        ask(world, searched(&resource_type, alone)).await;
        if refused(world) || world.answer.is_none() {
            // Neither form is served: the pair, which the guide shows, is what is judged.
            world.answer = pair;
        } else {
            follow(world).await;
        }
    }
    .boxed_local()
}

/// Ends the scenario as not applicable if the last search was refused: for rules about what a
/// system may leave out, but must do rightly if it does it.
pub(crate) fn end_if_refused(world: &mut World) -> LocalBoxFuture<'_, ()> {
    async move {
        if refused(world) {
            world.not_applicable = Some(NotApplicableReason::NotOffered);
            world.stop = Some(SkipReason::EarlierStep);
        }
    }
    .boxed_local()
}

/// Whether the last search was refused, for another reason than sign-in or haste.
fn refused(world: &World) -> bool {
    let status = world.first_page().map(|page| page.status);
    status.is_some_and(is_refusal)
}

const fn is_refusal(status: u16) -> bool {
    status == 501 || (400 <= status && status < 500 && !matches!(status, 401 | 403 | 408 | 429))
}

fn searched(resource_type: &str, params: Params) -> Question {
    Question {
        path: resource_type.to_owned(),
        resource_type: resource_type.to_owned(),
        params,
        ..Question::default()
    }
}

/// The parameters with their placeholders filled; without a value the scenario stops.
fn filled(world: &mut World, params: Params) -> Option<Params> {
    let mut filled = Vec::new();
    for (name, value) in params {
        let value = fill(world, &value)?;
        filled.push((name, value));
    }
    Some(filled)
}

pub(crate) fn fill(world: &mut World, text: &str) -> Option<String> {
    match placeholder::fill(text, world) {
        Ok(value) => Some(value),
        Err(missing) => {
            let (reason, message, next) = match (&world.actor, missing.as_str()) {
                (_, name) if placeholder::kind(name).is_some() || world.in_play.is_some() => (
                    SkipReason::EarlierStep,
                    format!("{{{missing}}} stands for nothing yet"),
                    "Put what it is a value of in play before it; plumbline lint finds such steps.",
                ),
                (None, _) => (
                    SkipReason::EarlierStep,
                    format!("no patient is in play, so {{{missing}}} stands for nothing"),
                    "Put the step Given the patient before it; plumbline lint finds such steps.",
                ),
                (Some(_), "id") => (
                    SkipReason::EarlierStep,
                    "the target's own id for the patient was not found out".to_owned(),
                    "Put the step Given the target's own id for the patient is known before it; \
                     plumbline lint finds such steps.",
                ),
                (Some(_), _) => (
                    SkipReason::NothingObserved,
                    format!("the patient in play has no value for {{{missing}}}"),
                    "Choose a patient who has it; of a patient with data_sheet = false nothing is \
                     known but the NHS number.",
                ),
            };
            world.stop(reason, "SETUP-ACTOR", &message, next);
            None
        }
    }
}

/// Sends a request and keeps the answer. If it has to be refused, its control goes first.
pub(crate) async fn ask(world: &mut World, question: Question) {
    let Some(run) = world.run.clone() else { return };
    world.answer = None;
    let capability = world.scenario.as_ref().map(|s| s.capability.to_string());
    let query = question.params.clone();
    let mut right = Request {
        sign_in: !question.anonymous,
        headers: world.headers.clone(),
        body: question.body.clone(),
        ..run.asking(question.method, &question.path, query, capability)
    };
    if question.anonymous {
        // There is no token to say it in.
        right.gp_connect.scope = None;
    }
    let mut request = world.changes.make(right.clone());
    run.take_scope_of_header(&mut request);
    if control::expects_refusal(world) {
        let control = match question.control {
            Right::Unchanged if !world.changes.is_empty() => control::unchanged(right),
            Right::Unchanged | Right::OfType => control::of_type(&run, &question.resource_type),
            Right::Registration => control::of_registration(&run),
        };
        if !control::holds(world, control).await {
            return;
        }
    }
    let Some(page) = first_page(world, request).await else {
        return;
    };
    server_error(world, page.status);
    let may_be_refused = match question.params.as_slice() {
        [(only, _)] => run.unbounded.contains(only),
        _ => false,
    };
    world.answer = Some(Answered {
        pages: vec![page],
        followed: Followed::No,
        resource_type: question.resource_type,
        may_be_refused,
        params: question.params,
        transport: None,
        tried: None,
    });
}

/// The first page of the answer. A target need not know `_count`: if it refuses a search with
/// it, the search is sent again without, and comes in pages of the target's own size.
async fn first_page(world: &mut World, request: Request) -> Option<PageData> {
    let count = world.count.filter(|_| !request.query.is_empty());
    let Some(count) = count else {
        return get(world, request, Purpose::Judged).await;
    };
    let mut counted = request.clone();
    counted.query.push(("_count".to_owned(), count.to_string()));
    let page = get(world, counted, Purpose::Judged).await?;
    if is_refusal(page.status) {
        return get(world, request, Purpose::Judged).await;
    }
    Some(page)
}

/// A server error breaks the rule even where no assertion of the scenario looks at the status.
pub(crate) fn server_error(world: &mut World, status: u16) {
    // 501 says that something is not offered: that is a refusal, and judged as one.
    if status < 500 || status == 501 {
        return;
    }
    let looked_at = world.scenario.clone().is_some_and(|scenario| {
        let rest = scenario.steps.iter().skip(world.next_step);
        rest.into_iter()
            .filter_map(|step| check_code(world, step))
            .any(|code| ["HTTP-STATUS", "REFUSED", "SPINE-ERROR"].contains(&code))
    });
    if !looked_at {
        world.report(
            FindingKind::Broken,
            "HTTP-SERVER-ERROR",
            &format!("the request was answered with server error {status}"),
            "Find this request in the system's log and repair what fails.",
        );
    }
}

pub(crate) fn read_metadata(world: &mut World, sign_in: bool) -> LocalBoxFuture<'_, ()> {
    let question = Question {
        path: "metadata".to_owned(),
        resource_type: "CapabilityStatement".to_owned(),
        anonymous: !sign_in,
        ..Question::default()
    };
    ask(world, question).boxed_local()
}

/// Reads one record; the id may hold placeholders.
pub(crate) fn read<'a>(
    world: &'a mut World,
    resource_type: &str,
    id: &str,
) -> LocalBoxFuture<'a, ()> {
    let (resource_type, id) = (resource_type.to_owned(), id.to_owned());
    async move {
        if let Some(id) = fill(world, &id) {
            ask(world, to_read(&resource_type, &id)).await;
        }
    }
    .boxed_local()
}

fn to_read(resource_type: &str, id: &str) -> Question {
    Question {
        path: format!("{resource_type}/{id}"),
        resource_type: resource_type.to_owned(),
        ..Question::default()
    }
}

/// Reads the first record of the last search by its type and id.
pub(crate) fn read_first(world: &mut World) -> LocalBoxFuture<'_, ()> {
    async move {
        if let Some((resource_type, id)) = first_result(world) {
            ask(world, to_read(&resource_type, &id)).await;
        }
    }
    .boxed_local()
}

/// Searches by the id of the first record of the last search.
pub(crate) fn search_first(world: &mut World) -> LocalBoxFuture<'_, ()> {
    async move {
        if let Some((resource_type, id)) = first_result(world) {
            ask(
                world,
                searched(&resource_type, vec![("_id".to_owned(), id)]),
            )
            .await;
        }
    }
    .boxed_local()
}

/// Type and id of the first record of the patient in the last result; none stops the scenario.
fn first_result(world: &mut World) -> Option<(String, String)> {
    let patient = world
        .target_id
        .as_deref()
        .filter(|_| world.in_play.is_none());
    let found = world.answer.as_ref().and_then(|answer| {
        let Body::Tree(tree) = &answer.pages.first()?.body else {
            return None;
        };
        let entries = tree.root().get("entry")?;
        let own = entries.items().find_map(|entry| {
            let resource = entry.get("resource")?;
            let resource_type = text(resource, "resourceType")?;
            let id = text(resource, "id")?;
            let is_wanted = resource_type == answer.resource_type && belongs(resource, id, patient);
            is_wanted.then(|| (resource_type.to_owned(), id.to_owned()))
        });
        own.filter(|(_, id)| is_id(id))
    });
    if found.is_none() {
        world.stop(
            SkipReason::NothingObserved,
            "SETUP-RESULT",
            "the search before this returned no record of the patient that could be read",
            "Load the person from the data sheet, and see the finding of the search.",
        );
    }
    found
}

/// A Patient is taken as it comes; of the other types only the patient's own records.
fn belongs(resource: Node<'_>, id: &str, patient: Option<&str>) -> bool {
    let Some(patient) = patient else { return true };
    if text(resource, "resourceType") == Some("Patient") {
        return id == patient;
    }
    let wanted = format!("Patient/{patient}");
    ["patient", "subject"].iter().any(|name| {
        resource
            .get(name)
            .and_then(|reference| text(reference, "reference"))
            .is_some_and(|reference| {
                let (reference, _) = reference
                    .split_once("/_history/")
                    .unwrap_or((reference, ""));
                reference == wanted || reference.ends_with(&format!("/{wanted}"))
            })
    })
}

fn text<'a>(node: Node<'a>, name: &str) -> Option<&'a str> {
    node.get(name).and_then(Node::as_str)
}

/// An id as FHIR forms it, so that it cannot lead to another address.
pub(crate) fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
}
