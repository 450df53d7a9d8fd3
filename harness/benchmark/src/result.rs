//! The reduced result of one run: what a comparison needs, and nothing that could name a patient.
//! Not for judging: every verdict and tally comes from the scorecard.

use crate::day::Day;
use crate::number::Proportion;
use plumbline_model::record::PackRef;
use plumbline_model::{
    Capability, Domain, EditionStatus, Environment, Level, PackId, RequirementId, RunRecord,
    RunStatus, Scorecard, Severity, Subject, SubjectKind, Verdict,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The four kinds of result. They may stand on one page; they are never added or compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResultKind {
    /// A version of a supplier's product.
    Product,
    /// A system as it runs at one organisation.
    Deployment,
    /// A judgement by an inspector.
    Inspection,
    /// Measures of live operation.
    Performance,
}

impl ResultKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Product,
        Self::Deployment,
        Self::Inspection,
        Self::Performance,
    ];

    /// The word in files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Deployment => "deployment",
            Self::Inspection => "inspection",
            Self::Performance => "performance",
        }
    }

    /// Reads the word in files.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }
}

impl From<SubjectKind> for ResultKind {
    fn from(kind: SubjectKind) -> Self {
        match kind {
            SubjectKind::Product => Self::Product,
            SubjectKind::Deployment => Self::Deployment,
        }
    }
}

/// Whether results are of the real world or invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// From a run of Plumbline.
    Run,
    /// Invented by the generator, with known truths.
    Synthetic,
}

impl Origin {
    /// The word in files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Synthetic => "synthetic",
        }
    }
}

/// The pack of a result, reduced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPack {
    /// Id.
    pub id: PackId,
    /// Title.
    pub title: String,
    /// Version of the pack.
    pub version: String,
    /// Editions of its standards, joined in the order of the pack.
    pub edition: String,
    /// The weakest status of its editions: in force only if all are.
    pub edition_status: EditionStatus,
    /// SHA-256 over the pack's files.
    pub fingerprint: String,
}

impl StoredPack {
    /// What is compared only with itself.
    pub fn key(&self) -> PackKey {
        PackKey {
            id: self.id.clone(),
            version: self.version.clone(),
            edition: self.edition.clone(),
            fingerprint: self.fingerprint.clone(),
        }
    }
}

impl From<&PackRef> for StoredPack {
    fn from(pack: &PackRef) -> Self {
        let statuses = || {
            pack.standards
                .iter()
                .map(|standard| standard.edition_status)
        };
        let weakest = [
            EditionStatus::Superseded,
            EditionStatus::Unconfirmed,
            EditionStatus::Draft,
            EditionStatus::InForce,
        ]
        .into_iter()
        .find(|status| statuses().any(|s| s == *status))
        // A pack without a standard is of no edition that anybody could confirm.
        .unwrap_or(EditionStatus::Unconfirmed);
        Self {
            id: pack.id.clone(),
            title: pack.title.clone(),
            version: pack.version.clone(),
            edition: pack
                .standards
                .iter()
                .map(|standard| format!("{} {}", standard.id, standard.edition))
                .collect::<Vec<_>>()
                .join("; "),
            edition_status: weakest,
            fingerprint: pack.fingerprint.clone(),
        }
    }
}

/// What makes two results comparable as to their pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PackKey {
    /// Id.
    pub id: PackId,
    /// Version of the pack.
    pub version: String,
    /// Editions.
    pub edition: String,
    /// SHA-256 over the pack's files.
    pub fingerprint: String,
}

/// The required rules of one domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainResult {
    /// The domain.
    pub domain: Domain,
    /// Required rules that are met.
    pub met: u32,
    /// Required rules that are broken.
    pub broken: u32,
    /// Required rules that nobody could decide.
    pub undecided: u32,
}

/// One rule of a pack, as far as comparisons need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Id.
    pub id: RequirementId,
    /// The rule in our words.
    pub title: String,
    /// How binding it is.
    pub level: Level,
    /// Severity of its failure; a planning default.
    pub severity: Severity,
    /// Subject matter.
    pub domain: Domain,
}

