//! Which records a search finds, and which page of them is sent.
//! Not for faults: this is how a right system behaves.

use crate::clinical::Clinical;
use crate::dates::{self, Span};
use crate::kinds::Kind;
use crate::people::{Allergy, Person, Record};
use crate::resources::{self, CLINICAL_STATUS, GENDER, NHS_NUMBER, SNOMED_CT};
use serde_json::Value;
use std::borrow::Cow;

/// A decoded query string, in order.
pub(crate) type Query = [(String, String)];

/// A request that is refused, as the `OperationOutcome` will say it.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    /// FHIR issue type.
    pub(crate) code: Cow<'static, str>,
    pub(crate) text: String,
}

impl Problem {
    pub(crate) fn new(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        text: impl Into<String>,
    ) -> Problem {
        let (code, text) = (code.into(), text.into());
        Problem { status, code, text }
    }
}

/// FHIR search parameter type.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    Token,
    Text,
    Date,
    Reference,
}

/// A search parameter that the mock knows.
#[derive(Clone, Copy)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    /// Whether it alone keeps a search from returning everybody.
    bounds: Bounds,
}

#[derive(Clone, Copy, PartialEq)]
enum Bounds {
    Enough,
    TooWide,
}

const fn bounding(name: &'static str, form: Form) -> Parameter {
    let bounds = Bounds::Enough;
    Parameter { name, form, bounds }
}

const fn wide(name: &'static str, form: Form) -> Parameter {
    let bounds = Bounds::TooWide;
    Parameter { name, form, bounds }
}

const PATIENT: [Parameter; 7] = [
    bounding("_id", Form::Token),
    bounding("identifier", Form::Token),
    bounding("name", Form::Text),
    bounding("family", Form::Text),
    bounding("given", Form::Text),
    bounding("birthdate", Form::Date),
    bounding("gender", Form::Token),
];

/// The parameters by which every clinical type finds one patient's records.
const OF_A_PATIENT: [Parameter; 3] = [
    bounding("_id", Form::Token),
    bounding("patient", Form::Reference),
    bounding("patient.identifier", Form::Token),
];

const ALLERGY: [Parameter; 3] = [
    wide("clinical-status", Form::Token),
    wide("date", Form::Date),
    wide("last-date", Form::Date),
];

/// Every parameter of a type.
pub(crate) fn parameters(kind: Kind) -> Vec<Parameter> {
    match kind {
        Kind::Patient => PATIENT.to_vec(),
        Kind::Allergy => [OF_A_PATIENT, ALLERGY].concat(),
        Kind::Clinical(row) => {
            let own = [
                wide(row.status.parameter, Form::Token),
                wide(row.date.parameter, Form::Date),
                wide(row.code.parameter, Form::Token),
            ];
            [OF_A_PATIENT, own].concat()
        }
    }
}

/// Keys that say how to answer, not what to find.
const RESULT_PARAMETERS: [&str; 3] = ["_count", "_cursor", "_format"];
const MOST_A_PAGE: usize = 50;

/// Refuses a search that asks for everybody.
pub(crate) fn check_bounded(parameters: &[Parameter], query: &Query) -> Result<(), Problem> {
    let bounded = query
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .any(|(key, _)| {
            parameters
                .iter()
                .any(|known| known.name == key && known.bounds == Bounds::Enough)
        });
    if bounded {
        return Ok(());
    }
    let enough: Vec<&str> = parameters
        .iter()
        .filter(|known| known.bounds == Bounds::Enough)
        .map(|known| known.name)
        .collect();
    let text = format!(
        "the search is too wide: it needs one of {}",
        enough.join(", ")
    );
    Err(Problem::new(400, "too-costly", text))
}

/// The parameters that choose records; an unknown one is refused.
fn criteria<'a>(
    parameters: &[Parameter],
    query: &'a Query,
) -> Result<Vec<(&'a str, &'a str)>, Problem> {
    let mut criteria = Vec::new();
    for (key, value) in query {
        if RESULT_PARAMETERS.contains(&key.as_str()) {
            continue;
        }
        let Some(known) = parameters.iter().find(|known| known.name == key) else {
            let text = format!("the search parameter `{key}` is not supported");
            return Err(Problem::new(400, "not-supported", text));
        };
        // FHIR: a parameter without a value counts as not sent.
        if value.is_empty() {
            continue;
        }
        // A wrong date is refused even if there is no record to compare it with.
        if matches!(known.form, Form::Date) {
            for date in value.split(',') {
                dates::matches(date, None)?;
            }
        }
        criteria.push((key.as_str(), value.as_str()));
    }
    Ok(criteria)
}

/// The resources of a type that match every parameter.
pub(crate) fn find(kind: Kind, people: &[Person], query: &Query) -> Result<Vec<Value>, Problem> {
    let criteria = criteria(&parameters(kind), query)?;
    let mut found = Vec::new();
    for person in people {
        match kind {
            Kind::Patient => {
                if all_match(&criteria, |key, value| patient_matches(person, key, value))? {
                    found.push(resources::patient(person));
                }
            }
            Kind::Allergy => {
                for allergy in &person.allergies {
                    if all_match(&criteria, |key, value| {
                        allergy_matches(person, allergy, key, value)
                    })? {
                        found.push(resources::allergy(person, allergy));
                    }
                }
            }
            Kind::Clinical(row) => {
                for record in person.records_of(row) {
                    if all_match(&criteria, |key, value| {
                        record_matches(person, row, record, key, value)
                    })? {
                        found.push(resources::record(person, row, record));
                    }
                }
            }
        }
    }
    Ok(found)
}

