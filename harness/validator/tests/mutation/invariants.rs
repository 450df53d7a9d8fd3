//! Mutants that break an invariant: something that it names is taken away, added or changed, and the engine says that
//! it no longer holds. Not for whether other rules are broken too.

use super::body::{Body, Edit, Key, Pointer};
use super::mutant::{Instance, Mutant};
use super::samples::{capital, sample};
use super::sites::Site;
use plumbline_fhir::profile_facts::InvariantFacts;
use plumbline_fhir::{Definitions, FhirVersion, Invariant, Severity, Strength, TypeTable};
use plumbline_fhirpath::{Alone, Element, Environment, Expression, TypeInfo as _};
use plumbline_tree::{Limits, Node, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// How many mutants are made of one invariant in one resource, how many elements are tried, how many changes.
const MOST: (usize, usize, usize) = (3, 4, 60);

/// Breaks each invariant of the base specification that holds.
pub fn invariant(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    let mut tried: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    let Some(tree) = parse(&of.body) else {
        return made;
    };
    for site in of.sites.iter().filter(|it| !it.is_primitive()) {
        for rule in rules(site, of.definitions) {
            let (elements, broken) = tried.entry(rule.key).or_default();
            if *elements >= MOST.1 || *broken >= MOST.0 {
                continue;
            }
            let found = breaks(of, &tree, site, rule.key, rule.expression);
            *elements += usize::from(found.is_some());
            let found = found.unwrap_or_default();
            *broken += found.len();
            made.extend(found);
        }
    }
    made
}

/// Breaks invariants that a profile adds to an element.
pub fn of_profile(of: &Instance, site: &Site, added: &[InvariantFacts]) -> Vec<Mutant> {
    let Some(tree) = parse(&of.body) else {
        return Vec::new();
    };
    let added = added
        .iter()
        .filter(|it| it.severity == Severity::Error && it.source.is_some());
    let found = added.filter_map(|it| breaks(of, &tree, site, &it.key, it.expression.as_deref()?));
    found.flatten().collect()
}

/// Ways to break one invariant at one element. `None` if it does not hold there to begin with.
fn breaks(
    of: &Instance,
    tree: &Tree,
    site: &Site,
    key: &str,
    expression: &str,
) -> Option<Vec<Mutant>> {
    let compiled = Expression::parse(expression).ok()?;
    if holds(&compiled, tree, site, of) != Some(true) {
        return None;
    }
    let mut made = Vec::new();
    for (what, edits) in changes(of, site, expression).into_iter().take(MOST.2) {
        let mut mutant = Mutant::of(site, &format!("{key}: {what}"), edits);
        let wrong = mutant.body(of).and_then(|body| parse(&body));
        let Some(wrong) = wrong else { continue };
        if holds(&compiled, &wrong, site, of) == Some(false) {
            mutant.key = Some(key.to_owned());
            made.push(mutant);
        }
        if made.len() >= MOST.0 {
            break;
        }
    }
    Some(made)
}

fn parse(body: &Body) -> Option<Tree> {
    Tree::parse(body.json().into_bytes(), &Limits::default()).ok()
}

/// The invariants of an element and of its type that are errors, each once.
fn rules(site: &Site, definitions: &'static Definitions) -> Vec<Invariant> {
    let of_type = definitions.type_named(site.of);
    let of_type = of_type
        .into_iter()
        .flat_map(plumbline_fhir::Type::invariants);
    let own = site
        .child
        .into_iter()
        .flat_map(|it| it.element().invariants());
    let mut seen = BTreeSet::new();
    let all = own.chain(of_type);
    // What an element is at all is the business of another kind of mutant.
    let all = all.filter(|it| it.severity == Severity::Error && it.key != "ele-1");
    all.filter(|it| seen.insert(it.key)).collect()
}

fn node<'t>(tree: &'t Tree, pointer: &[Key]) -> Option<Node<'t>> {
    pointer.iter().try_fold(tree.root(), |node, key| match key {
        Key::Name(name) => node.get(name),
        Key::Index(index) => node.items().nth(*index),
    })
}

fn holds(expression: &Expression, tree: &Tree, site: &Site, of: &Instance) -> Option<bool> {
    let types = TypeTable::of(of.version);
    let inline = site.child.and_then(|it| types.inline(it.element()));
    let id = inline.or_else(|| types.named(site.of));
    let focus = Element::new(None, Some(node(tree, &site.at)?), id);
    let own = Element::resource(node(tree, &site.resource)?, types);
    let outer = outer(&site.resource);
    let outer = Element::resource(node(tree, &outer)?, types);
    let resource = match of.version {
        FhirVersion::R4 => own,
        FhirVersion::Stu3 => outer,
    };
    let environment = Environment::new(types, &Alone, resource).within(outer);
    expression.holds(&environment, focus).ok()?
}

/// The resource that a contained one is in; of any other, itself.
fn outer(resource: &Pointer) -> Pointer {
    let is_contained = |key: &Key| matches!(key, Key::Name(name) if name == "contained");
    match resource.iter().rposition(is_contained) {
        Some(at) => resource.get(..at).unwrap_or_default().to_vec(),
        None => resource.clone(),
    }
}

