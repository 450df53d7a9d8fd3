//! Walks over the children of a node, in source order and without allocating.

use crate::arena::{NONE, flag};
use crate::kind::Form;
use crate::node::Node;
use crate::tree::Tree;

/// A walk along a chain of siblings.
#[derive(Debug, Clone)]
pub(crate) struct Children<'t> {
    tree: &'t Tree,
    next: u32,
    left: u32,
    /// Whether text between elements is passed over.
    elements_only: bool,
}

impl<'t> Children<'t> {
    /// The items or members; none if the node has another form.
    #[inline]
    pub(crate) fn of(node: Node<'t>, form: Form) -> Self {
        let raw = node.raw_node();
        let (next, left) = if raw.form == form && raw.count > 0 {
            (node.id + 1, raw.count)
        } else {
            (NONE, 0)
        };
        Self {
            tree: node.tree,
            next,
            left,
            elements_only: false,
        }
    }

    #[inline]
    pub(crate) fn elements(element: Node<'t>) -> Self {
        Self {
            tree: element.tree,
            next: element.tree.arena.first_content(element.id),
            left: element.raw_node().count,
            elements_only: true,
        }
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    #[inline]
    fn next(&mut self) -> Option<Node<'t>> {
        loop {
            if self.next == NONE {
                return None;
            }
            let node = Node::new(self.tree, self.next);
            let raw = node.raw_node();
            self.next = raw.next;
            if self.elements_only && raw.form == Form::Text {
                continue;
            }
            self.left = self.left.saturating_sub(1);
            return Some(node);
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

/// The items of an array.
#[derive(Debug, Clone)]
pub struct Items<'t>(pub(crate) Children<'t>);

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    #[inline]
    fn next(&mut self) -> Option<Node<'t>> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The members of an object, or the child elements of an element, with their names.
#[derive(Debug, Clone)]
pub struct Members<'t>(pub(crate) Children<'t>);

impl<'t> Iterator for Members<'t> {
    type Item = (&'t str, Node<'t>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let node = self.0.next()?;
        node.look_at_name();
        let arena = &node.tree.arena;
        Some((arena.local_name(node.tree.text(), node.id), node))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Members<'_> {}

/// Elements and text inside an element.
#[derive(Debug, Clone)]
pub struct Content<'t> {
    tree: &'t Tree,
    next: u32,
}

impl<'t> Content<'t> {
    #[inline]
    pub(crate) fn of(node: Node<'t>) -> Self {
        let next = match node.form() {
            Form::Element => node.tree.arena.first_content(node.id),
            _ => NONE,
        };
        Self {
            tree: node.tree,
            next,
        }
    }
}

impl<'t> Iterator for Content<'t> {
    type Item = Node<'t>;

    #[inline]
    fn next(&mut self) -> Option<Node<'t>> {
        if self.next == NONE {
            return None;
        }
        let node = Node::new(self.tree, self.next);
        self.next = node.raw_node().next;
        Some(node)
    }
}

/// Attributes of an element, in source order.
#[derive(Debug, Clone)]
pub struct Attributes<'t> {
    tree: &'t Tree,
    element: u32,
    next: u32,
    wanted: Wanted,
}

/// Which attributes are walked over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All but declarations of namespaces.
    Ordinary,
    /// Declarations of namespaces.
    Declarations,
    /// Both.
    All,
}

impl<'t> Attributes<'t> {
    #[inline]
    pub(crate) fn of(node: Node<'t>, wanted: Wanted) -> Self {
        Self {
            tree: node.tree,
            element: node.id,
            next: node.id + 1,
            wanted,
        }
    }
}

impl<'t> Iterator for Attributes<'t> {
    type Item = Node<'t>;

    #[inline]
    fn next(&mut self) -> Option<Node<'t>> {
        while self.tree.arena.is_attribute_of(self.next, self.element) {
            let node = Node::new(self.tree, self.next);
            self.next += 1;
            let is_declaration = node.raw_node().has(flag::DECLARATION);
            let is_wanted = match self.wanted {
                Wanted::Ordinary => !is_declaration,
                Wanted::Declarations => is_declaration,
                Wanted::All => true,
            };
            if is_wanted {
                return Some(node);
            }
        }
        None
    }
}
