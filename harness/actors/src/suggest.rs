//! Chooses for every role among the patients that a target already holds.
//! Nobody plays two roles, and twins are chosen together. Not for reading the target.

use crate::area::Asked;
use crate::candidate::Candidate;
use crate::fit::{Fit, fit};
use crate::need::{Need, likeness, needs, person_likeness};
use plumbline_model::{ActorRole, Person};
use plumbline_pack::Pack;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Candidates that are shown for a role, at most: those who fit, or else those who come nearest.
const FITTING: usize = 3;
const NEAREST: usize = 2;

/// What is suggested for one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The role.
    pub role: ActorRole,
    /// What it needs; `None` if no scenario of the scope needs the role.
    pub needs: Option<Vec<Need>>,
    /// The best candidates, the best first: up to three who have everything, the chosen one among
    /// them, or up to two who come nearest where nobody has.
    pub best: Vec<Fit>,
    /// The place of the candidate who should play it; only one who has everything is chosen.
    pub chosen: Option<usize>,
}

/// A role with the ways to fill it, the best first.
struct Open<'a> {
    person: &'a Person,
    needs: Vec<Need>,
    fits: Vec<Fit>,
}

impl Open<'_> {
    fn whole(&self) -> impl Iterator<Item = usize> {
        let whole = self.fits.iter().filter(|fit| fit.is_whole());
        whole.map(|fit| fit.candidate)
    }
}

/// Suggests somebody for every role of the pack, in its order.
pub fn suggest(
    pack: &Pack,
    people: &BTreeMap<ActorRole, Person>,
    asked: &Asked,
    candidates: &[Candidate],
) -> Vec<Suggestion> {
    let groups = lookalikes(candidates);
    let open: Vec<Open<'_>> = pack
        .actors
        .iter()
        .filter(|role| asked.by_role.contains_key(role))
        .filter_map(|role| people.get(role))
        .map(|person| ranked(person, people, asked, candidates, &groups))
        .collect();
    let chosen = assign(&open, candidates, &groups);
    pack.actors
        .iter()
        .map(|role| {
            let at = open.iter().position(|open| open.person.role == *role);
            let Some(at) = at else {
                return Suggestion {
                    role: role.clone(),
                    needs: None,
                    best: Vec::new(),
                    chosen: None,
                };
            };
            let mut best: Vec<Fit> = open[at].fits.clone();
            // A stable sort: the chosen one first, the others as they were.
            best.sort_by_key(|fit| Some(fit.candidate) != chosen[at]);
            let fitting = best.iter().filter(|fit| fit.is_whole()).count();
            best.truncate(match fitting {
                0 => NEAREST,
                fitting => fitting.min(FITTING),
            });
            Suggestion {
                role: role.clone(),
                needs: Some(open[at].needs.clone()),
                best,
                chosen: chosen[at],
            }
        })
        .collect()
}

/// The places of candidates who look alike on paper, two or more together.
fn lookalikes(candidates: &[Candidate]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, candidate) in candidates.iter().enumerate() {
        let details = &candidate.details;
        let own = likeness(
            details.family.as_deref(),
            details.birth_date.as_deref(),
            details.gender.as_deref(),
        );
        if let Some(own) = own {
            groups.entry(own).or_default().push(place);
        }
    }
    groups.into_values().filter(|g| g.len() > 1).collect()
}

fn is_own(person: &Person, candidate: &Candidate) -> bool {
    person.identity.nhs_number == candidate.nhs_number
}

/// The candidates for a role: those who lack least, then the person of the data sheet, then those
/// with least beyond the need.
fn ranked<'a>(
    person: &'a Person,
    people: &BTreeMap<ActorRole, Person>,
    asked: &Asked,
    candidates: &[Candidate],
    groups: &[Vec<usize>],
) -> Open<'a> {
    let needs = needs(person, people, asked);
    let mut fits: Vec<Fit> = candidates
        .iter()
        .enumerate()
        .map(|(place, candidate)| {
            let has_twin = groups.iter().any(|group| group.contains(&place));
            fit(place, candidate, has_twin, &needs)
        })
        .collect();
    fits.sort_by_key(|fit| {
        let own = is_own(person, &candidates[fit.candidate]);
        (fit.lacks.len(), Reverse(own), fit.surplus, fit.candidate)
    });
    Open {
        person,
        needs,
        fits,
    }
}

