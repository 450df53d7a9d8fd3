//! Placeholders in step arguments, such as `{family}`: values of the patient in play.
//! Not for secrets: there are none in features.

use crate::world::Actor;

/// Every placeholder as authors write it, with its meaning.
pub const PLACEHOLDERS: &[(&str, &str)] = &[
    (
        "{nhs-number}",
        "the NHS number that the target uses for the role",
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
    ("{id}", "the target's own id, once a Given step found it"),
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

/// Replaces the placeholders in `text`; `Err` names one that has no value for this patient.
pub(crate) fn fill(text: &str, actor: Option<&Actor>, id: Option<&str>) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&value(name, actor, id).ok_or_else(|| name.to_owned())?);
        rest = tail;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn value(name: &str, actor: Option<&Actor>, id: Option<&str>) -> Option<String> {
    if name == "id" {
        return id.map(str::to_owned);
    }
    let actor = actor?;
    if name == "nhs-number" {
        return Some(actor.nhs_number.clone());
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
