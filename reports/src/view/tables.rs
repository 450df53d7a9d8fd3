//! The long lists: all rules, scenarios with their steps, exchanges, what was not tested.
//! Not for the summary: nobody should have to read these to know the result.

use super::marks::{Mark, mark, untested_mark};
use super::words::{count, sentence, sentence_case, thousands};
use crate::format::ReportInput;
use plumbline_model::record::Software;
use plumbline_model::scorecard::{RequirementResult, Scorecard, Tally};
use plumbline_model::{
    Capability, Completion, ExchangeRecord, Level, NotApplicableReason, ScenarioRecord, StepRecord,
    StoredBody, Verdict,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// How much of a body the page shows, in characters.
const BODY_LIMIT: usize = 4_000;

/// Up to how many rules the groups of rules are open from the start.
const OPEN_RULES: usize = 20;

/// Up to how many rules that were not tested are shown without being asked for.
pub(crate) const OPEN_UNTESTED: usize = 10;

/// A required rule in scope that was not tested.
#[derive(Serialize)]
pub(crate) struct UntestedView {
    id: String,
    title: String,
    why: String,
}

pub(crate) fn untested(card: &Scorecard) -> impl Iterator<Item = &RequirementResult> {
    card.requirements
        .iter()
        .filter(|r| r.in_scope && r.requirement.level == Level::Shall && r.verdict.is_none())
}

pub(crate) fn untested_view(result: &RequirementResult) -> UntestedView {
    UntestedView {
        id: result.requirement.id.to_string(),
        title: sentence(&result.requirement.title),
        why: why_untested(result),
    }
}

fn why_untested(result: &RequirementResult) -> String {
    let reason = &result.requirement.not_tested_reason;
    match (reason.is_empty(), result.advisory.is_empty()) {
        (false, _) => sentence(reason),
        (true, false) => "Only advisory scenarios carry it, and they are never counted.".to_owned(),
        (true, true) => "No scenario of this run carries it.".to_owned(),
    }
}

/// A row of the table of all rules.
#[derive(Serialize)]
pub(crate) struct RequirementView {
    id: String,
    title: String,
    level: &'static str,
    domain: &'static str,
    severity: u8,
    mark: Mark,
    /// The class that the choices above the table go by.
    kind: &'static str,
    note: String,
}

/// The rules of one capability; folded where the list is long.
#[derive(Serialize)]
pub(crate) struct GroupView {
    id: String,
    title: String,
    mark: Mark,
    stands: String,
    open: bool,
    rows: Vec<RequirementView>,
}

/// The rules of one capability: whether it is outside the declared scope, which, and its rules.
type Group<'a> = ((bool, &'a Capability), Vec<&'a RequirementResult>);

/// The rules by capability: what was declared first, then the rest.
pub(crate) fn groups(card: &Scorecard) -> impl IntoIterator<Item = Group<'_>> {
    let mut groups: BTreeMap<(bool, &Capability), Vec<&RequirementResult>> = BTreeMap::new();
    for result in &card.requirements {
        groups
            .entry((!result.in_scope, &result.requirement.capability))
            .or_default()
            .push(result);
    }
    groups
}

pub(crate) fn group(input: &ReportInput<'_>, group: Group<'_>) -> GroupView {
    let ((outside, capability), results) = group;
    let card = input.scorecard;
    let tally = tally(card, capability);
    let rules = count(results.len(), "rule", "rules");
    let has = |level| results.iter().any(|r| r.requirement.level == level);
    let (required, advised) = (has(Level::Shall), has(Level::Should));
    let practice = practice(results.iter().copied());
    GroupView {
        id: format!("rules-{capability}"),
        title: input.title_of(capability),
        mark: group_mark(outside, required, tally),
        stands: match (outside, tally.tested()) {
            (true, _) => format!("not in the declared scope; {rules}"),
            (false, 0) if !required && !advised => {
                format!("optional rules alone; {rules}")
            }
            (false, 0) if !required => format!("{}; {rules}", practice.words()),
            (false, 0) => format!("no required rule was tested; {rules}"),
            (false, tested) => format!(
                "{} of {} {}; {rules} in all",
                thousands(tally.pass),
                count(tested, "tested required rule", "tested required rules"),
                if tested == 1 { "passes" } else { "pass" }
            ),
        },
        open: card.requirements.len() <= OPEN_RULES,
        rows: results.into_iter().map(requirement).collect(),
    }
}

/// How the required rules of a capability stand, over all domains.
fn tally(card: &Scorecard, capability: &Capability) -> Tally {
    let cells = card.heat.iter().filter(|c| &c.capability == capability);
    cells.fold(Tally::default(), |sum, cell| Tally {
        pass: sum.pass + cell.tally.pass,
        fail: sum.fail + cell.tally.fail,
        undecided: sum.undecided + cell.tally.undecided,
    })
}

