//! Mutants that break how a profile slices an element: what must be there, how often, in which order, and what else
//! may be there. Not for what it says of an item of a slice.

use super::body::{Body, Edit, below};
use super::matching::{
    Match, discriminators, is_choice, is_in, is_slice, leaves, matches, slicing_of, steps, value,
};
use super::mutant::{Instance, Mutant};
use super::profiled::removed;
use super::samples::sample;
use super::sites::Site;
use plumbline_conformance::Snapshot;
use plumbline_fhir::profile_facts::{Discriminator, DiscriminatorKind, ElementFacts, Most, Rules};

/// Takes away a slice that a profile asks for.
pub fn required(of: &Instance) -> Vec<Mutant> {
    removed(of, matches(of), |facts| {
        is_slice(facts) && !is_choice(facts)
    })
}

/// Puts more items of a slice than may be.
pub fn too_many(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
        ..
    } in matches(of)
    {
        let most = facts.max.filter(|_| is_slice(facts) && !is_choice(facts));
        let Some(Most::Times(most)) = most else {
            continue;
        };
        for (_, sites) in found {
            let Some(first) = sites.first().filter(|it| it.is_item()) else {
                continue;
            };
            let Some(copy) = of.body.at(&first.at) else {
                continue;
            };
            let missing = (most as usize + 1).saturating_sub(sites.len());
            let edits = vec![Edit::Append(first.member(), copy.clone()); missing];
            let what = format!("{} too often, of {}", facts.id, snapshot.url);
            made.push(Mutant::of(first, &what, edits));
        }
    }
    made
}

/// Changes what tells a slice apart, where the slice must be there or no other item may be.
pub fn discriminator(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
        ..
    } in matches(of)
    {
        if !is_slice(facts) || is_choice(facts) {
            continue;
        }
        let rules = slicing_of(snapshot, &facts.id).and_then(|it| it.rules);
        for (_, sites) in &found {
            let is_needed = facts.min.unwrap_or(0) as usize >= sites.len();
            if !is_needed && rules != Some(Rules::Closed) {
                continue;
            }
            for site in sites {
                for path in discriminators(snapshot, &facts.id) {
                    let pointer = [site.at.clone(), steps(&path).0].concat();
                    let Some(Body::Text(_)) = of.body.at(&pointer) else {
                        continue;
                    };
                    let other = match site.of {
                        "Extension" => "https://example.org/other",
                        _ => "https://example.org/plumb-bob",
                    };
                    let what = format!("{} is told apart no more, of {}", facts.id, snapshot.url);
                    made.push(Mutant::of(
                        site,
                        &what,
                        vec![Edit::Set(pointer, Body::text(other))],
                    ));
                }
            }
        }
    }
    made
}

/// Changes what tells a slice apart otherwise than by value, where the slice must be there or no other item may be: what
/// must exist goes, what may not exist comes, a reference leads to another type.
pub fn left(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
        ..
    } in matches(of)
    {
        let slicing = slicing_of(snapshot, &facts.id).filter(|_| is_slice(facts));
        let Some(slicing) = slicing.filter(|_| !is_choice(facts)) else {
            continue;
        };
        for (_, sites) in &found {
            let is_needed = facts.min.unwrap_or(0) as usize >= sites.len();
            if !is_needed && slicing.rules != Some(Rules::Closed) {
                continue;
            }
            for (site, told) in sites
                .iter()
                .flat_map(|site| slicing.discriminators.iter().map(move |it| (site, it)))
            {
                let what = format!("{} by another {}", facts.id, told.path);
                for edit in leaving(of, snapshot, (facts, site), told) {
                    let what = format!("{what} ({}), of {}", made.len(), snapshot.url);
                    made.push(Mutant::of(site, &what, vec![edit]));
                }
            }
        }
    }
    made
}

/// Changes by which an item leaves a slice.
fn leaving(
    of: &Instance,
    snapshot: &Snapshot,
    (facts, site): (&ElementFacts, &Site),
    told: &Discriminator,
) -> Vec<Edit> {
    let (pointer, inner) = steps(&told.path);
    let at = [site.at.clone(), pointer].concat();
    match told.kind {
        DiscriminatorKind::Exists if of.body.at(&at).is_some() => vec![Edit::Remove(at)],
        DiscriminatorKind::Exists => {
            let name = inner.trim_start_matches('.');
            let element = snapshot.element(&format!("{}{inner}", facts.id));
            let code = element.and_then(|it| Some(it.types.first()?.code.as_str()));
            let value = code.and_then(sample).filter(|_| !name.contains('.'));
            let value = value.into_iter();
            value
                .map(|it| Edit::Add(site.at.clone(), name.to_owned(), it))
                .collect()
        }
        DiscriminatorKind::Type => {
            let at = below(&at, "reference");
            let Some(there) = of.body.at(&at).and_then(Body::as_text) else {
                return Vec::new();
            };
            let contained = of.sites.iter().filter(|it| it.name == "contained");
            let ids = contained.filter_map(|it| of.body.at(&it.at)?.text_of("id"));
            let others = ids.map(|it| format!("#{it}")).filter(|it| it != there);
            let others = others.chain(["Device/1".to_owned()]);
            others
                .map(|it| Edit::Set(at.clone(), Body::Text(it)))
                .collect()
        }
        DiscriminatorKind::Value | DiscriminatorKind::Pattern | DiscriminatorKind::Profile => {
            Vec::new()
        }
    }
}

