//! Mutants that break a profile: what it asks for, narrows, fixes or slices. Found from its snapshot.
//! Not for extensions by their definition: `extended.rs`.

use super::body::{Body, Edit, Key, below};
use super::invariants;
use super::mutant::{Instance, Mutant};
use super::samples::{CHOOSABLE, capital, sample};
use super::sites::Site;
use plumbline_conformance::Snapshot;
use plumbline_fhir::profile_facts::{
    BindingStrength, DiscriminatorKind, ElementFacts, Most, Part, Picked, Rules, Value,
};
use plumbline_fhir::{Child, Type};
use plumbline_tree::{Limits, Tree};

/// What a snapshot says of one element, and the elements of the resource that it says it of.
struct Match<'i> {
    snapshot: &'i Snapshot,
    facts: &'i ElementFacts,
    /// The elements that it belongs to, each with the elements themselves.
    found: Vec<(&'i Site, Vec<&'i Site>)>,
}

fn matches(of: &Instance) -> Vec<Match<'_>> {
    let Some(root) = of.sites.iter().find(|it| it.at.is_empty()) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for snapshot in &of.snapshots {
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
            let found = parents
                .into_iter()
                .map(|it| (it, inside(of, snapshot, it, last, &facts.id)));
            all.push(Match {
                snapshot,
                facts,
                found: found.collect(),
            });
        }
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
fn is_in(of: &Instance, snapshot: &Snapshot, site: &Site, id: &str) -> bool {
    let Some(facts) = snapshot.element(id) else {
        return false;
    };
    if site.of == "Extension" {
        let url = of.body.at(&site.at).and_then(|it| it.text_of("url"));
        let profiles = facts.types.iter().flat_map(|it| &it.profiles);
        return profiles.into_iter().any(|it| Some(it.as_str()) == url);
    }
    let discriminators = discriminators(snapshot, id);
    !discriminators.is_empty()
        && discriminators.iter().all(|path| {
            let (inner, pointer) = match path.as_str() {
                "$this" => (id.to_owned(), site.at.clone()),
                path => {
                    let mut pointer = site.at.clone();
                    pointer.extend(path.split('.').map(|it| Key::Name(it.to_owned())));
                    (format!("{id}.{path}"), pointer)
                }
            };
            let wanted = snapshot.element(&inner).and_then(value);
            let there = of.body.at(&pointer);
            matches!((wanted, there), (Some(wanted), Some(there)) if holds(&wanted, there))
        })
}

/// The paths that tell the slices of an element apart; none if one of them tells in another way than by value.
fn discriminators(snapshot: &Snapshot, id: &str) -> Vec<String> {
    let sliced = id
        .rsplit_once(':')
        .map(|(before, _)| before)
        .unwrap_or_default();
    let slicing = snapshot.element(sliced).and_then(|it| it.slicing.as_ref());
    let all = slicing.map_or(&[][..], |it| &it.discriminators);
    let by_value =
        |it: DiscriminatorKind| matches!(it, DiscriminatorKind::Value | DiscriminatorKind::Pattern);
    if all.iter().all(|it| by_value(it.kind)) {
        all.iter().map(|it| it.path.clone()).collect()
    } else {
        Vec::new()
    }
}

/// The fixed value or the pattern.
fn value(facts: &ElementFacts) -> Option<Body> {
    let Value { json, .. } = facts.fixed.as_ref().or(facts.pattern.as_ref())?;
    let tree = Tree::parse(json.clone().into_bytes(), &Limits::default()).ok()?;
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

fn is_slice(facts: &ElementFacts) -> bool {
    facts.slice.is_some()
}

fn is_choice(facts: &ElementFacts) -> bool {
    facts.path.ends_with("[x]")
}

/// Takes all of these away.
fn removal(sites: &[&Site]) -> Vec<Edit> {
    // From the last to the first, so that places stay.
    sites
        .iter()
        .rev()
        .map(|it| Edit::Remove(it.at.clone()))
        .collect()
}

/// Takes away what a profile asks for.
pub fn required(of: &Instance) -> Vec<Mutant> {
    removed(of, |facts| !is_slice(facts))
}

/// Takes away a slice that a profile asks for.
pub fn required_slice(of: &Instance) -> Vec<Mutant> {
    removed(of, |facts| is_slice(facts) && !is_choice(facts))
}

fn removed(of: &Instance, is_wanted: fn(&ElementFacts) -> bool) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
    } in matches(of)
    {
        // Without what tells it apart an item is of no slice any more, and asks for nothing.
        let leaves_slice = !is_slice(facts) && facts.id.contains(':') && tells(snapshot, facts);
        if facts.min.unwrap_or(0) == 0 || !is_wanted(facts) || leaves_slice {
            continue;
        }
        for (_, sites) in found {
            let Some(first) = sites.first() else { continue };
            let all = of
                .sites
                .iter()
                .filter(|it| it.child.is_some() && it.member() == first.member());
            let edits = if all.count() == sites.len() {
                vec![Edit::Remove(first.member())]
            } else {
                removal(&sites)
            };
            let what = format!("{} taken away, of {}", facts.id, snapshot.url);
            made.push(Mutant::of(first, &what, edits));
        }
    }
    made
}

