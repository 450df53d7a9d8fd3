//! Reads XML 1.0 with namespaces into the arena. No document type, no entities of its own.
//! Not for size and encoding of a body, nor for what its elements mean.

mod characters;
mod namespaces;
mod reader;
mod repeats;
mod tag;
mod text;

pub(crate) use characters::{is_allowed, is_blank, is_qualified_name};
pub(crate) use reader::read;
