//! What changed between two runs: scenario by scenario, from the two records alone.
//! Not for judging: a verdict is taken as the record gives it.

use crate::facts::MOCK_STATEMENT;
use plumbline_model::{
    Completion, Environment, Finding, FindingKind, RequirementId, RunRecord, ScenarioId,
    ScenarioRecord, Subject, Verdict,
};
use serde::Serialize;
use std::collections::BTreeMap;
use thiserror::Error;

/// What may be compared although it is not like with like. By default nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Allow {
    /// Runs of different packs, or of different editions of one.
    OtherPack,
    /// A product with a deployment, or a mock with a real system.
    OtherKind,
}

/// Two runs cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Incomparable {
    /// Different packs.
    #[error("the runs are of different packs: {0} and {1}")]
    Packs(String, String),
    /// The same pack with other files.
    #[error("the runs are of the pack {0} with different files: {1} and {2}")]
    Editions(String, String, String),
    /// Product and deployment.
    #[error(
        "one run is of a {0}, the other of a {1}: these are never compared as if they were the same"
    )]
    Kinds(&'static str, &'static str),
    /// Mock and real system.
    #[error(
        "one run is of a mock system, the other is not: a mock says nothing about a real product"
    )]
    Mock,
}

/// What became of a scenario from the first run to the second. Worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It fails, and did not.
    NewlyFailing,
    /// It breaks good practice, and did not.
    NewlyWarning,
    /// It was decided and is not any more.
    NewlyUndecided,
    /// It failed before and fails now.
    StillFailing,
    /// It broke good practice and does so now.
    StillWarning,
    /// It was not decided and is not now.
    StillUndecided,
    /// It failed, or broke good practice, and is met now.
    Fixed,
    /// It was not decided and is met now.
    NewlyMet,
    /// It did not apply and is met now, or the other way round.
    ScopeChanged,
    /// Only the first run has it.
    OnlyInFirst,
    /// Only the second run has it.
    OnlyInSecond,
    /// Met before and now, or not applicable before and now.
    Unchanged,
}

impl Change {
    /// Every kind, in the order of [`Change`].
    pub const ALL: &[Self] = &[
        Self::NewlyFailing,
        Self::NewlyWarning,
        Self::NewlyUndecided,
        Self::StillFailing,
        Self::StillWarning,
        Self::StillUndecided,
        Self::Fixed,
        Self::NewlyMet,
        Self::ScopeChanged,
        Self::OnlyInFirst,
        Self::OnlyInSecond,
        Self::Unchanged,
    ];

    /// The words shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NewlyFailing => "Newly failing",
            Self::NewlyWarning => "Newly against good practice",
            Self::NewlyUndecided => "Not decided any more",
            Self::StillFailing => "Still failing",
            Self::StillWarning => "Still against good practice",
            Self::StillUndecided => "Still not decided",
            Self::Fixed => "Fixed",
            Self::NewlyMet => "Met, and not decided before",
            Self::ScopeChanged => "Scope changed",
            Self::OnlyInFirst => "Only in the first run",
            Self::OnlyInSecond => "Only in the second run",
            Self::Unchanged => "Unchanged",
        }
    }
}

/// A scenario and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What became of it.
    pub change: Change,
    /// Whether this makes the second run worse.
    pub regression: bool,
    /// The scenario.
    pub scenario: ScenarioId,
    /// Its title.
    pub name: String,
    /// The rule it serves.
    pub requirement: RequirementId,
    /// Whether it counts.
    pub scored: bool,
    /// In the first run.
    pub before: Option<Verdict>,
    /// In the second.
    pub after: Option<Verdict>,
    /// The first finding that explains the later verdict; empty if none does.
    pub why: String,
}

/// One of the two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Id of the run.
    pub run: String,
    /// When it started.
    pub started: String,
    /// What was tested.
    pub subject: Subject,
    /// Where.
    pub environment: Environment,
    /// The mock's name, if it was one.
    pub mock: Option<String>,
    /// Pack, version and edition in words.
    pub pack: String,
    /// Whether it came to its end.
    pub completion: Completion,
}

/// What changed between two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// What this file is.
    pub kind: &'static str,
    /// Its format.
    pub format: u32,
    /// Set where either run was against a mock.
    pub mock: Option<&'static str>,
    /// The first run.
    pub first: Side,
    /// The second run.
    pub second: Side,
    /// What to bear in mind, each one sentence.
    pub caveats: Vec<String>,
    /// How many scenarios of each kind.
    pub counts: BTreeMap<Change, usize>,
    /// How many scored scenarios are worse.
    pub regressions: usize,
    /// The scenarios, worst first, then by rule and id. Unchanged ones are only counted.
    pub rows: Vec<Row>,
}

