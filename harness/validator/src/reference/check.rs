//! What is wrong with references that were followed. Not following them.

use super::address::{Kind, is_absolute};
use super::index::{Group, Index, Scope};
use super::links::{Followed, Link, follow};
use super::reading::{resource_type, text};
use super::resolve::{Found, Hint, Resolved, Why};
use super::rules;
use super::spot;
use crate::report::Report;
use plumbline_fhir::validate::{Severity, Survey};
use plumbline_fhir::{Child, Options, References, Rule, Type};
use std::collections::HashMap;

/// Follows references and reports what is wrong with them. Gives those that are asked about further: of bundles whose
/// type says what their references must lead to.
pub(super) fn check<'a>(
    index: &Index<'a>,
    survey: &Survey<'a>,
    options: Options,
    report: &mut Report,
) -> Vec<Link<'a>> {
    let mut check = Check {
        index,
        report,
        wanted: options.references,
        declared: HashMap::new(),
    };
    let is_asked = |it: &Scope<'_>| {
        let of = it.group;
        matches!(of, Group::Bundle("document" | "message" | "batch"))
    };
    let are_kept = index.scopes.iter().any(is_asked);
    let mut links = Vec::new();
    follow(index, survey, |it| {
        check.link(it);
        if are_kept {
            links.push(it.link);
        }
    });
    links
}

struct Check<'c, 'a> {
    index: &'c Index<'a>,
    report: &'c mut Report,
    wanted: References,
    /// What the specification says of the elements that were looked up, by [`Followed::place`].
    declared: HashMap<u32, Option<Child<'static>>>,
}

