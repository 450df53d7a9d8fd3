//! Expands value sets from the code systems of a package: concept lists, whole code systems, nested value sets,
//! exclusions, and filters on the hierarchy of a code system. What it cannot expand it says, with the reason.

use super::types::without_version;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A `ValueSet` resource.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ValueSet {
    /// The canonical address.
    pub(super) url: String,
    /// Its version.
    pub(super) version: Option<String>,
    /// How it is made.
    compose: Option<Compose>,
    /// Its codes, where HL7 expanded it.
    expansion: Option<Expansion>,
}

#[derive(Debug, Clone, Deserialize)]
struct Compose {
    #[serde(default)]
    include: Vec<Part>,
    #[serde(default)]
    exclude: Vec<Part>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    system: Option<String>,
    #[serde(default)]
    concept: Vec<Listed>,
    #[serde(default)]
    filter: Vec<Filter>,
    #[serde(default)]
    value_set: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Listed {
    code: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Filter {
    property: String,
    op: String,
    value: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Expansion {
    #[serde(default)]
    contains: Vec<Contained>,
    #[serde(default)]
    extension: Vec<Marked>,
}

#[derive(Debug, Clone, Deserialize)]
struct Marked {
    url: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Contained {
    system: Option<String>,
    code: Option<String>,
    #[serde(default, rename = "abstract")]
    is_abstract: bool,
    #[serde(default)]
    contains: Vec<Contained>,
}

/// A `CodeSystem` resource.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeSystem {
    /// The canonical address.
    pub(super) url: String,
    /// Its version.
    pub(super) version: Option<String>,
    /// Whether `a` and `A` are two codes; unknown where absent.
    pub(super) case_sensitive: Option<bool>,
    content: String,
    #[serde(default)]
    concept: Vec<Concept>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Concept {
    code: String,
    #[serde(default)]
    #[serde(rename = "concept")]
    below: Vec<Concept>,
    #[serde(default)]
    property: Vec<Property>,
    #[serde(default)]
    extension: Vec<Subsumed>,
    #[serde(default)]
    modifier_extension: Vec<Subsumed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Property {
    code: String,
    value_code: Option<String>,
    value_boolean: Option<bool>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subsumed {
    url: String,
    value_code: Option<String>,
}

/// Codes by the address of their code system.
pub(super) type Codes = BTreeMap<String, BTreeSet<String>>;

/// The value sets and code systems of one package.
#[derive(Debug)]
pub(super) struct Terminology {
    sets: BTreeMap<String, ValueSet>,
    systems: BTreeMap<String, CodeSystem>,
}

impl Terminology {
    /// Everything that can be looked up.
    pub(super) fn new(sets: Vec<ValueSet>, systems: Vec<CodeSystem>) -> Self {
        let sets = sets.into_iter().map(|it| (it.url.clone(), it)).collect();
        let systems = systems.into_iter().map(|it| (it.url.clone(), it)).collect();
        Self { sets, systems }
    }

    /// A value set by its address, without version.
    pub(super) fn set(&self, url: &str) -> Option<&ValueSet> {
        self.sets.get(url)
    }

    /// A code system by its address.
    pub(super) fn system(&self, url: &str) -> Option<&CodeSystem> {
        self.systems.get(url)
    }

    /// The code systems that a value set names itself.
    pub(super) fn systems_of(&self, url: &str) -> BTreeSet<&str> {
        let compose = self.set(url).and_then(|set| set.compose.as_ref());
        compose
            .into_iter()
            .flat_map(|it| &it.include)
            .filter_map(|part| part.system.as_deref())
            .collect()
    }

    /// All codes of a value set, or why they cannot be listed.
    pub(super) fn expand(&self, url: &str) -> Result<Codes, String> {
        self.expand_inside(url, &mut Vec::new())
    }

    fn expand_inside(&self, url: &str, above: &mut Vec<String>) -> Result<Codes, String> {
        let url = without_version(url);
        if above.iter().any(|it| it == url) {
            return Err(format!("{url} includes itself"));
        }
        let Some(set) = self.sets.get(url) else {
            return Err("the value set is not in the package".to_owned());
        };
        let Some(compose) = &set.compose else {
            return Err("it does not say what it includes".to_owned());
        };
        above.push(url.to_owned());
        let mut codes = Codes::new();
        for part in &compose.include {
            for (system, found) in self.part(part, above)? {
                codes.entry(system).or_default().extend(found);
            }
        }
        for part in &compose.exclude {
            for (system, found) in self.part(part, above)? {
                if let Some(left) = codes.get_mut(&system) {
                    left.retain(|code| !found.contains(code));
                }
            }
        }
        codes.retain(|_, codes| !codes.is_empty());
        above.pop();
        if codes.is_empty() {
            return Err("it holds no code".to_owned());
        }
        Ok(codes)
    }

    /// What one include or exclude holds: what all its conditions have in common.
    fn part(&self, part: &Part, above: &mut Vec<String>) -> Result<Codes, String> {
        let mut all: Option<Codes> = match &part.system {
            Some(system) => {
                let codes = self.of_system(system, part)?;
                Some(Codes::from([(system.clone(), codes)]))
            }
            None => None,
        };
        for url in &part.value_set {
            let codes = self
                .expand_inside(url, above)
                .map_err(|reason| format!("it includes {url}: {reason}"))?;
            all = Some(match all {
                None => codes,
                Some(before) => common(&before, &codes),
            });
        }
        all.ok_or_else(|| "a part names neither code system nor value set".to_owned())
    }

    fn of_system(&self, url: &str, part: &Part) -> Result<BTreeSet<String>, String> {
        if !part.concept.is_empty() {
            return Ok(part.concept.iter().map(|it| it.code.clone()).collect());
        }
        let Some(system) = self.systems.get(url) else {
            return Err(format!("the code system {url} is not in the package"));
        };
        if system.content != "complete" {
            return Err(format!(
                "the code system {url} is {} in the package",
                system.content
            ));
        }
        let hierarchy = Hierarchy::new(system);
        let mut codes: BTreeSet<String> = hierarchy
            .all
            .difference(&hierarchy.groups)
            .cloned()
            .collect();
        for filter in &part.filter {
            let kept = hierarchy.filtered(filter).ok_or_else(|| {
                format!(
                    "the filter {} {} {} on {url} is not expanded",
                    filter.property, filter.op, filter.value
                )
            })?;
            codes.retain(|code| kept.contains(code));
        }
        Ok(codes)
    }
}

fn common(left: &Codes, right: &Codes) -> Codes {
    let mut both = Codes::new();
    for (system, codes) in left {
        if let Some(other) = right.get(system) {
            both.insert(system.clone(), codes.intersection(other).cloned().collect());
        }
    }
    both
}

/// The concepts of a code system, and which is below which.
struct Hierarchy {
    all: BTreeSet<String>,
    /// Those that only group others: no record may hold them, unless a value set lists them one by one.
    groups: BTreeSet<String>,
    children: BTreeMap<String, BTreeSet<String>>,
}

impl Hierarchy {
    fn new(system: &CodeSystem) -> Self {
        let mut hierarchy = Self {
            all: BTreeSet::new(),
            groups: BTreeSet::new(),
            children: BTreeMap::new(),
        };
        for concept in &system.concept {
            hierarchy.add(concept);
        }
        hierarchy
    }

    fn add(&mut self, concept: &Concept) {
        self.all.insert(concept.code.clone());
        for child in &concept.below {
            self.below(&concept.code, &child.code);
            self.add(child);
        }
        for property in &concept.property {
            if property.code == "notSelectable" && property.value_boolean == Some(true) {
                self.groups.insert(concept.code.clone());
            }
            match (property.code.as_str(), &property.value_code) {
                ("child", Some(child)) => self.below(&concept.code, child),
                ("parent" | "subsumedBy", Some(parent)) => self.below(parent, &concept.code),
                _ => {}
            }
        }
        for extension in concept.extension.iter().chain(&concept.modifier_extension) {
            if let Some(child) = &extension.value_code
                && extension.url.ends_with("/codesystem-subsumes")
            {
                self.below(&concept.code, child);
            }
        }
    }

    fn below(&mut self, parent: &str, child: &str) {
        let children = self.children.entry(parent.to_owned()).or_default();
        children.insert(child.to_owned());
    }

    /// The codes that a filter keeps, or `None` for a filter that is not about the hierarchy.
    fn filtered(&self, filter: &Filter) -> Option<BTreeSet<String>> {
        if filter.property != "concept" || !self.all.contains(&filter.value) {
            return None;
        }
        let mut below = self.descendants(&filter.value);
        match filter.op.as_str() {
            "is-a" => {
                below.insert(filter.value.clone());
                Some(below)
            }
            "descendent-of" => Some(below),
            "is-not-a" => {
                below.insert(filter.value.clone());
                Some(self.all.difference(&below).cloned().collect())
            }
            _ => None,
        }
    }

    fn descendants(&self, code: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut todo = vec![code];
        while let Some(code) = todo.pop() {
            for child in self.children.get(code).into_iter().flatten() {
                if found.insert(child.clone()) {
                    todo.push(child);
                }
            }
        }
        found
    }
}

impl ValueSet {
    /// The codes as HL7 expanded them; `None` where there are none or the list was cut.
    pub(super) fn expanded(&self) -> Option<Codes> {
        let expansion = self.expansion.as_ref()?;
        if self.is_cut() {
            return None;
        }
        let mut codes = Codes::new();
        collect(&expansion.contains, &mut codes);
        (!codes.is_empty()).then_some(codes)
    }

    /// Whether HL7 marked the expansion as cut.
    pub(super) fn is_cut(&self) -> bool {
        let marks = self.expansion.iter().flat_map(|it| &it.extension);
        marks.into_iter().any(|it| {
            it.url.ends_with("/valueset-toocostly") || it.url.ends_with("/valueset-unclosed")
        })
    }
}

fn collect(contained: &[Contained], codes: &mut Codes) {
    for entry in contained {
        if let (Some(system), Some(code), false) = (&entry.system, &entry.code, entry.is_abstract) {
            codes
                .entry(system.clone())
                .or_default()
                .insert(code.clone());
        }
        collect(&entry.contains, codes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn terminology() -> Terminology {
        let animals = json!({
            "url": "animals", "content": "complete",
            "concept": [
                { "code": "mammal", "concept": [{ "code": "dog" }, { "code": "cat" }] },
                { "code": "pet", "property": [{ "code": "child", "valueCode": "cat" }] },
                { "code": "wolf", "property": [{ "code": "subsumedBy", "valueCode": "dog" }] },
                { "code": "group", "property": [{ "code": "notSelectable", "valueBoolean": true }] }
            ]
        });
        let part = json!({ "url": "part", "content": "fragment", "concept": [{ "code": "a" }] });
        let set = |url: &str, include: serde_json::Value, exclude: serde_json::Value| json!({ "url": url, "compose": { "include": include, "exclude": exclude } });
        let is_a = |code: &str, op: &str| json!([{ "system": "animals", "filter": [{ "property": "concept", "op": op, "value": code }] }]);
        let sets = [
            set(
                "listed",
                json!([{ "system": "elsewhere", "concept": [{ "code": "x" }] }]),
                json!([]),
            ),
            set(
                "group",
                json!([{ "system": "animals", "concept": [{ "code": "group" }] }]),
                json!([]),
            ),
            set("whole", json!([{ "system": "animals" }]), json!([])),
            set("fragment", json!([{ "system": "part" }]), json!([])),
            set("external", json!([{ "system": "elsewhere" }]), json!([])),
            set("mammals", is_a("mammal", "is-a"), json!([])),
            set("below", is_a("mammal", "descendent-of"), json!([])),
            set("others", is_a("mammal", "is-not-a"), json!([])),
            set("odd", is_a("mammal", "regex"), json!([])),
            set(
                "nested",
                json!([{ "valueSet": ["mammals"] }, { "valueSet": ["listed|1"] }]),
                json!([]),
            ),
            set(
                "pets",
                json!([{ "system": "animals", "valueSet": ["mammals", "below"] }]),
                json!([]),
            ),
            set(
                "without",
                json!([{ "system": "animals" }]),
                json!([{ "valueSet": ["below"] }]),
            ),
            set("circle", json!([{ "valueSet": ["circle"] }]), json!([])),
        ];
        let read = |it: &serde_json::Value| serde_json::from_value(it.clone()).unwrap();
        Terminology::new(
            sets.iter().map(read).collect(),
            [animals, part]
                .iter()
                .map(|it| serde_json::from_value(it.clone()).unwrap())
                .collect(),
        )
    }

    fn codes(url: &str) -> Vec<String> {
        let all = terminology().expand(url).unwrap();
        all.into_values().flatten().collect()
    }

    fn reason(url: &str) -> String {
        terminology().expand(url).unwrap_err()
    }

    #[test]
    fn expands_lists_and_whole_code_systems() {
        assert_eq!(codes("listed"), ["x"]);
        assert_eq!(codes("group"), ["group"]);
        assert_eq!(codes("whole"), ["cat", "dog", "mammal", "pet", "wolf"]);
    }

    #[test]
    fn follows_every_kind_of_parent() {
        assert_eq!(codes("mammals"), ["cat", "dog", "mammal", "wolf"]);
        assert_eq!(codes("below"), ["cat", "dog", "wolf"]);
        assert_eq!(codes("others"), ["pet"]);
    }

    #[test]
    fn a_part_is_what_its_conditions_have_in_common() {
        assert_eq!(codes("pets"), ["cat", "dog", "wolf"]);
        assert_eq!(codes("without"), ["mammal", "pet"]);
        assert_eq!(codes("nested|4.0.1"), ["cat", "dog", "mammal", "wolf", "x"]);
    }

    #[test]
    fn says_why_it_cannot_expand() {
        assert!(reason("external").contains("elsewhere is not in the package"));
        assert!(reason("fragment").contains("fragment"));
        assert!(reason("odd").contains("regex"));
        assert!(reason("circle").contains("includes itself"));
        assert!(reason("nowhere").contains("not in the package"));
    }

    #[test]
    fn a_cut_expansion_is_none() {
        let mark = "http://hl7.org/fhir/StructureDefinition/valueset-toocostly";
        let expansion = |extension: serde_json::Value| {
            let contains = json!([{ "system": "s", "code": "a" }, { "system": "s", "code": "b", "abstract": true }]);
            let set = json!({ "url": "u", "expansion": { "contains": contains, "extension": extension } });
            serde_json::from_value::<ValueSet>(set).unwrap().expanded()
        };
        assert_eq!(
            expansion(json!([])).unwrap()["s"],
            BTreeSet::from(["a".to_owned()])
        );
        assert!(expansion(json!([{ "url": mark }])).is_none());
    }
}
