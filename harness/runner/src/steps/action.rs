//! When: what is asked of the target. Each keeps the answer for the assertions that follow.

use crate::context::NHS_NUMBER_SYSTEM;
use crate::dispatch::check_code;
use crate::exchange::{Purpose, get};
use crate::placeholder;
use crate::step::{Args, StepDef, StepRun};
use crate::world::{Answered, Body, Followed, PageData, World};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_http::Request;
use plumbline_model::{FindingKind, SkipReason, StepKind};
use std::collections::BTreeSet;
use url::Url;

/// A result is followed over at most this many pages.
const MOST_PAGES: usize = 20;

const fn when(
    pattern: &'static str,
    doc: &'static str,
    example: &'static str,
    needs_table: bool,
    act: crate::step::Act,
) -> StepDef {
    StepDef {
        kind: StepKind::Action,
        pattern,
        doc,
        example,
        needs_table,
        run: StepRun::Act(act),
    }
}

/// The When steps.
pub const STEPS: &[StepDef] = &[
    when(
        "the capability statement is read",
        "Reads metadata.",
        "the capability statement is read",
        false,
        |world, _| read_metadata(world, true),
    ),
    when(
        "the capability statement is read without signing in",
        "Reads metadata without credentials.",
        "the capability statement is read without signing in",
        false,
        |world, _| read_metadata(world, false),
    ),
    when(
        "patients are searched by NHS number",
        "Searches Patient by identifier, with the naming system of the NHS number.",
        "patients are searched by NHS number",
        false,
        |world, _| {
            let value = format!("{NHS_NUMBER_SYSTEM}|{{nhs-number}}");
            search(world, "Patient", vec![("identifier".to_owned(), value)])
        },
    ),
    when(
        "patients are searched by NHS number without its system",
        "Searches Patient by identifier with the bare number.",
        "patients are searched by NHS number without its system",
        false,
        |world, _| {
            search(
                world,
                "Patient",
                vec![("identifier".to_owned(), "{nhs-number}".to_owned())],
            )
        },
    ),
    when(
        "patients are searched by local identifier",
        "Searches Patient by the target's own identifier of the patient.",
        "patients are searched by local identifier",
        false,
        |world, _| {
            search(
                world,
                "Patient",
                vec![("identifier".to_owned(), "{local-identifier}".to_owned())],
            )
        },
    ),
    when(
        "patients are searched by {string} {string}",
        "Searches Patient by one parameter; the value may hold placeholders.",
        "patients are searched by \"family\" \"{family}\"",
        false,
        |world, args| {
            search(
                world,
                "Patient",
                vec![(args.get(0).to_owned(), args.get(1).to_owned())],
            )
        },
    ),
    when(
        "patients are searched with:",
        "Searches Patient by the parameters of the table below.",
        "patients are searched with:",
        true,
        |world, args| search(world, "Patient", rows(&args)),
    ),
    when(
        "the patient is read by id",
        "Reads the patient in play by the target's own id.",
        "the patient is read by id",
        false,
        |world, _| read_patient(world),
    ),
    when(
        "{string} records are searched for the patient",
        "Searches a type of clinical record by patient.",
        "\"AllergyIntolerance\" records are searched for the patient",
        false,
        |world, args| search(world, args.get(0), for_patient(Vec::new())),
    ),
    when(
        "{string} records are searched for the patient by {string} {string}",
        "Searches a type of clinical record by patient and one more parameter.",
        "\"AllergyIntolerance\" records are searched for the patient by \"clinical-status\" \"active\"",
        false,
        |world, args| {
            let more = vec![(args.get(1).to_owned(), args.get(2).to_owned())];
            search(world, args.get(0), for_patient(more))
        },
    ),
    when(
        "{string} records are searched for the patient with:",
        "Searches a type of clinical record by patient and the parameters of the table below.",
        "\"AllergyIntolerance\" records are searched for the patient with:",
        true,
        |world, args| search(world, args.get(0), for_patient(rows(&args))),
    ),
    when(
        "{string} records are searched with:",
        "Searches a type of record by the parameters of the table below and nothing else.",
        "\"AllergyIntolerance\" records are searched with:",
        true,
        |world, args| search(world, args.get(0), rows(&args)),
    ),
    when(
        "every page of the result is followed",
        "Follows the next links of the last search to the end, at most 20 pages, within the target.",
        "every page of the result is followed",
        false,
        |world, _| follow(world),
    ),
    when(
        "the first result is read by its id",
        "Reads the first record of the last search by its type and id.",
        "the first result is read by its id",
        false,
        |world, _| read_first(world),
    ),
];

