//! The scorecard: what reports show. Made by `score`, a pure function of record, pack and policy.
//! Every figure keeps its numerator and denominator; nothing here is a bare percentage.

use crate::domain::{Domain, InteropLevel};
use crate::finding::Finding;
use crate::ids::{Capability, ExchangeId, RequirementId, ScenarioId};
use crate::requirement::Requirement;
use crate::verdict::{RunStatus, Verdict};
use serde::{Deserialize, Serialize};

/// `met` of `of`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many.
    pub met: usize,
    /// Of how many.
    pub of: usize,
}

/// A score from 0 to 100 in tenths, with the bounds that the unknowns allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// On what is decided, in tenths of a point; `None` if nothing is.
    pub decided_tenths: Option<u16>,
    /// If every unknown failed.
    pub low_tenths: u16,
    /// If every unknown passed.
    pub high_tenths: u16,
}

/// How the tested, required rules of a group stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Pass (a SHALL that is met).
    pub pass: usize,
    /// Fail.
    pub fail: usize,
    /// Error, Skip or Review.
    pub undecided: usize,
}

impl Tally {
    /// Rules in scope and tested.
    pub const fn tested(self) -> usize {
        self.pass + self.fail + self.undecided
    }
}

/// One requirement and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementResult {
    /// The requirement.
    pub requirement: Requirement,
    /// Roll-up of its scored scenarios; `None` if no scored scenario of the run carries it.
    pub verdict: Option<Verdict>,
    /// Whether its capability is in the declared scope.
    pub in_scope: bool,
    /// Its scored scenarios.
    pub scenarios: Vec<ScenarioId>,
    /// Its advisory scenarios with their verdicts; never counted.
    pub advisory: Vec<(ScenarioId, Verdict)>,
}

/// A domain's share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainScore {
    /// The domain.
    pub domain: Domain,
    /// Required rules.
    pub tally: Tally,
    /// Severity-weighted score of the required rules.
    pub score: Score,
}

/// A level's share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelScore {
    /// The level.
    pub level: InteropLevel,
    /// Required rules.
    pub tally: Tally,
}

/// One cell of the heat map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeatCell {
    /// Row.
    pub domain: Domain,
    /// Column.
    pub capability: Capability,
    /// Whether the capability is claimed.
    pub claimed: bool,
    /// Required rules.
    pub tally: Tally,
}

/// Findings that one repair is likely to clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingGroup {
    /// Stable anchor, such as `finding-1`.
    pub anchor: String,
    /// The requirement judged worst in the group.
    pub requirement: RequirementId,
    /// The verdict that the group gives that requirement.
    pub verdict: Verdict,
    /// Every requirement it touches.
    pub requirements: Vec<RequirementId>,
    /// Scenarios in which it was seen.
    pub scenarios: Vec<ScenarioId>,
    /// The finding that stands for all.
    pub example: Finding,
    /// The step (text and place) in which the example was seen.
    pub step: String,
    /// Feature file and line of that step.
    pub feature: String,
    /// Exchange of the example.
    pub exchange: Option<ExchangeId>,
    /// How many findings it holds.
    pub findings: usize,
}

/// Everything a report shows about a run besides the record itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scorecard {
    /// Status of the run.
    pub status: RunStatus,
    /// The status as one sentence, with counts, edition and what is not tested.
    pub sentence: String,
    /// Required rules in scope and carried by a scored scenario.
    pub required: Tally,
    /// Required rules in scope that the pack or the selection does not test.
    pub required_not_tested: usize,
    /// Required rules outside the declared scope.
    pub required_out_of_scope: usize,
    /// Decided required rules of those tested.
    pub coverage: Count,
    /// SHOULD rules met, of those decided.
    pub good_practice: Count,
    /// SHOULD rules in scope and tested but undecided.
    pub good_practice_undecided: usize,
    /// Geometric mean of the domains.
    pub overall: Score,
    /// Band, or why there is none; never shown without the domains.
    pub band: String,
    /// Domains that have a tested required rule, in the order of [`Domain`].
    pub domains: Vec<DomainScore>,
    /// Foundational, structural, semantic.
    pub levels: Vec<LevelScore>,
    /// Heat map, by domain and then capability.
    pub heat: Vec<HeatCell>,
    /// Every requirement of the pack, by id.
    pub requirements: Vec<RequirementResult>,
    /// Failures first, then warnings, then what needs review; worst first.
    pub groups: Vec<FindingGroup>,
    /// What stands in the way of a decision, grouped likewise.
    pub undecided: Vec<FindingGroup>,
    /// Whether somebody signed the severities off; if not, they are planning defaults.
    pub severities_signed_off: bool,
    /// What was not checked, each one sentence.
    pub not_checked: Vec<String>,
}