impl<'a> Check<'_, 'a> {
    fn link(&mut self, link: &Followed<'a>) {
        match link.link.to {
            Resolved::To(found) => self.found(link, found),
            Resolved::Nowhere(Why::UrnUnknown) => {
                let scheme = if link.text.starts_with("urn:oid:") {
                    "urn:oid"
                } else {
                    "urn:uuid"
                };
                let is_whole = matches!(
                    self.index.group(link.link.home),
                    Group::Bundle("document" | "message" | "transaction" | "batch")
                );
                let severity = if is_whole {
                    Severity::Error
                } else {
                    Severity::Warning
                };
                let expected = "the fullUrl of an entry of the bundle";
                let actual = "a URN that no entry has";
                self.add_as(&rules::URN, severity, link, &[scheme], expected, actual);
            }
            Resolved::Nowhere(Why::NotContained) => {
                let address = link.address;
                // Of a fragment alone the base rules report it.
                if address.kind != Kind::Fragment {
                    let of = address.rest.map_or("resource", |it| it.of);
                    let expected = "the id of a resource that it contains";
                    self.add(
                        &rules::FRAGMENT,
                        link,
                        &[of],
                        expected,
                        "an id that none has",
                    );
                }
            }
            Resolved::Elsewhere(hint) => {
                self.outside(link, hint);
                // An absolute address is for another server.
                if self.wanted == References::AtHand && link.address.kind == Kind::Relative {
                    let of = link.address.rest.map_or("resource", |it| it.of);
                    let expected = "a resource in the same body, or one that is supplied";
                    self.add(&rules::ELSEWHERE, link, &[of], expected, "none");
                }
            }
            Resolved::Ambiguous(count) => {
                // A history holds the versions of one resource on purpose.
                if self.index.group(link.link.home) != Group::Bundle("history") {
                    let count = count.to_string();
                    let actual = format!("{count} resources");
                    self.add(&rules::AMBIGUOUS, link, &[&count], "one resource", &actual);
                }
            }
        }
    }

    /// The type of the resource that was found.
    fn found(&mut self, link: &Followed<'a>, found: Found<'a>) {
        let definitions = self.index.knowledge.definitions;
        let home = found.home.and_then(|it| self.index.home(it));
        let Some(actual) = home.map_or_else(|| resource_type(found.node), |it| it.of) else {
            return;
        };
        let address = link.address;
        let named = match (address.kind, address.fragment) {
            // The base rules look at contained resources.
            (Kind::Fragment, _) => return,
            (_, Some(_)) => None,
            _ => address.rest.map(|it| it.of),
        };
        match named {
            // The base rules look at the type that an address names.
            Some(named) if named == actual => return,
            Some(named) => self.add(&rules::SAID_TYPE, link, &[named, actual], named, actual),
            None => {
                let said = link.holder().and_then(|it| text(it, "type"));
                let said = said.and_then(|it| definitions.resource(it)).map(Type::name);
                if let Some(said) = said.filter(|it| *it != actual) {
                    self.add(&rules::SAID_TYPE, link, &[said, actual], said, actual);
                }
            }
        }
        self.target(link, actual);
    }

    /// Whether the element allows a resource of this type.
    fn target(&mut self, link: &Followed<'a>, actual: &str) {
        let definitions = self.index.knowledge.definitions;
        let declared = self.declared.entry(link.place);
        let look_up = || link.holder().and_then(|it| spot::declared(it, definitions));
        let declared = *declared.or_insert_with(look_up);
        let Some(type_use) = declared.and_then(plumbline_fhir::Child::type_use) else {
            return;
        };
        let Some(of) = definitions.resource(actual) else {
            return;
        };
        let mut targets = type_use.targets();
        let allows = |it: Type<'_>| it == of || it.is_abstract() && of.is_a(it.name());
        if targets.len() == 0 || targets.any(allows) {
            return;
        }
        let targets: Vec<&str> = type_use.targets().map(Type::name).collect();
        let expected = targets.join(" or ");
        let stem = declared.map_or("this element", |it| it.element().stem());
        let words = [actual, stem, &expected];
        self.add(&rules::FOUND_TYPE, link, &words, &expected, actual);
    }

    /// A reference that leads out of the body.
    fn outside(&mut self, link: &Followed<'a>, hint: Hint) {
        let address = link.address;
        // Relative references of what a server is sent, or has stored, are meant for that server.
        let is_for_server = matches!(
            self.index.group(link.link.home),
            Group::Bundle(
                "transaction" | "batch" | "history" | "transaction-response" | "batch-response"
            )
        );
        // A missing or relative fullUrl is reported itself, and once.
        let has_url = |home: usize| {
            let url = self.index.home(home).and_then(|it| it.url);
            url.is_some_and(is_absolute)
        };
        if hint == Hint::None {
            return;
        }
        let of = address.rest.map_or("resource", |it| it.of);
        match hint {
            Hint::OtherBase(near)
                if address.kind == Kind::Relative
                    && has_url(link.link.home)
                    && has_url(near)
                    && !is_for_server =>
            {
                let why = match self.index.base(link.link.home) {
                    Some(_) => {
                        "its fullUrl has another base than that of the entry with the reference"
                    }
                    None => "the fullUrl of the entry with the reference is no address on a server",
                };
                let expected = "an address that leads to an entry of the bundle";
                self.add(
                    &rules::BASE,
                    link,
                    &[of, why],
                    expected,
                    "an address outside the bundle",
                );
            }
            Hint::NoBase if has_url(link.link.home) && !is_for_server => {
                let expected = "an absolute address, or a fullUrl that ends with Type/id";
                self.add(
                    &rules::RELATIVE,
                    link,
                    &["Type/id"],
                    expected,
                    "a relative address",
                );
            }
            Hint::OtherVersion(home) => {
                let version = self.index.version(home);
                let actual = match version {
                    Some(_) => "its versionId is another one",
                    None => "it has no versionId",
                };
                let expected = "the version that the reference names";
                self.add(&rules::VERSION, link, &[of, actual], expected, actual);
            }
            Hint::None | Hint::OtherBase(_) | Hint::NoBase => {}
        }
    }

    fn add(
        &mut self,
        rule: &'static Rule,
        link: &Followed<'a>,
        words: &[&str],
        expected: &str,
        actual: &str,
    ) {
        self.add_as(rule, rule.severity, link, words, expected, actual);
    }

    fn add_as(
        &mut self,
        rule: &'static Rule,
        severity: Severity,
        link: &Followed<'a>,
        words: &[&str],
        expected: &str,
        actual: &str,
    ) {
        // Other elements with this name hold no addresses of resources.
        let declared = link.holder();
        let declared = declared.and_then(|it| spot::declared(it, self.index.knowledge.definitions));
        let type_use = declared.and_then(plumbline_fhir::Child::type_use);
        if type_use.is_some_and(|it| it.of().name() == "Reference") {
            let place = spot::place(link.link.node, self.index.knowledge.types);
            self.report
                .add_as(rule, severity, &place, words, expected, actual);
        }
    }
}
