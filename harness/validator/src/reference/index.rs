//! [`Index`]: every resource of one body that a reference can lead to, found once. Not for what is reported.
//!
//! | Where | Found by |
//! |---|---|
//! | contained | id, in the resource that contains it |
//! | entry of a `Bundle` | `fullUrl`; a bundle within a bundle is looked in first |
//! | resource of `Parameters` | the extension `fullUrl`, or `Type/id` |
//! | handed over by the caller | canonical address; `Type/id` if nothing says which server is meant |
//!
//! Time and memory grow with the number of resources and no faster.

use super::address::{self, Rest};
use super::reading::{items, resource_in, resource_type, text, version_id};
use crate::knowledge::Knowledge;
use plumbline_tree::{Node, Tree};
use std::collections::HashMap;

/// The extension of `Parameters.parameter` that says what `Bundle.entry.fullUrl` says.
const PARAMETERS_FULL_URL: &str = "http://hl7.org/fhir/StructureDefinition/parameters-fullUrl";

/// How deep parameters may hold parameters.
const MOST_DEPTH: usize = 64;

/// What a group of resources is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group<'a> {
    /// One resource by itself.
    Alone,
    /// The entries of a bundle, with its type.
    Bundle(&'a str),
    /// The resources of `Parameters`.
    Parameters,
}

/// Resources that can refer to each other.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) group: Group<'a>,
    /// The resource that holds them; of the outermost scope none.
    pub(crate) holder: Option<usize>,
    by_url: HashMap<&'a str, Vec<usize>>,
    /// By type, then by id.
    by_name: HashMap<&'a str, HashMap<&'a str, Vec<usize>>>,
}

/// A resource that is not contained.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Home<'a> {
    /// Its body.
    pub(crate) node: Node<'a>,
    /// The type that it names.
    pub(crate) of: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
    pub(crate) version: Option<&'a str>,
    /// Its identity, if something says it.
    pub(crate) url: Option<&'a str>,
    /// The entry or parameter that holds it.
    pub(crate) entry: Option<Node<'a>>,
    pub(crate) scope: usize,
}

/// The resources of one body.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) homes: Vec<Home<'a>>,
    pub(crate) scopes: Vec<Scope<'a>>,
    pub(super) contained: HashMap<(usize, &'a str), Node<'a>>,
    starts: HashMap<usize, usize>,
    tree: &'a Tree,
}

impl<'a> Index<'a> {
    /// Looks at every resource of a body once.
    pub(crate) fn of(tree: &'a Tree, knowledge: &'a Knowledge) -> Self {
        let mut index = Self {
            knowledge,
            homes: Vec::new(),
            scopes: Vec::new(),
            contained: HashMap::new(),
            starts: HashMap::new(),
            tree,
        };
        let outermost = index.open(Group::Alone, None);
        index.add(tree.root(), None, None, outermost);
        let mut at = 0;
        while let Some(home) = index.homes.get(at).copied() {
            index.look_into(at, home);
            at += 1;
        }
        index
    }

