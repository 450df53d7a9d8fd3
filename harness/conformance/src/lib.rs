//! What others publish on top of the base specification: profiles, extensions, value sets and code systems, found by
//! canonical address ([`Library`]), and the whole of a profile worked out from its differential ([`Snapshot`]).
//! Not for opening files, which `packages` does, and not for judging a resource, which `validator` does.

mod library;
mod snapshot;

pub use library::Library;
pub use snapshot::{Cause, Problem, Snapshot, SnapshotError, Source, Sources, snapshot};
