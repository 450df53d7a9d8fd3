//! The page of what fails most often in the country. Not for single organisations.

use super::is_broken;
use crate::compare::Prepared;
use crate::number::Proportion;
use crate::result::Rule;
use plumbline_model::{Domain, Level, RequirementId, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

/// What fails most often.
#[derive(Debug, Clone, Serialize)]
pub struct MostFailed {
    /// Organisations whose latest result is counted.
    pub organisations: usize,
    /// Rules, most often broken first.
    pub rows: Vec<FailedRow>,
}

/// One rule in the country.
#[derive(Debug, Clone, Serialize)]
pub struct FailedRow {
    /// Id.
    pub id: RequirementId,
    /// In our words.
    pub title: String,
    /// Level.
    pub level: Level,
    /// Severity, a planning default.
    pub severity: Severity,
    /// Domain.
    pub domain: Domain,
    /// Organisations where it is broken, of those where it was decided.
    pub broken: Proportion,
    /// Organisations where it is undecided.
    pub undecided: u32,
    /// Organisations by supplier: broken of decided.
    pub by_supplier: Vec<(String, Proportion)>,
}

/// What is counted of one rule.
struct Tally<'r> {
    rule: &'r Rule,
    broken: Proportion,
    undecided: u32,
    by_supplier: BTreeMap<&'r str, Proportion>,
}

impl Prepared<'_> {
    /// What fails most often, over the result that counts of each organisation.
    pub fn most_failed(&self) -> MostFailed {
        let mut tallies: BTreeMap<&RequirementId, Tally<'_>> = BTreeMap::new();
        for member in self.members.values() {
            for one in &member.run.requirements {
                let tally = tallies.entry(&one.rule.id).or_insert_with(|| Tally {
                    rule: &one.rule,
                    broken: Proportion::default(),
                    undecided: 0,
                    by_supplier: BTreeMap::new(),
                });
                if one.verdict.is_decided() {
                    let once =
                        Proportion::new(u32::from(is_broken(one.verdict)), 1).unwrap_or_default();
                    tally.broken = tally.broken.plus(once);
                    let supplier = tally
                        .by_supplier
                        .entry(member.run.subject.supplier.as_str())
                        .or_default();
                    *supplier = supplier.plus(once);
                } else {
                    tally.undecided += 1;
                }
            }
        }
        let mut rows: Vec<FailedRow> = tallies
            .into_values()
            .filter(|tally| tally.broken.met() > 0)
            .map(|tally| FailedRow {
                id: tally.rule.id.clone(),
                title: tally.rule.title.clone(),
                level: tally.rule.level,
                severity: tally.rule.severity,
                domain: tally.rule.domain,
                broken: tally.broken,
                undecided: tally.undecided,
                by_supplier: tally
                    .by_supplier
                    .into_iter()
                    .map(|(supplier, counts)| (supplier.to_owned(), counts))
                    .collect(),
            })
            .collect();
        rows.sort_by(|a, b| {
            let worst = |row: &FailedRow| (row.broken.met(), row.severity);
            worst(b).cmp(&worst(a)).then_with(|| a.id.cmp(&b.id))
        });
        MostFailed {
            organisations: self.members.len(),
            rows,
        }
    }
}
