//! The finding for each question: what good looks like, what was found, on which evidence, and what the organisation
//! says of itself. Not for the grid.

use super::InspectionInput;
use super::{grid, marks};
use crate::view::marks::Mark;
use crate::view::words::{count, day, safe_href, sentence};
use plumbline_inspect::{Answer, Checklist, Evidence, Item, ItemOverview, Link, Standing};
use plumbline_model::RequirementId;
use serde::Serialize;

/// The findings of one group.
#[derive(Serialize)]
pub(super) struct CardGroup {
    id: String,
    title: String,
    rating: Mark,
    judged: String,
    reason: String,
    cards: Vec<Card>,
}

#[derive(Serialize)]
struct Card {
    id: String,
    question: String,
    mark: Mark,
    facts: Vec<String>,
    help: String,
    harm: String,
    found: String,
    found_title: &'static str,
    lacking: String,
    judged: String,
    own: Mark,
    own_reason: String,
    gap: String,
    dissent: Vec<Dissent>,
    evidence_title: String,
    evidence: Vec<Record>,
    aside: Vec<Aside>,
    wanted: Vec<String>,
    automated: Vec<String>,
    sources: Vec<Source>,
    crosswalk: String,
}

#[derive(Serialize)]
struct Dissent {
    role: String,
    mark: Mark,
    reason: String,
}

#[derive(Serialize)]
struct Record {
    id: String,
    finding: String,
    from: String,
    how: String,
    strength: &'static str,
    weighs: Mark,
    note: String,
}

#[derive(Serialize)]
struct Aside {
    id: String,
    mark: Mark,
    finding: String,
    when: String,
    broken: String,
}

#[derive(Serialize)]
struct Source {
    text: String,
    href: String,
}

pub(super) fn groups(input: &InspectionInput<'_>) -> Vec<CardGroup> {
    let groups = input.checklist.groups.iter().zip(&input.overview.groups);
    groups
        .map(|(group, overview)| CardGroup {
            id: group.id.clone(),
            title: group.title.clone(),
            rating: marks::rating(overview.rating),
            judged: grid::judged(overview),
            reason: match (overview.rating, input.assessment.groups.get(&group.id)) {
                (Some(_), Some(given)) => given.reason.clone(),
                (None, _) | (_, None) => String::new(),
            },
            cards: input
                .overview
                .items
                .iter()
                .filter(|it| it.id.as_str().starts_with(&group.id))
                .filter_map(|it| card(input, it))
                .collect(),
        })
        .collect()
}

fn card(input: &InspectionInput<'_>, it: &ItemOverview) -> Option<Card> {
    let item = input.checklist.item(&it.id)?;
    let answer = input.assessment.answers.get(&it.id)?;
    let records = input.assessment.evidence.get(&it.id);
    let evidence: Vec<Record> = records
        .into_iter()
        .flatten()
        .map(|e| record(input, answer, e))
        .collect();
    let elsewhere = answer.inspector.evidence.iter().filter(|id| {
        let here = records.is_some_and(|records| records.iter().any(|e| e.id == **id));
        !here
    });
    let elsewhere = elsewhere.filter_map(|id| input.assessment.evidence(id));
    let evidence: Vec<Record> = evidence
        .into_iter()
        .chain(elsewhere.map(|e| record(input, answer, e)))
        .collect();
    Some(Card {
        id: item.id.to_string(),
        question: item.question.clone(),
        mark: marks::standing(it.standing),
        facts: facts(item, it),
        help: sentence(&item.help),
        harm: sentence(&item.harm),
        found: answer.inspector.reason.clone(),
        found_title: found_title(it.standing),
        lacking: grid::lacking(it),
        judged: judged(answer, it),
        own: marks::status(it.own),
        own_reason: answer.own.reason.clone(),
        gap: marks::gap(it.gap),
        dissent: dissent(answer),
        evidence_title: format!(
            "Evidence: {}, {} cited",
            count(evidence.len(), "record", "records"),
            it.cited
        ),
        evidence,
        aside: asides(input, it),
        wanted: item.evidence_wanted.clone(),
        automated: automated(item),
        sources: sources(item, input.checklist),
        crosswalk: crosswalk(item),
    })
}

const fn found_title(standing: Standing) -> &'static str {
    match standing {
        Standing::Met | Standing::PartlyMet | Standing::NotMet => "What the inspector found.",
        Standing::NotEnough => "What was found so far.",
        Standing::NotApplicable => "Why it does not apply.",
        Standing::NotAssessed => "Not assessed.",
    }
}

fn facts(item: &Item, it: &ItemOverview) -> Vec<String> {
    let mut facts = vec![
        item.level.label().to_owned(),
        format!("severity {} of 5, a planning default", item.severity.get()),
        format!("can reach {}", item.reach.label()),
    ];
    if let Some(confidence) = it.confidence {
        facts.push(format!("confidence: {}", confidence.label()));
    }
    facts
}

