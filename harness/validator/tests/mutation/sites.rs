//! Every element of a resource, with what the specification says of it. Not for changing anything.

use super::body::{Body, Key, Pointer, below, item};
use plumbline_fhir::{Child, Definitions, Shape};
use std::fmt::Write as _;

/// An element in a resource.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its value; of a primitive the value itself.
    pub at: Pointer,
    /// The object that it is a member of.
    pub around: Pointer,
    /// The name of the member, without `_`.
    pub name: String,
    /// As issues name it.
    pub path: String,
    /// The same of what it is a member of.
    pub parent: String,
    /// What the specification says of it. `None` of a resource.
    pub child: Option<Child<'static>>,
    /// What its children can be.
    pub shape: Shape<'static>,
    /// Its type; of a resource that one.
    pub of: &'static str,
    /// The place of the resource that it belongs to; its own if it is one.
    pub resource: Pointer,
}

impl Site {
    /// Whether it is a value without children in JSON.
    pub fn is_primitive(&self) -> bool {
        let of = self.child.and_then(Child::type_use);
        of.is_some_and(|it| it.of().is_primitive())
    }

    /// Whether it is a resource: the outermost one, a contained one, one of an entry.
    pub fn is_resource(&self) -> bool {
        self.at == self.resource
    }

    /// Whether it is an item of an array.
    pub fn is_item(&self) -> bool {
        matches!(self.at.last(), Some(Key::Index(_)))
    }

    /// The whole member: of an item its array.
    pub fn member(&self) -> Pointer {
        below(&self.around, &self.name)
    }

    /// How issues name a child.
    pub fn child_path(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    /// How issues name the element without its item or type.
    pub fn bare(&self) -> String {
        let stem = self
            .child
            .map_or(self.name.as_str(), |it| it.element().stem());
        format!("{}.{stem}", self.parent)
    }
}

/// All elements of a resource; what is unknown is left out.
pub fn sites(body: &Body, definitions: &'static Definitions) -> Vec<Site> {
    let mut found = Vec::new();
    let Some(of) = body.text_of("resourceType") else {
        return found;
    };
    let Some(of) = definitions.resource(of) else {
        return found;
    };
    let root = Site {
        at: Vec::new(),
        around: Vec::new(),
        name: String::new(),
        path: of.name().to_owned(),
        parent: of.name().to_owned(),
        child: None,
        shape: of.shape(),
        of: of.name(),
        resource: Vec::new(),
    };
    walk(body, root, definitions, &mut found);
    found
}

fn walk(body: &Body, site: Site, definitions: &'static Definitions, found: &mut Vec<Site>) {
    for (name, value) in body.members() {
        let (bare, is_beside) = match name.strip_prefix('_') {
            Some(bare) => (bare, true),
            None => (name.as_str(), false),
        };
        let Some(child) = site.shape.child(bare) else {
            continue;
        };
        let at = below(&site.at, name);
        if !child.element().is_repeating() {
            let inner = enter(&site, child, bare, at, None, value, definitions);
            visit(value, inner, is_beside, definitions, found);
            continue;
        }
        for (index, value) in value.items().iter().enumerate() {
            let at = item(&at, index);
            let inner = enter(&site, child, bare, at, Some(index), value, definitions);
            visit(value, inner, is_beside, definitions, found);
        }
    }
    found.push(site);
}

fn visit(
    value: &Body,
    inner: Option<Site>,
    is_beside: bool,
    definitions: &'static Definitions,
    found: &mut Vec<Site>,
) {
    let Some(inner) = inner else {
        return;
    };
    if !is_beside {
        return walk(value, inner, definitions, found);
    }
    // The element itself is known from its value; here are its extensions.
    let before = found.len();
    walk(value, inner, definitions, found);
    if found.len() > before {
        found.pop();
    }
}

fn enter(
    around: &Site,
    child: Child<'static>,
    name: &str,
    at: Pointer,
    index: Option<usize>,
    value: &Body,
    definitions: &'static Definitions,
) -> Option<Site> {
    let mut path = around.child_path(child.element().stem());
    if let Some(index) = index {
        let _ = write!(path, "[{index}]");
    }
    let of = child.type_use()?.of();
    if child.element().is_choice() {
        let _ = write!(path, ".ofType({})", of.name());
    }
    let (of, shape, resource) = if of.is_resource() {
        let of = definitions.resource(value.text_of("resourceType")?)?;
        (of.name(), of.shape(), at.clone())
    } else {
        (of.name(), child.shape()?, around.resource.clone())
    };
    Some(Site {
        at,
        around: around.at.clone(),
        name: name.to_owned(),
        path,
        parent: around.path.clone(),
        child: Some(child),
        shape,
        of,
        resource,
    })
}
