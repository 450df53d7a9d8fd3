//! Profiles: of a resource those that it claims and those that are asked for, and of each extension its definition.
//! A profile is compiled once ([`Profiles`]) into what it adds to the base specification, so that checking costs in
//! proportion to its rules. Not for the base specification, and not for what is in a value set.

mod cache;
mod compile;
mod compiled;
mod contexts;
mod discriminate;
mod extension;
mod implied;
mod judge;
mod laws;
mod name;
mod outline;
pub(crate) mod rules;
mod sketch;
mod slices;
mod target;
mod values;
mod verdict;

#[cfg(test)]
mod tests;

pub(crate) use cache::Profiles;
pub(crate) use implied::Implied;
pub(crate) use judge::Around;
pub use verdict::{Origin, ProfileCheck, ProfileState};

use crate::binding::Coded;
use crate::knowledge::Knowledge;
use crate::report::Report;
use judge::Judge;
use plumbline_fhir::Options;
use plumbline_fhir::validate::Survey;
use std::collections::{BTreeMap, BTreeSet};

/// What profiles and extensions say of one body.
pub(crate) struct Findings {
    pub(crate) report: Report,
    pub(crate) coded: Coded,
    pub(crate) profiles: Vec<ProfileCheck>,
    pub(crate) unknown_extensions: BTreeSet<String>,
    pub(crate) targets_not_checked: u64,
    /// What else was not checked: fragments of sentences.
    pub(crate) not_checked: BTreeSet<String>,
}

/// Judges every resource by the profiles that it claims, the outermost by those that are asked for too, and every
/// extension by its definition.
pub(crate) fn check<'a>(
    knowledge: &Knowledge,
    around: &Around<'a>,
    survey: &Survey<'a>,
    requested: &[String],
    options: Options,
) -> Findings {
    let mut judge = Judge::new(knowledge, around, options);
    let mut checks: BTreeMap<(Origin, &str), ProfileCheck> = BTreeMap::new();
    for (at, resource) in survey.resources.iter().enumerate() {
        let asked = requested.iter().map(|it| (Origin::Requested, it.as_str()));
        let asked = asked.filter(|_| at == 0);
        let claimed = resource.profiles.iter().map(|it| (Origin::Claimed, *it));
        let implied = knowledge.implied().profiles(knowledge, resource);
        let implied = implied.into_iter().map(|it| (Origin::Implied, it));
        let implied = implied.filter(|(_, it)| !(at == 0 && requested.iter().any(|own| own == it)));
        for (origin, canonical) in asked.chain(claimed).chain(implied) {
            let found = knowledge.profiles.profile(knowledge, canonical);
            let check = || {
                let path = survey.path(at, knowledge.definitions);
                verdict::check(origin, canonical, &found, path)
            };
            let key = (origin, shown_address(canonical));
            checks.entry(key).or_insert_with(check).count += 1;
            if let Ok(profile) = found {
                judge.profile(&profile, resource.element);
            }
        }
    }
    judge.targets();
    judge.extensions(survey);
    judge.targets();
    let mut profiles: Vec<ProfileCheck> = checks.into_values().collect();
    let named = std::mem::take(&mut judge.unknown).into_iter();
    profiles.extend(named.map(|(url, reason)| verdict::not_checked(url, reason)));
    Findings {
        report: judge.report,
        coded: judge.coded,
        profiles,
        unknown_extensions: judge.unknown_extensions,
        targets_not_checked: judge.targets_not_checked,
        not_checked: BTreeSet::new(),
    }
}

/// An address as a message may show it: `…` for what is no address of a definition.
pub(crate) fn shown_address(address: &str) -> &str {
    let is_plain = |it: char| it.is_ascii_graphic() && !"?@<>\"".contains(it);
    let is_address = address.contains(':') && address.len() <= 300 && address.chars().all(is_plain);
    if is_address { address } else { "…" }
}
