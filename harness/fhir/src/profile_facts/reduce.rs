//! Takes the facts from a `StructureDefinition`, `CodeSystem` or `ValueSet` of R4 or STU3, in JSON or XML.
//! Elements are in `reduce_element.rs`, codes in `reduce_terms.rs`. Not for which resources to take.

use super::element::ElementFacts;
use super::file::Facts;
use super::profile::{Context, ContextKind, Derivation, ProfileFacts, StructureKind};
use super::{reduce_element, reduce_terms};
use crate::convert::{ConvertError, xml_to_json};
use crate::definitions::{Definitions, FhirVersion};
use crate::view::Element;
use plumbline_tree::{Form, Layout, Limits, Node, Syntax, Tree};

/// No facts can be taken from a resource.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReduceError {
    /// It is of no type that there are facts of.
    #[error("this is no StructureDefinition, CodeSystem or ValueSet")]
    OtherType,
    /// It is XML that does not keep to the base specification.
    #[error(transparent)]
    Xml(#[from] ConvertError),
    /// Something is missing, or is not understood.
    #[error("{problem}: {path}")]
    Content {
        /// Where, in `FHIRPath`.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl ReduceError {
    pub(super) fn at(node: Node<'_>, problem: impl Into<String>) -> Self {
        Self::Content {
            path: node.path(),
            problem: problem.into(),
        }
    }
}

/// What a resource says of itself at first sight; nothing of it has been judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its type.
    pub resource_type: String,
    /// Its canonical address.
    pub url: Option<String>,
    /// The version of FHIR that a profile is for.
    pub fhir_version: Option<String>,
    /// The publisher.
    pub publisher: Option<String>,
    /// What it says of copyright and licence: prose of others, to look at and not to give away.
    pub copyright: Option<String>,
}

/// What a resource says of itself. `None` if it is no resource.
pub fn claim(tree: &Tree) -> Option<Claim> {
    let root = Element::root(tree);
    let text = |name: &str| {
        let child = root.children_named(name).into_iter().next()?;
        child.text().map(str::to_owned)
    };
    Some(Claim {
        resource_type: root.resource_type()?.to_owned(),
        url: text("url"),
        fhir_version: text("fhirVersion"),
        publisher: text("publisher"),
        copyright: text("copyright"),
    })
}

/// Takes the facts from a resource. `definitions` are those of the version that the resource is of.
pub fn reduce(tree: &Tree, definitions: &Definitions) -> Result<Facts, ReduceError> {
    if tree.syntax() == Syntax::Json {
        return of_json(tree.root(), definitions);
    }
    let json = xml_to_json(tree, definitions, Layout::Compact)?;
    // What the converter writes can be read, unless it is beyond the limits for JSON.
    let json = Tree::parse(json.into_bytes(), &Limits::default());
    let json = json.map_err(|_| ReduceError::at(tree.root(), "it is too large"))?;
    of_json(json.root(), definitions)
}

fn of_json(root: Node<'_>, definitions: &Definitions) -> Result<Facts, ReduceError> {
    match text(root, "resourceType") {
        Some("StructureDefinition") => profile(root, definitions).map(Facts::Profile),
        Some("CodeSystem") => reduce_terms::system(root).map(Facts::CodeSystem),
        Some("ValueSet") => reduce_terms::set(root).map(Facts::ValueSet),
        Some(_) | None => Err(ReduceError::OtherType),
    }
}

fn profile(root: Node<'_>, definitions: &Definitions) -> Result<ProfileFacts, ReduceError> {
    let kind = required(root, "kind")?;
    let kind = one_of(root, kind, &StructureKind::ALL, StructureKind::word)?;
    let derivation = match text(root, "derivation") {
        Some(word) => Some(one_of(root, word, &Derivation::ALL, Derivation::word)?),
        None => None,
    };
    // A snapshot alone says the same at greater length.
    let Some(differential) = root.get("differential").or_else(|| root.get("snapshot")) else {
        let problem = "it has neither differential nor snapshot";
        return Err(ReduceError::at(root, problem));
    };
    let mut elements: Vec<ElementFacts> = Vec::new();
    for node in list(differential, "element") {
        let mut element = reduce_element::element(node, definitions)?;
        for invariant in &mut element.invariants {
            // That it is from here goes without saying.
            invariant
                .source
                .take_if(|it| text(root, "url") == Some(it.as_str()));
        }
        if element.says_something() {
            elements.push(element);
        }
    }
    Ok(ProfileFacts {
        url: required(root, "url")?.to_owned(),
        version: owned(root, "version"),
        status: owned(root, "status"),
        kind,
        of: required(root, "type")?.to_owned(),
        is_abstract: is_true(root, "abstract"),
        derivation,
        base: owned(root, "baseDefinition"),
        contexts: contexts(root, definitions.version())?,
        context_invariants: texts(root, "contextInvariant"),
        elements,
    })
}

