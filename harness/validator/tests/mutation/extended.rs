//! Mutants of extensions that are defined: elsewhere than they may stand, of another type, modifying or not, with parts
//! that they do not have. Not for the form of any extension: `beside.rs`.

use super::body::{Body, Edit, Key, Pointer, below};
use super::mutant::{Instance, Mutant};
use super::samples::{CHOOSABLE, capital, sample};
use super::sites::Site;
use plumbline_conformance::{Snapshot, snapshot};
use plumbline_fhir::profile_facts::{ContextKind, ProfileFacts};

/// The extensions of the outermost resource that are defined.
fn known(of: &Instance) -> impl Iterator<Item = (&Site, &ProfileFacts)> {
    let sites = of.sites.iter().filter(|it| it.of == "Extension");
    let outer = sites.filter(|it| !matches!(of.sites.iter().find(|around| around.at == it.around), Some(around) if around.of == "Extension"));
    outer.filter_map(|site| {
        let url = of.body.at(&site.at)?.text_of("url")?;
        Some((site, of.library.profile(url)?))
    })
}

fn whole(of: &Instance, facts: &ProfileFacts) -> Option<Snapshot> {
    snapshot(facts, &of.library, of.definitions).ok()
}

/// Takes an extension away: the whole array if it is alone.
fn removal(of: &Instance, site: &Site) -> Edit {
    let alone = of
        .body
        .at(&site.member())
        .is_some_and(|it| it.items().len() == 1);
    Edit::Remove(if alone {
        site.member()
    } else {
        site.at.clone()
    })
}

/// Puts an extension at an element where it may not stand.
pub fn context(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for (site, facts) in known(of).filter(|(site, _)| site.name == "extension") {
        let Some(value) = of.body.at(&site.at) else {
            continue;
        };
        let plain = |kind: ContextKind| {
            matches!(
                kind,
                ContextKind::Element | ContextKind::Resource | ContextKind::Datatype
            )
        };
        if facts.contexts.is_empty() || !facts.contexts.iter().all(|it| plain(it.kind)) {
            continue;
        }
        for target in of.sites.iter().filter(|it| may_hold(of, it, site)) {
            let fits = facts
                .contexts
                .iter()
                .any(|it| stands(of, target, &it.expression));
            if fits {
                continue;
            }
            let held = Body::Array(vec![value.clone()]);
            // It stays where it was too, so that other places stay.
            let edits = vec![Edit::Add(target.at.clone(), "extension".to_owned(), held)];
            let what = format!("stands at {}", target.path);
            let mut mutant = Mutant::of(target, "has an extension of elsewhere", edits);
            mutant.what = format!("{}: {what}", site.path);
            made.push(mutant);
        }
    }
    made
}

/// Whether an extension can be moved to an element at all.
fn may_hold(of: &Instance, target: &Site, site: &Site) -> bool {
    let Some(Body::Object(_)) = of.body.at(&target.at) else {
        return false;
    };
    let has_room = of.body.at(&below(&target.at, "extension")).is_none();
    let is_element = target.shape.child("extension").is_some() && target.of != "Extension";
    has_room && is_element && target.resource == site.resource && !target.at.starts_with(&site.at)
}

/// Whether an element is what a context names: by its path, or by its type.
fn stands(of: &Instance, target: &Site, expression: &str) -> bool {
    let element = target.child.map(|it| it.element().path());
    let of_type = of.definitions.type_named(target.of);
    let is_type = of_type.is_some_and(|it| it.is_a(expression))
        || expression == "*"
        || expression == "Element";
    // A path of elements within the resource, or from a type on.
    let plain: String = plain(&target.path);
    let is_path = plain == expression
        || plain.ends_with(&format!(".{expression}"))
        || element.as_deref() == Some(expression)
        || expression.rsplit('.').next() == plain.rsplit('.').next();
    is_type || is_path
}

fn plain(path: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for letter in path.replace(".ofType(", "[(").replace(')', ")]").chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            other if depth == 0 => out.push(other),
            _ => {}
        }
    }
    out
}

/// Gives an extension a value of a type that it does not have.
pub fn value_type(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for (site, facts) in known(of) {
        let Some(whole) = whole(of, facts) else {
            continue;
        };
        let Some(value) = whole.element("Extension.value[x]") else {
            continue;
        };
        let Some(Body::Object(members)) = of.body.at(&site.at) else {
            continue;
        };
        let Some((name, _)) = members.iter().find(|(name, _)| name.starts_with("value")) else {
            continue;
        };
        for other in CHOOSABLE
            .iter()
            .filter(|it| !value.types.iter().any(|of| of.code == **it))
        {
            let Some(sample) = sample(other) else {
                continue;
            };
            let edits = vec![
                Edit::Remove(below(&site.at, name)),
                Edit::Add(site.at.clone(), format!("value{}", capital(other)), sample),
            ];
            made.push(Mutant::of(site, &format!("has a {other}"), edits));
        }
    }
    made
}

/// Uses an extension as if it changed the meaning of what is around it, or as if it did not.
pub fn modifier(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for (site, facts) in known(of) {
        let Some(whole) = whole(of, facts) else {
            continue;
        };
        let modifies = whole.elements.first().is_some_and(|it| it.is_modifier);
        let (from, to) = if modifies {
            ("modifierExtension", "extension")
        } else {
            ("extension", "modifierExtension")
        };
        let around = of.sites.iter().find(|it| it.at == site.around);
        let has_place = around.is_some_and(|it| it.shape.child(to).is_some());
        let Some(value) = of
            .body
            .at(&site.at)
            .filter(|_| site.name == from && has_place)
        else {
            continue;
        };
        let there = below(&site.around, to);
        let edit = match of.body.at(&there) {
            Some(_) => Edit::Append(there, value.clone()),
            None => Edit::Add(
                site.around.clone(),
                to.to_owned(),
                Body::Array(vec![value.clone()]),
            ),
        };
        let edits = vec![edit, removal(of, site)];
        let mutant = Mutant::of(site, &format!("stands as {to}"), edits);
        made.push(mutant.or_at(format!("{}.{to}", site.parent)));
    }
    made
}

/// Gives the parts of an extension addresses that it does not have, and takes away those that it must have.
pub fn parts(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for (site, facts) in known(of) {
        let Some(whole) = whole(of, facts) else {
            continue;
        };
        let parts = of
            .body
            .at(&below(&site.at, "extension"))
            .map_or(&[][..], Body::items);
        for (index, _) in parts.iter().enumerate() {
            let mut at: Pointer = below(&site.at, "extension");
            at.push(Key::Index(index));
            let edits = vec![Edit::Set(below(&at, "url"), Body::text("plumbBob"))];
            made.push(Mutant::of(site, &format!("part {index} is another"), edits));
        }
        let Some(value) = whole.element("Extension.value[x]") else {
            continue;
        };
        let forbids = value.max == Some(plumbline_fhir::profile_facts::Most::Times(0));
        if forbids && !parts.is_empty() {
            let edits = vec![
                Edit::Remove(below(&site.at, "extension")),
                Edit::Add(
                    site.at.clone(),
                    "valueString".to_owned(),
                    Body::text("words"),
                ),
            ];
            made.push(Mutant::of(site, "has a value instead of parts", edits));
        }
    }
    made
}
