//! A code system, ready for look-ups. Not for value sets.

use crate::table::{Case, Table};
use crate::truth::{Truth, Why};
use plumbline_fhir::Assurance;
use plumbline_fhir::profile_facts::{CodeSystemFacts, PropertyFacts};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// How much of a code system is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// All of it.
    Complete,
    /// Some of its codes: a fragment, or examples.
    Partial,
    /// None of its codes.
    Absent,
}

/// Where facts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From a package or file that somebody gave.
    Given,
    /// From what HL7 publishes with the specification.
    Published,
}

/// A code system.
#[derive(Debug)]
pub(crate) struct CompiledSystem {
    pub(crate) url: Box<str>,
    pub(crate) version: Option<Box<str>>,
    pub(crate) content: Content,
    pub(crate) origin: Origin,
    /// Why a code that is not listed may exist all the same.
    open: Box<str>,
    codes: Table,
    groups: Table,
    children: BTreeMap<Box<str>, Vec<Box<str>>>,
    properties: Vec<PropertyFacts>,
    /// Where its codes come from, once somebody asked.
    pub(crate) source: OnceLock<Assurance>,
}

impl CompiledSystem {
    pub(crate) fn new(facts: &CodeSystemFacts, origin: Origin) -> Self {
        let case = Case::of(facts.is_case_sensitive);
        let content = match facts.content.as_str() {
            _ if facts.is_withheld => Content::Absent,
            "complete" => Content::Complete,
            "fragment" | "example" => Content::Partial,
            _ => Content::Absent,
        };
        let mut children: BTreeMap<Box<str>, Vec<Box<str>>> = BTreeMap::new();
        for (code, below) in &facts.below {
            let all = children.entry(code.as_str().into()).or_default();
            all.extend(below.iter().map(|it| Box::from(it.as_str())));
        }
        let texts = |codes: &'_ [String]| Table::new(codes.iter().map(String::as_str), case);
        Self {
            url: facts.url.as_str().into(),
            version: facts.version.as_deref().map(Into::into),
            content,
            origin,
            open: open(facts, content).into(),
            codes: texts(&facts.codes),
            groups: texts(&facts.groups),
            children,
            properties: facts.properties.clone(),
            source: OnceLock::new(),
        }
    }

    /// Whether it has a code, also one that only groups others.
    pub(crate) fn has(&self, code: &str) -> Truth<'_> {
        if self.codes.contains(code) {
            return Truth::Yes;
        }
        self.missing()
    }

    /// Whether it has a code that records may hold.
    pub(crate) fn offers(&self, code: &str) -> Truth<'_> {
        if self.groups.contains(code) {
            return Truth::listed(false);
        }
        self.has(code)
    }

    /// What is known of a code that is not listed.
    pub(crate) fn missing(&self) -> Truth<'_> {
        match self.content {
            Content::Complete => Truth::listed(false),
            Content::Partial | Content::Absent => Truth::Unknown(Why::Reason(&self.open)),
        }
    }

    /// The code as the system writes it.
    pub(crate) fn written(&self, code: &str) -> Option<&str> {
        self.codes.find(code)
    }

    pub(crate) fn case(&self) -> Case {
        self.codes.case()
    }

    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.iter()
    }

    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.iter()
    }

    /// The codes right below a code.
    pub(crate) fn children(&self, code: &str) -> impl Iterator<Item = &str> {
        let all = self.children.get(code).into_iter().flatten();
        all.map(AsRef::as_ref)
    }

    /// The codes with others below them.
    pub(crate) fn parents(&self) -> impl Iterator<Item = (&str, &[Box<str>])> {
        let all = self.children.iter();
        all.map(|(code, below)| (code.as_ref(), below.as_slice()))
    }

    /// The codes that have a property with a value that is wanted; `None` if no code has the property.
    pub(crate) fn having(
        &self,
        name: &str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Option<BTreeSet<&str>> {
        let property = self.properties.iter().find(|it| it.name == name)?;
        let wanted = property.values.iter().filter(|(value, _)| is_wanted(value));
        let codes = wanted.flat_map(|(_, codes)| codes.iter().map(String::as_str));
        Some(codes.collect())
    }

    /// Every code below a code, without itself unless it is below itself.
    pub(crate) fn below(&self, code: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut todo: Vec<&str> = self.children(code).collect();
        while let Some(code) = todo.pop() {
            if found.insert(code) {
                todo.extend(self.children(code));
            }
        }
        found
    }

    /// Every code above a code.
    pub(crate) fn above(&self, code: &str) -> BTreeSet<&str> {
        let mut up: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (parent, below) in self.parents() {
            for child in below {
                up.entry(child).or_default().push(parent);
            }
        }
        let above = |code: &str| up.get(code).cloned().unwrap_or_default();
        let mut found = BTreeSet::new();
        let mut todo = above(code);
        while let Some(code) = todo.pop() {
            if found.insert(code) {
                todo.extend(above(code));
            }
        }
        found
    }
}

fn open(facts: &CodeSystemFacts, content: Content) -> String {
    let url = &facts.url;
    match content {
        Content::Complete => String::new(),
        Content::Partial => format!("only a part of the code system {url} is here"),
        Content::Absent => format!("the codes of the code system {url} are not here"),
    }
}