/// Compares two runs.
pub fn diff(
    first: &RunRecord,
    second: &RunRecord,
    allowed: &[Allow],
) -> Result<Diff, Incomparable> {
    comparable(first, second, allowed)?;
    let before = by_id(first);
    let after = by_id(second);
    let mut ids: Vec<&ScenarioId> = before.keys().chain(after.keys()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut rows: Vec<Row> = ids
        .into_iter()
        .filter_map(|id| row(before.get(id).copied(), after.get(id).copied()))
        .collect();
    rows.sort_by(|a, b| {
        let key = |row: &Row| (row.change, row.requirement.clone(), row.scenario.clone());
        key(a).cmp(&key(b))
    });
    let mut counts: BTreeMap<Change, usize> = Change::ALL.iter().map(|c| (*c, 0)).collect();
    for row in &rows {
        *counts.entry(row.change).or_default() += 1;
    }
    let regressions = rows.iter().filter(|row| row.regression).count();
    rows.retain(|row| row.change != Change::Unchanged);
    let is_mock = first.mock_name().is_some() || second.mock_name().is_some();
    Ok(Diff {
        kind: "plumbline-diff",
        format: 1,
        mock: is_mock.then_some(MOCK_STATEMENT),
        first: side(first),
        second: side(second),
        caveats: caveats(first, second),
        counts,
        regressions,
        rows,
    })
}

fn comparable(a: &RunRecord, b: &RunRecord, allowed: &[Allow]) -> Result<(), Incomparable> {
    if !allowed.contains(&Allow::OtherPack) {
        if a.pack.id != b.pack.id {
            let (a, b) = (a.pack.id.to_string(), b.pack.id.to_string());
            return Err(Incomparable::Packs(a, b));
        }
        if a.pack.fingerprint != b.pack.fingerprint {
            let version = |r: &RunRecord| {
                let short: String = r.pack.fingerprint.chars().take(12).collect();
                format!("version {} ({short})", r.pack.version)
            };
            let pack = a.pack.id.to_string();
            return Err(Incomparable::Editions(pack, version(a), version(b)));
        }
    }
    if !allowed.contains(&Allow::OtherKind) {
        if a.subject.kind != b.subject.kind {
            let (a, b) = (a.subject.kind.label(), b.subject.kind.label());
            return Err(Incomparable::Kinds(a, b));
        }
        if a.mock_name().is_some() != b.mock_name().is_some() {
            return Err(Incomparable::Mock);
        }
    }
    Ok(())
}

fn by_id(record: &RunRecord) -> BTreeMap<&ScenarioId, &ScenarioRecord> {
    record.scenarios.iter().map(|s| (&s.id, s)).collect()
}

fn row(before: Option<&ScenarioRecord>, after: Option<&ScenarioRecord>) -> Option<Row> {
    let scenario = after.or(before)?;
    let change = match (before, after) {
        (Some(before), Some(after)) => change(class(before.verdict), class(after.verdict)),
        (Some(_), None) => Change::OnlyInFirst,
        (None, _) => Change::OnlyInSecond,
    };
    // What failed before and cannot be decided now is no worse than it was.
    let was = before.map(|s| class(s.verdict));
    let worse = match change {
        Change::NewlyFailing => true,
        Change::NewlyWarning => was != Some(Class::Fail),
        Change::NewlyUndecided => matches!(was, Some(Class::Pass | Class::Warning)),
        Change::StillFailing
        | Change::StillWarning
        | Change::StillUndecided
        | Change::Fixed
        | Change::NewlyMet
        | Change::ScopeChanged
        | Change::OnlyInFirst
        | Change::OnlyInSecond
        | Change::Unchanged => false,
    };
    Some(Row {
        change,
        regression: worse && scenario.scored,
        scenario: scenario.id.clone(),
        name: scenario.name.clone(),
        requirement: scenario.requirement.clone(),
        scored: scenario.scored,
        before: before.map(|s| s.verdict),
        after: after.map(|s| s.verdict),
        why: after.map(why).unwrap_or_default(),
    })
}

/// The first finding that explains the verdict of a scenario.
fn why(scenario: &ScenarioRecord) -> String {
    let explains = |finding: &&Finding| match finding.kind {
        FindingKind::Broken
        | FindingKind::Undecided(_)
        | FindingKind::Review
        | FindingKind::Error(_) => true,
        FindingKind::Note => false,
    };
    let mut steps = scenario.steps.iter();
    let worst = steps.find(|step| step.verdict == Some(scenario.verdict));
    let found = worst.and_then(|step| step.findings.iter().find(explains));
    found.map(|f| f.message.clone()).unwrap_or_default()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Fail,
    Undecided,
    Warning,
    Pass,
    NotApplicable,
}

const fn class(verdict: Verdict) -> Class {
    match verdict {
        Verdict::Fail => Class::Fail,
        Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review => Class::Undecided,
        Verdict::Warning => Class::Warning,
        Verdict::Pass => Class::Pass,
        Verdict::NotApplicable(_) => Class::NotApplicable,
    }
}

const fn change(before: Class, after: Class) -> Change {
    match (before, after) {
        (Class::Fail, Class::Fail) => Change::StillFailing,
        (Class::Undecided | Class::Warning | Class::Pass | Class::NotApplicable, Class::Fail) => {
            Change::NewlyFailing
        }
        (Class::Undecided, Class::Undecided) => Change::StillUndecided,
        (Class::Fail | Class::Warning | Class::Pass | Class::NotApplicable, Class::Undecided) => {
            Change::NewlyUndecided
        }
        (Class::Warning, Class::Warning) => Change::StillWarning,
        (Class::Fail | Class::Undecided | Class::Pass | Class::NotApplicable, Class::Warning) => {
            Change::NewlyWarning
        }
        (Class::Fail | Class::Warning, Class::Pass) => Change::Fixed,
        (Class::Undecided, Class::Pass) => Change::NewlyMet,
        (Class::Pass, Class::Pass) | (Class::NotApplicable, Class::NotApplicable) => {
            Change::Unchanged
        }
        (Class::NotApplicable, Class::Pass)
        | (Class::Fail | Class::Undecided | Class::Warning | Class::Pass, Class::NotApplicable) => {
            Change::ScopeChanged
        }
    }
}

fn side(record: &RunRecord) -> Side {
    let pack = &record.pack;
    Side {
        run: record.run_id.clone(),
        started: record.started.clone(),
        subject: record.subject.clone(),
        environment: record.environment,
        mock: record.mock_name().map(str::to_owned),
        pack: format!("{} {}, {}", pack.id, pack.version, pack.edition_words()),
        completion: record.completion.clone(),
    }
}

fn caveats(first: &RunRecord, second: &RunRecord) -> Vec<String> {
    let mut caveats = Vec::new();
    let product = |r: &RunRecord| (r.subject.supplier.clone(), r.subject.product.clone());
    if product(first) != product(second) {
        caveats.push("These are two different products: what differs is no change.".to_owned());
    }
    if first.subject.kind != second.subject.kind {
        caveats.push(
            "One is a product, the other a deployment of one: what differs is no change."
                .to_owned(),
        );
    }
    if (&first.subject.ods_code, &first.subject.site)
        != (&second.subject.ods_code, &second.subject.site)
    {
        caveats.push("The runs are of different organisations or sites.".to_owned());
    }
    if first.environment != second.environment {
        caveats.push("The runs were made in different environments.".to_owned());
    }
    if first.mock_name().is_some() != second.mock_name().is_some() {
        caveats.push("Only one of them is a mock system.".to_owned());
    }
    if (&first.pack.id, &first.pack.fingerprint) != (&second.pack.id, &second.pack.fingerprint) {
        caveats.push(
            "The rules are not the same: a change of verdict may be a change of rule.".to_owned(),
        );
    }
    if first.scope != second.scope || first.selection != second.selection {
        caveats
            .push("Scope or selection differ: what only one run has was not compared.".to_owned());
    }
    for (which, record) in [("first", first), ("second", second)] {
        if let Some(rejudged) = &record.rejudged {
            let run = &rejudged.run_id;
            caveats.push(format!(
                "The {which} run judges the evidence of the run {run} again."
            ));
        }
        if !record.completion.is_complete() {
            caveats.push(format!("The {which} run did not come to its end."));
        }
    }
    if first.plumbline != second.plumbline {
        caveats.push(format!(
            "They were made by different versions of Plumbline: {} and {}.",
            first.plumbline, second.plumbline
        ));
    }
    caveats
}
