//! What stands after the findings: actions, good practice, suppliers, the organisation's response, runs and figures.
//! Not for the findings themselves.

use super::InspectionInput;
use super::marks;
use crate::view::marks::Mark;
use crate::view::words::{day, safe_href};
use plumbline_inspect::{Assessment, Measure, RunStanding, Standing, Urgency};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Action {
    pub(super) mark: Mark,
    pub(super) text: String,
    owner: String,
    due: String,
    items: Vec<String>,
}

/// Must, then should, then could; within each by date.
pub(super) fn actions(assessment: &Assessment) -> Vec<Action> {
    let mut actions: Vec<_> = assessment.actions.iter().collect();
    actions.sort_by_key(|action| (action.urgency, action.due.clone(), action.id.clone()));
    let view = |action: &plumbline_inspect::Action| Action {
        mark: marks::urgency(action.urgency),
        text: action.text.clone(),
        owner: action.owner.clone(),
        due: day(action.due.as_str()),
        items: action.items.clone(),
    };
    actions.into_iter().map(view).collect()
}

/// How many there are of each.
pub(super) fn action_counts(assessment: &Assessment) -> String {
    let of = |urgency: Urgency| {
        let all = assessment.actions.iter();
        all.filter(|action| action.urgency == urgency).count()
    };
    format!(
        "Actions: {} must, {} should, {} could",
        of(Urgency::Must),
        of(Urgency::Should),
        of(Urgency::Could)
    )
}

#[derive(Serialize)]
pub(super) struct Harm {
    id: String,
    mark: Mark,
    short: String,
    what: String,
    severity: u8,
}

/// What can happen to patients where a safety-relevant question is not fully met, the gravest first.
pub(super) fn harms(input: &InspectionInput<'_>) -> Vec<Harm> {
    let mut found: Vec<(Standing, &plumbline_inspect::Item)> = input
        .overview
        .items
        .iter()
        .filter(|it| matches!(it.standing, Standing::NotMet | Standing::PartlyMet))
        .filter_map(|it| Some((it.standing, input.checklist.item(&it.id)?)))
        .filter(|(_, item)| item.severity.is_safety_relevant())
        .collect();
    let worst_first = |standing: Standing| usize::from(standing != Standing::NotMet);
    found.sort_by_key(|(standing, item)| {
        (
            worst_first(*standing),
            std::cmp::Reverse(item.severity),
            item.id.clone(),
        )
    });
    let view = |(standing, item): (Standing, &plumbline_inspect::Item)| Harm {
        id: item.id.to_string(),
        mark: marks::standing(standing),
        short: item.short.clone(),
        what: item.harm.clone(),
        severity: item.severity.get(),
    };
    found.into_iter().map(view).collect()
}

#[derive(Serialize)]
pub(super) struct Practice {
    text: String,
    items: Vec<String>,
}

pub(super) fn practice(assessment: &Assessment) -> Vec<Practice> {
    let view = |practice: &plumbline_inspect::Practice| Practice {
        text: practice.text.clone(),
        items: practice.items.clone(),
    };
    assessment.practice.iter().map(view).collect()
}

#[derive(Serialize)]
pub(super) struct SupplierFinding {
    about: String,
    text: String,
    evidence: String,
}

pub(super) fn suppliers(assessment: &Assessment) -> Vec<SupplierFinding> {
    let view = |finding: &plumbline_inspect::SupplierFinding| SupplierFinding {
        about: finding.about.clone(),
        text: finding.text.clone(),
        evidence: finding.evidence.join(", "),
    };
    assessment.supplier.iter().map(view).collect()
}

#[derive(Serialize)]
pub(super) struct Point {
    item: String,
    kind: &'static str,
    says: String,
    by: String,
    outcome: &'static str,
    answer: String,
}

pub(super) fn points(assessment: &Assessment) -> Vec<Point> {
    let view = |point: &plumbline_inspect::Point| Point {
        item: point.item.clone(),
        kind: point.kind.label(),
        says: point.says.clone(),
        by: format!("{}, {}", point.by, day(point.on.as_str())),
        outcome: point.outcome.label(),
        answer: point.answer.clone(),
    };
    assessment.response.points.iter().map(view).collect()
}

/// When the draft was sent, and until when it could be answered.
pub(super) fn response(assessment: &Assessment) -> String {
    let said = |date: &Option<plumbline_inspect::Day>| {
        date.as_ref()
            .map_or("not given".to_owned(), |date| day(date.as_str()))
    };
    format!(
        "Draft sent: {}. Answers until: {}.",
        said(&assessment.response.sent),
        said(&assessment.response.closes)
    )
}

#[derive(Serialize)]
pub(super) struct Run {
    mark: Mark,
    system: String,
    place: String,
    pack: String,
    edition: String,
    when: String,
    print: String,
}

pub(super) fn runs(assessment: &Assessment) -> Vec<Run> {
    let runs = assessment.runs.iter();
    runs.map(|run| Run {
        mark: Mark {
            shape: match run.standing {
                RunStanding::Evidence => "circle",
                RunStanding::SupplierClaim | RunStanding::Mock => "open-square",
            },
            ..marks::aside(run.standing)
        },
        system: format!("{} {}, {}", run.product, run.version, run.supplier),
        place: match (run.ods_code.as_str(), run.mock.as_str()) {
            (_, mock) if !mock.is_empty() => format!("{}: {mock}", run.environment),
            ("", _) => format!("{}, product", run.environment),
            (code, _) => format!("{}, at {code}", run.environment),
        },
        pack: format!("{} {}", run.pack, run.pack_version),
        edition: run.edition.clone(),
        when: format!("{}, {}", day(&run.started), run.end.label()),
        print: run.record_sha256.clone(),
    })
    .collect()
}

#[derive(Serialize)]
pub(super) struct Figure {
    item: String,
    name: String,
    words: String,
    interval: String,
    period: String,
    source: String,
    direction: &'static str,
}

pub(super) fn figures(assessment: &Assessment) -> Vec<Figure> {
    let view = |measure: &Measure| Figure {
        item: measure.item.to_string(),
        name: measure.name.clone(),
        words: unbroken(&measure.counts()),
        interval: measure.interval().map_or_else(
            || {
                let none = if measure.kind.counts_events() {
                    "none: a number is withheld"
                } else {
                    "none: minutes are no sample"
                };
                none.to_owned()
            },
            |(low, high)| unbroken(&format!("{low} to {high} %")),
        ),
        period: format!(
            "{} to {}",
            day(measure.from.as_str()),
            day(measure.to.as_str())
        ),
        source: format!("{}; {}", measure.source, measure.supplied_by.label()),
        direction: measure.kind.direction(),
    };
    assessment.measures.iter().map(view).collect()
}

/// Keeps a percentage and its sign on one line.
fn unbroken(words: &str) -> String {
    words.replace(" %", "\u{a0}%")
}

#[derive(Serialize)]
pub(super) struct Document {
    text: String,
    href: String,
}

pub(super) fn documents(input: &InspectionInput<'_>) -> Vec<Document> {
    let documents = input.checklist.documents.values();
    documents
        .map(|document| Document {
            text: format!("{}, {}", document.title, document.edition),
            href: safe_href(&document.url).unwrap_or_default().to_owned(),
        })
        .collect()
}
