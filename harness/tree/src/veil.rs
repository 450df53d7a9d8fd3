//! Trees of text that was redacted: what stands in them is not all of what was received, so a reader
//! must be able to tell afterwards whether it looked at something that was replaced.
//! Not for redaction itself, and not for deciding what follows from a look.
//!
//! Redaction puts tokens in braces, such as `{date}`, in the place of values and of names. A tree with
//! a veil gives them out like any text, and its [`Lookout`] notes that somebody read one, or asked for
//! a name that may be behind one. Whoever judges such a tree asks the lookout before believing.

use crate::arena::flag;
use crate::kind::{AnomalyKind, Form};
use crate::node::Node;
use crate::tree::Tree;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Notes that something was read that is not what was received. Clones note in one place.
#[derive(Debug, Clone, Default)]
pub struct Lookout(Arc<AtomicBool>);

impl Lookout {
    /// Notes it.
    pub fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was noted since the last call, and forgets it.
    pub fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// What is known of a text that was redacted.
#[derive(Clone)]
pub struct Veil {
    /// Where looks are noted.
    pub lookout: Lookout,
    /// Whether redaction leaves a name of a member as it is, so that it cannot be behind a token.
    pub keeps_name: fn(&str) -> bool,
    /// Whether an object of the text had two members of one name before it was redacted.
    pub repeated_names: bool,
    /// How long the text was when it was received, in bytes.
    pub received_bytes: usize,
}

impl fmt::Debug for Veil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Veil")
    }
}

impl Veil {
    #[cold]
    fn look(&self, text: &str) {
        if is_token(text) {
            self.lookout.note();
        }
    }
}

/// Whether a token may stand in a text. Of a brace that was received nothing else can be told.
fn is_token(text: &str) -> bool {
    text.contains('{')
}

impl Tree {
    /// The same tree, of a text that was redacted. Of names that redaction made alike it no longer says
    /// that they are repeated.
    #[must_use]
    pub fn veiled(mut self, veil: Veil) -> Self {
        if !veil.repeated_names {
            let anomalies = &mut self.arena.anomalies;
            anomalies.retain(|anomaly| anomaly.kind != AnomalyKind::DuplicateKey);
        }
        self.veil = Some(Box::new(veil));
        self
    }

    /// How long the text was when it was received, in bytes.
    pub fn received_bytes(&self) -> usize {
        match &self.veil {
            Some(veil) => veil.received_bytes,
            None => self.text().len(),
        }
    }

    /// Notes that the text as a whole was looked at, which is never that which was received.
    #[inline]
    pub(crate) fn look_at_all(&self) {
        if let Some(veil) = &self.veil {
            veil.lookout.note();
        }
    }
}

impl Node<'_> {
    /// Notes a look at a value.
    #[inline]
    pub(crate) fn look_at_value(self) {
        if let Some(veil) = &self.tree.veil {
            veil.look(self.tree.text().get(self.span()).unwrap_or_default());
        }
    }

    /// Notes a look at the name.
    #[inline]
    pub(crate) fn look_at_name(self) {
        if let Some(veil) = &self.tree.veil {
            veil.look(self.tree.arena.key(self.tree.text(), self.id));
        }
    }

    /// Notes that a name was asked for which may be that of this node, if nobody can tell.
    #[inline]
    pub(crate) fn look_for_name(self, asked: &str) {
        if let Some(veil) = &self.tree.veil
            && is_token(self.tree.arena.key(self.tree.text(), self.id))
            && !(veil.keeps_name)(asked)
        {
            veil.lookout.note();
        }
    }

    /// Notes a look at the type of a value: a token is a text, and what it stands for may be a number.
    #[inline]
    pub(crate) fn look_at_form(self) {
        if self.tree.veil.is_some() {
            self.look_at_number();
        }
    }

    #[cold]
    fn look_at_number(self) {
        let raw = self.raw_node();
        let is_text = raw.form == Form::String && !raw.has(flag::ESCAPED);
        if is_text && self.tree.text().get(self.span()) == Some("\"{number}\"") {
            self.tree.look_at_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    const TEXT: &str = r#"{"resourceType": "Patient", "birthDate": "{date}", "gender": "female",
        "{element}": {"url": "x"}, "{element}": 1, "count": "{number}", "name": [{"family": "a"}]}"#;

    fn tree(repeated_names: bool) -> (Tree, Lookout) {
        let lookout = Lookout::default();
        let tree = Tree::parse(TEXT.as_bytes().to_vec(), &Limits::default()).unwrap();
        let tree = tree.veiled(Veil {
            lookout: lookout.clone(),
            keeps_name: |name| name != "eyeColour",
            repeated_names,
            received_bytes: 9,
        });
        assert!(!lookout.take());
        (tree, lookout)
    }

    #[test]
    fn what_was_kept_can_be_read_without_a_note() {
        let (tree, lookout) = tree(false);
        let root = tree.root();
        assert_eq!(root.get("gender").and_then(Node::as_str), Some("female"));
        assert_eq!(tree.at("name/0/family").and_then(Node::as_str), Some("a"));
        assert!(root.get("birthDate").is_some() && root.get("photo").is_none());
        assert_eq!(root.len(), 7);
        assert!(tree.anomalies().is_empty());
        assert_eq!(tree.received_bytes(), 9);
        assert!(!lookout.take());
    }

    #[test]
    fn every_look_at_a_token_is_noted() {
        let looks: [fn(&Tree) -> bool; 10] = [
            |tree| {
                tree.root()
                    .get("birthDate")
                    .and_then(Node::as_str)
                    .is_some()
            },
            |tree| {
                tree.root()
                    .get("birthDate")
                    .and_then(Node::value_text)
                    .is_some()
            },
            |tree| tree.root().get("birthDate").map(Node::raw).is_some(),
            |tree| tree.root().get("count").map(Node::kind).is_some(),
            |tree| {
                tree.root()
                    .get("count")
                    .and_then(Node::number_text)
                    .is_none()
            },
            |tree| tree.root().get("eyeColour").is_none(),
            |tree| tree.root().members().count() == 7,
            |tree| tree.nodes().filter_map(Node::name).count() > 7,
            |tree| !tree.root().raw().is_empty(),
            |tree| !tree.source().is_empty(),
        ];
        for (at, look) in looks.iter().enumerate() {
            let (tree, lookout) = tree(false);
            assert!(look(&tree), "look {at}");
            assert!(lookout.take(), "look {at}");
            assert!(!lookout.take(), "look {at}");
        }
    }

    #[test]
    fn names_that_were_repeated_stay_so() {
        assert_eq!(tree(true).0.anomalies().len(), 1);
    }
}
