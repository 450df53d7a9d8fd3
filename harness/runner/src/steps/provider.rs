//! Given: practitioners, organisations and locations, patients who must not be registered yet, and
//! what is to be wrong with the requests that follow. Not for sending them.
//! A change holds to the end of the scenario.

use crate::changes::{Certificate, Format};
use crate::context::NHS_NUMBER_SYSTEM;
use crate::exchange::{Purpose, get};
use crate::placeholder;
use crate::step::{Act, Args, StepDef, StepRun};
use crate::steps::clock;
use crate::steps::setup::{ids_of, put_in_play};
use crate::world::{Body, Entity, World};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_http::{
    ClaimChange, Compression, HeaderChange, SspHeader, TokenForm, WrongCertificate,
};
use plumbline_model::{ActorRole, DirectoryKind, ErrorKind, FindingKind, SkipReason, StepKind};
use plumbline_pack::Auth;
use plumbline_tree::{Node, Tree};

/// How long a token lives, in seconds (GP Connect 1.6.2-beta, cross organisation audit and provenance).
const LIFETIME: i64 = 300;

const fn given(
    pattern: &'static str,
    doc: &'static str,
    example: &'static str,
    act: Act,
) -> StepDef {
    StepDef {
        kind: StepKind::Setup,
        pattern,
        doc,
        example,
        needs_table: false,
        run: StepRun::Act(act),
    }
}

/// A change that needs no answer.
macro_rules! change {
    ($change:expr) => {
        |world, args| {
            let change: fn(&mut World, &Args) = $change;
            async move { change(world, &args) }.boxed_local()
        }
    };
}

