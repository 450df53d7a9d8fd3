//! A document as its rules see it: resources by reference, sections by heading, what a section leads to.
//! Not for judging: what is broken here is told by rules.

use crate::heading::Headings;
use crate::locator::Path;
use crate::narrative::Narrative;
use crate::tops::Tops;
use crate::view::El;
use plumbline_tree::Tree;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// One resource of the document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'t> {
    pub(crate) kind: &'t str,
    pub(crate) full_url: Option<&'t str>,
    pub(crate) id: Option<&'t str>,
    /// The number of the resource that contains it, if one does.
    pub(crate) within: Option<usize>,
    pub(crate) el: El<'t>,
}

/// One section of the Composition, nested ones among them.
#[derive(Debug)]
pub(crate) struct Section<'t> {
    pub(crate) el: El<'t>,
    /// The key of its heading; `None` if it is none of the headings.
    pub(crate) heading: Option<String>,
    /// The code by which it was known, if that is not the preferred one.
    pub(crate) older_code: bool,
    narrative: OnceCell<Narrative>,
    /// Numbers of the resources that it leads to: its entries, and the items of lists; and the Composition.
    by_kind: Vec<(&'t str, Vec<usize>)>,
    /// What paths to things that items belong to were found to lead to.
    instances: RefCell<Vec<Instances>>,
}

/// Paths, and the numbers of the resources that they lead to, each once.
type Instances = (Vec<Path>, Rc<[usize]>);

/// Which resources a path may begin with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Base<'b, 't> {
    /// Any of the document.
    All,
    /// Those that a section leads to, and the Composition.
    Of(&'b Section<'t>),
    /// This one.
    One(usize),
}

impl<'t> Section<'t> {
    /// The numbers of the resources of a type that it leads to, or the Composition.
    pub(crate) fn of_kind(&self, kind: &str) -> &[usize] {
        let found = self.by_kind.iter().find(|(known, _)| *known == kind);
        found.map_or(&[], |(_, numbers)| numbers.as_slice())
    }

    /// The numbers of all resources that it leads to, and of the Composition.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.by_kind
            .iter()
            .flat_map(|(_, numbers)| numbers.iter().copied())
    }

    /// The numbers of the resources that paths lead to from here, each once. Many items ask for the same.
    pub(crate) fn instances(&self, document: &Document<'t>, paths: &[Path]) -> Rc<[usize]> {
        let known = self.instances.borrow();
        if let Some((_, numbers)) = known.iter().find(|(known, _)| known == paths) {
            return Rc::clone(numbers);
        }
        drop(known);
        let mut seen = BTreeSet::new();
        let mut numbers = Vec::new();
        for path in paths {
            path.each(document, Base::Of(self), &mut |found| {
                if seen.insert(found.entry) {
                    numbers.push(found.entry);
                }
            });
        }
        let numbers: Rc<[usize]> = numbers.into();
        let mut known = self.instances.borrow_mut();
        known.push((paths.to_vec(), Rc::clone(&numbers)));
        numbers
    }

    /// Its text.
    pub(crate) fn narrative(&self) -> &Narrative {
        self.narrative.get_or_init(|| Narrative::of(self.el))
    }
}

/// What a reference leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The resource of that number.
    Entry(usize),
    /// Something outside of the document, by a full address.
    Outside,
    /// Nothing.
    Nowhere,
}

/// The document.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    pub(crate) tree: &'t Tree,
    /// Those of the Bundle in order of place, then those contained in them.
    pub(crate) entries: Vec<Entry<'t>>,
    /// How many of them are not contained in another.
    pub(crate) outer: usize,
    /// By the number of what contains them, and their id.
    contained: BTreeMap<(usize, &'t str), usize>,
    /// Only ever asked for one address, never walked.
    by_url: HashMap<&'t str, usize>,
    /// Asked for only by references of the form `Type/id`.
    by_id: OnceCell<BTreeMap<(&'t str, &'t str), usize>>,
    tops: OnceCell<Tops<'t>>,
    by_kind: BTreeMap<&'t str, Vec<usize>>,
    /// The number of the Composition.
    pub(crate) composition: usize,
    pub(crate) sections: Vec<Section<'t>>,
    /// The numbers of the sections under each heading. Only ever asked for one heading, never walked.
    by_heading: HashMap<String, Vec<usize>>,
}

