//! The first ten seconds: headline, meaning for patients, what to mend first, the four figures.
//! Not for charts: `view::figures` and `view::heat` make those.

use super::marks::{Mark, mark};
use super::words::{count, day, heading, points, sentence, thousands};
use crate::format::ReportInput;
use plumbline_model::scorecard::{FindingGroup, RequirementResult};
use plumbline_model::{Completion, Level, RequirementId, RunStatus, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// Bounds further apart than this are shown instead of one score.
const WIDE_TENTHS: u16 = 100;

/// The three things to do first.
#[derive(Serialize)]
pub(crate) struct FirstView {
    title: &'static str,
    items: Vec<FirstItem>,
    rest: String,
}

#[derive(Serialize)]
struct FirstItem {
    number: usize,
    href: String,
    text: String,
    id: String,
    rule: String,
    clears: String,
    note: &'static str,
    mark: Mark,
}

/// One of the four figures.
#[derive(Serialize)]
pub(crate) struct FigureView {
    label: &'static str,
    value: String,
    lines: Vec<LineView>,
    note: String,
}

/// A part of a figure.
#[derive(Serialize)]
pub(crate) struct LineView {
    name: &'static str,
    value: String,
}

/// The finding, with the product, as the heading of the page.
pub(crate) fn headline(input: &ReportInput<'_>, product: &str) -> String {
    let required = input.scorecard.required;
    let tested = required.tested();
    let rules = count(tested, "required rule", "required rules");
    let words = match input.scorecard.status {
        RunStatus::NotConformant => {
            let verb = if required.fail == 1 { "fails" } else { "fail" };
            let marked = safety_relevant_failures(input);
            let safety = match (marked, required.fail) {
                (0, _) => String::new(),
                (1, 1) => ", and it is marked safety-relevant".to_owned(),
                (1, _) => ", one of them marked safety-relevant".to_owned(),
                (all, fail) if all == fail => ", all of them marked safety-relevant".to_owned(),
                (some, _) => format!(", {} of them marked safety-relevant", thousands(some)),
            };
            format!("{} of {rules} {verb}{safety}", thousands(required.fail))
        }
        RunStatus::Conformant => format!(
            "{} of {rules} {}",
            thousands(required.pass),
            if tested == 1 { "passes" } else { "pass" }
        ),
        RunStatus::InsufficientEvidence if tested == 0 => "no required rule was tested".to_owned(),
        RunStatus::InsufficientEvidence if required.undecided == 0 => format!(
            "{} of {rules} {}, but not everything was run",
            thousands(required.pass),
            if tested == 1 { "passes" } else { "pass" }
        ),
        RunStatus::InsufficientEvidence => format!(
            "{} of {rules} could not be decided",
            thousands(required.undecided)
        ),
    };
    format!("{product}: {words}")
}

fn failed<'a>(input: &ReportInput<'a>) -> impl Iterator<Item = &'a RequirementResult> {
    input.scorecard.requirements.iter().filter(|r| {
        r.in_scope
            && r.requirement.level == Level::Shall
            && matches!(r.verdict, Some(Verdict::Fail))
    })
}

fn safety_relevant_failures(input: &ReportInput<'_>) -> usize {
    failed(input)
        .filter(|r| r.requirement.severity.is_safety_relevant())
        .count()
}

/// What the failures mean for patients: the harm of the worst failing rules, each once.
pub(crate) fn patients(input: &ReportInput<'_>) -> Vec<String> {
    let card = input.scorecard;
    let mut failing: Vec<&RequirementResult> = failed(input).collect();
    failing.sort_by_key(|r| (std::cmp::Reverse(r.requirement.severity), &r.requirement.id));
    let mut harms: Vec<String> = Vec::new();
    for result in failing {
        let harm = sentence(&result.requirement.harm);
        if !harm.is_empty() && !harms.contains(&harm) {
            harms.push(harm);
        }
    }
    let more = harms.len().saturating_sub(3);
    harms.truncate(3);
    if more > 0 {
        harms.push(format!(
            "{} named with the failures below.",
            count(more, "more consequence is", "more consequences are")
        ));
    }
    if !harms.is_empty() {
        return harms;
    }
    let not_tested = match card.required_not_tested {
        0 => "rules outside the declared scope were not tested".to_owned(),
        number => count(
            number,
            "required rule was not tested",
            "required rules were not tested",
        ),
    };
    vec![match (card.required.fail, card.status) {
        (0, RunStatus::Conformant) => format!(
            "No failure was seen in what was tested. That does not show that the system is safe: \
             {not_tested}, and a test sees only what it asks for."
        ),
        (0, _) if card.required.tested() == 0 => {
            "Nothing was tested, so nothing is known about what this means for patients.".to_owned()
        }
        (0, _) => format!(
            "No failure was seen, but too little is known to say what this means for patients: {} \
             undecided and {not_tested}.",
            count(
                card.required.undecided,
                "required rule is",
                "required rules are"
            )
        ),
        _ => "The pack does not say what these failures mean for patients.".to_owned(),
    }]
}

