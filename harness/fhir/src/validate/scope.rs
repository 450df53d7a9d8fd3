//! The contained resources of the resource that is walked: found by id, and whether anything refers to them.
//! Not what else a reference may point to.

use crate::view::{child_text, resource_inside};
use plumbline_tree::{Form, Node};

/// A contained resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held<'a> {
    pub(super) id: &'a str,
    /// The type that it names.
    pub(super) of: Option<&'a str>,
    /// Which of the contained resources it is.
    pub(super) index: usize,
    pub(super) node: Node<'a>,
    /// Another one before it has the same id.
    pub(super) is_again: bool,
    is_used: bool,
}

/// The contained resources of one resource, by id. Empty outside resources.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    held: Vec<Held<'a>>,
    /// Which contained resource is walked.
    pub(super) inside: Option<usize>,
    /// The address of an entry in a transaction may be a search.
    pub(super) allows_search: bool,
}

impl<'a> Scope<'a> {
    /// Looks at the contained resources of a resource once, so that each reference is found at once.
    pub(super) fn of(resource: Node<'a>, allows_search: bool) -> Self {
        let mut held = Vec::new();
        let mut index = 0;
        for node in resource.named("contained") {
            let one = (node.form() != Form::Array).then_some(node);
            for node in one.into_iter().chain(node.items()) {
                held.extend(Held::of(node, index));
                index += 1;
            }
        }
        held.sort_by_key(|it| (it.id, it.index));
        for at in 1..held.len() {
            held[at].is_again = held[at].id == held[at - 1].id;
        }
        Self {
            held,
            inside: None,
            allows_search,
        }
    }

    /// The contained resource of an id. It is referred to from now on.
    pub(super) fn refer(&mut self, id: &str) -> Option<Held<'a>> {
        if id.is_empty() {
            // The reference is to the container, which is a use of the resource that it stands in.
            let inside = self.inside;
            let own = self.held.iter_mut().find(|it| Some(it.index) == inside);
            if let Some(own) = own {
                own.is_used = true;
            }
            return None;
        }
        let at = self.held.partition_point(|it| it.id < id);
        let held = self.held.get_mut(at).filter(|it| it.id == id)?;
        held.is_used = true;
        Some(*held)
    }

    /// Those that share their id with one before, and those that nothing refers to.
    pub(super) fn finish(self) -> impl Iterator<Item = Held<'a>> {
        self.held
            .into_iter()
            .filter(|it| it.is_again || !it.is_used)
    }
}

impl<'a> Held<'a> {
    fn of(node: Node<'a>, index: usize) -> Option<Self> {
        let (body, of) = match node.form() {
            Form::Element => {
                let inside = resource_inside(node)?;
                (inside, inside.name())
            }
            Form::Object => (node, child_text(node, "resourceType")),
            _ => return None,
        };
        Some(Self {
            id: child_text(body, "id").filter(|id| !id.is_empty())?,
            of,
            index,
            node: body,
            is_again: false,
            is_used: false,
        })
    }
}