/// Puts more than a profile allows, and what it forbids.
pub fn too_many(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
    } in matches(of)
    {
        let Some(Most::Times(most)) = facts.max else {
            continue;
        };
        for (around, sites) in found {
            let what = format!("{} too often, of {}", facts.id, snapshot.url);
            if let Some(first) = sites.first().filter(|it| it.is_item()) {
                let Some(copy) = of.body.at(&first.at) else {
                    continue;
                };
                let missing = (most as usize + 1).saturating_sub(sites.len());
                let edits = vec![Edit::Append(first.member(), copy.clone()); missing];
                made.push(Mutant::of(first, &what, edits));
            } else if most == 0 && !is_slice(facts) && around.at.is_empty() {
                made.extend(forbidden(of, around, facts, &what));
            }
        }
    }
    made
}

/// Adds what a profile forbids.
fn forbidden(of: &Instance, around: &Site, facts: &ElementFacts, what: &str) -> Option<Mutant> {
    let name = facts.path.rsplit('.').next()?;
    let stem = name.strip_suffix("[x]").unwrap_or(name);
    let child = around.shape.children().find(|it| it.stem() == stem)?;
    let used = child.types().next()?.of().name();
    let value = sample(used)?;
    let name = if child.is_choice() {
        format!("{stem}{}", capital(used))
    } else {
        stem.to_owned()
    };
    let value = if child.is_repeating() {
        Body::Array(vec![value])
    } else {
        value
    };
    of.body.at(&around.at)?;
    let edits = vec![Edit::Add(around.at.clone(), name, value)];
    Some(Mutant::of(around, what, edits).or_at(around.child_path(stem)))
}

/// Changes what a profile fixes. In a slice that is open and need not be there it only leaves the slice.
pub fn fixed(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
    } in matches(of)
    {
        let Some(wanted) = value(facts) else { continue };
        if facts.id.contains(':') && tells(snapshot, facts) {
            continue;
        }
        for site in found.iter().flat_map(|(_, sites)| sites) {
            let Some(there) = of.body.at(&site.at) else {
                continue;
            };
            for (pointer, other) in leaves(&wanted, there, &site.at) {
                let what = format!("{} is not what {} fixes", facts.id, snapshot.url);
                made.push(Mutant::of(site, &what, vec![Edit::Set(pointer, other)]));
            }
        }
    }
    made
}

/// Whether an element tells its slice from others.
fn tells(snapshot: &Snapshot, facts: &ElementFacts) -> bool {
    let parts: Vec<&str> = facts.id.split('.').collect();
    (1..=parts.len()).any(|length| {
        let (outer, inner) = parts.split_at(length);
        if !outer.last().is_some_and(|it| it.contains(':')) {
            return false;
        }
        let path = if inner.is_empty() {
            "$this".to_owned()
        } else {
            inner.join(".")
        };
        let all = discriminators(snapshot, &outer.join("."));
        all.iter().any(|it| {
            path == *it
                || path.starts_with(&format!("{it}."))
                || it.starts_with(&format!("{path}."))
        })
    })
}

