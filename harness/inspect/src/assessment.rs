//! An assessment as its folder of text files holds it, read and checked against its checklist.
//! Not for IO: the caller reads the files. Not for judging: see `overview` for what follows by rule.

use crate::checklist::{Checklist, ItemId};
use crate::day::{Day, maybe};
use crate::evidence::{Evidence, Measure, RunFacts, SetAside};
use crate::words::{Confidence, GroupRating, Nature, PointKind, PointOutcome, Status, Urgency};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The files of an assessment folder by name within it, such as `answers/A1.toml`.
pub type Folder = BTreeMap<String, Vec<u8>>;

/// The form of assessment.toml that this version reads and writes.
pub const ASSESSMENT_FORMAT: u32 = 1;

/// The checklist that an assessment was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistRef {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
    /// SHA-256 of its file.
    pub fingerprint: String,
}

/// Who is assessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// ODS code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// Somebody of the team, by role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Role, never a name.
    pub role: String,
    /// What the person did.
    pub did: String,
}

/// The page in plain English that the inspector writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Role of who wrote it.
    #[serde(default)]
    pub written_by: String,
    /// Paragraphs.
    #[serde(default)]
    pub text: Vec<String>,
    /// What it means for patients, paragraphs.
    #[serde(default)]
    pub patients: Vec<String>,
}

/// assessment.toml.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// [`ASSESSMENT_FORMAT`].
    pub format: u32,
    /// Whether it is about a real organisation.
    pub nature: Nature,
    /// What was looked at.
    pub scope: String,
    /// When it began.
    #[serde(deserialize_with = "maybe")]
    pub opened: Option<Day>,
    /// Days on site.
    #[serde(default)]
    pub visited: Vec<Day>,
    /// Date of the report.
    #[serde(deserialize_with = "maybe")]
    pub reported: Option<Day>,
    /// What was not looked at.
    #[serde(default)]
    pub not_looked_at: Vec<String>,
    /// The organisation.
    pub organisation: Organisation,
    /// The checklist.
    pub checklist: ChecklistRef,
    /// The team, by role.
    #[serde(default)]
    pub team: Vec<Member>,
    /// The summary.
    #[serde(default)]
    pub summary: Summary,
}

/// The organisation's own answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnAnswer {
    /// The answer.
    pub status: Status,
    /// Why.
    pub reason: String,
    /// Evidence it points to.
    pub evidence: Vec<String>,
}

/// The inspector's judgement. Made by a person; nothing computes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The judgement.
    pub status: Status,
    /// Why.
    pub reason: String,
    /// Evidence it rests on.
    pub evidence: Vec<String>,
    /// How sure.
    pub confidence: Confidence,
    /// Role of who judged.
    pub judged_by: String,
    /// When.
    pub judged_on: Option<Day>,
    /// Role of who reviewed it; may be empty.
    pub reviewed_by: String,
}

/// Another view within the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dissent {
    /// Role of who differs.
    pub role: String,
    /// What that person would have judged.
    pub status: Status,
    /// Why.
    pub reason: String,
}

/// Both answers to one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The organisation's.
    pub own: OwnAnswer,
    /// The inspector's.
    pub inspector: Judgement,
    /// Other views.
    pub dissent: Vec<Dissent>,
}

/// The inspector's rating of a group. Made by a person; nothing computes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupJudgement {
    /// The rating.
    pub rating: GroupRating,
    /// Why.
    pub reason: String,
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Id.
    pub id: String,
    /// How pressing.
    pub urgency: Urgency,
    /// What is to be done.
    pub text: String,
    /// Role of who owns it.
    pub owner: String,
    /// By when.
    pub due: Day,
    /// Items it serves.
    pub items: Vec<String>,
}

/// Something that others could copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// What.
    pub text: String,
    /// Items it belongs to.
    pub items: Vec<String>,
}

/// Something about how the organisation and a supplier work together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupplierFinding {
    /// The supplier or product concerned.
    pub about: String,
    /// What was found.
    pub text: String,
    /// Ids of evidence.
    pub evidence: Vec<String>,
}

/// Something that the organisation said of the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Item; empty for the report as a whole.
    #[serde(default)]
    pub item: String,
    /// What it is about.
    pub kind: PointKind,
    /// What the organisation says.
    pub says: String,
    /// Role of who says it.
    pub by: String,
    /// When.
    pub on: Day,
    /// What became of it.
    pub outcome: PointOutcome,
    /// The inspector's answer, and what was changed.
    #[serde(default)]
    pub answer: String,
}

/// The check for factual accuracy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    /// When the draft was sent.
    pub sent: Option<Day>,
    /// Until when the organisation can answer.
    pub closes: Option<Day>,
    /// What it said.
    pub points: Vec<Point>,
}

/// Everything an assessment folder holds, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// assessment.toml.
    pub frame: Frame,
    /// Answers, by item.
    pub answers: BTreeMap<ItemId, Answer>,
    /// Ratings, by group.
    pub groups: BTreeMap<String, GroupJudgement>,
    /// Evidence, by item, in the order of the file.
    pub evidence: BTreeMap<ItemId, Vec<Evidence>>,
    /// What is no evidence, by item.
    pub set_aside: BTreeMap<ItemId, Vec<SetAside>>,
    /// Runs, in the order in which they were filled in.
    pub runs: Vec<RunFacts>,
    /// Measures, in the order in which they were filled in.
    pub measures: Vec<Measure>,
    /// Actions.
    pub actions: Vec<Action>,
    /// Good practice.
    pub practice: Vec<Practice>,
    /// Findings about suppliers.
    pub supplier: Vec<SupplierFinding>,
    /// Factual accuracy.
    pub response: Response,
}

impl Assessment {
    /// The record of evidence with this id.
    pub fn evidence(&self, id: &str) -> Option<&Evidence> {
        self.evidence.values().flatten().find(|e| e.id == id)
    }

    /// The record that corrects the one with this id, if any.
    pub fn replacement(&self, id: &str) -> Option<&Evidence> {
        let mut all = self.evidence.values().flatten();
        all.find(|e| e.replaces.iter().any(|old| old == id))
    }

    /// The run with this id.
    pub fn run(&self, id: &str) -> Option<&RunFacts> {
        self.runs.iter().find(|run| run.id == id)
    }

    /// Items of the checklist with their answers, in the order of the checklist.
    pub fn answered<'a>(
        &'a self,
        checklist: &'a Checklist,
    ) -> impl Iterator<Item = (&'a crate::checklist::Item, &'a Answer)> {
        let answer = |id: &ItemId| self.answers.get(id);
        let items = checklist.items.iter();
        items.filter_map(move |item| Some((item, answer(&item.id)?)))
    }
}
