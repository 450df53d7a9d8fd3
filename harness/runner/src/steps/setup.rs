//! Given: who is in play, and what must be so before anything is judged.
//! A precondition that is missing makes the scenario "not tested", never a pass or a fail.

use crate::context::NHS_NUMBER_SYSTEM;
use crate::exchange::{Purpose, get};
use crate::replay;
use crate::step::{Args, StepDef, StepRun};
use crate::world::{Actor, Body, World};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_model::{
    ActorRole, Capability, NotApplicableReason, Person, RecordFact, SkipReason, StepKind,
};
use plumbline_tree::Tree;

/// The Given steps.
pub const STEPS: &[StepDef] = &[
    StepDef {
        kind: StepKind::Setup,
        pattern: "the patient {string}",
        doc: "Puts a test patient in play, by role. Not tested if target.toml maps nobody to the role.",
        example: "the patient \"patient-basic\"",
        needs_table: false,
        run: StepRun::Act(patient),
    },
    StepDef {
        kind: StepKind::Setup,
        pattern: "the patient {string} holds at least {int} allergies",
        doc: "Puts a test patient in play and makes sure that the facts about the person list that many allergies.",
        example: "the patient \"patient-with-allergies\" holds at least 2 allergies",
        needs_table: false,
        run: StepRun::Act(patient_with_allergies),
    },
    StepDef {
        kind: StepKind::Setup,
        pattern: "the patient {string} holds at least {int} {string} records",
        doc: "Puts a test patient in play and makes sure that the facts about the person list that many records of the type.",
        example: "the patient \"patient-with-records\" holds at least 2 \"Immunization\" records",
        needs_table: false,
        run: StepRun::Act(patient_with_records),
    },
    StepDef {
        kind: StepKind::Setup,
        pattern: "an NHS number that belongs to no patient",
        doc: "Puts a well-formed test NHS number in play that the target holds for nobody.",
        example: "an NHS number that belongs to no patient",
        needs_table: false,
        run: StepRun::Act(nobody),
    },
    StepDef {
        kind: StepKind::Setup,
        pattern: "the target's own id for the patient is known",
        doc: "Finds the patient by NHS number and keeps the target's logical id, for {id} and for searches by patient.",
        example: "the target's own id for the patient is known",
        needs_table: false,
        run: StepRun::Act(resolve_id),
    },
    StepDef {
        kind: StepKind::Setup,
        pattern: "the target claims the capability {string}",
        doc: "The scenario does not apply unless the scope in target.toml lists the capability.",
        example: "the target claims the capability \"patient-index\"",
        needs_table: false,
        run: StepRun::Act(claims),
    },
    StepDef {
        kind: StepKind::Setup,
        pattern: "results are asked for {int} at a time",
        doc: "Adds _count to the searches that follow, so that a long result comes in pages.",
        example: "results are asked for 5 at a time",
        needs_table: false,
        run: StepRun::Act(count),
    },
    StepDef {
        kind: StepKind::Setup,
        pattern: "requests come from a web page of {string}",
        doc: "Adds the header Origin to the requests that follow, as software in a web browser does.",
        example: "requests come from a web page of \"https://example.org\"",
        needs_table: false,
        run: StepRun::Act(web_page),
    },
];

fn patient(world: &mut World, args: Args) -> LocalBoxFuture<'_, ()> {
    async move {
        put_in_play(world, args.get(0));
    }
    .boxed_local()
}

fn patient_with_allergies(world: &mut World, args: Args) -> LocalBoxFuture<'_, ()> {
    async move {
        put_in_play(world, args.get(0));
        enough(world, args.get(1), |person| person.allergies.len());
    }
    .boxed_local()
}

fn patient_with_records(world: &mut World, args: Args) -> LocalBoxFuture<'_, ()> {
    async move {
        put_in_play(world, args.get(0));
        enough(world, args.get(1), |person| {
            let of_type = |record: &&RecordFact| record.resource_type == args.get(2);
            person.records.iter().filter(of_type).count()
        });
    }
    .boxed_local()
}

/// Stops the scenario if the facts about the person list fewer than `wanted`.
fn enough(world: &mut World, wanted: &str, count: impl Fn(&Person) -> usize) {
    let wanted: usize = wanted.parse().unwrap_or(usize::MAX);
    let person = world.actor.as_ref().and_then(|a| a.person.as_ref());
    if world.stop.is_none() && person.is_none_or(|person| count(person) < wanted) {
        world.stop(
            SkipReason::NothingObserved,
            "SETUP-ACTOR",
            "the facts about this person do not list enough records of this kind",
            "Add records to the person's file or ask for fewer; a patient with data_sheet = false has no facts.",
        );
    }
}

