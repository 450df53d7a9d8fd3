//! The parts of the facts about a person, and which of them the scenarios of a pack ask about.
//! Not for the facts themselves: those are in `model`.

use crate::tiers::roles_in;
use plumbline_model::{
    ActorRole, CLINICAL_TYPES, Capability, Person, RecordFact, StepKind, clinical_type,
};
use plumbline_pack::{Pack, Scenario};
use std::collections::{BTreeMap, BTreeSet};

/// A part of the facts about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Who the person is.
    Identity,
    /// Their allergy records.
    Allergies,
    /// Their records of this type, one of [`CLINICAL_TYPES`].
    Records(&'static str),
}

impl Area {
    /// Every area, in the order of data sheets.
    pub fn all() -> impl Iterator<Item = Self> {
        let types = CLINICAL_TYPES.iter().map(|kind| Self::Records(kind.name));
        [Self::Identity, Self::Allergies].into_iter().chain(types)
    }

    /// The FHIR type that holds it.
    pub const fn resource_type(self) -> &'static str {
        match self {
            Self::Identity => "Patient",
            Self::Allergies => "AllergyIntolerance",
            Self::Records(name) => name,
        }
    }

    /// In words, such as `vaccination records`.
    pub fn words(self) -> String {
        match self {
            Self::Identity => "identity".to_owned(),
            Self::Allergies => "allergies".to_owned(),
            Self::Records(_) => format!("{}s", self.one()),
        }
    }

    /// One of it in words, such as `vaccination record`.
    pub fn one(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Allergies => "allergy",
            Self::Records(name) => clinical_type(name).map_or(name, |kind| kind.title),
        }
    }

    /// How many records the facts list; none for the identity, which every person has.
    pub fn held(self, person: &Person) -> usize {
        match self {
            Self::Identity => 0,
            Self::Allergies => person.allergies.len(),
            Self::Records(name) => {
                let of_type = |record: &&RecordFact| record.resource_type == name;
                person.records.iter().filter(of_type).count()
            }
        }
    }

    /// The area that a When step asks about, if any.
    fn of_step(text: &str) -> Option<Self> {
        if text.starts_with("patients are searched") {
            return Some(Self::Identity);
        }
        let (name, rest) = text.strip_prefix('"')?.split_once('"')?;
        let searched = rest.starts_with(" records are searched");
        Self::all().find(|area| searched && area.resource_type() == name)
    }
}

/// What the scenarios of a pack ask a target about, within a scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// A capability of the scope under which each area is asked for.
    pub capabilities: BTreeMap<Area, Capability>,
    /// The areas that are asked for of each role; a role that no scenario needs is not here.
    pub by_role: BTreeMap<ActorRole, BTreeSet<Area>>,
}

impl Asked {
    /// Reads the scenarios of a pack that are within the scope.
    pub fn of(pack: &Pack, scope: &[Capability]) -> Self {
        let mut asked = Self::default();
        let mut carriers: BTreeMap<Area, BTreeMap<&Capability, usize>> = BTreeMap::new();
        for scenario in pack.features.iter().flat_map(|f| &f.scenarios) {
            if !scope.contains(&scenario.capability) {
                continue;
            }
            let areas = areas_of(scenario);
            for area in &areas {
                let count = carriers.entry(*area).or_default();
                *count.entry(&scenario.capability).or_default() += 1;
            }
            for role in roles_in(scenario, &pack.actors) {
                asked.by_role.entry(role).or_default().extend(&areas);
            }
        }
        for (area, counts) in carriers {
            // The one that most scenarios use; of equals, the first by name.
            let best = counts
                .into_iter()
                .max_by_key(|(name, count)| (*count, std::cmp::Reverse(*name)));
            if let Some((capability, _)) = best {
                asked.capabilities.insert(area, capability.clone());
            }
        }
        asked
    }
}

fn areas_of(scenario: &Scenario) -> BTreeSet<Area> {
    scenario
        .steps
        .iter()
        .filter(|step| step.kind == StepKind::Action)
        .filter_map(|step| Area::of_step(&step.text))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hand_made::{pack, scope};

    #[test]
    fn a_step_asks_about_one_area_or_none() {
        let of = Area::of_step;
        assert_eq!(
            of("patients are searched by NHS number"),
            Some(Area::Identity)
        );
        assert_eq!(
            of("\"Immunization\" records are searched for the patient by \"status\" \"completed\""),
            Some(Area::Records("Immunization"))
        );
        assert_eq!(
            of("\"AllergyIntolerance\" records are searched for the patient"),
            Some(Area::Allergies)
        );
        assert_eq!(of("\"Unheard\" records are searched for the patient"), None);
        assert_eq!(of("the capability statement is read"), None);
    }

    #[test]
    fn only_scenarios_of_the_scope_ask() {
        let pack = pack();
        let asked = Asked::of(&pack, &scope(&["patient-index", "clinical-immunization"]));
        assert_eq!(
            asked.capabilities.keys().copied().collect::<Vec<_>>(),
            [Area::Identity, Area::Records("Immunization")]
        );
        assert_eq!(
            asked.capabilities[&Area::Records("Immunization")].as_str(),
            "clinical-immunization"
        );
        let role = |name: &str| ActorRole::from(name);
        assert_eq!(
            asked.by_role[&role("patient-with-records")],
            BTreeSet::from([Area::Records("Immunization")])
        );
        assert!(!asked.by_role.contains_key(&role("patient-with-allergies")));
        assert_eq!(Asked::of(&pack, &[]), Asked::default());
    }
}
