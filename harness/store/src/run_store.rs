//! What a store of results can do.
//! Not for choosing what is comparable: `plumbline-benchmark` does that.

use crate::{Query, StoreError};
use plumbline_benchmark::{MaturityScore, Organisation, Origin, StoredRun};

/// What became of the members of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Put {
    /// Not there before.
    pub added: usize,
    /// There already, with the same content.
    pub known: usize,
    /// There already, and replaced. Never happens to a run.
    pub replaced: usize,
}

/// What is stored together or not at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Batch<'a> {
    /// Organisations; one with a code that is there already takes its place.
    pub organisations: &'a [Organisation],
    /// Results. One that is there already with the same content is left; with other content the whole batch
    /// is refused, and likewise where rules of one fingerprint differ.
    pub runs: &'a [StoredRun],
    /// Published scores; one of the same organisation, year and pillar takes the place of the former.
    pub maturity: &'a [MaturityScore],
}

impl Batch<'_> {
    /// Refuses a batch that would bring invented results among others.
    pub(crate) fn of_one_origin(&self, stored: Option<Origin>) -> Result<(), StoreError> {
        let mut origins = stored
            .into_iter()
            .chain(self.runs.iter().map(|run| run.origin));
        match origins.next() {
            Some(first) if origins.any(|other| other != first) => Err(StoreError::TwoOrigins),
            Some(_) | None => Ok(()),
        }
    }
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// Of its organisations.
    pub organisations: Put,
    /// Of its results.
    pub runs: Put,
    /// Of its scores.
    pub maturity: Put,
}

/// A store of results. It holds results of runs or invented ones, never both.
pub trait RunStore {
    /// Where its results come from; `None` while it has none.
    fn origin(&self) -> Result<Option<Origin>, StoreError>;

    /// Stores everything in a batch or, on an error, nothing.
    fn put(&mut self, batch: &Batch<'_>) -> Result<Stored, StoreError>;

    /// One result.
    fn run(&self, run_id: &str) -> Result<Option<StoredRun>, StoreError>;

    /// Results of one kind, oldest first, then by id.
    fn runs(&self, query: &Query) -> Result<Vec<StoredRun>, StoreError>;

    /// All organisations, by code.
    fn organisations(&self) -> Result<Vec<Organisation>, StoreError>;

    /// All published scores, by organisation, year and pillar.
    fn maturity(&self) -> Result<Vec<MaturityScore>, StoreError>;

    /// Stores results alone.
    fn put_runs(&mut self, runs: &[StoredRun]) -> Result<Put, StoreError> {
        let batch = Batch {
            runs,
            ..Batch::default()
        };
        Ok(self.put(&batch)?.runs)
    }

    /// Stores organisations alone.
    fn put_organisations(&mut self, organisations: &[Organisation]) -> Result<Put, StoreError> {
        let batch = Batch {
            organisations,
            ..Batch::default()
        };
        Ok(self.put(&batch)?.organisations)
    }

    /// Stores published scores alone.
    fn put_maturity(&mut self, maturity: &[MaturityScore]) -> Result<Put, StoreError> {
        let batch = Batch {
            maturity,
            ..Batch::default()
        };
        Ok(self.put(&batch)?.maturity)
    }
}
