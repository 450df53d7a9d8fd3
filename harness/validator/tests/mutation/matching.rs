//! What profiles say of the elements of a resource: each element of a snapshot with the elements that it is said of.
//! Not for changing anything.

use super::body::{Body, Key, Pointer, below, item};
use super::mutant::{Claim, Instance};
use super::sites::Site;
use plumbline_conformance::Snapshot;
use plumbline_fhir::profile_facts::{
    Discriminator, DiscriminatorKind, ElementFacts, Most, Slicing, Value,
};
use plumbline_tree::{Limits, Tree};

/// What a snapshot says of one element, and the elements of the resource that it says it of.
pub struct Match<'i> {
    pub snapshot: &'i Snapshot,
    pub facts: &'i ElementFacts,
    /// The elements that it belongs to, each with the elements themselves.
    pub found: Vec<(&'i Site, Vec<&'i Site>)>,
}

/// All that the profiles of a resource say, of itself, of what is in it and of its extensions.
pub fn matches(of: &Instance) -> Vec<Match<'_>> {
    let all = of.claims.iter().flat_map(|claim| claimed(of, claim));
    all.collect()
}

fn claimed<'i>(of: &'i Instance, claim: &'i Claim) -> Vec<Match<'i>> {
    let root = of.sites.iter().find(|it| it.at == claim.at);
    root.map_or(Vec::new(), |root| said(of, &claim.snapshot, root))
}

/// What one snapshot says of an element and what is in it.
pub fn said<'i>(of: &'i Instance, snapshot: &'i Snapshot, root: &'i Site) -> Vec<Match<'i>> {
    let mut all = Vec::new();
    for facts in snapshot.elements.iter().skip(1) {
        let Some((around, last)) = facts.id.rsplit_once('.') else {
            continue;
        };
        let mut parents = vec![root];
        let mut id = snapshot.of.clone();
        for part in around.split('.').skip(1) {
            id = format!("{id}.{part}");
            let next = parents
                .iter()
                .flat_map(|it| inside(of, snapshot, it, part, &id));
            parents = next.collect();
        }
        if parents.is_empty() {
            continue;
        }
        let found = parents
            .into_iter()
            .map(|it| (it, inside(of, snapshot, it, last, &facts.id)));
        all.push(Match {
            snapshot,
            facts,
            found: found.collect(),
        });
    }
    all
}

/// The children of an element that a part of an id names.
fn inside<'i>(
    of: &'i Instance,
    snapshot: &Snapshot,
    around: &Site,
    part: &str,
    id: &str,
) -> Vec<&'i Site> {
    let (name, slice) = match part.split_once(':') {
        Some((name, slice)) => (name, Some(slice)),
        None => (part, None),
    };
    let stem = name.strip_suffix("[x]").unwrap_or(name);
    let children = of
        .sites
        .iter()
        .filter(|it| it.child.is_some() && it.around == around.at);
    let named = children.filter(|it| it.child.is_some_and(|child| child.element().stem() == stem));
    let belongs = |it: &&Site| match slice {
        Some(slice) if name.ends_with("[x]") => it.name == slice,
        Some(_) => is_in(of, snapshot, it, id),
        None => true,
    };
    named.filter(belongs).collect()
}

/// Whether an item is in a slice, as far as fixed values, patterns and addresses of extensions tell.
pub fn is_in(of: &Instance, snapshot: &Snapshot, site: &Site, id: &str) -> bool {
    let Some(facts) = snapshot.element(id) else {
        return false;
    };
    let is_named = facts.types.iter().any(|it| !it.profiles.is_empty());
    if site.of == "Extension" && is_named {
        let url = of.body.at(&site.at).and_then(|it| it.text_of("url"));
        let profiles = facts.types.iter().flat_map(|it| &it.profiles);
        return profiles.into_iter().any(|it| Some(it.as_str()) == url);
    }
    let all = slicing_of(snapshot, id).map_or(&[][..], |it| &it.discriminators);
    !all.is_empty() && all.iter().all(|it| fits(of, snapshot, site, id, it))
}

/// Whether one discriminator says that an item is in a slice.
fn fits(of: &Instance, snapshot: &Snapshot, site: &Site, id: &str, told: &Discriminator) -> bool {
    let (pointer, inner) = steps(&told.path);
    let pointer = [site.at.clone(), pointer].concat();
    let facts = snapshot.element(&format!("{id}{inner}"));
    let there = of.body.at(&pointer);
    match told.kind {
        DiscriminatorKind::Value | DiscriminatorKind::Pattern => {
            let wanted = facts.and_then(value);
            matches!((wanted, there), (Some(wanted), Some(there)) if holds(&wanted, there))
        }
        DiscriminatorKind::Exists => facts.is_some_and(|it| match (it.min, it.max) {
            (Some(1..), _) => there.is_some(),
            (_, Some(Most::Times(0))) => there.is_none(),
            _ => false,
        }),
        DiscriminatorKind::Type => {
            let text = there.and_then(|it| it.text_of("reference"));
            let named = text.and_then(|it| type_of(of, it));
            let mut targets = facts.into_iter().flat_map(|it| &it.types);
            let is_it = |url: &String| url.rsplit('/').next() == named;
            targets.any(|it| it.targets.iter().any(is_it))
        }
        DiscriminatorKind::Profile => false,
    }
}