/// How the good-practice rules of a capability stand.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Practice {
    pub(crate) met: usize,
    pub(crate) decided: usize,
}

impl Practice {
    /// "good practice: 1 of 2 met".
    pub(crate) fn words(self) -> String {
        match self.decided {
            0 => "good practice: none decided".to_owned(),
            decided => format!(
                "good practice: {} of {} met",
                thousands(self.met),
                thousands(decided)
            ),
        }
    }
}

/// Counts the good-practice rules in scope that were decided, as the scorecard does.
pub(crate) fn practice<'a>(results: impl Iterator<Item = &'a RequirementResult>) -> Practice {
    let mut practice = Practice::default();
    for result in results.filter(|r| r.in_scope && r.requirement.level == Level::Should) {
        match result.verdict {
            Some(Verdict::Pass) => {
                practice.met += 1;
                practice.decided += 1;
            }
            Some(Verdict::Warning | Verdict::Fail) => practice.decided += 1,
            Some(
                Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review | Verdict::NotApplicable(_),
            )
            | None => {}
        }
    }
    practice
}

fn group_mark(outside: bool, required: bool, tally: Tally) -> Mark {
    let word = |verdict, word: String| Mark {
        word,
        reason: "",
        ..mark(verdict)
    };
    match (outside, tally) {
        (true, _) => word(
            Verdict::NotApplicable(NotApplicableReason::OutOfScope),
            "Not applicable".to_owned(),
        ),
        (false, _) if !required => Mark {
            word: "No required rule".to_owned(),
            shape: "dash",
            ..untested_mark("")
        },
        (false, tally) if tally.tested() == 0 => untested_mark(""),
        (false, tally) if tally.fail > 0 => {
            word(Verdict::Fail, format!("{} fail", thousands(tally.fail)))
        }
        (false, tally) if tally.undecided > 0 => word(
            Verdict::Review,
            format!("{} undecided", thousands(tally.undecided)),
        ),
        (false, _) => word(Verdict::Pass, "All tested pass".to_owned()),
    }
}

fn requirement(result: &RequirementResult) -> RequirementView {
    let rule = &result.requirement;
    let mark = match (result.in_scope, result.verdict) {
        (false, _) => mark(Verdict::NotApplicable(NotApplicableReason::OutOfScope)),
        (true, Some(verdict)) => mark(verdict),
        (true, None) => untested_mark(""),
    };
    RequirementView {
        id: rule.id.to_string(),
        title: sentence(&rule.title),
        level: rule.level.label(),
        domain: rule.domain.label(),
        severity: rule.severity.get(),
        kind: kind(result),
        mark,
        note: advisory(result),
    }
}

fn kind(result: &RequirementResult) -> &'static str {
    match (result.in_scope, result.verdict) {
        (false, _) | (true, Some(Verdict::NotApplicable(_))) => "outside",
        (true, Some(Verdict::Fail)) => "fail",
        (true, Some(Verdict::Warning)) => "warning",
        (true, Some(Verdict::Pass)) => "pass",
        (true, Some(Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review)) => "undecided",
        (true, None) => "untested",
    }
}

fn advisory(result: &RequirementResult) -> String {
    let verdicts: Vec<&str> = result.advisory.iter().map(|(_, v)| v.label()).collect();
    if verdicts.is_empty() {
        String::new()
    } else {
        format!(
            "Advisory, not counted: {}",
            verdicts.join(", ").to_lowercase()
        )
    }
}

/// A choice above the table of rules; works without scripts.
#[derive(Serialize)]
pub(crate) struct ChoiceView {
    kind: &'static str,
    text: String,
    checked: bool,
}

pub(crate) fn choices(card: &Scorecard) -> Vec<ChoiceView> {
    let kinds = || card.requirements.iter().map(kind);
    let number = |wanted: &str| match wanted {
        "all" => kinds().count(),
        "scope" => kinds().filter(|kind| *kind != "outside").count(),
        wanted => kinds().filter(|kind| *kind == wanted).count(),
    };
    let outside = number("outside") > 0 && number("scope") > 0;
    [
        ("scope", "Rules that apply"),
        ("fail", "Fail"),
        ("warning", "Warning"),
        ("undecided", "Undecided"),
        ("pass", "Pass"),
        ("untested", "Not tested"),
        ("outside", "Not applicable"),
        ("all", "All"),
    ]
    .into_iter()
    .map(|(kind, word)| (kind, word, number(kind)))
    .filter(|(kind, _, number)| match *kind {
        "all" => true,
        "scope" => outside,
        _ => *number > 0,
    })
    .map(|(kind, word, number)| ChoiceView {
        kind,
        text: format!("{word} ({})", thousands(number)),
        checked: kind == if outside { "scope" } else { "all" },
    })
    .collect()
}