/// The texts of a pattern where an instance has them, each with another.
fn leaves(wanted: &Body, there: &Body, at: &[Key]) -> Vec<(Vec<Key>, Body)> {
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
                .flat_map(|(index, it, part)| leaves(&part, it, &super::body::item(at, index)))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Changes what tells a slice apart, where the slice must be there or no other item may be.
pub fn discriminator(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
    } in matches(of)
    {
        if !is_slice(facts) || is_choice(facts) {
            continue;
        }
        let sliced = facts
            .id
            .rsplit_once(':')
            .map(|(before, _)| before)
            .unwrap_or_default();
        let rules = snapshot
            .element(sliced)
            .and_then(|it| it.slicing.as_ref()?.rules);
        for (_, sites) in &found {
            let is_needed = facts.min.unwrap_or(0) as usize >= sites.len();
            if !is_needed && rules != Some(Rules::Closed) {
                continue;
            }
            for site in sites {
                for path in discriminators(snapshot, &facts.id) {
                    let mut pointer = site.at.clone();
                    if path != "$this" {
                        pointer.extend(path.split('.').map(|it| Key::Name(it.to_owned())));
                    }
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

/// Puts a code outside the set that a profile binds.
pub fn bad_code(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
    } in matches(of)
    {
        let bound = facts
            .binding
            .as_ref()
            .filter(|it| it.strength == BindingStrength::Required);
        let Some(set) = bound.and_then(|it| it.value_set.as_deref()) else {
            continue;
        };
        let Some(set) = of.library.value_set(set) else {
            continue;
        };
        // Sets whose codes are all known: listed, or those of a system that is there as a whole.
        let is_whole = |url: &String| {
            of.library
                .code_system(url)
                .is_some_and(|it| it.content == "complete")
        };
        let is_listed = |it: &Part| match it.picked {
            Picked::Codes(_) => true,
            Picked::All => it.value_sets.is_empty() && it.system.as_ref().is_some_and(is_whole),
            Picked::Filters(_) | Picked::Withheld => false,
        };
        if !set.include.iter().all(is_listed) || set.include.is_empty() {
            continue;
        }
        for site in found.iter().flat_map(|(_, sites)| sites) {
            let edits = super::values::codes(of, site).into_iter();
            let edits = edits.map(|(code, _)| Edit::Set(code, Body::text("plumb-bob")));
            let edits: Vec<Edit> = edits.collect();
            if !edits.is_empty() {
                let what = format!(
                    "{} has a code that {} does not allow",
                    facts.id, snapshot.url
                );
                made.push(Mutant::of(site, &what, edits));
            }
        }
    }
    made
}

/// Gives a choice a type that a profile has taken from it.
pub fn narrowed_choice(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
    } in matches(of)
    {
        if !is_choice(facts) || is_slice(facts) || facts.types.is_empty() {
            continue;
        }
        for site in found.iter().flat_map(|(_, sites)| sites) {
            let Some(element) = site.child.map(Child::element) else {
                continue;
            };
            let allowed = |name: &str| facts.types.iter().any(|it| it.code == name);
            let base = |name: &str| element.types().any(|it| it.of().name() == name);
            for other in CHOOSABLE.iter().filter(|it| base(it) && !allowed(it)) {
                let Some(value) = sample(other) else { continue };
                let name = format!("{}{}", element.stem(), capital(other));
                let what = format!("{} is a {other}, of {}", facts.id, snapshot.url);
                let edits = vec![
                    Edit::Remove(site.at.clone()),
                    Edit::Add(site.around.clone(), name.clone(), value),
                ];
                made.push(Mutant::of(site, &what, edits));
            }
        }
    }
    made
}

/// Points to a type that a profile has taken from a reference.
pub fn narrowed_target(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
    } in matches(of)
    {
        let mut targets = facts.types.iter().flat_map(|it| &it.targets).peekable();
        if targets.peek().is_none() || is_choice(facts) {
            continue;
        }
        let name = |url: &String| match of.library.profile(url) {
            Some(profile) => Some(profile.of.clone()),
            None => url
                .strip_prefix("http://hl7.org/fhir/StructureDefinition/")
                .map(str::to_owned),
        };
        let Some(targets) = targets.map(name).collect::<Option<Vec<String>>>() else {
            continue;
        };
        if targets.iter().any(|it| it == "Resource") {
            continue;
        }
        for site in found.iter().flat_map(|(_, sites)| sites) {
            let Some(used) = site.child.and_then(Child::type_use) else {
                continue;
            };
            let at = below(&site.at, "reference");
            let Some(text) = of.body.at(&at).and_then(Body::as_text) else {
                continue;
            };
            if text.starts_with("urn:") || text.starts_with('#') {
                continue;
            }
            let allowed = used
                .targets()
                .map(Type::name)
                .filter(|it| *it != "Resource");
            for other in allowed.filter(|it| !targets.iter().any(|target| target == it)) {
                let what = format!("{} points to a {other}, of {}", facts.id, snapshot.url);
                let edits = vec![Edit::Set(at.clone(), Body::Text(format!("{other}/1")))];
                made.push(Mutant::of(site, &what, edits));
            }
        }
    }
    made
}

/// Writes a text that is longer than a profile allows.
pub fn length(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
    } in matches(of)
    {
        let Some(most) = facts.max_length else {
            continue;
        };
        for site in found.iter().flat_map(|(_, sites)| sites) {
            let long = Body::Text("a".repeat(most as usize + 1));
            let what = format!("{} is too long, of {}", facts.id, snapshot.url);
            made.push(Mutant::of(
                site,
                &what,
                vec![Edit::Set(site.at.clone(), long)],
            ));
        }
    }
    made
}

/// Breaks the invariants that a profile adds.
pub fn invariant(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for snapshot in &of.snapshots {
        let root = of.sites.iter().find(|it| it.at.is_empty());
        let own = snapshot.elements.first().into_iter().zip(root);
        for (facts, site) in own {
            made.extend(invariants::of_profile(of, site, &facts.invariants));
        }
    }
    for Match { facts, found, .. } in matches(of) {
        for site in found.iter().flat_map(|(_, sites)| sites).take(3) {
            made.extend(invariants::of_profile(of, site, &facts.invariants));
        }
    }
    made
}
