//! Findings grouped by their likely root cause, so that one repair is one line.
//! Not for wording: a group shows the first of its findings.

use plumbline_model::scorecard::{FindingGroup, RequirementResult};
use plumbline_model::{
    ExchangeRecord, Finding, FindingCode, FindingKind, Location, RequirementId, RunRecord,
    ScenarioRecord, SkipReason, StepRecord, Verdict,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What findings of one root cause have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    code: FindingCode,
    place: String,
    request: String,
    message: String,
}

/// One finding with the place where it was made.
struct Seen<'a> {
    result: &'a RequirementResult,
    scenario: &'a ScenarioRecord,
    step: &'a StepRecord,
    finding: Finding,
    verdict: Verdict,
}

/// Broken rules: failures first, then warnings; worst first.
pub(crate) fn broken(
    record: &RunRecord,
    results: &BTreeMap<&RequirementId, &RequirementResult>,
) -> Vec<FindingGroup> {
    let seen = counted(record, results).flat_map(|(scenario, result)| {
        scenario.steps.iter().flat_map(move |step| {
            let broken = |f: &&Finding| matches!(f.kind, FindingKind::Broken);
            step.findings
                .iter()
                .filter(broken)
                .map(move |finding| Seen {
                    result,
                    scenario,
                    step,
                    finding: finding.clone(),
                    verdict: judged(result, finding, step),
                })
        })
    });
    grouped(record, seen, "finding")
}

/// What stands in the way of a decision: only scenarios that are themselves undecided.
pub(crate) fn undecided(
    record: &RunRecord,
    results: &BTreeMap<&RequirementId, &RequirementResult>,
) -> Vec<FindingGroup> {
    let seen = counted(record, results)
        .filter(|(scenario, _)| {
            matches!(
                scenario.verdict,
                Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review
            )
        })
        .flat_map(|(scenario, result)| obstacles(scenario, result));
    grouped(record, seen, "undecided")
}

/// Scored scenarios of requirements in scope.
fn counted<'a>(
    record: &'a RunRecord,
    results: &'a BTreeMap<&RequirementId, &'a RequirementResult>,
) -> impl Iterator<Item = (&'a ScenarioRecord, &'a RequirementResult)> {
    record
        .scenarios
        .iter()
        .filter(|s| s.scored)
        .filter_map(|s| Some((s, *results.get(&s.requirement)?)))
        .filter(|(_, result)| result.in_scope)
}

fn judged(result: &RequirementResult, finding: &Finding, step: &StepRecord) -> Verdict {
    Verdict::from_findings(
        result.requirement.level,
        std::slice::from_ref(finding),
        step.observations,
    )
}

/// The findings that keep a scenario undecided. What merely follows from an earlier step is left
/// out where its cause is there too; a scenario that gives no finding at all still gets one.
fn obstacles<'a>(scenario: &'a ScenarioRecord, result: &'a RequirementResult) -> Vec<Seen<'a>> {
    let open: Vec<(&StepRecord, &Finding)> = scenario
        .steps
        .iter()
        .flat_map(|step| step.findings.iter().map(move |f| (step, f)))
        .filter(|(_, f)| match f.kind {
            FindingKind::Undecided(_) | FindingKind::Error(_) | FindingKind::Review => true,
            FindingKind::Broken | FindingKind::Note => false,
        })
        .collect();
    let follows = |f: &Finding| matches!(f.kind, FindingKind::Undecided(SkipReason::EarlierStep));
    let has_cause = open.iter().any(|(_, f)| !follows(f));
    let seen: Vec<Seen<'_>> = open
        .into_iter()
        .filter(|(_, f)| !has_cause || !follows(f))
        .map(|(step, finding)| Seen {
            result,
            scenario,
            step,
            finding: finding.clone(),
            verdict: judged(result, finding, step),
        })
        .collect();
    if seen.is_empty() {
        without_finding(scenario, result).into_iter().collect()
    } else {
        seen
    }
}

