//! Every reference of a body, followed once. Not for what is reported about it.

use super::address::Address;
use super::index::Index;
use super::reading::value;
use super::resolve::Resolved;
use plumbline_fhir::validate::{Survey, SurveyedReference};
use plumbline_tree::{Form, Node};
use std::borrow::Cow;

/// A reference that is followed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Followed<'a> {
    pub(super) link: Link<'a>,
    pub(super) text: &'a str,
    /// The text taken apart.
    pub(super) address: Address<'a>,
    /// As in [`SurveyedReference::place`].
    pub(super) place: u32,
}

/// A reference and where it leads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<'a> {
    /// The node of `reference`.
    pub(crate) node: Node<'a>,
    /// The resource that it stands in, of what is contained the container.
    pub(crate) home: usize,
    pub(crate) to: Resolved<'a>,
}

impl Link<'_> {
    /// The resource of the index that it leads to.
    pub(crate) fn target(&self) -> Option<usize> {
        match self.to {
            Resolved::To(found) => found.home,
            Resolved::Nowhere(_) | Resolved::Elsewhere(_) | Resolved::Ambiguous(_) => None,
        }
    }
}

impl<'a> Followed<'a> {
    /// The element of type `Reference`.
    pub(super) fn holder(&self) -> Option<Node<'a>> {
        self.link.node.parent()
    }
}

/// Which resource each node stands in, for nodes in the order of the body.
pub(crate) struct Homes<'i, 'a> {
    index: &'i Index<'a>,
    /// Those that begin later, in the order of the body.
    left: &'i [(u32, u32)],
    /// Those that are begun, and the first node after each.
    open: Vec<(usize, u32)>,
}

impl<'i, 'a> Homes<'i, 'a> {
    pub(crate) fn new(index: &'i Index<'a>) -> Self {
        Self {
            index,
            left: index.places(),
            open: Vec::new(),
        }
    }

    /// The resource of a node that is not before the one that was asked for last.
    pub(crate) fn of(&mut self, node: Node<'a>) -> Option<usize> {
        while let Some(((number, home), left)) = self.left.split_first()
            && *number <= node.number()
        {
            self.left = left;
            if let Some(after) = self.index.after(*home) {
                self.close(*number);
                self.open.push((*home as usize, after));
            }
        }
        self.close(node.number());
        self.open.last().map(|it| it.0)
    }

    /// Drops what ends before a node.
    fn close(&mut self, number: u32) {
        while self.open.last().is_some_and(|it| it.1 <= number) {
            self.open.pop();
        }
    }
}

/// Follows every reference of a body, in its order.
pub(super) fn follow<'a>(
    index: &Index<'a>,
    survey: &Survey<'a>,
    mut each: impl FnMut(&Followed<'a>),
) {
    let mut all = Cow::Borrowed(survey.references.as_slice());
    // What is said beside a primitive is surveyed with it.
    if !all.is_sorted_by_key(|it| it.node.number()) {
        all.to_mut().sort_by_key(|it| it.node.number());
    }
    let mut homes = Homes::new(index);
    for SurveyedReference { node, place } in all.iter().copied() {
        if !matches!(node.form(), Form::String | Form::Element) {
            continue;
        }
        if let (Some(text), Some(home)) = (value(node), homes.of(node)) {
            let address = Address::of(text, index.knowledge.definitions);
            let to = index.follow(&address, home);
            each(&Followed {
                link: Link { node, home, to },
                text,
                address,
                place,
            });
        }
    }
}
