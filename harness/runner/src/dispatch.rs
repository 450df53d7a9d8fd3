//! The one wrapper around every step: journals its start, runs it, turns what it found into a
//! verdict, journals its end. A target's failure is a value: the scenario goes on.

use crate::assemble::written;
use crate::context::Context;
use crate::doubtful;
use crate::exchange::exchange_of;
use crate::held;
use crate::journal::Event;
use crate::step::{ArgSource, Args, StepRun};
use crate::world::{Answered, Body, Followed, World};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_checks::{
    BodyState, CheckResult, Expectation, HeaderVeil, Observed, Page, Paging, RequestFacts,
};
use plumbline_model::{
    DirectoryKind, Draft, ErrorKind, Finding, FindingKind, Level, ScenarioId, Shown, SkipReason,
    StepKind, StepRecord, Verdict,
};
use plumbline_pack::PlannedStep;
use plumbline_redact::keeps_header;
use plumbline_tree::Lookout;
use std::panic::AssertUnwindSafe;

/// The function that cucumber calls for every scenario: goes through its steps.
pub(crate) fn walk(
    world: &mut Box<World>,
    _context: cucumber::step::Context,
) -> LocalBoxFuture<'_, ()> {
    async move {
        let (Some(run), Some(scenario)) = (world.run.clone(), world.scenario.clone()) else {
            return;
        };
        for (index, step) in scenario.steps.iter().enumerate() {
            world.next_step = index + 1;
            dispatch(world, &run, &scenario.id, index, step).await;
        }
    }
    .boxed_local()
}

/// One step, from its start in the journal to its end.
async fn dispatch(
    world: &mut World,
    run: &Context,
    scenario: &ScenarioId,
    index: usize,
    step: &PlannedStep,
) {
    run.journal.push(Event::StepStarted {
        scenario: scenario.clone(),
        index,
    });
    world.drafts.clear();
    world.exchanges.clear();
    world.lookout.take();
    if run.halted.borrow().is_some() && world.stop.is_none() {
        world.stop = Some(SkipReason::Interrupted);
    }
    let (verdict, observations) = match world.stop {
        Some(reason) => (Some(Verdict::Skip(reason)), 0),
        None => perform(world, step).await,
    };
    let findings = std::mem::take(&mut world.drafts)
        .into_iter()
        .map(|draft| settle(world, draft))
        .collect();
    let record = StepRecord {
        index,
        kind: step.kind,
        text: written(step),
        line: step.line,
        verdict,
        observations,
        findings,
        exchanges: std::mem::take(&mut world.exchanges),
    };
    run.journal.push(Event::StepEnded {
        scenario: scenario.clone(),
        step: Box::new(record),
    });
    if let Some(reason) = world.not_applicable {
        run.journal.push(Event::NotApplicable {
            scenario: scenario.clone(),
            reason,
        });
    }
}

/// Runs one step; the verdict is `None` for a setup or action that did its work.
async fn perform(world: &mut World, step: &PlannedStep) -> (Option<Verdict>, usize) {
    let Some(run) = world.run.clone() else {
        return (None, 0);
    };
    let Some(resolved) = run.resolve(step.kind, &step.text) else {
        world.report(
            FindingKind::Error(ErrorKind::Internal),
            "STEP-UNDEFINED",
            "this step is not in the step table",
            "Run plumbline lint; this is a fault of Plumbline.",
        );
        return (Some(Verdict::Error(ErrorKind::Internal)), 0);
    };
    let observations = match resolved.def.run {
        StepRun::Act(act) => {
            let args = Args {
                captures: resolved.captures.clone(),
                table: step.table.clone(),
            };
            act(world, args).await;
            doubtful::settle_act(world);
            if world.drafts.is_empty() {
                return (None, 0);
            }
            1
        }
        StepRun::Check {
            code,
            args: sources,
        } => {
            let args = sources
                .iter()
                .map(|source| match source {
                    ArgSource::Fixed(text) => (*text).to_owned(),
                    ArgSource::Capture(index) => {
                        resolved.captures.get(*index).cloned().unwrap_or_default()
                    }
                })
                .collect();
            let result = check(world, code, args);
            world.drafts = result.drafts;
            held::doubt(world).await;
            doubtful::settle_check(world, step, code, result.observations)
        }
    };
    let level = world.level.unwrap_or(Level::Shall);
    let kinds: Vec<Finding> = world.drafts.iter().map(unsettled).collect();
    (
        Some(Verdict::from_findings(level, &kinds, observations)),
        observations,
    )
}

/// A finding that carries only what a verdict depends on.
fn unsettled(draft: &Draft) -> Finding {
    Finding {
        code: draft.code.clone(),
        kind: draft.kind,
        message: String::new(),
        expected: String::new(),
        actual: String::new(),
        next_step: String::new(),
        location: draft.location.clone(),
    }
}

