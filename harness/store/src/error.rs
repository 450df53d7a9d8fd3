//! What can go wrong with a store, with place and cure.

use std::path::PathBuf;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no file.
    #[error("there is no store `{}`; `plumbline import --store {}` makes one", path.display(), path.display())]
    Missing {
        /// Where.
        path: PathBuf,
    },
    /// A file that is something else.
    #[error("`{}` is not a store of Plumbline; name another file", path.display())]
    NotAStore {
        /// Where.
        path: PathBuf,
    },
    /// Written by a later version.
    #[error(
        "the store `{}` has version {found}, and this Plumbline reads versions up to {known}; use a newer Plumbline, \
         or name another file", path.display()
    )]
    Newer {
        /// Where.
        path: PathBuf,
        /// Version of the file.
        found: i64,
        /// Latest version that is known here.
        known: i64,
    },
    /// A run that is there with other content.
    #[error(
        "the run {run_id} is stored already with other content; a stored run is never changed, so look which of the \
         two is right"
    )]
    DifferentRun {
        /// The run.
        run_id: String,
    },
    /// Invented results beside others.
    #[error(
        "invented results and results of runs are never kept in one store; name another file with --store"
    )]
    TwoOrigins,
    /// Two packs of one fingerprint that differ.
    #[error(
        "the rule {rule} of the pack with fingerprint {fingerprint} is stored already with other words or level"
    )]
    DifferentRule {
        /// Fingerprint of the pack.
        fingerprint: String,
        /// Id of the rule.
        rule: String,
    },
    /// Content that nobody can read.
    #[error("{what} in the store is damaged: {why}")]
    Damaged {
        /// What.
        what: String,
        /// Why.
        why: String,
    },
    /// The database refuses.
    #[error("failed to use the store `{}`: {source}", path.display())]
    Database {
        /// Where.
        path: PathBuf,
        /// What it says.
        source: rusqlite::Error,
    },
}
