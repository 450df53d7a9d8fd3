//! Where a reference leads, by the rules of bundle.html#references and references.html#contained.
//! Not for what is reported about it.

use super::address::{Address, Kind};
use super::index::{Group, Index};
use super::lookup::Same;
use plumbline_fhirpath::{Alone, Element, Host, Resolved as Answer};
use plumbline_tree::Node;

/// A resource that a reference leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    pub(crate) node: Node<'a>,
    /// Which resource of the index it is; `None` of what is contained or was handed over.
    pub(crate) home: Option<usize>,
}

/// Why it is certain that a reference leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// The resource has no such contained resource.
    NotContained,
    /// A URN has a meaning only beside its resource, and no resource here has it.
    UrnUnknown,
}

/// What can be said of a reference that leads out of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Nothing more.
    None,
    /// A resource here has its type and id, and its `fullUrl` has another base.
    OtherBase(usize),
    /// The resource is here, but not in that version.
    OtherVersion(usize),
    /// It is relative, and nothing says to what.
    NoBase,
}

/// Where a reference leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resolved<'a> {
    /// To this resource.
    To(Found<'a>),
    /// To nothing, and that is certain.
    Nowhere(Why),
    /// Out of the body, where nobody looked.
    Elsewhere(Hint),
    /// To each of so many resources.
    Ambiguous(usize),
}

impl<'a> Index<'a> {
    /// Where a reference leads that stands in this resource or in one that it contains.
    pub(crate) fn locate(&self, reference: &str, from: usize) -> Resolved<'a> {
        let address = Address::of(reference, self.knowledge.definitions);
        self.follow(&address, from)
    }

    /// The same of an address that was taken apart.
    pub(super) fn follow(&self, address: &Address<'_>, from: usize) -> Resolved<'a> {
        let whole = match address.kind {
            Kind::Fragment => return self.fragment(address.fragment.unwrap_or_default(), from),
            Kind::Urn => self.urn(address, from),
            Kind::Absolute => self.absolute(address, from),
            Kind::Relative => self.relative(address, from),
            Kind::Other => Resolved::Elsewhere(Hint::None),
        };
        match (whole, address.fragment) {
            (Resolved::To(found), Some(id)) => match found.home {
                Some(home) => self.fragment(id, home),
                None => alone(id, found.node),
            },
            (whole, _) => whole,
        }
    }

    /// The resource of a canonical address: `#id`, an identity, or the `url` of a resource that was handed over.
    pub(crate) fn canonical(&self, canonical: &str, from: usize) -> Resolved<'a> {
        let (address, version) = match canonical.split_once('|') {
            Some((address, version)) => (address, Some(version)),
            None => (canonical, None),
        };
        let is_that = |found: &Found<'a>| {
            version.is_none_or(|it| super::reading::text(found.node, "version") == Some(it))
        };
        match self.locate(address, from) {
            Resolved::To(found) if is_that(&found) => Resolved::To(found),
            Resolved::To(_) | Resolved::Elsewhere(_) => {
                let supplied = self.knowledge.supplied.canonical(canonical);
                supplied.map_or(Resolved::Elsewhere(Hint::None), handed_over)
            }
            other => other,
        }
    }

    fn fragment(&self, id: &str, home: usize) -> Resolved<'a> {
        if id.is_empty() {
            let node = self.home(home).map(|it| it.node);
            return node.map_or(Resolved::Nowhere(Why::NotContained), |node| {
                Resolved::To(Found {
                    node,
                    home: Some(home),
                })
            });
        }
        match self.contained.get(&(home, id)) {
            Some(node) => Resolved::To(Found {
                node: *node,
                home: None,
            }),
            None => Resolved::Nowhere(Why::NotContained),
        }
    }

    fn urn(&self, address: &Address<'_>, from: usize) -> Resolved<'a> {
        match self.identified(address.whole, address.version, from) {
            Some(found) => found,
            // A resource by itself may have been taken out of its bundle.
            None if self.group(from) == Group::Alone => Resolved::Elsewhere(Hint::None),
            None => Resolved::Nowhere(Why::UrnUnknown),
        }
    }

    fn absolute(&self, address: &Address<'_>, from: usize) -> Resolved<'a> {
        if let Some(found) = self.identified(address.whole, address.version, from) {
            return found;
        }
        if let Some(node) = self.knowledge.supplied.canonical(address.whole) {
            return handed_over(node);
        }
        let near = address.rest.and_then(|it| self.at_name(it.of, it.id, from));
        Resolved::Elsewhere(match near {
            Some(near) => Hint::OtherBase(near.first),
            None => Hint::None,
        })
    }

    fn relative(&self, address: &Address<'_>, from: usize) -> Resolved<'a> {
        let Some((of, id)) = address.whole.split_once('/') else {
            return Resolved::Elsewhere(Hint::None);
        };
        let near = || self.at_name(of, id, from);
        let base = self.base(from);
        if let Some(base) = base {
            let whole = format!("{base}{}", address.whole);
            if let Some(found) = self.identified(&whole, address.version, from) {
                return found;
            }
        } else if matches!(self.group(from), Group::Alone | Group::Parameters) {
            // Nothing says which server is meant, so that the caller's resources and those beside are as good as any.
            return match near() {
                None => match self.knowledge.supplied.reference(address.whole) {
                    Some(node) => handed_over(node),
                    None => Resolved::Elsewhere(Hint::None),
                },
                Some(near) => self.sole(near),
            };
        }
        Resolved::Elsewhere(match near() {
            Some(near) => Hint::OtherBase(near.first),
            None if base.is_none() => Hint::NoBase,
            None => Hint::None,
        })
    }

    /// The resource of an identity and, if one is asked for, of a version.
    fn identified(&self, url: &str, version: Option<&str>, from: usize) -> Option<Resolved<'a>> {
        let all = self.at_url(url, from)?;
        let Some(version) = version else {
            return Some(self.sole(all));
        };
        let that = all.iter().find(|it| self.version(*it) == Some(version));
        Some(match that {
            Some(home) => self.to(home),
            None => Resolved::Elsewhere(Hint::OtherVersion(all.first)),
        })
    }

    /// The one resource, if there is only one.
    fn sole(&self, all: Same<'_>) -> Resolved<'a> {
        match all.len() {
            1 => self.to(all.first),
            many => Resolved::Ambiguous(many),
        }
    }

    fn to(&self, home: usize) -> Resolved<'a> {
        match self.home(home) {
            Some(it) => Resolved::To(Found {
                node: it.node,
                home: Some(home),
            }),
            None => Resolved::Elsewhere(Hint::None),
        }
    }
}

/// What the caller handed over.
fn handed_over(node: Node<'_>) -> Resolved<'_> {
    Resolved::To(Found { node, home: None })
}

/// A contained resource of one that the caller handed over.
fn alone<'a>(id: &str, holder: Node<'a>) -> Resolved<'a> {
    let holder = Element::new(None, Some(holder), None);
    match Alone.resolve(&format!("#{id}"), Some(holder)) {
        Answer::To(found) => match found.body() {
            Some(node) => Resolved::To(Found { node, home: None }),
            None => Resolved::Nowhere(Why::NotContained),
        },
        Answer::Nowhere | Answer::Unknown => Resolved::Nowhere(Why::NotContained),
    }
}