/// The Given steps about providers.
pub const STEPS: &[StepDef] = &[
    given(
        "the practitioner {string}",
        "Puts a practitioner in play, by role. Not tested if target.toml does not name the role.",
        "the practitioner \"gp-practitioner\"",
        change!(|world, args| put(world, DirectoryKind::Practitioner, args.get(0))),
    ),
    given(
        "the organisation {string}",
        "Puts an organisation in play, by role. Not tested if target.toml does not name the role.",
        "the organisation \"gp-practice\"",
        change!(|world, args| put(world, DirectoryKind::Organization, args.get(0))),
    ),
    given(
        "the location {string}",
        "Puts a location in play, by role, with the target's own id from target.toml. Not tested if that does not name the role.",
        "the location \"gp-branch-location\"",
        change!(|world, args| put(world, DirectoryKind::Location, args.get(0))),
    ),
    given(
        "the target's own id for the practitioner is known",
        "Finds the practitioner by SDS user id and keeps the target's logical id, for {id}.",
        "the target's own id for the practitioner is known",
        |world, _| find_id(world, DirectoryKind::Practitioner),
    ),
    given(
        "the target's own id for the organisation is known",
        "Finds the organisation by ODS code and keeps the target's logical id, for {id}.",
        "the target's own id for the organisation is known",
        |world, _| find_id(world, DirectoryKind::Organization),
    ),
    given(
        "the patient {string} is not registered",
        "Puts a test patient in play and makes sure that the target does not find him or her. Not tested otherwise: the test data must be reset.",
        "the patient \"patient-basic\" is not registered",
        not_registered,
    ),
    given(
        "the request has no {string} header",
        "Leaves a header of the Spine Secure Proxy out of the requests that follow.",
        "the request has no \"Ssp-TraceID\" header",
        change!(|world, args| header(world, args.get(0), None)),
    ),
    given(
        "the request has the header {string} {string}",
        "Sends this header with the requests that follow; one of the Spine Secure Proxy gets this value in place of its own.",
        "the request has the header \"Ssp-To\" \"999999999999\"",
        change!(|world, args| header(world, args.get(0), Some(args.get(1)))),
    ),
    given(
        "the request has no token",
        "Sends the requests that follow without the header Authorization.",
        "the request has no token",
        change!(|world, _| form(world, TokenForm::Absent)),
    ),
    given(
        "the token is {string}",
        "Sends this after the word Bearer, in place of the token.",
        "the token is \"abc.def\"",
        change!(|world, args| form(world, TokenForm::Raw(args.get(0).to_owned()))),
    ),
    given(
        "the token is not encoded",
        "Sends the claims after the word Bearer as bare JSON.",
        "the token is not encoded",
        change!(|world, _| form(world, TokenForm::NotEncoded)),
    ),
    given(
        "the token has letters that base64url does not have",
        "Spoils the second part of the token.",
        "the token has letters that base64url does not have",
        change!(|world, _| form(world, TokenForm::NotBase64Url)),
    ),
    given(
        "the token has no dot at its end",
        "Leaves the last dot of the token out, after which the signature would stand.",
        "the token has no dot at its end",
        change!(|world, _| form(world, TokenForm::NoLastDot)),
    ),
    given(
        "the token has no {string} claim",
        "Leaves a claim out of the token; a path has dots, and numbers from 0 for items of a list.",
        "the token has no \"requesting_practitioner.identifier.1\" claim",
        change!(|world, args| claim(world, args.get(0), ClaimChange::Remove)),
    ),
    given(
        "the token claim {string} is {string}",
        "Gives a claim another value; null, true, false and whole numbers are meant as such, all else is text.",
        "the token claim \"requested_scope\" is \"patient/*.read\"",
        change!(|world, args| {
            let value = ClaimChange::Set(json(args.get(1)));
            claim(world, args.get(0), value);
        }),
    ),
    given(
        "the token was made {int} seconds ago",
        "Moves the beginning of the token back, and its end with it.",
        "the token was made 3900 seconds ago",
        change!(|world, args| made(world, -number(args), LIFETIME)),
    ),
    given(
        "the token was made {int} seconds from now",
        "Moves the beginning of the token into the future, and its end with it.",
        "the token was made 200 seconds from now",
        change!(|world, args| made(world, number(args), LIFETIME)),
    ),
    given(
        "the token lives {int} seconds",
        "Lets the token, which is made now, end after that time.",
        "the token lives 299 seconds",
        change!(|world, args| made(world, 0, number(args))),
    ),
    given(
        "the request asks for {string}",
        "Asks for this media type, in place of FHIR JSON, in the header Accept.",
        "the request asks for \"application/fhir+xml\"",
        change!(|world, args| {
            world.changes.format = Some(Format::Of(args.get(0).to_owned()));
        }),
    ),
    given(
        "the request asks for no format",
        "Sends the requests that follow without the header Accept.",
        "the request asks for no format",
        change!(|world, _| world.changes.format = Some(Format::NotSaid)),
    ),
    given(
        "the request carries the parameter {string} {string}",
        "Adds a parameter to the requests that follow that chooses no records, such as _format.",
        "the request carries the parameter \"_format\" \"application/fhir+xml\"",
        change!(|world, args| {
            if let Some(value) = filled(world, args.get(1)) {
                let parameter = (args.get(0).to_owned(), value);
                world.changes.parameters.push(parameter);
            }
        }),
    ),
    given(
        "the answer may be compressed with gzip",
        "Says so in the header Accept-Encoding, as requests do unless a step says otherwise.",
        "the answer may be compressed with gzip",
        change!(|world, _| world.changes.compression = Some(Compression::Gzip)),
    ),
    given(
        "the answer may not be compressed",
        "Sends the requests that follow without the header Accept-Encoding.",
        "the answer may not be compressed",
        change!(|world, _| world.changes.compression = Some(Compression::None)),
    ),
    given(
        "the clocks of both sides agree within {int} seconds",
        "Reads the capability statement and compares the time in its header Date with ours. Not tested if they differ by more, or if the target does not say what time it is.",
        "the clocks of both sides agree within 60 seconds",
        |world, args| clock::agree(world, number(&args)),
    ),
    given(
        "the client certificate is {string}",
        "Chooses the client certificate of the connections that are tried: none, expired, other-name, revoked or unknown-authority.",
        "the client certificate is \"expired\"",
        change!(|world, args| {
            if let Some(certificate) = certificate(args.get(0)) {
                world.changes.certificate = certificate;
            }
        }),
    ),
];

