//! A bundle as the rules look at it: its type, its entries, and which resources they hold. Not for the rules.

use crate::reference::reading::{items, resource_in, resource_type, text};
use crate::reference::{Index, Link, spot};
use crate::report::Report;
use plumbline_fhir::{FhirVersion, Rule};
use plumbline_tree::Node;

/// One entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) node: Node<'a>,
    pub(super) url: Option<&'a str>,
    pub(super) resource: Option<Node<'a>>,
    /// The type that the resource names.
    pub(super) of: Option<&'a str>,
    pub(super) request: Option<Node<'a>>,
}

impl<'a> Entry<'a> {
    fn of(node: Node<'a>) -> Self {
        let resource = node.get("resource").and_then(resource_in);
        Self {
            node,
            url: text(node, "fullUrl").filter(|it| !it.is_empty()),
            resource,
            of: resource.and_then(resource_type),
            request: node.get("request"),
        }
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
    pub(super) entries: Vec<Entry<'a>>,
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
            entries: items(node, "entry").map(Entry::of).collect(),
            report,
        }
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

    /// The reference in an element of type `Reference`.
    pub(super) fn link(&self, reference: Node<'a>) -> Option<&'b Link<'a>> {
        let node = reference.get("reference")?;
        let offset = node.offset();
        let at = self
            .links
            .binary_search_by_key(&offset, |it| it.node.offset());
        self.links.get(at.ok()?)
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
            let scope = self.index.scopes.get(self.index.homes.get(home)?.scope)?;
            let holder = scope.holder?;
            if holder == self.home {
                return Some(home);
            }
            home = holder;
        }
    }
}
