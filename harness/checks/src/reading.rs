//! Reads the pages of an answer as one result: which records are in it, and what could not be seen.
//! Not for judging: a gap is told by each check in its own name.

use crate::observed::{BodyState, Observed, Page, Paging};
use crate::sheet::At;
use plumbline_tree::{AnomalyKind, Kind, Node};

const SEE_FIRST: &str =
    "Correct the status and the form of the response first; then this rule can be judged";

/// Something that kept a rule from being seen.
#[derive(Debug, Clone)]
pub(crate) struct Gap<'a> {
    pub(crate) at: At<'a>,
    pub(crate) message: &'static str,
    pub(crate) actual: String,
    pub(crate) next_step: &'static str,
}

/// How a record came into the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It was searched for or read.
    Match,
    /// It came along with a match.
    Included,
    /// It is an `OperationOutcome`.
    Outcome,
}

/// One record of the result.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit<'a> {
    pub(crate) page: usize,
    pub(crate) resource: Node<'a>,
    pub(crate) resource_type: &'a str,
    pub(crate) role: Role,
}

impl<'a> Hit<'a> {
    pub(crate) const fn at(&self) -> At<'a> {
        At::node(self.page, self.resource)
    }

    pub(crate) const fn at_node(&self, node: Node<'a>) -> At<'a> {
        At::node(self.page, node)
    }

    /// The entry of the Bundle that the record came in; none for a record that was read.
    pub(crate) fn entry(&self) -> Option<Node<'a>> {
        self.resource.parent()
    }

    /// Whether the entry does not say how the record came into the result.
    pub(crate) fn is_unlabelled(&self) -> bool {
        let mode = |entry: Node<'a>| entry.get("search").and_then(|search| search.get("mode"));
        self.entry().is_some_and(|entry| mode(entry).is_none())
    }
}

/// The records of all pages, and what could not be seen.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) hits: Vec<Hit<'a>>,
    pub(crate) gaps: Vec<Gap<'a>>,
    /// The searchset Bundles that could be read, with their pages.
    pub(crate) searchsets: Vec<(usize, Node<'a>)>,
    /// Entries whose record cannot be told.
    pub(crate) unreadable: Vec<At<'a>>,
    /// Why a part of the result was never seen.
    pub(crate) unseen: Option<&'static str>,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(observed: &Observed<'a>) -> Self {
        let mut reading = Self {
            hits: Vec::new(),
            gaps: Vec::new(),
            searchsets: Vec::new(),
            unreadable: Vec::new(),
            unseen: None,
        };
        if observed.pages.is_empty() {
            reading.gap(At::page(0), "there is no response to judge", "no response");
        }
        for (index, page) in observed.pages.iter().enumerate() {
            match content(page) {
                Ok(root) => {
                    let duplicate = page.has_duplicate_names();
                    if duplicate {
                        reading.gap(
                            At::page(index),
                            "an object of the body has two members of one name, which readers take differently",
                            "a repeated member name",
                        );
                    }
                    reading.root(index, root, observed);
                }
                Err((message, actual)) => reading.gap(At::page(index), message, actual),
            }
        }
        reading.unseen = unseen(observed, &reading.searchsets);
        reading
    }

    /// What was searched for or read.
    pub(crate) fn matches(&self) -> impl Iterator<Item = &Hit<'a>> {
        self.hits.iter().filter(|hit| hit.role == Role::Match)
    }

    /// What a rule about the records of one type judges: each of them, also where the server says
    /// that it only came along, and each other record that the server calls a match. A record of
    /// another type without a label may have come along; the types are for another rule.
    pub(crate) fn judged(&self, resource_type: &str) -> Vec<Hit<'a>> {
        self.hits
            .iter()
            .filter(|hit| {
                hit.resource_type == resource_type
                    || (hit.role == Role::Match && !hit.is_unlabelled())
            })
            .copied()
            .collect()
    }

    /// Whether everything that there is to see was seen.
    pub(crate) const fn is_whole(&self) -> bool {
        self.gaps.is_empty() && self.unseen.is_none()
    }

    fn gap(&mut self, at: At<'a>, message: &'static str, actual: impl Into<String>) {
        self.gaps.push(Gap {
            at,
            message,
            actual: actual.into(),
            next_step: SEE_FIRST,
        });
    }

    fn root(&mut self, page: usize, root: Node<'a>, observed: &Observed<'a>) {
        let at = At::node(page, root);
        let Some(resource_type) = text(root, "resourceType") else {
            self.gap(
                at,
                "the response is not a FHIR resource",
                "no resource type",
            );
            return;
        };
        if resource_type == "Bundle" {
            self.bundle(page, root);
        } else if resource_type == "OperationOutcome" {
            let actual = "an OperationOutcome";
            self.gap(
                at,
                "the response is an OperationOutcome, not a result",
                actual,
            );
        } else if observed.request.params.is_empty() {
            self.hits.push(Hit {
                page,
                resource: root,
                resource_type,
                role: Role::Match,
            });
        } else {
            let actual = "a resource of another type";
            self.gap(at, "the response to a search is not a Bundle", actual);
        }
    }

    fn bundle(&mut self, page: usize, bundle: Node<'a>) {
        if text(bundle, "type") != Some("searchset") {
            let at = At::node(page, bundle.get("type").unwrap_or(bundle));
            self.gap(
                at,
                "the Bundle is not a searchset",
                "another type of Bundle",
            );
            return;
        }
        let Some(entries) = bundle.get("entry") else {
            self.searchsets.push((page, bundle));
            return;
        };
        if entries.kind() != Kind::Array {
            let at = At::node(page, entries);
            self.gap(at, "the entries of the Bundle are not a list", "no list");
            return;
        }
        self.searchsets.push((page, bundle));
        for entry in entries.items() {
            self.entry(page, entry);
        }
    }

    fn entry(&mut self, page: usize, entry: Node<'a>) {
        let resource = entry.get("resource");
        let known = resource.and_then(|node| Some((node, text(node, "resourceType")?)));
        let Some((resource, resource_type)) = known else {
            let at = At::node(page, resource.unwrap_or(entry));
            self.unreadable.push(at);
            let actual = "no resource with a type";
            self.gap(at, "an entry of the Bundle holds no resource", actual);
            return;
        };
        let mode = entry.get("search").and_then(|search| text(search, "mode"));
        // An entry that calls a record an outcome is still a record: nothing hides behind a mode.
        let role = if resource_type == "OperationOutcome" {
            Role::Outcome
        } else if mode == Some("include") {
            Role::Included
        } else {
            Role::Match
        };
        self.hits.push(Hit {
            page,
            resource,
            resource_type,
            role,
        });
    }
}

