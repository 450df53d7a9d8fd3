//! Which people to load first: each tier unlocks as many scenarios as three more people can.
//! Not for what a target holds.

use plumbline_model::ActorRole;
use plumbline_pack::{Pack, Scenario};
use std::collections::BTreeSet;

/// People in one tier.
const STEP: usize = 3;

/// One tier of a data sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// Whom it adds, in the order of the pack; nobody in tier 0.
    pub roles: Vec<ActorRole>,
    /// How many people there are with this tier and all before it.
    pub people: usize,
    /// How many scenarios have all their people then.
    pub unlocked: usize,
    /// How many scenarios the pack has.
    pub scenarios: usize,
}

impl Tier {
    /// Such as `3 people unlock 41 of 96 scenarios`.
    pub fn sentence(&self) -> String {
        let (unlocked, scenarios) = (self.unlocked, self.scenarios);
        match self.people {
            0 => format!("{unlocked} of {scenarios} scenarios need no person"),
            1 => format!("1 person unlocks {unlocked} of {scenarios} scenarios"),
            people => format!("{people} people unlock {unlocked} of {scenarios} scenarios"),
        }
    }
}

/// The roles that a scenario names in any step, table or text.
pub fn roles_in(scenario: &Scenario, roles: &[ActorRole]) -> BTreeSet<ActorRole> {
    let texts = scenario.steps.iter().flat_map(|step| {
        let cells = step.table.iter().flatten().flatten().map(String::as_str);
        [Some(step.text.as_str()), step.docstring.as_deref()]
            .into_iter()
            .flatten()
            .chain(cells)
    });
    let mut found = BTreeSet::new();
    for text in texts {
        let words: BTreeSet<&str> = text
            .split(|c: char| !(c.is_alphanumeric() || "-_".contains(c)))
            .chain(text.split('"').skip(1).step_by(2))
            .collect();
        let named = roles.iter().filter(|role| words.contains(role.as_str()));
        found.extend(named.cloned());
    }
    found
}

/// The tiers of a pack. Tier 0 is what needs nobody; then three people at a time, those who unlock
/// most; every role of the pack is in exactly one.
pub fn tiers(pack: &Pack) -> Vec<Tier> {
    let needs: Vec<BTreeSet<ActorRole>> = pack
        .features
        .iter()
        .flat_map(|feature| &feature.scenarios)
        .map(|scenario| roles_in(scenario, &pack.actors))
        .collect();
    let mut loaded = BTreeSet::new();
    let mut left: Vec<&ActorRole> = pack.actors.iter().collect();
    let mut tiers = Vec::new();
    let mut roles = Vec::new();
    loop {
        let unlocked = needs.iter().filter(|need| need.is_subset(&loaded)).count();
        tiers.push(Tier {
            roles,
            people: loaded.len(),
            unlocked,
            scenarios: needs.len(),
        });
        if left.is_empty() {
            return tiers;
        }
        let chosen = best_three(&needs, &loaded, &left);
        roles = chosen.iter().map(|at| left[*at].clone()).collect();
        loaded.extend(roles.iter().cloned());
        left.retain(|role| !loaded.contains(*role));
    }
}

/// The places in `left` of those who unlock most; of equals, the first in the order of the pack.
fn best_three(
    needs: &[BTreeSet<ActorRole>],
    loaded: &BTreeSet<ActorRole>,
    left: &[&ActorRole],
) -> Vec<usize> {
    if left.len() <= STEP {
        return (0..left.len()).collect();
    }
    // What each scenario that is still locked wants of those who are left, if three can give it.
    let wanted: Vec<Vec<usize>> = needs
        .iter()
        .map(|need| {
            let missing = need.difference(loaded);
            missing
                .filter_map(|role| left.iter().position(|other| *other == role))
                .collect::<Vec<_>>()
        })
        .filter(|places| !places.is_empty() && places.len() <= STEP)
        .collect();
    let mut best = (0, vec![0, 1, 2]);
    for a in 0..left.len() {
        for b in a + 1..left.len() {
            for c in b + 1..left.len() {
                let chosen = [a, b, c];
                let all = |places: &&Vec<usize>| places.iter().all(|at| chosen.contains(at));
                let gain = wanted.iter().filter(all).count();
                if gain > best.0 {
                    best = (gain, chosen.to_vec());
                }
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hand_made::{pack, pack_of};
    use std::sync::Arc;

    fn names(tier: &Tier) -> Vec<&str> {
        tier.roles.iter().map(ActorRole::as_str).collect()
    }

    #[test]
    fn every_role_appears_once() {
        let pack = pack();
        let tiers = tiers(&pack);
        let mut all: Vec<_> = tiers.iter().flat_map(|tier| tier.roles.clone()).collect();
        assert_eq!(all.len(), pack.actors.len());
        all.sort();
        all.dedup();
        let mut wanted = pack.actors.clone();
        wanted.sort();
        assert_eq!(all, wanted);
        let last = tiers.last().unwrap();
        assert_eq!((last.unlocked, last.people), (last.scenarios, 5));
    }

    #[test]
    fn the_most_useful_three_come_first() {
        // e is in three scenarios, d in two, and a in one that nobody else is needed for.
        let pack = pack_of(
            &["a", "b", "c", "d", "e"],
            &[
                &["e"],
                &["e"],
                &["e", "d"],
                &["d"],
                &["b", "c", "a"],
                &["a"],
                &[],
            ],
        );
        let tiers = tiers(&pack);
        assert_eq!(names(&tiers[0]), Vec::<&str>::new());
        assert_eq!(tiers[0].sentence(), "1 of 7 scenarios need no person");
        assert_eq!(names(&tiers[1]), ["a", "d", "e"]);
        assert_eq!(tiers[1].sentence(), "3 people unlock 6 of 7 scenarios");
        assert_eq!(names(&tiers[2]), ["b", "c"]);
        assert_eq!(tiers[2].sentence(), "5 people unlock 7 of 7 scenarios");
    }

    #[test]
    fn a_scenario_is_unlocked_only_when_all_its_people_are_there() {
        let pack = pack_of(
            &["a", "b", "c", "d", "unused"],
            &[&["a", "b", "c", "d"], &["d"]],
        );
        let tiers = tiers(&pack);
        assert_eq!(names(&tiers[1]), ["a", "b", "d"]);
        assert_eq!(tiers[1].unlocked, 1);
        assert_eq!(names(&tiers[2]), ["c", "unused"]);
        assert_eq!(tiers[2].unlocked, 2);
    }

    #[test]
    fn a_role_is_named_by_its_whole_name_anywhere() {
        let roles: Vec<ActorRole> = ["patient", "patient-two", "a role"]
            .map(ActorRole::from)
            .to_vec();
        let found = |text: &str, cell: &str| {
            let mut scenario = pack_of(&["x"], &[&[]]).features[0].scenarios[0].clone();
            let steps = Arc::make_mut(&mut scenario.steps);
            text.clone_into(&mut steps[0].text);
            steps[0].table = Some(vec![vec![cell.to_owned()]]);
            roles_in(&scenario, &roles)
                .iter()
                .map(ActorRole::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(found("the records of patient-two", ""), ["patient-two"]);
        assert_eq!(found("patient-twofold", "patient-two"), ["patient-two"]);
        assert_eq!(found("nobody by \"a role\"", "x"), ["a role"]);
        assert!(found("patient-three and a role", "").is_empty());
    }
}