/// A scenario with its steps.
#[derive(Serialize)]
pub(crate) struct ScenarioView {
    id: String,
    name: String,
    requirement: String,
    place: String,
    advisory: bool,
    mark: Mark,
    steps: Vec<StepView>,
    steps_title: String,
}

#[derive(Serialize)]
struct StepView {
    text: String,
    place: String,
    mark: Option<Mark>,
    looked_at: String,
    findings: Vec<String>,
    exchanges: Vec<ExchangeLink>,
}

#[derive(Serialize)]
struct ExchangeLink {
    number: u32,
}

pub(crate) fn scenario(scenario: &ScenarioRecord) -> ScenarioView {
    ScenarioView {
        id: scenario.id.to_string(),
        name: sentence_case(&scenario.name),
        requirement: scenario.requirement.to_string(),
        place: format!("{}:{}", scenario.feature, scenario.line),
        advisory: !scenario.scored,
        mark: mark(scenario.verdict),
        steps: scenario.steps.iter().map(step).collect(),
        steps_title: count(scenario.steps.len(), "step", "steps"),
    }
}

fn step(step: &StepRecord) -> StepView {
    StepView {
        text: step.text.clone(),
        place: format!("line {}", step.line),
        mark: step.verdict.map(mark),
        looked_at: match step.observations {
            0 => String::new(),
            number => format!("{} looked at", thousands(number)),
        },
        findings: step
            .findings
            .iter()
            .map(|f| format!("{}: {}", f.code, sentence(&f.message)))
            .collect(),
        exchanges: step
            .exchanges
            .iter()
            .map(|e| ExchangeLink { number: e.0 })
            .collect(),
    }
}

/// An exchange, ready to be read.
#[derive(Serialize)]
pub(crate) struct ExchangeView {
    number: u32,
    request: String,
    outcome: String,
    request_headers: String,
    response_headers: String,
    body: String,
    body_note: String,
    curl: String,
}

pub(crate) fn exchange(exchange: &ExchangeRecord) -> ExchangeView {
    let headers = |headers: &[plumbline_model::Header]| {
        let lines: Vec<String> = headers
            .iter()
            .map(|h| format!("{}: {}", h.name, h.value))
            .collect();
        lines.join("\n")
    };
    let outcome = match (exchange.status, exchange.transport_error.is_empty()) {
        (Some(status), true) => format!("HTTP {status} in {} ms", exchange.elapsed_ms),
        (Some(status), false) => format!("HTTP {status}; {}", exchange.transport_error),
        (None, false) => exchange.transport_error.clone(),
        (None, true) => "no answer".to_owned(),
    };
    let (body, body_note) = body(exchange);
    ExchangeView {
        number: exchange.id.0,
        request: format!("{} {}", exchange.method, exchange.url),
        outcome,
        request_headers: headers(&exchange.request_headers),
        response_headers: headers(&exchange.response_headers),
        body,
        body_note,
        curl: exchange.curl.clone(),
    }
}

fn body(exchange: &ExchangeRecord) -> (String, String) {
    match &exchange.body {
        StoredBody::Empty => (String::new(), "The response had no body.".to_owned()),
        StoredBody::Opaque { bytes, sha256, why } => (
            String::new(),
            format!("The body of {bytes} bytes was not kept: {why}. SHA-256 {sha256}."),
        ),
        StoredBody::Json {
            text,
            received_bytes,
        } => {
            let cut = text.char_indices().nth(BODY_LIMIT).map(|(at, _)| at);
            let note = if cut.is_some() {
                format!(
                    "Shortened to {} characters; all of it is in record.json in the run folder, \
                     exchange {}. {received_bytes} bytes were received.",
                    thousands(BODY_LIMIT),
                    exchange.id
                )
            } else {
                format!("{received_bytes} bytes were received. Shown as stored, after redaction.")
            };
            (text[..cut.unwrap_or(text.len())].to_owned(), note)
        }
    }
}

pub(crate) fn software(software: &Software) -> String {
    match software {
        Software::Unknown => "nothing that could be read".to_owned(),
        Software::Stated { name, version } => format!("{name} {version}").trim().to_owned(),
        Software::Differs { sha256 } => {
            format!("something other than the declared product (SHA-256 {sha256})")
        }
    }
}

pub(crate) fn completion(completion: &Completion) -> String {
    match completion {
        Completion::Completed => "every planned scenario was run".to_owned(),
        Completion::Incomplete { why } => format!("ended early: {why}"),
    }
}
