//! The report for machines. Its shape is published in schema/report-1.schema.json.
//! Not for evidence: exchanges and steps stay in the run record.

use crate::format::{ReportError, ReportInput};
use crate::validity::Validity;
use plumbline_model::record::Software;
use plumbline_model::scorecard::Scorecard;
use plumbline_model::{
    Capability, Completion, Environment, PackRef, RequirementId, RunRecord, ScenarioId, Subject,
    Verdict,
};
use serde::Serialize;
use std::io::Write;

/// The format number of the JSON report.
pub const REPORT_FORMAT: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    format: u32,
    kind: &'static str,
    edition: String,
    mock: Option<MockStamp<'a>>,
    judgement: &'static str,
    run: Run<'a>,
    scorecard: &'a Scorecard,
    validity: Validity,
    scenarios: Vec<Scenario<'a>>,
}

#[derive(Serialize)]
struct MockStamp<'a> {
    name: &'a str,
    statement: &'static str,
}

#[derive(Serialize)]
struct Run<'a> {
    id: &'a str,
    plumbline: &'a str,
    started: &'a str,
    finished: &'a str,
    completion: &'a Completion,
    subject: &'a Subject,
    environment: Environment,
    software: &'a Software,
    pack: &'a PackRef,
    scope: &'a [Capability],
    selection: &'a str,
    deselected: &'a [ScenarioId],
    exchanges: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejudged: Option<Rejudged<'a>>,
}

/// Where the evidence comes from, if it was judged again.
#[derive(Serialize)]
struct Rejudged<'a> {
    statement: String,
    evidence: &'a plumbline_model::Rejudged,
}

#[derive(Serialize)]
struct Scenario<'a> {
    id: &'a ScenarioId,
    name: &'a str,
    requirement: &'a RequirementId,
    capability: &'a Capability,
    scored: bool,
    verdict: Verdict,
    feature: &'a str,
    line: u32,
}

fn rejudged(record: &RunRecord) -> Option<Rejudged<'_>> {
    Some(Rejudged {
        statement: record.rejudged_words()?,
        evidence: record.rejudged.as_ref()?,
    })
}

pub(crate) fn write(input: &ReportInput<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    let record = input.record;
    let report = Report {
        format: REPORT_FORMAT,
        kind: "plumbline-report",
        edition: record.pack.edition_words(),
        mock: record.mock_name().map(|name| MockStamp {
            name,
            statement: "This result says nothing about a real product.",
        }),
        judgement: crate::view::JUDGEMENT,
        run: Run {
            id: &record.run_id,
            plumbline: &record.plumbline,
            started: &record.started,
            finished: &record.finished,
            completion: &record.completion,
            subject: &record.subject,
            environment: record.environment,
            software: &record.software,
            pack: &record.pack,
            scope: &record.scope,
            selection: &record.selection,
            deselected: &record.deselected,
            exchanges: record.exchanges.len(),
            rejudged: rejudged(record),
        },
        scorecard: input.scorecard,
        validity: Validity::of(record),
        scenarios: record
            .scenarios
            .iter()
            .map(|s| Scenario {
                id: &s.id,
                name: &s.name,
                requirement: &s.requirement,
                capability: &s.capability,
                scored: s.scored,
                verdict: s.verdict,
                feature: &s.feature,
                line: s.line,
            })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")?;
    Ok(())
}