/// The table's rows without its header.
fn rows(args: &Args) -> Vec<(String, String)> {
    args.table
        .iter()
        .flat_map(|table| table.iter().skip(1))
        .filter_map(|row| Some((row.first()?.clone(), row.get(1)?.clone())))
        .collect()
}

fn for_patient(mut more: Vec<(String, String)>) -> Vec<(String, String)> {
    more.insert(0, ("patient".to_owned(), "{id}".to_owned()));
    more
}

fn search<'a>(
    world: &'a mut World,
    resource_type: &str,
    params: Vec<(String, String)>,
) -> LocalBoxFuture<'a, ()> {
    let resource_type = resource_type.to_owned();
    async move {
        let mut filled = Vec::new();
        for (name, value) in params {
            let id = world.target_id.as_deref();
            match placeholder::fill(&value, world.actor.as_ref(), id) {
                Ok(value) => filled.push((name, value)),
                Err(missing) => return no_value(world, &missing),
            }
        }
        let mut query = filled.clone();
        query.extend(
            world
                .count
                .map(|count| ("_count".to_owned(), count.to_string())),
        );
        ask(world, &resource_type, query, &resource_type, filled, true).await;
    }
    .boxed_local()
}

fn no_value(world: &mut World, placeholder: &str) {
    world.stop(
        SkipReason::NoActor,
        "SETUP-ACTOR",
        &format!("the patient in play has no value for {{{placeholder}}}"),
        "Choose a patient who has it, or find the target's id first: Given the target's own id \
         for the patient is known.",
    );
}

/// Sends a request and keeps the answer.
async fn ask(
    world: &mut World,
    path: &str,
    query: Vec<(String, String)>,
    resource_type: &str,
    params: Vec<(String, String)>,
    sign_in: bool,
) {
    let Some(run) = world.run.clone() else { return };
    world.answer = None;
    let capability = world.scenario.as_ref().map(|s| s.capability.to_string());
    let request = Request {
        sign_in,
        ..run.request(path, query, capability)
    };
    let Some(page) = get(world, request, Purpose::Judged).await else {
        return;
    };
    server_error(world, page.status);
    world.answer = Some(Answered {
        pages: vec![page],
        followed: Followed::No,
        resource_type: resource_type.to_owned(),
        params,
    });
}

/// A server error breaks the rule even where no assertion of the scenario looks at the status.
fn server_error(world: &mut World, status: u16) {
    if status < 500 {
        return;
    }
    let looked_at = world.scenario.clone().is_some_and(|scenario| {
        let rest = scenario.steps.iter().skip(world.next_step);
        rest.into_iter()
            .any(|step| check_code(world, step) == Some("HTTP-STATUS"))
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

fn read_metadata(world: &mut World, sign_in: bool) -> LocalBoxFuture<'_, ()> {
    ask(
        world,
        "metadata",
        Vec::new(),
        "CapabilityStatement",
        Vec::new(),
        sign_in,
    )
    .boxed_local()
}

fn read_patient(world: &mut World) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some(id) = world.target_id.clone() else {
            return no_value(world, "id");
        };
        ask(
            world,
            &format!("Patient/{id}"),
            Vec::new(),
            "Patient",
            Vec::new(),
            true,
        )
        .await;
    }
    .boxed_local()
}

