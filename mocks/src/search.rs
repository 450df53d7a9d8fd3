//! Which records a search finds, and which page of them is sent.
//! Not for faults: this is how a right system behaves.

use crate::people::{Allergy, Person};
use crate::resources::{self, CLINICAL_STATUS, GENDER, NHS_NUMBER};
use serde_json::Value;

/// A decoded query string, in order.
pub(crate) type Query = [(String, String)];

/// A request that is refused, as the `OperationOutcome` will say it.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    /// FHIR issue type.
    pub(crate) code: &'static str,
    pub(crate) text: String,
}

impl Problem {
    pub(crate) fn new(status: u16, code: &'static str, text: impl Into<String>) -> Problem {
        let text = text.into();
        Problem { status, code, text }
    }
}

/// FHIR search parameter type.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Token,
    Text,
    Date,
    Reference,
}

/// A search parameter that the mock knows.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Whether it alone keeps a search from returning everybody.
    bounds: Bounds,
}

#[derive(PartialEq)]
enum Bounds {
    Enough,
    TooWide,
}

const fn bounding(name: &'static str, kind: Kind) -> Parameter {
    let bounds = Bounds::Enough;
    Parameter { name, kind, bounds }
}

const fn wide(name: &'static str, kind: Kind) -> Parameter {
    let bounds = Bounds::TooWide;
    Parameter { name, kind, bounds }
}

pub(crate) const PATIENT_PARAMETERS: &[Parameter] = &[
    bounding("_id", Kind::Token),
    bounding("identifier", Kind::Token),
    bounding("name", Kind::Text),
    bounding("family", Kind::Text),
    bounding("given", Kind::Text),
    bounding("birthdate", Kind::Date),
    bounding("gender", Kind::Token),
];

pub(crate) const ALLERGY_PARAMETERS: &[Parameter] = &[
    bounding("_id", Kind::Token),
    bounding("patient", Kind::Reference),
    bounding("patient.identifier", Kind::Token),
    wide("clinical-status", Kind::Token),
    wide("date", Kind::Date),
    wide("last-date", Kind::Date),
];

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
        if !parameters.iter().any(|known| known.name == key) {
            let text = format!("the search parameter `{key}` is not supported");
            return Err(Problem::new(400, "not-supported", text));
        }
        // FHIR: a parameter without a value counts as not sent.
        if !value.is_empty() {
            criteria.push((key.as_str(), value.as_str()));
        }
    }
    Ok(criteria)
}

/// The Patient resources that match every parameter.
pub(crate) fn patients(people: &[Person], query: &Query) -> Result<Vec<Value>, Problem> {
    let criteria = criteria(PATIENT_PARAMETERS, query)?;
    let mut found = Vec::new();
    for person in people {
        if all_match(&criteria, |key, value| patient_matches(person, key, value))? {
            found.push(resources::patient(person));
        }
    }
    Ok(found)
}

/// The `AllergyIntolerance` resources that match every parameter.
pub(crate) fn allergies(people: &[Person], query: &Query) -> Result<Vec<Value>, Problem> {
    let criteria = criteria(ALLERGY_PARAMETERS, query)?;
    let mut found = Vec::new();
    for person in people {
        for allergy in &person.allergies {
            if all_match(&criteria, |key, value| {
                allergy_matches(person, allergy, key, value)
            })? {
                found.push(resources::allergy(person, allergy));
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
    // Every value is looked at, so that a wrong one is refused whatever the others say.
    let mut all = true;
    for (key, values) in criteria {
        let mut any = false;
        for value in values.split(',') {
            any |= matches(key, value)?;
        }
        all &= any;
    }
    Ok(all)
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
        "birthdate" => date_matches(value, identity.birth_date.as_deref())?,
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
        "_id" => allergy.id == value,
        "patient" => reference_matches(value, &person.id),
        "patient.identifier" => identifier_matches(person, value),
        "clinical-status" => token_matches(value, CLINICAL_STATUS, &allergy.clinical_status),
        "date" => date_matches(value, Some(&allergy.recorded))?,
        "last-date" => date_matches(value, allergy.last_occurrence.as_deref())?,
        _ => false,
    })
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

/// Compares a full date with an optional prefix and a date that may lack day or month.
/// A record without the date never matches.
fn date_matches(wanted: &str, held: Option<&str>) -> Result<bool, Problem> {
    let split = wanted.len().min(2);
    let (prefix, rest) = match wanted.get(..split) {
        Some(prefix) if prefix.chars().all(|letter| letter.is_ascii_lowercase()) => {
            (prefix, &wanted[split..])
        }
        _ => ("eq", wanted),
    };
    let Some((first, last)) = date_range(rest) else {
        return Err(Problem::new(
            400,
            "value",
            format!("`{wanted}` is not a date"),
        ));
    };
    let compare: fn(&str, &str, &str) -> bool = match prefix {
        "eq" => |held, first, last| first <= held && held <= last,
        "ne" => |held, first, last| held < first || held > last,
        "ge" => |held, first, _| held >= first,
        "le" => |held, _, last| held <= last,
        "gt" | "sa" => |held, _, last| held > last,
        "lt" | "eb" => |held, first, _| held < first,
        _ => {
            let text = format!("the date prefix `{prefix}` is not supported");
            return Err(Problem::new(400, "not-supported", text));
        }
    };
    Ok(held.is_some_and(|held| compare(held, &first, &last)))
}

/// The first and the last day of `2019`, `2019-05` or `2019-05-02`, as texts that sort.
fn date_range(text: &str) -> Option<(String, String)> {
    // The records know no time of day.
    let date = text.split('T').next()?;
    let parts: Vec<&str> = date.split('-').collect();
    let digits =
        |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    let (year, rest) = parts.split_first()?;
    let right = digits(year, 4)
        && rest.len() <= 2
        && rest.iter().all(|part| digits(part, 2))
        && rest
            .first()
            .is_none_or(|month| ("01"..="12").contains(month))
        && rest.get(1).is_none_or(|day| ("01"..="31").contains(day));
    let padded = |month: &str, day: &str| {
        let month = rest.first().unwrap_or(&month);
        let day = rest.get(1).unwrap_or(&day);
        format!("{year}-{month}-{day}")
    };
    right.then(|| (padded("01", "01"), padded("12", "31")))
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
    fn compares_dates_by_prefix_and_precision() {
        let held = Some("2019-05-02");
        for right in [
            "2019-05-02",
            "eq2019-05",
            "2019",
            "ge2019-05-02",
            "le2019",
            "gt2018",
            "lt2019-06",
            "ne2020",
            "le2019-05-02T10:00:00Z",
        ] {
            assert!(date_matches(right, held).unwrap(), "{right}");
            assert!(!date_matches("ge1900", None).unwrap());
        }
        for wrong in [
            "2019-05-03",
            "gt2019",
            "lt2019",
            "ge2019-06",
            "le2018-12",
            "ne2019-05",
        ] {
            assert!(!date_matches(wrong, held).unwrap(), "{wrong}");
        }
        for refused in [
            "yesterday",
            "2019-13",
            "19-05-02",
            "ap2019",
            "",
            "2019-05-02-01",
        ] {
            assert!(date_matches(refused, held).is_err(), "{refused}");
        }
    }

    #[test]
    fn compares_tokens_by_system() {
        let matches = |wanted| token_matches(wanted, "http://a", "x");
        assert!(matches("x") && matches("http://a|x") && matches("http://a|"));
        assert!(!matches("|x") && !matches("http://b|x") && !matches("y"));
    }
}
