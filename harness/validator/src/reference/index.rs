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
use super::lookup::{Key, Lookup, Same};
use super::reading::{items, resource_in, resource_type, text, value};
use crate::knowledge::Knowledge;
use plumbline_tree::{Form, Node, Tree};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

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
    /// Whether any of them says its identity.
    has_urls: bool,
    /// Whether any of them has an id.
    has_ids: bool,
    /// Of a bundle its entries, among those of the index.
    entries: Range<usize>,
}

/// A resource that is not contained.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Home<'a> {
    /// Its body.
    pub(crate) node: Node<'a>,
    /// The type that it names.
    pub(crate) of: Option<&'a str>,
    /// Its identity, if something says it.
    pub(crate) url: Option<&'a str>,
    /// The entry or parameter that holds it.
    pub(crate) entry: Option<Node<'a>>,
    pub(crate) scope: usize,
}

/// The same as it is kept: nodes by their numbers, as there may be many.
#[derive(Debug, Clone, Copy)]
struct Kept<'a> {
    of: Option<&'a str>,
    url: Option<&'a str>,
    node: u32,
    /// The first node after it.
    after: u32,
    entry: u32,
    /// The nodes of its id and of its version.
    id: u32,
    version: u32,
    scope: u32,
    /// How long the address of its server is within its identity, if that is one on a server.
    base: u32,
}

/// An entry of a bundle: its parts by the numbers of their nodes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EntryParts {
    pub(crate) node: u32,
    pub(crate) url: u32,
    pub(crate) request: u32,
    /// The number of its resource in the index.
    pub(crate) home: u32,
    /// Whether its fullUrl ends with the type and id of the resource, and has no fragment.
    pub(crate) is_in_order: bool,
    /// Of a searchset, how it came to be there.
    pub(crate) mode: Mode,
}

/// `Bundle.entry.search.mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Match,
    Outcome,
    /// Another one, or none.
    Other,
}

/// Types that have rules of their own.
const ASKED: [&str; 4] = ["Bundle", "Composition", "Parameters", "Provenance"];

/// No node, and no resource.
const NONE: u32 = u32::MAX;

