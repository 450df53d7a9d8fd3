//! Placeholders in step arguments, such as `{family}`: values of the patient in play.
//! Not for secrets: there are none in features.

use crate::world::Actor;

/// Every placeholder, as authors write it.
pub(crate) const NAMES: &[&str] = &[
    "{nhs-number}",
    "{family}",
    "{family:3}",
    "{given}",
    "{given:3}",
    "{prefix}",
    "{gender}",
    "{birth-date}",
    "{birth-year}",
    "{local-identifier}",
    "{id}",
];

/// The first placeholder in `text` that does not exist.
pub(crate) fn unknown(text: &str) -> Option<String> {
    names(text)
        .find(|name| !NAMES.contains(&format!("{{{name}}}").as_str()))
        .map(str::to_owned)
}

fn names(text: &str) -> impl Iterator<Item = &str> {
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
    let first = |text: &str| text.chars().take(3).collect::<String>();
    match name {
        "family" => Some(person.family.clone()),
        "family:3" => Some(first(&person.family)),
        "given" => person.given.first().cloned(),
        "given:3" => person.given.first().map(|g| first(g)),
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
