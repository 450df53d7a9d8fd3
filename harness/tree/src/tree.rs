//! A body and all that is in it. Not for its parts: [`Node`].
//! `Debug` output shows sizes and places only, since a body may hold patient data.

use crate::arena::Arena;
use crate::error::ParseError;
use crate::kind::{Anomaly, Asides, Syntax};
use crate::limits::Limits;
use crate::node::Node;
use crate::position::{LineIndex, Position};
use crate::veil::Veil;
use crate::{json, receive, xml};
use std::fmt;
use std::sync::OnceLock;

/// A body of JSON or XML and all its values.
pub struct Tree {
    syntax: Syntax,
    source: String,
    pub(crate) arena: Arena,
    lines: OnceLock<LineIndex>,
    /// Only of a text that was redacted.
    pub(crate) veil: Option<Box<Veil>>,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("syntax", &self.syntax)
            .field("bytes", &self.source.len())
            .field("nodes", &self.arena.nodes.len())
            .finish_non_exhaustive()
    }
}

impl Tree {
    /// Reads a whole body of JSON.
    pub fn parse(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ParseError> {
        Self::parse_as(Syntax::Json, bytes, limits)
    }

    /// Reads a whole body of XML. Comments and processing instructions are counted and left out;
    /// a document type is refused, and with it every entity but the five of XML itself.
    pub fn parse_xml(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ParseError> {
        Self::parse_as(Syntax::Xml, bytes, limits)
    }

    /// Reads a whole body of that syntax.
    pub fn parse_as(syntax: Syntax, bytes: Vec<u8>, limits: &Limits) -> Result<Self, ParseError> {
        let source = receive::text(bytes, limits)?;
        let read = match syntax {
            Syntax::Json => json::read(&source, limits),
            Syntax::Xml => xml::read(&source, limits),
        };
        match read {
            Ok(arena) => Ok(Self {
                syntax,
                source,
                arena,
                lines: OnceLock::new(),
                veil: None,
            }),
            Err((kind, offset)) => Err(receive::error_at(source.as_bytes(), kind, offset)),
        }
    }

    /// Whether this was read as JSON or as XML.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The outermost value or element.
    #[inline]
    pub fn root(&self) -> Node<'_> {
        Node::new(self, 0)
    }

    /// What is legal but suspicious, in source order.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.arena.anomalies
    }

    /// How many comments and the like XML held. All zero for JSON, which has none.
    pub fn asides(&self) -> Asides {
        self.arena.asides
    }

    /// The body as received.
    #[inline]
    pub fn source(&self) -> &str {
        self.look_at_all();
        &self.source
    }

    /// The same for this crate's own use, which is no look at the body.
    #[inline]
    pub(crate) fn text(&self) -> &str {
        &self.source
    }

    /// How many values, elements, attributes and texts there are.
    pub fn node_count(&self) -> usize {
        self.arena.nodes.len()
    }

    /// How many bytes of memory the tree holds beside the body.
    pub fn arena_bytes(&self) -> usize {
        self.arena.bytes()
    }

    /// All values in source order; of XML all elements, attributes and texts.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..)
            .take(self.arena.nodes.len())
            .map(|id| Node::new(self, id))
    }

    /// The node of a number, as [`Node::number`] gives it.
    #[inline]
    pub fn node(&self, number: u32) -> Option<Node<'_>> {
        let is_there = (number as usize) < self.arena.nodes.len();
        is_there.then(|| Node::new(self, number))
    }

    /// The value at a path of names and indexes, such as `entry/0/resource`. See [`Node::at`].
    pub fn at(&self, path: &str) -> Option<Node<'_>> {
        self.root().at(path)
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        self.lines
            .get_or_init(|| LineIndex::new(self.source.as_bytes()))
            .position(self.source.as_bytes(), offset)
    }
}
