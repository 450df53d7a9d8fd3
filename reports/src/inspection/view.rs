//! The page of an inspection: what stands first, what is counted, whose judgement it is, and how it came about.
//! Not for the grid, the findings and the lists: each has its own file.

use super::InspectionInput;
use super::cards::{self, CardGroup};
use super::grid::{self, GridGroup};
use super::lists;
use crate::view::words::{count, css_string, day};
use plumbline_inspect::{Assessment, Nature, RunStanding, Standing};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Page {
    title: String,
    print_left: String,
    print_right: String,
    header: Header,
    banners: Vec<Banner>,
    about: String,
    headline: String,
    summary: Vec<String>,
    summary_by: String,
    patients: Vec<String>,
    first: Option<First>,
    figures: Vec<Figure>,
    sure: Vec<String>,
    not_looked_at: Vec<String>,
    facts: Vec<(&'static str, String)>,
    grid: Vec<GridGroup>,
    harms: Vec<lists::Harm>,
    findings: Vec<CardGroup>,
    actions_title: String,
    actions: Vec<lists::Action>,
    practice: Vec<lists::Practice>,
    suppliers: Vec<lists::SupplierFinding>,
    response: String,
    points: Vec<lists::Point>,
    measures: Vec<lists::Figure>,
    runs: Vec<lists::Run>,
    characteristics: Vec<(String, String)>,
    documents: Vec<lists::Document>,
    method: Vec<(&'static str, String)>,
    judgement: String,
}

#[derive(Serialize)]
struct Header {
    organisation: String,
    checklist: String,
    date: String,
}

/// What must be known before anything else is read.
#[derive(Serialize)]
struct Banner {
    label: &'static str,
    text: String,
}

#[derive(Serialize)]
struct First {
    title: String,
    items: Vec<FirstAction>,
    rest: String,
}

#[derive(Serialize)]
struct FirstAction {
    number: usize,
    text: String,
    owner: String,
    due: String,
}

#[derive(Serialize)]
struct Figure {
    label: &'static str,
    value: String,
    lines: Vec<(String, String)>,
    note: String,
}

pub(super) fn page(input: &InspectionInput<'_>) -> Page {
    let frame = &input.assessment.frame;
    let name = &frame.organisation.name;
    let dated = dated(input.assessment);
    let actions = lists::actions(input.assessment);
    Page {
        title: format!("Inspection of {name}: sharing of health records"),
        print_left: css_string(&format!("{name} ({}), inspection", frame.organisation.code)),
        print_right: css_string(&format!(
            "{} {}, {dated}",
            frame.checklist.id, frame.checklist.version
        )),
        header: Header {
            organisation: format!("{name} ({})", frame.organisation.code),
            checklist: format!("{} {}", input.checklist.title, frame.checklist.version),
            date: dated.clone(),
        },
        banners: banners(input.assessment),
        about: about(input),
        headline: headline(input),
        summary: frame.summary.text.clone(),
        summary_by: match frame.summary.written_by.as_str() {
            "" => String::new(),
            role => format!("Written by: {role}."),
        },
        patients: frame.summary.patients.clone(),
        first: first(input.assessment),
        figures: figures(input),
        sure: sure(input),
        not_looked_at: frame.not_looked_at.clone(),
        facts: facts(input, &dated),
        grid: grid::groups(input),
        harms: lists::harms(input),
        findings: cards::groups(input),
        actions_title: lists::action_counts(input.assessment),
        actions,
        practice: lists::practice(input.assessment),
        suppliers: lists::suppliers(input.assessment),
        response: lists::response(input.assessment),
        points: lists::points(input.assessment),
        measures: lists::figures(input.assessment),
        runs: lists::runs(input.assessment),
        characteristics: input
            .checklist
            .characteristics
            .iter()
            .map(|c| (c.rating.label().to_owned(), c.pattern.clone()))
            .collect(),
        documents: lists::documents(input),
        method: method(input),
        judgement: "The judgements are the inspector's own. Plumbline computes none, and gives evidence only: it is no \
                    regulator, and this is no rating by one."
            .to_owned(),
    }
}

fn dated(assessment: &Assessment) -> String {
    match &assessment.frame.reported {
        Some(date) => day(date.as_str()),
        None => "draft, no date of report".to_owned(),
    }
}

fn about(input: &InspectionInput<'_>) -> String {
    let kind = match input.assessment.frame.nature {
        Nature::Assessment => "Inspection by checklist",
        Nature::Example => "Example of an inspection by checklist",
    };
    format!(
        "{kind}: {} {}",
        input.checklist.title, input.checklist.version
    )
}

fn headline(input: &InspectionInput<'_>) -> String {
    let tally = input.overview.tally;
    format!(
        "{}: of {} about sharing records the inspector finds {} met, {} partly met and {} not met",
        input.assessment.frame.organisation.name,
        count(tally.applicable(), "question", "questions"),
        tally.met,
        tally.partly_met,
        tally.not_met
    )
}

/// The same as sentences, for machines.
pub(super) fn notices(assessment: &Assessment) -> Vec<String> {
    let banners = banners(assessment).into_iter();
    banners.map(|banner| banner.text).collect()
}

fn banners(assessment: &Assessment) -> Vec<Banner> {
    let mut banners = Vec::new();
    if assessment.frame.nature == Nature::Example {
        banners.push(Banner {
            label: "Example",
            text: "Example: the organisation, the people and every finding are invented."
                .to_owned(),
        });
    }
    let mocks = assessment.runs.iter();
    let mocks = mocks
        .filter(|run| run.standing == RunStanding::Mock)
        .count();
    if mocks > 0 {
        banners.push(Banner {
            label: "Mock system",
            text: format!(
                "Mock system: {} shown here {} against a mock system. It says nothing about this organisation and \
                 is not evidence.",
                count(mocks, "test", "tests"),
                if mocks == 1 { "was" } else { "were" }
            ),
        });
    }
    banners
}

fn first(assessment: &Assessment) -> Option<First> {
    let mut all: Vec<_> = assessment.actions.iter().collect();
    all.retain(|action| action.urgency == plumbline_inspect::Urgency::Must);
    all.sort_by_key(|action| (action.due.clone(), action.id.clone()));
    let rest = all.len().saturating_sub(3);
    let items: Vec<FirstAction> = all
        .iter()
        .take(3)
        .enumerate()
        .map(|(at, action)| FirstAction {
            number: at + 1,
            text: action.text.clone(),
            owner: action.owner.clone(),
            due: format!("by {}", day(action.due.as_str())),
        })
        .collect();
    (!items.is_empty()).then(|| First {
        title: format!("What must happen first: {} of {}", items.len(), all.len()),
        items,
        rest: if rest == 0 {
            String::new()
        } else {
            format!(
                "{} that must happen",
                count(rest, "more action", "more actions")
            )
        },
    })
}

fn figures(input: &InspectionInput<'_>) -> Vec<Figure> {
    let overview = input.overview;
    let (tally, essential, gaps) = (overview.tally, overview.essential, overview.gaps);
    let line = |value: usize, name: &str| (value.to_string(), name.to_owned());
    let unjudged: Vec<(String, String)> = [
        (tally.not_enough, Standing::NotEnough),
        (tally.not_assessed, Standing::NotAssessed),
        (tally.not_applicable, Standing::NotApplicable),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, standing)| line(n, &standing.label().to_lowercase()))
    .collect();
    let (records, independent) = records(input.assessment);
    vec![
        Figure {
            label: "Judged on enough evidence",
            value: format!(
                "{} of {}",
                tally.judged(),
                count(tally.applicable(), "question", "questions")
            ),
            lines: unjudged,
            note: String::new(),
        },
        Figure {
            label: "Essential questions",
            value: String::new(),
            lines: vec![
                line(essential.met, "met"),
                line(essential.partly_met, "partly met"),
                line(essential.not_met, "not met"),
            ],
            note: format!("of {} that apply", essential.applicable()),
        },
        Figure {
            label: "The organisation's own answer",
            value: String::new(),
            lines: vec![
                line(gaps.own_higher, "higher than the inspector's"),
                line(gaps.same, "the same"),
                line(gaps.own_lower, "lower"),
            ],
            note: format!("{} not comparable", gaps.not_comparable),
        },
        Figure {
            label: "Evidence",
            value: count(records, "record", "records"),
            lines: Vec::new(),
            note: format!(
                "{independent} of {records} not supplied by the organisation or a supplier"
            ),
        },
    ]
}

/// How many records of evidence stand, and how many of them the organisation did not supply.
fn records(assessment: &Assessment) -> (usize, usize) {
    let all = assessment.evidence.values().flatten();
    let standing: Vec<_> = all
        .filter(|e| assessment.replacement(&e.id).is_none())
        .collect();
    let independent = standing.iter().filter(|e| e.is_independent()).count();
    (standing.len(), independent)
}

fn sure(input: &InspectionInput<'_>) -> Vec<String> {
    let mut lines = vec![
        "Judgements are the inspector's. The own answers are the organisation's. Nothing computes either.".to_owned(),
        "A judgement is shown only where it rests on two kinds of evidence, one of them not supplied by the organisation."
            .to_owned(),
    ];
    let own = input.assessment.runs.iter();
    let own = own
        .filter(|run| run.standing == RunStanding::Evidence)
        .count();
    lines.push(match own {
        0 => "No test of the organisation's own running system is among the evidence.".to_owned(),
        own => format!(
            "{} of the organisation's own running system {} among the evidence.",
            count(own, "test", "tests"),
            if own == 1 { "is" } else { "are" }
        ),
    });
    lines
}

fn facts(input: &InspectionInput<'_>, dated: &str) -> Vec<(&'static str, String)> {
    let frame = &input.assessment.frame;
    let visited: Vec<String> = frame.visited.iter().map(|d| day(d.as_str())).collect();
    let mut facts = vec![
        (
            "Organisation",
            format!(
                "{}, code {}",
                frame.organisation.name, frame.organisation.code
            ),
        ),
        ("What was looked at", frame.scope.clone()),
    ];
    if let Some(opened) = &frame.opened {
        facts.push(("Opened", day(opened.as_str())));
    }
    if !visited.is_empty() {
        facts.push(("Visited", visited.join(", ")));
    }
    facts.push(("Report", dated.to_owned()));
    for member in &frame.team {
        facts.push(("Team", format!("{}, who {}", member.role, member.did)));
    }
    facts.push((
        "Checklist",
        format!(
            "{} ({}), version {}, sources read {}",
            input.checklist.title,
            frame.checklist.id,
            frame.checklist.version,
            day(input.checklist.last_checked.as_str())
        ),
    ));
    facts
}

fn method(input: &InspectionInput<'_>) -> Vec<(&'static str, String)> {
    let frame = &input.assessment.frame;
    vec![
        ("Plumbline", input.plumbline.to_owned()),
        (
            "Checklist",
            format!("{} {}", frame.checklist.id, frame.checklist.version),
        ),
        (
            "Fingerprint of the checklist (SHA-256)",
            frame.checklist.fingerprint.clone(),
        ),
        ("Form of the assessment", frame.format.to_string()),
        (
            "Change since an earlier assessment",
            "not shown: this version compares no two assessments".to_owned(),
        ),
        (
            "Signature",
            "none: this page is not signed, and shows what the folder of the assessment holds"
                .to_owned(),
        ),
    ]
}
