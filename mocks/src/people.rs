//! The synthetic people that every mock holds, read from scenarios/_people.
//! Not for real patients, ever, and not for the harness, which reads the same files for itself.

use crate::error::MockError;
use crate::files::{bad_file, parse, toml_files};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::path::Path;

static PEOPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../scenarios/_people");

/// One person: the file `<role>.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// The stem of the file.
    #[serde(skip)]
    pub(crate) role: String,
    /// What is special about the person: for readers, not for the mock.
    #[serde(rename = "summary")]
    _summary: String,
    pub(crate) id: String,
    pub(crate) identity: Identity,
    #[serde(default)]
    pub(crate) allergies: Vec<Allergy>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    pub(crate) nhs_number: String,
    pub(crate) family: String,
    pub(crate) given: Vec<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) gender: String,
    pub(crate) birth_date: Option<String>,
    pub(crate) address: Option<Address>,
    pub(crate) local_identifier: Option<LocalIdentifier>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    pub(crate) line: Vec<String>,
    pub(crate) city: String,
    pub(crate) postcode: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocalIdentifier {
    pub(crate) system: String,
    pub(crate) value: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Allergy {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) display: String,
    pub(crate) clinical_status: String,
    pub(crate) verification_status: String,
    pub(crate) category: String,
    pub(crate) criticality: Option<String>,
    pub(crate) recorded: String,
    pub(crate) last_occurrence: Option<String>,
    pub(crate) reaction: Option<String>,
}

/// Everybody, in order of id.
pub(crate) fn load(directory: Option<&Path>) -> Result<Vec<Person>, MockError> {
    let mut people = Vec::new();
    for file in toml_files(&PEOPLE, "scenarios/_people", directory)?.into_values() {
        let mut person: Person = parse(&file)?;
        person.role.clone_from(&file.stem);
        check(&person).map_err(|message| bad_file(&file.shown, &message))?;
        people.push(person);
    }
    people.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(people)
}

fn check(person: &Person) -> Result<(), String> {
    let number = &person.identity.nhs_number;
    if !number.starts_with("999") || !valid_nhs_number(number) {
        return Err(format!(
            "`{number}` is not a valid NHS number in the 999 range"
        ));
    }
    if person.identity.given.is_empty() {
        return Err("a person needs at least one given name".to_owned());
    }
    match person
        .allergies
        .iter()
        .find(|allergy| !valid_snomed_id(&allergy.code))
    {
        Some(allergy) => Err(format!(
            "`{}` is not a valid SNOMED CT identifier",
            allergy.code
        )),
        None => Ok(()),
    }
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars()
        .map(|character| character.to_digit(10))
        .collect()
}

/// Ten digits, modulus 11, and not one digit ten times.
fn valid_nhs_number(text: &str) -> bool {
    let Some(digits) = digits(text).filter(|digits| digits.len() == 10) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    let check = (11 - sum % 11) % 11;
    check == digits[9] && digits.iter().any(|digit| *digit != digits[0])
}

/// Six to eighteen digits with a right check digit (Verhoeff: the dihedral group of order ten).
fn valid_snomed_id(text: &str) -> bool {
    const SHUFFLE: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let Some(digits) = digits(text).filter(|digits| (6..=18).contains(&digits.len())) else {
        return false;
    };
    let product = |a: u32, b: u32| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a - b) % 5,
        (false, false) => (5 + a - b) % 5,
    };
    let check = digits
        .iter()
        .rev()
        .enumerate()
        .fold(0, |check, (place, digit)| {
            let shuffled = (0..place % 8).fold(*digit, |digit, _| SHUFFLE[digit as usize]);
            product(check, shuffled)
        });
    check == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_valid_nhs_numbers() {
        assert!(valid_nhs_number("9990000018"));
        for wrong in [
            "9990000019",
            "999000001",
            "99900000180",
            "9999999999",
            "999000001X",
        ] {
            assert!(!valid_nhs_number(wrong), "{wrong}");
        }
    }

    #[test]
    fn accepts_only_valid_snomed_identifiers() {
        for right in [
            "91936005",
            "300916003",
            "716186003",
            "293586001",
            "22298006",
        ] {
            assert!(valid_snomed_id(right), "{right}");
        }
        for wrong in ["91936006", "91963005", "300916004", "12", "9193600X"] {
            assert!(!valid_snomed_id(wrong), "{wrong}");
        }
    }
}
