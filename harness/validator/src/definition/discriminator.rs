//! Whether the path of a discriminator leads to an element. Not for telling slices apart.

use plumbline_fhir::definitions::TypeUse;
use plumbline_fhir::{Child, Definitions, Shape};

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leads {
    /// To an element.
    Somewhere,
    /// To no element of the types.
    Nowhere,
    /// Into another resource, of which the types do not say enough.
    Beyond,
}

/// Where a path leads from elements of these types. A path is `$this`, names, `extension('…')`, `resolve()`,
/// `ofType(…)`, joined by full stops.
pub(super) fn leads(definitions: &'static Definitions, from: Vec<At>, path: &str) -> Leads {
    let mut here = from;
    for step in steps(path) {
        if step == "$this" {
            continue;
        }
        if step == "resolve()" || here.contains(&At::Anything) {
            return Leads::Beyond;
        }
        here = match call(step) {
            Some(("extension", _)) => of_type(definitions, "Extension"),
            Some(("ofType" | "as", name)) => of_type(definitions, name),
            Some(_) => Vec::new(),
            None => here.iter().flat_map(|it| it.child(step)).collect(),
        };
        if here.is_empty() {
            return Leads::Nowhere;
        }
    }
    Leads::Somewhere
}

/// What an element is on the way.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    /// It has these children.
    Inside(Shape<'static>),
    /// A resource of some type.
    Anything,
}

impl PartialEq for At {
    fn eq(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Anything, Self::Anything))
    }
}

impl At {
    /// Of a type in its place.
    pub(super) fn of_use(of: TypeUse<'static>) -> Self {
        Self::named(of.of().name(), of.shape())
    }

    /// Of a type with its children.
    pub(super) fn named(name: &str, shape: Shape<'static>) -> Self {
        if name == "Resource" || name == "DomainResource" {
            Self::Anything
        } else {
            Self::Inside(shape)
        }
    }

    fn child(&self, name: &str) -> Vec<Self> {
        let Self::Inside(shape) = self else {
            return vec![Self::Anything];
        };
        let mut children = shape.children();
        if let Some(element) = children.find(|it| it.stem() == name) {
            if let Some(inside) = element.inline_shape() {
                return vec![Self::Inside(inside)];
            }
            return element.types().map(Self::of_use).collect();
        }
        let chosen = shape.child(name).and_then(Child::type_use);
        chosen.map(Self::of_use).into_iter().collect()
    }
}

/// The type of a name.
pub(super) fn of_type(definitions: &'static Definitions, name: &str) -> Vec<At> {
    let found = definitions.type_named(name);
    found
        .map(|it| At::named(name, it.shape()))
        .into_iter()
        .collect()
}

/// The steps of a path: full stops within brackets do not divide.
fn steps(path: &str) -> Vec<&str> {
    let (mut found, mut begin, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, letter) in path.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                found.extend(path.get(begin..at));
                begin = at + 1;
            }
            _ => {}
        }
    }
    found.extend(path.get(begin..));
    found.into_iter().map(str::trim).collect()
}

/// The name and the argument of a call.
fn call(step: &str) -> Option<(&str, &str)> {
    let (name, rest) = step.split_once('(')?;
    Some((name.trim(), rest.strip_suffix(')')?.trim()))
}
