//! What transactions, batches, their responses and histories say beside resources. Not searches.

use super::rules;
use super::view::{Bundle, Entry};
use crate::reference::reading::{resource_in, resource_type, text};
use crate::reference::{Group, is_absolute, is_id, spot};
use plumbline_fhir::FhirVersion;
use plumbline_fhir::validate::Severity;
use plumbline_tree::Node;
use std::collections::HashSet;

/// The target of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target<'u> {
    /// `Type`.
    Type(&'u str),
    /// `Type/id`.
    One(&'u str, &'u str),
    /// `Type?search`.
    Search(&'u str),
    /// An operation, such as `Patient/$match`, or a search by POST.
    Operation,
    /// The server itself, or its capabilities.
    Server,
    /// Anything else.
    Other,
}

impl<'u> Target<'u> {
    fn of(url: &'u str, is_resource: impl Fn(&str) -> bool) -> Self {
        let (path, query) = match url.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (url, None),
        };
        let parts: Vec<&str> = path.split('/').collect();
        if parts
            .iter()
            .any(|it| it.starts_with('$') || *it == "_search")
        {
            return Self::Operation;
        }
        match (parts.as_slice(), query) {
            (["" | "metadata" | "_history"], _) => Self::Server,
            ([of], None) if is_resource(of) => Self::Type(of),
            ([of], Some(_)) if is_resource(of) => Self::Search(of),
            ([of, id], _) if is_resource(of) && is_id(id) => Self::One(of, id),
            _ => Self::Other,
        }
    }
}

