//! Where an item lives, as its row says it: a small path language over the resources that a section leads to.
//! Not `FHIRPath`: only what rows need, and nothing that could fail on a document.
//!
//! A path begins with a type of resource and goes on with steps:
//!
//! | step | leads to |
//! |---|---|
//! | `.name` | the children of that name |
//! | `.name[x]` | the children whose name is `name` and a type, such as `onsetDateTime` |
//! | `.extension(url)` | the extensions with that address |
//! | `{path=text}`, `{path!=text}` | only those with such a text (without such a text) |
//! | `{path}`, `{!path}` | only those that have (have not) such an element |
//! | `->Type` | the resource that a reference leads to, if it is of that type |
//! | `<-Type.name` | the resources of that type whose reference `name` leads here |

use crate::document::{Base, Document};
use crate::view::El;

/// Where to look for an item, in one way of carrying documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// What the item belongs to, each by itself: paths to resources. Empty: the section.
    pub(crate) each: Vec<Path>,
    /// Where it is, one or the other.
    pub(crate) paths: Vec<Path>,
    /// Whether it may, must or must not be told by a sub-heading of the section's text.
    pub(crate) carrier: Carrier,
}

/// What can carry an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// Elements or the text of the section.
    #[default]
    Either,
    /// Elements or text, of each entry that there is; where there is none, nothing is missing.
    Entry,
    /// Elements only.
    Elements,
    /// The text of the section only, under a sub-heading.
    SubHeading,
    /// The text of the section as a whole.
    WholeText,
    /// Nothing: this way of carrying documents has no place for it.
    Nothing,
}

/// A path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    kind: String,
    steps: Vec<Step>,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Child(String),
    Choice(String),
    Extension(String),
    Filter(Filter),
    Follow(String),
    Back { kind: String, name: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Filter {
    names: Vec<String>,
    /// The text wanted; `None` asks only whether there is such an element.
    text: Option<String>,
    is_not: bool,
}

/// An element with the resource that it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'t> {
    /// The number of the resource in the document.
    pub(crate) entry: usize,
    pub(crate) el: El<'t>,
}

impl Path {
    /// Reads a path; the error says what is wrong with it, in our words.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let end = text.find(['.', '{', '-', '<']).unwrap_or(text.len());
        let kind = &text[..end];
        if !kind.starts_with(|c: char| c.is_ascii_uppercase()) || !is_name(kind) {
            return Err("a path begins with a type of resource, such as Encounter".to_owned());
        }
        let mut steps = Vec::new();
        let mut rest = &text[end..];
        while !rest.is_empty() {
            rest = step(rest, &mut steps)?;
        }
        Ok(Self {
            kind: kind.to_owned(),
            steps,
            text: text.to_owned(),
        })
    }

    /// The type of resource that it begins with.
    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    /// The path as its row has it, without conditions: safe to show.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        let mut depth = 0_usize;
        for c in self.text.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ if depth == 0 => shown.push(c),
                _ => {}
            }
        }
        shown
    }

    /// Whether its first reference leads from a resource to another of its type; not so for a path without one.
    pub(crate) fn leads_on(&self, document: &Document<'_>, from: usize) -> bool {
        let is_follow = |step: &Step| matches!(step, Step::Follow(_));
        let Some(first) = self.steps.iter().position(is_follow) else {
            return false;
        };
        let mut is_there = false;
        let take = &mut |_: Found<'_>| is_there = true;
        walk(document, &self.steps[..=first], whole(document, from), take);
        is_there
    }

    /// Everything that it leads to from resources, of which those of its type count.
    pub(crate) fn find<'t>(&self, document: &Document<'t>, from: Base<'_, 't>) -> Vec<Found<'t>> {
        let mut found = Vec::new();
        self.each(document, from, &mut |it| found.push(it));
        found
    }

    /// The same, one by one.
    pub(crate) fn each<'t>(
        &self,
        document: &Document<'t>,
        from: Base<'_, 't>,
        take: &mut dyn FnMut(Found<'t>),
    ) {
        let one;
        let entries = match from {
            Base::All => document.of_kind(&self.kind),
            Base::Of(section) => section.of_kind(&self.kind),
            Base::One(number) => {
                one = [number];
                let is_right = document.entries[number].kind == self.kind;
                if is_right { one.as_slice() } else { &[] }
            }
        };
        let first = self.steps.split_first();
        for entry in entries {
            let entry = *entry;
            // Most paths begin so.
            if let Some((Step::Child(name), rest)) = first {
                let next = |el| walk(document, rest, Found { entry, el }, take);
                document.tops().each(entry, name, next);
                continue;
            }
            walk(document, &self.steps, whole(document, entry), take);
        }
    }
}

