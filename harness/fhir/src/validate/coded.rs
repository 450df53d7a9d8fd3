//! Counts how far codes were checked, by element. Not the checking: binding.rs.

use super::key::NONE;
use super::outcome::{Assurance, CodedCheck};
use super::plan::{ChildPlan, Plan};
use crate::definitions::ValueSet;

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
    /// Bits of the counts that are not 0.
    used: u32,
    /// No tree has more nodes than fit.
    counts: [u32; HOWS.len() * MOST_BINDINGS],
}

/// No entry yet.
const NOWHERE: u16 = u16::MAX;
/// With more entries than this, each is looked up by its place.
const FEW: usize = 16;

/// What was checked so far.
#[derive(Default)]
pub(super) struct Coded {
    entries: Vec<Entry>,
    /// The entry of each child that has one, by [`ChildPlan::bound`]. Empty while there are few.
    places: Vec<u16>,
}

impl Coded {
    /// The entry of a child, which is made if it is new.
    fn entry(&mut self, number: u32, child: &ChildPlan<'_>, plan: &Plan<'_>) -> Option<&mut Entry> {
        let bound = child.bound as usize;
        let known = if self.places.is_empty() {
            self.entries.iter().position(|entry| entry.child == number)
        } else {
            let place = *self.places.get(bound)?;
            (place != NOWHERE).then_some(usize::from(place))
        };
        if let Some(known) = known {
            return self.entries.get_mut(known);
        }
        self.entries.push(Entry {
            child: number,
            used: 0,
            counts: [0; HOWS.len() * MOST_BINDINGS],
        });
        if self.entries.len() > FEW {
            let first = if self.places.is_empty() {
                self.places.resize(plan.bound.len(), NOWHERE);
                0
            } else {
                self.entries.len() - 1
            };
            for (at, entry) in self.entries.iter().enumerate().skip(first) {
                let bound = plan.children.get(entry.child as usize)?.bound as usize;
                *self.places.get_mut(bound)? = u16::try_from(at).unwrap_or(NOWHERE);
            }
        }
        self.entries.last_mut()
    }

    /// Counts a check of a code by one of the bindings of a child.
    pub(super) fn add(
        &mut self,
        number: u32,
        child: &ChildPlan<'_>,
        binding: usize,
        how: How,
        plan: &Plan<'_>,
    ) {
        if child.bound == NONE {
            return;
        }
        let at = binding * HOWS.len() + how as usize;
        if let Some(entry) = self.entry(number, child, plan)
            && let Some(count) = entry.counts.get_mut(at)
        {
            *count += 1;
            entry.used |= 1 << at;
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
            let bindings = plan.bindings(child);
            let mut used = entry.used;
            while used != 0 {
                let at = used.trailing_zeros() as usize;
                used &= used - 1;
                let set = bindings.get(at / HOWS.len());
                let set = set.map(|it| it.binding.value_set);
                let how = HOWS[at % HOWS.len()];
                let check = check(child, set, how, entry.counts[at], plan);
                join(&mut checks, first, check);
            }
        }
        checks
    }
}

fn check(
    child: &ChildPlan<'_>,
    set: Option<ValueSet<'_>>,
    how: How,
    count: u32,
    plan: &Plan<'_>,
) -> CodedCheck {
    CodedCheck {
        path: plan
            .bound
            .get(child.bound as usize)
            .map_or_else(String::new, |bound| String::from(&*bound.path)),
        value_set: set.map_or("", ValueSet::url).into(),
        value_set_version: set.and_then(ValueSet::version).map(Into::into),
        assurance: assurance(how, set, plan),
        count: u64::from(count),
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
                source: "the value sets of FHIR".into(),
                version: plan.definitions.version().number().into(),
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
