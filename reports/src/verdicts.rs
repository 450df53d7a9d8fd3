//! The report for comparing runs: one JSON object a line, sorted, without anything that changes
//! from run to run by itself, such as clock, run id, timings, exchange numbers and addresses.
//! Not for reading alone: `diff` of two of them shows what changed in the system.

use crate::format::{ReportError, ReportInput};
use plumbline_model::{
    Capability, Finding, FindingKind, Level, RequirementId, RunRecord, ScenarioId, ScenarioRecord,
    StepRecord, Verdict,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// The format number of the lines.
const FORMAT: u32 = 1;

/// What the first line says where the target was a mock.
const MOCK: &str = "This result says nothing about a real product.";

/// What the first line says where stored evidence was judged again.
const REJUDGED: &str = "Judged again from stored evidence.";

/// What stands for the address of the target.
const TARGET: &str = "{target}";

/// The first line: what was asked, without what was tested.
#[derive(Serialize)]
struct Head<'a> {
    kind: &'static str,
    format: u32,
    pack: String,
    fingerprint: &'a str,
    edition: String,
    scope: &'a [Capability],
    selection: &'a str,
    complete: bool,
    mock: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejudged: Option<&'static str>,
}

/// A rule of the pack.
#[derive(Serialize)]
struct RuleLine<'a> {
    kind: &'static str,
    requirement: &'a RequirementId,
    level: Level,
    in_scope: bool,
    verdict: &'static str,
    reason: Option<&'static str>,
}

/// A scenario of a rule.
#[derive(Serialize)]
struct ScenarioLine<'a> {
    kind: &'static str,
    requirement: &'a RequirementId,
    scenario: &'a ScenarioId,
    scored: bool,
    verdict: &'static str,
    reason: Option<&'static str>,
}

/// A step that was judged, or that kept later ones from being judged.
#[derive(Serialize)]
struct StepLine<'a> {
    kind: &'static str,
    requirement: &'a RequirementId,
    scenario: &'a ScenarioId,
    step: usize,
    text: &'a str,
    verdict: &'static str,
    reason: Option<&'static str>,
    findings: Vec<FindingView>,
}

/// Findings that say the same, with their number.
#[derive(Serialize)]
struct FindingView {
    #[serde(flatten)]
    said: Said,
    count: usize,
}

/// What a finding says, without where in the bytes it was seen.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    code: String,
    means: &'static str,
    message: String,
    place: String,
    expected: String,
    actual: String,
}

pub(crate) fn write(input: &ReportInput<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    let record = input.record;
    let origins = origins(record);
    line(out, &head(record))?;
    let mut scenarios: BTreeMap<&RequirementId, Vec<&ScenarioRecord>> = BTreeMap::new();
    for scenario in &record.scenarios {
        scenarios
            .entry(&scenario.requirement)
            .or_default()
            .push(scenario);
    }
    let rules: BTreeMap<_, _> = input
        .scorecard
        .requirements
        .iter()
        .map(|r| (&r.requirement.id, r))
        .collect();
    let ids: BTreeSet<&RequirementId> = rules.keys().chain(scenarios.keys()).copied().collect();
    for id in ids {
        if let Some(rule) = rules.get(id) {
            let rule = RuleLine {
                kind: "rule",
                requirement: id,
                level: rule.requirement.level,
                in_scope: rule.in_scope,
                verdict: rule.verdict.map_or("not-tested", Verdict::key),
                reason: rule.verdict.and_then(Verdict::reason),
            };
            line(out, &rule)?;
        }
        let mut own = scenarios.remove(id).unwrap_or_default();
        own.sort_by(|a, b| a.id.cmp(&b.id));
        for scenario in own {
            let whole = ScenarioLine {
                kind: "scenario",
                requirement: id,
                scenario: &scenario.id,
                scored: scenario.scored,
                verdict: scenario.verdict.key(),
                reason: scenario.verdict.reason(),
            };
            line(out, &whole)?;
            let mut steps: Vec<&StepRecord> = scenario.steps.iter().collect();
            steps.sort_by_key(|step| step.index);
            for step in steps {
                if let Some(verdict) = step.verdict {
                    let step = StepLine {
                        kind: "step",
                        requirement: id,
                        scenario: &scenario.id,
                        step: step.index,
                        text: &step.text,
                        verdict: verdict.key(),
                        reason: verdict.reason(),
                        findings: findings(step, &origins),
                    };
                    line(out, &step)?;
                }
            }
        }
    }
    Ok(())
}

fn line(out: &mut dyn Write, value: &impl Serialize) -> Result<(), ReportError> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn head(record: &RunRecord) -> Head<'_> {
    Head {
        kind: "plumbline-verdicts",
        format: FORMAT,
        pack: format!("{} {}", record.pack.id, record.pack.version),
        fingerprint: &record.pack.fingerprint,
        edition: record.pack.edition_words(),
        scope: &record.scope,
        selection: &record.selection,
        complete: record.completion.is_complete(),
        mock: record.mock_name().map(|_| MOCK),
        rejudged: record.rejudged.as_ref().map(|_| REJUDGED),
    }
}

/// Scheme, host and port of every address that was asked; longer ones first, so that none is
/// taken for the beginning of another.
fn origins(record: &RunRecord) -> Vec<&str> {
    let found: BTreeSet<&str> = record
        .exchanges
        .iter()
        .filter_map(|exchange| origin(&exchange.url))
        .collect();
    let mut origins: Vec<&str> = found.into_iter().collect();
    origins.sort_by_key(|origin| std::cmp::Reverse(origin.len()));
    origins
}

fn origin(url: &str) -> Option<&str> {
    let host = url.find("://")? + 3;
    let rest = url.get(host..)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    url.get(..host + end).filter(|_| end > 0)
}

fn findings(step: &StepRecord, origins: &[&str]) -> Vec<FindingView> {
    let mut all: BTreeMap<Said, usize> = BTreeMap::new();
    for finding in &step.findings {
        *all.entry(said(finding, origins)).or_default() += 1;
    }
    all.into_iter()
        .map(|(said, count)| FindingView { said, count })
        .collect()
}

fn said(finding: &Finding, origins: &[&str]) -> Said {
    let steady = |text: &str| {
        origins
            .iter()
            .fold(text.to_owned(), |text, origin| text.replace(origin, TARGET))
    };
    Said {
        code: finding.code.to_string(),
        means: means(finding.kind),
        message: steady(&finding.message),
        place: without_positions(&finding.location.fhirpath),
        expected: steady(&finding.expected),
        actual: steady(&finding.actual),
    }
}

const fn means(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Broken => "broken",
        FindingKind::Undecided(_) => "undecided",
        FindingKind::Review => "review",
        FindingKind::Error(_) => "error",
        FindingKind::Note => "note",
    }
}

/// "Bundle.entry[3].resource" as "Bundle.entry[].resource": the order of entries is not a verdict.
fn without_positions(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut inside = false;
    for letter in path.chars() {
        match letter {
            '[' => inside = true,
            ']' => inside = false,
            _ => {}
        }
        if !(inside && letter.is_ascii_digit()) {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_positions_do_not_count() {
        assert_eq!(
            origin("http://127.0.0.1:4711/fhir/Patient?x=1"),
            Some("http://127.0.0.1:4711")
        );
        assert_eq!(origin("https://a.example?x"), Some("https://a.example"));
        for bad in ["", "Patient/1", "http://", "http:///x"] {
            assert_eq!(origin(bad), None, "{bad}");
        }
        assert_eq!(
            without_positions("Bundle.entry[12].resource.name[0].family"),
            "Bundle.entry[].resource.name[].family"
        );
    }
}
