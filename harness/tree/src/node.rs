//! The arena and the view of it: every value of the body in source order.
//! `Debug` output shows sizes and places only, since a body may hold patient data.

use crate::error::ParseError;
use crate::parse::{self, Limits};
use crate::position::{LineIndex, Position};
use std::fmt;
use std::sync::OnceLock;

pub(crate) const NONE: u32 = u32::MAX;

/// The type of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, kept as written.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// Something legal but suspicious.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnomalyKind {
    /// A name that its object already has.
    DuplicateKey,
    /// A byte-order mark before the value.
    ByteOrderMark,
}

/// Something legal but suspicious, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anomaly {
    /// What it is.
    pub kind: AnomalyKind,
    /// Byte offset in the body.
    pub offset: usize,
}

/// One value. `first` and `count` are the children of a container, or the range in
/// `Arena::unescaped` of a string with escapes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw {
    pub(crate) kind: Kind,
    pub(crate) escaped: bool,
    pub(crate) key_escaped: bool,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) parent: u32,
    pub(crate) next: u32,
    pub(crate) first: u32,
    pub(crate) count: u32,
    pub(crate) index: u32,
    pub(crate) key_start: u32,
    pub(crate) key_len: u32,
}

#[derive(Default)]
pub(crate) struct Arena {
    pub(crate) nodes: Vec<Raw>,
    /// Text of all strings that have escapes, one after the other.
    pub(crate) unescaped: String,
    /// Node, start and length in `unescaped` of names that have escapes; ascending by node.
    pub(crate) escaped_keys: Vec<(u32, u32, u32)>,
    pub(crate) anomalies: Vec<Anomaly>,
}

impl Arena {
    pub(crate) fn key<'t>(&'t self, source: &'t str, id: u32) -> &'t str {
        let Some(raw) = self.nodes.get(id as usize) else {
            return "";
        };
        if raw.key_escaped {
            let place = self.escaped_keys.binary_search_by_key(&id, |entry| entry.0);
            let Some((_, start, len)) = place.ok().and_then(|at| self.escaped_keys.get(at)) else {
                return "";
            };
            return range(&self.unescaped, *start, *len);
        }
        range(source, raw.key_start, raw.key_len)
    }
}

fn range(text: &str, start: u32, len: u32) -> &str {
    let start = start as usize;
    text.get(start..start + len as usize).unwrap_or_default()
}

/// A JSON body and all its values.
pub struct Tree {
    source: String,
    arena: Arena,
    lines: OnceLock<LineIndex>,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("bytes", &self.source.len())
            .field("nodes", &self.arena.nodes.len())
            .finish_non_exhaustive()
    }
}

impl Tree {
    /// Reads a whole body.
    pub fn parse(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ParseError> {
        let (source, arena) = parse::parse(bytes, limits)?;
        Ok(Self {
            source,
            arena,
            lines: OnceLock::new(),
        })
    }

    /// The outermost value.
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, id: 0 }
    }

    /// Duplicate names and a byte-order mark, in source order.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.arena.anomalies
    }

    /// The body as received.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How many values there are.
    pub fn node_count(&self) -> usize {
        self.arena.nodes.len()
    }

    /// All values in source order.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..)
            .take(self.arena.nodes.len())
            .map(|id| Node { tree: self, id })
    }

    /// The value at a path of names and indexes, such as `entry/0/resource`.
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

/// One value of a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: u32,
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({:?} at byte {})", self.kind(), self.offset())
    }
}

/// The same value of the same tree.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl Eq for Node<'_> {}