impl<'a> Bundle<'_, 'a> {
    /// The requests of a transaction, batch or history.
    pub(super) fn check_requests(&mut self) {
        let mut seen: HashSet<(&'a str, &'a str)> = HashSet::new();
        for entry in self.entries() {
            let Some(request) = entry.request else {
                // Of R4 the invariant bdl-3 reports it.
                if self.version() == FhirVersion::Stu3 {
                    let words = [self.of];
                    self.add(
                        &rules::REQUEST_MISSING,
                        entry.node,
                        &words,
                        "a request",
                        "none",
                    );
                }
                continue;
            };
            let Some(method) = entry.method().and_then(known) else {
                continue;
            };
            if matches!(method, "POST" | "PUT") && entry.resource.is_none() {
                let rule = &rules::REQUEST_RESOURCE;
                self.add(rule, entry.node, &[method], "a resource", "none");
            }
            if self.of == "history" {
                continue;
            }
            self.condition(request, method);
            let Some(changes) = self.url(&entry, request, method) else {
                continue;
            };
            if self.of == "transaction" && !seen.insert(changes) {
                let node = request.get("url").unwrap_or(request);
                let expected = "one entry for each resource";
                self.add(
                    &rules::TRANSACTION_TWICE,
                    node,
                    &[],
                    expected,
                    "more than one",
                );
            }
        }
    }

    /// What only stands with some methods.
    fn condition(&mut self, request: Node<'a>, method: &str) {
        let Some(node) = request.get("ifNoneExist") else {
            return;
        };
        let actual = if method != "POST" {
            "the method is not POST"
        } else if text(request, "ifNoneExist").is_some_and(|it| it.contains('?')) {
            "it has a question mark"
        } else {
            return;
        };
        let expected = "a query without question mark, with POST";
        self.add(&rules::REQUEST_CONDITION, node, &[actual], expected, actual);
    }

    /// The address of a request. Gives the resource that is changed, if it has a name.
    fn url(
        &mut self,
        entry: &Entry<'a>,
        request: Node<'a>,
        method: &'static str,
    ) -> Option<(&'a str, &'a str)> {
        let node = request.get("url")?;
        let whole = text(request, "url").filter(|it| !it.is_empty())?;
        let definitions = self.index.knowledge.definitions;
        let url = if is_absolute(whole) {
            let actual = "it is absolute";
            self.add(
                &rules::REQUEST_ROOT,
                node,
                &[actual],
                "a relative address",
                actual,
            );
            // Its end says the same as a relative one.
            let rest = crate::reference::rest(whole, definitions);
            whole.get(rest.map_or(whole.len(), |it| it.base.len())..)?
        } else if let Some(url) = whole.strip_prefix('/') {
            let actual = "it begins with a slash";
            self.add(
                &rules::REQUEST_ROOT,
                node,
                &[actual],
                "no slash in front",
                actual,
            );
            url
        } else {
            whole
        };
        if url.is_empty() {
            return None;
        }
        let target = Target::of(url, |name| definitions.resource(name).is_some());
        let fault = fault(entry, method, target);
        if let Some(fault) = fault {
            let expected = match method {
                "POST" => "the type of the resource",
                "PUT" => "the type and id of the resource, or a search",
                _ => "Type/id or Type?search",
            };
            self.add(&rules::REQUEST_URL, node, &[method, fault], expected, fault);
        }
        match target {
            Target::One(of, id) if matches!(method, "PUT" | "DELETE" | "PATCH") => Some((of, id)),
            Target::One(..)
            | Target::Type(_)
            | Target::Search(_)
            | Target::Operation
            | Target::Server
            | Target::Other => None,
        }
    }

    /// The responses of a transaction or batch.
    pub(super) fn check_responses(&mut self) {
        for entry in self.entries() {
            let Some(response) = entry.node.get("response") else {
                // Of R4 the invariant bdl-4 reports it.
                let is_wanted = self.of != "history" && self.version() == FhirVersion::Stu3;
                if is_wanted {
                    let words = [self.of];
                    self.add(
                        &rules::RESPONSE_MISSING,
                        entry.node,
                        &words,
                        "a response",
                        "none",
                    );
                }
                continue;
            };
            self.response(&entry, response);
        }
    }

    fn response(&mut self, entry: &Entry<'a>, response: Node<'a>) {
        if let (Some(node), Some(status)) = (response.get("status"), text(response, "status")) {
            let mut bytes = status.bytes();
            let begins = matches!(bytes.next(), Some(b'1'..=b'5'))
                && bytes.by_ref().take(2).filter(u8::is_ascii_digit).count() == 2;
            if !begins || bytes.next().is_some_and(|it| it.is_ascii_alphanumeric()) {
                let expected = "a code of HTTP such as 200, perhaps with a text behind it";
                self.add(
                    &rules::RESPONSE_STATUS,
                    node,
                    &[],
                    expected,
                    "something else",
                );
            }
        }
        let version = entry
            .resource
            .and_then(crate::reference::reading::version_id);
        if let (Some(node), Some(etag), Some(version)) =
            (response.get("etag"), text(response, "etag"), version)
        {
            let tag = etag.strip_prefix("W/").unwrap_or(etag).trim_matches('"');
            if tag != version {
                let expected = "the versionId of the resource";
                self.add(
                    &rules::RESPONSE_ETAG,
                    node,
                    &[],
                    expected,
                    "another version",
                );
            }
        }
        let outcome = response.get("outcome").and_then(resource_in);
        if let Some((node, of)) = outcome.and_then(|it| Some((it, resource_type(it)?)))
            && of != "OperationOutcome"
            && self.index.knowledge.definitions.resource(of).is_some()
        {
            self.add(
                &rules::RESPONSE_OUTCOME,
                node,
                &[of],
                "an OperationOutcome",
                of,
            );
        }
    }

    /// References between entries of a batch.
    pub(super) fn check_batch_references(&mut self) {
        for link in self.own_links() {
            let Some(target) = link.target().filter(|it| *it != link.home) else {
                continue;
            };
            let home = self.index.home(target);
            let Some(home) = home.filter(|it| {
                self.index.group(target) == Group::Bundle("batch") && it.entry.is_some()
            }) else {
                continue;
            };
            let request = home.entry.and_then(|it| it.get("request"));
            let is_created = request.and_then(|it| text(it, "method")) == Some("POST");
            if is_created && self.entry_home(target) == Some(target) {
                let of = home.of.unwrap_or("resource");
                let expected = "a reference to a resource that is on the server already";
                let place = spot::place(link.node, self.index.knowledge.types);
                let rule = &rules::BATCH_REFERENCE;
                self.report
                    .add_as(rule, Severity::Error, &place, &[of], expected, of);
            }
        }
    }
}

/// A method that the specification knows.
fn known(method: &str) -> Option<&'static str> {
    let all = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];
    all.into_iter().find(|it| *it == method)
}

/// What is wrong with the target of a request.
fn fault(entry: &Entry<'_>, method: &str, target: Target<'_>) -> Option<&'static str> {
    let other_type = |of: &str| entry.of.is_some_and(|it| it != of);
    match (method, target) {
        ("PUT" | "POST", Target::Search(of) | Target::Type(of)) if other_type(of) => {
            Some("it has another type than the resource")
        }
        ("GET" | "HEAD", _)
        | ("POST", Target::Type(_) | Target::Operation | Target::Server)
        | ("PUT", Target::Search(_))
        | ("DELETE" | "PATCH", Target::One(..) | Target::Search(_)) => None,
        ("POST", Target::One(..)) => Some("it names a resource, and what is created has no id yet"),
        ("POST", Target::Search(_)) => Some("it is a search; a condition belongs into ifNoneExist"),
        ("PUT", Target::One(of, id)) => match entry.resource {
            Some(_) if other_type(of) => Some("it has another type than the resource"),
            Some(resource) if text(resource, "id") != Some(id) => {
                Some("it has another id than the resource")
            }
            _ => None,
        },
        (_, Target::Type(_)) => Some("it names no resource"),
        _ => Some("it is neither a type, nor Type/id, nor Type?search"),
    }
}
