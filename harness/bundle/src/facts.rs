//! subject.json: what was tested, when, with what result, as facts that follow from record and report.
//! Not for judging: the result is the one that the report of the run gives.

use crate::layout::{BUNDLE_FORMAT, Compared, Tier};
use plumbline_model::record::{OLDEST_RECORD_FORMAT, RECORD_FORMAT};
use plumbline_model::rejudge::Rejudged;
use plumbline_model::scorecard::Tally;
use plumbline_model::{
    Capability, Completion, Environment, PackRef, RunRecord, RunStatus, ScenarioId, Software,
    Subject,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// What every result against a mock says. Bundles that are out in the world hold it: see [`BUNDLE_FORMAT`].
pub(crate) const MOCK_STATEMENT: &str = "This result says nothing about a real product.";
const KIND: &str = "plumbline-subject";

/// Bytes that are not the record of a run that this version reads.
#[derive(Debug, Error)]
pub enum RecordError {
    /// Not JSON, or JSON of another form.
    #[error("it does not have the form of the record of a run: {0}")]
    Form(serde_json::Error),
    /// A record without a format number.
    #[error("it has no record format: it is not the record of a run")]
    NoFormat,
    /// A format that this version does not read.
    #[error(
        "it has record format {0}; this version reads {OLDEST_RECORD_FORMAT} to {RECORD_FORMAT}"
    )]
    Format(u64),
    /// The answers come from a mock, and the record does not say so.
    #[error(
        "its answers say that they come from the mock system {0}, and it does not say so: it was changed after the run"
    )]
    MockHidden(String),
}

/// The mock that the stored answers name, where the record does not say that it was one.
pub fn hidden_mock(record: &RunRecord) -> Option<&str> {
    if record.mock_name().is_some() {
        return None;
    }
    let headers = record.exchanges.iter().flat_map(|e| &e.response_headers);
    headers
        .filter(|header| header.name.eq_ignore_ascii_case("x-plumbline-mock"))
        .map(|header| header.value.as_str())
        .next()
}

/// Reads a record of any format that this version knows.
pub fn record(bytes: &[u8]) -> Result<RunRecord, RecordError> {
    #[derive(Deserialize)]
    struct Head {
        format: Option<u64>,
    }
    let head: Head = serde_json::from_slice(bytes).map_err(RecordError::Form)?;
    let known = u64::from(OLDEST_RECORD_FORMAT)..=u64::from(RECORD_FORMAT);
    match head.format {
        Some(format) if known.contains(&format) => {
            let record: RunRecord = serde_json::from_slice(bytes).map_err(RecordError::Form)?;
            match hidden_mock(&record) {
                Some(mock) => Err(RecordError::MockHidden(mock.to_owned())),
                None => Ok(record),
            }
        }
        Some(format) => Err(RecordError::Format(format)),
        None => Err(RecordError::NoFormat),
    }
}

/// What the bundle needs of reports/report.json.
#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    pub kind: String,
    pub mock: Option<ReportMock>,
    pub run: ReportRun,
    pub scorecard: ReportScorecard,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ReportMock {
    pub name: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ReportRun {
    pub id: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ReportScorecard {
    status: RunStatus,
    sentence: String,
    required: Tally,
    required_not_tested: usize,
    required_out_of_scope: usize,
    not_checked: Vec<String>,
}

impl Report {
    /// Why this is not the report of that run, if it is not.
    pub fn stranger_to(&self, record: &RunRecord) -> Option<&'static str> {
        if self.kind != "plumbline-report" {
            Some("it is no report of Plumbline")
        } else if self.run.id != record.run_id {
            Some("it is about another run than record.json")
        } else if self.mock.as_ref().map(|m| m.name.as_str()) != record.mock_name() {
            Some("it does not say of the mock what record.json says")
        } else {
            None
        }
    }
}

/// A result that says nothing about a real product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MockStamp {
    /// The mock's name.
    pub name: String,
    /// What that means.
    pub statement: String,
}