/// Takes what the steps lead to from a place.
fn walk<'t>(
    document: &Document<'t>,
    steps: &[Step],
    at: Found<'t>,
    take: &mut dyn FnMut(Found<'t>),
) {
    let Some((step, rest)) = steps.split_first() else {
        return take(at);
    };
    let entry = at.entry;
    match step {
        Step::Child(name) => {
            let next = |el| walk(document, rest, Found { entry, el }, take);
            at.el.each_child(name, next);
        }
        Step::Choice(prefix) => {
            for el in at.el.choice(prefix) {
                walk(document, rest, Found { entry, el }, take);
            }
        }
        Step::Extension(url) => {
            at.el.each_child("extension", |el| {
                if el.url() == Some(url) {
                    walk(document, rest, Found { entry, el }, take);
                }
            });
        }
        Step::Filter(filter) => {
            if filter.holds(at.el) {
                walk(document, rest, at, take);
            }
        }
        Step::Follow(kind) => {
            let target = document.follow(entry, at.el);
            if let Some(number) = target.filter(|it| document.entries[*it].kind == *kind) {
                walk(document, rest, whole(document, number), take);
            }
        }
        Step::Back { kind, name } => {
            for source in document.of_kind(kind) {
                let references = document.entries[*source].el.children(name);
                let mut targets = references.filter_map(|it| document.follow(*source, it));
                if targets.any(|target| target == entry) {
                    walk(document, rest, whole(document, *source), take);
                }
            }
        }
    }
}

fn whole<'t>(document: &Document<'t>, entry: usize) -> Found<'t> {
    let el = document.entries[entry].el;
    Found { entry, el }
}

impl Filter {
    fn holds(&self, el: El<'_>) -> bool {
        any(el, &self.names, self.text.as_deref()) != self.is_not
    }
}

/// Whether there is an element at a path of names, with that text if one is wanted.
fn any(el: El<'_>, names: &[String], text: Option<&str>) -> bool {
    match names.split_first() {
        None => text.is_none_or(|text| el.text() == Some(text)),
        Some((name, rest)) => el.children(name).any(|child| any(child, rest, text)),
    }
}

/// Reads one step and gives what stands after it.
fn step<'s>(text: &'s str, steps: &mut Vec<Step>) -> Result<&'s str, String> {
    if let Some(rest) = text.strip_prefix("->") {
        let (kind, rest) = name(rest)?;
        steps.push(Step::Follow(kind));
        return Ok(rest);
    }
    if let Some(rest) = text.strip_prefix("<-") {
        let (kind, rest) = name(rest)?;
        let rest = rest
            .strip_prefix('.')
            .ok_or("`<-Type` is followed by `.` and the name of its reference")?;
        let (name, rest) = name(rest)?;
        steps.push(Step::Back { kind, name });
        return Ok(rest);
    }
    if let Some(rest) = text.strip_prefix('{') {
        let (inside, rest) = rest
            .split_once('}')
            .ok_or("a condition is not closed with `}`")?;
        steps.push(Step::Filter(filter(inside)?));
        return Ok(rest);
    }
    let rest = text
        .strip_prefix('.')
        .ok_or_else(|| format!("`{}` is no step", text.chars().take(12).collect::<String>()))?;
    if let Some(rest) = rest.strip_prefix("extension(") {
        let (url, rest) = rest
            .split_once(')')
            .ok_or("an extension is not closed with `)`")?;
        steps.push(Step::Extension(url.to_owned()));
        return Ok(rest);
    }
    let (name, rest) = name(rest)?;
    if let Some(rest) = rest.strip_prefix("[x]") {
        steps.push(Step::Choice(name));
        return Ok(rest);
    }
    steps.push(Step::Child(name));
    Ok(rest)
}

fn filter(inside: &str) -> Result<Filter, String> {
    let (path, text, is_not) = if let Some((path, text)) = inside.split_once("!=") {
        (path, Some(text), true)
    } else if let Some((path, text)) = inside.split_once('=') {
        (path, Some(text), false)
    } else {
        let path = inside.strip_prefix('!');
        (path.unwrap_or(inside), None, path.is_some())
    };
    let names: Vec<String> = path.split('.').map(|name| name.trim().to_owned()).collect();
    if names.iter().any(|name| !is_name(name)) {
        return Err(format!("`{path}` in a condition is no path of names"));
    }
    Ok(Filter {
        names,
        text: text.map(|text| text.trim().to_owned()),
        is_not,
    })
}

fn name(text: &str) -> Result<(String, &str), String> {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    if end == 0 {
        return Err(format!(
            "a name is missing before `{}`",
            text.chars().take(12).collect::<String>()
        ));
    }
    Ok((text[..end].to_owned(), &text[end..]))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_rows_need() {
        for text in [
            "Encounter",
            "Encounter.participant{type.coding.code=DIS}.individual->Practitioner.name",
            "Encounter.hospitalization.extension(https://fhir.hl7.org.uk/X-1).value[x]",
            "Organization<-PractitionerRole.organization.code",
            "List{code.coding.code!=1}{!flag}.entry",
        ] {
            assert!(Path::read(text).is_ok(), "{text}");
        }
        let shown = Path::read("Patient.identifier{system=https://x.y/z}.value").unwrap();
        assert_eq!(shown.shown(), "Patient.identifier.value");
    }

    #[test]
    fn says_what_is_wrong() {
        for text in [
            "",
            "encounter.x",
            "Encounter.",
            "Encounter.a{b",
            "Encounter<-Role",
            "Encounter.a b",
            "Encounter.extension(x",
        ] {
            assert!(Path::read(text).is_err(), "{text}");
        }
    }
}