/// The slices of an element, in order.
fn slices<'i>(snapshot: &'i Snapshot, sliced: &ElementFacts) -> Vec<&'i ElementFacts> {
    let elements = snapshot.elements.iter();
    let own = elements.filter(|it| {
        let rest = it.id.strip_prefix(&sliced.id);
        rest.and_then(|it| it.strip_prefix(':'))
            .is_some_and(|it| !it.contains(['.', '/']))
    });
    own.collect()
}

/// The items of one element, each with the number of its slice.
type Items<'i> = Vec<(&'i Site, Option<usize>)>;

/// The items of sliced elements that keep to this, each with the number of its slice.
fn sliced<'i>(
    of: &'i Instance,
    is_wanted: fn(&ElementFacts) -> bool,
) -> Vec<(Match<'i>, Vec<Items<'i>>)> {
    let mut all = Vec::new();
    for it in matches(of) {
        if is_slice(it.facts) || is_choice(it.facts) || !is_wanted(it.facts) {
            continue;
        }
        let slices = slices(it.snapshot, it.facts);
        let number = |site: &Site| {
            let mut slices = slices.iter();
            slices.position(|slice| is_in(of, it.snapshot, site, &slice.id))
        };
        let numbered = |sites: &Vec<&'i Site>| {
            let items = sites.iter().filter(|site| site.is_item());
            items.map(|site| (*site, number(site))).collect()
        };
        let found = it.found.iter().map(|(_, sites)| numbered(sites)).collect();
        all.push((it, found));
    }
    all
}

/// Changes places of items whose slices have an order.
pub fn order(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    let is_ordered = |facts: &ElementFacts| facts.slicing.as_ref().is_some_and(|it| it.is_ordered);
    for (it, found) in sliced(of, is_ordered) {
        for items in found {
            for (at, (one, first)) in items.iter().enumerate() {
                for (other, second) in items.iter().skip(at + 1) {
                    if first.is_none() || second.is_none() || first == second {
                        continue;
                    }
                    let bodies = (of.body.at(&one.at), of.body.at(&other.at));
                    let (Some(body), Some(other_body)) = bodies else {
                        continue;
                    };
                    let edits = vec![
                        Edit::Set(one.at.clone(), other_body.clone()),
                        Edit::Set(other.at.clone(), body.clone()),
                    ];
                    let (id, url) = (&it.facts.id, &it.snapshot.url);
                    let what = format!("{id} before {}, of {url}", other.path);
                    made.push(Mutant::of(one, &what, edits).or_at(other.path.clone()));
                }
            }
        }
    }
    made
}

/// Copies of an item that are of no slice: with something else where it is told apart.
fn outsiders(of: &Instance, snapshot: &Snapshot, sliced: &str, site: &Site) -> Vec<Body> {
    let mut made = Vec::new();
    // Any slice will do: all are told apart by the same paths.
    let slice = format!("{sliced}:");
    let Some(slice) = snapshot.elements.iter().find(|it| {
        let rest = it.id.strip_prefix(&slice);
        rest.is_some_and(|it| !it.contains('.')) && is_in(of, snapshot, site, &it.id)
    }) else {
        return made;
    };
    for path in discriminators(snapshot, &slice.id) {
        let (at, inner) = steps(&path);
        let id = format!("{}{inner}", slice.id);
        let Some(body) = of.body.at(&site.at) else {
            continue;
        };
        let named = site.of == "Extension";
        let wanted = snapshot.element(&id).and_then(value);
        let changes = match (body.at(&at), wanted) {
            (Some(Body::Text(_)), _) if named => {
                vec![(at.clone(), Body::text("https://example.org/plumb-bob"))]
            }
            (Some(there), Some(wanted)) => leaves(&wanted, there, &at),
            _ => Vec::new(),
        };
        for (at, other) in changes {
            let mut copy = body.clone();
            if copy.change(&Edit::Set(at, other)).is_some() {
                made.push(copy);
            }
        }
    }
    made
}

/// Adds an item that is of no slice where only slices may be.
pub fn closed(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    let is_closed = |facts: &ElementFacts| has_rules(facts, Rules::Closed);
    for (it, found) in sliced(of, is_closed) {
        for (site, _) in found.into_iter().flatten() {
            for copy in outsiders(of, it.snapshot, &it.facts.id, site) {
                let edits = vec![Edit::Append(site.member(), copy)];
                let what = format!(
                    "{} has one of no slice, of {}",
                    it.facts.id, it.snapshot.url
                );
                made.push(Mutant::of(site, &what, edits));
            }
        }
    }
    made
}

/// Puts an item that is of no slice before those that are, where it may only stand at the end.
pub fn at_end(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    let is_at_end = |facts: &ElementFacts| has_rules(facts, Rules::OpenAtEnd);
    for (it, found) in sliced(of, is_at_end) {
        for items in found {
            for (at, (site, number)) in items.iter().enumerate() {
                let all = of.body.at(&site.member()).map_or(&[][..], Body::items);
                if number.is_none() || all.len() != items.len() {
                    continue;
                }
                for (site, _) in &items {
                    for copy in outsiders(of, it.snapshot, &it.facts.id, site) {
                        let mut changed = all.to_vec();
                        changed.insert(at, copy);
                        let edits = vec![Edit::Set(site.member(), Body::Array(changed))];
                        let (id, url) = (&it.facts.id, &it.snapshot.url);
                        let what = format!("{id} has one of no slice before {at}, of {url}");
                        made.push(Mutant::of(site, &what, edits));
                    }
                }
            }
        }
    }
    made
}

fn has_rules(facts: &ElementFacts, rules: Rules) -> bool {
    let slicing = facts.slicing.as_ref();
    slicing.is_some_and(|it| it.rules == Some(rules))
}
