//! Every reference of a body, followed once. Not for what is reported about it.

use super::address::Address;
use super::index::Index;
use super::resolve::Resolved;
use plumbline_fhir::validate::Survey;
use plumbline_tree::{Form, Node};

/// A reference and where it leads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<'a> {
    pub(crate) text: &'a str,
    /// The text taken apart.
    pub(crate) address: Address<'a>,
    /// The node of `reference`.
    pub(crate) node: Node<'a>,
    /// The resource that it stands in, of what is contained the container.
    pub(crate) home: usize,
    pub(crate) to: Resolved<'a>,
    /// As in [`plumbline_fhir::validate::SurveyedReference::place`].
    pub(crate) place: u32,
}

impl<'a> Link<'a> {
    /// The element of type `Reference`.
    pub(crate) fn holder(&self) -> Option<Node<'a>> {
        self.node.parent()
    }

    /// The resource of the index that it leads to.
    pub(crate) fn target(&self) -> Option<usize> {
        match self.to {
            Resolved::To(found) => found.home,
            Resolved::Nowhere(_) | Resolved::Elsewhere(_) | Resolved::Ambiguous(_) => None,
        }
    }
}

/// Which resource each node stands in, for nodes in the order of the body.
pub(crate) struct Homes<'i, 'a> {
    index: &'i Index<'a>,
    /// By where they begin.
    order: Vec<usize>,
    next: usize,
    open: Vec<usize>,
}

impl<'i, 'a> Homes<'i, 'a> {
    pub(crate) fn new(index: &'i Index<'a>) -> Self {
        let mut order: Vec<usize> = (0..index.homes.len()).collect();
        order.sort_by_key(|at| index.homes.get(*at).map(|it| it.node.offset()));
        Self {
            index,
            order,
            next: 0,
            open: Vec::new(),
        }
    }

    fn node(&self, home: Option<&usize>) -> Option<Node<'a>> {
        self.index.homes.get(*home?).map(|it| it.node)
    }

    /// The resource of a node that is not before the one that was asked for last.
    pub(crate) fn of(&mut self, offset: usize) -> Option<usize> {
        while let Some(node) = self.node(self.order.get(self.next)) {
            if node.offset() > offset {
                break;
            }
            self.open.extend(self.order.get(self.next));
            self.next += 1;
        }
        while let Some(node) = self.node(self.open.last()) {
            if offset < node.span().end {
                break;
            }
            self.open.pop();
        }
        self.open.last().copied()
    }
}

/// Follows every reference of a body, in its order.
pub(crate) fn follow<'a>(index: &Index<'a>, survey: &Survey<'a>) -> Vec<Link<'a>> {
    let definitions = index.knowledge.definitions;
    let all = survey.references.iter().filter_map(|it| {
        let node = it.element.body()?.get("reference")?;
        let is_text = matches!(node.form(), Form::String | Form::Element);
        is_text.then_some((node, it.text, it.place))
    });
    let mut all: Vec<(Node<'a>, &'a str, u32)> = all.collect();
    // What is said beside a primitive is surveyed with it.
    all.sort_by_key(|(node, ..)| node.offset());
    let mut homes = Homes::new(index);
    let mut links = Vec::with_capacity(all.len());
    for (node, text, place) in all {
        if let Some(home) = homes.of(node.offset()) {
            let address = Address::of(text, definitions);
            links.push(Link {
                text,
                address,
                node,
                home,
                to: index.follow(&address, home),
                place,
            });
        }
    }
    links
}