fn read_first(world: &mut World) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some((kind, id)) = world.answer.as_ref().and_then(first_result) else {
            world.stop(
                SkipReason::NothingObserved,
                "SETUP-RESULT",
                "the search before this returned no record that could be read",
                "Load the person from the data sheet, and see the finding of the search.",
            );
            return;
        };
        ask(
            world,
            &format!("{kind}/{id}"),
            Vec::new(),
            &kind,
            Vec::new(),
            true,
        )
        .await;
    }
    .boxed_local()
}

fn first_result(answer: &Answered) -> Option<(String, String)> {
    let Body::Tree(tree) = &answer.pages.first()?.body else {
        return None;
    };
    let entry = tree.root().get("entry")?.items().next()?;
    let resource = entry.get("resource")?;
    let text = |name: &str| {
        resource
            .get(name)
            .and_then(plumbline_tree::Node::as_str)
            .map(str::to_owned)
    };
    let safe = |s: &String| {
        s.chars()
            .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
    };
    Some((text("resourceType").filter(safe)?, text("id").filter(safe)?))
}

fn follow(world: &mut World) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some(run) = world.run.clone() else { return };
        let mut seen = BTreeSet::new();
        loop {
            let Some(answer) = world.answer.as_mut() else {
                return;
            };
            let next = match answer.pages.last().map(next_link) {
                Some(Next::Link(link)) => link,
                Some(Next::End) => {
                    answer.followed = Followed::ToTheEnd;
                    return;
                }
                Some(Next::Unreadable) | None => {
                    answer.followed = Followed::Stopped("a page is not a Bundle".to_owned());
                    return;
                }
            };
            let url = run
                .target
                .base_urls
                .get("default")
                .and_then(|base| join(base, &next));
            let stop = match &url {
                None => Some("a next link is not a URL"),
                Some(url) if !run.client.origin_allowed(url) => {
                    Some("a next link leads away from the target")
                }
                Some(url) if !seen.insert(url.to_string()) => {
                    Some("a next link leads back to a page already seen")
                }
                Some(_) if answer.pages.len() >= MOST_PAGES => Some("more than 20 pages"),
                Some(_) => None,
            };
            if let Some(why) = stop {
                answer.followed = Followed::Stopped(why.to_owned());
                return;
            }
            let request = Request {
                absolute: url,
                ..run.request("", Vec::new(), None)
            };
            let Some(page) = get(world, request, Purpose::Judged).await else {
                if let Some(answer) = world.answer.as_mut() {
                    answer.followed = Followed::Stopped("a page got no answer".to_owned());
                }
                return;
            };
            server_error(world, page.status);
            let Some(answer) = world.answer.as_mut() else {
                return;
            };
            let status = page.status;
            answer.pages.push(page);
            if status != 200 {
                answer.followed =
                    Followed::Stopped(format!("a page was answered with status {status}"));
                return;
            }
        }
    }
    .boxed_local()
}

enum Next {
    Link(String),
    End,
    Unreadable,
}

fn next_link(page: &PageData) -> Next {
    let Body::Tree(tree) = &page.body else {
        return Next::Unreadable;
    };
    let root = tree.root();
    if root
        .get("resourceType")
        .and_then(plumbline_tree::Node::as_str)
        != Some("Bundle")
    {
        return Next::Unreadable;
    }
    let link = root
        .get("link")
        .into_iter()
        .flat_map(plumbline_tree::Node::items)
        .find(|link| link.get("relation").and_then(plumbline_tree::Node::as_str) == Some("next"));
    match link {
        None => Next::End,
        Some(link) => match link.get("url").and_then(plumbline_tree::Node::as_str) {
            Some(url) => Next::Link(url.to_owned()),
            None => Next::Unreadable,
        },
    }
}

/// A next link may be relative to the service's base.
fn join(base: &Url, link: &str) -> Option<Url> {
    let mut folder = base.clone();
    if !folder.path().ends_with('/') {
        folder.set_path(&format!("{}/", base.path()));
    }
    folder.join(link).ok()
}
