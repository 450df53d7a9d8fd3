//! Counts how far codes were checked, by element. Not the checking.

use plumbline_fhir::{Assurance, CodedCheck};
use plumbline_tree::by_length;
use std::borrow::Cow;

/// Codes of one element that were checked in the same way.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    path: String,
    value_set: String,
    version: Option<String>,
    assurance: Assurance,
    count: u64,
}

/// What was checked so far: most bodies have few elements with codes.
#[derive(Debug, Default)]
pub(crate) struct Coded {
    /// By the length of their paths and the paths.
    entries: Vec<Entry>,
}

impl Coded {
    /// Counts codes of an element against a value set; an empty one stands for their code system.
    pub(crate) fn add(&mut self, path: &str, canonical: &str, assurance: Assurance, count: u64) {
        let (url, version) = match canonical.split_once('|') {
            Some((url, version)) => (url, Some(version)),
            None => (canonical, None),
        };
        let wanted = by_length(path);
        let mut at = self
            .entries
            .partition_point(|it| by_length(&it.path) < wanted);
        while let Some(known) = self.entries.get_mut(at).filter(|it| it.path == path) {
            if known.value_set == url
                && known.version.as_deref() == version
                && known.assurance == assurance
            {
                known.count += count;
                return;
            }
            at += 1;
        }
        let entry = Entry {
            path: path.to_owned(),
            value_set: url.to_owned(),
            version: version.map(str::to_owned),
            assurance,
            count,
        };
        self.entries.insert(at, entry);
    }

    /// Adds what was counted to the checks of the base specification. What was checked by the code system alone stands
    /// in place of "no value set is required here", and nowhere else.
    pub(crate) fn add_to(mut self, checks: &mut Vec<CodedCheck>) {
        self.entries.sort();
        // Of one path those of the code system come first.
        let mut better = String::new();
        for entry in self.entries {
            if entry.value_set.is_empty() && entry.path != better {
                let is_open = |it: &CodedCheck| {
                    it.value_set.is_empty()
                        && matches!(it.assurance, Assurance::NotChecked(_))
                        && it.path == entry.path
                };
                if !checks.iter().any(is_open) {
                    continue;
                }
                checks.retain(|it| !is_open(it));
                better.clone_from(&entry.path);
            }
            checks.push(CodedCheck {
                path: entry.path,
                value_set: Cow::Owned(entry.value_set),
                value_set_version: entry.version.map(Cow::Owned),
                assurance: entry.assurance,
                count: entry.count,
            });
        }
    }
}
