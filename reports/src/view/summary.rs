//! The first ten seconds: headline, meaning for patients, what to mend first, the four figures.
//! Not for charts: `view::figures` and `view::heat` make those.

use super::marks::{Mark, mark};
use super::words::{count, heading, points, sentence, thousands};
use crate::format::ReportInput;
use plumbline_model::scorecard::{FindingGroup, RequirementResult};
use plumbline_model::{Level, RequirementId, RunStatus, Verdict};
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
    rule: String,
    clears: String,
    mark: Mark,
}

/// One of the four figures.
#[derive(Serialize)]
pub(crate) struct FigureView {
    label: &'static str,
    value: String,
    note: String,
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
            count(more, "further consequence is", "further consequences are")
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
                rule: rule_words(group, rules.get(&group.requirement).copied()),
                clears: clears(group),
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
    if rule.is_some_and(|r| r.requirement.severity.is_safety_relevant()) {
        words.push_str(", marked safety-relevant");
    }
    words
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

/// Required rules, score, levels, how sure.
pub(crate) fn figures(input: &ReportInput<'_>) -> Vec<FigureView> {
    let card = input.scorecard;
    let required = card.required;
    let tested = required.tested();
    let mut beside = vec![
        format!("{} fail", thousands(required.fail)),
        format!("{} undecided", thousands(required.undecided)),
    ];
    beside.push(format!(
        "{} more not tested",
        thousands(card.required_not_tested)
    ));
    let overall = card.overall;
    let (score, score_note) = match overall.decided_tenths {
        None => ("None".to_owned(), "nothing required was decided".to_owned()),
        // Where the unknowns weigh this much, one number would say more than is known.
        Some(tenths) if overall.high_tenths.saturating_sub(overall.low_tenths) > WIDE_TENTHS => (
            format!(
                "{} to {} of 100",
                points(overall.low_tenths),
                points(overall.high_tenths)
            ),
            format!("{}; {} on what is decided", card.band, points(tenths)),
        ),
        Some(tenths) if overall.low_tenths == overall.high_tenths => (
            format!("{} of 100", points(tenths)),
            format!("{}; nothing tested is unknown", card.band),
        ),
        Some(tenths) => (
            format!("{} of 100", points(tenths)),
            format!(
                "{}; between {} and {} if the unknowns fail or pass",
                card.band,
                points(overall.low_tenths),
                points(overall.high_tenths)
            ),
        ),
    };
    let levels: Vec<String> = card
        .levels
        .iter()
        .map(|l| format!("{}/{}", l.tally.pass, l.tally.tested()))
        .collect();
    let names: Vec<String> = card
        .levels
        .iter()
        .map(|l| l.level.label().to_lowercase())
        .collect();
    let sure = match card.undecided.first() {
        Some(group) => sentence(&group.example.message),
        None if card.required_not_tested > 0 => {
            "of those tested; the rest is listed below".to_owned()
        }
        None if tested == 0 => "no required rule was tested".to_owned(),
        None => "every required rule in scope was tested".to_owned(),
    };
    vec![
        FigureView {
            label: "Required rules",
            value: format!("{} of {} pass", thousands(required.pass), thousands(tested)),
            note: beside.join(", "),
        },
        FigureView {
            label: "Score",
            value: score,
            note: score_note,
        },
        FigureView {
            label: "Levels",
            value: levels.join(" \u{b7} "),
            note: format!("required rules passed: {}", names.join(", ")),
        },
        FigureView {
            label: "How sure",
            value: format!(
                "{} of {} decided",
                thousands(card.coverage.met),
                thousands(card.coverage.of)
            ),
            note: sure,
        },
    ]
}

pub(crate) fn failures_title(input: &ReportInput<'_>, groups: usize) -> String {
    let fail = input.scorecard.required.fail;
    if input.scorecard.required.tested() == 0 {
        return "No failure: no required rule was tested".to_owned();
    }
    if groups == 0 && fail == 0 {
        return "No required rule fails".to_owned();
    }
    format!(
        "{} {}, for {}",
        count(fail, "required rule", "required rules"),
        if fail == 1 { "fails" } else { "fail" },
        count(groups, "reason", "reasons")
    )
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
