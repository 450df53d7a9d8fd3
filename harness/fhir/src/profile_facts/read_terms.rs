//! Reads the facts of code systems and value sets from their lines. Not for profiles: `read_profile.rs`.

use super::read::{Block, FactsError};
use super::terms::{CodeSystemFacts, Part, Picked, PropertyFacts, PropertyFilter, ValueSetFacts};
use super::words::Optional;

pub(super) fn system(block: &Block<'_>) -> Result<CodeSystemFacts, FactsError> {
    let mut words = block.words();
    let (Some(url), Some(Optional(version)), Some(content)) =
        (words.next(), words.next_option(), words.next())
    else {
        return Err(block.error("not `system ADDRESS VERSION CONTENT`"));
    };
    let mut system = CodeSystemFacts {
        url,
        version,
        content,
        ..CodeSystemFacts::default()
    };
    for word in words.all().unwrap_or_default() {
        match word.as_str() {
            "case" => system.is_case_sensitive = Some(true),
            "nocase" => system.is_case_sensitive = Some(false),
            "withheld" => system.is_withheld = true,
            other => return Err(block.error(format!("`{other}` says nothing of a code system"))),
        }
    }
    for line in block.below() {
        match line.word() {
            "codes" => system.codes.append(&mut codes(line)?),
            "groups" => system.groups.append(&mut codes(line)?),
            "below" => {
                let code = line.only()?;
                let mut all = Vec::new();
                for line in line.below() {
                    if line.word() != "codes" {
                        return Err(line.unknown());
                    }
                    all.append(&mut codes(line)?);
                }
                system.below.push((code, all));
            }
            "property" => system.properties.push(property(line)?),
            _ => return Err(line.unknown()),
        }
    }
    Ok(system)
}

fn property(block: &Block<'_>) -> Result<PropertyFacts, FactsError> {
    let mut property = PropertyFacts {
        name: block.only()?,
        values: Vec::new(),
    };
    for line in block.below() {
        if line.word() != "has" {
            return Err(line.unknown());
        }
        let value = line.only()?;
        let mut all = Vec::new();
        for line in line.below() {
            if line.word() != "codes" {
                return Err(line.unknown());
            }
            all.append(&mut codes(line)?);
        }
        property.values.push((value, all));
    }
    Ok(property)
}

fn codes(line: &Block<'_>) -> Result<Vec<String>, FactsError> {
    line.is_alone()?;
    let codes = line.words().all().filter(|codes| !codes.is_empty());
    codes.ok_or_else(|| line.error("no codes, or codes that cannot be read"))
}

pub(super) fn set(block: &Block<'_>) -> Result<ValueSetFacts, FactsError> {
    let mut words = block.words();
    let (Some(url), Some(Optional(version)), true) =
        (words.next(), words.next_option(), words.is_empty())
    else {
        return Err(block.error("not `set ADDRESS VERSION`"));
    };
    let mut set = ValueSetFacts {
        url,
        version,
        ..ValueSetFacts::default()
    };
    for line in block.below() {
        match line.word() {
            "include" => set.include.push(part(line)?),
            "exclude" => set.exclude.push(part(line)?),
            "expansion" => set.expansion.push(part(line)?),
            _ => return Err(line.unknown()),
        }
    }
    Ok(set)
}

fn part(block: &Block<'_>) -> Result<Part, FactsError> {
    let mut words = block.words();
    let (Some(Optional(system)), Some(Optional(version))) =
        (words.next_option(), words.next_option())
    else {
        return Err(block.error(format!("not `{} SYSTEM VERSION`", block.word())));
    };
    let mut part = Part {
        system,
        version,
        picked: match words.next().as_deref() {
            None => Picked::All,
            Some("withheld") => Picked::Withheld,
            Some(_) => return Err(block.error("only `withheld` can follow the version")),
        },
        value_sets: Vec::new(),
    };
    for line in block.below() {
        line.is_alone()?;
        match line.word() {
            "codes" => {
                let mut more = codes(line)?;
                match &mut part.picked {
                    Picked::Codes(codes) => codes.append(&mut more),
                    Picked::All => part.picked = Picked::Codes(more),
                    Picked::Filters(_) | Picked::Withheld => return Err(line.unknown()),
                }
            }
            "filter" => {
                let words = line.words().all();
                let Some([property, operator, value]) = words.as_deref() else {
                    return Err(line.error("not `filter PROPERTY OPERATOR VALUE`"));
                };
                let filter = PropertyFilter {
                    property: property.clone(),
                    operator: operator.clone(),
                    value: value.clone(),
                };
                match &mut part.picked {
                    Picked::Filters(filters) => filters.push(filter),
                    Picked::All => part.picked = Picked::Filters(vec![filter]),
                    Picked::Codes(_) | Picked::Withheld => return Err(line.unknown()),
                }
            }
            "set" => part.value_sets.push(line.only()?),
            _ => return Err(line.unknown()),
        }
    }
    Ok(part)
}
