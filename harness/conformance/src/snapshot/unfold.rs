//! Gives an element the children of its type, or of the profile that its type names. Not their constraints.

use super::apply::{Applying, Stop};
use super::arena::{Arena, Full, Id, Slices};
use super::base;
use super::problem::Cause;
use super::work::{Whole, graft};
use plumbline_fhir::Type;
use plumbline_fhir::profile_facts::{ElementFacts, TypeFacts};

/// Sees to it that the children of an element are there. `element` is what they are needed for.
pub(super) fn unfold(
    applying: &mut Applying<'_, '_>,
    id: Id,
    element: &ElementFacts,
) -> Result<(), Stop> {
    if applying.arena().get(id).is_unfolded {
        return Ok(());
    }
    applying.keep(id);
    applying.unfolded.insert(id);
    let node = applying.arena().get_mut(id);
    node.is_unfolded = true;
    if let Some(path) = node.facts.content.clone() {
        return content(applying, id, &path, element);
    }
    let types = node.facts.types.clone();
    let [only] = types.as_slice() else {
        let of = common(applying, &types);
        return Ok(children(applying.arena(), id, of)?);
    };
    if let [profile] = only.profiles.as_slice() {
        if let Some(of) = applying.work.type_at(profile) {
            return Ok(children(applying.arena(), id, Some(of))?);
        }
        match applying.work.profile_of_type(profile) {
            Ok(whole) if !is_of(applying, &whole, &only.code) => {
                let (url, code) = (profile.clone(), only.code.clone());
                let of = whole.arena.get(Arena::ROOT).name.clone();
                applying.list(element, Cause::OtherProfile { url, code, of });
            }
            Ok(whole) => {
                graft(applying.arena(), id, &whole.arena)?;
                let root = whole.arena.get(Arena::ROOT);
                let node = applying.arena().get_mut(id);
                node.facts.is_modifier |= root.facts.is_modifier;
                for invariant in &root.facts.invariants {
                    if invariant.source.is_some() && !node.facts.invariants.contains(invariant) {
                        node.facts.invariants.push(invariant.clone());
                    }
                }
                return Ok(());
            }
            Err(cause) => applying.list(element, cause),
        }
    }
    let of = applying.work.definitions.type_named(&only.code);
    if of.is_none() && !only.code.starts_with("http://hl7.org/fhirpath/") {
        let code = only.code.clone();
        applying.list(element, Cause::UnknownType { code });
    }
    Ok(children(applying.arena(), id, of)?)
}

/// Whether a profile is of a type, or of one that derives from it.
fn is_of(applying: &Applying<'_, '_>, whole: &Whole, code: &str) -> bool {
    let of = &whole.arena.get(Arena::ROOT).name;
    let known = applying.work.definitions.type_named(of);
    of == code || known.is_some_and(|it| it.is_a(code))
}

fn children(arena: &mut Arena, id: Id, of: Option<Type<'static>>) -> Result<(), Full> {
    let Some(of) = of else {
        return Ok(());
    };
    base::children(arena, id, of.shape())?;
    if of.is_primitive() {
        base::value(arena, id)?;
    }
    Ok(())
}

/// What several types have in common.
fn common(applying: &Applying<'_, '_>, types: &[TypeFacts]) -> Option<Type<'static>> {
    let named = |it: &TypeFacts| applying.work.definitions.type_named(&it.code);
    let first = named(types.first()?)?;
    let mut ancestry = first.ancestry();
    ancestry.find(|above| {
        let mut all = types.iter();
        all.all(|it| named(it).is_some_and(|it| it.is_a(above.name())))
    })
}

/// The children of another element: those of the base specification, since what a profile says of that element does not
/// hold here too.
fn content(
    applying: &mut Applying<'_, '_>,
    id: Id,
    reference: &str,
    element: &ElementFacts,
) -> Result<(), Stop> {
    let path = reference
        .rsplit_once('#')
        .map_or(reference, |(_, path)| path);
    let found = applying.work.definitions.element_at(path);
    let shape = found.and_then(|it| it.element().inline_shape());
    let (Some(found), Some(shape)) = (found, shape) else {
        return own_content(applying, id, path, element);
    };
    base::children(applying.arena(), id, shape)?;
    let node = applying.arena().get_mut(id);
    node.facts.types = found.element().types().map(base::type_facts).collect();
    node.facts.content = None;
    Ok(())
}

/// The children of an element that the profile itself defines.
fn own_content(
    applying: &mut Applying<'_, '_>,
    id: Id,
    path: &str,
    element: &ElementFacts,
) -> Result<(), Stop> {
    let arena = applying.arena();
    let mut at = Some(Arena::ROOT);
    for name in path.split('.').skip(1) {
        at = at.and_then(|at| arena.child(at, name));
    }
    let Some(target) = at.filter(|it| *it != id) else {
        let path = path.to_owned();
        applying.list(element, Cause::UnknownContent { path });
        return Ok(());
    };
    let arena = applying.arena();
    let children = arena.get(target).children.clone();
    // What refers to itself begins again below.
    arena.get_mut(id).is_unfolded = false;
    let mut copies = Vec::new();
    for child in children {
        copies.push(arena.copy(child, Slices::Too)?);
    }
    let types = arena.get(target).facts.types.clone();
    let node = arena.get_mut(id);
    node.children = copies;
    node.is_unfolded = true;
    node.facts.types = types;
    node.facts.content = None;
    Ok(())
}
