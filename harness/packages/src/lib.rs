//! Definitions of others as they come: FHIR packages (`.tgz`), package folders, folders of files and single files,
//! read into a [`plumbline_conformance::Library`] ([`Loader`]); the folder where packages are kept ([`Cache`]), the
//! registry that they are fetched from ([`Registry`]), and the file that pins them ([`Lock`]).
//! Not for what definitions say, and not for the network while something is judged: a loader only reads.

mod add;
mod archive;
mod bounds;
mod cache;
mod content;
mod definition;
mod error;
mod folder;
mod kept;
mod loader;
mod lock;
mod manifest;
mod name;
mod registry;
mod release;

pub use add::{Added, Arrival, add};
pub use bounds::Bounds;
pub use cache::Cache;
pub use error::PackageError;
pub use kept::{Kept, Loaded, Note, Used};
pub use loader::Loader;
pub use lock::{Difference, Lock, Pin};
pub use name::{PackageId, Wanted};
pub use registry::Registry;
