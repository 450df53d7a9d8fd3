//! One node of a tree, and what can be asked of it in either syntax.
//! Not for what only XML has: element.rs, nor for paths: path.rs.

use crate::arena::{NONE, Raw, flag, small};
use crate::children::{Children, Items, Members};
use crate::kind::{Form, Kind};
use crate::position::Position;
use crate::same::is_same;
use crate::tree::Tree;
use std::fmt;
use std::ops::Range;

/// One value, element, attribute or text of a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) id: u32,
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({:?} at byte {})", self.form(), self.offset())
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
    #[inline]
    pub(crate) const fn new(tree: &'t Tree, id: u32) -> Self {
        Self { tree, id }
    }

    #[inline]
    pub(crate) fn raw_node(self) -> &'t Raw {
        // Ids come only from the arena itself, and a tree is never empty.
        &self.tree.arena.nodes[self.id as usize]
    }

    /// The tree that holds it.
    #[inline]
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Which of all nodes of the tree this is, in source order: [`Tree::node`] gives it back.
    #[inline]
    pub fn number(self) -> u32 {
        self.id
    }

    /// The [`Node::number`] of the first node after this one and all below it, or of none if they are the last.
    pub fn number_after(self) -> u32 {
        if self.raw_node().form == Form::Attribute {
            return self.id + 1;
        }
        let mut around = Some(self);
        while let Some(node) = around {
            if let Some(next) = node.next_sibling() {
                return next.id;
            }
            around = node.parent();
        }
        small(self.tree.arena.nodes.len())
    }

    /// What it is in its text.
    #[inline]
    pub fn form(self) -> Form {
        self.look_at_form();
        self.raw_node().form
    }

    /// The type of the value.
    #[inline]
    pub fn kind(self) -> Kind {
        self.form().kind()
    }

    /// Whether it is `null`.
    #[inline]
    pub fn is_null(self) -> bool {
        self.form() == Form::Null
    }

    /// The first member or child element of that name; `None` if there is none or this has none.
    #[inline]
    pub fn get(self, name: &str) -> Option<Node<'t>> {
        self.named(name).next()
    }

    /// The first member or child element of each of these names, as [`Node::get`] gives it, in one pass.
    #[inline]
    pub fn pick<const N: usize>(self, names: [&str; N]) -> [Option<Node<'t>>; N] {
        let mut found = [None; N];
        let mut left = N;
        for node in self.members().0 {
            for (name, found) in names.iter().zip(&mut found) {
                if found.is_none() && node.is_called(name) {
                    *found = Some(node);
                    left -= 1;
                }
            }
            if left == 0 {
                break;
            }
        }
        found
    }

    /// All members or child elements of that name, in source order.
    ///
    /// More than one is a repetition in XML, and a mistake in JSON, whose repetitions are the
    /// items of one array.
    #[inline]
    pub fn named<'n>(self, name: &'n str) -> impl Iterator<Item = Node<'t>> + Clone + use<'n, 't> {
        self.members().0.filter(move |node| node.is_called(name))
    }

    /// Whether a member or child element has this name. Most differ in length already.
    #[inline]
    fn is_called(self, name: &str) -> bool {
        self.look_for_name(name);
        let raw = self.raw_node();
        let is_as_written = !raw.has(flag::KEY_ESCAPED | flag::PREFIXED | flag::KEY_LONG);
        if is_as_written && usize::from(raw.key_len) != name.len() {
            return false;
        }
        is_same(self.tree.arena.local_name(self.tree.text(), self.id), name)
    }

    /// The items of an array; none for anything else.
    #[inline]
    pub fn items(self) -> Items<'t> {
        Items(Children::of(self, Form::Array))
    }

    /// The members of an object, or the child elements of an element by their names without
    /// prefix and whatever their namespace, in source order; none for anything else.
    #[inline]
    pub fn members(self) -> Members<'t> {
        Members(match self.form() {
            Form::Element => Children::elements(self),
            _ => Children::of(self, Form::Object),
        })
    }

    /// How many items, members or child elements.
    #[inline]
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Array | Kind::Object => self.raw_node().count as usize,
            Kind::Null | Kind::Bool | Kind::Number | Kind::String => 0,
        }
    }

    /// Whether there are no items, members or child elements.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The text of a string, an attribute or a text, with escapes resolved.
    #[inline]
    pub fn as_str(self) -> Option<&'t str> {
        self.look_at_value();
        self.tree.arena.text(self.tree.text(), self.id)
    }

    /// The text of a value: of a string or an attribute as [`Node::as_str`] gives it, of a number, `true` or `false`
    /// as written. `None` for `null`, for what holds others, and for text between elements.
    #[inline]
    pub fn value_text(self) -> Option<&'t str> {
        let raw = self.raw_node();
        let quotes = match raw.form {
            Form::String | Form::Attribute => 1,
            Form::Number | Form::Bool => 0,
            Form::Null | Form::Array | Form::Object | Form::Element | Form::Text => return None,
        };
        if raw.has(flag::ESCAPED) {
            return self.as_str();
        }
        self.look_at_value();
        let span = raw.start as usize + quotes..raw.end as usize - quotes;
        self.tree.text().get(span)
    }

    /// `true` or `false` of JSON.
    pub fn as_bool(self) -> Option<bool> {
        (self.form() == Form::Bool).then(|| self.raw() == "true")
    }

    /// A number exactly as written.
    pub fn number_text(self) -> Option<&'t str> {
        (self.form() == Form::Number).then(|| self.raw())
    }

    /// A number written as an integer that fits.
    pub fn as_i64(self) -> Option<i64> {
        self.number_text()?.parse().ok()
    }

    /// The value exactly as written in the body: strings and attributes with their quotes,
    /// elements with their tags.
    #[inline]
    pub fn raw(self) -> &'t str {
        self.look_at_value();
        self.tree.text().get(self.span()).unwrap_or_default()
    }

    /// Where the value is in the body, in bytes.
    #[inline]
    pub fn span(self) -> Range<usize> {
        let raw = self.raw_node();
        raw.start as usize..raw.end as usize
    }

    /// Byte offset of the first byte of the value: a string's or attribute's quote, an
    /// element's `<`.
    #[inline]
    pub fn offset(self) -> usize {
        self.raw_node().start as usize
    }

    /// Line and column of the first character of the value.
    pub fn position(self) -> Position {
        self.tree.position(self.offset())
    }

    /// The array, object or element that holds this value.
    pub fn parent(self) -> Option<Node<'t>> {
        let id = self.raw_node().parent;
        (id != NONE).then_some(Node::new(self.tree, id))
    }

    /// The name of a member in its object, or of an element or attribute without its prefix;
    /// `None` for items, text and the root of JSON.
    pub fn name(self) -> Option<&'t str> {
        self.has_name().then(|| {
            self.look_at_name();
            self.tree.arena.local_name(self.tree.text(), self.id)
        })
    }

    /// Where the name is in the body, in bytes: of JSON without quotes, of XML with its prefix.
    pub fn name_span(self) -> Option<Range<usize>> {
        let raw = self.raw_node();
        let start = raw.key_start() as usize;
        let len = || self.tree.arena.key_len(self.id, raw) as usize;
        self.has_name().then(|| start..start + len())
    }

    /// Line and column of the name.
    pub fn name_position(self) -> Option<Position> {
        self.name_span().map(|span| self.tree.position(span.start))
    }

    fn has_name(self) -> bool {
        match self.form() {
            Form::Element | Form::Attribute => true,
            Form::Text => false,
            Form::Null | Form::Bool | Form::Number | Form::String | Form::Array | Form::Object => {
                self.parent()
                    .is_some_and(|parent| parent.form() == Form::Object)
            }
        }
    }

    /// Which item of its array this is, or which of the elements with its name, from 0.
    /// `None` for members of an object, attributes, text and the root.
    pub fn index(self) -> Option<usize> {
        let parent = self.parent()?;
        let counted = match self.form() {
            Form::Element => true,
            Form::Attribute | Form::Text => false,
            Form::Null | Form::Bool | Form::Number | Form::String | Form::Array | Form::Object => {
                parent.form() == Form::Array
            }
        };
        counted.then(|| self.raw_node().place as usize)
    }

    /// The first item or member of JSON.
    pub(crate) fn first_child(self) -> Option<Node<'t>> {
        let raw = self.raw_node();
        let id = match raw.form {
            Form::Array | Form::Object if raw.count > 0 => self.id + 1,
            _ => NONE,
        };
        (id != NONE).then_some(Node::new(self.tree, id))
    }

    /// The item, member, element or text after this one.
    pub(crate) fn next_sibling(self) -> Option<Node<'t>> {
        let raw = self.raw_node();
        let id = match raw.form {
            Form::Attribute => NONE,
            _ => raw.next,
        };
        (id != NONE).then_some(Node::new(self.tree, id))
    }

    /// This node and all below it, attributes among them, in source order.
    pub fn with_descendants(self) -> impl Iterator<Item = Node<'t>> {
        let end = self.raw_node().end;
        let tree = self.tree;
        let below = (self.id + 1..).map_while(move |id| {
            let raw = tree.arena.get(id).filter(|raw| raw.start < end)?;
            // The arena is in source order, so that the first beyond the end is the last looked at.
            debug_assert!(raw.parent >= self.id);
            Some(Node::new(tree, id))
        });
        std::iter::once(self).chain(below)
    }
}
