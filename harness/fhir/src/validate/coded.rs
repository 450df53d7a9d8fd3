//! Counts how far codes were checked, by element. Not the checking: binding.rs.

use super::outcome::{Assurance, CodedCheck};
use super::plan::{ChildPlan, NONE, Plan};
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

/// What was checked so far.
pub(super) struct Coded {
    /// The entry of each child that has one, by [`ChildPlan::bound`].
    places: Vec<u32>,
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
            places: vec![NONE; plan.bound as usize],
            entries: Vec::new(),
        }
    }

    /// Counts a check of a code by one of the bindings of a child.
    pub(super) fn add(&mut self, number: u32, child: &ChildPlan<'_>, binding: usize, how: How) {
        let Some(place) = self.places.get_mut(child.bound as usize) else {
            return;
        };
        if *place == NONE {
            *place = u32::try_from(self.entries.len()).unwrap_or(NONE);
            self.entries.push(Entry {
                child: number,
                counts: [[0; HOWS.len()]; MOST_BINDINGS],
            });
        }
        let entry = self.entries.get_mut(*place as usize);
        let counts = entry.and_then(|entry| entry.counts.get_mut(binding));
        if let Some(count) = counts.and_then(|counts| counts.get_mut(how as usize)) {
            *count += 1;
        }
    }

    /// The checks, by element.
    pub(super) fn finish(self, plan: &Plan<'_>) -> Vec<CodedCheck> {
        let mut checks = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let Some(child) = plan.children.get(entry.child as usize) else {
                continue;
            };
            let path = child.child.element().path();
            let mut bindings = bindings(child);
            for counts in &entry.counts {
                let set = bindings.next().map(|it| it.value_set);
                for (how, count) in HOWS.into_iter().zip(counts) {
                    if *count > 0 {
                        checks.push(CodedCheck {
                            path: path.clone(),
                            value_set: set.map(address).unwrap_or_default(),
                            assurance: assurance(how, set, plan),
                            count: *count,
                        });
                    }
                }
            }
        }
        checks.sort_unstable();
        // A choice may have several types with codes, and resources share elements.
        checks.dedup_by(|next, kept| {
            let is_same = (&next.path, &next.value_set, &next.assurance)
                == (&kept.path, &kept.value_set, &kept.assurance);
            if is_same {
                kept.count += next.count;
            }
            is_same
        });
        checks
    }
}

fn assurance(how: How, set: Option<ValueSet<'_>>, plan: &Plan<'_>) -> Assurance {
    let reason = match how {
        How::Listed => {
            return Assurance::Checked {
                source: "the value sets of FHIR",
                version: plan.definitions.version().number().to_owned(),
            };
        }
        How::Form => return Assurance::SyntaxOnly,
        How::Open => set.and_then(ValueSet::open).map_or("", |(_, reason)| reason),
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
