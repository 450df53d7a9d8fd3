//! Counts how far codes were checked, by element. Not the checking: binding.rs.

use super::outcome::{Assurance, CodedCheck};
use super::plan::{ChildPlan, Plan};
use crate::definitions::{Binding, ValueSet};

/// How one code was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Against a list of codes.
    Listed,
    /// By its form only.
    Form,
    /// Not, since the set is open.
    Open,
    /// Not, since no value set is required.
    NotRequired,
    /// Not, since there is an extension in its place.
    NoCode,
}

const HOWS: [How; 5] = [
    How::Listed,
    How::Form,
    How::Open,
    How::NotRequired,
    How::NoCode,
];
/// An element has at most a binding, a greatest set, and a binding of its type with a greatest set.
const MOST_BINDINGS: usize = 4;

/// The counts of one child of the plan.
struct Entry {
    child: u32,
    counts: [[u64; HOWS.len()]; MOST_BINDINGS],
}

/// No entry yet.
const NOWHERE: u16 = u16::MAX;

/// What was checked so far.
pub(super) struct Coded {
    /// The entry of each child that has one, by [`ChildPlan::bound`].
    places: Vec<u16>,
    entries: Vec<Entry>,
}

/// The bindings of a child: its own, then those of its type.
pub(super) fn bindings<'d>(child: &ChildPlan<'d>) -> impl Iterator<Item = Binding<'d>> + use<'d> {
    let of = child.child.type_use().map(|it| it.of().bindings());
    let own = child.child.element().bindings();
    own.chain(of.into_iter().flatten())
}

impl Coded {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        Self {
            places: vec![NOWHERE; plan.bound as usize],
            entries: Vec::new(),
        }
    }

    /// Counts a check of a code by one of the bindings of a child.
    pub(super) fn add(&mut self, number: u32, child: &ChildPlan<'_>, binding: usize, how: How) {
        let Some(place) = self.places.get_mut(child.bound as usize) else {
            return;
        };
        if *place == NOWHERE {
            *place = u16::try_from(self.entries.len()).unwrap_or(NOWHERE);
            self.entries.push(Entry {
                child: number,
                counts: [[0; HOWS.len()]; MOST_BINDINGS],
            });
        }
        let entry = self.entries.get_mut(usize::from(*place));
        let counts = entry.and_then(|entry| entry.counts.get_mut(binding));
        if let Some(count) = counts.and_then(|counts| counts.get_mut(how as usize)) {
            *count += 1;
        }
    }

    /// The checks, in the order of the elements in the specification.
    pub(super) fn finish(mut self, plan: &Plan<'_>) -> Vec<CodedCheck> {
        let child = |entry: &Entry| plan.children.get(entry.child as usize);
        let number = |entry: &Entry| child(entry).map(|it| it.child.element().number());
        self.entries.sort_by_key(number);
        let mut checks: Vec<CodedCheck> = Vec::with_capacity(self.entries.len());
        // Resources share elements, and a choice may have several types with codes.
        let mut element = None;
        let mut first = 0;
        for entry in &self.entries {
            let Some(child) = child(entry) else {
                continue;
            };
            let own = Some(child.child.element().number());
            if own != element {
                element = own;
                first = checks.len();
            }
            let mut bindings = bindings(child);
            for counts in &entry.counts {
                let set = bindings.next().map(|it| it.value_set);
                for (how, count) in HOWS.into_iter().zip(counts) {
                    if *count > 0 {
                        let check = check(child, set, how, *count, plan);
                        join(&mut checks, first, check);
                    }
                }
            }
        }
        checks
    }
}

fn check(
    child: &ChildPlan<'_>,
    set: Option<ValueSet<'_>>,
    how: How,
    count: u64,
    plan: &Plan<'_>,
) -> CodedCheck {
    CodedCheck {
        path: child.child.element().path(),
        value_set: set.map_or("", ValueSet::url),
        value_set_version: set.and_then(ValueSet::version),
        assurance: assurance(how, set, plan),
        count,
    }
}

/// Adds a check to an equal one of the same element, or as one more.
fn join(checks: &mut Vec<CodedCheck>, first: usize, check: CodedCheck) {
    let mut of_element = checks.iter_mut().skip(first);
    let known =
        of_element.find(|it| it.value_set == check.value_set && it.assurance == check.assurance);
    match known {
        Some(known) => known.count += check.count,
        None => checks.push(check),
    }
}

fn assurance(how: How, set: Option<ValueSet<'_>>, plan: &Plan<'_>) -> Assurance {
    let reason = match how {
        How::Listed => {
            return Assurance::Checked {
                source: "the value sets of FHIR",
                version: plan.definitions.version().number(),
            };
        }
        How::Form => return Assurance::SyntaxOnly,
        How::Open => set
            .and_then(ValueSet::open)
            .map_or("", |(_, reason)| reason),
        How::NotRequired => "the base specification requires no value set here",
        How::NoCode => "an extension stands in place of the code",
    };
    Assurance::NotChecked(reason.to_owned())
}

/// The address of a value set with its version.
pub(super) fn address(set: ValueSet<'_>) -> String {
    let url = set.url();
    let Some(version) = set.version() else {
        return url.to_owned();
    };
    let mut address = String::with_capacity(url.len() + version.len() + 1);
    address.push_str(url);
    address.push('|');
    address.push_str(version);
    address
}
