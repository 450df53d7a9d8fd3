//! Which slice each item belongs to, and what follows: how many, in which order, judged by what is said of the slice.
//! Not what tells them apart: discriminate.rs.

use super::compiled::{Fact, Slice, Sliced, Step, Test, Text};
use super::judge::{Judge, Standing, Titled};
use super::name::{Items, Name};
use super::rules;
use super::target;
use super::values::Known;
use crate::place::child_text;
use plumbline_fhir::TypeTable;
use plumbline_fhir::profile_facts::Rules;
use plumbline_fhirpath::{Element, TypeInfo as _};
use plumbline_tree::{Form, Node, is_same};

/// Where an item belongs.
enum Belongs {
    /// To the slice of this number.
    To(usize),
    /// To none.
    Nowhere,
    /// To this one and to another.
    Both(usize, usize),
    /// It cannot be known, why, and to which it may.
    Unknown(String, Vec<usize>),
}

/// What a path leads to in an item.
struct Selected<'a> {
    elements: Items<'a>,
    /// References whose target is not here.
    unresolved: Vec<Element<'a>>,
}

/// What is seen of one slicing while its items are gone through.
struct Seen<'a> {
    counts: Vec<u32>,
    /// How many items may be of each slice; empty before the first.
    unknown: Vec<u32>,
    last: usize,
    outside: Option<Element<'a>>,
    is_told: bool,
    members: Vec<Vec<Element<'a>>>,
}

