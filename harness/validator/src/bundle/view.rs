//! A bundle as the rules look at it: its type, its entries, and which resources they hold. Not for the rules.

use crate::reference::reading::{text, value};
use crate::reference::{EntryParts, Index, Link, Mode, spot};
use crate::report::Report;
use plumbline_fhir::{FhirVersion, Rule};
use plumbline_tree::Node;

/// One entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) node: Node<'a>,
    pub(super) url: Option<&'a str>,
    /// The node of that.
    pub(super) url_node: Option<Node<'a>>,
    pub(super) resource: Option<Node<'a>>,
    /// The number of the resource in the index.
    pub(super) home: Option<usize>,
    /// The type that the resource names.
    pub(super) of: Option<&'a str>,
    pub(super) request: Option<Node<'a>>,
    /// As in [`EntryParts::is_in_order`].
    pub(super) is_in_order: bool,
    /// As in [`EntryParts::mode`].
    pub(super) mode: Mode,
}

impl<'a> Entry<'a> {
    fn of(index: &Index<'a>, parts: &EntryParts) -> Option<Self> {
        let tree = index.tree();
        let number = parts.home as usize;
        let home = index.home(number);
        let url_node = tree.node(parts.url);
        let url = match home {
            Some(home) => home.url,
            None => url_node.and_then(value).filter(|it| !it.is_empty()),
        };
        Some(Self {
            node: tree.node(parts.node)?,
            url,
            url_node,
            resource: home.map(|it| it.node),
            home: home.map(|_| number),
            of: home.and_then(|it| it.of),
            request: tree.node(parts.request),
            is_in_order: parts.is_in_order,
            mode: parts.mode,
        })
    }

    /// The method of its request.
    pub(super) fn method(&self) -> Option<&'a str> {
        text(self.request?, "method")
    }
}

/// A bundle, what is known of the body, and where findings go.
pub(super) struct Bundle<'b, 'a> {
    pub(super) index: &'b Index<'a>,
    /// All references of the body, in its order.
    pub(super) links: &'b [Link<'a>],
    pub(super) node: Node<'a>,
    /// Which resource of the index it is.
    pub(super) home: usize,
    /// Its type.
    pub(super) of: &'a str,
    pub(super) parts: &'b [EntryParts],
    pub(super) report: &'b mut Report,
}

impl<'b, 'a> Bundle<'b, 'a> {
    pub(super) fn of(
        index: &'b Index<'a>,
        links: &'b [Link<'a>],
        home: usize,
        node: Node<'a>,
        report: &'b mut Report,
    ) -> Self {
        Self {
            index,
            links,
            node,
            home,
            of: text(node, "type").unwrap_or_default(),
            parts: index.entries(home),
            report,
        }
    }

    /// Its entries.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'b, 'a> {
        let (index, all) = (self.index, self.parts);
        all.iter().filter_map(|it| Entry::of(index, it))
    }

    pub(super) fn version(&self) -> FhirVersion {
        self.index.knowledge.version()
    }

    /// Reports an issue at a node.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        node: Node<'a>,
        words: &[&str],
        expected: &str,
        actual: &str,
    ) {
        let place = spot::place(node, self.index.knowledge.types);
        self.report.add(rule, &place, words, expected, actual);
    }

    /// The reference in an element of type `Reference`, and its text.
    pub(super) fn link(&self, reference: Node<'a>) -> Option<(&'b Link<'a>, &'a str)> {
        let node = reference.get("reference")?;
        let number = node.number();
        let at = self
            .links
            .binary_search_by_key(&number, |it| it.node.number());
        Some((self.links.get(at.ok()?)?, value(node)?))
    }

    /// The references of the entries of this bundle, those of bundles within them too, in the order of the body.
    pub(super) fn own_links(&self) -> &'b [Link<'a>] {
        let span = self.node.span();
        let from = self
            .links
            .partition_point(|it| it.node.offset() < span.start);
        let to = self.links.partition_point(|it| it.node.offset() < span.end);
        self.links.get(from..to).unwrap_or_default()
    }

    /// The resource of an entry of this bundle that a resource is, or is in.
    pub(super) fn entry_home(&self, home: usize) -> Option<usize> {
        let mut home = home;
        loop {
            let scope = self.index.scopes.get(self.index.home(home)?.scope)?;
            let holder = scope.holder?;
            if holder == self.home {
                return Some(home);
            }
            home = holder;
        }
    }
}
