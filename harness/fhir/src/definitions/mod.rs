//! The facts of profiles/_fhir, read once and looked up by name. Not for judging a resource.
//!
//! Everything handed out borrows from [`Definitions`] or from the text inside the binary; all handles are
//! small and `Copy`. A [`Type`] and an element with children of its own have a [`Shape`]: the children in
//! their order, inherited ones first. [`Shape::child`] finds one by the name that it has in JSON or XML.

mod child;
mod element;
mod error;
mod facts;
mod line;
mod link;
mod read_sets;
mod read_types;
mod rows;
mod shape;
mod type_use;
mod types;
mod value_set;
mod version;

pub use child::Child;
pub use element::{Binding, Element, Invariant, Severity, Strength};
pub use error::DefinitionsError;
pub use facts::{Definitions, Text, Texts};
pub use shape::Shape;
pub use type_use::TypeUse;
pub use types::{Type, TypeKind};
pub use value_set::{Form, Membership, System, ValueSet};
pub use version::FhirVersion;
