//! What every entry has: a resource, and an identity that agrees with it. Not what single types of bundles ask for.

use super::rules;
use super::view::{Bundle, Entry};
use crate::reference::reading::text;
use crate::reference::{is_absolute, rest};
use plumbline_fhir::validate::Severity;

impl<'a> Bundle<'_, 'a> {
    /// Entries with their resources and identities.
    pub(super) fn check_entries(&mut self) {
        for entry in self.entries() {
            let wants = matches!(self.of, "document" | "message" | "searchset" | "collection");
            if wants && entry.resource.is_none() {
                let words = [self.of];
                self.add(
                    &rules::NO_RESOURCE,
                    entry.node,
                    &words,
                    "a resource",
                    "none",
                );
            }
            match entry.url {
                None => self.no_full_url(&entry),
                Some(_) if entry.is_in_order => {}
                Some(url) => self.full_url(&entry, url),
            }
        }
    }

    fn no_full_url(&mut self, entry: &Entry<'a>) {
        let Some(of) = entry.of else {
            return;
        };
        let severity = match self.of {
            "document" | "message" | "history" => Severity::Error,
            // Both may be what an operation returns, whose resources need no identity.
            "searchset" | "collection" if of != "OperationOutcome" => Severity::Warning,
            // One page exempts them all, the other only what is created.
            "transaction" | "batch" if entry.method() == Some("PUT") => Severity::Warning,
            _ => return,
        };
        let place = crate::reference::spot::place(entry.node, self.index.knowledge.types);
        let rule = &rules::FULL_URL_MISSING;
        self.report
            .add_as(rule, severity, &place, &[of], "a fullUrl", "none");
    }

    fn full_url(&mut self, entry: &Entry<'a>, url: &'a str) {
        let Some(node) = entry.url_node else {
            return;
        };
        if !is_absolute(url) || url.contains('#') {
            let actual = if url.contains('#') {
                "it has a fragment"
            } else {
                "it is relative"
            };
            let expected = "an absolute address or a URN";
            return self.add(&rules::FULL_URL_FORM, node, &[actual], expected, actual);
        }
        let (Some(resource), Some(of)) = (entry.resource, entry.of) else {
            return;
        };
        // bdl-8 reports a version in it.
        let Some(rest) = rest(url, self.index.knowledge.definitions) else {
            return;
        };
        let id = text(resource, "id");
        // What is created has its id from the server.
        let is_created = entry.method() == Some("POST");
        let actual = if rest.of != of {
            format!("it ends with {}/id, and the resource is a {of}", rest.of)
        } else if id == Some(rest.id) || id.is_none() && is_created {
            return;
        } else if id.is_none() {
            "the resource has no id".to_owned()
        } else {
            "its id is another one than that of the resource".to_owned()
        };
        let expected = "a fullUrl that ends with the type and id of the resource";
        self.add(&rules::FULL_URL_ID, node, &[&actual], expected, &actual);
    }
}
