//! Mutants of structure: what is missing, too much, of another kind, empty, null, or under another name.

use super::body::{Body, Edit, below};
use super::mutant::{Instance, Mutant};
use super::samples::{CHOOSABLE, capital, sample};
use super::sites::Site;
use plumbline_fhir::Child;

/// Takes away every item of an element that must be there.
pub fn drop_required(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in first_items(of) {
        let Some(child) = site.child.filter(|it| it.element().min() > 0) else {
            continue;
        };
        let mut edits = vec![Edit::Remove(site.member())];
        let beside = below(&site.around, &format!("_{}", site.name));
        if of.body.at(&beside).is_some() {
            edits.push(Edit::Remove(beside));
        }
        let mutant = Mutant::of(site, "taken away", edits);
        made.push(mutant.or_at(format!("{}.{}", site.parent, child.element().name())));
    }
    made
}

/// Puts two where one may be.
pub fn too_many(of: &Instance) -> Vec<Mutant> {
    let single = of.sites.iter().filter(|it| !it.is_item());
    let single = single.filter(|it| it.child.is_some());
    single
        .filter_map(|site| {
            let value = of.body.at(&site.at)?.clone();
            let twice = Body::Array(vec![value.clone(), value]);
            Some(Mutant::of(
                site,
                "twice",
                vec![Edit::Set(site.at.clone(), twice)],
            ))
        })
        .collect()
}

/// Writes a value in another kind of JSON.
pub fn wrong_kind(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in of.sites.iter().filter(|it| it.child.is_some()) {
        let Some(value) = of.body.at(&site.at) else {
            continue;
        };
        let others = match value {
            Body::Text(_) => vec![Body::raw("7"), Body::raw("true"), Body::object([])],
            Body::Raw(text) => vec![Body::text(text), Body::object([])],
            Body::Object(_) => vec![Body::text("words"), Body::raw("7")],
            Body::Array(_) => Vec::new(),
        };
        for other in others {
            let what = format!("is {}", kind(&other));
            made.push(Mutant::of(
                site,
                &what,
                vec![Edit::Set(site.at.clone(), other)],
            ));
        }
        if site.is_item() {
            let edits = vec![Edit::Set(site.member(), value.clone())];
            made.push(Mutant::of(site, "is no array", edits));
        }
    }
    made
}

fn kind(body: &Body) -> &'static str {
    match body {
        Body::Object(_) => "an object",
        Body::Array(_) => "an array",
        Body::Text(_) => "a string",
        Body::Raw(_) => "a number or truth value",
    }
}

/// Adds a member that no type has.
pub fn extra_element(of: &Instance) -> Vec<Mutant> {
    objects(of)
        .map(|site| {
            let name = "plumbBob".to_owned();
            let edit = Edit::Add(site.at.clone(), name.clone(), Body::text("words"));
            Mutant::of(site, "has a member too many", vec![edit]).or_at(site.child_path(&name))
        })
        .collect()
}

/// Writes a name a little wrong.
pub fn near_name(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    let around = |site: &Site| of.sites.iter().find(|it| it.at == site.around);
    for site in first_items(of) {
        let Some(shape) = around(site).map(|it| it.shape) else {
            continue;
        };
        let (head, last) = site.name.split_at(site.name.len().saturating_sub(1));
        for wrong in [
            format!("{}s", site.name),
            head.to_owned(),
            capital(&site.name),
            format!("{last}{head}"),
        ] {
            if wrong == site.name || wrong.is_empty() || shape.child(&wrong).is_some() {
                continue;
            }
            let edits = vec![Edit::Rename(site.member(), wrong.clone())];
            let mutant = Mutant::of(site, &format!("is named {wrong}"), edits);
            made.push(mutant.or_at(format!("{}.{wrong}", site.parent)));
        }
    }
    made
}

/// Gives a choice a type that it may not have.
pub fn wrong_choice(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for (site, child) in choices(of) {
        let element = child.element();
        let allowed = |name: &str| element.types().any(|it| it.of().name() == name);
        for other in CHOOSABLE.iter().filter(|it| !allowed(it)) {
            let Some(value) = sample(other) else { continue };
            let name = format!("{}{}", element.stem(), capital(other));
            let edits = vec![
                Edit::Remove(site.at.clone()),
                Edit::Add(site.around.clone(), name.clone(), value),
            ];
            let mutant = Mutant::of(site, &format!("is a {other}"), edits);
            made.push(mutant.or_at(format!("{}.{name}", site.parent)));
        }
    }
    made
}

/// Gives a choice two values.
pub fn two_choices(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for (site, child) in choices(of) {
        let element = child.element();
        let others = element.types().map(|it| it.of().name());
        for other in others.filter(|it| *it != site.of) {
            let Some(value) = sample(other) else { continue };
            let name = format!("{}{}", element.stem(), capital(other));
            let edits = vec![Edit::Add(site.around.clone(), name.clone(), value)];
            let mutant = Mutant::of(site, &format!("is a {other} as well"), edits);
            let mutant = mutant.or_at(format!("{}.ofType({other})", site.bare()));
            made.push(mutant.or_at(format!("{}.{name}", site.parent)));
        }
    }
    made
}

/// Leaves nothing in an object, an array or a string.
pub fn empty(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in of.sites.iter().filter(|it| it.child.is_some()) {
        let none = match of.body.at(&site.at) {
            Some(Body::Object(_)) => Body::object([]),
            Some(Body::Text(_)) => Body::text(""),
            Some(Body::Array(_) | Body::Raw(_)) | None => continue,
        };
        made.push(Mutant::of(
            site,
            "is empty",
            vec![Edit::Set(site.at.clone(), none)],
        ));
        if site.is_item() {
            let none = Edit::Set(site.member(), Body::Array(Vec::new()));
            made.push(Mutant::of(site, "is an empty array", vec![none]));
        }
    }
    made
}

/// Puts null where a value must be.
pub fn null(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in of.sites.iter().filter(|it| it.child.is_some()) {
        let beside = below(&site.around, &format!("_{}", site.name));
        if of.body.at(&beside).is_some() {
            continue;
        }
        let null = Body::raw("null");
        if site.is_item() {
            let edits = vec![Edit::Append(site.member(), null)];
            made.push(Mutant::of(site, "has null behind it", edits));
        } else {
            made.push(Mutant::of(
                site,
                "is null",
                vec![Edit::Set(site.at.clone(), null)],
            ));
        }
    }
    made
}

/// Each member once: of an array the first item.
pub fn first_items(of: &Instance) -> impl Iterator<Item = &Site> {
    use super::body::Key;
    let sites = of.sites.iter().filter(|it| it.child.is_some());
    sites.filter(|it| !matches!(it.at.last(), Some(Key::Index(index)) if *index > 0))
}

fn objects(of: &Instance) -> impl Iterator<Item = &Site> {
    of.sites
        .iter()
        .filter(|it| matches!(of.body.at(&it.at), Some(Body::Object(_))))
}

fn choices(of: &Instance) -> impl Iterator<Item = (&Site, Child<'static>)> {
    let sites = of.sites.iter().filter(|it| !it.is_item());
    sites.filter_map(|it| Some((it, it.child.filter(|child| child.element().is_choice())?)))
}
