//! Takes the facts from a `CodeSystem` or a `ValueSet`. Not for profiles: reduce.rs.

use super::reduce::{ReduceError, extension, list, owned, required, text, texts};
use super::terms::{CodeSystemFacts, Part, Picked, PropertyFilter, ValueSetFacts};
use plumbline_tree::Node;

pub(super) fn system(root: Node<'_>) -> Result<CodeSystemFacts, ReduceError> {
    let mut system = CodeSystemFacts {
        url: required(root, "url")?.to_owned(),
        version: owned(root, "version"),
        content: required(root, "content")?.to_owned(),
        is_case_sensitive: text(root, "caseSensitive").map(|it| it == "true"),
        ..CodeSystemFacts::default()
    };
    concepts(root, None, &mut system)?;
    Ok(system)
}

/// The concepts in a node. The reader of the tree limits how deep they stand.
fn concepts(
    node: Node<'_>,
    above: Option<&str>,
    system: &mut CodeSystemFacts,
) -> Result<(), ReduceError> {
    for concept in list(node, "concept") {
        let code = required(concept, "code")?;
        system.codes.push(code.to_owned());
        if let Some(above) = above {
            put_below(system, above, code);
        }
        for property in list(concept, "property") {
            let value = text(property, "valueCode");
            match (text(property, "code"), value) {
                (Some("child"), Some(child)) => put_below(system, code, child),
                (Some("parent" | "subsumedBy"), Some(parent)) => put_below(system, parent, code),
                (Some("notSelectable"), _) if text(property, "valueBoolean") == Some("true") => {
                    system.groups.push(code.to_owned());
                }
                _ => {}
            }
        }
        if let Some(child) = extension(concept, "/codesystem-subsumes") {
            put_below(system, code, child);
        }
        concepts(concept, Some(code), system)?;
    }
    Ok(())
}

fn put_below(system: &mut CodeSystemFacts, parent: &str, child: &str) {
    let at = system.below.iter().position(|(code, _)| code == parent);
    let at = at.unwrap_or_else(|| {
        system.below.push((parent.to_owned(), Vec::new()));
        system.below.len() - 1
    });
    let children = &mut system.below[at].1;
    if !children.iter().any(|it| it == child) {
        children.push(child.to_owned());
    }
}

pub(super) fn set(root: Node<'_>) -> Result<ValueSetFacts, ReduceError> {
    let mut set = ValueSetFacts {
        url: required(root, "url")?.to_owned(),
        version: owned(root, "version"),
        ..ValueSetFacts::default()
    };
    if let Some(compose) = root.get("compose") {
        for (name, parts) in [("include", &mut set.include), ("exclude", &mut set.exclude)] {
            for node in list(compose, name) {
                parts.push(part(node)?);
            }
        }
    }
    Ok(set)
}

fn part(node: Node<'_>) -> Result<Part, ReduceError> {
    let mut codes = Vec::new();
    for concept in list(node, "concept") {
        codes.push(required(concept, "code")?.to_owned());
    }
    let mut filters = Vec::new();
    for filter in list(node, "filter") {
        filters.push(PropertyFilter {
            property: required(filter, "property")?.to_owned(),
            operator: required(filter, "op")?.to_owned(),
            value: required(filter, "value")?.to_owned(),
        });
    }
    let picked = match (codes.is_empty(), filters.is_empty()) {
        (false, false) => {
            return Err(ReduceError::at(node, "it picks both codes and by a filter"));
        }
        (false, true) => Picked::Codes(codes),
        (true, false) => Picked::Filters(filters),
        (true, true) => Picked::All,
    };
    Ok(Part {
        system: owned(node, "system"),
        version: owned(node, "version"),
        picked,
        value_sets: texts(node, "valueSet"),
    })
}