/// The extension that limits a part of a definition to some versions of FHIR: from the first to the last of them.
const VERSION_SPECIFIC_USE: &str = "http://hl7.org/fhir/StructureDefinition/version-specific-use";

/// Whether a part of a definition is for a version.
fn is_for(node: Node<'_>, version: FhirVersion) -> bool {
    let mut limits = list(node, "extension");
    let Some(limit) = limits.find(|it| text(*it, "url") == Some(VERSION_SPECIFIC_USE)) else {
        return true;
    };
    let end = |name: &str| {
        let mut parts = list(limit, "extension");
        let part = parts.find(|it| text(*it, "url") == Some(name))?;
        text(part, "valueCode").and_then(release)
    };
    let own = release(version.number());
    let is_late = end("startFhirVersion").is_none_or(|it| own.is_none_or(|own| own >= it));
    let is_early = end("endFhirVersion").is_none_or(|it| own.is_none_or(|own| own <= it));
    is_late && is_early
}

/// A release of FHIR by its first two numbers: 4.0 and 4.0.1 are the same.
fn release(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(|it| it.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// R4 names the kind of each place, STU3 that of all. Places of other versions of FHIR are left out.
fn contexts(root: Node<'_>, version: FhirVersion) -> Result<Vec<Context>, ReduceError> {
    let common = text(root, "contextType");
    let mut contexts = Vec::new();
    for node in list(root, "context") {
        if !is_for(node, version) {
            continue;
        }
        let (kind, expression) = match node.as_str() {
            Some(expression) => (common, expression),
            None => (text(node, "type"), required(node, "expression")?),
        };
        let kind = kind.ok_or_else(|| ReduceError::at(node, "a context without its kind"))?;
        contexts.push(Context {
            kind: one_of(node, kind, &ContextKind::ALL, ContextKind::word)?,
            expression: expression.to_owned(),
        });
    }
    Ok(contexts)
}

/// The text of the child of this name.
pub(super) fn text<'t>(node: Node<'t>, name: &str) -> Option<&'t str> {
    node.get(name).and_then(Node::value_text)
}

pub(super) fn owned(node: Node<'_>, name: &str) -> Option<String> {
    text(node, name).map(str::to_owned)
}

pub(super) fn required<'t>(node: Node<'t>, name: &str) -> Result<&'t str, ReduceError> {
    text(node, name).ok_or_else(|| ReduceError::at(node, format!("it has no {name}")))
}

pub(super) fn is_true(node: Node<'_>, name: &str) -> bool {
    text(node, name) == Some("true")
}

/// The items of the child of this name, or the child itself if it is no array.
pub(super) fn list<'t>(node: Node<'t>, name: &str) -> impl Iterator<Item = Node<'t>> {
    let child = node.get(name);
    let single = child.filter(|it| it.form() != Form::Array);
    single
        .into_iter()
        .chain(child.into_iter().flat_map(Node::items))
}

/// The texts of the child of this name.
pub(super) fn texts(node: Node<'_>, name: &str) -> Vec<String> {
    list(node, name)
        .filter_map(|it| it.value_text().map(str::to_owned))
        .collect()
}

/// The value of an extension, of whatever type, that has a text: its own, or that of a reference.
pub(super) fn extension<'t>(node: Node<'t>, url_end: &str) -> Option<&'t str> {
    let mut all = list(node, "extension");
    let found = all.find(|it| text(*it, "url").is_some_and(|url| url.ends_with(url_end)))?;
    let mut values = found
        .members()
        .filter(|(name, _)| name.starts_with("value"))
        .map(|(_, node)| node);
    let value = values.next()?;
    value.value_text().or_else(|| text(value, "reference"))
}

/// The one of all whose word this is.
pub(super) fn one_of<T: Copy>(
    node: Node<'_>,
    word: &str,
    all: &[T],
    word_of: impl Fn(T) -> &'static str,
) -> Result<T, ReduceError> {
    let found = all.iter().find(|it| word_of(**it) == word).copied();
    found.ok_or_else(|| ReduceError::at(node, format!("`{word}` is not known")))
}