/// The type that a reference leads to: that of a contained resource, or the one in its address.
fn type_of<'i>(of: &'i Instance, text: &'i str) -> Option<&'i str> {
    let Some(id) = text.strip_prefix('#') else {
        return text.split_once('/').map(|(of, _)| of);
    };
    let mut sites = of.sites.iter().filter(|it| it.name == "contained");
    let is_it = |it: &&Site| of.body.at(&it.at).and_then(|it| it.text_of("id")) == Some(id);
    sites.find(is_it).map(|it| it.of)
}

/// A path of a discriminator as steps in a resource, and as the end of an id.
pub fn steps(path: &str) -> (Pointer, String) {
    let path = path.strip_suffix("resolve()").unwrap_or(path);
    let parts = path
        .split('.')
        .filter(|it| !it.is_empty() && *it != "$this");
    let pointer = parts.clone().map(|it| Key::Name(it.to_owned())).collect();
    (pointer, dotted(parts))
}

/// Names, each with a dot before it.
fn dotted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.flat_map(|it| [".", it]).collect()
}

/// How the element that a slice is of is sliced.
pub fn slicing_of<'i>(snapshot: &'i Snapshot, id: &str) -> Option<&'i Slicing> {
    let (sliced, _) = id.rsplit_once(':')?;
    snapshot.element(sliced)?.slicing.as_ref()
}

/// The paths that tell the slices of an element apart; none if one of them tells in another way than by value.
pub fn discriminators(snapshot: &Snapshot, id: &str) -> Vec<String> {
    let all = slicing_of(snapshot, id).map_or(&[][..], |it| &it.discriminators);
    let by_value =
        |it: DiscriminatorKind| matches!(it, DiscriminatorKind::Value | DiscriminatorKind::Pattern);
    if all.iter().all(|it| by_value(it.kind)) {
        all.iter().map(|it| it.path.clone()).collect()
    } else {
        Vec::new()
    }
}

/// The fixed value or the pattern.
pub fn value(facts: &ElementFacts) -> Option<Body> {
    body_of(facts.fixed.as_ref().or(facts.pattern.as_ref())?)
}

/// A value that a profile names.
pub fn body_of(value: &Value) -> Option<Body> {
    let tree = Tree::parse(value.json.clone().into_bytes(), &Limits::default()).ok()?;
    Some(Body::of(tree.root()))
}

/// Whether a value has all of a pattern.
fn holds(pattern: &Body, there: &Body) -> bool {
    match (pattern, there) {
        (Body::Object(members), Body::Object(_)) => members
            .iter()
            .all(|(name, part)| there.get(name).is_some_and(|it| holds(part, it))),
        (Body::Array(parts), Body::Array(items)) => parts
            .iter()
            .all(|part| items.iter().any(|it| holds(part, it))),
        (Body::Text(_) | Body::Raw(_), _) => pattern == there,
        _ => false,
    }
}

/// Whether an element tells its slice from others.
pub fn tells(snapshot: &Snapshot, facts: &ElementFacts) -> bool {
    let parts: Vec<&str> = facts.id.split('.').collect();
    (1..=parts.len()).any(|length| {
        let (outer, inner) = parts.split_at(length);
        if !outer.last().is_some_and(|it| it.contains(':')) {
            return false;
        }
        let path = dotted(inner.iter().copied());
        let slicing = slicing_of(snapshot, &outer.join("."));
        let all = slicing.map_or(&[][..], |it| &it.discriminators);
        all.iter().map(|it| steps(&it.path).1).any(|it| {
            path == it || path.starts_with(&format!("{it}.")) || it.starts_with(&format!("{path}."))
        })
    })
}

/// The texts of a pattern where an instance has them, each with another.
pub fn leaves(wanted: &Body, there: &Body, at: &[Key]) -> Vec<(Vec<Key>, Body)> {
    match (wanted, there) {
        (Body::Text(_), Body::Text(_)) => vec![(at.to_vec(), Body::text("plumb-bob"))],
        (Body::Raw(text), Body::Raw(_)) => {
            let other = match text.as_str() {
                "true" => "false",
                "false" => "true",
                _ => "77",
            };
            vec![(at.to_vec(), Body::raw(other))]
        }
        (Body::Object(members), Body::Object(_)) => {
            let parts = members
                .iter()
                .filter_map(|(name, part)| Some((name, part, there.get(name)?)));
            parts
                .flat_map(|(name, part, it)| leaves(part, it, &below(at, name)))
                .collect()
        }
        (Body::Array(parts), Body::Array(items)) => {
            let pairs = items
                .iter()
                .enumerate()
                .filter(|(_, it)| parts.iter().any(|part| holds(part, it)));
            let part = |it: &Body| parts.iter().find(|part| holds(part, it)).cloned();
            pairs
                .filter_map(|(index, it)| Some((index, it, part(it)?)))
                .flat_map(|(index, it, part)| leaves(&part, it, &item(at, index)))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Whether it is a slice.
pub fn is_slice(facts: &ElementFacts) -> bool {
    facts.slice.is_some()
}

/// Whether it is a choice of types, or one of them.
pub fn is_choice(facts: &ElementFacts) -> bool {
    facts.path.ends_with("[x]")
}
