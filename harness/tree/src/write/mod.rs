//! Writes JSON and XML: from scratch, or the content of a node as it was read.
//! Not for turning one syntax into the other, which needs to know what the elements mean.

mod json;
mod xml;

pub use json::JsonWriter;
pub use xml::XmlWriter;

use crate::node::Node;
use std::fmt;

/// How text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// No white space that is not content.
    Compact,
    /// One value or element a line, two spaces a level.
    Indented,
}

/// Why nothing could be written. A writer keeps the first of these and tells it at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A value where a name must come, a name outside an object, a second root, an attribute
    /// after content, an end without a beginning.
    #[error("a part that is written out of place")]
    OutOfPlace,
    /// Something is still open, or nothing was written.
    #[error("the text is not complete")]
    Incomplete,
    /// A number that JSON does not allow.
    #[error("a number that JSON does not allow")]
    NotANumber,
    /// A name that XML does not allow.
    #[error("a name that XML does not allow")]
    NotAName,
    /// A name with a prefix that neither its element nor one around it declares.
    #[error("a name with an undeclared prefix")]
    UndeclaredPrefix,
    /// An attribute that the element already has.
    #[error("an attribute that the element already has")]
    DuplicateAttribute,
    /// A character that XML does not allow, not even as a reference.
    #[error("a character that XML cannot hold")]
    NotACharacter,
    /// A node of JSON for the writer of XML, or the other way round.
    #[error("a node of the other syntax")]
    OtherSyntax,
}

impl Node<'_> {
    /// The value as JSON: numbers, strings and names as written, order kept.
    pub fn to_json(self, layout: Layout) -> Result<String, WriteError> {
        let mut writer = JsonWriter::new(layout);
        writer.node(self);
        writer.finish()
    }

    /// The element as XML that can stand alone: order, text and white space kept, namespaces
    /// that its ancestors declare and that it needs declared on it. Comments and processing
    /// instructions are left out, quotes and references written in one way.
    pub fn to_xml(self) -> Result<String, WriteError> {
        let mut writer = XmlWriter::new(Layout::Compact);
        writer.node(self);
        writer.finish()
    }
}

/// Sizes only, since what is written may be patient data.
fn debug(name: &str, bytes: usize, open: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_struct(name)
        .field("bytes", &bytes)
        .field("open", &open)
        .finish_non_exhaustive()
}

/// Begins a line at this depth.
fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}
