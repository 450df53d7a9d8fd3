//! Bodies that came before: a run asks for the same capability statement or patient again and again,
//! so what came back byte for byte the same is not read and redacted again.
//! Not for storing: the bytes here are live, and stay in memory.

use crate::netted::ByWords;
use plumbline_model::{BodyCheck, StoredBody};
use plumbline_tree::Tree;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

/// How many bytes of bodies are remembered; trees and redacted text come to some times as many.
const MOST_BYTES: usize = 2 << 20;
/// How many bodies are remembered, for those of a target that never answers the same twice.
const MOST_BODIES: usize = 64;

/// Remembers bodies by their bytes, and begins afresh when they have become too many.
#[derive(Default)]
pub(crate) struct Bodies {
    known: HashMap<Vec<u8>, Known, BuildHasherDefault<ByWords>>,
    bytes: usize,
}

/// A body that was JSON and held no stranger's NHS number.
#[derive(Clone)]
pub(crate) struct Known {
    pub tree: Arc<Tree>,
    pub stored: StoredBody,
    pub check: BodyCheck,
}

impl Bodies {
    /// What became of a body with these bytes.
    pub fn get(&self, bytes: &[u8]) -> Option<Known> {
        self.known.get(bytes).cloned()
    }

    /// Remembers what became of a body.
    pub fn put(&mut self, bytes: Vec<u8>, known: Known) {
        if bytes.len() > MOST_BYTES {
            return;
        }
        if self.bytes + bytes.len() > MOST_BYTES || self.known.len() == MOST_BODIES {
            self.known.clear();
            self.bytes = 0;
        }
        self.bytes += bytes.len();
        self.known.insert(bytes, known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_tree::Limits;

    fn known(text: &str) -> Known {
        Known {
            tree: Arc::new(Tree::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap()),
            stored: StoredBody::Empty,
            check: BodyCheck::default(),
        }
    }

    #[test]
    fn only_the_same_bytes_are_the_same_body() {
        let mut bodies = Bodies::default();
        bodies.put(b"{}".to_vec(), known("{}"));
        assert!(bodies.get(b"{}").is_some());
        assert!(bodies.get(b"{ }").is_none());
    }

    #[test]
    fn no_more_than_so_many_bytes_are_remembered() {
        let mut bodies = Bodies::default();
        let body = |n: u8| vec![n; MOST_BYTES / 2 - 1];
        for n in 0..3 {
            bodies.put(body(n), known("{}"));
        }
        assert!(bodies.get(&body(0)).is_none());
        assert!(bodies.get(&body(2)).is_some());
        bodies.put(vec![9; MOST_BYTES + 1], known("{}"));
        assert!(
            bodies.get(&body(2)).is_some(),
            "a huge one drives nothing out"
        );
        assert!(bodies.bytes <= MOST_BYTES);
    }

    #[test]
    fn no_more_than_so_many_bodies_are_remembered() {
        let mut bodies = Bodies::default();
        for n in 0..10 * MOST_BODIES {
            bodies.put(n.to_string().into_bytes(), known("{}"));
            assert!(bodies.known.len() <= MOST_BODIES);
        }
        assert!(bodies.get(b"0").is_none());
    }
}