/// The resources of one body.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) scopes: Vec<Scope<'a>>,
    pub(super) contained: HashMap<(usize, &'a str), Node<'a>>,
    /// The resources that contain others.
    pub(super) containers: Vec<usize>,
    /// The resources of the types that are [`ASKED`] for.
    asked: Vec<(usize, &'static str)>,
    homes: Vec<Kept<'a>>,
    entries: Vec<EntryParts>,
    by_url: Lookup,
    by_id: Lookup,
    /// Made when they are asked for first.
    places: OnceCell<Vec<(u32, u32)>>,
    tree: &'a Tree,
}

impl<'a> Index<'a> {
    /// Looks at every resource of a body once.
    pub(crate) fn of(tree: &'a Tree, knowledge: &'a Knowledge) -> Self {
        let mut index = Self {
            knowledge,
            scopes: Vec::new(),
            contained: HashMap::new(),
            containers: Vec::new(),
            asked: Vec::new(),
            homes: Vec::new(),
            entries: Vec::new(),
            by_url: Lookup::default(),
            by_id: Lookup::default(),
            places: OnceCell::new(),
            tree,
        };
        let outermost = index.open(Group::Alone, None);
        index.add(tree.root(), None, None, outermost);
        // The list grows with what is in them.
        let mut next = 0;
        while let Some((at, of)) = index.asked.get(next).copied() {
            if let Some(home) = index.home(at) {
                index.look_into(at, of, home.node);
            }
            next += 1;
        }
        index
    }

    /// The tree that was looked at.
    pub(crate) fn tree(&self) -> &'a Tree {
        self.tree
    }

    /// How many resources there are.
    pub(crate) fn len(&self) -> usize {
        self.homes.len()
    }

    /// A resource by its number.
    pub(crate) fn home(&self, at: usize) -> Option<Home<'a>> {
        let kept = self.homes.get(at)?;
        Some(Home {
            node: self.tree.node(kept.node)?,
            of: kept.of,
            url: kept.url,
            entry: self.tree.node(kept.entry),
            scope: kept.scope as usize,
        })
    }

    /// The resources of some of the [`ASKED`] types, with their numbers.
    pub(crate) fn homes_of<const N: usize>(
        &self,
        types: [&'static str; N],
    ) -> impl Iterator<Item = (usize, Home<'a>)> {
        let all = self.asked.iter().filter(move |it| types.contains(&it.1));
        all.filter_map(|(at, _)| Some((*at, self.home(*at)?)))
    }

    /// `meta.versionId` of a resource.
    pub(super) fn version(&self, home: usize) -> Option<&'a str> {
        value(self.tree.node(self.homes.get(home)?.version)?)
    }

    /// The entries of a bundle.
    pub(crate) fn entries(&self, bundle: usize) -> &[EntryParts] {
        let scopes = &self.scopes;
        let at = scopes.binary_search_by_key(&Some(bundle), |it| it.holder);
        let scope = at.ok().and_then(|it| scopes.get(it));
        scope
            .and_then(|it| self.entries.get(it.entries.clone()))
            .unwrap_or_default()
    }

    /// Opens a scope. Holders come in the order of their numbers.
    fn open(&mut self, group: Group<'a>, holder: Option<usize>) -> usize {
        self.scopes.push(Scope {
            group,
            holder,
            has_urls: false,
            has_ids: false,
            entries: 0..0,
        });
        self.scopes.len() - 1
    }

    /// Adds a resource. Gives its number, and whether its identity is one on a server and ends with its type and id.
    fn add(
        &mut self,
        node: Node<'a>,
        entry: Option<Node<'a>>,
        url: Option<&'a str>,
        scope: usize,
    ) -> (u32, bool) {
        let at = self.homes.len();
        let [of, id, meta, contained] = node.pick(["resourceType", "id", "meta", "contained"]);
        let of = match node.form() {
            Form::Object => of.and_then(Node::as_str),
            _ => resource_type(node),
        };
        let id = id.or_else(|| node.attribute("id"));
        let asked = ASKED.into_iter().find(|it| of == Some(it));
        self.asked.extend(asked.map(|it| (at, it)));
        if contained.is_some() {
            self.containers.push(at);
            self.contained_in(at, node);
        }
        let url = url.filter(|it| !it.is_empty());
        let rest = url.and_then(|it| address::rest(it, self.knowledge.definitions));
        let name = of.zip(id.and_then(value));
        let number = |node: Option<Node<'a>>| node.map_or(NONE, Node::number);
        let home = Kept {
            of,
            url,
            node: node.number(),
            after: node.number_after(),
            entry: number(entry),
            id: number(id.filter(|_| name.is_some())),
            version: number(meta.and_then(|it| it.get("versionId"))),
            scope: small(scope),
            base: rest.map_or(NONE, |it| small(it.base.len())),
        };
        self.name(home, name);
        self.homes.push(home);
        let is_it = |it: Rest<'_>| !it.base.is_empty() && name == Some((it.of, it.id));
        (small(at), rest.is_some_and(is_it))
    }

    /// Has a resource be found by its identity, and by its type and id. The outermost is found without.
    fn name(&mut self, home: Kept<'a>, name: Option<(&'a str, &'a str)>) {
        let at = small(self.homes.len());
        let Some(own) = self.scopes.get_mut(home.scope as usize) else {
            return;
        };
        if own.holder.is_none() {
            return;
        }
        let scope = home.scope;
        if let Some(url) = home.url {
            own.has_urls = true;
            self.by_url.add(Key::of_url(scope, url), at);
        }
        if let Some((of, text)) = name {
            own.has_ids = true;
            self.by_id.add(Key { scope, of, text }, at);
        }
    }

    /// Finds what a resource contains.
    fn contained_in(&mut self, at: usize, node: Node<'a>) {
        for body in items(node, "contained").filter_map(resource_in) {
            if let Some(id) = text(body, "id") {
                // Of two with one id the first counts; the base rules report the second.
                self.contained.entry((at, id)).or_insert(body);
            }
        }
    }

    /// Finds the resources that one holds.
    fn look_into(&mut self, at: usize, of: &str, node: Node<'a>) {
        match of {
            "Bundle" => self.bundle(at, node),
            "Parameters" => {
                let scope = self.open(Group::Parameters, Some(at));
                for parameter in items(node, "parameter") {
                    self.parameter(parameter, scope, 0);
                }
            }
            _ => {}
        }
    }

    fn bundle(&mut self, at: usize, bundle: Node<'a>) {
        let of = text(bundle, "type").unwrap_or_default();
        let scope = self.open(Group::Bundle(of), Some(at));
        let first = self.entries.len();
        let count = bundle.get("entry").map_or(0, Node::len);
        self.homes.reserve(count);
        self.entries.reserve(count);
        self.by_url.reserve(count);
        self.by_id.reserve(count);
        for entry in items(bundle, "entry") {
            let parts = ["fullUrl", "resource", "request", "response"];
            let [url, resource, request, response] = entry.pick(parts);
            let (mut home, mut is_in_order) = (NONE, false);
            if let Some(node) = resource.and_then(resource_in) {
                let text = url.and_then(value);
                (home, is_in_order) = self.add(node, Some(entry), text, scope);
                is_in_order &= text.is_some_and(|it| !it.contains('#'));
            }
            let outcome = response.and_then(|it| it.get("outcome"));
            if let Some(node) = outcome.and_then(resource_in) {
                self.add(node, Some(entry), None, scope);
            }
            let number = |node: Option<Node<'a>>| node.map_or(NONE, Node::number);
            self.entries.push(EntryParts {
                node: entry.number(),
                url: number(url),
                request: number(request),
                home,
                is_in_order,
                mode: if of == "searchset" {
                    Mode::of(entry)
                } else {
                    Mode::Other
                },
            });
        }
        if let Some(scope) = self.scopes.get_mut(scope) {
            scope.entries = first..self.entries.len();
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

    /// The resources in the order of the body: the numbers of their nodes, and their own.
    pub(super) fn places(&self) -> &[(u32, u32)] {
        self.places.get_or_init(|| {
            let all = self.homes.iter().enumerate();
            let mut all: Vec<(u32, u32)> = all.map(|(at, it)| (it.node, small(at))).collect();
            all.sort_unstable();
            all
        })
    }

    /// Which resource this body is of.
    pub(crate) fn home_at(&self, body: Node<'a>) -> Option<usize> {
        if !std::ptr::eq(body.tree(), self.tree) {
            return None;
        }
        let places = self.places();
        let at = places.binary_search_by_key(&body.number(), |it| it.0);
        at.ok()
            .and_then(|it| places.get(it))
            .map(|it| it.1 as usize)
    }

    /// The number of the first node after a resource.
    pub(super) fn after(&self, home: u32) -> Option<u32> {
        self.kept(home).map(|it| it.after)
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
    fn scopes_around(&self, home: usize) -> impl Iterator<Item = (u32, &Scope<'a>)> {
        let mut next = self.homes.get(home).map(|it| it.scope);
        std::iter::from_fn(move || {
            let at = next?;
            let scope = self.scopes.get(at as usize)?;
            let holder = scope.holder.and_then(|it| self.homes.get(it));
            next = holder.map(|it| it.scope);
            Some((at, scope))
        })
    }

    /// The group that a resource stands in.
    pub(crate) fn group(&self, home: usize) -> Group<'a> {
        let scope = self.homes.get(home);
        let scope = scope.and_then(|it| self.scopes.get(it.scope as usize));
        scope.map_or(Group::Alone, |it| it.group)
    }

    /// The resources with that identity as seen from a resource.
    pub(super) fn at_url(&self, url: &str, from: usize) -> Option<Same<'_>> {
        let name = |it: &Kept<'a>| (it.scope, it.url);
        let mut scopes = self.scopes_around(from).filter(|it| it.1.has_urls);
        scopes.find_map(|(scope, _)| {
            let is_it = |at: u32| self.kept(at).map(name) == Some((scope, Some(url)));
            let is_same = |one, other| self.kept(one).map(name) == self.kept(other).map(name);
            self.by_url.find(Key::of_url(scope, url), is_it, is_same)
        })
    }

    /// The resources of a type and id as seen from a resource, whatever their identity.
    pub(super) fn at_name(&self, of: &str, id: &str, from: usize) -> Option<Same<'_>> {
        let name = |it: &Kept<'a>| (it.scope, it.of, self.tree.node(it.id).and_then(value));
        self.scopes_around(from).find_map(|(scope, own)| {
            let is_it = |at: u32| self.kept(at).map(name) == Some((scope, Some(of), Some(id)));
            if own.holder.is_none() {
                return is_it(0).then_some(Same::sole(0));
            }
            if !own.has_ids {
                return None;
            }
            let is_same = |one, other| self.kept(one).map(name) == self.kept(other).map(name);
            let text = id;
            self.by_id.find(Key { scope, of, text }, is_it, is_same)
        })
    }

    fn kept(&self, home: u32) -> Option<&Kept<'a>> {
        self.homes.get(home as usize)
    }

    /// The server that a relative reference of a resource is meant for.
    pub(super) fn base(&self, home: usize) -> Option<&'a str> {
        let home = self.homes.get(home)?;
        home.url?.get(..home.base as usize)
    }
}

impl Mode {
    fn of(entry: Node<'_>) -> Self {
        let search = entry.get("search");
        match search.and_then(|it| text(it, "mode")) {
            Some("match") => Self::Match,
            Some("outcome") => Self::Outcome,
            _ => Self::Other,
        }
    }
}

/// Nodes are numbered by 32 bits, and no tree has more resources than nodes.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}
