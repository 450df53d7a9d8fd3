//! Documents and messages: what their first entry refers to is there, and nothing else. Not their narrative.

use super::rules;
use super::view::Bundle;
use crate::reference::reading::{items, resource_type, text, value};
use crate::reference::{Address, Kind, Resolved, spot};
use plumbline_fhir::{FhirVersion, Rule};
use plumbline_tree::{Form, Node};

/// How deep sections may nest for their entries to be looked at.
const MOST_DEPTH: usize = 64;

/// How an entry of a document belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Nothing leads to it, and it leads to nothing that belongs.
    Not,
    /// Something that belongs leads to it.
    Forwards,
    /// It leads to something that belongs.
    Backwards,
}

impl<'a> Bundle<'_, 'a> {
    /// The rules of a document.
    pub(super) fn check_document(&mut self) {
        let Some(composition) = self.first("Composition") else {
            return;
        };
        let has_date = self.node.get("meta").and_then(|it| text(it, "lastUpdated"));
        if self.version() == FhirVersion::Stu3 && has_date.is_none() {
            let expected = "Bundle.meta.lastUpdated";
            self.add(&rules::DOCUMENT_DATE, self.node, &[], expected, "none");
        }
        for (name, reference) in composition_references(composition) {
            self.must_be_here(&rules::DOCUMENT_REFERENCE, name, reference);
        }
        self.check_reach(composition);
    }

    /// The rules of a message.
    pub(super) fn check_message(&mut self) {
        let Some(header) = self.first("MessageHeader") else {
            return;
        };
        for focus in items(header, "focus") {
            self.must_be_here(&rules::MESSAGE_REFERENCE, "MessageHeader.focus", focus);
        }
        let details = header.get("response").and_then(|it| it.get("details"));
        if let Some(details) = details {
            let name = "MessageHeader.response.details";
            self.must_be_here(&rules::MESSAGE_REFERENCE, name, details);
        }
    }

    /// The resource of the first entry, if it is what it must be.
    fn first(&mut self, wanted: &'static str) -> Option<Node<'a>> {
        let first = self.entries().next();
        if let Some(resource) = first.and_then(|it| it.resource)
            && resource_type(resource) == Some(wanted)
        {
            return Some(resource);
        }
        let actual = match first {
            None => "no entry",
            Some(entry) => entry.of.unwrap_or("no resource"),
        };
        // In R4 bdl-11 and bdl-12 report another resource.
        let is_reported =
            self.version() == FhirVersion::R4 && first.is_some_and(|it| it.resource.is_some());
        if !is_reported {
            let node = first.map_or(self.node, |it| it.node);
            let words = [self.of, wanted];
            let actual = shown(actual, self);
            self.add(&rules::FIRST, node, &words, wanted, actual);
        }
        None
    }

    /// Reports a reference to what is no entry.
    fn must_be_here(&mut self, rule: &'static Rule, name: &'static str, reference: Node<'a>) {
        let Some((link, text)) = self.link(reference) else {
            return;
        };
        let address = Address::of(text, self.index.knowledge.definitions);
        let is_here = match link.to {
            Resolved::To(found) => found.home.is_some() || address.kind == Kind::Fragment,
            // Reported as what they are.
            Resolved::Nowhere(_) | Resolved::Ambiguous(_) => true,
            Resolved::Elsewhere(_) => address.kind == Kind::Other,
        };
        if !is_here {
            let (node, expected) = (link.node, "a reference to an entry of the bundle");
            self.add(
                rule,
                node,
                &[name],
                expected,
                "a reference out of the bundle",
            );
        }
    }

    /// Reports entries that do not belong to the document.
    fn check_reach(&mut self, composition: Node<'a>) {
        let mut web = Web::of(self);
        let Some(first) = self.index.home_at(composition) else {
            return;
        };
        web.forwards(vec![first]);
        web.forwards(self.stylesheets());
        web.backwards();
        for entry in self.entries() {
            let (Some(home), Some(of)) = (entry.home, entry.of) else {
                continue;
            };
            let of = shown(of, self);
            let expected = "a reference that leads to it";
            match web.reach(home) {
                Reach::Forwards => {}
                Reach::Backwards => {
                    let actual = "references from it only";
                    self.add(
                        &rules::UNLINKED_BACKWARDS,
                        entry.node,
                        &[of],
                        expected,
                        actual,
                    );
                }
                Reach::Not => self.add(&rules::UNLINKED, entry.node, &[of], expected, "none"),
            }
        }
    }

    /// The resources that `Bundle.link` names as stylesheets.
    fn stylesheets(&self) -> Vec<usize> {
        let links = items(self.node, "link");
        let sheets = links.filter(|it| text(*it, "relation") == Some("stylesheet"));
        let urls = sheets.filter_map(|it| text(it, "url"));
        let all = urls.filter_map(|url| {
            self.entries().find_map(|entry| {
                let resource = entry.resource.filter(|_| entry.of == Some("Binary"))?;
                let id = url.strip_prefix("Binary/");
                let is_that = entry.url == Some(url) || id.is_some() && text(resource, "id") == id;
                entry.home.filter(|_| is_that)
            })
        });
        all.collect()
    }
}

/// A type as a message may show it.
fn shown<'t>(of: &'t str, bundle: &Bundle<'_, '_>) -> &'t str {
    let is_known = bundle.index.knowledge.definitions.resource(of).is_some();
    if is_known || of.starts_with("no ") {
        of
    } else {
        "resource of an unknown type"
    }
}

