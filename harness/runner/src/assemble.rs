//! From plan and journal to the record: every planned scenario gets a verdict, whether it ran or not.
//! A step that the journal does not know is never taken for a pass.

use crate::context::Context;
use crate::journal::Event;
use crate::plan::{Outline, Place};
use plumbline_model::record::RECORD_FORMAT;
use plumbline_model::{
    Completion, ErrorKind, ExchangeId, ExchangeRecord, NotApplicableReason, PackRef, RunRecord,
    ScenarioId, ScenarioRecord, SkipReason, Software, StepKind, StepRecord, Verdict, roll_up,
};
use plumbline_pack::{Feature, Pack, Scenario};
use std::collections::{BTreeMap, BTreeSet};

/// What the caller knows of the run's beginning and end.
pub(crate) struct Ending {
    pub run_id: String,
    pub started: String,
    pub finished: String,
    pub software: Software,
}

/// What the events of a journal come to. The order of events of different scenarios is lost here,
/// so that nothing can depend on it.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    seen: BTreeMap<ScenarioId, Seen>,
    exchanges: BTreeMap<ExchangeId, ExchangeRecord>,
    halted: Option<String>,
}

#[derive(Debug, Default)]
struct Seen {
    started: bool,
    ended: bool,
    not_applicable: Option<NotApplicableReason>,
    /// In the order in which they ended.
    steps: Vec<StepRecord>,
}

impl Tally {
    /// Adds one event.
    pub fn take(&mut self, event: Event) {
        match event {
            Event::ScenarioStarted { scenario } => self.of(scenario).started = true,
            Event::ScenarioEnded { scenario } => self.of(scenario).ended = true,
            Event::NotApplicable { scenario, reason } => {
                self.of(scenario).not_applicable = Some(reason);
            }
            Event::StepStarted { .. } => {}
            Event::StepEnded { scenario, step } => self.of(scenario).steps.push(*step),
            Event::Exchange { exchange } => {
                self.exchanges.insert(exchange.id, *exchange);
            }
            Event::Halted { why } => {
                self.halted.get_or_insert(why);
            }
        }
    }

    fn of(&mut self, scenario: ScenarioId) -> &mut Seen {
        self.seen.entry(scenario).or_default()
    }
}

pub(crate) fn assemble(
    context: &Context,
    pack: &Pack,
    plan: Outline,
    tally: Tally,
    ending: Ending,
) -> RunRecord {
    let Tally {
        mut seen,
        exchanges,
        halted,
    } = tally;
    let complete = plan
        .planned
        .iter()
        .filter(|p| p.in_scope)
        .all(|p| seen.get(&p.scenario).is_some_and(|s| s.ended));
    let completion = match (halted, complete) {
        (Some(why), _) => Completion::Incomplete { why },
        (None, false) => Completion::Incomplete {
            why: "some scenarios did not run".to_owned(),
        },
        (None, true) => Completion::Completed,
    };
    let of_pack: BTreeMap<&ScenarioId, (&Feature, &Scenario)> = pack
        .features
        .iter()
        .flat_map(|feature| feature.scenarios.iter().map(move |s| (&s.id, (feature, s))))
        .collect();
    let mut scenarios: Vec<_> = plan
        .planned
        .iter()
        .filter_map(|place| {
            let (feature, scenario) = of_pack.get(&place.scenario)?;
            let seen = seen.remove(&place.scenario).unwrap_or_default();
            Some(scenario_record(feature, scenario, place, seen, &completion))
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
        selection: plan.selection,
        deselected: plan.deselected,
        scenarios,
        exchanges,
    }
}

fn scenario_record(
    feature: &Feature,
    scenario: &Scenario,
    place: &Place,
    seen: Seen,
    completion: &Completion,
) -> ScenarioRecord {
    let out_of_scope = NotApplicableReason::OutOfScope;
    let not_applicable = if place.in_scope {
        seen.not_applicable
    } else {
        Some(out_of_scope)
    };
    let missing = match (seen.started, seen.ended, completion) {
        (true, true, _) | (_, _, Completion::Completed) => Verdict::Error(ErrorKind::Internal),
        (_, _, Completion::Incomplete { .. }) => Verdict::Skip(SkipReason::Interrupted),
    };
    let mut ran: BTreeMap<usize, StepRecord> = seen
        .steps
        .into_iter()
        .map(|step| (step.index, step))
        .collect();
    let steps: Vec<StepRecord> = if not_applicable == Some(out_of_scope) {
        Vec::new()
    } else {
        scenario
            .steps
            .iter()
            .enumerate()
            .map(|(index, step)| {
                ran.remove(&index).unwrap_or_else(|| StepRecord {
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
    let verdict = if let Some(reason) = not_applicable {
        Verdict::NotApplicable(reason)
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
        feature: feature.file.clone(),
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