/// One rule and its verdict. Results of one pack share their rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementVerdict {
    /// The rule.
    pub rule: Arc<Rule>,
    /// The verdict; only requirements in scope and carried by a scored scenario are stored.
    pub verdict: Verdict,
}

/// Sampled messages of one domain at one organisation: a sample, so intervals make sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampledMessages {
    /// The domain.
    pub domain: Domain,
    /// Messages that kept every required rule of the domain, of those sampled.
    pub messages: Proportion,
    /// Over how many days the sample was drawn.
    pub days: u16,
}

/// The number of the form in which a result is stored.
pub const RESULT_FORMAT: u32 = 1;

/// The reduced result of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRun {
    /// [`RESULT_FORMAT`].
    pub format: u32,
    /// Id of the run.
    pub run_id: String,
    /// Version of Plumbline that made the run.
    pub plumbline: String,
    /// Day on which the run started, UTC.
    pub started: Day,
    /// Kind of result.
    pub kind: ResultKind,
    /// Real or invented.
    pub origin: Origin,
    /// Whether the run came to its end.
    pub completed: Completed,
    /// What was tested.
    pub subject: Subject,
    /// Where it runs.
    pub environment: Environment,
    /// Name of the mock, if the result says nothing about a real product.
    pub mock: Option<String>,
    /// The pack.
    pub pack: StoredPack,
    /// Capabilities declared before the run, sorted.
    pub scope: Vec<Capability>,
    /// Tag expression that chose the scenarios; empty for all.
    pub selection: String,
    /// Status of the run.
    pub status: RunStatus,
    /// Required rules by domain, in the order of [`Domain`].
    pub domains: Vec<DomainResult>,
    /// Verdicts, by requirement id.
    pub requirements: Vec<RequirementVerdict>,
    /// Sampled messages by domain; empty where nothing was sampled.
    pub samples: Vec<SampledMessages>,
}

/// Whether a run came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Completed {
    /// It did.
    Whole,
    /// It ended early.
    Partly,
}

/// Why a record cannot become a stored result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReduceError {
    /// The start of the run is not a time.
    #[error("the run {run_id} has the start `{started}`, which is not a time")]
    Start {
        /// The run.
        run_id: String,
        /// What it has.
        started: String,
    },
}

impl StoredRun {
    /// Reduces a record and its scorecard; both must be of the same run.
    pub fn reduce(record: &RunRecord, scorecard: &Scorecard) -> Result<Self, ReduceError> {
        let started = Day::parse(&record.started).ok_or_else(|| ReduceError::Start {
            run_id: record.run_id.clone(),
            started: record.started.clone(),
        })?;
        let requirements = scorecard
            .requirements
            .iter()
            .filter(|result| result.in_scope)
            .filter_map(|result| {
                Some(RequirementVerdict {
                    rule: Arc::new(Rule {
                        id: result.requirement.id.clone(),
                        title: result.requirement.title.clone(),
                        level: result.requirement.level,
                        severity: result.requirement.severity,
                        domain: result.requirement.domain,
                    }),
                    verdict: result.verdict?,
                })
            })
            .collect();
        let domains = scorecard
            .domains
            .iter()
            .map(|score| DomainResult {
                domain: score.domain,
                met: small(score.tally.pass),
                broken: small(score.tally.fail),
                undecided: small(score.tally.undecided),
            })
            .collect();
        Ok(Self {
            format: RESULT_FORMAT,
            run_id: record.run_id.clone(),
            plumbline: record.plumbline.clone(),
            started,
            kind: record.subject.kind.into(),
            origin: Origin::Run,
            completed: if record.completion.is_complete() {
                Completed::Whole
            } else {
                Completed::Partly
            },
            subject: record.subject.clone(),
            environment: record.environment,
            mock: record.mock_name().map(str::to_owned),
            pack: StoredPack::from(&record.pack),
            scope: record.scope.clone(),
            selection: record.selection.clone(),
            status: scorecard.status,
            domains,
            requirements,
            samples: Vec::new(),
        })
    }

    /// Whether this says nothing about a real product.
    pub const fn is_mock(&self) -> bool {
        self.mock.is_some() || matches!(self.environment, Environment::Mock)
    }
}

/// Counts of rules are far below this; a count that is not is held at it.
fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