impl<'t> Document<'t> {
    /// Reads a tree that was recognised as a document.
    pub(crate) fn of(tree: &'t Tree, headings: &Headings) -> Option<Self> {
        let mut entries: Vec<Entry<'t>> = entries(tree).collect();
        let composition = entries.iter().position(|it| it.kind == "Composition")?;
        let outer = entries.len();
        for number in 0..outer {
            entries.extend(contained(number, entries[number].el));
        }
        let mut document = Self {
            tree,
            outer,
            contained: BTreeMap::new(),
            by_url: HashMap::new(),
            by_id: OnceCell::new(),
            tops: OnceCell::new(),
            by_kind: BTreeMap::new(),
            entries,
            composition,
            sections: Vec::new(),
            by_heading: HashMap::new(),
        };
        for (number, entry) in document.entries.iter().enumerate() {
            if let Some(url) = entry.full_url {
                document.by_url.entry(url).or_insert(number);
            }
            document.by_kind.entry(entry.kind).or_default().push(number);
            if let (Some(container), Some(id)) = (entry.within, entry.id) {
                document.contained.entry((container, id)).or_insert(number);
            }
        }
        let mut open: Vec<El<'t>> = document.composition().children("section").collect();
        open.reverse();
        while let Some(el) = open.pop() {
            let section = document.section(el, headings);
            if let Some(heading) = &section.heading {
                let number = document.sections.len();
                let of_heading = document.by_heading.entry(heading.clone()).or_default();
                of_heading.push(number);
            }
            document.sections.push(section);
            let inner: Vec<El<'t>> = el.children("section").collect();
            open.extend(inner.into_iter().rev());
        }
        Some(document)
    }

    /// Any resource, without sections: for rules that look at codes only.
    pub(crate) fn loose(tree: &'t Tree) -> Self {
        let entries: Vec<Entry<'t>> = entries(tree).collect();
        Self {
            tree,
            outer: entries.len(),
            contained: BTreeMap::new(),
            by_url: HashMap::new(),
            by_id: OnceCell::from(BTreeMap::new()),
            tops: OnceCell::new(),
            by_kind: BTreeMap::new(),
            entries,
            composition: 0,
            sections: Vec::new(),
            by_heading: HashMap::new(),
        }
    }

