//! The record of a run: everything that later stages may use.
//! The stored form has a format number; old records stay readable.

use crate::evidence::{Created, ExchangeRecord};
use crate::finding::Finding;
use crate::ids::{Capability, ExchangeId, PackId, RequirementId, ScenarioId};
use crate::rejudge::{Rejudged, TargetFacts};
use crate::requirement::EditionStatus;
use crate::subject::{Environment, Subject};
use crate::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The format number that this version writes. Since 2 an exchange says whether its body was checked
/// against the base specification of FHIR. Since 3 a record keeps what judging its evidence again
/// needs: [`RunRecord::target`] and [`ExchangeRecord::capture`].
pub const RECORD_FORMAT: u32 = 3;

/// The oldest format that this version reads.
pub const OLDEST_RECORD_FORMAT: u32 = 1;

/// The edition of a standard that a pack tests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardRef {
    /// Id within the pack.
    pub id: String,
    /// Title.
    pub title: String,
    /// Edition.
    pub edition: String,
    /// Whether it binds today.
    pub edition_status: EditionStatus,
    /// Public address.
    pub url: String,
}

/// The pack that was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackRef {
    /// Id.
    pub id: PackId,
    /// Title.
    pub title: String,
    /// Version of the pack.
    pub version: String,
    /// Standards it tests.
    pub standards: Vec<StandardRef>,
    /// SHA-256 over the pack's files.
    pub fingerprint: String,
}

impl PackRef {
    /// "draft 0.1.0 of UK Core Access", for every sentence about conformance.
    pub fn edition_words(&self) -> String {
        self.standards
            .iter()
            .map(|s| match s.edition_status {
                EditionStatus::Draft => format!("draft {} of {}", s.edition, s.title),
                EditionStatus::InForce => format!("edition {} of {}, in force", s.edition, s.title),
                EditionStatus::Superseded => {
                    format!("superseded edition {} of {}", s.edition, s.title)
                }
                EditionStatus::Unconfirmed => {
                    format!("edition {} of {}, status unconfirmed", s.edition, s.title)
                }
            })
            .collect::<Vec<_>>()
            .join("; ")
    }
}

/// What the endpoint says of itself, or why that is not stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "kebab-case")]
pub enum Software {
    /// It said nothing that we could read.
    Unknown,
    /// CapabilityStatement.software, kept in mock and sandbox runs or where it equals the subject.
    Stated {
        /// Name.
        name: String,
        /// Version.
        version: String,
    },
    /// It differs from the declared subject and may not be stored; only its fingerprint is.
    Differs {
        /// SHA-256 of name and version.
        sha256: String,
    },
}

/// Whether the run came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Completion {
    /// Every planned scenario was run.
    Completed,
    /// It was ended early; what was not run is marked as interrupted.
    Incomplete {
        /// Why, in our words.
        why: String,
    },
}

impl Completion {
    /// Whether the run came to its end.
    pub const fn is_complete(&self) -> bool {
        match self {
            Self::Completed => true,
            Self::Incomplete { .. } => false,
        }
    }
}

/// What a step is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Given: a precondition.
    Setup,
    /// When: something is asked of the target.
    Action,
    /// Then: something is judged.
    Assertion,
}

/// What became of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Position in the scenario, from 0, background steps first.
    pub index: usize,
    /// What the step is for.
    pub kind: StepKind,
    /// Keyword and text as in the feature file.
    pub text: String,
    /// Line in the feature file.
    pub line: u32,
    /// The verdict; `None` for a setup or action that did its work.
    pub verdict: Option<Verdict>,
    /// How many things were looked at.
    pub observations: usize,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Exchanges made by the step.
    pub exchanges: Vec<ExchangeId>,
}

/// What became of one scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioRecord {
    /// Stable id.
    pub id: ScenarioId,
    /// Its title.
    pub name: String,
    /// The requirement it serves.
    pub requirement: RequirementId,
    /// Whether it counts; advisory scenarios are shown and never scored.
    pub scored: bool,
    /// The ability it belongs to.
    pub capability: Capability,
    /// Feature file within the pack.
    pub feature: String,
    /// Line of the scenario.
    pub line: u32,
    /// Roll-up of its steps.
    pub verdict: Verdict,
    /// Its steps.
    pub steps: Vec<StepRecord>,
}

/// Everything that later stages may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// [`RECORD_FORMAT`] when written by this version.
    pub format: u32,
    /// Version of Plumbline that made it.
    pub plumbline: String,
    /// Id of the run.
    pub run_id: String,
    /// When the run started, RFC 3339, UTC; the only clock in the record.
    pub started: String,
    /// When it ended.
    pub finished: String,
    /// Where the evidence comes from, if this judges that of an earlier run again. `started` and
    /// `finished` are then the times of that run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejudged: Option<Rejudged>,
    /// Whether it came to its end.
    pub completion: Completion,
    /// What was tested.
    pub subject: Subject,
    /// Where it runs.
    pub environment: Environment,
    /// The mock's name if anything of the target announced itself as a mock.
    pub mock: Option<String>,
    /// What the endpoint says of itself.
    pub software: Software,
    /// SHA-256 of the certificate that the endpoint showed, in hexadecimal digits, by the key of the
    /// base address. Empty where nothing was encrypted or no answer came.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub certificates: BTreeMap<String, String>,
    /// What of the target file judging again needs; none in formats before 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Box<TargetFacts>>,
    /// The pack.
    pub pack: PackRef,
    /// Capabilities declared before the run, sorted.
    pub scope: Vec<Capability>,
    /// Tag expression that chose the scenarios; empty for all.
    pub selection: String,
    /// Scenarios that the selection left out.
    pub deselected: Vec<ScenarioId>,
    /// How often the run was killed and went on.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub resumed: u32,
    /// What the run created in the target and what is left of it, in the order of the scenarios.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ledger: Vec<Created>,
    /// Scenarios, in the order of the pack.
    pub scenarios: Vec<ScenarioRecord>,
    /// Exchanges, by number.
    pub exchanges: Vec<ExchangeRecord>,
}

/// Whether nothing need be written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl RunRecord {
    /// What a record says of itself that judges the evidence of an earlier run again, for every place
    /// that shows its result.
    pub fn rejudged_words(&self) -> Option<String> {
        let earlier = self.rejudged.as_ref()?;
        // The record has the whole of each; a page has no room for a word of 64 letters.
        let short = |print: &str| print.chars().take(12).collect::<String>();
        Some(format!(
            "Judged again from stored evidence. The evidence is that of the run {}, made at {} by Plumbline \
             {} with version {} of the pack (fingerprint {}). It was judged by Plumbline {} with version {} \
             of the pack (fingerprint {}). Fingerprints are told by their first digits. Nothing was asked of the system again, and what had been \
             replaced before it was stored was not judged.",
            earlier.run_id,
            self.started,
            earlier.plumbline,
            earlier.pack_version,
            short(&earlier.pack_fingerprint),
            self.plumbline,
            self.pack.version,
            short(&self.pack.fingerprint)
        ))
    }

    /// The name of the mock, if this result says nothing about a real product.
    /// An environment declared as mock counts even where the target did not announce itself.
    pub fn mock_name(&self) -> Option<&str> {
        match (&self.mock, self.environment) {
            (Some(name), _) => Some(name),
            (None, Environment::Mock) => Some("a mock system"),
            (None, Environment::Sandbox | Environment::Integration | Environment::Live) => None,
        }
    }
}