pub(crate) fn put_in_play(world: &mut World, role: &str) {
    let Some(run) = world.run.clone() else { return };
    let key = ActorRole::from(role);
    if replay::is_changed(world, &key) {
        return;
    }
    let Some(entry) = run.target.actors.get(&key) else {
        world.stop(
            SkipReason::NoActor,
            "SETUP-ACTOR",
            &format!("target.toml maps no patient to the role {role}"),
            "Load the person from the data sheet and add the role to [actors] in target.toml.",
        );
        return;
    };
    // A patient of the vendor's own is not the person of the data sheet: the facts do not apply.
    let person = entry
        .data_sheet
        .then(|| run.people.get(&key).cloned())
        .flatten();
    let local_identifier = entry
        .local_identifier
        .clone()
        .or_else(|| person.as_ref()?.identity.local_identifier.clone());
    let local_identifier = local_identifier.map(|l| format!("{}|{}", l.system, l.value));
    world.actor = Some(Actor {
        nhs_number: entry.nhs_number.clone(),
        local_identifier,
        person,
    });
    world.in_play = None;
    world.target_id = None;
}

fn nobody(world: &mut World, _args: Args) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some(run) = world.run.clone() else { return };
        world.actor = Some(Actor {
            nhs_number: run.nobody().to_owned(),
            local_identifier: None,
            person: None,
        });
        world.in_play = None;
        world.target_id = None;
    }
    .boxed_local()
}

fn resolve_id(world: &mut World, _args: Args) -> LocalBoxFuture<'_, ()> {
    async move {
        let (Some(run), Some(actor)) = (world.run.clone(), world.actor.clone()) else {
            world.stop(
                SkipReason::EarlierStep,
                "SETUP-ACTOR",
                "no patient is in play",
                "Begin the scenario with: Given the patient \"patient-basic\".",
            );
            return;
        };
        let identifier = format!("{NHS_NUMBER_SYSTEM}|{}", actor.nhs_number);
        let request = run.request("Patient", vec![("identifier".to_owned(), identifier)], None);
        let Some(page) = get(world, request, Purpose::Setup).await else {
            return;
        };
        let found = match &page.body {
            Body::Tree(tree) => ids_of(tree, &actor.nhs_number),
            Body::Empty | Body::NotJson { .. } => Vec::new(),
        };
        match found.as_slice() {
            [id] => {
                world.target_id = Some(id.clone());
                world.in_play = None;
            }
            [] => world.stop(
                SkipReason::EarlierStep,
                "SETUP-ID",
                "the search for the test patient by NHS number does not return the patient",
                "Load the person from the data sheet, and see the rules on searching patients.",
            ),
            _ => world.stop(
                SkipReason::EarlierStep,
                "SETUP-ID",
                "the search for the test patient by NHS number returns more than one record",
                "Remove the duplicate record of the test patient.",
            ),
        }
    }
    .boxed_local()
}

/// The ids of the Patient entries that carry this NHS number.
pub(crate) fn ids_of(tree: &Tree, nhs_number: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in tree
        .root()
        .get("entry")
        .into_iter()
        .flat_map(plumbline_tree::Node::items)
    {
        let Some(resource) = entry.get("resource") else {
            continue;
        };
        if resource
            .get("resourceType")
            .and_then(plumbline_tree::Node::as_str)
            != Some("Patient")
        {
            continue;
        }
        let is_actor = resource
            .get("identifier")
            .into_iter()
            .flat_map(plumbline_tree::Node::items)
            .any(|i| {
                i.get("value")
                    .and_then(plumbline_tree::Node::as_str)
                    .is_some_and(|v| v.replace(' ', "") == nhs_number)
            });
        if is_actor && let Some(id) = resource.get("id").and_then(plumbline_tree::Node::as_str) {
            found.push(id.to_owned());
        }
    }
    found
}

fn claims(world: &mut World, args: Args) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some(run) = world.run.clone() else { return };
        if !run.target.scope.contains(&Capability::from(args.get(0))) {
            world.not_applicable = Some(NotApplicableReason::OutOfScope);
            world.stop = Some(SkipReason::EarlierStep);
        }
    }
    .boxed_local()
}

fn count(world: &mut World, args: Args) -> LocalBoxFuture<'_, ()> {
    async move {
        world.count = args.get(0).parse().ok();
    }
    .boxed_local()
}

fn web_page(world: &mut World, args: Args) -> LocalBoxFuture<'_, ()> {
    async move {
        let origin = args.get(0).to_owned();
        world.headers.push(("origin".to_owned(), origin));
    }
    .boxed_local()
}