/// Who plays which role, by place in `open`.
fn assign(
    open: &[Open<'_>],
    candidates: &[Candidate],
    groups: &[Vec<usize>],
) -> Vec<Option<usize>> {
    let mut chosen: Vec<Option<usize>> = vec![None; open.len()];
    let mut settled: BTreeSet<usize> = BTreeSet::new();
    for twins in twin_roles(open) {
        settled.extend(&twins);
        let taken: BTreeSet<usize> = chosen.iter().flatten().copied().collect();
        let best = groups
            .iter()
            .filter_map(|group| together(open, &twins, group, &taken))
            .max_by_key(|places| {
                let own = twins.iter().zip(places);
                let own = own.filter(|(at, place)| is_own(open[**at].person, &candidates[**place]));
                // Of equals, the group that comes first.
                (own.count(), Reverse(places.clone()))
            });
        for (at, place) in twins.iter().zip(best.into_iter().flatten()) {
            chosen[*at] = Some(place);
        }
    }
    let mut rest: Vec<usize> = (0..open.len()).filter(|at| !settled.contains(at)).collect();
    // Whoever is the person of the data sheet comes first, then roles with least choice.
    rest.sort_by_key(|at| {
        let first = open[*at].whole().next();
        let own = first.is_some_and(|place| is_own(open[*at].person, &candidates[place]));
        (Reverse(own), open[*at].whole().count())
    });
    let fixed: BTreeSet<usize> = chosen.iter().flatten().copied().collect();
    for at in &rest {
        let mut tried = fixed.clone();
        place(open, *at, &mut chosen, &mut tried);
    }
    chosen
}

/// Groups of roles whose persons look alike, by place in `open`.
fn twin_roles(open: &[Open<'_>]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, role) in open.iter().enumerate() {
        if role.needs.contains(&Need::Twin)
            && let Some(likeness) = person_likeness(role.person)
        {
            groups.entry(likeness).or_default().push(at);
        }
    }
    groups.into_values().collect()
}

/// One member of the group for each of the roles, if all can be filled at once.
fn together(
    open: &[Open<'_>],
    roles: &[usize],
    group: &[usize],
    taken: &BTreeSet<usize>,
) -> Option<Vec<usize>> {
    let Some((first, rest)) = roles.split_first() else {
        return Some(Vec::new());
    };
    let free = open[*first]
        .whole()
        .filter(|place| group.contains(place) && !taken.contains(place));
    for candidate in free {
        let mut taken = taken.clone();
        taken.insert(candidate);
        if let Some(mut others) = together(open, rest, group, &taken) {
            others.insert(0, candidate);
            return Some(others);
        }
    }
    None
}

/// Finds somebody for a role; one who is taken already may move to another role that fits as well.
fn place(
    open: &[Open<'_>],
    at: usize,
    chosen: &mut Vec<Option<usize>>,
    tried: &mut BTreeSet<usize>,
) -> bool {
    let wanted: Vec<usize> = open[at].whole().collect();
    let free = |chosen: &[Option<usize>], place: &usize| !chosen.contains(&Some(*place));
    // Nobody is moved while somebody is free.
    let (unused, used): (Vec<usize>, Vec<usize>) =
        wanted.into_iter().partition(|place| free(chosen, place));
    for candidate in unused.into_iter().chain(used) {
        if !tried.insert(candidate) {
            continue;
        }
        let holder = chosen.iter().position(|place| *place == Some(candidate));
        let moved = match holder {
            None => true,
            Some(holder) => place(open, holder, chosen, tried),
        };
        if moved {
            chosen[at] = Some(candidate);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::Area;
    use crate::candidate::{Details, Held, Seen};
    use crate::hand_made::{pack, people, scope};

    fn everything() -> Asked {
        let all = [
            "patient-index",
            "clinical-allergy-intolerance",
            "clinical-immunization",
        ];
        Asked::of(&pack(), &scope(&all))
    }

    fn seen(status: &str, code: &str) -> Seen {
        Seen {
            status: Some(status.to_owned()),
            codes: vec![code.to_owned()],
        }
    }

    /// Somebody like a person of the data sheet, under a number of their own.
    fn like(person: &Person, nhs_number: &str) -> Candidate {
        let identity = &person.identity;
        let allergies = person.allergies.iter();
        let jabs = person.records.iter();
        Candidate {
            nhs_number: nhs_number.to_owned(),
            details: Details {
                id: nhs_number.to_owned(),
                family: Some(identity.family.clone()),
                gender: Some(identity.gender.clone()),
                birth_date: identity.birth_date.clone(),
                has_address: identity.address.is_some(),
            },
            held: BTreeMap::from([
                (
                    Area::Allergies,
                    Held::All(
                        allergies
                            .map(|f| seen(&f.clinical_status, &f.code))
                            .collect(),
                    ),
                ),
                (
                    Area::Records("Immunization"),
                    Held::All(jabs.map(|f| seen(&f.status, &f.code)).collect()),
                ),
            ]),
        }
    }

    fn chosen(candidates: &[Candidate]) -> Vec<Option<usize>> {
        let suggestions = suggest(&pack(), &people(), &everything(), candidates);
        suggestions.iter().map(|s| s.chosen).collect()
    }

    #[test]
    fn everybody_plays_their_own_role() {
        let people = people();
        let mut candidates: Vec<Candidate> = people
            .values()
            .map(|person| like(person, &person.identity.nhs_number))
            .collect();
        candidates.reverse();
        assert_eq!(
            chosen(&candidates),
            [Some(4), Some(3), Some(2), Some(1), Some(0)]
        );
        let suggestions = suggest(&pack(), &people, &everything(), &candidates);
        for suggestion in suggestions {
            let first = &suggestion.best[0];
            assert!(first.is_whole());
            assert_eq!(Some(first.candidate), suggestion.chosen);
            assert!(suggestion.best.iter().all(Fit::is_whole));
        }
    }

    #[test]
    fn twins_come_together_or_not_at_all() {
        let people = people();
        let twin = &people[&ActorRole::from("patient-twin-a")];
        let mut other = like(twin, "9990000204");
        other.details.family = Some("Elsewhere".to_owned());
        let one = like(twin, "9990000212");
        let two = like(twin, "9990000220");
        let roles = |candidates: &[Candidate]| chosen(candidates)[1..3].to_vec();
        assert_eq!(roles(&[other.clone(), one.clone()]), [None, None]);
        assert_eq!(
            roles(&[other.clone(), one.clone(), two.clone()]),
            [Some(1), Some(2)]
        );
        // Two that look alike, and two others that do: never one of each.
        let mut three = other.clone();
        three.nhs_number = "9990000239".to_owned();
        let pairs = roles(&[other, one, two, three]);
        assert!(
            pairs == [Some(0), Some(3)] || pairs == [Some(1), Some(2)],
            "{pairs:?}"
        );
        // Without a date of birth nobody can tell that two are twins.
        let mut bare = like(twin, "9990000247");
        bare.details.birth_date = None;
        assert_eq!(roles(&[bare.clone(), bare]), [None, None]);
    }

    #[test]
    fn a_near_miss_is_shown_and_not_chosen() {
        let people = people();
        let person = &people[&ActorRole::from("patient-with-allergies")];
        let mut near = like(person, "9990000204");
        near.held.insert(
            Area::Allergies,
            Held::All(vec![seen("active", "1"), seen("active", "2")]),
        );
        let suggestions = suggest(&pack(), &people, &everything(), &[near]);
        let of = &suggestions[3];
        assert_eq!(of.chosen, None);
        assert_eq!(of.best[0].has.len(), 1);
        let (need, instead) = &of.best[0].lacks[0];
        assert_eq!(need.words(), "at least 1 allergy of status resolved");
        assert_eq!(instead, "has 0");
    }

    #[test]
    fn nobody_plays_two_roles_and_a_scarce_one_is_kept() {
        let people = people();
        let twin = &people[&ActorRole::from("patient-twin-a")];
        // Fits the records only.
        let records = like(
            &people[&ActorRole::from("patient-with-records")],
            "9990000204",
        );
        // Fits records and allergies.
        let mut both = like(
            &people[&ActorRole::from("patient-with-allergies")],
            "9990000212",
        );
        both.details.family = Some("Ash-Vale".to_owned());
        let jab = Area::Records("Immunization");
        both.held.insert(jab, records.held[&jab].clone());
        let plain = like(twin, "9990000220");
        let places = chosen(&[both.clone(), records, plain]);
        assert_eq!(places[3..], [Some(0), Some(1)]);
        let places = chosen(&[both]);
        assert_eq!(places[3..].iter().flatten().count(), 1);
    }

    #[test]
    fn a_role_outside_the_scope_needs_nobody() {
        let asked = Asked::of(&pack(), &scope(&["patient-index"]));
        let suggestions = suggest(&pack(), &people(), &asked, &[]);
        assert_eq!(suggestions[4].needs, None);
        assert!(suggestions[0].needs.is_some());
        assert_eq!(suggestions[0].chosen, None);
    }
}
