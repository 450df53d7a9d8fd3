//! Searches by identifier.
//! Not for reads, nor for who may be shown, which `pds` says.
//!
//! Source: GP Connect 1.6.2-beta, find a patient, a practitioner, an organisation.

use super::checks::{
    Checks, IDENTIFIER_FORM, IDENTIFIER_MISSING, IDENTIFIER_SYSTEM, IDENTIFIER_TWICE,
    IDENTIFIER_VALUE, Refusal,
};
use super::profiles;
use super::routes::Served;
use crate::people::valid_nhs_number;

/// The value that is searched for; nothing if a fault lets a search through that can find nobody.
pub(crate) fn wanted<'a>(
    served: Served,
    query: &'a [(String, String)],
    checks: &Checks<'_>,
) -> Result<Option<&'a str>, Refusal> {
    // What else is asked for is unknown and ignored.
    let mut sent = query.iter().filter(|(key, _)| key == "identifier");
    let first = sent.next();
    let text = "the search parameter identifier is missing";
    checks.hold(IDENTIFIER_MISSING, first.is_some(), text)?;
    let text = "the search parameter identifier is there more than once";
    checks.hold(IDENTIFIER_TWICE, sent.next().is_none(), text)?;
    let Some((_, first)) = first else {
        return Ok(None);
    };
    let (system, value) = first.split_once('|').unwrap_or(("", first));
    let is_whole = !system.is_empty() && !value.is_empty();
    let text = format!("`{first}` is not a system, a bar and a value");
    checks.hold(IDENTIFIER_FORM, is_whole, text)?;
    let known = match served {
        Served::Practitioner => profiles::SDS_USER_ID,
        Served::Organization => profiles::ODS_CODE,
        Served::Patient | Served::Location => profiles::NHS_NUMBER,
    };
    let is_known = system == known || !is_whole;
    let text = format!("the identifier system `{system}` is not known here; {known} is");
    checks.hold(IDENTIFIER_SYSTEM, is_known, text)?;
    let is_right = served != Served::Patient || valid_nhs_number(value) || !is_whole;
    // The value stays out of the answer: it may be somebody's number, mistyped.
    let text = "the value of identifier is not a valid NHS number";
    checks.hold(IDENTIFIER_VALUE, is_right, text)?;
    Ok((system == known || system.is_empty()).then_some(value))
}