impl<'a> Judge<'_, 'a> {
    /// Judges the items of an element that is sliced.
    pub(super) fn sliced(
        &mut self,
        of: &Titled<'_>,
        sliced: &Sliced,
        name: &str,
        parent: Element<'a>,
        items: &[Element<'a>],
    ) {
        let mut seen = Seen {
            counts: vec![0; sliced.slices.len()],
            unknown: Vec::new(),
            last: 0,
            outside: None,
            is_told: false,
            members: if sliced.is_deep {
                vec![Vec::new(); sliced.slices.len()]
            } else {
                Vec::new()
            },
        };
        for item in items {
            match self.belongs(of, sliced, *item) {
                Belongs::To(at) => self.member(of, sliced, at, *item, &mut seen),
                Belongs::Both(at, other) => {
                    self.ambiguous(of, sliced, (at, other), *item);
                    self.member(of, sliced, at, *item, &mut seen);
                }
                Belongs::Nowhere => self.outsider(of, sliced, *item, &mut seen),
                Belongs::Unknown(reason, possible) => {
                    seen.unknown.resize(sliced.slices.len(), 0);
                    for at in possible {
                        if let Some(count) = seen.unknown.get_mut(at) {
                            *count += 1;
                        }
                    }
                    self.cannot_know(&reason);
                    if !std::mem::replace(&mut seen.is_told, true) {
                        self.slice_not_known(of, sliced, &reason, *item);
                    }
                }
            }
        }
        for (at, slice) in sliced.slices.iter().enumerate() {
            let count = seen.counts.get(at).copied().unwrap_or_default();
            let unknown = seen.unknown.get(at).copied().unwrap_or_default();
            if count + unknown < slice.min {
                let id = slice.node.id.as_str();
                let words = [slice.name.as_str(), name, of.title, id];
                let expected = format!("at least {}", slice.min);
                self.find_below(
                    &rules::SLICE_MIN,
                    parent,
                    name,
                    &words,
                    &expected,
                    &count.to_string(),
                );
            }
            let members = seen.members.get(at).map(Vec::as_slice).unwrap_or_default();
            if let Some(inner) = &slice.inner {
                self.sliced(of, inner, name, parent, members);
            }
        }
    }

    fn slice_not_known(
        &mut self,
        of: &Titled<'_>,
        sliced: &Sliced,
        reason: &str,
        item: Element<'a>,
    ) {
        let id = sliced.slices.first().map_or("", |it| it.node.id.as_str());
        let words = [reason, of.title, id];
        self.find(
            &rules::SLICE_NOT_CHECKED,
            item,
            &words,
            "to be known",
            "not known",
        );
    }

    /// An item that what tells the slices apart does not tell.
    fn ambiguous(
        &mut self,
        of: &Titled<'_>,
        sliced: &Sliced,
        (one, other): (usize, usize),
        item: Element<'a>,
    ) {
        let (Some(one), Some(other)) = (sliced.slices.get(one), sliced.slices.get(other)) else {
            return;
        };
        let words = [one.name.as_str(), &other.name, of.title, &one.node.id];
        self.find(
            &rules::SLICE_AMBIGUOUS,
            item,
            &words,
            "one slice",
            "several",
        );
    }

    fn member(
        &mut self,
        of: &Titled<'_>,
        sliced: &Sliced,
        at: usize,
        item: Element<'a>,
        seen: &mut Seen<'a>,
    ) {
        let Some(slice) = sliced.slices.get(at) else {
            return;
        };
        let count = seen.counts.get_mut(at).map_or(0, |count| {
            *count += 1;
            *count
        });
        let words = [slice.name.as_str(), of.title, slice.node.id.as_str()];
        match slice.max {
            Some(0) => {
                return self.find(&rules::SLICE_NOT_ALLOWED, item, &words, "none", "an item");
            }
            Some(max) if count == max + 1 => {
                let expected = format!("at most {max}");
                self.find(&rules::SLICE_MAX, item, &words, &expected, "more");
            }
            Some(_) | None => {}
        }
        if sliced.is_ordered && at < seen.last {
            self.find(
                &rules::SLICE_ORDER,
                item,
                &words,
                "the order of the slices",
                "another order",
            );
        }
        seen.last = seen.last.max(at);
        if let (Rules::OpenAtEnd, Some(outside)) = (sliced.rules, seen.outside.take()) {
            let words = [of.title, slice.node.id.as_str()];
            self.find(
                &rules::SLICE_AT_END,
                outside,
                &words,
                "behind the slices",
                "before one",
            );
        }
        if slice.inner.is_some()
            && let Some(members) = seen.members.get_mut(at)
        {
            members.push(item);
        }
        self.item(of, &slice.node, item);
    }

    /// An item of no slice.
    fn outsider(
        &mut self,
        of: &Titled<'_>,
        sliced: &Sliced,
        item: Element<'a>,
        seen: &mut Seen<'a>,
    ) {
        if let Some(other) = &sliced.other {
            return self.item(of, other, item);
        }
        match sliced.rules {
            Rules::Open => {}
            Rules::OpenAtEnd => seen.outside = seen.outside.or(Some(item)),
            Rules::Closed => {
                let names = sliced.slices.iter().filter(|it| it.max != Some(0));
                let names: Vec<&str> = names.map(|it| it.name.as_str()).collect();
                let names = names.join(", ");
                let id = sliced.slices.first().map_or("", |it| it.node.id.as_str());
                let id = id.rsplit_once(':').map_or(id, |(sliced, _)| sliced);
                let words = [names.as_str(), of.title, id];
                self.find(&rules::SLICE_CLOSED, item, &words, &names, "none of them");
            }
        }
    }

    fn belongs(&mut self, of: &Titled<'_>, sliced: &Sliced, item: Element<'a>) -> Belongs {
        let mut unknown = None;
        let mut possible = Vec::new();
        let mut found = None;
        for (at, slice) in sliced.slices.iter().enumerate() {
            match (self.is_of(of, slice, item), found) {
                (Known::Yes, None) => found = Some(at),
                (Known::Yes, Some(first)) => {
                    if let Some(both) = both(sliced, first, at) {
                        return both;
                    }
                }
                (Known::No, _) => {}
                (Known::Unknown(reason), _) => {
                    unknown.get_or_insert(reason);
                    possible.push(at);
                }
            }
        }
        match (found, unknown) {
            (Some(at), _) => Belongs::To(at),
            (None, Some(reason)) => Belongs::Unknown(reason, possible),
            (None, None) => Belongs::Nowhere,
        }
    }

    fn is_of(&mut self, of: &Titled<'_>, slice: &Slice, item: Element<'a>) -> Known {
        if slice.tests.is_empty() {
            return match self.trial(|judge| judge.item(of, &slice.node, item)) {
                Standing::Kept { .. } => Known::Yes,
                Standing::Broken { .. } => Known::No,
                Standing::Unknown(reason) => Known::Unknown(reason),
            };
        }
        let mut all = Known::Yes;
        for test in &slice.tests {
            match self.passes(test, item) {
                Known::Yes => {}
                Known::No => return Known::No,
                unknown @ Known::Unknown(_) => all = unknown,
            }
        }
        all
    }

    fn passes(&mut self, test: &Test, item: Element<'a>) -> Known {
        if let Some(text) = &test.text
            && let Some(is_it) = has_text_below(self.knowledge.types, item, &text.before, text)
        {
            return yes(is_it);
        }
        let selected = self.select(&test.steps, item);
        let found = match &test.fact {
            Fact::Undecidable(reason) => return Known::Unknown(reason.clone()),
            Fact::Exists => yes(!selected.elements.is_empty()),
            Fact::Absent => yes(selected.elements.is_empty()),
            Fact::Any(demands) => {
                let pairs = selected.elements.iter();
                let pairs = pairs.flat_map(|it| demands.iter().map(move |demand| (demand, *it)));
                any(pairs.map(|(demand, it)| self.meets(demand, it)))
            }
            Fact::Type(names) => {
                let types = self.knowledge.types;
                let is_type = |it: &Element<'a>| {
                    let actual = it.type_id();
                    names
                        .iter()
                        .filter_map(|name| types.named(name))
                        .any(|of| actual.is_some_and(|actual| types.is_a(actual, of)))
                };
                let is_found = selected.elements.iter().any(is_type);
                return self.type_of_unresolved(names, &selected, is_found);
            }
            Fact::Profile(names) => {
                let elements = selected.elements.clone();
                any(elements
                    .into_iter()
                    .flat_map(|it| names.iter().map(move |name| (it, name)))
                    .map(|(element, name)| self.conforms(name, element)))
            }
        };
        match found {
            Known::Yes => Known::Yes,
            _ if !selected.unresolved.is_empty() => {
                Known::Unknown("the resource that is referred to is not here".to_owned())
            }
            other => other,
        }
    }

    /// A reference to what is not here says its type, often.
    fn type_of_unresolved(
        &self,
        names: &[String],
        selected: &Selected<'a>,
        is_found: bool,
    ) -> Known {
        if is_found {
            return Known::Yes;
        }
        let mut found = Known::No;
        for reference in &selected.unresolved {
            match target::named_type(self.knowledge, *reference) {
                Some(of) if names.iter().any(|it| it == of || it == "Resource") => {
                    return Known::Yes;
                }
                Some(_) => {}
                None => {
                    found =
                        Known::Unknown("the resource that is referred to is not here".to_owned());
                }
            }
        }
        found
    }

    /// Whether an element keeps to a profile, as far as that is known.
    pub(super) fn conforms(&mut self, canonical: &str, element: Element<'a>) -> Known {
        let profile = match self.knowledge.profiles.profile(self.knowledge, canonical) {
            Ok(profile) => profile,
            Err(reason) => {
                return Known::Unknown(format!("the profile {canonical} is not checked: {reason}"));
            }
        };
        match self.standing(&profile, element) {
            Standing::Kept { .. } => Known::Yes,
            Standing::Broken { .. } => Known::No,
            Standing::Unknown(reason) => Known::Unknown(reason),
        }
    }

    fn select(&self, steps: &[Step], item: Element<'a>) -> Selected<'a> {
        let types = self.knowledge.types;
        let mut selected = Selected {
            elements: Items::from_elem(item, 1),
            unresolved: Vec::new(),
        };
        for step in steps {
            let elements = std::mem::take(&mut selected.elements);
            selected.elements = match step {
                Step::Child(name) => elements
                    .into_iter()
                    .flat_map(|it| name.of(types, it))
                    .collect(),
                Step::OfType(name) => {
                    let of = types.named(name);
                    let is_it = |it: &Element<'a>| match (it.type_id(), of) {
                        (Some(actual), Some(of)) => types.is_a(actual, of),
                        _ => false,
                    };
                    elements.into_iter().filter(is_it).collect()
                }
                Step::Extension(url) => {
                    let is_it = |it: &Element<'a>| child_text(*it, "url") == Some(url);
                    let all = elements.into_iter().flat_map(|it| it.children(types));
                    let all =
                        all.filter(|(name, _)| matches!(*name, "extension" | "modifierExtension"));
                    all.map(|(_, it)| it).filter(is_it).collect()
                }
                Step::Resolve => {
                    let mut found = Items::new();
                    for reference in elements {
                        match self.resolve(reference) {
                            target::Resolved::To(target) => found.push(target),
                            target::Resolved::Nowhere => {}
                            target::Resolved::Unknown => selected.unresolved.push(reference),
                        }
                    }
                    found
                }
            };
        }
        selected
    }
}