    /// The members of each resource.
    #[inline]
    pub(crate) fn tops(&self) -> &Tops<'t> {
        let resources = || self.entries.iter().map(|entry| entry.el);
        self.tops.get_or_init(|| Tops::of(resources()))
    }

    /// Resources by type and id; of several that share them the first.
    fn by_id(&self) -> &BTreeMap<(&'t str, &'t str), usize> {
        self.by_id.get_or_init(|| {
            let mut by_id = BTreeMap::new();
            for (number, entry) in self.entries[..self.outer].iter().enumerate() {
                if let Some(id) = entry.id {
                    by_id.entry((entry.kind, id)).or_insert(number);
                }
            }
            by_id
        })
    }

    pub(crate) fn composition(&self) -> El<'t> {
        self.entries[self.composition].el
    }

    fn section(&self, el: El<'t>, headings: &Headings) -> Section<'t> {
        let codings = el.child("code").map(El::codings).unwrap_or_default();
        let known = codings
            .iter()
            .find_map(|coding| headings.known(coding.system?, coding.code?));
        Section {
            el,
            heading: known.map(|(key, _)| key.to_owned()),
            older_code: known.is_some_and(|(_, older)| older),
            narrative: OnceCell::new(),
            by_kind: self.reach(el),
            instances: RefCell::default(),
        }
    }

    /// The entries of a section, and the items of lists among them, each once.
    fn reach(&self, section: El<'t>) -> Vec<(&'t str, Vec<usize>)> {
        let mut seen = BTreeSet::new();
        let mut reach: Vec<(&'t str, Vec<usize>)> = vec![("Composition", vec![self.composition])];
        let mut open: Vec<usize> = section
            .children("entry")
            .filter_map(|entry| self.follow(self.composition, entry))
            .collect();
        open.reverse();
        while let Some(number) = open.pop() {
            if !seen.insert(number) {
                continue;
            }
            let list = self.entries[number];
            match reach.iter_mut().find(|(kind, _)| *kind == list.kind) {
                Some((_, numbers)) => numbers.push(number),
                None => reach.push((list.kind, vec![number])),
            }
            if list.kind == "List" {
                let items = list.el.children("entry").flat_map(|it| it.children("item"));
                let items: Vec<usize> = items.filter_map(|it| self.follow(number, it)).collect();
                open.extend(items.into_iter().rev());
            }
        }
        reach
    }

    /// The resource that a Reference leads to, seen from the resource of number `from`.
    pub(crate) fn follow(&self, from: usize, reference: El<'t>) -> Option<usize> {
        match self.target(from, reference.child_text("reference")?) {
            Target::Entry(number) => Some(number),
            Target::Outside | Target::Nowhere => None,
        }
    }

    /// What the text of a reference leads to, seen from the resource of number `from`.
    pub(crate) fn target(&self, from: usize, reference: &str) -> Target {
        if let Some(id) = reference.strip_prefix('#') {
            // What is contained sees the others of its container.
            let container = self.entries[from].within.unwrap_or(from);
            if id.is_empty() {
                return Target::Entry(container);
            }
            let found = self.contained.get(&(container, id));
            return found.map_or(Target::Nowhere, |number| Target::Entry(*number));
        }
        if let Some(number) = self.by_url.get(reference) {
            return Target::Entry(*number);
        }
        let is_full = reference.contains("://");
        let plain = reference
            .split_once("/_history/")
            .map_or(reference, |it| it.0);
        if is_full && let Some(number) = self.by_url.get(plain) {
            return Target::Entry(*number);
        }
        if !is_full && let Some((kind, id)) = plain.split_once('/') {
            let outer = self.entries[from].within.unwrap_or(from);
            let base = self.entries[outer].full_url.and_then(base_of);
            let full = base.map(|base| format!("{base}/{plain}"));
            if let Some(number) = full.and_then(|url| self.by_url.get(url.as_str())) {
                return Target::Entry(*number);
            }
            if let Some(number) = self.by_id().get(&(kind, id)) {
                return Target::Entry(*number);
            }
        }
        if is_full {
            Target::Outside
        } else {
            Target::Nowhere
        }
    }

    /// The sections under a heading.
    pub(crate) fn under(&self, heading: &str) -> impl Iterator<Item = &Section<'t>> {
        let numbers = self.by_heading.get(heading).into_iter().flatten();
        numbers.map(|number| &self.sections[*number])
    }

    /// The numbers of the resources of a type.
    pub(crate) fn of_kind(&self, kind: &str) -> &[usize] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }
}

/// The resources of a Bundle.
pub(crate) fn entries(tree: &Tree) -> impl Iterator<Item = Entry<'_>> {
    El::new(tree.root()).children("entry").filter_map(|entry| {
        let el = entry.child("resource")?.resource()?;
        Some(Entry {
            kind: el.resource_type()?,
            full_url: entry.child_text("fullUrl"),
            id: el.child_text("id"),
            within: None,
            el,
        })
    })
}

/// The resources within the resource of a number.
fn contained(number: usize, resource: El<'_>) -> impl Iterator<Item = Entry<'_>> {
    let contained = resource.children("contained").filter_map(El::resource);
    contained.filter_map(move |el| {
        Some(Entry {
            kind: el.resource_type()?,
            full_url: None,
            id: el.child_text("id"),
            within: Some(number),
            el,
        })
    })
}

/// The base of a full address: what stands before type and id.
fn base_of(url: &str) -> Option<&str> {
    if !url.starts_with("http") {
        return None;
    }
    let (rest, _) = url.rsplit_once('/')?;
    rest.rsplit_once('/').map(|(base, _)| base)
}