impl<'a> Host<'a> for Index<'a> {
    fn resolve(&self, reference: &str, from: Option<Element<'a>>) -> Answer<'a> {
        let body = from.and_then(Element::body);
        let home = match body {
            // Nothing says who asks: the outermost resource does.
            None => Some(0),
            Some(body) => self.home_at(body).or_else(|| {
                let is_here = std::ptr::eq(body.tree(), self.tree());
                is_here.then(|| self.home_of(body)).flatten()
            }),
        };
        let Some(home) = home else {
            return self.resolve_outside(reference, from);
        };
        match self.canonical(reference, home) {
            Resolved::To(found) => Answer::To(Element::resource(found.node, self.knowledge.types)),
            Resolved::Nowhere(_) => Answer::Nowhere,
            Resolved::Elsewhere(_) | Resolved::Ambiguous(_) => Answer::Unknown,
        }
    }
}

impl<'a> Index<'a> {
    /// For a resource that the caller handed over.
    fn resolve_outside(&self, reference: &str, from: Option<Element<'a>>) -> Answer<'a> {
        if reference.starts_with('#') {
            return Alone.resolve(reference, from);
        }
        let supplied = &self.knowledge.supplied;
        let found = supplied
            .canonical(reference)
            .or_else(|| supplied.reference(reference));
        found.map_or(Answer::Unknown, |node| {
            Answer::To(Element::resource(node, self.knowledge.types))
        })
    }
}
