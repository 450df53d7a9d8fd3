//! Takes the facts from a `CodeSystem` or a `ValueSet`. Not for profiles: reduce.rs.

use super::reduce::{ReduceError, extension, list, owned, required, text, texts};
use super::terms::{CodeSystemFacts, Part, Picked, PropertyFacts, PropertyFilter, ValueSetFacts};
use plumbline_tree::Node;
use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) fn system(root: Node<'_>) -> Result<CodeSystemFacts, ReduceError> {
    let mut gathering = Gathering::default();
    concepts(root, None, &mut gathering)?;
    let properties = gathering.properties();
    Ok(CodeSystemFacts {
        url: required(root, "url")?.to_owned(),
        version: owned(root, "version"),
        content: required(root, "content")?.to_owned(),
        is_case_sensitive: text(root, "caseSensitive").map(|it| it == "true"),
        is_withheld: false,
        codes: gathering.codes,
        groups: gathering.groups,
        below: gathering.below.all,
        properties,
    })
}

/// Codes by a key, in the order of coming.
#[derive(Debug, Default)]
struct Lists {
    all: Vec<(String, Vec<String>)>,
    /// Where the list of a key is.
    places: HashMap<String, usize>,
    /// What is in it already.
    known: HashSet<(usize, String)>,
}

impl Lists {
    fn put(&mut self, key: &str, code: &str) {
        let at = self.places.get(key).copied().unwrap_or_else(|| {
            self.all.push((key.to_owned(), Vec::new()));
            self.places.insert(key.to_owned(), self.all.len() - 1);
            self.all.len() - 1
        });
        if self.known.insert((at, code.to_owned()))
            && let Some((_, codes)) = self.all.get_mut(at)
        {
            codes.push(code.to_owned());
        }
    }
}

/// What was said of codes so far.
#[derive(Debug, Default)]
struct Gathering {
    codes: Vec<String>,
    groups: Vec<String>,
    below: Lists,
    properties: BTreeMap<String, Lists>,
}

impl Gathering {
    fn properties(&mut self) -> Vec<PropertyFacts> {
        let all = std::mem::take(&mut self.properties).into_iter();
        let all = all.map(|(name, values)| PropertyFacts {
            name,
            values: values.all,
        });
        all.collect()
    }

    fn property(&mut self, code: &str, property: Node<'_>) {
        let value = property
            .members()
            .find(|(name, _)| name.starts_with("value"));
        let value = value.and_then(|(_, it)| it.value_text().or_else(|| text(it, "code")));
        let (Some(name), Some(value)) = (text(property, "code"), value) else {
            return;
        };
        match name {
            "child" => self.below.put(code, value),
            "parent" | "subsumedBy" => self.below.put(value, code),
            "notSelectable" => {
                if value == "true" {
                    self.groups.push(code.to_owned());
                }
            }
            _ => {
                let values = self.properties.entry(name.to_owned()).or_default();
                values.put(value, code);
            }
        }
    }
}

/// The concepts in a node. The reader of the tree limits how deep they stand.
fn concepts(
    node: Node<'_>,
    above: Option<&str>,
    gathering: &mut Gathering,
) -> Result<(), ReduceError> {
    for concept in list(node, "concept") {
        let code = required(concept, "code")?;
        gathering.codes.push(code.to_owned());
        if let Some(above) = above {
            gathering.below.put(above, code);
        }
        for property in list(concept, "property") {
            gathering.property(code, property);
        }
        if let Some(child) = extension(concept, "/codesystem-subsumes") {
            gathering.below.put(code, child);
        }
        concepts(concept, Some(code), gathering)?;
    }
    Ok(())
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
    if let Some(expansion) = root.get("expansion")
        && set.include.is_empty()
        && is_whole(expansion)
    {
        set.expansion = listed(expansion)?;
    }
    Ok(set)
}

/// Whether an expansion has every code: not one page, not what fits a search, not what was cut. One that says how many
/// there are in all is no page if it has as many, which is seen when they are counted.
fn is_whole(expansion: Node<'_>) -> bool {
    let has_total = expansion.get("total").is_some();
    let is_limit = |it: Node<'_>| match text(it, "name") {
        Some("filter" | "activeOnly" | "limitedExpansion") => true,
        Some("count" | "offset") => !has_total,
        Some(_) | None => false,
    };
    let is_cut = ["/valueset-toocostly", "/valueset-unclosed"]
        .iter()
        .any(|url| extension(expansion, url) == Some("true"));
    let is_page = text(expansion, "offset").is_some_and(|it| it != "0");
    !is_cut && !is_page && !list(expansion, "parameter").any(is_limit)
}

/// The codes of an expansion, by code system and version. Those that only group others are left out.
fn listed(expansion: Node<'_>) -> Result<Vec<Part>, ReduceError> {
    let mut parts = Vec::new();
    let mut places = HashMap::new();
    let mut count = 0_usize;
    // The reader of the tree limits how deep they stand.
    let mut todo: Vec<Node<'_>> = list(expansion, "contains").collect();
    todo.reverse();
    while let Some(node) = todo.pop() {
        count += 1;
        let below: Vec<Node<'_>> = list(node, "contains").collect();
        todo.extend(below.into_iter().rev());
        let Some(code) = text(node, "code").filter(|_| text(node, "abstract") != Some("true"))
        else {
            continue;
        };
        let key = (required(node, "system")?, text(node, "version"));
        let at = *places.entry(key).or_insert_with(|| {
            parts.push((key, Vec::new()));
            parts.len() - 1
        });
        if let Some((_, codes)) = parts.get_mut(at) {
            codes.push(code.to_owned());
        }
    }
    let total = text(expansion, "total").and_then(|it| it.parse().ok());
    if total.is_some_and(|total: usize| total > count) {
        return Ok(Vec::new());
    }
    let parts = parts.into_iter().map(|((system, version), codes)| Part {
        system: Some(system.to_owned()),
        version: version.map(str::to_owned),
        picked: Picked::Codes(codes),
        value_sets: Vec::new(),
    });
    Ok(parts.collect())
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
