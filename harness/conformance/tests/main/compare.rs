//! Compares a snapshot of ours with an official one, constraint by constraint. Not which of them to compare.

use plumbline_conformance::{Library, Snapshot, snapshot};
use plumbline_fhir::Definitions;
use plumbline_fhir::profile_facts::{BindingStrength, ElementFacts, Facts, ProfileFacts, reduce};
use plumbline_tree::{Limits, Syntax, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A difference between ours and theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The last part of the address of the profile.
    pub profile: String,
    /// The id of the element, as ours has it.
    pub element: String,
    /// What differs: `min`, `types`, `missing`.
    pub what: &'static str,
    /// Whether the element has the content of another one.
    pub is_content: bool,
    /// What we have.
    pub ours: String,
    /// What they have.
    pub theirs: String,
}

/// The differential of a file, and its snapshot as the publisher gives it.
pub fn read(
    path: &Path,
    definitions: &'static Definitions,
) -> Option<(ProfileFacts, ProfileFacts)> {
    let body = std::fs::read(path).unwrap();
    let json = if path.extension().is_some_and(|it| it == "xml") {
        let tree = Tree::parse_as(Syntax::Xml, body, &Limits::default()).unwrap();
        plumbline_fhir::xml_to_json(&tree, definitions, plumbline_tree::Layout::Compact).unwrap()
    } else {
        String::from_utf8(body).unwrap()
    };
    let mut value: serde_json::Value = serde_json::from_str(&json).unwrap();
    // The packages of STU3 leave out what the value of a primitive is.
    if value["kind"] == "primitive-type" {
        return None;
    }
    if value["differential"]["element"].is_null() || value["snapshot"]["element"].is_null() {
        return None;
    }
    let differential = profile(&value, definitions);
    value.as_object_mut().unwrap().remove("differential");
    Some((differential, profile(&value, definitions)))
}

pub fn profile(value: &serde_json::Value, definitions: &'static Definitions) -> ProfileFacts {
    let tree = Tree::parse(value.to_string().into_bytes(), &Limits::default()).unwrap();
    let Ok(Facts::Profile(profile)) = reduce(&tree, definitions) else {
        panic!("{}", value["url"]);
    };
    profile
}

/// All differences.
pub fn compare(
    ours: &ProfileFacts,
    theirs: &ProfileFacts,
    library: &Library,
    definitions: &'static Definitions,
) -> Vec<Difference> {
    let name = ours.url.rsplit('/').next().unwrap().to_owned();
    let mut all = Vec::new();
    let mut add = |element: &str, what, is_content, ours: String, theirs: String| {
        if ours != theirs {
            all.push(Difference {
                profile: name.clone(),
                element: element.to_owned(),
                what,
                is_content,
                ours,
                theirs,
            });
        }
    };
    let snapshot = match whole(ours, theirs, library, definitions) {
        Ok(snapshot) => snapshot,
        Err(error) => {
            add("", "error", false, error, String::new());
            return all;
        }
    };
    let by_id: BTreeMap<&str, &ElementFacts> = snapshot
        .elements
        .iter()
        .map(|it| (it.id.as_str(), it))
        .collect();
    let mut seen = BTreeSet::new();
    let mut last = 0;
    for it in &theirs.elements {
        let id = plain_id(it, definitions);
        let own = by_id.get(id.as_str()).copied().or_else(|| {
            // STU3 has no slice for the only type of a choice.
            let (stem, _) = id.rsplit_once("[x]:")?;
            by_id.get(format!("{stem}[x]").as_str()).copied()
        });
        // STU3 writes the slices of ids in small letters.
        let own = own.or_else(|| {
            let mut all = snapshot.elements.iter();
            all.find(|it| it.id.eq_ignore_ascii_case(&id))
        });
        let Some(own) = own else {
            add(&id, "missing", false, String::new(), facts(it));
            continue;
        };
        seen.insert(own.id.clone());
        let at = snapshot.position(&own.id).unwrap();
        add(
            &id,
            "order",
            false,
            (at >= last).to_string(),
            true.to_string(),
        );
        last = at;
        let is_root = !own.id.contains('.');
        let is_content = own.content.is_some();
        for (what, ours, theirs) in parts(own, it, is_root, definitions) {
            // The only type of a choice in STU3 is no slice here.
            if what == "slice" && ours.is_empty() && own.id.ends_with("[x]") {
                continue;
            }
            if what == "slice" && ours.eq_ignore_ascii_case(&theirs) {
                continue;
            }
            add(&id, what, is_content, ours, theirs);
        }
    }
    for own in &snapshot.elements {
        if !seen.contains(&own.id) {
            add(&own.id, "extra", false, facts(own), String::new());
        }
    }
    all
}

/// Our snapshot, unfolded where theirs is.
fn whole(
    ours: &ProfileFacts,
    theirs: &ProfileFacts,
    library: &Library,
    definitions: &'static Definitions,
) -> Result<Snapshot, String> {
    let first = snapshot(ours, library, definitions).map_err(|it| it.to_string())?;
    let known: BTreeSet<&str> = first.elements.iter().map(|it| it.id.as_str()).collect();
    let mut more = ours.clone();
    for it in &theirs.elements {
        let id = plain_id(it, definitions);
        if it.path.contains('.') && !known.contains(id.as_str()) && it.slice.is_none() {
            more.elements.push(ElementFacts {
                path: plain_path(&id),
                id,
                ..ElementFacts::default()
            });
        }
    }
    snapshot(&more, library, definitions).map_err(|it| it.to_string())
}

