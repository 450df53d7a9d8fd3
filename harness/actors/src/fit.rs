//! How well a patient of the target fits a role, and what is missing.
//! Not for choosing among patients: `suggest` does that.

use crate::area::Area;
use crate::candidate::{Candidate, Held, Seen};
use crate::need::Need;

/// How one candidate fits one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The place of the candidate in the list.
    pub candidate: usize,
    /// What it has.
    pub has: Vec<Need>,
    /// What it lacks, and what is known instead, in our words without any value of the patient.
    pub lacks: Vec<(Need, String)>,
    /// Records of the areas that the role needs, beyond what it needs.
    pub surplus: usize,
}

impl Fit {
    /// Whether it has everything that the role needs.
    pub fn is_whole(&self) -> bool {
        self.lacks.is_empty()
    }
}

/// Compares the candidate at a place of the list with what a role needs.
/// `has_twin` says whether another candidate looks like it on paper.
pub fn fit(place: usize, candidate: &Candidate, has_twin: bool, needs: &[Need]) -> Fit {
    let mut fit = Fit {
        candidate: place,
        has: Vec::new(),
        lacks: Vec::new(),
        surplus: 0,
    };
    for need in needs {
        match missing(candidate, has_twin, need) {
            None => fit.has.push(need.clone()),
            Some(instead) => fit.lacks.push((need.clone(), instead)),
        }
    }
    fit.surplus = surplus(candidate, needs);
    fit
}

/// What is known in place of the need; `None` if it is met. What is not known is not met.
fn missing(candidate: &Candidate, has_twin: bool, need: &Need) -> Option<String> {
    let details = &candidate.details;
    let unless = |met: bool, instead: &str| (!met).then(|| instead.to_owned());
    match need {
        Need::Address => unless(details.has_address, "has none"),
        Need::NoBirthDate => unless(details.birth_date.is_none(), "has one"),
        Need::HyphenatedName => {
            let family = details.family.as_deref();
            unless(family.is_some_and(|name| name.contains('-')), "has none")
        }
        Need::Twin => unless(has_twin, "no candidate shares them"),
        Need::AtLeast {
            area,
            status,
            count,
        } => {
            let own = |seen: &&Seen| seen.status.as_deref() == Some(status);
            within(candidate, *area, |all| {
                let held = all.iter().filter(own).count();
                (held < *count).then(|| format!("has {held}"))
            })
        }
        Need::Code { area, code, .. } => within(candidate, *area, |all| {
            let held = all.iter().any(|seen| seen.codes.iter().any(|c| c == code));
            unless(held, "has none")
        }),
        Need::None(area) => within(candidate, *area, |all| {
            (!all.is_empty()).then(|| format!("has {}", all.len()))
        }),
    }
}

fn within(
    candidate: &Candidate,
    area: Area,
    judge: impl Fn(&[Seen]) -> Option<String>,
) -> Option<String> {
    match candidate.held.get(&area) {
        Some(Held::All(all)) => judge(all),
        Some(Held::Unknown(why)) => Some(why.clone()),
        None => Some("was not read".to_owned()),
    }
}