/// Runs a check of the registry over what the world has.
fn check(world: &World, code: &str, args: Vec<String>) -> CheckResult {
    let Some(check) = plumbline_checks::find(code) else {
        return internal(code, "the step names a check that does not exist");
    };
    let Some(answer) = &world.answer else {
        return CheckResult {
            drafts: vec![draft(
                code,
                FindingKind::Undecided(SkipReason::EarlierStep),
                "there is no answer to look at",
            )],
            observations: 0,
        };
    };
    let is_stored = world
        .run
        .as_ref()
        .is_some_and(|run| run.wire.stored().is_some());
    let lookout = is_stored.then_some(&world.lookout);
    let observed = observed(answer, lookout);
    let entity = args
        .first()
        .and_then(|name| DirectoryKind::from_name(name))
        .and_then(|kind| world.directory.get(&kind));
    let own_id = match entity {
        Some(entity) if world.in_play != Some(entity.kind) => entity.id.as_deref(),
        Some(_) | None => world.target_id.as_deref(),
    };
    let named = answer.pages.first().and_then(|page| page.fhir_version);
    let expectation = Expectation {
        person: world.actor.as_ref().and_then(|a| a.person.as_deref()),
        nhs_number: world.actor.as_ref().map(|a| a.nhs_number.as_str()),
        local_identifier: world
            .actor
            .as_ref()
            .and_then(|a| a.local_identifier.as_deref()),
        resource_id: own_id,
        fhir_version: named.or_else(|| world.run.as_ref().and_then(|run| run.valid.version())),
        content: world.run.as_ref().and_then(|run| run.content.as_deref()),
        identifier: entity.and_then(|entity| {
            let system = entity.kind.identifier_system()?;
            Some((system, entity.identifier.as_deref()?))
        }),
        args,
    };
    std::panic::catch_unwind(AssertUnwindSafe(|| (check.run)(&observed, &expectation)))
        .unwrap_or_else(|_| internal(code, "the check itself failed"))
}

fn observed<'a>(answer: &'a Answered, lookout: Option<&'a Lookout>) -> Observed<'a> {
    Observed {
        pages: answer
            .pages
            .iter()
            .map(|page| Page {
                status: page.status,
                headers: &page.headers,
                body: match &page.body {
                    Body::Tree(tree) => BodyState::Tree(tree),
                    Body::Empty => BodyState::Empty,
                    Body::NotJson { bytes, why } => BodyState::NotJson {
                        bytes: *bytes,
                        why: why.clone(),
                    },
                },
                written: page.written,
                veil: lookout.map(|lookout| HeaderVeil {
                    lookout,
                    keeps: keeps_header,
                }),
            })
            .collect(),
        paging: match &answer.followed {
            Followed::No => Paging::NotFollowed,
            Followed::ToTheEnd => Paging::ReachedEnd,
            Followed::Stopped(why) => Paging::Stopped { why: why.clone() },
            Followed::LeftOff(why) => Paging::LeftOff { why: why.clone() },
        },
        request: RequestFacts {
            resource_type: &answer.resource_type,
            params: &answer.params,
            may_be_refused: answer.may_be_refused,
        },
        transport: answer.transport.clone(),
    }
}

fn internal(code: &str, message: &str) -> CheckResult {
    CheckResult {
        drafts: vec![draft(
            code,
            FindingKind::Error(ErrorKind::Internal),
            message,
        )],
        observations: 0,
    }
}

fn draft(code: &str, kind: FindingKind, message: &str) -> Draft {
    Draft {
        code: code.into(),
        kind,
        message: message.to_owned(),
        expected: Shown::default(),
        actual: Shown::default(),
        next_step: String::new(),
        page: 0,
        location: plumbline_model::Location::default(),
    }
}

/// Turns a draft into what may be stored.
fn settle(world: &World, draft: Draft) -> Finding {
    let Some(run) = &world.run else {
        return unsettled(&draft);
    };
    let mut location = draft.location;
    if location.exchange.is_none()
        && let Some(answer) = &world.answer
    {
        location.exchange = exchange_of(&answer.pages, draft.page).or(answer.tried);
    }
    location.fhirpath = run.policy.place(&location.fhirpath);
    Finding {
        code: draft.code,
        kind: draft.kind,
        message: run.policy.second_net(&draft.message),
        expected: run.policy.second_net(&run.policy.shown(&draft.expected)),
        actual: run.policy.second_net(&run.policy.shown(&draft.actual)),
        next_step: run.policy.second_net(&draft.next_step),
        location,
    }
}

/// The check that a planned step stands for, if it is an assertion.
pub(crate) fn check_code(world: &World, step: &PlannedStep) -> Option<&'static str> {
    let run = world.run.as_ref()?;
    match (step.kind, run.resolve(step.kind, &step.text)?.def.run) {
        (StepKind::Assertion, StepRun::Check { code, .. }) => Some(code),
        _ => None,
    }
}