fn plain_path(id: &str) -> String {
    let parts = id.split('.').map(|it| it.split(':').next().unwrap());
    parts.collect::<Vec<_>>().join(".")
}

/// The id with choices as we have them.
fn plain_id(element: &ElementFacts, definitions: &'static Definitions) -> String {
    let ids = element.id.split('.');
    let mut path = String::new();
    let steps = ids.zip(element.path.split('.')).map(|(id, name)| {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        let slice = id.split_once(':').map(|(_, slice)| slice);
        match (choice(&path, definitions), slice) {
            (Some(choice), _) => choice,
            (None, Some(slice)) => format!("{name}:{slice}"),
            (None, None) => name.to_owned(),
        }
    });
    steps.collect::<Vec<_>>().join(".")
}

/// `value[x]` for the last name of a path, if it is `valueQuantity`.
fn choice(path: &str, definitions: &'static Definitions) -> Option<String> {
    let element = definitions.element_at(path)?.element();
    let last = path.rsplit('.').next()?;
    (element.is_choice() && element.name() != last).then(|| element.name().to_owned())
}

fn facts(element: &ElementFacts) -> String {
    let types: Vec<&str> = element.types.iter().map(|it| it.code.as_str()).collect();
    format!("{:?} {:?} {types:?}", element.min, element.max)
}

type Part = (&'static str, String, String);

fn parts(
    ours: &ElementFacts,
    theirs: &ElementFacts,
    is_root: bool,
    definitions: &'static Definitions,
) -> Vec<Part> {
    let text = |it: &ElementFacts, what: &str| match what {
        "min" => format!("{:?}", it.min),
        "max" => format!("{:?}", it.max.map(|it| it.to_string())),
        "slice" => it.slice.clone().unwrap_or_default(),
        "must-support" => it.is_must_support.to_string(),
        "modifier" => it.is_modifier.to_string(),
        "content" => it.content.clone().unwrap_or_default(),
        "fixed" => format!("{:?}", it.fixed),
        "pattern" => format!("{:?}", it.pattern),
        "range" => format!("{:?} {:?}", it.least, it.greatest),
        "max-length" => format!("{:?}", it.max_length),
        "slicing" => slicing(it),
        "types" => types(it, definitions),
        "binding" => binding(it),
        "invariants" => invariants(it, ours, is_root, definitions),
        _ => unreachable!(),
    };
    let all = [
        "min",
        "max",
        "slice",
        "must-support",
        "modifier",
        "content",
        "fixed",
        "pattern",
        "range",
        "max-length",
        "slicing",
        "types",
        "binding",
        "invariants",
    ];
    all.map(|what| (what, text(ours, what), text(theirs, what)))
        .into()
}

/// Every extension is sliced by its address, whether a snapshot says so or not.
fn slicing(of: &ElementFacts) -> String {
    let text = format!("{:?}", of.slicing);
    let is_extension = of.path.ends_with("xtension");
    let by_url = r#"Some(Slicing { rules: Some(Open), is_ordered: false, discriminators: [Discriminator { kind: Value, path: "url" }] })"#;
    if is_extension && text == by_url {
        return "None".to_owned();
    }
    text
}

fn types(of: &ElementFacts, definitions: &'static Definitions) -> String {
    let mut all: Vec<String> = Vec::new();
    for it in &of.types {
        // R4 calls what is no type of FHIR by its system type: ids, and the address of an extension.
        let code = match it.code.strip_prefix("http://hl7.org/fhirpath/System.") {
            Some(_) => system_type(&of.path, definitions).to_owned(),
            None => it.code.clone(),
        };
        all.push(format!(
            "{code} {:?} {:?} {:?}",
            it.profiles, it.targets, it.aggregation
        ));
    }
    all.join("; ")
}

fn system_type(path: &str, definitions: &'static Definitions) -> &'static str {
    match path.rsplit_once('.') {
        Some((_, "url")) => "uri",
        Some((outer, "id")) if definitions.resource(outer).is_some() => "id",
        Some(_) | None => "string",
    }
}

fn binding(of: &ElementFacts) -> String {
    let Some(binding) = &of.binding else {
        return String::new();
    };
    let greatest = binding.greatest.as_deref().unwrap_or_default();
    let bare = |url: &str| url.split('|').next().unwrap_or_default().to_owned();
    match binding.strength {
        BindingStrength::Required | BindingStrength::Extensible => format!(
            "{:?} {} {}",
            binding.strength,
            bare(binding.value_set.as_deref().unwrap_or_default()),
            bare(greatest)
        ),
        BindingStrength::Preferred | BindingStrength::Example => bare(greatest),
    }
}

/// Without those that follow from the types.
fn invariants(
    of: &ElementFacts,
    ours: &ElementFacts,
    is_root: bool,
    definitions: &'static Definitions,
) -> String {
    let mut known: BTreeSet<&str> = BTreeSet::from(["ele-1"]);
    for it in ours.types.iter().chain(&of.types) {
        let profiles = it.profiles.iter().filter_map(|it| it.rsplit('/').next());
        for name in profiles.chain([it.code.as_str()]) {
            let of = definitions.type_named(name);
            known.extend(
                of.into_iter()
                    .flat_map(|it| it.invariants().map(|it| it.key)),
            );
        }
    }
    let all = of.invariants.iter();
    let all = all.filter(|it| is_root && it.key != "ele-1" || !known.contains(it.key.as_str()));
    let all = all.map(|it| {
        let expression = it.expression.as_deref().unwrap_or_default();
        format!("{} {:?} {expression}", it.key, it.severity)
    });
    all.collect::<BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
        .join("\n")
}
