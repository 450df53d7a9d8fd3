//! The synthetic people that every mock holds, read from scenarios/_people.
//! Not for real patients, ever, and not for the harness, which reads the same files for itself.

use crate::clinical::{CLINICAL, Clinical, DateForm, clinical};
use crate::dates::Span;
use crate::documents::Discharge;
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
    #[serde(default)]
    pub(crate) records: Vec<Record>,
    /// What a GP system holds; people with this are no patients of other systems.
    pub(crate) gp: Option<GpFacts>,
    /// What a hospital holds about a stay.
    pub(crate) discharge: Option<Box<Discharge>>,
}

impl Person {
    /// The records of one type, in the order of the file.
    pub(crate) fn records_of(&self, row: &'static Clinical) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.kind == row.name)
    }
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

/// What a GP system and PDS hold about a person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GpFacts {
    pub(crate) registration: Registration,
    #[serde(default)]
    pub(crate) number: NumberState,
    pub(crate) pds: Pds,
    /// The role of the usual practitioner, in the directory.
    pub(crate) practitioner: Option<String>,
    /// The role of the preferred branch surgery, in the directory.
    pub(crate) branch: Option<String>,
    pub(crate) contact: Option<Contact>,
    #[serde(default)]
    pub(crate) telecom: Vec<Telecom>,
}

/// Whether a person is registered at the practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Registration {
    Active,
    Left,
    None,
}

/// Whether the practice ever verified a person's NHS number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NumberState {
    #[default]
    Verified,
    NeverVerified,
}

/// What PDS says of a person's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Pds {
    /// It holds what the facts say.
    Verified,
    /// It holds other details.
    Differs,
    /// It does not bear the number out.
    NeverVerified,
    Deceased,
    Sensitive,
    Superseded,
    Invalid,
    Unknown,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contact {
    pub(crate) family: String,
    pub(crate) given: Vec<String>,
    pub(crate) relationship: String,
    pub(crate) phone: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Telecom {
    pub(crate) system: String,
    #[serde(rename = "use")]
    pub(crate) usage: String,
    pub(crate) value: String,
}

/// A clinical record of another type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) display: String,
    pub(crate) status: String,
    pub(crate) date: String,
    pub(crate) end: Option<String>,
    pub(crate) text: Option<String>,
}

impl Record {
    /// When the record holds; without an end for ever, if its type has nothing but periods.
    pub(crate) fn span(&self, row: &Clinical) -> Option<Span> {
        let start = Span::read(&self.date)?;
        let end = self.end.as_deref().and_then(Span::read);
        Some(match (row.date.form, end) {
            (DateForm::Period(_), end) => start.until(end),
            (_, Some(end)) => start.until(Some(end)),
            (_, None) => start,
        })
    }
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
    let born = person.identity.birth_date.iter();
    born.map(String::as_str).try_for_each(check_date)?;
    for allergy in &person.allergies {
        check_code(&allergy.code)?;
        check_date(&allergy.recorded)?;
        let last = allergy.last_occurrence.iter();
        last.map(String::as_str).try_for_each(check_date)?;
    }
    person.records.iter().try_for_each(check_record)
}

fn check_record(record: &Record) -> Result<(), String> {
    let Record { kind, id, .. } = record;
    let Some(row) = clinical(kind) else {
        let known: Vec<&str> = CLINICAL.iter().map(|row| row.name).collect();
        return Err(format!(
            "the record `{id}` is of the type `{kind}`, which is none of {}",
            known.join(", ")
        ));
    };
    check_code(&record.code)?;
    check_date(&record.date)?;
    let Some(end) = &record.end else {
        return Ok(());
    };
    check_date(end)?;
    if !row.date.form.can_last() {
        return Err(format!("the record `{id}`: a {kind} has no end"));
    }
    if Span::read(end)
        .zip(Span::read(&record.date))
        .is_some_and(|(end, start)| end.is_before(start))
    {
        return Err(format!("the record `{id}` ends before it begins"));
    }
    Ok(())
}

fn check_code(code: &str) -> Result<(), String> {
    if valid_snomed_id(code) {
        Ok(())
    } else {
        Err(format!("`{code}` is not a valid SNOMED CT identifier"))
    }
}

fn check_date(text: &str) -> Result<(), String> {
    match Span::read(text) {
        Some(_) => Ok(()),
        None => Err(format!("`{text}` is not a date")),
    }
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars()
        .map(|character| character.to_digit(10))
        .collect()
}

/// Ten digits, modulus 11, and not one digit ten times.
pub(crate) fn valid_nhs_number(text: &str) -> bool {
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
