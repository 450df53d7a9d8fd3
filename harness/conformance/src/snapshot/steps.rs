//! Where an element of a differential belongs: names and slices from the outermost element down.
//! Not for finding it in a tree.

use plumbline_fhir::profile_facts::ElementFacts;

/// One part of the way to an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// As the path has it: `value[x]`, `valueQuantity`.
    pub(super) name: String,
    /// The slice.
    pub(super) slice: Option<String>,
}

/// The way to each element of a differential, in order.
///
/// An id says it, if it agrees with the path; that of a choice may have `value[x]` where the path has `valueQuantity`.
/// Else the slices are those that the elements before stand in: of each outer path the last one that came.
pub(super) fn all(elements: &[ElementFacts]) -> Vec<Vec<Step>> {
    let mut all: Vec<Vec<Step>> = Vec::with_capacity(elements.len());
    // The last way to each path. A differential has few levels, so the list is short.
    let mut last: Vec<(&str, usize)> = Vec::new();
    for (at, element) in elements.iter().enumerate() {
        let mut way = of_id(element).unwrap_or_else(|| of_order(element, &all, &last));
        if let (Some(step), Some(slice)) = (way.last_mut(), &element.slice) {
            step.slice.get_or_insert_with(|| slice.clone());
        }
        let depth = way.len();
        last.retain(|(_, index)| all.get(*index).is_some_and(|it| it.len() < depth));
        last.push((&element.path, at));
        all.push(way);
    }
    all
}

/// What the id says, if it is about the path.
fn of_id(element: &ElementFacts) -> Option<Vec<Step>> {
    let ids: Vec<&str> = element.id.split('.').collect();
    let names: Vec<&str> = element.path.split('.').collect();
    if ids.len() != names.len() {
        return None;
    }
    let steps = ids.iter().zip(&names).map(|(id, name)| {
        let (stem, slice) = match id.split_once(':') {
            Some((stem, slice)) => (stem, Some(slice.to_owned())),
            None => (*id, None),
        };
        let is_choice = |stem: &str| name.starts_with(stem.strip_suffix("[x]").unwrap_or("\0"));
        (stem == *name || is_choice(stem)).then(|| Step {
            name: (*name).to_owned(),
            slice,
        })
    });
    steps.collect()
}

/// What the elements before say.
fn of_order(element: &ElementFacts, all: &[Vec<Step>], last: &[(&str, usize)]) -> Vec<Step> {
    let outer = last.iter().rev().find(|(path, _)| {
        let rest = element.path.strip_prefix(path);
        rest.is_some_and(|rest| rest.starts_with('.'))
    });
    let mut way = outer
        .and_then(|(_, index)| all.get(*index).cloned())
        .unwrap_or_default();
    let known = way.len();
    let rest = element.path.split('.').skip(known);
    way.extend(rest.map(|name| Step {
        name: name.to_owned(),
        slice: None,
    }));
    way
}
