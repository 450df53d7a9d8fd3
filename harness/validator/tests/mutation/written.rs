//! Mutants of how a resource is written: what JSON writes beside primitives, and what only XML can do wrong. Not for
//! what it says.
//!
//! What JSON has no way to say stands in the body under names that the writer of XML knows: `@name` for an attribute,
//! `#text` for text between elements, `#order` for elements in another order.

use super::body::{Body, Edit, below};
use super::mutant::{Instance, Mutant};
use super::sites::Site;

/// Writes beside a value, under its name with `_`, what may not stand there.
pub fn beside(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in super::structure::first_items(of) {
        let name = format!("_{}", site.name);
        let is_free = of.body.at(&below(&site.around, &name)).is_none();
        if !is_free || site.of == "xhtml" {
            continue;
        }
        let unknown = || Body::object([("plumbBob", Body::text("words"))]);
        let id = || Body::object([("id", Body::text("one"))]);
        let others = match (site.is_primitive(), site.is_item()) {
            (true, false) => vec![
                Body::text("words"),
                Body::object([]),
                Body::Array(vec![id()]),
                unknown(),
            ],
            (true, true) => vec![Body::text("words"), id(), Body::Array(vec![unknown()])],
            (false, _) => vec![id()],
        };
        for (number, other) in others.into_iter().enumerate() {
            let edits = vec![Edit::Add(site.around.clone(), name.clone(), other)];
            let mutant = Mutant::of(site, &format!("with {name} ({number})"), edits);
            made.push(mutant.or_at(format!("{}.{name}", site.parent)));
        }
    }
    made
}

/// The elements of a resource that have others in them.
fn objects(of: &Instance) -> impl Iterator<Item = &Site> {
    let is_object = |it: &&Site| matches!(of.body.at(&it.at), Some(Body::Object(_)));
    of.sites.iter().filter(is_object)
}

fn in_xml(site: &Site, what: &str, name: &str, text: &str) -> Mutant {
    let edits = vec![Edit::Add(
        site.at.clone(),
        name.to_owned(),
        Body::text(text),
    )];
    let mut mutant = Mutant::of(site, what, edits);
    mutant.is_only_xml = true;
    mutant
}

/// Gives an element an attribute that it does not have.
pub fn attribute(of: &Instance) -> Vec<Mutant> {
    let all = objects(of).flat_map(|site| {
        let no_value = in_xml(site, "has a value", "@value", "words");
        [in_xml(site, "has an attribute", "@plumb", "bob"), no_value]
    });
    all.collect()
}

/// Writes text between elements.
pub fn text(of: &Instance) -> Vec<Mutant> {
    let all = objects(of).map(|site| in_xml(site, "has text", "#text", "words"));
    all.collect()
}

/// Takes an element from the namespace of FHIR.
pub fn space(of: &Instance) -> Vec<Mutant> {
    let inner = objects(of).filter(|it| it.child.is_some() && !it.is_resource());
    let all = inner.map(|site| {
        let other = "https://example.org/other";
        in_xml(site, "is of another namespace", "@xmlns", other)
    });
    all.collect()
}

/// Writes elements in another order than the definition has.
pub fn order(of: &Instance) -> Vec<Mutant> {
    let has_two = |it: &&Site| {
        let members = of.body.at(&it.at).map_or(&[][..], Body::members);
        let is_element = |name: &str| !matches!(name, "resourceType" | "id" | "url");
        let names = members.iter().map(|(name, _)| name.trim_start_matches('_'));
        let mut names: Vec<&str> = names.filter(|it| is_element(it)).collect();
        names.sort_unstable();
        names.dedup();
        names.len() > 1
    };
    let all = objects(of).filter(has_two);
    all.map(|site| in_xml(site, "has another order", "#order", ""))
        .collect()
}
