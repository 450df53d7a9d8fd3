//! The store in one `SQLite` file, with a version. Not for other databases.

mod write;

use crate::verdict_text;
use crate::{Batch, Put, Query, RunStore, StoreError, Stored};
use plumbline_benchmark::{
    MaturityScore, Organisation, OrganisationCode, Origin, RESULT_FORMAT, RequirementVerdict, Rule,
    StoredRun,
};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use write::Writer;

/// Marks the file as ours: "PLMB".
const APPLICATION_ID: i64 = 0x504C_4D42;

/// What brings a store from each version to the next. A line is never changed once it was released.
const MIGRATIONS: &[&str] = &[
    "CREATE TABLE organisation (code TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE rule (fingerprint TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
                        PRIMARY KEY (fingerprint, id)) STRICT, WITHOUT ROWID;
     CREATE TABLE run (id TEXT PRIMARY KEY, kind TEXT NOT NULL, origin TEXT NOT NULL, organisation TEXT, pack TEXT NOT NULL,
                       started TEXT NOT NULL, fingerprint TEXT NOT NULL, body TEXT NOT NULL,
                       verdicts TEXT NOT NULL) STRICT;
     CREATE INDEX run_by_kind ON run (kind, organisation, started);",
    "CREATE TABLE maturity (code TEXT NOT NULL, year INTEGER NOT NULL, pillar TEXT NOT NULL, body TEXT NOT NULL,
                            PRIMARY KEY (code, year, pillar)) STRICT, WITHOUT ROWID;",
];

/// The version that this Plumbline writes.
pub const SCHEMA_VERSION: i64 = 2;

/// Rules by fingerprint and id, so that results of one pack share theirs.
type Rules = BTreeMap<(String, String), Arc<Rule>>;

/// A store in one `SQLite` file.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    path: PathBuf,
    rules: RefCell<Rules>,
}

