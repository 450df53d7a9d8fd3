//! The scorecard of a run: which requirement counts, and how it stands.
//! Not for arithmetic, grouping or words: each has its own file.

use crate::arithmetic::{Standing, Weighed, band, overall};
use crate::groups;
use crate::words::{self, Untested};
use plumbline_model::scorecard::{
    Count, DomainScore, HeatCell, LevelScore, RequirementResult, Scorecard,
};
use plumbline_model::{
    Capability, Domain, InteropLevel, Level, Requirement, RequirementId, RunRecord,
    RunStatusInputs, ScoringPolicy, Verdict, roll_up, run_status,
};
use std::collections::{BTreeMap, BTreeSet};

/// Makes the scorecard of a run. The same record, requirements and policy give the same scorecard.
///
/// A run that left scenarios out by a selection is treated like one that did not come to its end:
/// it can show failures, but it never conforms.
pub fn scorecard(
    record: &RunRecord,
    requirements: &[Requirement],
    policy: &ScoringPolicy,
) -> Scorecard {
    let results = results(record, requirements);
    let required: Vec<(&RequirementResult, Verdict)> = results
        .iter()
        .filter(|r| r.in_scope && r.requirement.level == Level::Shall)
        .filter_map(|r| Some((r, r.verdict?)))
        .collect();
    let status = run_status(&RunStatusInputs {
        required: required.iter().map(|(_, verdict)| *verdict).collect(),
        completed: record.completion.is_complete() && record.deselected.is_empty(),
    });
    let total = weigh(required.iter().copied());
    let tally = total.tally;
    let coverage = Count {
        met: tally.pass + tally.fail,
        of: tally.tested(),
    };
    let untested = untested(record, &results);
    let domains = domains(&required);
    let overall = overall(&domains, policy);
    let by_id: BTreeMap<&RequirementId, &RequirementResult> =
        results.iter().map(|r| (&r.requirement.id, r)).collect();
    let (good_practice, good_practice_undecided) = good_practice(&results);
    Scorecard {
        status,
        sentence: words::status_sentence(record, status, tally, untested, &results),
        required: tally,
        required_not_tested: untested.by_pack + untested.by_selection,
        required_out_of_scope: results
            .iter()
            .filter(|r| !r.in_scope && r.requirement.level == Level::Shall)
            .count(),
        coverage,
        good_practice,
        good_practice_undecided,
        band: band(overall, tally, coverage, policy),
        overall,
        levels: levels(&required),
        heat: heat(record, &results),
        groups: groups::broken(record, &by_id),
        undecided: groups::undecided(record, &by_id),
        severities_signed_off: policy.severities_signed_off.is_some(),
        not_checked: words::not_checked(record, &results, untested),
        domains,
        requirements: results,
    }
}

/// Every requirement with the roll-up of its scored scenarios, by id.
fn results(record: &RunRecord, requirements: &[Requirement]) -> Vec<RequirementResult> {
    let scope: BTreeSet<&Capability> = record.scope.iter().collect();
    let mut results: Vec<RequirementResult> = requirements
        .iter()
        .map(|requirement| {
            let mine = || {
                let id = &requirement.id;
                record
                    .scenarios
                    .iter()
                    .filter(move |s| s.requirement == *id)
            };
            let scored = || mine().filter(|s| s.scored);
            let verdict = roll_up(scored().map(|s| s.verdict));
            let applies = !matches!(verdict, Some(Verdict::NotApplicable(_)));
            RequirementResult {
                requirement: requirement.clone(),
                verdict,
                in_scope: scope.contains(&requirement.capability) && applies,
                scenarios: scored().map(|s| s.id.clone()).collect(),
                advisory: mine()
                    .filter(|s| !s.scored)
                    .map(|s| (s.id.clone(), s.verdict))
                    .collect(),
            }
        })
        .collect();
    results.sort_by(|a, b| a.requirement.id.cmp(&b.requirement.id));
    results
}

fn weigh<'a>(required: impl Iterator<Item = (&'a RequirementResult, Verdict)>) -> Weighed {
    let mut weighed = Weighed::default();
    for (result, verdict) in required {
        if let Some(standing) = Standing::of(verdict) {
            weighed.add(standing, result.requirement.severity);
        }
    }
    weighed
}

fn domains(required: &[(&RequirementResult, Verdict)]) -> Vec<DomainScore> {
    Domain::ALL
        .iter()
        .filter_map(|domain| {
            let mine = required.iter().copied();
            let weighed = weigh(mine.filter(|(r, _)| r.requirement.domain == *domain));
            (weighed.tally.tested() > 0).then(|| DomainScore {
                domain: *domain,
                tally: weighed.tally,
                score: weighed.score(),
            })
        })
        .collect()
}

fn levels(required: &[(&RequirementResult, Verdict)]) -> Vec<LevelScore> {
    [
        InteropLevel::Foundational,
        InteropLevel::Structural,
        InteropLevel::Semantic,
    ]
    .into_iter()
    .map(|level| {
        let mine = required.iter().copied();
        LevelScore {
            level,
            tally: weigh(mine.filter(|(r, _)| r.requirement.interop_level == level)).tally,
        }
    })
    .collect()
}

/// One cell for every domain and capability that share a required rule of the pack.
fn heat(record: &RunRecord, results: &[RequirementResult]) -> Vec<HeatCell> {
    let mut cells: BTreeMap<(Domain, &Capability), Weighed> = BTreeMap::new();
    for result in results {
        let requirement = &result.requirement;
        if requirement.level != Level::Shall {
            continue;
        }
        let cell = cells
            .entry((requirement.domain, &requirement.capability))
            .or_default();
        if let Some(standing) = result
            .verdict
            .filter(|_| result.in_scope)
            .and_then(Standing::of)
        {
            cell.add(standing, requirement.severity);
        }
    }
    cells
        .into_iter()
        .map(|((domain, capability), weighed)| HeatCell {
            domain,
            capability: capability.clone(),
            claimed: record.scope.contains(capability),
            tally: weighed.tally,
        })
        .collect()
}

/// SHOULD rules: met of decided, and how many are tested but undecided.
fn good_practice(results: &[RequirementResult]) -> (Count, usize) {
    let mut decided = Count::default();
    let mut undecided = 0;
    for result in results {
        if result.requirement.level != Level::Should || !result.in_scope {
            continue;
        }
        match result.verdict {
            Some(Verdict::Pass) => {
                decided.met += 1;
                decided.of += 1;
            }
            Some(Verdict::Warning | Verdict::Fail) => decided.of += 1,
            Some(Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review) => undecided += 1,
            Some(Verdict::NotApplicable(_)) | None => {}
        }
    }
    (decided, undecided)
}

/// Required rules in scope that no scored scenario of the run carries. One that the pack could
/// test is missing because of the selection, if there was one.
fn untested(record: &RunRecord, results: &[RequirementResult]) -> Untested {
    let mut untested = Untested::default();
    for result in results {
        let requirement = &result.requirement;
        if requirement.level != Level::Shall || !result.in_scope || result.verdict.is_some() {
            continue;
        }
        let selection = !record.deselected.is_empty() && requirement.not_tested_reason.is_empty();
        if selection {
            untested.by_selection += 1;
        } else {
            untested.by_pack += 1;
        }
    }
    untested
}
