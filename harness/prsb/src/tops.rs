//! The members of each resource of a document by name, side by side: most paths begin with one of them.
//! Not for what is deeper, which paths walk to.

use crate::view::El;
use plumbline_tree::Node;
use std::ops::Range;

/// The members of resources.
#[derive(Debug, Default)]
pub(crate) struct Tops<'t> {
    /// Those of all resources, one resource after the other, each with the print of its name.
    all: Vec<(u64, Node<'t>)>,
    /// By number of the resource: which of them are its own.
    of: Vec<Range<usize>>,
}

impl<'t> Tops<'t> {
    /// Reads those of resources in order.
    pub(crate) fn of(resources: impl Iterator<Item = El<'t>>) -> Self {
        let mut tops = Self::default();
        for resource in resources {
            let begin = tops.all.len();
            let members = resource.node().members();
            tops.all
                .extend(members.map(|(name, node)| (print(name), node)));
            tops.of.push(begin..tops.all.len());
        }
        tops
    }

    /// The children of a resource of this name, as [`El::each_child`] gives them.
    #[inline]
    pub(crate) fn each(&self, number: usize, name: &str, mut take: impl FnMut(El<'t>)) {
        let wanted = print(name);
        let own = self.of.get(number).cloned().unwrap_or_default();
        for (print, node) in &self.all[own] {
            if *print == wanted && node.name() == Some(name) {
                El::each_of(*node, &mut take);
            }
        }
    }
}

/// A number that most names do not share: of their ends and their length.
fn print(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let eight = |part: &[u8]| part.iter().fold(0, |all, b| all << 8 | u64::from(*b));
    let head = eight(&bytes[..bytes.len().min(8)]);
    let tail = eight(&bytes[bytes.len().saturating_sub(8)..]);
    head ^ tail.rotate_left(23) ^ (bytes.len() as u64).rotate_left(48)
}