/// A step without findings that could not be decided, such as one that had nothing to look at.
fn without_finding<'a>(
    scenario: &'a ScenarioRecord,
    result: &'a RequirementResult,
) -> Option<Seen<'a>> {
    let step = scenario
        .steps
        .iter()
        .find(|s| s.verdict == Some(scenario.verdict))
        .or_else(|| scenario.steps.last())?;
    let (kind, code) = match scenario.verdict {
        Verdict::Error(kind) => (FindingKind::Error(kind), "ERROR"),
        Verdict::Skip(reason) => (FindingKind::Undecided(reason), "NOT-TESTED"),
        Verdict::Review => (FindingKind::Review, "REVIEW"),
        Verdict::Fail | Verdict::Warning | Verdict::Pass | Verdict::NotApplicable(_) => {
            return None;
        }
    };
    let why = scenario.verdict.reason().unwrap_or("a person must judge");
    Some(Seen {
        result,
        scenario,
        step,
        finding: Finding {
            code: FindingCode::from(code),
            kind,
            message: format!("The rule could not be judged: {why}."),
            expected: "Something that the rule can be judged by".to_owned(),
            actual: sentence_case(why),
            next_step: next_step(scenario.verdict).to_owned(),
            location: Location {
                exchange: step.exchanges.last().copied(),
                ..Location::default()
            },
        },
        verdict: scenario.verdict,
    })
}

fn next_step(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Skip(SkipReason::NoActor) => {
            "Name a test patient for this role in target.toml and run again."
        }
        Verdict::Skip(SkipReason::NothingObserved) => {
            "Load the test data that the data sheet asks for and run again."
        }
        Verdict::Skip(SkipReason::Interrupted) => "Run again to the end.",
        Verdict::Skip(_) => "Look at the steps of the scenario for the first that could not run.",
        Verdict::Error(_) => "Look at target.toml and at the network, and run again.",
        Verdict::Review => "Have a person look at the evidence.",
        Verdict::Fail | Verdict::Warning | Verdict::Pass | Verdict::NotApplicable(_) => "",
    }
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn grouped<'a>(
    record: &RunRecord,
    seen: impl Iterator<Item = Seen<'a>>,
    anchor: &str,
) -> Vec<FindingGroup> {
    let exchanges: BTreeMap<_, _> = record.exchanges.iter().map(|e| (e.id, e)).collect();
    let mut causes: BTreeMap<Cause, Vec<Seen<'a>>> = BTreeMap::new();
    for one in seen {
        let exchange = exchange_of(&one).and_then(|id| exchanges.get(&id).copied());
        let cause = Cause {
            code: one.finding.code.clone(),
            place: without_indices(&one.finding.location.fhirpath),
            request: exchange.map_or_else(String::new, request_shape),
            message: one.finding.message.clone(),
        };
        causes.entry(cause).or_default().push(one);
    }
    let mut groups: Vec<(u8, FindingGroup)> = causes
        .into_values()
        .filter_map(|seen| group(&seen))
        .collect();
    groups.sort_by(|(severity_a, a), (severity_b, b)| {
        (
            a.verdict,
            Reverse(severity_a),
            Reverse(a.findings),
            &a.requirement,
            &a.example.code,
        )
            .cmp(&(
                b.verdict,
                Reverse(severity_b),
                Reverse(b.findings),
                &b.requirement,
                &b.example.code,
            ))
            .then_with(|| (&a.feature, &a.example.message).cmp(&(&b.feature, &b.example.message)))
    });
    (1..)
        .zip(groups)
        .map(|(number, (_, group)): (usize, _)| FindingGroup {
            anchor: format!("{anchor}-{number}"),
            ..group
        })
        .collect()
}

