//! The report of an inspection as JSON: the same statements as the page. Not for judging, and not the assessment
//! itself: a judgement on too little evidence is not in it.

use super::InspectionInput;
use crate::format::ReportError;
use plumbline_inspect::{Answer, Item, ItemOverview};
use serde_json::{Value, json};

/// The form of the JSON report.
pub const INSPECTION_FORMAT: u32 = 1;

pub(super) fn text(input: &InspectionInput<'_>) -> Result<String, ReportError> {
    let assessment = input.assessment;
    let frame = &assessment.frame;
    let items: Vec<Value> = input
        .overview
        .items
        .iter()
        .filter_map(|it| {
            let item = input.checklist.item(&it.id)?;
            Some(one(input, item, assessment.answers.get(&it.id)?, it))
        })
        .collect();
    let groups: Vec<Value> = input
        .checklist
        .groups
        .iter()
        .zip(&input.overview.groups)
        .map(|(group, overview)| {
            let given = assessment.groups.get(&group.id);
            let reason = overview.rating.and_then(|_| given.map(|g| g.reason.as_str()));
            json!({
                "id": group.id, "title": group.title, "tally": overview.tally,
                "inspector": { "rating": overview.rating.map_or("not-enough", |r| r.key()), "reason": reason },
            })
        })
        .collect();
    let report = json!({
        "format": INSPECTION_FORMAT,
        "kind": "plumbline-inspection",
        "plumbline": input.plumbline,
        "nature": frame.nature,
        "notices": super::view::notices(assessment),
        "whose": {
            "inspector": "the inspector's judgement, made by a person; nothing computes it",
            "own": "the organisation's own answer",
        },
        "least_evidence": "two categories, one record of them not supplied by the organisation or its supplier",
        "organisation": frame.organisation,
        "checklist": {
            "id": input.checklist.id, "title": input.checklist.title, "version": input.checklist.version,
            "fingerprint": input.checklist.fingerprint, "crosswalk": "2018-22 framework",
            "severities": "planning defaults; nobody has signed them off",
        },
        "scope": frame.scope, "opened": frame.opened, "visited": frame.visited, "reported": frame.reported,
        "team": frame.team, "not_looked_at": frame.not_looked_at, "summary": frame.summary,
        "tally": input.overview.tally, "essential": input.overview.essential, "gaps": input.overview.gaps,
        "groups": groups, "items": items,
        "runs": assessment.runs, "measures": measures(input),
        "actions": assessment.actions, "practice": assessment.practice,
        "supplier": assessment.supplier, "response": assessment.response,
    });
    let text = serde_json::to_string_pretty(&report).map_err(ReportError::Json)?;
    Ok(format!("{text}\n"))
}

fn measures(input: &InspectionInput<'_>) -> Vec<Value> {
    let measures = input.assessment.measures.iter();
    measures
        .map(|m| {
            json!({
                "measure": m, "percent": m.percent(), "interval_95_percent": m.interval(),
                "direction": m.kind.direction(),
            })
        })
        .collect()
}

fn one(input: &InspectionInput<'_>, item: &Item, answer: &Answer, it: &ItemOverview) -> Value {
    // A judgement on too little evidence is not shown, so its word is not here either.
    let judged = it.standing.rating().map(|status| {
        let judged = &answer.inspector;
        json!({
            "status": status, "confidence": judged.confidence, "judged_by": judged.judged_by,
            "judged_on": judged.judged_on, "reviewed_by": judged.reviewed_by,
        })
    });
    json!({
        "id": item.id, "question": item.question, "level": item.level, "severity": item.severity,
        "reach": item.reach, "key_question": item.key_question, "cqc_2018_22": item.cqc_2018_22,
        "demand": item.demand, "standing": it.standing, "lacking": it.lacking,
        "inspector": judged, "found": answer.inspector.reason, "cites": answer.inspector.evidence,
        "own": answer.own, "gap": it.gap, "dissent": answer.dissent,
        "categories": it.categories, "independent": it.independent,
        "evidence": input.assessment.evidence.get(&item.id),
        "not_evidence": input.assessment.set_aside.get(&item.id),
    })
}
