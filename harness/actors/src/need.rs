//! What a role needs of a patient, from the facts about its person and what scenarios ask of it.
//! Not for looking whether a patient has it: `fit` does that.

use crate::area::{Area, Asked};
use plumbline_model::{ActorRole, Person};
use std::collections::BTreeMap;

/// The SNOMED CT concept "No known allergy".
const NO_KNOWN_ALLERGY: &str = "716186003";

/// One thing that a role needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A postal address.
    Address,
    /// No date of birth.
    NoBirthDate,
    /// A family name with a hyphen.
    HyphenatedName,
    /// Family name, date of birth and gender shared with another candidate.
    Twin,
    /// A record of a status.
    AtLeast {
        /// Of what.
        area: Area,
        /// The status.
        status: String,
        /// How many.
        count: usize,
    },
    /// A record with this SNOMED CT code.
    Code {
        /// Of what.
        area: Area,
        /// The code.
        code: &'static str,
        /// Its meaning.
        meaning: &'static str,
    },
    /// No record at all.
    None(Area),
}

impl Need {
    /// In words, to follow "has": `at least 2 active allergies`.
    pub fn words(&self) -> String {
        match self {
            Self::Address => "an address".to_owned(),
            Self::NoBirthDate => "no date of birth".to_owned(),
            Self::HyphenatedName => "a hyphen in the family name".to_owned(),
            Self::Twin => {
                "family name, date of birth and gender shared with another candidate".to_owned()
            }
            Self::AtLeast {
                area,
                status,
                count,
            } => {
                let what = match count {
                    1 => area.one().to_owned(),
                    _ => area.words(),
                };
                format!("at least {count} {what} of status {status}")
            }
            Self::Code { area, meaning, .. } => {
                format!(
                    "a record among the {} that says \"{meaning}\"",
                    area.words()
                )
            }
            Self::None(area) => format!("no {}", area.words()),
        }
    }
}

/// Who looks like whom on paper: family name, date of birth and gender, if there are all three.
pub(crate) fn likeness(
    family: Option<&str>,
    birth_date: Option<&str>,
    gender: Option<&str>,
) -> Option<(String, String, String)> {
    let plain = |text: &str| text.trim().to_lowercase();
    Some((plain(family?), plain(birth_date?), plain(gender?)))
}

/// The likeness of a person of the data sheet.
pub(crate) fn person_likeness(person: &Person) -> Option<(String, String, String)> {
    let identity = &person.identity;
    likeness(
        Some(&identity.family),
        identity.birth_date.as_deref(),
        Some(&identity.gender),
    )
}

/// What a role needs; records only of the areas that scenarios of the scope ask of it.
pub fn needs(person: &Person, people: &BTreeMap<ActorRole, Person>, asked: &Asked) -> Vec<Need> {
    let mut needs = Vec::new();
    let identity = &person.identity;
    if identity.address.is_some() {
        needs.push(Need::Address);
    }
    if identity.birth_date.is_none() {
        needs.push(Need::NoBirthDate);
    }
    if identity.family.contains('-') {
        needs.push(Need::HyphenatedName);
    }
    let own = person_likeness(person);
    let twin = |other: &Person| other.role != person.role && person_likeness(other) == own;
    if own.is_some() && people.values().any(twin) {
        needs.push(Need::Twin);
    }
    for area in asked.by_role.get(&person.role).into_iter().flatten() {
        match area {
            Area::Identity => {}
            Area::Allergies => {
                let facts = person.allergies.iter();
                let facts = facts.map(|fact| (fact.clinical_status.as_str(), fact.code.as_str()));
                records(*area, facts, &mut needs);
            }
            Area::Records(name) => {
                let facts = person.records.iter().filter(|r| r.resource_type == *name);
                let facts = facts.map(|fact| (fact.status.as_str(), fact.code.as_str()));
                records(*area, facts, &mut needs);
            }
        }
    }
    needs
}

/// What status and code of the facts of one area ask for.
fn records<'f>(area: Area, facts: impl Iterator<Item = (&'f str, &'f str)>, needs: &mut Vec<Need>) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut none_known = false;
    for (status, code) in facts {
        *counts.entry(status).or_default() += 1;
        none_known |= code == NO_KNOWN_ALLERGY;
    }
    if counts.is_empty() {
        needs.push(Need::None(area));
    }
    if none_known {
        needs.push(Need::Code {
            area,
            code: NO_KNOWN_ALLERGY,
            meaning: "no known allergy",
        });
    }
    needs.extend(counts.into_iter().map(|(status, count)| Need::AtLeast {
        area,
        status: status.to_owned(),
        count,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hand_made::{pack, people, scope};

    #[test]
    fn needs_follow_the_facts_and_what_is_asked() {
        let (pack, people) = (pack(), people());
        let all = scope(&[
            "patient-index",
            "clinical-allergy-intolerance",
            "clinical-immunization",
        ]);
        let words = |role: &str, asked: &Asked| -> Vec<String> {
            let person = &people[&ActorRole::from(role)];
            needs(person, &people, asked)
                .iter()
                .map(Need::words)
                .collect()
        };
        let asked = Asked::of(&pack, &all);
        assert_eq!(
            words("patient-basic", &asked),
            ["an address", "no date of birth", "no allergies"]
        );
        assert_eq!(
            words("patient-twin-a", &asked),
            ["family name, date of birth and gender shared with another candidate"]
        );
        assert_eq!(
            words("patient-with-allergies", &asked),
            [
                "at least 1 allergy of status active",
                "at least 1 allergy of status resolved"
            ]
        );
        assert_eq!(
            words("patient-with-records", &asked),
            [
                "a hyphen in the family name",
                "at least 1 vaccination record of status completed",
                "at least 1 vaccination record of status not-done"
            ]
        );
        let narrow = Asked::of(&pack, &scope(&["patient-index"]));
        assert!(words("patient-with-allergies", &narrow).is_empty());
        assert_eq!(
            words("patient-basic", &narrow),
            ["an address", "no date of birth"]
        );
    }

    #[test]
    fn no_known_allergy_is_a_record_of_its_own() {
        let mut needs = Vec::new();
        records(
            Area::Allergies,
            [("active", NO_KNOWN_ALLERGY)].into_iter(),
            &mut needs,
        );
        assert_eq!(
            needs[0].words(),
            "a record among the allergies that says \"no known allergy\""
        );
        assert_eq!(needs.len(), 2);
    }
}
