//! Takes back what evidence that is judged again cannot carry: a result that came from a value which
//! redaction replaced, from an answer that is not there, or that contradicts what the run itself found.
//! Nothing here makes a result; it leaves one as it is, or says that nothing was tested.

use crate::capture::sheet;
use crate::replay::{ABSENT, Judge, Replay};
use crate::world::World;
use plumbline_model::{
    ActorRole, BodyCheck, Draft, Finding, FindingCode, FindingKind, IssueSeverity, Level, Location,
    Person, Shown, SkipReason, StepRecord, TargetFacts, Verdict,
};
use plumbline_pack::PlannedStep;
use std::collections::{BTreeMap, BTreeSet};

/// The code of what was replaced.
const REDACTED: &str = "EVIDENCE-REDACTED";
/// The check whose findings are facts of the capture: bodies are checked before they are redacted.
const BASE: &str = "FHIR-BASE";

/// The roles of which the target was asked to hold something else than the facts say now.
pub(crate) fn changed(
    facts: &TargetFacts,
    people: &BTreeMap<ActorRole, Person>,
) -> BTreeSet<ActorRole> {
    let loaded = facts.patients.iter();
    loaded
        .filter(|(role, patient)| {
            let now = people.get(role).map(sheet);
            patient.sheet.is_some() && patient.sheet != now
        })
        .map(|(role, _)| role.clone())
        .collect()
}

/// After a Given or When step: what it read to find its way must have been received as it is stored.
pub(crate) fn settle_act(world: &mut World) {
    let is_replay = world
        .run
        .as_ref()
        .is_some_and(|run| run.wire.stored().is_some());
    if !is_replay {
        return;
    }
    // The step has told it already.
    world.absent = false;
    if world.lookout.take() {
        world.drafts.clear();
        world.not_applicable = None;
        world.stop(
            SkipReason::Redacted,
            REDACTED,
            "what this step needs of an answer was replaced before it was stored",
            "Run the pack against the system again.",
        );
        world.stop = Some(SkipReason::Redacted);
    }
}

/// After a Then step: the number of observations that stand.
pub(crate) fn settle_check(
    world: &mut World,
    step: &PlannedStep,
    code: &str,
    observations: usize,
) -> usize {
    let Some(run) = world.run.clone() else {
        return observations;
    };
    let Some(replay) = run.wire.stored() else {
        return observations;
    };
    let absent = std::mem::take(&mut world.absent);
    let mut redacted = world.lookout.take();
    let then = replay.step_then(world, step);
    if absent {
        return take_back(world, ABSENT, SkipReason::NotInEvidence, code, then);
    }
    let mut observations = observations;
    if code == BASE
        && let Some(captured) = of_capture(world, replay)
    {
        let is_broken = !captured.drafts.is_empty();
        match replay.judge {
            Judge::Same | Judge::OtherPack => {
                redacted = false;
                observations = captured.pages;
                world.drafts = captured.drafts;
            }
            // What was wrong with the body may be what was replaced.
            Judge::OtherVersion => redacted |= is_broken && world.drafts.is_empty(),
        }
    }
    if redacted || contradicts(world, replay.judge, then, observations) {
        return take_back(world, REDACTED, SkipReason::Redacted, code, then);
    }
    observations
}

/// Puts "not tested" in the place of a result.
fn take_back(
    world: &mut World,
    code: &str,
    reason: SkipReason,
    check: &str,
    then: Option<&StepRecord>,
) -> usize {
    let why = match reason {
        SkipReason::NotInEvidence => "an answer that it needs is not in the stored evidence",
        _ => "what it looks at was replaced before it was stored",
    };
    let found = then
        .and_then(|step| step.verdict)
        .map_or_else(String::new, |verdict| {
            format!("; the run that collected the evidence found: {verdict}")
        });
    world.drafts.clear();
    world.report(
        FindingKind::Undecided(reason),
        code,
        &format!("{check} cannot be judged again: {why}{found}"),
        "Run the pack against the system again.",
    );
    0
}

/// Whether the same judge said otherwise of the same answer, so that something of it is lost. A result
/// that is better is never believed; one that is worse only if the pack is another.
fn contradicts(
    world: &World,
    judge: Judge,
    then: Option<&StepRecord>,
    observations: usize,
) -> bool {
    let Some(then) = then else { return false };
    let kinds: Vec<Finding> = world.drafts.iter().map(bare).collect();
    let now = Verdict::from_findings(Level::Shall, &kinds, observations);
    let before = if then.observations == 0 && then.findings.is_empty() {
        then.verdict
            .unwrap_or(Verdict::Skip(SkipReason::EarlierStep))
    } else {
        Verdict::from_findings(Level::Shall, &then.findings, then.observations)
    };
    let is_better = now > before && matches!(now, Verdict::Pass | Verdict::Review);
    let is_worse = now < before && matches!(now, Verdict::Fail | Verdict::Review);
    match judge {
        Judge::Same => is_better || is_worse,
        Judge::OtherPack => is_better,
        Judge::OtherVersion => false,
    }
}

/// A finding that carries only what a verdict depends on.
fn bare(draft: &Draft) -> Finding {
    Finding {
        code: draft.code.clone(),
        kind: draft.kind,
        message: String::new(),
        expected: String::new(),
        actual: String::new(),
        next_step: String::new(),
        location: Location::default(),
    }
}

/// What was found about bodies when they came.
struct Captured {
    pages: usize,
    drafts: Vec<Draft>,
}

/// `None` unless every page was checked then.
fn of_capture(world: &World, replay: &Replay) -> Option<Captured> {
    let answer = world.answer.as_ref()?;
    let mut drafts = Vec::new();
    for (page, data) in answer.pages.iter().enumerate() {
        let exchange = replay.exchanges.get(&data.exchange)?;
        let BodyCheck::Checked(body) = &exchange.fhir else {
            return None;
        };
        let errors = body.issues.iter();
        let errors = errors.filter(|issue| issue.severity == IssueSeverity::Error);
        let before = drafts.len();
        drafts.extend(errors.map(|issue| {
            Draft {
                code: FindingCode::from(BASE),
                kind: FindingKind::Broken,
                message: format!("{} ({})", issue.message, issue.code),
                expected: Shown::ours("a body that keeps to the base specification"),
                actual: Shown::ours(format!("{} such errors when the answer came", issue.times)),
                next_step:
                    "Send a resource that keeps to the base specification; plumbline validate \
                        checks files in the same way"
                        .to_owned(),
                page,
                location: Location {
                    fhirpath: issue.fhirpath.clone(),
                    ..Location::default()
                },
            }
        }));
        if body.errors > 0 && drafts.len() == before {
            return None;
        }
    }
    Some(Captured {
        pages: answer.pages.len(),
        drafts,
    })
}