/// What follows for an item that fits two slices; nothing where the first is meant: without discriminators, or with
/// value sets, which may have codes in common.
fn both(sliced: &Sliced, first: usize, second: usize) -> Option<Belongs> {
    let (one, other) = (sliced.slices.get(first)?, sliced.slices.get(second)?);
    if other.tests.is_empty() || one.is_by_set || other.is_by_set {
        return None;
    }
    if one.told_by == other.told_by {
        let (one, other) = (&one.name, &other.name);
        let reason = format!("the profile does not tell {one} and {other} apart");
        let rest = second..sliced.slices.len();
        return Some(Belongs::Unknown(
            reason,
            [first].into_iter().chain(rest).collect(),
        ));
    }
    Some(Belongs::Both(first, second))
}

/// Whether a child at the end of a path has a text, where that is plain to see.
fn has_text_below(
    types: &TypeTable,
    item: Element<'_>,
    path: &[Name],
    wanted: &Text,
) -> Option<bool> {
    let Some((first, rest)) = path.split_first() else {
        return has_text(item, &wanted.name, &wanted.value);
    };
    let mut is_plain = true;
    for child in first.of(types, item) {
        match has_text_below(types, child, rest, wanted) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_plain = false,
        }
    }
    is_plain.then_some(false)
}

