//! Evidence: one record for each thing that was seen, read, said or measured. Records are only ever added.
//! Not for what follows from them: a judgement is made by a person, in another file.

use crate::checklist::ItemId;
use crate::day::Day;
use crate::words::{
    Category, EvidenceType, MeasureKind, RunEnd, RunStanding, Strength, SuppliedBy, Weighs,
    Withheld,
};
use plumbline_model::{Environment, RequirementId, SubjectKind};
use serde::{Deserialize, Serialize};

/// How the requirements of a pack that speak of an item stand in one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleCounts {
    /// Met.
    pub met: usize,
    /// Required and broken.
    pub broken: usize,
    /// Recommended and broken.
    pub advised: usize,
    /// Could not be decided.
    pub undecided: usize,
    /// Not tested in this run, or outside the scope that was declared before it.
    pub not_tested: usize,
}

impl RuleCounts {
    /// Rules that the run tested.
    pub const fn tested(self) -> usize {
        self.met + self.broken + self.advised + self.undecided
    }
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Id; begins with the id of its item.
    pub id: String,
    /// Which of the six places it comes from.
    pub category: Category,
    /// Its form.
    #[serde(rename = "type")]
    pub kind: EvidenceType,
    /// Who supplied it.
    pub supplied_by: SuppliedBy,
    /// The role of who said, wrote or showed it; never a name.
    pub source_role: String,
    /// When.
    pub captured_at: Day,
    /// The role of who took it down.
    pub captured_by: String,
    /// How.
    pub method: String,
    /// Where, such as "live, read only" or a ward; may be empty.
    #[serde(default)]
    pub environment: String,
    /// How many were looked at; absent where there is no sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_n: Option<u64>,
    /// Out of which; may be empty.
    #[serde(default)]
    pub sample_frame: String,
    /// What was found.
    pub finding: String,
    /// How strong it is.
    pub strength: Strength,
    /// Which way it points.
    pub weighs: Weighs,
    /// Where the thing itself can be found; may be empty.
    #[serde(default)]
    pub reference: String,
    /// SHA-256 of the thing itself; may be empty.
    #[serde(default)]
    pub hash: String,
    /// Ids of earlier records of the item that this one corrects.
    #[serde(default)]
    pub replaces: Vec<String>,
    /// The run it comes from; written by `plumbline inspect fill` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The requirements concerned, for a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<RuleCounts>,
    /// Requirements that the run shows broken.
    #[serde(default)]
    pub broken_rules: Vec<RequirementId>,
}

impl Evidence {
    /// Whether the organisation did not supply it: a test, something the inspector watched, or the word of a
    /// partner or a patient.
    pub fn is_independent(&self) -> bool {
        match self.supplied_by {
            SuppliedBy::Partner | SuppliedBy::Patient | SuppliedBy::Test => true,
            SuppliedBy::Inspector => self.kind == EvidenceType::Observation,
            SuppliedBy::Organisation | SuppliedBy::Supplier => false,
        }
    }
}

/// What was looked at and is no evidence about the organisation: a run on a product, or on a mock system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// Id; begins with the id of its item.
    pub id: String,
    /// Why it is no evidence.
    pub standing: RunStanding,
    /// The run.
    pub run: String,
    /// When.
    pub captured_at: Day,
    /// What it says.
    pub finding: String,
    /// The requirements concerned.
    pub rules: RuleCounts,
    /// Requirements that the run shows broken.
    #[serde(default)]
    pub broken_rules: Vec<RequirementId>,
}

/// What an assessment keeps of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunFacts {
    /// Id of the run.
    pub id: String,
    /// What it is worth here.
    pub standing: RunStanding,
    /// When it started, RFC 3339, UTC.
    pub started: String,
    /// Whether it came to its end.
    pub end: RunEnd,
    /// Product or deployment.
    pub subject: SubjectKind,
    /// Code of the organisation; empty for a product.
    #[serde(default)]
    pub ods_code: String,
    /// Supplier.
    pub supplier: String,
    /// Product.
    pub product: String,
    /// Version.
    pub version: String,
    /// Where the target runs.
    pub environment: Environment,
    /// Name of the mock; empty where it is none.
    #[serde(default)]
    pub mock: String,
    /// Id of the pack.
    pub pack: String,
    /// Title of the pack.
    pub pack_title: String,
    /// Version of the pack.
    pub pack_version: String,
    /// Edition and its status, in words.
    pub edition: String,
    /// SHA-256 of the record of the run.
    pub record_sha256: String,
}

/// One figure of live operation, as aggregate counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The item it speaks of.
    pub item: ItemId,
    /// What is measured, in words.
    pub name: String,
    /// What kind of figure.
    pub kind: MeasureKind,
    /// Numerator; absent where it is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<u64>,
    /// Denominator; absent where it is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<u64>,
    /// What is withheld because so few could point to somebody.
    pub withheld: Withheld,
    /// What is counted, such as "letters".
    pub unit: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Where the figures come from.
    pub source: String,
    /// Who supplied them.
    pub supplied_by: SuppliedBy,
    /// Id of the evidence record that states it.
    pub evidence: String,
}