fn exchange_of(seen: &Seen<'_>) -> Option<plumbline_model::ExchangeId> {
    seen.finding
        .location
        .exchange
        .or_else(|| seen.step.exchanges.last().copied())
        .or_else(|| {
            let before = seen
                .scenario
                .steps
                .iter()
                .filter(|s| s.index < seen.step.index);
            before.flat_map(|s| s.exchanges.iter()).next_back().copied()
        })
}

/// The group of one cause with the severity of its worst requirement. The example is the first
/// finding of that requirement, in the order of the run.
fn group(seen: &[Seen<'_>]) -> Option<(u8, FindingGroup)> {
    let worst = seen.iter().min_by_key(|s| {
        let requirement = &s.result.requirement;
        (s.verdict, Reverse(requirement.severity), &requirement.id)
    })?;
    let requirements: BTreeSet<_> = seen.iter().map(|s| &s.result.requirement.id).collect();
    let mut scenarios = Vec::new();
    for one in seen {
        if !scenarios.contains(&one.scenario.id) {
            scenarios.push(one.scenario.id.clone());
        }
    }
    let group = FindingGroup {
        anchor: String::new(),
        requirement: worst.result.requirement.id.clone(),
        verdict: worst.verdict,
        requirements: requirements.into_iter().cloned().collect(),
        scenarios,
        example: worst.finding.clone(),
        step: worst.step.text.clone(),
        feature: format!("{}:{}", worst.scenario.feature, worst.step.line),
        exchange: exchange_of(worst),
        findings: seen.len(),
    };
    Some((worst.result.requirement.severity.get(), group))
}

/// `Bundle.entry[3].resource.gender` and `Bundle.entry[0].resource.gender` are one place.
fn without_indices(path: &str) -> String {
    let mut place = String::with_capacity(path.len());
    let mut inside = false;
    for letter in path.chars() {
        match letter {
            '[' => inside = true,
            ']' => inside = false,
            _ if inside => {}
            _ => place.push(letter),
        }
    }
    place
}

/// Method, resource type and query keys: what a server's code would branch on.
fn request_shape(exchange: &ExchangeRecord) -> String {
    let (address, query) = exchange.url.split_once('?').unwrap_or((&exchange.url, ""));
    let segments: Vec<&str> = address.split('/').filter(|s| !s.is_empty()).collect();
    let is_type = |s: &&str| s.starts_with(|c: char| c.is_ascii_uppercase());
    let path = match segments.iter().rposition(is_type) {
        Some(at) if at + 1 < segments.len() => format!("{}/{{id}}", segments[at]),
        Some(at) => segments[at].to_owned(),
        None => segments.last().copied().unwrap_or_default().to_owned(),
    };
    let keys: BTreeSet<&str> = query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .filter(|key| !key.is_empty())
        .collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    format!("{} {path}?{}", exchange.method, keys.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_model::{ExchangeId, StoredBody};

    fn shape(url: &str) -> String {
        request_shape(&ExchangeRecord {
            id: ExchangeId(1),
            method: "GET".to_owned(),
            url: url.to_owned(),
            request_headers: vec![],
            request_body: None,
            status: None,
            response_headers: vec![],
            body: StoredBody::Empty,
            fhir: plumbline_model::BodyCheck::default(),
            transport_error: String::new(),
            elapsed_ms: 0,
            curl: String::new(),
            capture: None,
        })
    }

    #[test]
    fn requests_of_one_shape_are_one_cause() {
        assert_eq!(
            shape("https://a.example/fhir/Patient?identifier=x&_count=5"),
            "GET Patient?_count&identifier"
        );
        assert_eq!(
            shape("https://a.example/fhir/Patient/p-1"),
            shape("https://a.example/fhir/Patient/p-2")
        );
        assert_eq!(shape("https://a.example/fhir/metadata"), "GET metadata?");
    }

    #[test]
    fn the_index_of_an_entry_is_no_new_cause() {
        assert_eq!(
            without_indices("Bundle.entry[12].resource.name[0].family"),
            "Bundle.entry.resource.name.family"
        );
    }
}