/// How many records there are in the areas of the needs beyond what they ask for.
fn surplus(candidate: &Candidate, needs: &[Need]) -> usize {
    let mut surplus = 0;
    for (area, held) in &candidate.held {
        let Held::All(all) = held else { continue };
        let wanted: Option<usize> = needs
            .iter()
            .filter_map(|need| match need {
                Need::AtLeast {
                    area: own, count, ..
                } if own == area => Some(*count),
                Need::None(own) if own == area => Some(0),
                _ => None,
            })
            .reduce(|a, b| a + b);
        surplus += wanted.map_or(0, |wanted| all.len().saturating_sub(wanted));
    }
    surplus
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidate::Details;
    use std::collections::BTreeMap;

    const JAB: Area = Area::Records("Immunization");

    fn seen(status: &str, code: &str) -> Seen {
        Seen {
            status: Some(status.to_owned()),
            codes: vec![code.to_owned()],
        }
    }

    fn candidate(held: &[(Area, Held)]) -> Candidate {
        Candidate {
            nhs_number: "9990000018".to_owned(),
            details: Details {
                id: "1".to_owned(),
                family: Some("Ash-Vale".to_owned()),
                gender: Some("female".to_owned()),
                birth_date: None,
                has_address: true,
            },
            held: held.iter().cloned().collect::<BTreeMap<_, _>>(),
        }
    }

    fn at_least(area: Area, status: &str, count: usize) -> Need {
        Need::AtLeast {
            area,
            status: status.to_owned(),
            count,
        }
    }

    /// What is said of one need; empty if it is met.
    fn lack(candidate: &Candidate, twin: bool, need: Need) -> String {
        let fit = fit(0, candidate, twin, std::slice::from_ref(&need));
        assert_eq!(fit.has.len() + fit.lacks.len(), 1);
        assert_eq!(fit.is_whole(), fit.has == [need]);
        fit.lacks.first().map(|l| l.1.clone()).unwrap_or_default()
    }

    #[test]
    fn each_need_is_met_or_says_what_there_is_instead() {
        let jabs = vec![
            seen("completed", "1"),
            seen("completed", "2"),
            seen("not-done", "1"),
        ];
        let mut own = candidate(&[(JAB, Held::All(jabs)), (Area::Allergies, Held::All(vec![]))]);
        let code = |area| Need::Code {
            area,
            code: "2",
            meaning: "two",
        };
        for need in [
            Need::Address,
            Need::NoBirthDate,
            Need::HyphenatedName,
            Need::None(Area::Allergies),
            at_least(JAB, "completed", 2),
            at_least(JAB, "not-done", 1),
            code(JAB),
        ] {
            assert_eq!(lack(&own, false, need.clone()), "", "{need:?}");
        }
        assert_eq!(lack(&own, true, Need::Twin), "");
        for (need, instead) in [
            (Need::Twin, "no candidate shares them"),
            (at_least(JAB, "completed", 3), "has 2"),
            (at_least(JAB, "entered-in-error", 1), "has 0"),
            (at_least(Area::Allergies, "active", 1), "has 0"),
            (Need::None(JAB), "has 3"),
            (code(Area::Allergies), "has none"),
        ] {
            assert_eq!(lack(&own, false, need.clone()), instead, "{need:?}");
        }
        own.details.has_address = false;
        own.details.birth_date = Some("1977".to_owned());
        own.details.family = Some("Ash".to_owned());
        assert_eq!(lack(&own, false, Need::Address), "has none");
        assert_eq!(lack(&own, false, Need::NoBirthDate), "has one");
        assert_eq!(lack(&own, false, Need::HyphenatedName), "has none");
        own.details.family = None;
        assert_eq!(lack(&own, false, Need::HyphenatedName), "has none");
    }

    #[test]
    fn what_is_not_known_is_never_met() {
        let unknown = Held::Unknown("status 404".to_owned());
        let own = candidate(&[(JAB, unknown)]);
        for need in [Need::None(JAB), at_least(JAB, "completed", 1)] {
            assert_eq!(lack(&own, false, need), "status 404");
        }
        assert_eq!(
            lack(&own, false, Need::None(Area::Allergies)),
            "was not read"
        );
    }

    #[test]
    fn surplus_counts_only_areas_that_are_needed() {
        let all = Held::All(vec![seen("completed", "1"), seen("not-done", "1")]);
        let own = candidate(&[(JAB, all.clone()), (Area::Allergies, all)]);
        let needs = [at_least(JAB, "completed", 1)];
        assert_eq!(fit(0, &own, false, &needs).surplus, 1);
        assert_eq!(fit(0, &own, false, &[]).surplus, 0);
    }
}