/// Whether a child of this name has this text, where that is plain to see.
fn has_text(item: Element<'_>, name: &str, text: &str) -> Option<bool> {
    let body = item.body()?;
    let mut found = None;
    for (other, node) in body.members() {
        if other.len() == name.len() + 1 && other.strip_prefix('_') == Some(name) {
            return None;
        }
        if is_same(other, name) {
            let actual = match node.form() {
                Form::String => node.as_str()?,
                Form::Element if node.members().next().is_none() => {
                    let mut attributes = node.attributes();
                    let only = attributes.next().filter(|_| attributes.next().is_none())?;
                    only.value_text().filter(|_| only.name() == Some("value"))?
                }
                _ => return None,
            };
            if found.replace(actual).is_some() {
                return None;
            }
        }
    }
    if found.is_none() && body.form() == Form::Element {
        found = body.attribute(name).and_then(Node::value_text);
    }
    Some(found == Some(text))
}

fn yes(is_so: bool) -> Known {
    if is_so { Known::Yes } else { Known::No }
}

/// Whether one of them is so.
fn any(all: impl Iterator<Item = Known>) -> Known {
    let mut found = Known::No;
    for one in all {
        match one {
            Known::Yes => return Known::Yes,
            Known::No => {}
            unknown @ Known::Unknown(_) => found = unknown,
        }
    }
    found
}
