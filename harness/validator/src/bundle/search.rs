//! What searchsets and histories say about the search: outcomes, totals, links. Not their entries.

use super::rules;
use super::view::Bundle;
use crate::reference::Mode;
use crate::reference::reading::{items, text};
use plumbline_tree::Node;

impl<'a> Bundle<'_, 'a> {
    /// The rules of a searchset.
    pub(super) fn check_search(&mut self) {
        let (mut matches, mut outcomes) = (0_u64, 0_u64);
        for entry in self.entries() {
            matches += u64::from(entry.mode == Mode::Match);
            match (entry.mode, entry.of) {
                (Mode::Outcome, Some("OperationOutcome")) => {
                    outcomes += 1;
                    if outcomes == 2 {
                        let expected = "one entry with the mode outcome";
                        self.add(&rules::SEARCH_OUTCOMES, entry.node, &[], expected, "more");
                    }
                    if entry.resource.is_some_and(has_errors) {
                        self.outcome(entry.node, "it has an error");
                    }
                }
                (Mode::Outcome, Some(_)) => {
                    self.outcome(
                        entry.node,
                        "an entry with the mode outcome is no OperationOutcome",
                    );
                }
                (Mode::Match | Mode::Other, Some("OperationOutcome")) => {
                    self.outcome(entry.node, "its search.mode is not outcome");
                }
                (Mode::Match | Mode::Outcome | Mode::Other, _) => {}
            }
        }
        self.total(matches);
        let mut links = items(self.node, "link");
        if !links.any(|it| text(it, "relation") == Some("self")) {
            self.add(&rules::SEARCH_SELF, self.node, &[], "a link self", "none");
        }
        self.check_links();
    }

    /// The rules of a history.
    pub(super) fn check_history(&mut self) {
        self.total(self.parts.len() as u64);
        self.check_links();
    }

    fn outcome(&mut self, node: Node<'a>, actual: &str) {
        let expected = "an OperationOutcome without errors, with search.mode outcome";
        self.add(&rules::SEARCH_OUTCOME, node, &[actual], expected, actual);
    }

    fn total(&mut self, least: u64) {
        let total = text(self.node, "total").and_then(|it| it.parse::<u64>().ok());
        if let (Some(node), Some(total)) = (self.node.get("total"), total)
            && total < least
        {
            let expected = format!("at least {least}");
            self.add(
                &rules::SEARCH_TOTAL,
                node,
                &[],
                &expected,
                &total.to_string(),
            );
        }
    }

    fn check_links(&mut self) {
        for relation in ["self", "first", "previous", "prev", "next", "last"] {
            let links = items(self.node, "link");
            let mut links = links.filter(|it| text(*it, "relation") == Some(relation));
            if let Some(second) = links.nth(1) {
                let expected = "one link of each relation";
                self.add(
                    &rules::LINK_TWICE,
                    second,
                    &[relation],
                    expected,
                    "more than one",
                );
            }
        }
    }
}

/// Whether an outcome tells of an error.
fn has_errors(outcome: Node<'_>) -> bool {
    items(outcome, "issue").any(|it| matches!(text(it, "severity"), Some("error" | "fatal")))
}
