//! The grid of ratings: every question with the inspector's judgement beside the organisation's own answer.
//! Not for the findings: see `cards`.

use super::InspectionInput;
use super::marks;
use crate::view::marks::Mark;
use crate::view::words::count;
use plumbline_inspect::{GroupOverview, ItemOverview, Lack};
use serde::Serialize;

/// The rows of one group.
#[derive(Serialize)]
pub(super) struct GridGroup {
    id: String,
    title: String,
    rating: Mark,
    judged: String,
    rows: Vec<GridRow>,
}

/// One question.
#[derive(Serialize)]
struct GridRow {
    id: String,
    short: String,
    standing: Mark,
    sure: &'static str,
    own: Mark,
    gap: String,
    evidence: String,
    note: String,
}

pub(super) fn groups(input: &InspectionInput<'_>) -> Vec<GridGroup> {
    let groups = input.checklist.groups.iter().zip(&input.overview.groups);
    groups
        .map(|(group, overview)| GridGroup {
            id: group.id.clone(),
            title: group.title.clone(),
            rating: marks::rating(overview.rating),
            judged: judged(overview),
            rows: input
                .overview
                .items
                .iter()
                .filter(|it| it.id.as_str().starts_with(&group.id))
                .filter_map(|it| row(input, it))
                .collect(),
        })
        .collect()
}

/// "2 of 3 questions judged".
pub(super) fn judged(group: &GroupOverview) -> String {
    format!(
        "{} of {} judged on enough evidence",
        group.tally.judged(),
        count(group.tally.applicable(), "question", "questions")
    )
}

fn row(input: &InspectionInput<'_>, it: &ItemOverview) -> Option<GridRow> {
    let item = input.checklist.item(&it.id)?;
    let mut notes = Vec::new();
    if item.level == plumbline_inspect::ItemLevel::Expected {
        notes.push(item.level.label().to_owned());
    }
    if it.dissent > 0 {
        notes.push("a view in the team differs".to_owned());
    }
    if it.set_aside > 0 {
        notes.push(format!(
            "{} shown that is not evidence",
            count(it.set_aside, "test", "tests")
        ));
    }
    Some(GridRow {
        id: item.id.to_string(),
        short: item.short.clone(),
        standing: marks::standing(it.standing),
        sure: it
            .confidence
            .map_or("–", plumbline_inspect::Confidence::label),
        own: marks::status(it.own),
        gap: marks::gap(it.gap),
        evidence: evidence(it),
        note: notes.join("; "),
    })
}

/// "3 records of 2 kinds, 1 independent".
fn evidence(it: &ItemOverview) -> String {
    if it.cited == 0 {
        return match it.records {
            0 => "none".to_owned(),
            records => format!("{}, none cited", count(records, "record", "records")),
        };
    }
    format!(
        "{}, {}, {} independent",
        count(it.cited, "record", "records"),
        count(it.categories.len(), "kind", "kinds"),
        it.independent
    )
}

/// Why no judgement is shown.
pub(super) fn lacking(it: &ItemOverview) -> String {
    let parts: Vec<&str> = it
        .lacking
        .iter()
        .map(|lack| match lack {
            Lack::SecondCategory => "it rests on one kind of evidence only, and two are needed",
            Lack::IndependentEvidence => {
                "everything it rests on comes from the organisation or its supplier"
            }
        })
        .collect();
    parts.join("; ")
}