fn judged(answer: &Answer, it: &ItemOverview) -> String {
    if it.standing == Standing::NotAssessed {
        return String::new();
    }
    let judged = &answer.inspector;
    let date = judged.judged_on.as_ref();
    let date = date.map_or_else(|| "no date".to_owned(), |date| day(date.as_str()));
    let mut text = format!("{}, {date}", judged.judged_by);
    if !judged.reviewed_by.is_empty() {
        text.push_str("; reviewed by: ");
        text.push_str(&judged.reviewed_by);
    }
    text
}

fn dissent(answer: &Answer) -> Vec<Dissent> {
    let views = answer.dissent.iter();
    views
        .map(|view| Dissent {
            role: view.role.clone(),
            mark: marks::status(view.status),
            reason: view.reason.clone(),
        })
        .collect()
}

fn record(input: &InspectionInput<'_>, answer: &Answer, evidence: &Evidence) -> Record {
    let mut notes = Vec::new();
    if let Some(newer) = input.assessment.replacement(&evidence.id) {
        notes.push(format!("replaced by {}", newer.id));
    } else if !answer.inspector.evidence.contains(&evidence.id) {
        notes.push("not cited".to_owned());
    }
    if let Some(run) = evidence
        .run
        .as_ref()
        .and_then(|id| input.assessment.run(id))
    {
        notes.push(format!(
            "{} {}, {}, pack {} {}",
            run.product, run.version, run.environment, run.pack, run.pack_version
        ));
    }
    if !evidence.broken_rules.is_empty() {
        let rules: Vec<&str> = evidence
            .broken_rules
            .iter()
            .map(RequirementId::as_str)
            .collect();
        notes.push(format!("broken: {}", rules.join(", ")));
    }
    Record {
        id: evidence.id.clone(),
        finding: evidence.finding.clone(),
        from: format!(
            "{}, {}",
            evidence.source_role,
            day(evidence.captured_at.as_str())
        ),
        how: how(evidence),
        strength: evidence.strength.label(),
        weighs: marks::weighs(evidence.weighs),
        note: notes.join("; "),
    }
}

/// "observation; watched while it was done; 6, one of each kind".
fn how(evidence: &Evidence) -> String {
    let mut parts = vec![
        evidence.category.label().to_owned(),
        evidence.method.clone(),
    ];
    match (evidence.sample_n, evidence.sample_frame.as_str()) {
        (Some(n), "") => parts.push(format!("n = {n}")),
        (Some(n), frame) => parts.push(format!("n = {n}, {frame}")),
        (None, _) => {}
    }
    if !evidence.environment.is_empty() {
        parts.push(evidence.environment.clone());
    }
    if !evidence.is_independent() {
        parts.push(format!("supplied by {}", evidence.supplied_by.label()));
    }
    parts.join("; ")
}

fn asides(input: &InspectionInput<'_>, it: &ItemOverview) -> Vec<Aside> {
    let records = input.assessment.set_aside.get(&it.id);
    records
        .into_iter()
        .flatten()
        .map(|record| {
            let rules: Vec<&str> = record
                .broken_rules
                .iter()
                .map(RequirementId::as_str)
                .collect();
            Aside {
                id: record.id.clone(),
                mark: marks::aside(record.standing),
                finding: record.finding.clone(),
                when: day(record.captured_at.as_str()),
                broken: rules.join(", "),
            }
        })
        .collect()
}

fn automated(item: &Item) -> Vec<String> {
    item.automated
        .iter()
        .map(|automated| match &automated.link {
            Link::Pack {
                pack, requirements, ..
            } => format!(
                "{}: {} of the pack {pack}",
                automated.tag,
                count(requirements.len(), "rule", "rules")
            ),
            Link::NotYet { reason } => format!("{}: {reason}", automated.tag),
        })
        .collect()
}

fn sources(item: &Item, checklist: &Checklist) -> Vec<Source> {
    let cited = item.sources.iter();
    cited
        .filter_map(|citation| {
            let document = checklist.documents.get(&citation.document)?;
            let section = match citation.section.as_str() {
                "" => String::new(),
                section => format!(", {section}"),
            };
            Some(Source {
                text: format!("{} ({}){section}", document.title, document.edition),
                href: safe_href(&document.url).unwrap_or_default().to_owned(),
            })
        })
        .collect()
}

/// Always with the years of the framework: it is not the one that is used today.
fn crosswalk(item: &Item) -> String {
    let lines: Vec<&str> = item.cqc_2018_22.iter().map(|line| line.label()).collect();
    let lines = match lines.as_slice() {
        [] => "no line of enquiry".to_owned(),
        lines => lines.join(", "),
    };
    format!(
        "2018-22 framework: {}, {lines}. Demand {}: {}.",
        item.key_question.label(),
        item.demand.key(),
        item.demand.label()
    )
}