impl<'t> Node<'t> {
    fn raw_node(self) -> &'t Raw {
        // Ids come only from the arena itself, and a tree is never empty.
        &self.tree.arena.nodes[self.id as usize]
    }

    /// The type of the value.
    pub fn kind(self) -> Kind {
        self.raw_node().kind
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The first member of that name; `None` if there is none or this is no object.
    pub fn get(self, name: &str) -> Option<Node<'t>> {
        self.members()
            .find(|(own, _)| *own == name)
            .map(|(_, node)| node)
    }

    /// The items of an array; none for anything else.
    pub fn items(self) -> Items<'t> {
        Items(self.children(Kind::Array))
    }

    /// The members of an object in source order; none for anything else.
    pub fn members(self) -> Members<'t> {
        Members(self.children(Kind::Object))
    }

    fn children(self, kind: Kind) -> Children<'t> {
        let raw = self.raw_node();
        let (next, left) = if raw.kind == kind {
            (raw.first, raw.count)
        } else {
            (NONE, 0)
        };
        Children {
            tree: self.tree,
            next,
            left,
        }
    }

    /// How many items or members; 0 for anything but an array or object.
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Array | Kind::Object => self.raw_node().count as usize,
            Kind::Null | Kind::Bool | Kind::Number | Kind::String => 0,
        }
    }

    /// Whether there are no items or members.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The text of a string, with escapes resolved.
    pub fn as_str(self) -> Option<&'t str> {
        let raw = self.raw_node();
        if raw.kind != Kind::String {
            return None;
        }
        if raw.escaped {
            return Some(range(&self.tree.arena.unescaped, raw.first, raw.count));
        }
        self.tree
            .source
            .get(raw.start as usize + 1..raw.end as usize - 1)
    }

    /// `true` or `false`.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.raw() == "true")
    }

    /// A number exactly as written.
    pub fn number_text(self) -> Option<&'t str> {
        (self.kind() == Kind::Number).then(|| self.raw())
    }

    /// A number written as an integer that fits.
    pub fn as_i64(self) -> Option<i64> {
        self.number_text()?.parse().ok()
    }

    /// The value exactly as written in the body.
    pub fn raw(self) -> &'t str {
        let raw = self.raw_node();
        self.tree
            .source
            .get(raw.start as usize..raw.end as usize)
            .unwrap_or_default()
    }

    /// Byte offset of the first byte of the value.
    pub fn offset(self) -> usize {
        self.raw_node().start as usize
    }

    /// Line and column of the first character of the value.
    pub fn position(self) -> Position {
        self.tree.position(self.offset())
    }

    /// The array or object that holds this value.
    pub fn parent(self) -> Option<Node<'t>> {
        let id = self.raw_node().parent;
        (id != NONE).then_some(Node {
            tree: self.tree,
            id,
        })
    }

    /// The name of this value in its object; `None` for items and the root.
    pub fn name(self) -> Option<&'t str> {
        let parent = self.parent()?;
        (parent.kind() == Kind::Object).then(|| self.tree.arena.key(&self.tree.source, self.id))
    }

    /// The value below at a path of names and indexes, such as `entry/0/resource`.
    pub fn at(self, path: &str) -> Option<Node<'t>> {
        path.split('/')
            .filter(|segment| !segment.is_empty())
            .try_fold(self, |node, segment| match node.kind() {
                Kind::Array => node.items().nth(segment.parse().ok()?),
                _ => node.get(segment),
            })
    }

    /// Where this is, such as `Bundle.entry[0].resource.gender`. The root has the name in its
    /// `resourceType`, or `$`. Names of the body appear in it, so it is not safe to store as is.
    pub fn path(self) -> String {
        let mut chain = vec![self];
        let mut at = self;
        while let Some(parent) = at.parent() {
            chain.push(parent);
            at = parent;
        }
        let mut path = String::new();
        for node in chain.into_iter().rev() {
            match (node.parent(), node.name()) {
                (None, _) => path.push_str(root_name(node)),
                (Some(_), Some(name)) if plain(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                (Some(_), Some(name)) => {
                    path.push_str(".`");
                    path.push_str(&name.replace('`', "\\`"));
                    path.push('`');
                }
                (Some(_), None) => {
                    path.push('[');
                    path.push_str(&node.raw_node().index.to_string());
                    path.push(']');
                }
            }
        }
        path
    }
}

fn root_name(root: Node<'_>) -> &str {
    root.get("resourceType")
        .and_then(Node::as_str)
        .filter(|name| plain(name))
        .unwrap_or("$")
}

fn plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[derive(Debug, Clone)]
struct Children<'t> {
    tree: &'t Tree,
    next: u32,
    left: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.next == NONE {
            return None;
        }
        let node = Node {
            tree: self.tree,
            id: self.next,
        };
        self.next = node.raw_node().next;
        self.left = self.left.saturating_sub(1);
        Some(node)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

/// The items of an array.
#[derive(Debug, Clone)]
pub struct Items<'t>(Children<'t>);

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The members of an object.
#[derive(Debug, Clone)]
pub struct Members<'t>(Children<'t>);

impl<'t> Iterator for Members<'t> {
    type Item = (&'t str, Node<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.0.next()?;
        Some((node.tree.arena.key(&node.tree.source, node.id), node))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Members<'_> {}
