//! What a tree is: a document that can be judged, another document, or no document at all.
//! Not for judging it.

use crate::document::{Entry, entries};
use crate::heading::{HEADING_SYSTEMS, SNOMED};
use crate::kinds::Kind;
use crate::standard::Standard;
use crate::view::{Coding, El};
use plumbline_tree::{Kind as NodeKind, Syntax, Tree};

/// The version of FHIR that a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// FHIR STU3, 3.0.
    Stu3,
    /// FHIR R4, 4.0.
    R4,
}

impl Version {
    /// `STU3` or `R4`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stu3 => "STU3",
            Self::R4 => "R4",
        }
    }
}

/// How a document says which section is which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// By SNOMED CT codes.
    SnomedSections,
    /// By heading codes of UK Core.
    HeadingCodes,
}

impl Pattern {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SnomedSections => "sections with SNOMED CT codes",
            Self::HeadingCodes => "sections with UK Core heading codes",
        }
    }
}

/// A document of the kind that a standard speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Its version of FHIR.
    pub version: Version,
    /// How its sections are told.
    pub pattern: Pattern,
    /// JSON or XML.
    pub syntax: Syntax,
    /// What it is, in words: `eDischarge summary`.
    pub kind: String,
}

/// Why something is not judged. Neither text holds anything of the document but FHIR's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it is instead.
    pub what: String,
    /// What to do.
    pub fix: String,
}

/// How many sections that a standard knows make a document without a type one of its kind.
const ENOUGH_SECTIONS: usize = 3;

/// Words of FHIR that may be repeated in a refusal.
const KNOWN_WORDS: &[&str] = &[
    "AllergyIntolerance",
    "Binary",
    "CapabilityStatement",
    "Composition",
    "Condition",
    "DocumentReference",
    "Encounter",
    "List",
    "MedicationStatement",
    "MessageHeader",
    "Observation",
    "OperationOutcome",
    "Organization",
    "Parameters",
    "Patient",
    "Practitioner",
    "message",
    "searchset",
    "collection",
    "transaction",
    "batch",
    "history",
    "transaction-response",
    "batch-response",
];

/// Recognises a document of this standard, or says what it is instead.
///
/// # Errors
/// What is no document, or a document of another standard.
pub fn recognise(tree: &Tree, standard: &Standard) -> Result<Recognised, Refusal> {
    let composition = composition(tree)?;
    let kind = kind_of(composition, standard)?;
    let pattern = pattern(composition);
    Ok(Recognised {
        version: version(tree, composition, pattern),
        pattern,
        syntax: tree.syntax(),
        kind: kind.title.clone(),
    })
}

/// The Composition of a document.
fn composition(tree: &Tree) -> Result<El<'_>, Refusal> {
    let root = El::new(tree.root());
    let kind = root.resource_type();
    if tree.root().kind() != NodeKind::Object || kind.is_none() {
        return Err(refusal(
            "no FHIR resource: it names no type",
            "Give the document as FHIR: a Bundle of type document, in JSON or XML",
        ));
    }
    if kind != Some("Bundle") {
        return Err(refusal(
            format!("a resource of the type {}, not a document", word(kind)),
            "Give the whole document: a Bundle of type document whose first resource is a Composition",
        ));
    }
    let bundle_type = root.child_text("type");
    if bundle_type == Some("message") {
        return Err(refusal(
            "a message, not a document",
            "Take the document out of the message: its Bundle of type document, as a file of its own",
        ));
    }
    if bundle_type != Some("document") {
        return Err(refusal(
            format!("a Bundle of the type {}, not a document", word(bundle_type)),
            "Give the Bundle of type document",
        ));
    }
    only_composition(tree, root)
}

