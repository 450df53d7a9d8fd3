//! Contained resources that hold on to each other only. Not those that nothing refers to, which the base rules report.

use super::index::Index;
use super::reading::{items, resource_in, resource_type, text, value};
use super::rules;
use super::spot;
use crate::report::Report;
use plumbline_tree::{Form, Node};
use std::collections::{BTreeMap, BTreeSet};

/// What the contained resources of one resource refer to.
#[derive(Default)]
struct Web<'a> {
    /// Where each is in the body, with its id.
    held: Vec<(Node<'a>, Option<&'a str>)>,
    /// What the resource around refers to.
    from_outside: BTreeSet<&'a str>,
    /// What each refers to; an empty id is the resource around.
    from: BTreeMap<usize, BTreeSet<&'a str>>,
}

/// Reports contained resources to which nothing leads.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    let all = index.containers.iter();
    for home in all.filter_map(|it| index.home(*it)) {
        for (node, of) in Web::of(home.node).islands() {
            let place = spot::place(node, index.knowledge.types);
            let expected = "a reference from the resource that contains it";
            let actual = "references from contained resources only";
            report.add(&rules::ISLAND, &place, &[of], expected, actual);
        }
    }
}

impl<'a> Web<'a> {
    fn of(home: Node<'a>) -> Self {
        let mut web = Self::default();
        for node in items(home, "contained").filter_map(resource_in) {
            web.held.push((node, text(node, "id")));
        }
        for node in home.with_descendants() {
            if !matches!(node.form(), Form::String | Form::Element) {
                continue;
            }
            let Some(id) = value(node).and_then(|it| it.strip_prefix('#')) else {
                continue;
            };
            let at = web
                .held
                .partition_point(|(it, _)| it.offset() <= node.offset());
            let inside = at.checked_sub(1).filter(|at| {
                let held = web.held.get(*at);
                held.is_some_and(|(it, _)| node.offset() < it.span().end)
            });
            match inside {
                Some(at) => web.from.entry(at).or_default().insert(id),
                None => web.from_outside.insert(id),
            };
        }
        web
    }

    /// Those to which others refer, but none that the resource around knows.
    fn islands(self) -> Vec<(Node<'a>, &'a str)> {
        let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, (_, id)) in self.held.iter().enumerate() {
            if let Some(id) = id {
                by_id.entry(id).or_insert(at);
            }
        }
        // What refers to the resource around belongs to it, too.
        let to_around = self.from.iter().filter(|(_, ids)| ids.contains(""));
        let mut next: Vec<usize> = to_around.map(|(at, _)| *at).collect();
        next.extend(self.from_outside.iter().filter_map(|id| by_id.get(id)));
        let mut known: BTreeSet<usize> = BTreeSet::new();
        while let Some(at) = next.pop() {
            if known.insert(at) {
                let ids = self.from.get(&at).into_iter().flatten();
                next.extend(ids.filter_map(|id| by_id.get(id)));
            }
        }
        let named: BTreeSet<&str> = self.from.values().flatten().copied().collect();
        let held = self.held.iter().enumerate();
        let islands = held
            .filter(|(at, (_, id))| !known.contains(at) && id.is_some_and(|id| named.contains(id)));
        let islands =
            islands.map(|(_, (node, _))| (*node, resource_type(*node).unwrap_or("resource")));
        islands.collect()
    }
}
