//! `StructureDefinition` as R4 and STU3 write it, as far as facts are taken from it.
//! Not for deciding which facts.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A `StructureDefinition`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Structure {
    /// The canonical address.
    pub(super) url: String,
    /// `resource`, `complex-type`, `primitive-type` or `logical`.
    pub(super) kind: String,
    /// Whether no instance has this type.
    #[serde(default, rename = "abstract")]
    pub(super) is_abstract: bool,
    /// What it derives from.
    pub(super) base_definition: Option<String>,
    /// `specialization` or `constraint`; absent at the top.
    pub(super) derivation: Option<String>,
    /// All its elements.
    pub(super) snapshot: Option<Snapshot>,
}

/// The elements of a `StructureDefinition`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Snapshot {
    /// In order, the root first.
    pub(super) element: Vec<Element>,
}

/// An `ElementDefinition`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Element {
    /// Such as `Patient.contact.name`.
    pub(super) path: String,
    /// Least number.
    #[serde(default)]
    pub(super) min: u32,
    /// Greatest number, or `*`.
    pub(super) max: String,
    /// The types it may have.
    #[serde(default, rename = "type")]
    pub(super) types: Vec<TypeEntry>,
    /// `#` and the path of the element whose children this one has.
    pub(super) content_reference: Option<String>,
    /// Whether it can change the meaning of what is around it.
    #[serde(default)]
    pub(super) is_modifier: bool,
    /// `xmlAttr` and others.
    #[serde(default)]
    pub(super) representation: Vec<String>,
    /// Invariants.
    #[serde(default)]
    pub(super) constraint: Vec<Constraint>,
    /// The value set.
    pub(super) binding: Option<Binding>,
}

/// One type of an element.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TypeEntry {
    /// Name of the type; absent for the value of a primitive of STU3.
    pub(super) code: Option<String>,
    /// Profiles of the type.
    #[serde(default)]
    profile: OneOrMany,
    /// What a reference may point to.
    #[serde(default)]
    target_profile: OneOrMany,
    /// Holds the FHIR type and the pattern of primitives.
    #[serde(default)]
    pub(super) extension: Vec<Extension>,
}

/// STU3 has one where R4 has a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    /// STU3.
    One(String),
    /// R4.
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// An invariant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Constraint {
    /// Such as `dom-2`.
    pub(super) key: String,
    /// `error` or `warning`.
    pub(super) severity: String,
    /// In `FHIRPath`.
    #[serde(default)]
    pub(super) expression: String,
    /// Marks best practice.
    #[serde(default)]
    pub(super) extension: Vec<Extension>,
}

/// A binding to a value set.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Binding {
    /// `required`, `extensible`, `preferred` or `example`.
    pub(super) strength: String,
    /// R4.
    value_set: Option<String>,
    /// STU3.
    value_set_uri: Option<String>,
    /// STU3.
    value_set_reference: Option<Reference>,
    /// Holds the greatest value set.
    #[serde(default)]
    extension: Vec<Extension>,
}

#[derive(Debug, Clone, Deserialize)]
struct Reference {
    reference: String,
}

/// An extension with one simple value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Extension {
    /// What it means.
    url: String,
    /// The rest of it.
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

impl Extension {
    /// The value as text, if this is the extension whose address ends so.
    fn text(&self, url_end: &str) -> Option<String> {
        if !self.url.ends_with(url_end) {
            return None;
        }
        let value = self.rest.values().next()?;
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Bool(yes) => Some(yes.to_string()),
            value => Some(value.get("reference")?.as_str()?.to_owned()),
        }
    }
}

fn text_of(extensions: &[Extension], url_end: &str) -> Option<String> {
    extensions.iter().find_map(|entry| entry.text(url_end))
}

impl Structure {
    /// All its elements, the root first.
    pub(super) fn elements(&self) -> &[Element] {
        self.snapshot.as_ref().map_or(&[], |it| &it.element)
    }

    /// The last part of its address.
    pub(super) fn name(&self) -> &str {
        last(&self.url)
    }

    /// The name of what it derives from.
    pub(super) fn base(&self) -> Option<&str> {
        self.base_definition.as_deref().map(last)
    }

    /// Whether it narrows a type instead of making one.
    pub(super) fn is_constraint(&self) -> bool {
        self.derivation.as_deref() == Some("constraint")
    }
}

impl Element {
    /// The path without the name of the type; empty for the root.
    pub(super) fn tail(&self) -> &str {
        self.path.split_once('.').map_or("", |(_, tail)| tail)
    }

    /// The last part of the path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }
}

impl TypeEntry {
    /// The name of a FHIR type.
    pub(super) fn fhir_type(&self) -> Result<String> {
        let Some(code) = &self.code else {
            bail!("a type without a code");
        };
        let Some(system_type) = code.strip_prefix("http://hl7.org/fhirpath/System.") else {
            return Ok(code.clone());
        };
        let declared = text_of(&self.extension, "/structuredefinition-fhir-type");
        Ok(declared.unwrap_or_else(|| system_type.to_lowercase()))
    }

    /// Profiles of the type.
    pub(super) fn profiles(&self) -> &[String] {
        self.profile.as_slice()
    }

    /// What a reference may point to.
    pub(super) fn targets(&self) -> &[String] {
        self.target_profile.as_slice()
    }

    /// The regular expression of a primitive.
    pub(super) fn pattern(&self) -> Option<String> {
        text_of(&self.extension, "/regex")
            .or_else(|| text_of(&self.extension, "/structuredefinition-regex"))
    }
}

impl Constraint {
    /// `error`, `warning`, or `best-practice` for a warning that is marked so.
    pub(super) fn severity(&self) -> Result<&str> {
        let best = text_of(&self.extension, "/elementdefinition-bestpractice");
        match (self.severity.as_str(), best.as_deref()) {
            ("warning", Some("true")) => Ok("best-practice"),
            ("error" | "warning", None | Some("false")) => Ok(&self.severity),
            (other, best) => bail!(
                "invariant {}: severity {other}, best practice {best:?}",
                self.key
            ),
        }
    }
}

impl Binding {
    /// The address of the value set, with its version where one is given.
    pub(super) fn url(&self) -> Option<&str> {
        self.value_set
            .as_deref()
            .or(self.value_set_uri.as_deref())
            .or(self
                .value_set_reference
                .as_ref()
                .map(|it| it.reference.as_str()))
    }

    /// The address of the value set that no code may leave, for a binding that is not required.
    pub(super) fn greatest(&self) -> Option<String> {
        text_of(&self.extension, "/elementdefinition-maxValueSet")
    }
}

fn last(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

/// Every resource of one type in a package, in order of file name.
pub(super) fn read_all<T: DeserializeOwned>(folder: &Path, resource_type: &str) -> Result<Vec<T>> {
    let prefix = format!("{resource_type}-");
    let mut names = Vec::new();
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(&prefix) && path.extension().is_some_and(|it| it == "json") {
            names.push(name.into_owned());
        }
    }
    names.sort();
    let mut all = Vec::with_capacity(names.len());
    for name in names {
        let path = folder.join(&name);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let resource = serde_json::from_str(text)
            .with_context(|| format!("{} is not a {resource_type} as expected", path.display()))?;
        all.push(resource);
    }
    if all.is_empty() {
        bail!("{} holds no {resource_type}", folder.display());
    }
    Ok(all)
}
