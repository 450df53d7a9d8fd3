//! The elements of a profile as a tree while it is worked out. Not what is put into it.

use super::Sources;
use plumbline_fhir::profile_facts::ElementFacts;

/// More elements has no profile that is meant in earnest; the largest of HL7 has about 700.
pub(super) const MOST_ELEMENTS: usize = 20_000;

/// The number of a node.
pub(super) type Id = usize;

/// There is no room left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Full;

/// An element.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// The last part of its path: `value[x]`.
    pub(super) name: String,
    /// Of a slice its name.
    pub(super) slice: Option<String>,
    /// What ids call the slice, if that is another name.
    pub(super) alias: Option<String>,
    /// What is said of it; path and id are filled in at the end.
    pub(super) facts: ElementFacts,
    /// Who says it.
    pub(super) sources: Sources,
    /// Its children, if they are there.
    pub(super) children: Vec<Id>,
    /// Its slices, re-slices among them, in order.
    pub(super) slices: Vec<Id>,
    /// Whether its children need no looking for: they are there, or there are none.
    pub(super) is_unfolded: bool,
}

/// All elements; the first is the outermost.
#[derive(Debug, Default)]
pub(super) struct Arena {
    nodes: Vec<Node>,
    /// Stands for a node that is not there, which cannot be.
    nothing: Node,
}

impl Arena {
    pub(super) const ROOT: Id = 0;

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn get(&self, id: Id) -> &Node {
        self.nodes.get(id).unwrap_or(&self.nothing)
    }

    pub(super) fn get_mut(&mut self, id: Id) -> &mut Node {
        self.nodes.get_mut(id).unwrap_or(&mut self.nothing)
    }

    pub(super) fn push(&mut self, node: Node) -> Result<Id, Full> {
        if self.nodes.len() >= MOST_ELEMENTS {
            return Err(Full);
        }
        self.nodes.push(node);
        Ok(self.nodes.len() - 1)
    }

    /// The child of this very name.
    pub(super) fn child(&self, of: Id, name: &str) -> Option<Id> {
        let mut children = self.get(of).children.iter().copied();
        children.find(|id| self.get(*id).name == name)
    }

    /// The slice of this name, or that ids call so.
    pub(super) fn slice(&self, of: Id, name: &str) -> Option<Id> {
        let mut slices = self.get(of).slices.iter().copied();
        let is = |known: &Option<String>| known.as_deref() == Some(name);
        slices.find(|id| is(&self.get(*id).slice) || is(&self.get(*id).alias))
    }

    /// A copy of a node with its children and, if wished for, its slices.
    pub(super) fn copy(&mut self, of: Id, slices: Slices) -> Result<Id, Full> {
        let mut node = self.get(of).clone();
        let children = std::mem::take(&mut node.children);
        let old_slices = std::mem::take(&mut node.slices);
        let copy = self.push(node)?;
        for child in children {
            let child = self.copy(child, Slices::Too)?;
            self.get_mut(copy).children.push(child);
        }
        if slices == Slices::Too {
            for slice in old_slices {
                let slice = self.copy(slice, Slices::Too)?;
                self.get_mut(copy).slices.push(slice);
            }
        }
        Ok(copy)
    }

    /// A copy of a node of another tree, with all below it.
    pub(super) fn copy_from(&mut self, other: &Arena, of: Id) -> Result<Id, Full> {
        let mut node = other.get(of).clone();
        let children = std::mem::take(&mut node.children);
        let slices = std::mem::take(&mut node.slices);
        let copy = self.push(node)?;
        for child in children {
            let child = self.copy_from(other, child)?;
            self.get_mut(copy).children.push(child);
        }
        for slice in slices {
            let slice = self.copy_from(other, slice)?;
            self.get_mut(copy).slices.push(slice);
        }
        Ok(copy)
    }

    /// The elements in order, each with its path and id.
    pub(super) fn flat(&self) -> (Vec<ElementFacts>, Vec<Sources>) {
        let mut all = (
            Vec::with_capacity(self.len()),
            Vec::with_capacity(self.len()),
        );
        let root = self.get(Self::ROOT);
        self.flatten(Self::ROOT, &root.name, &root.name, &mut all);
        all
    }

    fn flatten(
        &self,
        id: Id,
        path: &str,
        full_id: &str,
        all: &mut (Vec<ElementFacts>, Vec<Sources>),
    ) {
        let node = self.get(id);
        all.0.push(ElementFacts {
            path: path.to_owned(),
            slice: node.slice.clone(),
            id: full_id.to_owned(),
            ..node.facts.clone()
        });
        all.1.push(node.sources.clone());
        for child in &node.children {
            let name = &self.get(*child).name;
            self.flatten(
                *child,
                &format!("{path}.{name}"),
                &format!("{full_id}.{name}"),
                all,
            );
        }
        for slice in &node.slices {
            let name = self.get(*slice).slice.as_deref().unwrap_or_default();
            self.flatten(*slice, path, &format!("{full_id}:{name}"), all);
        }
    }
}

/// Whether slices are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slices {
    /// With all below them.
    Too,
    /// They are not.
    Not,
}
