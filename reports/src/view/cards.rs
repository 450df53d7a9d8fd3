//! Findings as cards: rule, harm, expected and seen, what to do, where, and how to repeat it.
//! Not for grouping: the scorecard holds the groups.

use super::LinkView;
use super::marks::{Mark, mark};
use super::summary::clears;
use super::tables::{ExchangeView, exchange};
use super::words::{heading, safe_href, sentence, sentence_case};
use crate::format::ReportInput;
use plumbline_model::scorecard::{FindingGroup, RequirementResult};
use plumbline_model::{
    Capability, ExchangeId, ExchangeRecord, RequirementId, ScenarioId, Severity,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// One card.
#[derive(Serialize)]
pub(crate) struct CardView {
    anchor: String,
    /// Whether all but its heading waits to be unfolded.
    folded: bool,
    mark: Mark,
    heading: String,
    id: String,
    facts: Vec<String>,
    source: Option<SourceView>,
    place: String,
    place_link: Option<LinkView>,
    also: String,
    rule: String,
    harm: String,
    compared: bool,
    expected: String,
    seen: String,
    next_step: String,
    wheres: Vec<WhereView>,
    exchange: Option<ExchangeView>,
}

#[derive(Serialize)]
struct SourceView {
    text: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct WhereView {
    name: &'static str,
    text: String,
    link: Option<LinkView>,
}

/// What cards look up.
pub(crate) struct Places<'a> {
    rules: BTreeMap<&'a RequirementId, &'a RequirementResult>,
    exchanges: BTreeMap<ExchangeId, &'a ExchangeRecord>,
    standards: BTreeMap<&'a str, String>,
    capabilities: BTreeMap<&'a Capability, String>,
    signed_off: bool,
}

impl<'a> Places<'a> {
    pub(crate) fn new(input: &ReportInput<'a>) -> Self {
        let standards = input.record.pack.standards.iter();
        Self {
            rules: input
                .scorecard
                .requirements
                .iter()
                .map(|r| (&r.requirement.id, r))
                .collect(),
            exchanges: input.record.exchanges.iter().map(|e| (e.id, e)).collect(),
            standards: standards
                .map(|s| (s.id.as_str(), format!("{} {}", s.title, s.edition)))
                .collect(),
            capabilities: input
                .scorecard
                .requirements
                .iter()
                .map(|r| &r.requirement.capability)
                .map(|capability| (capability, input.title_of(capability)))
                .collect(),
            signed_off: input.scorecard.severities_signed_off,
        }
    }
}

/// "severity 2 of 5", "marked safety-relevant (severity 5 of 5, not signed off)".
pub(crate) fn severity_words(severity: Severity, signed_off: bool) -> String {
    let number = severity.get();
    match (severity.is_safety_relevant(), signed_off) {
        (true, true) => format!("marked safety-relevant (severity {number} of 5)"),
        (true, false) => {
            format!("marked safety-relevant (severity {number} of 5, not signed off)")
        }
        (false, true) => format!("severity {number} of 5"),
        (false, false) => format!("severity {number} of 5, not signed off"),
    }
}

/// One card; where there are many, most are folded, so that a long list stays one.
pub(crate) fn card(group: &FindingGroup, places: &Places<'_>, folded: bool) -> CardView {
    let rule = places.rules.get(&group.requirement).map(|r| &r.requirement);
    let finding = &group.example;
    let mut facts = Vec::new();
    if let Some(rule) = rule {
        facts.push(rule.level.label().to_owned());
        facts.push(severity_words(rule.severity, places.signed_off));
        facts.extend(places.capabilities.get(&rule.capability).cloned());
    }
    facts.push(clears(group));
    CardView {
        anchor: group.anchor.clone(),
        folded,
        mark: mark(group.verdict),
        heading: heading(&finding.message),
        id: group.requirement.to_string(),
        facts,
        source: rule.map(|rule| SourceView {
            text: source_words(
                places.standards.get(rule.source.document.as_str()),
                &rule.source.section,
            ),
            href: safe_href(&rule.source.url).map(str::to_owned),
        }),
        rule: rule.map_or_else(String::new, |r| sentence(&r.title)),
        harm: rule.map_or_else(String::new, |r| sentence(&r.harm)),
        compared: !(finding.expected.is_empty() && finding.actual.is_empty()),
        expected: sentence_case(&finding.expected),
        seen: sentence_case(&finding.actual),
        next_step: sentence(&finding.next_step),
        place: place(group),
        place_link: group
            .exchange
            .map(|id| super::link(&format!("exchange-{id}"), &format!("exchange {id}"))),
        also: also(group),
        wheres: wheres(group),
        exchange: group
            .exchange
            .and_then(|id| places.exchanges.get(&id).copied())
            .map(exchange),
    }
}

fn source_words(standard: Option<&String>, section: &str) -> String {
    match (standard, section.is_empty()) {
        (Some(standard), true) => standard.clone(),
        (Some(standard), false) => format!("{standard}, {section}"),
        (None, true) => "the source".to_owned(),
        (None, false) => section.to_owned(),
    }
}

/// Where in the response: "Bundle.entry[0].resource, line 1, column 77 of the response of".
fn place(group: &FindingGroup) -> String {
    let location = &group.example.location;
    let position = match (location.line, location.column) {
        (Some(line), Some(column)) => format!("line {line}, column {column} of the response"),
        (Some(line), None) => format!("line {line} of the response"),
        (None, _) => String::new(),
    };
    [location.fhirpath.clone(), position]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Which other rules the same repair is likely to clear.
fn also(group: &FindingGroup) -> String {
    let others: Vec<&str> = group
        .requirements
        .iter()
        .filter(|id| **id != group.requirement)
        .map(RequirementId::as_str)
        .collect();
    others.join(", ")
}

/// How it was found: step, scenario and code.
fn wheres(group: &FindingGroup) -> Vec<WhereView> {
    let mut wheres = Vec::new();
    let mut plain = |name, text: String| {
        if !text.is_empty() {
            wheres.push(WhereView {
                name,
                text,
                link: None,
            });
        }
    };
    plain("Step", group.step.clone());
    plain("Feature", group.feature.clone());
    plain("Code", group.example.code.to_string());
    let scenarios: Vec<&str> = group.scenarios.iter().map(ScenarioId::as_str).collect();
    if let [only] = scenarios.as_slice() {
        wheres.push(WhereView {
            name: "Scenario",
            text: String::new(),
            link: Some(super::link(&format!("scenario-{only}"), only)),
        });
    } else {
        plain("Scenarios", scenarios.join(", "));
    }
    wheres
}