impl<'a> Page<'a> {
    /// Whether some object of the body has two members of one name.
    pub(crate) fn has_duplicate_names(&self) -> bool {
        match &self.body {
            BodyState::Tree(tree) => tree
                .anomalies()
                .iter()
                .any(|anomaly| anomaly.kind == AnomalyKind::DuplicateKey),
            BodyState::Empty | BodyState::NotJson { .. } => false,
        }
    }

    pub(crate) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status <= 299
    }

    /// The outermost value of a JSON body, whatever the status.
    pub(crate) fn json(&self) -> Result<Node<'a>, (&'static str, String)> {
        match &self.body {
            BodyState::Tree(tree) => Ok(tree.root()),
            BodyState::Empty => Err(("the response has no body", "no body".to_owned())),
            BodyState::NotJson { bytes, why } => Err((
                "the body is not JSON",
                format!("{bytes} bytes that are not JSON: {why}"),
            )),
        }
    }
}

/// The body of a successful answer.
pub(crate) fn content<'a>(page: &Page<'a>) -> Result<Node<'a>, (&'static str, String)> {
    if !page.is_success() {
        return Err((
            "the request did not succeed, so its content cannot be judged",
            format!("status {}", page.status),
        ));
    }
    page.json()
}

/// Every value of every page that can be judged, at any depth, with its page.
pub(crate) fn everything<'a>(observed: &Observed<'a>) -> impl Iterator<Item = (usize, Node<'a>)> {
    observed
        .pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.is_success())
        .filter_map(|(index, page)| match page.body {
            BodyState::Tree(tree) => Some((index, tree)),
            BodyState::Empty | BodyState::NotJson { .. } => None,
        })
        .flat_map(|(index, tree)| tree.nodes().map(move |node| (index, node)))
}

/// A member that is a text with content.
pub(crate) fn text<'a>(node: Node<'a>, name: &str) -> Option<&'a str> {
    node.get(name)?
        .as_str()
        .filter(|text| !text.trim().is_empty())
}

/// Whether a Bundle offers a further page, as far as can be told.
fn has_next(bundle: Node<'_>) -> bool {
    bundle.get("link").is_some_and(|links| {
        links.kind() != Kind::Array
            || links
                .items()
                .any(|link| link.get("relation").and_then(Node::as_str) == Some("next"))
    })
}

fn unseen(observed: &Observed<'_>, searchsets: &[(usize, Node<'_>)]) -> Option<&'static str> {
    match &observed.paging {
        Paging::Stopped { .. } | Paging::LeftOff { .. } => {
            return Some("following the pages stopped before the end");
        }
        Paging::NotFollowed | Paging::ReachedEnd => {}
    }
    let last = searchsets.last()?;
    (last.0 + 1 == observed.pages.len() && has_next(last.1))
        .then_some("the last page that was read names a further page")
}
