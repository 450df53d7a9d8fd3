//! What a run of the self-test says: whether the good mock is good, and whether a fault changes what
//! it should and nothing else. Each problem says how to mend it. Not for running anything.

use super::{Assertion, Proof, is_of};
use crate::failure::Failure;
use plumbline_mocks::FaultInfo;
use plumbline_model::{
    FindingKind, Level, RequirementId, RunRecord, ScenarioRecord, StepKind, Verdict, roll_up,
};
use plumbline_pack::Pack;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How to keep a fault from reaching too far.
const NARROW: &str =
    "narrow the fault with `where`, or let the scenario ask for another patient or value";

/// Notes what the good mock does not do as it should, and every assertion of the scored scenarios.
pub(super) fn judge_baseline(
    pack: &Pack,
    good: &str,
    baseline: &RunRecord,
    proof: &mut Proof,
) -> Result<(), Failure> {
    let expected: BTreeMap<String, String> = plumbline_mocks::expected(good)
        .map_err(|e| Failure::internal(format!("error: {e}")))?
        .into_iter()
        .map(|e| (e.requirement, e.verdict))
        .collect();
    for (requirement, verdict) in verdicts(baseline) {
        let wanted = expected
            .get(requirement.as_str())
            .map_or("pass", String::as_str);
        if verdict.key() != wanted {
            proof.problems.push(format!(
                "good mock: {requirement} is {verdict}, expected {wanted}{}",
                reasons(baseline, &requirement)
            ));
        }
    }
    if pack.features.iter().flat_map(|f| &f.scenarios).count() != baseline.scenarios.len() {
        proof
            .problems
            .push("good mock: not every scenario of the pack was run".to_owned());
    }
    for scenario in baseline.scenarios.iter().filter(|s| s.scored) {
        proof.scenarios += usize::from(scenario.verdict == Verdict::Pass);
        for step in assertions(scenario) {
            let assertion = (scenario.id.clone(), step.index);
            proof.kills.insert(assertion.clone(), Vec::new());
            proof.texts.insert(assertion, step.text.clone());
        }
    }
    Ok(())
}

/// The scenarios of a requirement that do not pass, with the first thing each found.
fn reasons(record: &RunRecord, requirement: &RequirementId) -> String {
    let mut text = String::new();
    let of_rule = |s: &&ScenarioRecord| {
        s.scored && s.requirement == *requirement && s.verdict != Verdict::Pass
    };
    for scenario in record.scenarios.iter().filter(of_rule) {
        let step = scenario.steps.iter().find(|s| !s.findings.is_empty());
        let found = step.and_then(|s| s.findings.first()).map_or_else(
            || "no finding".to_owned(),
            |f| format!("{} {}", f.code, f.message),
        );
        // Writing to a string cannot fail.
        let _ = write!(text, "; {}: {found}", scenario.id);
    }
    text
}

fn assertions(scenario: &ScenarioRecord) -> impl Iterator<Item = &plumbline_model::StepRecord> {
    scenario
        .steps
        .iter()
        .filter(|s| s.kind == StepKind::Assertion)
}

/// The assertions that this fault kills, or why it does not count.
pub(super) fn kills(
    pack: &Pack,
    fault: &FaultInfo,
    baseline: &RunRecord,
    before: &BTreeMap<RequirementId, Verdict>,
    run: &RunRecord,
) -> Result<Vec<Assertion>, String> {
    let after = verdicts(run);
    let wanted = RequirementId::new(fault.requirement.clone());
    let changed: Vec<_> = after
        .iter()
        .filter(|(id, verdict)| before.get(*id) != Some(*verdict))
        .filter(|(id, verdict)| **id == wanted || !rests_on_it(fault, **verdict))
        .collect();
    let red = match pack.requirement(&wanted).map(|r| r.level) {
        Some(Level::Shall) => Verdict::Fail,
        Some(Level::Should | Level::May) => Verdict::Warning,
        None => return Err(format!("requirement {wanted} does not exist")),
    };
    let flipped: Vec<&ScenarioRecord> = run
        .scenarios
        .iter()
        .zip(&baseline.scenarios)
        .filter(|(a, b)| a.verdict != b.verdict)
        .map(|(a, _)| a)
        .filter(|a| a.requirement == wanted || !rests_on_it(fault, a.verdict))
        .collect();
    match changed.as_slice() {
        [(id, verdict)] if **id == wanted && **verdict == red => {}
        [] => {
            return Err(format!(
                "changes no verdict: no assertion notices it; give {} a Then step that looks at what \
                 it spoils, or let the action of the fault do more",
                fault.scenario
            ));
        }
        others => return Err(too_far(others, &wanted, red, &flipped)),
    }
    // A small pack has at least one scenario for each rule.
    let most = (run.scenarios.len() / 10).max(1);
    if flipped.len() > most {
        return Err(format!(
            "flips {} of {} scenarios ({}), and at most {most} may: {NARROW}",
            flipped.len(),
            run.scenarios.len(),
            names(&flipped)
        ));
    }
    let mut killed = Vec::new();
    let mut codes = BTreeSet::new();
    let of_rule = |s: &&ScenarioRecord| s.scored && s.requirement == wanted;
    for scenario in run.scenarios.iter().filter(of_rule) {
        for step in assertions(scenario) {
            let mut broken = step
                .findings
                .iter()
                .filter(|f| f.kind == FindingKind::Broken);
            codes.extend(broken.clone().map(|f| f.code.to_string()));
            if broken.any(|f| f.code.as_str() == fault.code) {
                killed.push((scenario.id.clone(), step.index));
            }
        }
    }
    if killed.is_empty() {
        let codes: Vec<String> = codes.into_iter().collect();
        return Err(format!(
            "no assertion fails through {}; what failed did so through {}: correct `code` of the fault",
            fault.code,
            codes.join(", ")
        ));
    }
    Ok(killed)
}

