//! From plan and journal to the record: every planned scenario gets a verdict, whether it ran or not.
//! A step that the journal does not know is never taken for a pass.

use crate::capture::target_facts;
use crate::context::Context;
use crate::journal::Event;
use crate::netted::ByWords;
use crate::plan::{Outline, Place};
use crate::wire::Wire;
use plumbline_model::record::RECORD_FORMAT;
use plumbline_model::{
    Completion, Created, ErrorKind, ExchangeId, ExchangeRecord, NotApplicableReason, PackRef,
    RunRecord, ScenarioId, ScenarioRecord, SkipReason, Software, StepKind, StepRecord, Verdict,
    roll_up,
};
use plumbline_pack::{Feature, Pack, PlannedStep, Scenario};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasherDefault;

/// What the caller knows of the run's beginning and end.
pub(crate) struct Ending {
    pub run_id: String,
    pub started: String,
    pub finished: String,
    pub resumed: u32,
    pub software: Software,
}

/// What the events of a journal come to. The order of events of different scenarios is lost here,
/// so that nothing can depend on it.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    seen: HashMap<ScenarioId, Seen, BuildHasherDefault<ByWords>>,
    exchanges: BTreeMap<ExchangeId, ExchangeRecord>,
    ledger: Vec<Created>,
    halted: Option<String>,
}

#[derive(Debug, Default)]
struct Seen {
    started: bool,
    ended: bool,
    /// A kill has broken it off, and it may not be run again.
    interrupted: bool,
    not_applicable: Option<NotApplicableReason>,
    /// In the order in which they ended.
    steps: Vec<StepRecord>,
}

impl Tally {
    /// Adds one event.
    pub fn take(&mut self, event: Event) {
        match event {
            // Nothing is left of an earlier start that a kill has broken off.
            Event::ScenarioStarted { scenario } => {
                *self.of(scenario) = Seen {
                    started: true,
                    ..Seen::default()
                };
            }
            Event::ScenarioEnded { scenario } => self.of(scenario).ended = true,
            Event::NotApplicable { scenario, reason } => {
                self.of(scenario).not_applicable = Some(reason);
            }
            Event::RunStarted { .. }
            | Event::RunResumed { .. }
            | Event::Introduced { .. }
            | Event::MockSeen { .. }
            | Event::StepStarted { .. } => {}
            Event::StepEnded { scenario, step } => self.of(scenario).steps.push(*step),
            Event::Exchange { exchange } => {
                self.exchanges.insert(exchange.id, *exchange);
            }
            Event::SameBody {
                mut exchange,
                body_of,
            } => {
                if let Some(earlier) = self.exchanges.get(&body_of) {
                    exchange.body = earlier.body.clone();
                }
                self.exchanges.insert(exchange.id, *exchange);
            }
            Event::Created { created } => self.enter(created),
            Event::Halted { why } => {
                self.halted.get_or_insert(why);
            }
        }
    }

    /// Whether an exchange of this number is kept.
    pub fn has_exchange(&self, id: ExchangeId) -> bool {
        self.exchanges.contains_key(&id)
    }

    /// The exchanges by number.
    #[cfg(test)]
    pub fn exchanges(&self) -> &BTreeMap<ExchangeId, ExchangeRecord> {
        &self.exchanges
    }

    /// What was created, and what is left.
    #[cfg(test)]
    pub fn ledger(&self) -> &[Created] {
        &self.ledger
    }

    /// Decides what becomes of scenarios that a kill has broken off: one that changes data is
    /// interrupted for good, and any other is forgotten with its exchanges, so that it runs again.
    /// Gives the scenarios that do not run again.
    pub fn settle(&mut self, mutating: &BTreeSet<ScenarioId>) -> BTreeSet<ScenarioId> {
        self.seen.retain(|id, seen| {
            seen.interrupted = !seen.ended && mutating.contains(id);
            seen.ended || seen.interrupted
        });
        let steps = || self.seen.values().flat_map(|seen| &seen.steps);
        let made = steps().flat_map(|step| step.exchanges.iter().copied());
        let findings = steps().flat_map(|step| &step.findings);
        let shown = findings.filter_map(|finding| finding.location.exchange);
        let kept: BTreeSet<ExchangeId> = made.chain(shown).collect();
        self.exchanges.retain(|id, _| kept.contains(id));
        self.seen.keys().cloned().collect()
    }

    /// What was removed is struck out where it was entered.
    fn enter(&mut self, created: Created) {
        let entered = self.ledger.iter_mut().find(|entry| {
            !created.left
                && entry.left
                && entry.scenario == created.scenario
                && entry.resource_type == created.resource_type
                && entry.reference == created.reference
        });
        match entered {
            Some(entry) => entry.left = false,
            None => self.ledger.push(created),
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
        mut ledger,
        halted,
    } = tally;
    let complete = plan.planned.iter().filter(|p| p.in_scope).all(|p| {
        seen.get(&p.scenario)
            .is_some_and(|s| s.ended || s.interrupted)
    });
    let places: BTreeMap<&ScenarioId, usize> =
        plan.planned.iter().map(|p| &p.scenario).zip(0..).collect();
    ledger.sort_by_key(|created| places.get(&created.scenario).copied());
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
    let exchanges = match context.wire {
        Wire::Live(_) => renumber(&mut scenarios, exchanges),
        // They are those of another record, and keep the numbers that they have there.
        Wire::Stored(_) => exchanges.into_values().collect(),
    };
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
        rejudged: None,
        certificates: context.wire.certificates(),
        target: Some(Box::new(target_facts(context))),
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
        resumed: ending.resumed,
        ledger,
        scenarios,
        exchanges,
    }
}

/// A step as it stands in the feature file.
pub(crate) fn written(step: &PlannedStep) -> String {
    [step.keyword.trim(), " ", &step.text].concat()
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
    let interrupted = Verdict::Skip(SkipReason::Interrupted);
    let missing = match (seen.started, seen.ended, completion) {
        _ if seen.interrupted => interrupted,
        (true, true, _) | (_, _, Completion::Completed) => Verdict::Error(ErrorKind::Internal),
        (_, _, Completion::Incomplete { .. }) => interrupted,
    };
    let steps = if not_applicable == Some(out_of_scope) {
        Vec::new()
    } else {
        step_records(scenario, seen.steps, missing)
    };
    let verdict = if let Some(reason) = not_applicable {
        Verdict::NotApplicable(reason)
    } else if steps.iter().any(|s| s.kind == StepKind::Assertion) {
        let of_steps = steps.iter().filter_map(|s| s.verdict);
        roll_up(of_steps.chain(seen.interrupted.then_some(interrupted)))
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

/// A record for each step; `missing` is the verdict of one that did not end.
fn step_records(scenario: &Scenario, ended: Vec<StepRecord>, missing: Verdict) -> Vec<StepRecord> {
    let planned = scenario.steps.iter().enumerate();
    if ended.iter().map(|step| step.index).eq(0..planned.len()) {
        return ended;
    }
    let mut ended: BTreeMap<usize, StepRecord> =
        ended.into_iter().map(|step| (step.index, step)).collect();
    planned
        .map(|(index, step)| {
            ended.remove(&index).unwrap_or_else(|| StepRecord {
                index,
                kind: step.kind,
                text: written(step),
                line: step.line,
                verdict: Some(missing),
                observations: 0,
                findings: Vec::new(),
                exchanges: Vec::new(),
            })
        })
        .collect()
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
