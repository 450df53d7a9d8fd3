//! Reads JSON into one arena: byte offsets, line and column, numbers as written, duplicate keys.
//! Knows nothing of FHIR, and never puts text of the source into an error.

mod error;
mod node;
mod parse;
mod position;

pub use error::{ParseError, ParseErrorKind};
pub use node::{Anomaly, AnomalyKind, Items, Kind, Members, Node, Tree};
pub use parse::Limits;
pub use position::Position;

#[cfg(test)]
mod tests;
