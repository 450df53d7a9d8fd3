//! Controls: a refusal proves something only if the same system lets a right request in. Before a
//! step whose assertions ask for a refusal, a right request of its kind is sent, once a run.
//! Without such a control a system that refuses everything would pass. Not for judging refusals.
//!
//! Only for packs whose requests carry interactions: they test one gateway with many ways to be
//! wrong. See `expects_refusal` for which steps have one, and `holds` for what becomes of the rest.

use crate::context::{Context, NHS_NUMBER_SYSTEM};
use crate::exchange::{Purpose, get};
use crate::step::{ArgSource, StepRun};
use crate::steps::register;
use crate::world::World;
use plumbline_http::{Method, Request};
use plumbline_model::{DirectoryKind, ExchangeId, Person, SkipReason, StepKind};
use plumbline_pack::{ActorEntry, PlannedStep, Scenario};
use std::rc::Rc;
use std::sync::Arc;

/// What came of a control.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Held {
    status: Option<u16>,
    exchange: Option<ExchangeId>,
}

/// A control: the request, and which statuses other than 2xx show as well that it was let in.
pub(crate) struct Control {
    request: Request,
    also: &'static [u16],
}

/// Whether the assertions that belong to the step at hand ask for a refusal.
pub(crate) fn expects_refusal(world: &World) -> bool {
    let (Some(run), Some(scenario)) = (&world.run, &world.scenario) else {
        return false;
    };
    let asks_again = |step: &&PlannedStep| {
        step.kind != StepKind::Action || step.text.starts_with("the scenario does not apply")
    };
    let rest = scenario.steps.iter().skip(world.next_step);
    !run.interactions.is_empty()
        && rest
            .take_while(asks_again)
            .any(|step| is_refusal(run, step))
}

fn is_refusal(run: &Context, step: &PlannedStep) -> bool {
    let Some(resolved) = run.resolve(step.kind, &step.text) else {
        return false;
    };
    let StepRun::Check { code, args } = resolved.def.run else {
        return false;
    };
    let first = args.first().map(|arg| match arg {
        ArgSource::Fixed(text) => *text,
        ArgSource::Capture(index) => resolved.captures.get(*index).map_or("", String::as_str),
    });
    match code {
        "REFUSED" | "SPINE-ERROR" => true,
        "HTTP-STATUS" => first
            .and_then(|text| text.parse::<u16>().ok())
            .is_some_and(|status| status >= 400),
        _ => false,
    }
}

/// Sends the control, unless the run has done so, and says whether it was let in. If not, the
/// scenario stops: a refusal would prove nothing.
pub(crate) async fn holds(world: &mut World, control: Control) -> bool {
    let Some(run) = world.run.clone() else {
        return false;
    };
    let cell = Rc::clone(
        run.controls
            .borrow_mut()
            .entry(key(&control.request))
            .or_default(),
    );
    let held = *cell
        .get_or_init(|| send(Rc::clone(&run), world.scenario.clone(), control.request))
        .await;
    if let Some(id) = held.exchange
        && !world.exchanges.contains(&id)
    {
        world.exchanges.push(id);
    }
    let good = |status: u16| (200..300).contains(&status) || control.also.contains(&status);
    if held.status.is_some_and(good) {
        return true;
    }
    let said = held.status.map_or_else(
        || "got no answer".to_owned(),
        |status| format!("was answered with status {status}"),
    );
    world.stop(
        SkipReason::EarlierStep,
        "SETUP-CONTROL",
        &format!("the right request beside the wrong one {said}, so a refusal would prove nothing"),
        "Let the system answer right requests first: see the exchange of the control, and the rules that it breaks.",
    );
    false
}

fn key(request: &Request) -> String {
    let body = request.body.as_ref().map_or(0, |body| body.bytes.len());
    let (method, path, query) = (request.method.name(), &request.path, &request.query);
    let capability = request.capability.as_deref().unwrap_or_default();
    format!("{capability} {method} {path} {query:?} {body}")
}

async fn send(run: Rc<Context>, scenario: Option<Arc<Scenario>>, request: Request) -> Held {
    let mut scratch = World {
        run: Some(run),
        scenario,
        ..World::default()
    };
    let page = get(&mut scratch, request, Purpose::Control).await;
    Held {
        status: page.map(|page| page.status),
        exchange: scratch.exchanges.last().copied(),
    }
}

/// The same request without the changes.
pub(crate) const fn unchanged(request: Request) -> Control {
    let also = &[];
    Control { request, also }
}

/// A right request for resources of this type: a search for somebody or something that the target
/// holds. The capability statement if there is nothing of the type.
pub(crate) fn of_type(run: &Context, resource_type: &str) -> Control {
    let by_identifier = |system: &str, value: &str| {
        let query = vec![("identifier".to_owned(), format!("{system}|{value}"))];
        run.request(resource_type, query, None)
    };
    let found = match DirectoryKind::from_name(resource_type) {
        None if resource_type == "Patient" => {
            active(run).map(|(actor, _)| by_identifier(NHS_NUMBER_SYSTEM, &actor.nhs_number))
        }
        None => None,
        Some(kind) => {
            let mut all = run.target.directory.values();
            let entry = all.find(|entry| entry.kind == kind);
            entry.and_then(|entry| {
                if let Some(system) = kind.identifier_system() {
                    return Some(by_identifier(system, entry.identifier.as_deref()?));
                }
                let id = entry.id.as_deref()?;
                Some(run.request(&format!("{resource_type}/{id}"), Vec::new(), None))
            })
        }
    };
    unchanged(found.unwrap_or_else(|| run.request("metadata", Vec::new(), None)))
}

/// A right registration that registers nobody: of a patient who is registered already. The system
/// gets as far as finding the duplicate only if everything else about the request is right.
pub(crate) fn of_registration(run: &Context) -> Control {
    let Some((actor, person)) = active(run) else {
        return of_type(run, "Patient");
    };
    Control {
        request: Request {
            body: Some(register::payload(actor, person)),
            ..run.asking(Method::Post, register::PATH, Vec::new(), None)
        },
        also: &[409],
    }
}

/// The first patient of the data sheet who is registered and whom nothing keeps from being found.
fn active(run: &Context) -> Option<(&ActorEntry, &Person)> {
    run.target.actors.iter().find_map(|(role, actor)| {
        let person = run.people.get(role).filter(|_| actor.data_sheet)?;
        let gp = person.gp.as_ref()?;
        let is_plain =
            gp.registration == "active" && gp.pds == "verified" && gp.number == "verified";
        is_plain.then_some((actor, person.as_ref()))
    })
}