/// The three most important failures or, where nothing fails, what stands in the way.
pub(crate) fn first(input: &ReportInput<'_>) -> Option<FirstView> {
    let card = input.scorecard;
    let rules: BTreeMap<&RequirementId, &RequirementResult> = card
        .requirements
        .iter()
        .map(|r| (&r.requirement.id, r))
        .collect();
    let failures: Vec<&FindingGroup> = card
        .groups
        .iter()
        .filter(|g| matches!(g.verdict, Verdict::Fail))
        .collect();
    let (title, groups, rest_of): (_, Vec<&FindingGroup>, _) = if !failures.is_empty() {
        ("Mend these first", failures, ("failure", "failures"))
    } else if !card.undecided.is_empty() {
        let open = card.undecided.iter().collect();
        ("Settle these first", open, ("obstacle", "obstacles"))
    } else if card.groups.is_empty() {
        return None;
    } else {
        let warnings = card.groups.iter().collect();
        (
            "Good practice to take up next",
            warnings,
            ("warning", "warnings"),
        )
    };
    let rest = groups.len().saturating_sub(3);
    Some(FirstView {
        title,
        items: (1..)
            .zip(groups.iter().take(3))
            .map(|(number, group)| FirstItem {
                number,
                href: format!("#{}", group.anchor),
                text: heading(&group.example.message),
                id: group.requirement.to_string(),
                rule: rule_words(group, rules.get(&group.requirement).copied()),
                clears: clears(group),
                note: safety_words(rules.get(&group.requirement).copied()),
                mark: mark(group.verdict),
            })
            .collect(),
        rest: if rest == 0 {
            String::new()
        } else {
            format!(
                "{} below.",
                count(
                    rest,
                    &format!("more {}", rest_of.0),
                    &format!("more {}", rest_of.1)
                )
            )
        },
    })
}

fn rule_words(group: &FindingGroup, rule: Option<&RequirementResult>) -> String {
    let mut words = group.requirement.to_string();
    match group.requirements.len() {
        0 | 1 => {}
        more => words = format!("{words} and {} more", thousands(more - 1)),
    }
    match rule {
        Some(rule) => format!("{words}: {}", sentence(&rule.requirement.title)),
        None => words,
    }
}

fn safety_words(rule: Option<&RequirementResult>) -> &'static str {
    if rule.is_some_and(|r| r.requirement.severity.is_safety_relevant()) {
        "marked safety-relevant"
    } else {
        ""
    }
}

/// How sure the result is: what was run, on what, when, and what stands against it.
pub(crate) fn sure(input: &ReportInput<'_>) -> Vec<String> {
    let (record, card) = (input.record, input.scorecard);
    let mut lines = vec![format!(
        "This is an automated pre-check with Plumbline {}: a {}{}, on {}. \
         The record does not say who ran it. It is evidence, not a certificate.",
        record.plumbline,
        super::kind_of_test(input),
        match record.mock_name() {
            Some(_) => ", against a mock".to_owned(),
            None => format!(" in the {} environment", record.environment.label()),
        },
        day(&record.started)
    )];
    if let Some(words) = record.rejudged_words() {
        lines.insert(0, words);
    }
    if let Completion::Incomplete { why } = &record.completion {
        lines.push(sentence(&format!("The run did not come to its end: {why}")));
    }
    if !record.deselected.is_empty() {
        lines.push(format!(
            "{} left out of this run.",
            count(record.deselected.len(), "scenario was", "scenarios were")
        ));
    }
    if card.required.fail > 0 {
        lines.push(super::severities_note(card.severities_signed_off).to_owned());
    }
    lines
}

