//! A store in memory, for views that need no file. Not for keeping anything.

use crate::{Batch, Put, Query, RunStore, StoreError, Stored};
use plumbline_benchmark::{MaturityScore, Organisation, OrganisationCode, Origin, Rule, StoredRun};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A store in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    runs: BTreeMap<String, StoredRun>,
    rules: BTreeMap<(String, String), Arc<Rule>>,
    organisations: BTreeMap<OrganisationCode, Organisation>,
    maturity: BTreeMap<(OrganisationCode, u16, String), MaturityScore>,
}

/// Puts members under their keys and counts what became of them.
fn replace<K: Ord, V: Clone + PartialEq>(
    all: &mut BTreeMap<K, V>,
    members: &[V],
    key: impl Fn(&V) -> K,
) -> Put {
    let mut count = Put::default();
    for member in members {
        match all.insert(key(member), member.clone()) {
            Some(former) if former == *member => count.known += 1,
            Some(_) => count.replaced += 1,
            None => count.added += 1,
        }
    }
    count
}

impl RunStore for MemoryStore {
    fn origin(&self) -> Result<Option<Origin>, StoreError> {
        Ok(self.runs.values().next().map(|run| run.origin))
    }

    fn put(&mut self, batch: &Batch<'_>) -> Result<Stored, StoreError> {
        batch.of_one_origin(self.origin()?)?;
        let mut next = self.clone();
        let stored = Stored {
            runs: next.keep_runs(batch.runs)?,
            organisations: replace(
                &mut next.organisations,
                batch.organisations,
                |organisation| organisation.code.clone(),
            ),
            maturity: replace(&mut next.maturity, batch.maturity, |score| {
                (score.code.clone(), score.year, score.pillar.clone())
            }),
        };
        *self = next;
        Ok(stored)
    }

    fn run(&self, run_id: &str) -> Result<Option<StoredRun>, StoreError> {
        Ok(self.runs.get(run_id).cloned())
    }

    fn runs(&self, query: &Query) -> Result<Vec<StoredRun>, StoreError> {
        let mut found: Vec<StoredRun> = self
            .runs
            .values()
            .filter(|run| query.wants(run))
            .cloned()
            .collect();
        found.sort_by(|a, b| (a.started, &a.run_id).cmp(&(b.started, &b.run_id)));
        Ok(found)
    }

    fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        Ok(self.organisations.values().cloned().collect())
    }

    fn maturity(&self) -> Result<Vec<MaturityScore>, StoreError> {
        Ok(self.maturity.values().cloned().collect())
    }
}

impl MemoryStore {
    fn keep_runs(&mut self, runs: &[StoredRun]) -> Result<Put, StoreError> {
        let mut count = Put::default();
        for run in runs {
            match self.runs.get(&run.run_id) {
                Some(known) if known == run => count.known += 1,
                Some(_) => {
                    return Err(StoreError::DifferentRun {
                        run_id: run.run_id.clone(),
                    });
                }
                None => {
                    self.keep_rules(run)?;
                    self.runs.insert(run.run_id.clone(), run.clone());
                    count.added += 1;
                }
            }
        }
        Ok(count)
    }

    fn keep_rules(&mut self, run: &StoredRun) -> Result<(), StoreError> {
        for one in &run.requirements {
            let key = (run.pack.fingerprint.clone(), one.rule.id.to_string());
            match self.rules.get(&key) {
                Some(known) if *known == one.rule => {}
                Some(_) => {
                    return Err(StoreError::DifferentRule {
                        fingerprint: key.0,
                        rule: key.1,
                    });
                }
                None => {
                    self.rules.insert(key, Arc::clone(&one.rule));
                }
            }
        }
        Ok(())
    }
}
