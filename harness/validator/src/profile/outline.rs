//! A snapshot by its ids: which element is within which, and which is a slice of which. Not what follows from that for
//! a resource: compile.rs.

use plumbline_conformance::Snapshot;
use plumbline_fhir::profile_facts::{ElementFacts, TypeFacts};
use std::collections::HashMap;

/// The elements of one name within an element.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The name as in a path: of a choice with `[x]`.
    pub(super) name: String,
    /// What holds for all of them.
    pub(super) all: Option<usize>,
    /// The slices, in their order.
    pub(super) slices: Vec<usize>,
}

/// What is within one element.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub(super) groups: Vec<Group>,
    /// The slices of a slice.
    pub(super) slices: Vec<usize>,
    /// Of a slice the element that is sliced.
    pub(super) sliced: Option<usize>,
}

/// A snapshot, ready to be walked.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) url: String,
    /// The address with its version.
    pub(super) title: String,
    pub(super) of: String,
    /// Parts of the profile that are not in it, and why.
    pub(super) problems: Vec<String>,
    facts: Vec<ElementFacts>,
    entries: Vec<Entry>,
}

/// An id without its last part, and that part: name and slice.
struct Split<'i> {
    parent: &'i str,
    name: &'i str,
    slice: Option<&'i str>,
}

/// Takes the last part off an id. Names of slices may hold dots, so that the path helps.
fn split<'i>(id: &'i str, path: &str) -> Option<Split<'i>> {
    let last = path.rsplit('.').next().unwrap_or_default();
    let at = id.rmatch_indices('.').map(|(at, _)| at).find(|at| {
        let rest = id.get(at + 1..).and_then(|it| it.strip_prefix(last));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    });
    let at = at.or_else(|| id.rfind('.'))?;
    let (parent, rest) = id.split_at_checked(at)?;
    let rest = rest.strip_prefix('.')?;
    let (name, slice) = match rest.split_once(':') {
        Some((name, slice)) => (name, Some(slice)),
        None => (rest, None),
    };
    Some(Split {
        parent,
        name,
        slice,
    })
}

impl Outline {
    /// None if there is no element at all.
    pub(super) fn new(snapshot: Snapshot) -> Option<Self> {
        let mut outline = Self {
            title: match &snapshot.version {
                Some(version) => format!("{}|{version}", snapshot.url),
                None => snapshot.url.clone(),
            },
            url: snapshot.url,
            of: snapshot.of,
            problems: snapshot.problems.iter().map(ToString::to_string).collect(),
            entries: vec![Entry::default(); snapshot.elements.len()],
            facts: snapshot.elements,
        };
        let ids: Vec<String> = outline.facts.iter().map(|it| it.id.clone()).collect();
        let by_id: HashMap<&str, usize> =
            ids.iter().enumerate().map(|(at, id)| (&**id, at)).collect();
        for (at, id) in ids.iter().enumerate().skip(1) {
            outline.place(at, id, &by_id);
        }
        (!outline.facts.is_empty()).then_some(outline)
    }

    fn place(&mut self, at: usize, id: &str, by_id: &HashMap<&str, usize>) {
        let path = self.facts.get(at).map(|it| it.path.clone());
        let Some(split) = split(id, &path.unwrap_or_default()) else {
            return;
        };
        // What is within nothing cannot be judged.
        let Some(&parent) = by_id.get(split.parent) else {
            return;
        };
        let outer = split
            .slice
            .and_then(|it| it.rsplit_once('/'))
            .map(|it| it.0);
        let outer = outer.map(|outer| format!("{}.{}:{outer}", split.parent, split.name));
        if let Some(&outer) = outer.as_deref().and_then(|it| by_id.get(it)) {
            self.entries[outer].slices.push(at);
            self.entries[at].sliced = Some(outer);
            return;
        }
        let groups = &mut self.entries[parent].groups;
        let found = groups.iter().position(|it| it.name == split.name);
        let found = found.unwrap_or_else(|| {
            groups.push(Group {
                name: split.name.to_owned(),
                all: None,
                slices: Vec::new(),
            });
            groups.len() - 1
        });
        if split.slice.is_none() {
            groups[found].all = Some(at);
        } else {
            groups[found].slices.push(at);
            self.entries[at].sliced = self.entries[parent].groups[found].all;
        }
    }

    /// The facts of an element.
    pub(super) fn facts(&self, at: usize) -> &ElementFacts {
        // Numbers come from here only.
        &self.facts[at]
    }

    /// What is within an element.
    pub(super) fn entry(&self, at: usize) -> &Entry {
        &self.entries[at]
    }

    /// The element with this id, which of one outside slices is its path.
    pub(super) fn element_at(&self, id: &str) -> Option<usize> {
        self.facts.iter().position(|it| it.id == id)
    }

    /// The elements of a name within an element; the name of a choice may come without `[x]`.
    pub(super) fn group(&self, at: usize, name: &str) -> Option<&Group> {
        let stem = |it: &Group| it.name.strip_suffix("[x]") == Some(name);
        let groups = &self.entry(at).groups;
        groups.iter().find(|it| it.name == name || stem(it))
    }

    /// The types that an element may have.
    pub(super) fn types(&self, at: usize) -> &[TypeFacts] {
        &self.facts(at).types
    }

    /// The slice of a choice that is of one type.
    pub(super) fn slice_of_type(&self, at: usize, name: &str) -> Option<usize> {
        let is_it = |slice: &usize| matches!(self.types(*slice), [sole] if sole.code == name);
        let slices = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, it)| it.sliced == Some(at));
        slices.map(|(slice, _)| slice).find(is_it)
    }

    /// The addresses that are fixed anywhere in the definition of an extension.
    pub(super) fn fixed_urls(&self) -> Vec<String> {
        let urls = self
            .facts
            .iter()
            .filter(|it| it.path.rsplit('.').next() == Some("url"));
        let fixed = urls.filter_map(|it| it.fixed.as_ref());
        fixed
            .map(|it| it.json.trim_matches('"').to_owned())
            .collect()
    }
}
