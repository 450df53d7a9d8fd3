//! The sections of a Composition. Not what its references lead to: document.rs; nor cmp-1 and cmp-2, which are invariants.

use super::rules;
use crate::reference::reading::{items, text};
use crate::reference::{Index, spot};
use crate::report::Report;
use plumbline_fhir::Rule;
use plumbline_tree::Node;

/// How deep sections may nest to be looked at.
const MOST_DEPTH: usize = 64;

/// Whether people read the narrative of the sections as a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It is the first resource of a document.
    Document,
    /// It stands anywhere else.
    Alone,
}

/// The rules of the sections of a Composition.
pub(super) fn check<'a>(index: &Index<'a>, composition: Node<'a>, of: Use, report: &mut Report) {
    let mut add = |rule: &'static Rule, node: Node<'a>, expected: &str| {
        let place = spot::place(node, index.knowledge.types);
        report.add(rule, &place, &[], expected, "none");
    };
    let mut next: Vec<(Node<'a>, usize)> = Vec::new();
    next.extend(items(composition, "section").map(|it| (it, 0)));
    // A single section needs no title to be told from others.
    let mut is_alone = next.len() == 1;
    while let Some((section, depth)) = next.pop() {
        let inner = items(section, "section").map(|it| (it, depth + 1));
        let has_inner = section.get("section").is_some();
        if text(section, "title").is_none() && !is_alone && !has_inner {
            add(&rules::SECTION_TITLE, section, "a title");
        }
        is_alone = false;
        let is_silent = section.get("entry").is_some() && section.get("text").is_none();
        if of == Use::Document && is_silent && !has_inner {
            add(&rules::SECTION_NARRATIVE, section, "text");
        }
        if depth < MOST_DEPTH {
            next.extend(inner);
        }
    }
}