/// A document begins with its Composition, and there is no other that could be taken for it.
fn only_composition<'t>(tree: &'t Tree, bundle: El<'t>) -> Result<El<'t>, Refusal> {
    let mut found = entries(tree).filter(|entry: &Entry<'_>| entry.kind == "Composition");
    let Some(composition) = found.next() else {
        return Err(refusal(
            "a Bundle of type document without a Composition",
            "Send the Composition as the first resource of the document",
        ));
    };
    let first = bundle.child("entry").and_then(|it| it.child("resource"));
    let first = first.and_then(El::resource).map(|it| it.node().offset());
    if first != Some(composition.el.node().offset()) {
        return Err(refusal(
            "a Bundle of type document that does not begin with its Composition",
            "Send the Composition as the first resource of the document, as FHIR demands",
        ));
    }
    if found.next().is_some() {
        return Err(refusal(
            "a Bundle of type document with more than one Composition",
            "Send each document by itself, with one Composition as its first resource",
        ));
    }
    Ok(composition.el)
}

fn refusal(what: impl Into<String>, fix: impl Into<String>) -> Refusal {
    Refusal {
        what: what.into(),
        fix: fix.into(),
    }
}

/// A word of FHIR, or that there is none.
fn word(text: Option<&str>) -> &str {
    match text {
        None => "(none)",
        Some(text) => KNOWN_WORDS
            .iter()
            .find(|known| **known == text)
            .copied()
            .unwrap_or("(another)"),
    }
}

/// Which kind of document it is, if this standard speaks of it.
fn kind_of<'s>(composition: El<'_>, standard: &'s Standard) -> Result<&'s Kind, Refusal> {
    let found = by_profile(composition, standard).or_else(|| by_type(composition, standard));
    let ours = standard
        .kinds
        .0
        .iter()
        .find(|kind| kind.standard == standard.id);
    match found {
        Some(kind) if kind.standard == standard.id => Ok(kind),
        Some(kind) => Err(refusal(
            format!("another document: {}", kind.title),
            format!(
                "Judge it by the standard for it; this one is for: {}",
                standard.title
            ),
        )),
        None if type_codes(composition).is_empty() && knows_enough(composition, standard) => {
            ours.ok_or_else(|| unknown(standard))
        }
        None => Err(unknown(standard)),
    }
}

fn unknown(standard: &Standard) -> Refusal {
    refusal(
        "a document whose type is none that is known here",
        format!(
            "Give a document of the kind {}; its Composition.type says so with a SNOMED CT code",
            standard.title
        ),
    )
}

fn by_profile<'s>(composition: El<'_>, standard: &'s Standard) -> Option<&'s Kind> {
    let profiles: Vec<&str> = profiles(composition).collect();
    standard.kinds.0.iter().find(|kind| {
        let mut ends = kind.profiles.iter();
        ends.any(|end| profiles.iter().any(|profile| is_profile(profile, end)))
    })
}

fn is_profile(url: &str, name: &str) -> bool {
    let url = url.split('|').next().unwrap_or_default();
    url.rsplit('/').next() == Some(name)
}

fn profiles(resource: El<'_>) -> impl Iterator<Item = &str> {
    let meta = resource.children("meta");
    meta.flat_map(|meta| meta.children("profile"))
        .filter_map(El::text)
}

fn type_codes(composition: El<'_>) -> Vec<&str> {
    let codings = composition
        .child("type")
        .map(El::codings)
        .unwrap_or_default();
    let snomed = codings
        .iter()
        .filter(|coding: &&Coding<'_>| coding.system == Some(SNOMED));
    snomed.filter_map(|coding| coding.code).collect()
}

/// By the code of the type; among kinds with one code by what only one of them has.
fn by_type<'s>(composition: El<'_>, standard: &'s Standard) -> Option<&'s Kind> {
    let codes = type_codes(composition);
    let candidates: Vec<&Kind> = standard
        .kinds
        .0
        .iter()
        .filter(|kind| {
            kind.type_codes
                .iter()
                .any(|code| codes.contains(&code.as_str()))
        })
        .collect();
    let headings: Vec<&str> = headings(composition, standard);
    // Services of every kind write discharge summaries, so the title counts only where the sections do not decide.
    let title = composition
        .child_text("title")
        .filter(|_| !knows_enough(composition, standard))
        .unwrap_or_default()
        .to_lowercase();
    let marked = candidates.iter().find(|kind| {
        let by_heading = kind
            .marks
            .iter()
            .any(|mark| headings.contains(&mark.as_str()));
        by_heading || kind.title_words.iter().any(|words| title.contains(words))
    });
    let unmarked = candidates
        .iter()
        .find(|kind| kind.marks.is_empty() && kind.title_words.is_empty());
    marked.or(unmarked).copied()
}

fn sections(composition: El<'_>) -> impl Iterator<Item = Coding<'_>> {
    let sections = composition.children("section");
    sections.flat_map(|section| section.child("code").map(El::codings).unwrap_or_default())
}

fn headings<'s>(composition: El<'_>, standard: &'s Standard) -> Vec<&'s str> {
    let known = |coding: Coding<'_>| standard.headings.known(coding.system?, coding.code?);
    sections(composition)
        .filter_map(known)
        .map(|(key, _)| key)
        .collect()
}

fn knows_enough(composition: El<'_>, standard: &Standard) -> bool {
    let headings = headings(composition, standard);
    let known = standard.rules.iter().filter(|rule| {
        rule.subject == crate::rule::Subject::Section && headings.contains(&rule.section.as_str())
    });
    known.count() >= ENOUGH_SECTIONS
}

fn pattern(composition: El<'_>) -> Pattern {
    let is_heading = |coding: Coding<'_>| {
        coding
            .system
            .is_some_and(|it| HEADING_SYSTEMS.contains(&it))
    };
    if sections(composition).any(is_heading) {
        Pattern::HeadingCodes
    } else {
        Pattern::SnomedSections
    }
}

/// The version of FHIR: as profiles say, else as elements are shaped that differ, else as the sections are told.
fn version(tree: &Tree, composition: El<'_>, pattern: Pattern) -> Version {
    let mut stu3 = false;
    let mut r4 = false;
    let all = entries(tree)
        .map(|entry| entry.el)
        .chain([composition, El::new(tree.root())]);
    for resource in all {
        for profile in profiles(resource) {
            stu3 |= profile.contains("/STU3/");
            r4 |= profile.contains("/UKCore-");
        }
    }
    if stu3 != r4 {
        return if stu3 { Version::Stu3 } else { Version::R4 };
    }
    let by_shape = entries(tree).find_map(|entry| by_shape(&entry));
    by_shape.unwrap_or(match pattern {
        Pattern::SnomedSections => Version::Stu3,
        Pattern::HeadingCodes => Version::R4,
    })
}

/// What a resource shows by the shape of elements that the two versions have differently.
fn by_shape(entry: &Entry<'_>) -> Option<Version> {
    let has = |name: &str| entry.el.child(name).is_some();
    let is = |is_r4: bool| Some(if is_r4 { Version::R4 } else { Version::Stu3 });
    match entry.kind {
        "AllergyIntolerance" | "Condition" => {
            let status = entry.el.child("clinicalStatus")?;
            is(status.text().is_none())
        }
        "Encounter" if has("reason") || has("reasonCode") => is(has("reasonCode")),
        "MedicationStatement" if has("taken") => is(false),
        "Procedure" if has("context") || has("encounter") => is(has("encounter")),
        _ => None,
    }
}
