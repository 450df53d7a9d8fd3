//! Conditions of a value set on the codes of a code system. Not for those that need properties which are not kept.

use crate::form::SNOMED;
use crate::system::{CompiledSystem, Content};
use crate::table::{Case, Table};
use crate::truth::{Truth, Why};
use plumbline_fhir::profile_facts::PropertyFilter;
use regex::{Regex, RegexBuilder};
use std::collections::BTreeSet;

/// A condition, ready for look-ups.
#[derive(Debug)]
pub(crate) enum Condition {
    /// These codes keep to it. `others` says why more codes may.
    Codes {
        table: Table,
        others: Option<Box<str>>,
    },
    /// All but these codes keep to it. `others` says why fewer codes may.
    AllBut {
        table: Table,
        others: Option<Box<str>>,
    },
    /// Codes that match the whole of this.
    Matching(Regex),
    /// It cannot be decided, and why.
    Undecided(Box<str>),
}

impl Condition {
    pub(crate) fn new(filter: &PropertyFilter, system: &CompiledSystem) -> Self {
        let undecided = || {
            Self::Undecided(
                format!(
                    "the filter {} {} {} on {} needs what is not kept here",
                    filter.property, filter.operator, filter.value, system.url
                )
                .into(),
            )
        };
        let of_code = matches!(filter.property.as_str(), "concept" | "code");
        let found = match (of_code, filter.operator.as_str()) {
            // Of SNOMED CT the value names a reference set, whose members are not here.
            (true, "in" | "not-in") if &*system.url == SNOMED => None,
            (true, "regex") => whole(&filter.value).map(Self::Matching),
            (true, "in" | "=") => Some(Self::listed(filter, system)),
            (true, "not-in") => match Self::listed(filter, system) {
                Self::Codes { table, others } => Some(Self::AllBut { table, others }),
                other => Some(other),
            },
            (true, "exists") => always(&filter.value),
            (true, operator) => hierarchy(operator, &filter.value, system),
            (false, operator) => of_property(&filter.property, operator, &filter.value, system),
        };
        found.unwrap_or_else(undecided)
    }

    /// Codes with commas between them.
    fn listed(filter: &PropertyFilter, system: &CompiledSystem) -> Self {
        let is_one = filter.operator == "=";
        let codes = filter.value.split(',').map(str::trim);
        let table = if is_one {
            Table::new([filter.value.as_str()], system.case())
        } else {
            Table::new(codes, system.case())
        };
        Self::Codes {
            table,
            others: None,
        }
    }

    /// Whether a code keeps to it.
    pub(crate) fn holds(&self, code: &str) -> Truth<'_> {
        match self {
            Self::Codes { table, others } => match others {
                _ if table.contains(code) => Truth::Yes,
                None => Truth::listed(false),
                Some(reason) => Truth::Unknown(Why::Reason(reason)),
            },
            Self::AllBut { table, others } => match others {
                _ if table.contains(code) => Truth::listed(false),
                None => Truth::Yes,
                Some(reason) => Truth::Unknown(Why::Reason(reason)),
            },
            Self::Matching(regex) => Truth::listed(regex.is_match(code)),
            Self::Undecided(reason) => Truth::Unknown(Why::Reason(reason)),
        }
    }

    /// The codes that it lists.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        let table = match self {
            Self::Codes { table, .. } => Some(table),
            Self::AllBut { .. } | Self::Matching(_) | Self::Undecided(_) => None,
        };
        table.into_iter().flat_map(Table::iter)
    }
}

/// A regular expression that a whole code must match.
fn whole(text: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new(&format!("^(?:{text})$"));
    builder.size_limit(1 << 20).build().ok()
}

/// Why there may be more codes than those that are known.
fn others(system: &CompiledSystem) -> Option<Box<str>> {
    let url = &system.url;
    match system.content {
        Content::Complete => None,
        Content::Partial => Some(format!("only a part of the code system {url} is here").into()),
        Content::Absent => Some(format!("the codes of the code system {url} are not here").into()),
    }
}

fn codes(found: BTreeSet<&str>, system: &CompiledSystem) -> Condition {
    Condition::Codes {
        table: Table::new(found, system.case()),
        others: others(system),
    }
}

fn all_but(found: BTreeSet<&str>, system: &CompiledSystem) -> Condition {
    Condition::AllBut {
        table: Table::new(found, system.case()),
        others: others(system),
    }
}

/// A condition on where a code stands. `None` if it cannot be decided.
fn hierarchy(operator: &str, value: &str, system: &CompiledSystem) -> Option<Condition> {
    // What nobody knows cannot be above anything that is known.
    let code = system.written(value)?;
    let mut below = system.below(code);
    Some(match operator {
        "is-a" => {
            below.insert(code);
            codes(below, system)
        }
        "descendent-of" => {
            below.remove(code);
            codes(below, system)
        }
        "is-not-a" => {
            below.insert(code);
            all_but(below, system)
        }
        "child-of" => codes(system.children(code).collect(), system),
        "descendent-leaf" => {
            let is_leaf = |code: &&str| system.children(code).next().is_none();
            // Of a part of a code system nobody knows what is below.
            (system.content == Content::Complete)
                .then(|| codes(below.into_iter().filter(is_leaf).collect(), system))?
        }
        "generalizes" => {
            let mut above = system.above(code);
            above.insert(code);
            codes(above, system)
        }
        _ => return None,
    })
}

/// A condition on a property that is kept.
fn of_property(
    property: &str,
    operator: &str,
    value: &str,
    system: &CompiledSystem,
) -> Option<Condition> {
    let parents_of = |wanted: &str| {
        let all = system.parents();
        let has = |below: &[Box<str>]| below.iter().any(|it| **it == *wanted);
        all.filter(|(_, below)| has(below))
            .map(|(code, _)| code)
            .collect::<BTreeSet<&str>>()
    };
    let with_parent = || {
        let all = system.parents();
        all.flat_map(|(_, below)| below.iter().map(AsRef::as_ref))
            .collect::<BTreeSet<&str>>()
    };
    let with_child = || system.parents().map(|(code, _)| code).collect();
    let groups = || system.groups().collect::<BTreeSet<&str>>();
    match (property, operator) {
        ("parent", "=") => Some(codes(
            system.children(system.written(value)?).collect(),
            system,
        )),
        ("child", "=") => Some(codes(parents_of(system.written(value)?), system)),
        ("parent", "exists") => exists(value, with_parent(), system),
        ("child", "exists") => exists(value, with_child(), system),
        ("notSelectable", "=") => exists(value, groups(), system),
        (_, "=") => Some(codes(system.having(property, |it| it == value)?, system)),
        (_, "in") => {
            let is_wanted = |it: &str| value.split(',').any(|wanted| wanted.trim() == it);
            Some(codes(system.having(property, is_wanted)?, system))
        }
        (_, "regex") => {
            let regex = whole(value)?;
            Some(codes(
                system.having(property, |it| regex.is_match(it))?,
                system,
            ))
        }
        (_, "exists") => exists(value, system.having(property, |_| true)?, system),
        _ => None,
    }
}

/// The codes that have something, or those that have it not.
fn exists(value: &str, having: BTreeSet<&str>, system: &CompiledSystem) -> Option<Condition> {
    match value {
        "true" => Some(codes(having, system)),
        "false" => Some(all_but(having, system)),
        _ => None,
    }
}

/// What every code has.
fn always(value: &str) -> Option<Condition> {
    let table = Table::new([], Case::Tells);
    let others = None;
    match value {
        "true" => Some(Condition::AllBut { table, others }),
        "false" => Some(Condition::Codes { table, others }),
        _ => None,
    }
}