pub(crate) fn patients_title(input: &ReportInput<'_>) -> &'static str {
    if input.scorecard.required.fail > 0 {
        "What this could mean for patients"
    } else {
        "What this means for patients"
    }
}

/// "1 fix clears 5 findings", or just "1 finding".
pub(crate) fn clears(group: &FindingGroup) -> String {
    match (group.verdict, group.findings) {
        (Verdict::Fail | Verdict::Warning, 2..) => {
            format!("1 fix clears {} findings", thousands(group.findings))
        }
        (_, number) => count(number, "finding", "findings"),
    }
}

/// Required rules, score, levels, how much is decided.
pub(crate) fn figures(input: &ReportInput<'_>) -> Vec<FigureView> {
    let card = input.scorecard;
    let required = card.required;
    let tested = required.tested();
    let plain = |label, value, note| FigureView {
        label,
        value,
        lines: Vec::new(),
        note,
    };
    let beside = match (required.fail, required.undecided) {
        _ if tested == 0 => "none was tested".to_owned(),
        (0, 0) => "none fails".to_owned(),
        (fail, 0) => format!("{}, none undecided", fails(fail)),
        (0, open) => format!("none fails, {} undecided", thousands(open)),
        (fail, open) => format!("{}, {} undecided", fails(fail), thousands(open)),
    };
    let (score, score_note) = score(input);
    let levels = card.levels.iter().map(|l| LineView {
        name: l.level.label(),
        value: format!(
            "{} of {}",
            thousands(l.tally.pass),
            thousands(l.tally.tested())
        ),
    });
    let in_scope = tested + card.required_not_tested;
    vec![
        plain(
            "Required rules tested",
            format!("{} of {} pass", thousands(required.pass), thousands(tested)),
            beside,
        ),
        plain("Score", score, score_note),
        FigureView {
            label: "Rules passed at each level",
            value: String::new(),
            lines: levels.collect(),
            note: String::new(),
        },
        plain(
            "How sure",
            format!(
                "{} of {} decided",
                thousands(card.coverage.met),
                thousands(in_scope)
            ),
            match (in_scope, card.required_not_tested, card.undecided.first()) {
                (0, ..) => "no required rule is in scope".to_owned(),
                (_, 0, None) => "every required rule in scope".to_owned(),
                (_, 0, Some(group)) => sentence(&group.example.message),
                (_, number, _) => format!(
                    "{} in scope {} not tested{}",
                    count(number, "required rule", "required rules"),
                    if number == 1 { "was" } else { "were" },
                    match required.undecided {
                        0 => String::new(),
                        open => format!(", {} undecided", thousands(open)),
                    }
                ),
            },
        ),
    ]
}

fn fails(number: usize) -> String {
    format!(
        "{} {}",
        thousands(number),
        if number == 1 { "fails" } else { "fail" }
    )
}

/// The score and, beside it, the counts that it is made from.
fn score(input: &ReportInput<'_>) -> (String, String) {
    let card = input.scorecard;
    let overall = card.overall;
    let (low, high) = (points(overall.low_tenths), points(overall.high_tenths));
    let counts = format!(
        "{}: {} of {} decided rules pass, weighted by severity",
        card.band,
        thousands(card.required.pass),
        thousands(card.required.pass + card.required.fail)
    );
    match overall.decided_tenths {
        None => ("None".to_owned(), "nothing required was decided".to_owned()),
        // Where the unknowns weigh this much, one number would say more than is known.
        Some(tenths) if overall.high_tenths.saturating_sub(overall.low_tenths) > WIDE_TENTHS => (
            format!("{low} to {high} of 100"),
            format!("{counts}; {} on what is decided", points(tenths)),
        ),
        Some(tenths) if overall.low_tenths == overall.high_tenths => {
            (format!("{} of 100", points(tenths)), counts)
        }
        Some(tenths) => (
            format!("{} of 100", points(tenths)),
            format!("{counts}; between {low} and {high} if the unknowns fail or pass"),
        ),
    }
}

pub(crate) fn failures_title(input: &ReportInput<'_>, groups: usize) -> String {
    let fail = input.scorecard.required.fail;
    if input.scorecard.required.tested() == 0 {
        return "No failure: no required rule was tested".to_owned();
    }
    if groups == 0 && fail == 0 {
        return "No required rule fails".to_owned();
    }
    let rules = format!(
        "{} {}",
        count(fail, "required rule", "required rules"),
        if fail == 1 { "fails" } else { "fail" }
    );
    if groups == fail {
        rules
    } else {
        format!("{rules}, for {}", count(groups, "reason", "reasons"))
    }
}

pub(crate) fn warnings_title(input: &ReportInput<'_>) -> String {
    let card = input.scorecard;
    let practice = card.good_practice;
    if practice.of == 0 {
        return "No good-practice rule was decided".to_owned();
    }
    let mut words = format!(
        "{} of {} met",
        thousands(practice.met),
        count(
            practice.of,
            "good-practice rule is",
            "good-practice rules are"
        )
    );
    if card.good_practice_undecided > 0 {
        words = format!(
            "{words}; {} undecided",
            thousands(card.good_practice_undecided)
        );
    }
    words
}

pub(crate) fn undecided_title(input: &ReportInput<'_>) -> String {
    let required = input.scorecard.required;
    match required.undecided {
        0 if required.tested() == 0 => {
            "Nothing was decided: no required rule was tested".to_owned()
        }
        0 => "Every tested required rule was decided".to_owned(),
        number => count(
            number,
            "required rule could not be decided",
            "required rules could not be decided",
        ),
    }
}

pub(crate) fn not_tested_title(input: &ReportInput<'_>) -> String {
    let card = input.scorecard;
    match card.required_not_tested {
        0 if card.required.tested() == 0 => "No required rule is in the declared scope".to_owned(),
        0 => "Every required rule in scope was tested".to_owned(),
        number => count(
            number,
            "required rule in scope was not tested",
            "required rules in scope were not tested",
        ),
    }
}
