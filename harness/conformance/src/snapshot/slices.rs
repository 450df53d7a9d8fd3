//! Slices and slices of slices: found, or made from what they are slices of. Not how a resource is told apart by them.

use super::apply::{Applying, Place, Stop};
use super::arena::{Full, Id, Node, Slices};
use super::chosen;
use super::problem::Cause;
use plumbline_fhir::profile_facts::{
    Discriminator, DiscriminatorKind, ElementFacts, Rules, Slicing,
};

impl Applying<'_, '_> {
    /// The slice of an element. One that is not there begins as what the base says of what it is a slice of, with no
    /// least number. What the profile says of all items is not repeated in it: it holds beside what the slice says.
    pub(super) fn slice(
        &mut self,
        of: Id,
        id_name: &str,
        element: &ElementFacts,
        place: Place,
    ) -> Result<Id, Stop> {
        // The name of a slice counts, also where ids call it otherwise.
        let own = element
            .slice
            .as_deref()
            .filter(|_| place == Place::Last)
            .unwrap_or(id_name);
        for name in [own, id_name] {
            if let Some(slice) = self.arena().slice(of, name) {
                return Ok(slice);
            }
        }
        if place == Place::Outer {
            let slice = own.to_owned();
            self.list(element, Cause::UndeclaredSlice { slice });
        }
        let outer = own.rsplit_once('/');
        let outer = outer.and_then(|(outer, _)| self.whole.arena.slice(of, outer));
        let source = Some(self.source.clone());
        let from = outer.unwrap_or(of);
        let copy = self.copy_original(from, Slices::Not)?;
        self.made.insert(copy);
        let node = self.arena().get_mut(copy);
        node.slice = Some(own.to_owned());
        node.alias = (own != id_name).then(|| id_name.to_owned());
        node.facts.slicing = None;
        node.facts.min = Some(0);
        node.sources.slicing.clone_from(&source);
        node.sources.min = None;
        self.keep(from);
        let sliced = self.arena().get_mut(from);
        if sliced.facts.slicing.is_none() {
            sliced.facts.slicing = Some(unsaid(sliced));
            sliced.sources.slicing = source;
        }
        self.arena().get_mut(of).slices.push(copy);
        Ok(copy)
    }

    /// A copy of a node as the base has it. Of the types those are taken that the profile has left.
    fn copy_original(&mut self, of: Id, slices: Slices) -> Result<Id, Full> {
        let mut node = self.whole.arena.get(of).clone();
        let children = std::mem::take(&mut node.children);
        let known = std::mem::take(&mut node.slices);
        if let Some((facts, sources)) = self.originals.get(&of) {
            let (types, source) = (node.facts.types, node.sources.types);
            (node.facts, node.sources) = (facts.clone(), sources.clone());
            (node.facts.types, node.sources.types) = (types, source);
        }
        let is_new = self.unfolded.contains(&of);
        node.is_unfolded &= !is_new;
        let copy = self.arena().push(node)?;
        if !is_new {
            for child in children {
                let child = self.copy_original(child, Slices::Too)?;
                self.arena().get_mut(copy).children.push(child);
            }
        }
        for slice in known {
            if slices == Slices::Too && !self.made.contains(&slice) {
                let slice = self.copy_original(slice, Slices::Too)?;
                self.arena().get_mut(copy).slices.push(slice);
            }
        }
        Ok(copy)
    }

    /// Keeps what the base says of a node before the profile says something of it.
    pub(super) fn keep(&mut self, id: Id) {
        if !self.originals.contains_key(&id) {
            let node = self.whole.arena.get(id);
            let original = (node.facts.clone(), node.sources.clone());
            self.originals.insert(id, original);
        }
    }
}

/// How an element is sliced of which nobody says it: extensions by address, choices by type.
fn unsaid(of: &Node) -> Slicing {
    if of.name.ends_with("[x]") {
        return chosen::by_type(Rules::Open);
    }
    let is_extension = of.facts.types.iter().any(|it| it.code == "Extension");
    let by_url = is_extension.then(|| Discriminator {
        kind: DiscriminatorKind::Value,
        path: "url".to_owned(),
    });
    Slicing {
        rules: Some(Rules::Open),
        is_ordered: false,
        discriminators: by_url.into_iter().collect(),
    }
}