/// The client certificate that a step means.
pub(crate) fn certificate(name: &str) -> Option<Certificate> {
    Some(match name {
        "none" => Certificate::None,
        "expired" => Certificate::Wrong(WrongCertificate::Expired),
        "other-name" => Certificate::Wrong(WrongCertificate::OtherName),
        "revoked" => Certificate::Wrong(WrongCertificate::Revoked),
        "unknown-authority" => Certificate::Wrong(WrongCertificate::UnknownIssuer),
        _ => return None,
    })
}

fn put(world: &mut World, kind: DirectoryKind, role: &str) {
    let Some(run) = world.run.clone() else { return };
    let key = ActorRole::from(role);
    let Some(entry) = run.target.directory.get(&key) else {
        let example = match kind {
            DirectoryKind::Location => "id",
            DirectoryKind::Practitioner | DirectoryKind::Organization => "identifier",
        };
        world.stop(
            SkipReason::NoActor,
            "SETUP-ACTOR",
            &format!("target.toml names no {} for the role {role}", kind.title()),
            &format!("Load it from the data sheet and add {role} = {{ {example} = \"...\" }} to [actors] in target.toml."),
        );
        return;
    };
    world.in_play = Some(kind);
    world.target_id.clone_from(&entry.id);
    world.directory.insert(
        kind,
        Entity {
            kind,
            identifier: entry.identifier.clone(),
            id: entry.id.clone(),
        },
    );
}

fn find_id(world: &mut World, kind: DirectoryKind) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some(run) = world.run.clone() else { return };
        let entity = world.directory.get(&kind);
        let identifier = entity.and_then(|entity| entity.identifier.clone());
        let (Some(system), Some(identifier)) = (kind.identifier_system(), identifier) else {
            let message = format!("no {} is in play", kind.title());
            let next = format!("Put the step Given the {} before it.", kind.title());
            world.stop(SkipReason::EarlierStep, "SETUP-ACTOR", &message, &next);
            return;
        };
        let query = vec![("identifier".to_owned(), format!("{system}|{identifier}"))];
        let request = run.request(kind.name(), query, None);
        let Some(page) = get(world, request, Purpose::Setup).await else {
            return;
        };
        let found = match &page.body {
            Body::Tree(tree) => entities(tree, kind, system, &identifier),
            Body::Empty | Body::NotJson { .. } => Vec::new(),
        };
        match found.as_slice() {
            [id] => {
                world.target_id = Some(id.clone());
                world.in_play = Some(kind);
            }
            other => {
                let message = format!(
                    "the search for the {} by identifier returns {}",
                    kind.title(),
                    if other.is_empty() { "nothing" } else { "more than one" }
                );
                world.stop(
                    SkipReason::EarlierStep,
                    "SETUP-ID",
                    &message,
                    "Compare [actors] in target.toml with what the target holds, and see the rules on this search.",
                );
            }
        }
    }
    .boxed_local()
}

/// The ids of the entries of this kind that have this identifier.
fn entities(tree: &Tree, kind: DirectoryKind, system: &str, value: &str) -> Vec<String> {
    let text =
        |node: Node<'_>, name: &str| node.get(name).and_then(Node::as_str).map(str::to_owned);
    let entries = tree.root().get("entry").into_iter().flat_map(Node::items);
    entries
        .filter_map(|entry| entry.get("resource"))
        .filter(|resource| text(*resource, "resourceType").as_deref() == Some(kind.name()))
        .filter(|resource| {
            let identifiers = resource.get("identifier").into_iter().flat_map(Node::items);
            identifiers.into_iter().any(|one| {
                text(one, "system").as_deref() == Some(system)
                    && text(one, "value").is_some_and(|own| own.eq_ignore_ascii_case(value))
            })
        })
        .filter_map(|resource| text(resource, "id"))
        .collect()
}

