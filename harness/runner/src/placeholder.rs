//! Placeholders in step arguments, such as `{family}`: values of who or what is in play.
//! Not for secrets: there are none in features.

use crate::world::{Actor, World};
use plumbline_model::DirectoryKind;

/// Every placeholder as authors write it, with its meaning.
pub const PLACEHOLDERS: &[(&str, &str)] = &[
    (
        "{nhs-number}",
        "the NHS number that the target uses for the role",
    ),
    (
        "{nhs-number:wrong}",
        "the NHS number with a wrong check digit",
    ),
    ("{family}", "the family name"),
    ("{family:3}", "the first three letters of the family name"),
    ("{family:5}", "the first five letters of the family name"),
    ("{family:lower}", "the family name in small letters"),
    ("{given}", "the first given name"),
    (
        "{given:3}",
        "the first three letters of the first given name",
    ),
    (
        "{given:4}",
        "the first four letters of the first given name",
    ),
    ("{prefix}", "the title, such as Mrs"),
    ("{gender}", "female, male, other or unknown"),
    ("{birth-date}", "the date of birth, YYYY-MM-DD"),
    ("{birth-year}", "the year of birth"),
    (
        "{local-identifier}",
        "the target's own identifier of the patient, with its system",
    ),
    (
        "{id}",
        "the target's own id of what was put in play last, once a step found it",
    ),
    (
        "{sds-user-id}",
        "the SDS user id of the practitioner in play",
    ),
    ("{ods-code}", "the ODS code of the organisation in play"),
];

/// The names of all placeholders, for a message.
pub(crate) fn list() -> String {
    let names: Vec<&str> = PLACEHOLDERS.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

/// The first placeholder in `text` that does not exist.
pub(crate) fn unknown(text: &str) -> Option<String> {
    names(text)
        .find(|name| {
            let whole = format!("{{{name}}}");
            !PLACEHOLDERS.iter().any(|(known, _)| *known == whole)
        })
        .map(str::to_owned)
}

/// The names between braces in `text`.
pub(crate) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// Replaces the placeholders in `text`; `Err` names one that has no value now.
pub(crate) fn fill(text: &str, world: &World) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&value(name, world).ok_or_else(|| name.to_owned())?);
        rest = tail;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// What a placeholder is a value of, if it is not the patient.
pub(crate) fn kind(name: &str) -> Option<DirectoryKind> {
    match name {
        "sds-user-id" => Some(DirectoryKind::Practitioner),
        "ods-code" => Some(DirectoryKind::Organization),
        _ => None,
    }
}

fn value(name: &str, world: &World) -> Option<String> {
    if name == "id" {
        return world.target_id.clone();
    }
    match kind(name) {
        Some(kind) => world.directory.get(&kind)?.identifier.clone(),
        None => of_patient(name, world.actor.as_ref()?),
    }
}

fn of_patient(name: &str, actor: &Actor) -> Option<String> {
    if name == "nhs-number" {
        return Some(actor.nhs_number.clone());
    }
    if name == "nhs-number:wrong" {
        return wrong(&actor.nhs_number);
    }
    let person = &actor.person.as_ref()?.identity;
    let first = |text: &str, count: usize| text.chars().take(count).collect::<String>();
    match name {
        "family" => Some(person.family.clone()),
        "family:3" => Some(first(&person.family, 3)),
        "family:5" => Some(first(&person.family, 5)),
        "family:lower" => Some(person.family.to_lowercase()),
        "given" => person.given.first().cloned(),
        "given:3" => person.given.first().map(|g| first(g, 3)),
        "given:4" => person.given.first().map(|g| first(g, 4)),
        "prefix" => person.prefix.clone(),
        "gender" => Some(person.gender.clone()),
        "birth-date" => person.birth_date.clone(),
        "birth-year" => person
            .birth_date
            .as_ref()
            .map(|d| d.chars().take(4).collect()),
        "local-identifier" => actor.local_identifier.clone(),
        _ => None,
    }
}

/// The number with another last digit, which therefore is not the check digit.
fn wrong(number: &str) -> Option<String> {
    let (rest, last) = number.split_at_checked(number.len().checked_sub(1)?)?;
    let digit = last.parse::<u8>().ok()?;
    Some(format!("{rest}{}", (digit + 1) % 10))
}

#[cfg(test)]
mod tests {
    use super::wrong;
    use plumbline_model::nhs_number_fault;

    #[test]
    fn a_wrong_number_has_a_wrong_check_digit() {
        for number in ["9990000212", "9990009996"] {
            let wrong = wrong(number).unwrap();
            assert_eq!(nhs_number_fault(number), None);
            assert!(
                nhs_number_fault(&wrong).is_some() && wrong.len() == 10,
                "{wrong}"
            );
        }
        assert_eq!(wrong(""), None);
    }
}
