//! What PDS says of a person, and whom the practice may show because of it.
//! Not a PDS: the facts of `scenarios/_people` say what it holds.
//!
//! Source: GP Connect 1.6.2-beta, active patient; register a patient, PDS requirements.

use super::checks::{self, Checks, Refusal};
use crate::people::{GpFacts, NumberState, Pds, Person, Registration};
use serde_json::Value;

/// What a client is told of somebody who may not be shown, and of somebody who is not there.
pub(crate) const NOBODY: &str = "there is no such patient here";

/// Refuses to show anybody but an active patient whom PDS bears out.
pub(crate) fn check_shown(facts: &GpFacts, checks: &Checks<'_>) -> Result<(), Refusal> {
    let text = NOBODY;
    let has_left = facts.registration != Registration::Active;
    checks.hold(checks::PATIENT_LEFT, !has_left, text)?;
    let check = match (facts.pds, facts.number) {
        (Pds::Verified, _) | (Pds::Differs, NumberState::Verified) => return Ok(()),
        (Pds::Differs, NumberState::NeverVerified) | (Pds::NeverVerified | Pds::Unknown, _) => {
            checks::PATIENT_NEVER_VERIFIED
        }
        (Pds::Deceased, _) => checks::PATIENT_DECEASED,
        (Pds::Sensitive, _) => checks::PATIENT_SENSITIVE,
        (Pds::Superseded, _) => checks::PATIENT_SUPERSEDED,
        (Pds::Invalid, _) => checks::PATIENT_INVALID,
    };
    checks.hold(check, false, text)
}

/// Refuses to register somebody whom PDS does not bear out.
pub(crate) fn check_register(
    person: Option<(&Person, &GpFacts)>,
    sent: &Value,
    checks: &Checks<'_>,
) -> Result<(), Refusal> {
    let known = person.filter(|(_, facts)| facts.pds != Pds::Unknown);
    let text = "PDS does not know this NHS number";
    checks.hold(checks::PDS_UNKNOWN, known.is_some(), text)?;
    let Some((person, facts)) = known else {
        return Ok(());
    };
    let differs = matches!(facts.pds, Pds::Differs | Pds::NeverVerified);
    let is_borne_out = !differs && verifies(person, sent);
    let text = "the details do not agree with those that PDS holds";
    checks.hold(checks::PDS_MATCH, is_borne_out, text)?;
    // What is sensitive must look like what does not agree.
    let (check, text) = match facts.pds {
        Pds::Verified | Pds::Differs | Pds::NeverVerified | Pds::Unknown => return Ok(()),
        Pds::Deceased => (checks::PDS_DECEASED, text),
        Pds::Sensitive => (checks::PDS_SENSITIVE, text),
        Pds::Superseded => (checks::PDS_SUPERSEDED, "PDS has superseded the NHS number"),
        Pds::Invalid => (checks::PDS_INVALID, "the record on PDS is invalid"),
    };
    checks.hold(check, false, text)
}

/// The date of birth agrees; or two parts of it do, and the names by their first letters.
fn verifies(person: &Person, sent: &Value) -> bool {
    let held = person.identity.birth_date.as_deref().unwrap_or_default();
    let born = sent["birthDate"].as_str().unwrap_or_default();
    if !held.is_empty() && held == born {
        return true;
    }
    let same = held
        .split('-')
        .zip(born.split('-'))
        .filter(|(held, born)| held == born && !held.is_empty())
        .count();
    let names = sent["name"].as_array().into_iter().flatten();
    let mut official = names.filter(|name| name["use"] == "official");
    let name = official.next().unwrap_or(&Value::Null);
    let family = name["family"].as_str().unwrap_or_default();
    let given = name["given"][0].as_str().unwrap_or_default();
    let held_given = person.identity.given.first().map_or("", String::as_str);
    same == 2
        && start(family, 3) == start(&person.identity.family, 3)
        && start(given, 1) == start(held_given, 1)
}

fn start(text: &str, letters: usize) -> String {
    text.to_lowercase().chars().take(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn person() -> Person {
        let text = "summary = 's'\nid = 'p'\n[identity]\nnhs_number = '9990000271'\n\
                    family = 'Brambley'\ngiven = ['Juno']\ngender = 'female'\n\
                    birth_date = '1988-01-19'\n";
        toml::from_str(text).unwrap()
    }

    #[test]
    fn verifies_by_date_or_by_most_of_it_and_the_name() {
        let sent = |born: &str, family: &str, given: &str| {
            json!({
                "birthDate": born,
                "name": [{"use": "official", "family": family, "given": [given]}],
            })
        };
        for (born, family, given, expected) in [
            ("1988-01-19", "Else", "Who", true),
            ("1988-01-20", "Brampton", "Jane", true),
            ("1989-01-19", "BRAMBLEY", "juno", true),
            ("1988-02-20", "Brambley", "Juno", false),
            ("1988-01-20", "Brown", "Juno", false),
            ("1988-01-20", "Brambley", "Ann", false),
            ("1988-01", "Brambley", "Juno", true),
            ("", "Brambley", "Juno", false),
        ] {
            let is_right = verifies(&person(), &sent(born, family, given));
            assert_eq!(is_right, expected, "{born} {family} {given}");
        }
    }
}
