//! Counts how far codes were checked, by element. Not the checking.

use plumbline_fhir::{Assurance, CodedCheck};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// What is counted together.
type Key = (String, String, Option<String>, Assurance);

/// What was checked so far.
#[derive(Debug, Default)]
pub(crate) struct Coded {
    counts: BTreeMap<Key, u64>,
}

impl Coded {
    /// Counts codes of an element against a value set; an empty one stands for their code system.
    pub(crate) fn add(&mut self, path: &str, canonical: &str, assurance: Assurance, count: u64) {
        let (url, version) = match canonical.split_once('|') {
            Some((url, version)) => (url, Some(version.to_owned())),
            None => (canonical, None),
        };
        let key = (path.to_owned(), url.to_owned(), version, assurance);
        *self.counts.entry(key).or_default() += count;
    }

    /// Adds what was counted to the checks of the base specification. What was checked by the code system alone stands
    /// in place of "no value set is required here", and nowhere else.
    pub(crate) fn add_to(self, checks: &mut Vec<CodedCheck>) {
        if self.counts.is_empty() {
            return;
        }
        let is_open = |check: &CodedCheck| {
            check.value_set.is_empty() && matches!(check.assurance, Assurance::NotChecked(_))
        };
        let open = checks.iter().filter(|check| is_open(check));
        let open: BTreeSet<&str> = open.map(|check| check.path.as_str()).collect();
        let is_better = |(path, set, ..): &Key| set.is_empty() && open.contains(path.as_str());
        let better: Vec<bool> = self.counts.keys().map(is_better).collect();
        let keys = self.counts.keys().zip(&better).filter(|(_, it)| **it);
        let paths: BTreeSet<&str> = keys.map(|((path, ..), _)| path.as_str()).collect();
        checks.retain(|check| !(is_open(check) && paths.contains(check.path.as_str())));
        for (((path, value_set, version, assurance), count), is_better) in
            self.counts.into_iter().zip(better)
        {
            if value_set.is_empty() && !is_better {
                continue;
            }
            checks.push(CodedCheck {
                path,
                value_set: Cow::Owned(value_set),
                value_set_version: version.map(Cow::Owned),
                assurance,
                count,
            });
        }
    }
}