/// Which resource leads to which, by their numbers in the index.
struct Web {
    to: Vec<Vec<usize>>,
    from: Vec<Vec<usize>>,
    reach: Vec<Reach>,
    is_provenance: Vec<bool>,
    /// What was reached so far.
    reached: Vec<usize>,
}

impl Web {
    fn of(bundle: &Bundle<'_, '_>) -> Self {
        let count = bundle.index.len();
        let mut is_provenance = vec![false; count];
        for (at, _) in bundle.index.homes_of(["Provenance"]) {
            if let Some(it) = is_provenance.get_mut(at) {
                *it = true;
            }
        }
        let mut web = Self {
            to: vec![Vec::new(); count],
            from: vec![Vec::new(); count],
            reach: vec![Reach::Not; count],
            is_provenance,
            reached: Vec::new(),
        };
        for link in bundle.own_links() {
            let to = link.target().and_then(|it| bundle.entry_home(it));
            if let (Some(from), Some(to)) = (bundle.entry_home(link.home), to) {
                web.link(from, to);
            }
        }
        web.addresses(bundle);
        web
    }

    fn link(&mut self, from: usize, to: usize) {
        if let (Some(forth), Some(back)) = (self.to.get_mut(from), self.from.get_mut(to)) {
            forth.push(to);
            back.push(from);
        }
    }

    /// Addresses that are no references lead to entries, too: of attachments, and canonical ones.
    fn addresses(&mut self, bundle: &Bundle<'_, '_>) {
        let definitions = bundle.index.knowledge.definitions;
        for node in bundle.node.with_descendants() {
            if !matches!(node.form(), Form::String | Form::Element) {
                continue;
            }
            let Some(text) =
                value(node).filter(|it| !it.starts_with('#') && it.contains([':', '/']))
            else {
                continue;
            };
            if node.name() == Some("reference") || node.name() == Some("fullUrl") {
                continue;
            }
            let Some(home) = bundle.index.home_of(node) else {
                continue;
            };
            let to = match bundle.index.locate(text, home) {
                Resolved::To(found) => found.home.and_then(|it| bundle.entry_home(it)),
                Resolved::Nowhere(_) | Resolved::Elsewhere(_) | Resolved::Ambiguous(_) => None,
            };
            let Some((from, to)) = bundle
                .entry_home(home)
                .zip(to)
                .filter(|(from, to)| from != to)
            else {
                continue;
            };
            let declared = spot::declared(node, definitions);
            let of = declared.and_then(plumbline_fhir::Child::type_use);
            if of.is_some_and(|it| matches!(it.of().name(), "uri" | "url" | "canonical")) {
                self.link(from, to);
            }
        }
    }

    fn reach(&self, home: usize) -> Reach {
        self.reach.get(home).copied().unwrap_or(Reach::Not)
    }

    fn set(&mut self, home: usize, reach: Reach) {
        if let Some(own) = self.reach.get_mut(home) {
            *own = reach;
            self.reached.push(home);
        }
    }

    /// Everything that these lead to, and Provenance of what belongs.
    fn forwards(&mut self, mut next: Vec<usize>) {
        while let Some(home) = next.pop() {
            if self.reach(home) == Reach::Forwards {
                continue;
            }
            self.set(home, Reach::Forwards);
            next.extend(self.to.get(home).into_iter().flatten());
            let about = self.from.get(home).into_iter().flatten();
            next.extend(about.filter(|it| self.is_provenance.get(**it) == Some(&true)));
        }
    }

    /// Everything that leads to what belongs, and what that leads to.
    fn backwards(&mut self) {
        let mut next = self.reached.clone();
        while let Some(home) = next.pop() {
            let back = self.from.get(home).cloned().unwrap_or_default();
            let forth = self.to.get(home).cloned().unwrap_or_default();
            for other in back.into_iter().chain(forth) {
                if self.reach(other) == Reach::Not {
                    self.set(other, Reach::Backwards);
                    next.push(other);
                }
            }
        }
    }
}

/// The references of a Composition whose resources the document must hold.
fn composition_references(composition: Node<'_>) -> Vec<(&'static str, Node<'_>)> {
    let mut all = Vec::new();
    for (name, member) in [
        ("Composition.subject", "subject"),
        ("Composition.encounter", "encounter"),
        ("Composition.author", "author"),
        ("Composition.custodian", "custodian"),
    ] {
        all.extend(items(composition, member).map(|it| (name, it)));
    }
    for attester in items(composition, "attester") {
        all.extend(items(attester, "party").map(|it| ("Composition.attester.party", it)));
    }
    for event in items(composition, "event") {
        all.extend(items(event, "detail").map(|it| ("Composition.event.detail", it)));
    }
    let mut next: Vec<(Node<'_>, usize)> =
        items(composition, "section").map(|it| (it, 0)).collect();
    while let Some((section, depth)) = next.pop() {
        for (name, member) in [
            ("Composition.section.author", "author"),
            ("Composition.section.focus", "focus"),
            ("Composition.section.entry", "entry"),
        ] {
            all.extend(items(section, member).map(|it| (name, it)));
        }
        if depth < MOST_DEPTH {
            next.extend(items(section, "section").map(|it| (it, depth + 1)));
        }
    }
    all.sort_by_key(|(_, node)| node.offset());
    all
}
