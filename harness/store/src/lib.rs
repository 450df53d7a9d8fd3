//! Keeps reduced results of runs, organisations and published maturity scores. Not for statistics.
//!
//! [`RunStore`] is what a store can do; `tests/contract.rs` is what every store must pass.

mod error;
mod memory;
mod query;
mod run_store;
mod sqlite;
mod verdict_text;

pub use error::StoreError;
pub use memory::MemoryStore;
pub use query::Query;
pub use run_store::{Batch, Put, RunStore, Stored};
pub use sqlite::{SCHEMA_VERSION, SqliteStore};