/// Which run it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunFacts {
    /// Id of the run.
    pub id: String,
    /// When it started, RFC 3339, UTC.
    pub started: String,
    /// When it ended.
    pub finished: String,
    /// Version of Plumbline that made it.
    pub plumbline: String,
    /// How often it was killed and went on.
    pub resumed: u32,
    /// Whose evidence it judges again, if it does; start and end are then those of that run.
    pub rejudged: Option<Rejudged>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultFacts {
    /// Status of the run.
    pub status: RunStatus,
    /// The sentence of the scorecard.
    pub sentence: String,
    /// Required rules in scope and tested.
    pub required: Tally,
    /// Required rules in scope that were not tested.
    pub required_not_tested: usize,
    /// Required rules outside the declared scope.
    pub required_out_of_scope: usize,
    /// What was not checked, each one sentence.
    pub not_checked: Vec<String>,
}

/// What the bundle holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceFacts {
    /// How strong it is.
    pub tier: Tier,
    /// Format of the record.
    pub record_format: u32,
    /// How many scenarios were planned.
    pub scenarios: usize,
    /// How many exchanges are stored.
    pub exchanges: usize,
    /// Files that a run folder of today has and this one did not.
    pub left_out: Vec<String>,
    /// Whether the reports were compared with the record.
    pub reports: Compared,
}

/// Everything that is said of the run outside its record. The content of subject.json.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// [`BUNDLE_FORMAT`].
    pub format: u32,
    /// What kind of file this is.
    pub kind: String,
    /// What was tested, as declared.
    pub subject: Subject,
    /// Where it runs.
    pub environment: Environment,
    /// Set where this was no real product.
    pub mock: Option<MockStamp>,
    /// What the endpoint says of itself.
    pub software: Software,
    /// SHA-256 of the certificate of each endpoint.
    pub certificates: BTreeMap<String, String>,
    /// Whether the run came to its end.
    pub completion: Completion,
    /// Capabilities declared before the run.
    pub scope: Vec<Capability>,
    /// Tag expression that chose the scenarios; empty for all.
    pub selection: String,
    /// Scenarios that the selection left out.
    pub deselected: Vec<ScenarioId>,
    /// The pack.
    pub pack: PackRef,
    /// Which run.
    pub run: RunFacts,
    /// What came out.
    pub result: ResultFacts,
    /// What the bundle holds.
    pub evidence: EvidenceFacts,
}

impl Facts {
    /// The facts that follow from a record and its report.
    pub(crate) fn new(
        record: &RunRecord,
        report: ReportScorecard,
        left_out: Vec<String>,
        reports: Compared,
    ) -> Self {
        let mock = record.mock_name().map(|name| MockStamp {
            name: name.to_owned(),
            statement: MOCK_STATEMENT.to_owned(),
        });
        Self {
            format: BUNDLE_FORMAT,
            kind: KIND.to_owned(),
            subject: record.subject.clone(),
            environment: record.environment,
            software: record.software.clone(),
            certificates: record.certificates.clone(),
            completion: record.completion.clone(),
            scope: record.scope.clone(),
            selection: record.selection.clone(),
            deselected: record.deselected.clone(),
            pack: record.pack.clone(),
            run: RunFacts {
                id: record.run_id.clone(),
                started: record.started.clone(),
                finished: record.finished.clone(),
                plumbline: record.plumbline.clone(),
                resumed: record.resumed,
                rejudged: record.rejudged.clone(),
            },
            result: ResultFacts {
                status: report.status,
                sentence: report.sentence,
                required: report.required,
                required_not_tested: report.required_not_tested,
                required_out_of_scope: report.required_out_of_scope,
                not_checked: report.not_checked,
            },
            evidence: EvidenceFacts {
                tier: match mock {
                    Some(_) => Tier::Demonstration,
                    None => Tier::Automated,
                },
                record_format: record.format,
                scenarios: record.scenarios.len(),
                exchanges: record.exchanges.len(),
                left_out,
                reports,
            },
            mock,
        }
    }
}

/// Whether the lines of exchanges.ndjson are the exchanges of the record; if not, where they part.
pub(crate) fn differing_exchange(record: &RunRecord, lines: &[u8]) -> Option<usize> {
    let mut read = lines.split(|c| *c == b'\n').filter(|line| !line.is_empty());
    let mut at = 0;
    loop {
        match (record.exchanges.get(at), read.next()) {
            (None, None) => return None,
            (Some(exchange), Some(line)) => {
                let same = serde_json::from_slice(line).is_ok_and(|read| exchange == &read);
                if !same {
                    return Some(at + 1);
                }
            }
            (Some(_), None) | (None, Some(_)) => return Some(at + 1),
        }
        at += 1;
    }
}