/// The words of an expression.
fn words(expression: &str) -> BTreeSet<&str> {
    let split = expression.split(|letter: char| !letter.is_ascii_alphanumeric());
    split.filter(|word| !word.is_empty()).collect()
}

/// Changes of what an expression names, at an element and below it.
fn changes(of: &Instance, site: &Site, expression: &str) -> Vec<(String, Vec<Edit>)> {
    let words = words(expression);
    let depth = site.at.len();
    let near = of.sites.iter().filter(|it| {
        it.at.starts_with(&site.at)
            && it.at.len() <= depth + 6
            && it.resource.starts_with(&site.resource)
    });
    let near: Vec<&Site> = near.collect();
    let named = |name: &str| words.contains(name);
    let mut made = Vec::new();
    for inner in near.iter().filter(|it| it.at.len() > depth) {
        let stem = inner.child.map_or("", |it| it.element().stem());
        if !named(stem) && !named(&inner.name) {
            continue;
        }
        made.push((
            format!("without {}", inner.path),
            vec![Edit::Remove(inner.member())],
        ));
        for (number, other) in others(of, inner).into_iter().enumerate() {
            let what = format!("{} is another ({number})", inner.path);
            made.push((what, vec![Edit::Set(inner.at.clone(), other)]));
        }
    }
    for inner in near.iter().filter(|it| it.at.len() <= depth + 4) {
        made.extend(additions(of, inner, &words));
    }
    made
}

/// Other values of a primitive.
fn others(of: &Instance, site: &Site) -> Vec<Body> {
    match of.body.at(&site.at) {
        Some(Body::Raw(text)) if text == "true" => vec![Body::raw("false")],
        Some(Body::Raw(text)) if text == "false" => vec![Body::raw("true")],
        Some(Body::Raw(_)) => vec![Body::raw("0"), Body::raw("-1"), Body::raw("1000000")],
        Some(Body::Text(_)) => {
            let mut all = listed(site);
            if all.is_empty() {
                let texts = ["plumb bob", "#nowhere", "1900-01-01", "2900-01-01", "-"];
                all.extend(texts.map(Body::text));
            }
            all
        }
        Some(Body::Object(_) | Body::Array(_)) | None => Vec::new(),
    }
}

/// Codes of the set that binds an element.
fn listed(site: &Site) -> Vec<Body> {
    site.child
        .map_or(Vec::new(), |child| codes_of(child.element()))
}

fn codes_of(element: plumbline_fhir::Element<'static>) -> Vec<Body> {
    let bound = element
        .bindings()
        .find(|it| it.strength == Strength::Required);
    let systems = bound.into_iter().flat_map(|it| it.value_set.systems());
    let codes = systems.flat_map(|it| it.codes().iter());
    codes.take(12).map(|it| Body::text(it)).collect()
}

/// Elements that an expression names and that are not there.
fn additions(of: &Instance, site: &Site, words: &BTreeSet<&str>) -> Vec<(String, Vec<Edit>)> {
    let mut made = Vec::new();
    let Some(Body::Object(members)) = of.body.at(&site.at) else {
        return made;
    };
    for element in site.shape.children() {
        let is_there = |(name, _): &(String, Body)| {
            site.shape
                .child(name)
                .is_some_and(|it| it.element() == element)
        };
        if !words.contains(element.stem()) || members.iter().any(is_there) {
            continue;
        }
        let mut values: Vec<(String, Body)> = Vec::new();
        for used in element.types() {
            let of = used.of().name();
            let name = if element.is_choice() {
                format!("{}{}", element.stem(), capital(of))
            } else {
                element.stem().to_owned()
            };
            let coded = codes_of(element);
            if of == "code" && !coded.is_empty() {
                values.extend(coded.into_iter().take(4).map(|it| (name.clone(), it)));
            } else if let Some(value) = sample(of) {
                values.push((name.clone(), value));
            }
        }
        if let Some(shape) = element.inline_shape() {
            values.extend(smallest(shape).map(|it| (element.stem().to_owned(), it)));
        }
        for (name, value) in values.into_iter().take(6) {
            let value = if element.is_repeating() {
                Body::Array(vec![value])
            } else {
                value
            };
            let what = format!("with {}.{name}", site.path);
            made.push((what, vec![Edit::Add(site.at.clone(), name, value)]));
        }
    }
    made
}

/// An element that defines its own content, with what it must have and at least one member.
fn smallest(shape: plumbline_fhir::Shape<'static>) -> Option<Body> {
    let mut members: Vec<(String, Body)> = Vec::new();
    for element in shape.children() {
        let is_wanted = element.min() > 0;
        let Some(used) = element.types().next() else {
            continue;
        };
        let value = match used.of().name() {
            "code" => codes_of(element)
                .into_iter()
                .next()
                .or_else(|| sample("code")),
            of => sample(of),
        };
        let Some(value) = value else {
            if is_wanted {
                return None;
            }
            continue;
        };
        if is_wanted || members.is_empty() && element.stem() != "id" && !element.is_choice() {
            let value = if element.is_repeating() {
                Body::Array(vec![value])
            } else {
                value
            };
            let name = if element.is_choice() {
                format!("{}{}", element.stem(), capital(used.of().name()))
            } else {
                element.stem().to_owned()
            };
            members.push((name, value));
        }
    }
    (!members.is_empty()).then_some(Body::Object(members))
}
