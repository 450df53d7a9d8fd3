//! From plan and journal to the record: every planned scenario gets a verdict, whether it ran or not.
//! A step that the journal does not know is never taken for a pass.

use crate::context::Context;
use crate::journal::Event;
use crate::plan::{Plan, Planned};
use plumbline_model::record::RECORD_FORMAT;
use plumbline_model::{
    Completion, ErrorKind, ExchangeId, ExchangeRecord, NotApplicableReason, PackRef, RunRecord,
    ScenarioId, ScenarioRecord, SkipReason, Software, StepKind, StepRecord, Verdict, roll_up,
};
use plumbline_pack::Pack;
use std::collections::{BTreeMap, BTreeSet};

/// What the caller knows of the run's beginning and end.
pub(crate) struct Ending {
    pub run_id: String,
    pub started: String,
    pub finished: String,
    pub software: Software,
}

#[derive(Default)]
struct Seen {
    started: bool,
    ended: bool,
    out_of_scope: bool,
    steps: BTreeMap<usize, StepRecord>,
}

pub(crate) fn assemble(
    context: &Context,
    pack: &Pack,
    plan: &Plan,
    events: &[Event],
    ending: Ending,
) -> RunRecord {
    let mut seen: BTreeMap<&ScenarioId, Seen> = BTreeMap::new();
    let mut exchanges: BTreeMap<ExchangeId, ExchangeRecord> = BTreeMap::new();
    let mut halted = None;
    for event in events {
        match event {
            Event::ScenarioStarted { scenario } => seen.entry(scenario).or_default().started = true,
            Event::ScenarioEnded { scenario } => seen.entry(scenario).or_default().ended = true,
            Event::OutOfScope { scenario } => {
                seen.entry(scenario).or_default().out_of_scope = true;
            }
            Event::StepStarted { .. } => {}
            Event::StepEnded { scenario, step } => {
                seen.entry(scenario)
                    .or_default()
                    .steps
                    .insert(step.index, (**step).clone());
            }
            Event::Exchange { exchange } => {
                exchanges.insert(exchange.id, (**exchange).clone());
            }
            Event::Halted { why } => {
                halted.get_or_insert_with(|| why.clone());
            }
        }
    }
    let complete = plan
        .planned
        .iter()
        .filter(|p| p.in_scope)
        .all(|p| seen.get(&p.scenario.id).is_some_and(|s| s.ended));
    let completion = match (halted, complete) {
        (Some(why), _) => Completion::Incomplete { why },
        (None, false) => Completion::Incomplete {
            why: "some scenarios did not run".to_owned(),
        },
        (None, true) => Completion::Completed,
    };
    let mut scenarios: Vec<_> = plan
        .planned
        .iter()
        .map(|planned| {
            let seen = seen.remove(&planned.scenario.id).unwrap_or_default();
            scenario_record(planned, seen, &completion)
        })
        .collect();
    let exchanges = renumber(&mut scenarios, exchanges);
    RunRecord {
        format: RECORD_FORMAT,
        plumbline: env!("CARGO_PKG_VERSION").to_owned(),
        run_id: ending.run_id,
        started: ending.started,
        finished: ending.finished,
        completion,
        subject: context.target.subject.clone(),
        environment: context.target.environment,
        mock: context.mock.borrow().clone(),
        software: ending.software,
        pack: PackRef {
            id: pack.id.clone(),
            title: pack.title.clone(),
            version: pack.version.clone(),
            standards: pack.standards.clone(),
            fingerprint: pack.fingerprint.clone(),
        },
        scope: context
            .target
            .scope
            .iter()
            .cloned()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        selection: plan.selection.clone(),
        deselected: plan.deselected.clone(),
        scenarios,
        exchanges,
    }
}

fn scenario_record(planned: &Planned, mut seen: Seen, completion: &Completion) -> ScenarioRecord {
    let scenario = &planned.scenario;
    let not_applicable = !planned.in_scope || seen.out_of_scope;
    let missing = match (seen.started, seen.ended, completion) {
        (true, true, _) | (_, _, Completion::Completed) => Verdict::Error(ErrorKind::Internal),
        (_, _, Completion::Incomplete { .. }) => Verdict::Skip(SkipReason::Interrupted),
    };
    let steps: Vec<StepRecord> = if not_applicable {
        Vec::new()
    } else {
        scenario
            .steps
            .iter()
            .enumerate()
            .map(|(index, step)| {
                seen.steps.remove(&index).unwrap_or_else(|| StepRecord {
                    index,
                    kind: step.kind,
                    text: format!("{} {}", step.keyword.trim(), step.text),
                    line: step.line,
                    verdict: Some(missing),
                    observations: 0,
                    findings: Vec::new(),
                    exchanges: Vec::new(),
                })
            })
            .collect()
    };
    let verdict = if not_applicable {
        Verdict::NotApplicable(NotApplicableReason::OutOfScope)
    } else if steps.iter().any(|s| s.kind == StepKind::Assertion) {
        roll_up(steps.iter().filter_map(|s| s.verdict))
            .unwrap_or(Verdict::Skip(SkipReason::NothingObserved))
    } else {
        Verdict::Skip(SkipReason::NothingObserved)
    };
    ScenarioRecord {
        id: scenario.id.clone(),
        name: scenario.name.clone(),
        requirement: scenario.requirement.clone(),
        scored: scenario.scored,
        capability: scenario.capability.clone(),
        feature: planned.feature.clone(),
        line: scenario.line,
        verdict,
        steps,
    }
}

/// Numbers the exchanges in the order of the plan, so that the record does not depend on scheduling.
fn renumber(
    scenarios: &mut [ScenarioRecord],
    exchanges: BTreeMap<ExchangeId, ExchangeRecord>,
) -> Vec<ExchangeRecord> {
    let claimed: Vec<ExchangeId> = scenarios
        .iter()
        .flat_map(|s| &s.steps)
        .flat_map(|s| s.exchanges.iter().copied())
        .collect();
    let taken: BTreeSet<_> = claimed.iter().copied().collect();
    let free = exchanges.keys().copied().filter(|id| !taken.contains(id));
    let order: BTreeMap<ExchangeId, ExchangeId> = free
        .chain(claimed)
        .zip(1..)
        .map(|(old, new)| (old, ExchangeId(new)))
        .collect();
    for step in scenarios.iter_mut().flat_map(|s| &mut s.steps) {
        for id in &mut step.exchanges {
            *id = order.get(id).copied().unwrap_or(*id);
        }
        for finding in &mut step.findings {
            if let Some(id) = finding.location.exchange.as_mut() {
                *id = order.get(id).copied().unwrap_or(*id);
            }
        }
    }
    let mut renumbered: Vec<ExchangeRecord> = exchanges
        .into_values()
        .map(|mut exchange| {
            exchange.id = order.get(&exchange.id).copied().unwrap_or(exchange.id);
            exchange
        })
        .collect();
    renumbered.sort_by_key(|e| e.id);
    renumbered
}