    /// The tree that was looked at.
    pub(crate) fn tree(&self) -> &'a Tree {
        self.tree
    }

    fn open(&mut self, group: Group<'a>, holder: Option<usize>) -> usize {
        self.scopes.push(Scope {
            group,
            holder,
            by_url: HashMap::new(),
            by_name: HashMap::new(),
        });
        self.scopes.len() - 1
    }

    fn add(&mut self, node: Node<'a>, entry: Option<Node<'a>>, url: Option<&'a str>, scope: usize) {
        let at = self.homes.len();
        let home = Home {
            node,
            of: resource_type(node),
            id: text(node, "id"),
            version: version_id(node),
            url: url.filter(|it| !it.is_empty()),
            entry,
            scope,
        };
        if let Some(scope) = self.scopes.get_mut(scope) {
            if let Some(url) = home.url {
                scope.by_url.entry(url).or_default().push(at);
            }
            if let (Some(of), Some(id)) = (home.of, home.id) {
                let of = scope.by_name.entry(of).or_default();
                of.entry(id).or_default().push(at);
            }
        }
        self.starts.insert(node.offset(), at);
        self.homes.push(home);
    }

    /// Finds what a resource holds.
    fn look_into(&mut self, at: usize, home: Home<'a>) {
        for node in items(home.node, "contained") {
            let Some(body) = resource_in(node) else {
                continue;
            };
            if let Some(id) = text(body, "id") {
                // Of two with one id the first counts; the base rules report the second.
                self.contained.entry((at, id)).or_insert(body);
            }
        }
        match home.of {
            Some("Bundle") => self.entries(at, home.node),
            Some("Parameters") => {
                let scope = self.open(Group::Parameters, Some(at));
                for parameter in items(home.node, "parameter") {
                    self.parameter(parameter, scope, 0);
                }
            }
            _ => {}
        }
    }

    fn entries(&mut self, at: usize, bundle: Node<'a>) {
        let of = text(bundle, "type").unwrap_or_default();
        let scope = self.open(Group::Bundle(of), Some(at));
        for entry in items(bundle, "entry") {
            if let Some(node) = entry.get("resource").and_then(resource_in) {
                self.add(node, Some(entry), text(entry, "fullUrl"), scope);
            }
            let response = entry.get("response");
            let outcome = response.and_then(|it| it.get("outcome"));
            if let Some(node) = outcome.and_then(resource_in) {
                self.add(node, Some(entry), None, scope);
            }
        }
    }

    fn parameter(&mut self, parameter: Node<'a>, scope: usize, depth: usize) {
        if let Some(node) = parameter.get("resource").and_then(resource_in) {
            let mut extensions = items(parameter, "extension");
            let url = extensions.find(|it| text(*it, "url") == Some(PARAMETERS_FULL_URL));
            let url = url.and_then(|it| text(it, "valueUri"));
            self.add(node, Some(parameter), url, scope);
        }
        if depth < MOST_DEPTH {
            for part in items(parameter, "part") {
                self.parameter(part, scope, depth + 1);
            }
        }
    }

    /// Which resource this body is of.
    pub(crate) fn home_at(&self, body: Node<'a>) -> Option<usize> {
        if !std::ptr::eq(body.tree(), self.tree) {
            return None;
        }
        self.starts.get(&body.offset()).copied()
    }

    /// The resource that holds a node, of what is contained its container.
    pub(crate) fn home_of(&self, node: Node<'a>) -> Option<usize> {
        let mut next = Some(node);
        while let Some(node) = next {
            if let Some(home) = self.home_at(node) {
                return Some(home);
            }
            next = node.parent();
        }
        None
    }

    /// The scopes of a resource, the nearest first: that in which it stands, and those around.
    pub(super) fn scopes_around(&self, home: usize) -> impl Iterator<Item = &Scope<'a>> {
        let first = self.homes.get(home).map(|it| it.scope);
        let mut next = first;
        std::iter::from_fn(move || {
            let scope = self.scopes.get(next?)?;
            next = scope
                .holder
                .and_then(|it| self.homes.get(it))
                .map(|it| it.scope);
            Some(scope)
        })
    }

    /// The group that a resource stands in.
    pub(crate) fn group(&self, home: usize) -> Group<'a> {
        let scope = self
            .homes
            .get(home)
            .and_then(|it| self.scopes.get(it.scope));
        scope.map_or(Group::Alone, |it| it.group)
    }

    /// The resources with that identity as seen from a resource.
    pub(super) fn at_url(&self, url: &str, from: usize) -> &[usize] {
        let mut scopes = self.scopes_around(from);
        let found = scopes.find_map(|scope| scope.by_url.get(url));
        found.map_or(&[], Vec::as_slice)
    }

    /// The resources of a type and id as seen from a resource, whatever their identity.
    pub(super) fn at_name(&self, of: &str, id: &str, from: usize) -> &[usize] {
        let mut scopes = self.scopes_around(from);
        let found = scopes.find_map(|scope| scope.by_name.get(of)?.get(id));
        found.map_or(&[], Vec::as_slice)
    }

    /// The server that a relative reference of a resource is meant for.
    pub(super) fn base(&self, home: usize) -> Option<&'a str> {
        let url = self.homes.get(home)?.url?;
        address::rest(url, self.knowledge.definitions).map(|it: Rest<'a>| it.base)
    }
}