fn not_registered(world: &mut World, args: Args) -> LocalBoxFuture<'_, ()> {
    async move {
        put_in_play(world, args.get(0));
        let (Some(run), Some(actor), None) = (&world.run, &world.actor, world.stop) else {
            return;
        };
        let (run, number) = (run.clone(), actor.nhs_number.clone());
        let query = vec![("identifier".to_owned(), format!("{NHS_NUMBER_SYSTEM}|{number}"))];
        let request = run.request("Patient", query, None);
        let Some(page) = get(world, request, Purpose::Setup).await else {
            return;
        };
        let found = match &page.body {
            Body::Tree(tree) => ids_of(tree, &number).len(),
            Body::Empty | Body::NotJson { .. } => 0,
        };
        if found > 0 {
            world.stop(
                SkipReason::EarlierStep,
                "SETUP-REGISTERED",
                "the target already finds the test patient, who must not be registered for this test",
                "Reset the test data: an earlier run may have registered the patient. Or name another patient for the role in target.toml.",
            );
        }
    }
    .boxed_local()
}

/// Whether the target takes part in GP Connect; says so if it does not.
fn speaks_gp_connect(world: &mut World) -> bool {
    let method = world.run.as_ref().map(|run| &run.target.auth);
    if matches!(method, Some(Auth::GpConnect(_))) {
        return true;
    }
    world.report(
        FindingKind::Error(ErrorKind::Configuration),
        "SETUP-GP-CONNECT",
        "the step changes headers or the token of GP Connect, and the target file does not say how to sign in to it",
        "Write method = \"gp-connect\" under [auth] in target.toml; plumbline init shows an example.",
    );
    world.stop = Some(SkipReason::EarlierStep);
    false
}

fn header(world: &mut World, name: &str, value: Option<&str>) {
    let value = match value {
        Some(value) => match filled(world, value) {
            Some(value) => Some(value),
            None => return,
        },
        None => None,
    };
    let Some(header) = SspHeader::from_name(name) else {
        if let Some(value) = value {
            world.headers.push((name.to_lowercase(), value));
        }
        return;
    };
    if speaks_gp_connect(world) {
        let change = value.map_or(HeaderChange::Remove, HeaderChange::Set);
        world.changes.call.headers.push((header, change));
    }
}

fn form(world: &mut World, form: TokenForm) {
    if speaks_gp_connect(world) {
        world.changes.call.form = form;
    }
}

fn claim(world: &mut World, path: &str, change: ClaimChange) {
    if speaks_gp_connect(world) {
        world.changes.call.claims.push((path.to_owned(), change));
    }
}

fn made(world: &mut World, from_now: i64, lifetime: i64) {
    if from_now != 0 {
        claim(world, "iat", ClaimChange::SecondsFromNow(from_now));
    }
    if world.stop.is_none() {
        claim(
            world,
            "exp",
            ClaimChange::SecondsFromNow(from_now + lifetime),
        );
    }
}

/// The number that the pattern has made sure of; a hundred years if it is longer than that.
fn number(args: &Args) -> i64 {
    const HUNDRED_YEARS: i64 = 3_155_760_000;
    let number: i64 = args.get(0).parse().unwrap_or(HUNDRED_YEARS);
    number.min(HUNDRED_YEARS)
}

fn json(text: &str) -> serde_json::Value {
    match text {
        "null" => serde_json::Value::Null,
        "true" => true.into(),
        "false" => false.into(),
        _ => text
            .parse::<i64>()
            .map_or_else(|_| text.into(), serde_json::Value::from),
    }
}

/// The text with its placeholders filled; without a value the scenario stops.
fn filled(world: &mut World, text: &str) -> Option<String> {
    match placeholder::fill(text, world) {
        Ok(text) => Some(text),
        Err(missing) => {
            world.stop(
                SkipReason::EarlierStep,
                "SETUP-ACTOR",
                &format!("{{{missing}}} stands for nothing yet"),
                "Put what it is a value of in play before this step.",
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_json_and_numbers_are_meant_as_such() {
        assert_eq!(json("null"), serde_json::Value::Null);
        assert_eq!(json("-5"), serde_json::json!(-5));
        assert_eq!(json("true"), serde_json::json!(true));
        assert_eq!(json("badScope"), serde_json::json!("badScope"));
        assert_eq!(json("1.5"), serde_json::json!("1.5"));
    }
}