/// Every parameter must match; of the values between its commas, one.
fn all_match(
    criteria: &[(&str, &str)],
    matches: impl Fn(&str, &str) -> Result<bool, Problem>,
) -> Result<bool, Problem> {
    for (key, values) in criteria {
        let mut any = false;
        for value in values.split(',') {
            any |= matches(key, value)?;
        }
        if !any {
            return Ok(false);
        }
    }
    Ok(true)
}

fn patient_matches(person: &Person, key: &str, value: &str) -> Result<bool, Problem> {
    let identity = &person.identity;
    let in_given = || identity.given.iter().any(|given| starts(given, value));
    Ok(match key {
        "_id" => person.id == value,
        "identifier" => identifier_matches(person, value),
        "family" => starts(&identity.family, value),
        "given" => in_given(),
        "name" => {
            starts(&identity.family, value)
                || in_given()
                || identity
                    .prefix
                    .as_ref()
                    .is_some_and(|prefix| starts(prefix, value))
        }
        "gender" => token_matches(value, GENDER, &identity.gender),
        "birthdate" => {
            let born = identity.birth_date.as_deref();
            dates::matches(value, born.and_then(Span::read))?
        }
        _ => false,
    })
}

fn allergy_matches(
    person: &Person,
    allergy: &Allergy,
    key: &str,
    value: &str,
) -> Result<bool, Problem> {
    Ok(match key {
        "clinical-status" => token_matches(value, CLINICAL_STATUS, &allergy.clinical_status),
        "date" => dates::matches(value, Span::read(&allergy.recorded))?,
        "last-date" => {
            let last = allergy.last_occurrence.as_deref();
            dates::matches(value, last.and_then(Span::read))?
        }
        _ => belongs(person, &allergy.id, key, value),
    })
}

fn record_matches(
    person: &Person,
    row: &Clinical,
    record: &Record,
    key: &str,
    value: &str,
) -> Result<bool, Problem> {
    Ok(if key == row.status.parameter {
        token_matches(value, row.status.system, &record.status)
    } else if key == row.date.parameter {
        dates::matches(value, record.span(row))?
    } else if key == row.code.parameter {
        token_matches(value, SNOMED_CT, &record.code)
    } else {
        belongs(person, &record.id, key, value)
    })
}

/// The parameters of [`OF_A_PATIENT`].
fn belongs(person: &Person, id: &str, key: &str, value: &str) -> bool {
    match key {
        "_id" => id == value,
        "patient" => reference_matches(value, &person.id),
        "patient.identifier" => identifier_matches(person, value),
        _ => false,
    }
}

fn starts(text: &str, wanted: &str) -> bool {
    text.to_lowercase().starts_with(&wanted.to_lowercase())
}

fn identifier_matches(person: &Person, wanted: &str) -> bool {
    let identity = &person.identity;
    token_matches(wanted, NHS_NUMBER, &identity.nhs_number)
        || identity
            .local_identifier
            .as_ref()
            .is_some_and(|local| token_matches(wanted, &local.system, &local.value))
}

/// `value`, `system|value` or `system|`; `|value` wants a value that has no system.
fn token_matches(wanted: &str, system: &str, value: &str) -> bool {
    match wanted.split_once('|') {
        None => wanted == value,
        Some((wanted_system, "")) => wanted_system == system,
        Some((wanted_system, wanted_value)) => wanted_system == system && wanted_value == value,
    }
}

/// A bare id, `Patient/id`, or an absolute URL that ends so.
fn reference_matches(wanted: &str, id: &str) -> bool {
    match wanted.rsplit_once('/') {
        None => wanted == id,
        Some((before, wanted_id)) => {
            wanted_id == id && (before == "Patient" || before.ends_with("/Patient"))
        }
    }
}

/// Where a page begins and how long it is.
pub(crate) struct Page {
    pub(crate) offset: usize,
    pub(crate) count: usize,
}

/// Reads `_count` and `_cursor`.
pub(crate) fn page(query: &Query, default_count: usize) -> Result<Page, Problem> {
    let value = |wanted: &str| {
        query
            .iter()
            .find(|(key, _)| key == wanted)
            .map(|(_, value)| value.as_str())
    };
    let count = match value("_count") {
        None => default_count,
        Some(text) => text.parse::<usize>().map_err(|_| {
            Problem::new(400, "value", format!("`{text}` is not a number of results"))
        })?,
    };
    let offset = match value("_cursor") {
        None => 0,
        Some(text) => offset_of(text)
            .ok_or_else(|| Problem::new(400, "value", "the page cursor is not one of ours"))?,
    };
    let count = count.min(MOST_A_PAGE);
    Ok(Page { offset, count })
}

// A client must not read or make cursors, so an offset does not show in one.
const CURSOR_MASK: usize = 0x00C0_FFEE;
const CURSOR_START: &str = "pg";

/// The cursor of the page that begins at `offset`.
pub(crate) fn cursor(offset: usize) -> String {
    format!("{CURSOR_START}{:x}", offset ^ CURSOR_MASK)
}

fn offset_of(cursor: &str) -> Option<usize> {
    let masked = usize::from_str_radix(cursor.strip_prefix(CURSOR_START)?, 16).ok()?;
    Some(masked ^ CURSOR_MASK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_tokens_by_system() {
        let matches = |wanted| token_matches(wanted, "http://a", "x");
        assert!(matches("x") && matches("http://a|x") && matches("http://a|"));
        assert!(!matches("|x") && !matches("http://b|x") && !matches("y"));
    }
}
