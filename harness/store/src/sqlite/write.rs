//! Writes a batch within one transaction. Not for opening or reading.

use super::Rules;
use crate::verdict_text;
use crate::{Put, StoreError};
use plumbline_benchmark::{MaturityScore, Organisation, StoredRun};
use rusqlite::{OptionalExtension, Params, Transaction, params};
use std::path::Path;
use std::sync::Arc;

/// Writes within one transaction, which its owner commits or drops.
pub(super) struct Writer<'w> {
    pub(super) transaction: &'w Transaction<'w>,
    pub(super) path: &'w Path,
    pub(super) rules: &'w mut Rules,
}

impl Writer<'_> {
    fn execute(&self, statement: &str, values: impl Params) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(statement)
            .and_then(|mut prepared| prepared.execute(values))
            .map(|_| ())
            .map_err(|source| self.failed(source))
    }

    /// The body that a statement finds.
    fn former(&self, statement: &str, key: impl Params) -> Result<Option<String>, StoreError> {
        self.transaction
            .prepare_cached(statement)
            .and_then(|mut prepared| prepared.query_row(key, |row| row.get(0)).optional())
            .map_err(|source| self.failed(source))
    }

    fn failed(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Database {
            path: self.path.to_owned(),
            source,
        }
    }

    pub(super) fn organisations(&self, all: &[Organisation]) -> Result<Put, StoreError> {
        let mut count = Put::default();
        for one in all {
            let code = one.code.as_str();
            let body = text(one, || format!("organisation {code}"))?;
            let former = self.former("SELECT body FROM organisation WHERE code = ?1", [code])?;
            count.add(former.as_deref(), &body);
            self.execute(
                "INSERT OR REPLACE INTO organisation VALUES (?1, ?2)",
                [code, &body],
            )?;
        }
        Ok(count)
    }

    pub(super) fn maturity(&self, all: &[MaturityScore]) -> Result<Put, StoreError> {
        let mut count = Put::default();
        for score in all {
            let code = score.code.as_str();
            let body = text(score, || format!("score of {code}"))?;
            let former = self.former(
                "SELECT body FROM maturity WHERE code = ?1 AND year = ?2 AND pillar = ?3",
                params![code, score.year, score.pillar],
            )?;
            count.add(former.as_deref(), &body);
            self.execute(
                "INSERT OR REPLACE INTO maturity VALUES (?1, ?2, ?3, ?4)",
                params![code, score.year, score.pillar, body],
            )?;
        }
        Ok(count)
    }

    /// Writes a run that is not there yet.
    pub(super) fn run(&mut self, run: &StoredRun) -> Result<(), StoreError> {
        self.rules_of(run)?;
        let what = || format!("run {}", run.run_id);
        let verdicts: Vec<(&str, String)> = run
            .requirements
            .iter()
            .map(|one| (one.rule.id.as_str(), verdict_text::write(one.verdict)))
            .collect();
        let mut bare = run.clone();
        bare.requirements.clear();
        self.execute(
            "INSERT INTO run VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                run.run_id,
                run.kind.key(),
                run.origin.key(),
                run.subject.ods_code,
                run.pack.id.as_str(),
                run.started.to_string(),
                run.pack.fingerprint,
                text(&bare, what)?,
                text(&verdicts, what)?,
            ],
        )
    }

    fn rules_of(&mut self, run: &StoredRun) -> Result<(), StoreError> {
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
                    let body = text(one.rule.as_ref(), || format!("rule {}", key.1))?;
                    self.execute(
                        "INSERT INTO rule VALUES (?1, ?2, ?3)",
                        [&key.0, &key.1, &body],
                    )?;
                    self.rules.insert(key, Arc::clone(&one.rule));
                }
            }
        }
        Ok(())
    }
}

impl Put {
    fn add(&mut self, former: Option<&str>, body: &str) {
        match former {
            None => self.added += 1,
            Some(former) if former == body => self.known += 1,
            Some(_) => self.replaced += 1,
        }
    }
}

fn text<T: serde::Serialize + ?Sized>(
    value: &T,
    what: impl Fn() -> String,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged {
        what: what(),
        why: error.to_string(),
    })
}
