//! Bundles by their type, documents and messages, the sections of a Composition, and links within narrative.
//! Not for invariants, which the base rules report as `FHIR-INVARIANT-<key>`; nor for where references lead
//! (`reference`), nor for what profiles ask of a bundle.
//!
//! Which rule has whom:
//!
//! | Invariant | About | Here beside it |
//! |---|---|---|
//! | bdl-1, bdl-2 | total and search by type | none |
//! | bdl-3, bdl-4 | request and response by type | that they must be there, in STU3, whose invariants do not say so |
//! | bdl-5 | an entry is not empty | that some types want a resource |
//! | bdl-7, bdl-8 | fullUrl unique and without version | that it is there, absolute, and agrees with the resource |
//! | bdl-9, bdl-10 | identifier and timestamp of a document | meta.lastUpdated of STU3 |
//! | bdl-11, bdl-12 | the first entry, in R4 | the first entry in STU3; no entry at all, or one without resource, in both |
//! | cmp-1, cmp-2 | content of a section | titles, and narrative of a document |
//!
//! A bundle within another is judged by itself.

mod composition;
mod document;
mod entry;
mod narrative;
mod request;
pub(crate) mod rules;
mod search;
mod view;

#[cfg(test)]
mod tests;

use crate::reference::{Group, Index, Link};
use crate::report::Report;
use composition::Use;
use view::Bundle;

/// Reports what is wrong with the bundles, compositions and narrative links of a body.
pub(crate) fn check<'a>(index: &Index<'a>, links: &[Link<'a>], report: &mut Report) {
    for (at, home) in index.homes_of(["Bundle", "Composition"]) {
        if home.of == Some("Bundle") {
            Bundle::of(index, links, at, home.node, report).check();
            continue;
        }
        let is_document = index.group(at) == Group::Bundle("document");
        let of = if is_document {
            Use::Document
        } else {
            Use::Alone
        };
        composition::check(index, home.node, of, report);
    }
    narrative::check(index, report);
}

impl Bundle<'_, '_> {
    fn check(&mut self) {
        self.check_entries();
        match self.of {
            "document" => self.check_document(),
            "message" => self.check_message(),
            "transaction" => self.check_requests(),
            "batch" => {
                self.check_requests();
                self.check_batch_references();
            }
            "transaction-response" | "batch-response" => self.check_responses(),
            "history" => {
                self.check_requests();
                self.check_responses();
                self.check_history();
            }
            "searchset" => self.check_search(),
            _ => {}
        }
    }
}