impl SqliteStore {
    /// Opens a store that is there; an older one is brought to the present version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.is_file() {
            return Err(StoreError::Missing {
                path: path.to_owned(),
            });
        }
        Self::at(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens a store, or makes a new one.
    pub fn open_or_create(path: &Path) -> Result<Self, StoreError> {
        let create = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        Self::at(path, create)
    }

    fn at(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let wrap = |source: rusqlite::Error| match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => StoreError::NotAStore {
                path: path.to_owned(),
            },
            Some(_) | None => StoreError::Database {
                path: path.to_owned(),
                source,
            },
        };
        let mut connection = Connection::open_with_flags(path, flags).map_err(wrap)?;
        connection
            .busy_timeout(Duration::from_secs(5))
            .map_err(wrap)?;
        let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0));
        let application: i64 = number("application_id").map_err(wrap)?;
        let found: i64 = number("user_version").map_err(wrap)?;
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(wrap)?;
        let is_new = application == 0 && found == 0 && tables == 0;
        if !is_new && (application != APPLICATION_ID || found < 1) {
            return Err(StoreError::NotAStore {
                path: path.to_owned(),
            });
        }
        if found > SCHEMA_VERSION {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found,
                known: SCHEMA_VERSION,
            });
        }
        if found < SCHEMA_VERSION {
            migrate(&mut connection, found).map_err(wrap)?;
        }
        Ok(Self {
            connection,
            path: path.to_owned(),
            rules: RefCell::default(),
        })
    }

    fn failed(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Database {
            path: self.path.clone(),
            source,
        }
    }

    /// The bodies that a statement gives, by their order.
    fn bodies(&self, statement: &str) -> Result<Vec<String>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare(statement)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<Result<Vec<String>, rusqlite::Error>>()
        };
        read().map_err(|source| self.failed(source))
    }

    /// Those of a batch that are not there yet, each once; refused if one is there with other content.
    fn fresh<'r>(&self, runs: &'r [StoredRun]) -> Result<Vec<&'r StoredRun>, StoreError> {
        let mut fresh: Vec<&StoredRun> = Vec::new();
        let mut places: BTreeMap<&str, &StoredRun> = BTreeMap::new();
        for run in runs {
            let stored = self.run(&run.run_id)?;
            let known = stored.as_ref().or(places.get(run.run_id.as_str()).copied());
            match known {
                Some(known) if known == run => {}
                Some(_) => {
                    return Err(StoreError::DifferentRun {
                        run_id: run.run_id.clone(),
                    });
                }
                None => {
                    places.insert(&run.run_id, run);
                    fresh.push(run);
                }
            }
        }
        Ok(fresh)
    }

    /// Reads the rules of all packs anew.
    fn load_rules(&self) -> Result<(), StoreError> {
        let read = || {
            let mut statement = self
                .connection
                .prepare("SELECT fingerprint, id, body FROM rule")?;
            let rows =
                statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Result<Vec<(String, String, String)>, rusqlite::Error>>()
        };
        let mut rules = self.rules.borrow_mut();
        for (fingerprint, id, body) in read().map_err(|source| self.failed(source))? {
            let rule: Rule = parse(&format!("rule {id}"), &body)?;
            rules.insert((fingerprint, id), Arc::new(rule));
        }
        Ok(())
    }

    fn assemble(&self, row: &Row) -> Result<StoredRun, StoreError> {
        let what = || format!("run {}", row.id);
        let damaged = |why: String| StoreError::Damaged { what: what(), why };
        let mut run: StoredRun = parse(&what(), &row.body)?;
        if run.format != RESULT_FORMAT {
            return Err(damaged(format!(
                "it has the result format {}, and this Plumbline reads {RESULT_FORMAT}",
                run.format
            )));
        }
        let verdicts: Vec<(String, String)> = parse(&what(), &row.verdicts)?;
        let fingerprint = run.pack.fingerprint.clone();
        let key = |id: &str| (fingerprint.clone(), id.to_owned());
        let all_known = |rules: &Rules| verdicts.iter().all(|(id, _)| rules.contains_key(&key(id)));
        if !all_known(&self.rules.borrow()) {
            self.load_rules()?;
        }
        let rules = self.rules.borrow();
        run.requirements = verdicts
            .iter()
            .map(|(id, word)| {
                let verdict = verdict_text::read(word)
                    .ok_or_else(|| damaged(format!("`{word}` is not a verdict")))?;
                let rule = rules
                    .get(&key(id))
                    .ok_or_else(|| damaged(format!("its rule {id} is missing")))?;
                Ok(RequirementVerdict {
                    rule: Arc::clone(rule),
                    verdict,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(run)
    }

    fn rows(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        let day = |day: Option<plumbline_benchmark::Day>| day.map(|day| day.to_string());
        let read = || {
            let mut statement = self.connection.prepare(
                "SELECT id, body, verdicts FROM run
                 WHERE kind = ?1 AND (?2 IS NULL OR organisation = ?2) AND (?3 IS NULL OR pack = ?3)
                   AND (?4 IS NULL OR started >= ?4) AND (?5 IS NULL OR started <= ?5)
                 ORDER BY started, id",
            )?;
            let organisation = query.organisation.as_ref().map(OrganisationCode::as_str);
            let pack = query.pack.as_ref().map(plumbline_model::PackId::as_str);
            let wanted = params![
                query.kind.key(),
                organisation,
                pack,
                day(query.from),
                day(query.to)
            ];
            let rows = statement.query_map(wanted, Row::read)?;
            rows.collect::<Result<Vec<Row>, rusqlite::Error>>()
        };
        read().map_err(|source| self.failed(source))
    }
}

impl RunStore for SqliteStore {
    fn origin(&self) -> Result<Option<Origin>, StoreError> {
        let word: Option<String> = self
            .connection
            .query_row("SELECT origin FROM run LIMIT 1", [], |row| row.get(0))
            .optional()
            .map_err(|source| self.failed(source))?;
        let Some(word) = word else {
            return Ok(None);
        };
        [Origin::Run, Origin::Synthetic]
            .into_iter()
            .find(|origin| origin.key() == word)
            .map(Some)
            .ok_or_else(|| StoreError::Damaged {
                what: "a run".to_owned(),
                why: format!("`{word}` is no origin"),
            })
    }

    fn put(&mut self, batch: &Batch<'_>) -> Result<Stored, StoreError> {
        batch.of_one_origin(self.origin()?)?;
        let fresh = self.fresh(batch.runs)?;
        self.load_rules()?;
        let mut rules = self.rules.borrow().clone();
        let path = self.path.clone();
        let transaction = self
            .connection
            .transaction()
            .map_err(|source| StoreError::Database {
                path: path.clone(),
                source,
            })?;
        let mut writer = Writer {
            transaction: &transaction,
            path: &path,
            rules: &mut rules,
        };
        let stored = Stored {
            runs: Put {
                added: fresh.len(),
                known: batch.runs.len() - fresh.len(),
                replaced: 0,
            },
            organisations: writer.organisations(batch.organisations)?,
            maturity: writer.maturity(batch.maturity)?,
        };
        for run in fresh {
            writer.run(run)?;
        }
        transaction
            .commit()
            .map_err(|source| StoreError::Database { path, source })?;
        self.rules.replace(rules);
        Ok(stored)
    }

    fn run(&self, run_id: &str) -> Result<Option<StoredRun>, StoreError> {
        let row = self
            .connection
            .prepare_cached("SELECT id, body, verdicts FROM run WHERE id = ?1")
            .and_then(|mut found| found.query_row([run_id], Row::read).optional())
            .map_err(|source| self.failed(source))?;
        let Some(row) = row else {
            return Ok(None);
        };
        self.assemble(&row).map(Some)
    }

    fn runs(&self, query: &Query) -> Result<Vec<StoredRun>, StoreError> {
        self.rows(query)?
            .iter()
            .map(|row| self.assemble(row))
            .collect()
    }

    fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        self.bodies("SELECT body FROM organisation ORDER BY code")?
            .iter()
            .map(|body| parse("an organisation", body))
            .collect()
    }

    fn maturity(&self) -> Result<Vec<MaturityScore>, StoreError> {
        self.bodies("SELECT body FROM maturity ORDER BY code, year, pillar")?
            .iter()
            .map(|body| parse("a maturity score", body))
            .collect()
    }
}

/// A row of the table of runs.
struct Row {
    id: String,
    body: String,
    verdicts: String,
}

impl Row {
    fn read(row: &rusqlite::Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            id: row.get(0)?,
            body: row.get(1)?,
            verdicts: row.get(2)?,
        })
    }
}

fn migrate(connection: &mut Connection, from: i64) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction()?;
    let done = usize::try_from(from).unwrap_or(0);
    for migration in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}

fn parse<T: serde::de::DeserializeOwned>(what: &str, body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::Damaged {
        what: what.to_owned(),
        why: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_number_of_steps() {
        assert_eq!(i64::try_from(MIGRATIONS.len()), Ok(SCHEMA_VERSION));
    }

    #[test]
    fn a_store_of_the_first_version_is_brought_to_the_present_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("old.sqlite");
        let old = Connection::open(&path).expect("a database");
        old.execute_batch(MIGRATIONS[0]).expect("the first version");
        old.pragma_update(None, "application_id", APPLICATION_ID)
            .expect("a mark");
        old.pragma_update(None, "user_version", 1)
            .expect("a version");
        drop(old);
        let mut store = SqliteStore::open(&path).expect("an older store");
        store.put_maturity(&[]).expect("the new table");
        assert_eq!(store.maturity().expect("the new table"), []);
        drop(store);
        SqliteStore::open(&path).expect("the present version");
    }
}