/// Whether another scenario could not be tested because the fault closes the way in: the right
/// connection is the control of every connection that must be refused.
fn rests_on_it(fault: &FaultInfo, verdict: Verdict) -> bool {
    fault.code == "TLS-ACCEPTED" && matches!(verdict, Verdict::Skip(_))
}

/// Other verdicts than the one that the fault is for.
fn too_far(
    changed: &[(&RequirementId, &Verdict)],
    wanted: &RequirementId,
    red: Verdict,
    flipped: &[&ScenarioRecord],
) -> String {
    let list: Vec<String> = changed
        .iter()
        .filter(|(id, verdict)| *id != wanted || **verdict != red)
        .map(|(id, verdict)| {
            let own: Vec<&ScenarioRecord> = flipped
                .iter()
                .copied()
                .filter(|s| s.requirement == **id)
                .collect();
            format!("{id} to {verdict} (scenarios {})", names(&own))
        })
        .collect();
    let also = if changed.iter().any(|(id, v)| *id == wanted && **v == red) {
        "also changes"
    } else {
        "changes instead"
    };
    format!(
        "must change only {wanted} to {red}, but {also} {}: {NARROW}",
        list.join(", ")
    )
}

fn names(scenarios: &[&ScenarioRecord]) -> String {
    let names: Vec<&str> = scenarios.iter().map(|s| s.id.as_str()).collect();
    names.join(", ")
}

/// What the scenario of a fault sends, so that the fault can be made to fit.
pub(super) fn sent(baseline: &RunRecord, fault: &FaultInfo, base_path: &str) -> String {
    let Some(scenario) = baseline
        .scenarios
        .iter()
        .find(|s| is_of(&s.id, &fault.scenario))
    else {
        return format!("there is no scenario {} in the pack", fault.scenario);
    };
    let ids: BTreeSet<_> = scenario.steps.iter().flat_map(|s| &s.exchanges).collect();
    let requests: BTreeSet<String> = baseline
        .exchanges
        .iter()
        .filter(|exchange| ids.contains(&exchange.id))
        .filter_map(|exchange| {
            let (path, keys) = super::path_and_keys(&exchange.url, base_path)?;
            let keys: Vec<&str> = keys.into_iter().collect();
            let method = match exchange.method.as_str() {
                "GET" => String::new(),
                method => format!("{method} "),
            };
            Some(format!(
                "{method}{path} with the keys [{}]",
                keys.join(", ")
            ))
        })
        .collect();
    let requests: Vec<String> = requests.into_iter().collect();
    format!("{} sends {}", fault.scenario, requests.join("; "))
}

/// The verdict on every requirement that a scored scenario carries.
pub(super) fn verdicts(record: &RunRecord) -> BTreeMap<RequirementId, Verdict> {
    let mut by: BTreeMap<RequirementId, Vec<Verdict>> = BTreeMap::new();
    for scenario in record.scenarios.iter().filter(|s| s.scored) {
        by.entry(scenario.requirement.clone())
            .or_default()
            .push(scenario.verdict);
    }
    by.into_iter()
        .filter_map(|(id, all)| Some((id, roll_up(all)?)))
        .collect()
}
