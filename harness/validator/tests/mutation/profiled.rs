//! Mutants that break a profile: what it asks for, narrows, fixes or slices. Found from its snapshot.
//! Not for slices (`sliced.rs`), for where references lead (`targets.rs`), and for extensions by their definition
//! (`extended.rs`).

use super::body::{Body, Edit, below};
use super::invariants;
use super::matching::{Match, body_of, is_choice, is_slice, leaves, matches, tells, value};
use super::mutant::{Instance, Mutant};
use super::samples::{CHOOSABLE, capital, sample};
use super::sites::Site;
use plumbline_fhir::Child;
use plumbline_fhir::profile_facts::{BindingStrength, ElementFacts, Most, Part, Picked, Value};

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
    removed(of, matches(of), |facts| !is_slice(facts))
}

/// Takes away what these say must be there, of those that are wanted.
pub fn removed(
    of: &Instance,
    said: Vec<Match<'_>>,
    is_wanted: fn(&ElementFacts) -> bool,
) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
        ..
    } in said
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
            let mut edits = if all.count() == sites.len() {
                vec![Edit::Remove(first.member())]
            } else {
                removal(&sites)
            };
            let beside = below(&first.around, &format!("_{}", first.name));
            if of.body.at(&beside).is_some() {
                edits.push(Edit::Remove(beside));
            }
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
        ..
    } in matches(of)
    {
        let Some(Most::Times(most)) = facts.max.filter(|_| !is_slice(facts)) else {
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
            } else if most == 0 && !tells(snapshot, facts) {
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
    changed(of, matches(of))
}

/// Changes what these fix.
pub fn changed(of: &Instance, said: Vec<Match<'_>>) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
        ..
    } in said
    {
        let Some(wanted) = value(facts) else { continue };
        // With another address it is another extension.
        if facts.id.contains(':') && tells(snapshot, facts) || facts.id == "Extension.url" {
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

/// Puts a code outside the set that a profile binds.
pub fn bad_code(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
        ..
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
        ..
    } in matches(of)
    {
        // The value of an extension is for another kind of mutants.
        let is_value = facts.path.starts_with("Extension.");
        if !is_choice(facts) || is_slice(facts) || facts.types.is_empty() || is_value {
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

/// Writes a text that is longer than a profile allows.
pub fn length(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
        ..
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

/// Writes a value below the least or above the greatest that a profile allows.
pub fn range(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
        ..
    } in matches(of)
    {
        let least = facts.least.as_ref().map(|it| (it, -1));
        let greatest = facts.greatest.as_ref().map(|it| (it, 1));
        for (limit, step) in least.into_iter().chain(greatest) {
            let Some(limit) = beyond(limit, step) else {
                continue;
            };
            for site in found.iter().flat_map(|(_, sites)| sites) {
                let (at, other) = match (&limit, of.body.at(&site.at)) {
                    // Of a quantity only the number changes.
                    (Body::Object(_), Some(Body::Object(_))) => {
                        let Some(number) = limit.get("value") else {
                            continue;
                        };
                        (below(&site.at, "value"), number.clone())
                    }
                    (Body::Text(_), Some(Body::Text(_))) | (Body::Raw(_), Some(Body::Raw(_))) => {
                        (site.at.clone(), limit.clone())
                    }
                    _ => continue,
                };
                let what = format!("{} is beyond what {} allows", facts.id, snapshot.url);
                let what = format!("{what} ({step})");
                made.push(Mutant::of(site, &what, vec![Edit::Set(at, other)]));
            }
        }
    }
    made
}

/// The nearest whole number, or the same day of the next year, beyond a limit.
fn beyond(limit: &Value, step: i32) -> Option<Body> {
    let stepped = |number: &str| {
        let number: i32 = number.parse().ok()?;
        Some(number + step)
    };
    match body_of(limit)? {
        Body::Raw(number) => stepped(&number).map(|it| Body::raw(&it.to_string())),
        Body::Text(date) => {
            let (year, rest) = date.split_at_checked(4)?;
            stepped(year).map(|it| Body::Text(format!("{it}{rest}")))
        }
        Body::Object(members) => {
            let (name, number) = members.into_iter().find(|(name, _)| name == "value")?;
            let Body::Raw(number) = number else {
                return None;
            };
            let number = Body::raw(&stepped(&number)?.to_string());
            Some(Body::Object(vec![(name, number)]))
        }
        Body::Array(_) => None,
    }
}

/// Breaks the invariants that a profile adds.
pub fn invariant(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for claim in &of.claims {
        let root = of.sites.iter().find(|it| it.at == claim.at);
        let own = claim.snapshot.elements.first().into_iter().zip(root);
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
