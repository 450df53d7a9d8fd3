//! Whether every record that the facts name, and that the search asks for, is in the result.
//! Not for what else is there, and not for reading the facts: each check brings its own.

use crate::clinical_record::{
    Coded, Denial, coded, denial, has_status, status_system, status_title,
};
use crate::dates::{Days, Fits, Wanted};
use crate::identity::{Owner, owner};
use crate::observed::{Expectation, Observed};
use crate::pairing::{Likeness, pair};
use crate::reading::{Reading, text};
use crate::refusal::refused;
use crate::sheet::{At, Sheet};
use plumbline_model::{ClinicalType, Person, Shown, SkipReason, StatusForm, ValueKind};
use plumbline_tree::Node;
use std::collections::BTreeSet;

/// The days on which a date parameter may find a record: the parameter, and one range, or none
/// for a record without that date, or several where a date cannot be read as one.
pub(crate) type Found<'a> = (&'a str, Option<Vec<Days>>);

/// One record that the facts name.
#[derive(Debug, Clone)]
pub(crate) struct Fact<'a> {
    pub(crate) code: &'a str,
    pub(crate) display: &'a str,
    pub(crate) status: &'a str,
    /// The verification status, for types whose facts have one.
    pub(crate) verification: Option<&'a str>,
    /// The ways in which a target may rightly keep the dates, the plain one first.
    pub(crate) readings: Vec<Vec<Found<'a>>>,
}

/// Whether the search asks for a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    Yes,
    /// The search narrows in a way that is not compared here.
    Unknown,
    No,
}

/// The facts about the person in play, or the finding that there are none.
pub(crate) fn person<'a>(sheet: &mut Sheet, expectation: &Expectation<'a>) -> Option<&'a Person> {
    if expectation.person.is_none() {
        sheet.undecided(
            SkipReason::NotChecked,
            At::page(0),
            "no facts about the patient are known",
            Shown::ours("no patient, or one with data_sheet = false in target.toml"),
            "Load the person from the data sheet and map the role to it; with a patient of your own this rule is not tested",
        );
    }
    expectation.person
}

/// Looks for each fact that the search asks for among the records of the type.
pub(crate) fn look(
    sheet: &mut Sheet,
    observed: &Observed<'_>,
    expectation: &Expectation<'_>,
    kind: &ClinicalType,
    facts: Vec<Fact<'_>>,
) {
    let mut facts: Vec<(Fact<'_>, Asked)> = facts
        .into_iter()
        .map(|fact| {
            let asked = asked(&fact, kind, observed.request.params);
            (fact, asked)
        })
        .filter(|(_, asked)| *asked != Asked::No)
        .collect();
    if facts.is_empty() {
        let message = format!(
            "the patient holds no {} that this search asks for",
            kind.title
        );
        return sheet.nothing(&message, "Use a patient with such records in the scenario");
    }
    // What is surely asked for comes first, so that nothing else takes its record.
    facts.sort_by_key(|(_, asked)| *asked);
    if refused(sheet, observed) {
        return;
    }
    let reading = Reading::of(observed);
    sheet.gaps(&reading);
    if !reading.gaps.is_empty() && reading.hits.is_empty() && reading.searchsets.is_empty() {
        return;
    }
    let records = candidates(&reading, expectation, kind);
    let likenesses: Vec<Vec<Likeness>> = facts
        .iter()
        .map(|(fact, _)| {
            let like = |record: &Node<'_>| likeness(fact, *record, kind, &reading);
            records.iter().map(like).collect()
        })
        .collect();
    let pairs = pair(&likenesses);
    for (index, (fact, asked)) in facts.iter().enumerate() {
        let missing = Missing {
            fact,
            kind,
            asked: *asked,
            place: place(&reading),
            unseen: reading.unseen,
        };
        if let Some(record) = pairs[index] {
            match likenesses[index][record] {
                Likeness::Sure => sheet.saw(1),
                Likeness::Possible | Likeness::None => missing.perhaps(sheet, records[record]),
            }
            continue;
        }
        let left = |(at, _): &(usize, &Node<'_>)| !pairs.contains(&Some(*at));
        let others = records.iter().enumerate().filter(left);
        let instead = others
            .filter(|(_, record)| coded(**record, kind, fact.code, &reading) == Coded::Yes)
            .map(|(_, record)| instead(fact, *record, kind))
            .max()
            .unwrap_or(Instead::Nothing);
        missing.tell(sheet, instead, &parameters(observed));
    }
}

fn likeness<'a>(
    fact: &Fact<'_>,
    record: Node<'a>,
    kind: &ClinicalType,
    reading: &Reading<'a>,
) -> Likeness {
    if !has_status(record, kind, fact.status) {
        return Likeness::None;
    }
    let denial = denial(record, kind, fact.verification);
    match (coded(record, kind, fact.code, reading), denial) {
        (Coded::No, _) | (_, Denial::Yes(_)) => Likeness::None,
        (Coded::Unresolved, _) | (Coded::Yes, Denial::Perhaps) => Likeness::Possible,
        (Coded::Yes, Denial::No) => Likeness::Sure,
    }
}

/// What came in place of a record that is missing; what says most stands last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Instead {
    Nothing,
    /// A record with the code and another status.
    OtherStatus,
    /// A record with the code and the status that denies itself, in these words.
    Denied(&'static str),
}

fn instead(fact: &Fact<'_>, record: Node<'_>, kind: &ClinicalType) -> Instead {
    match denial(record, kind, fact.verification) {
        Denial::Yes(how) if has_status(record, kind, fact.status) => Instead::Denied(how),
        Denial::Yes(_) | Denial::Perhaps | Denial::No => Instead::OtherStatus,
    }
}

/// The records of the type that may be the person's own, each once.
fn candidates<'a>(
    reading: &Reading<'a>,
    expectation: &Expectation<'_>,
    kind: &ClinicalType,
) -> Vec<Node<'a>> {
    let mut ids = BTreeSet::new();
    reading
        .matches()
        .filter(|hit| hit.resource_type == kind.name)
        .filter(|hit| text(hit.resource, "id").is_none_or(|id| ids.insert(id)))
        .filter(|hit| {
            let owner = owner(hit, expectation.resource_id, expectation.nhs_number);
            !matches!(owner, Owner::Other(_))
        })
        .map(|hit| hit.resource)
        .collect()
}

fn place<'a>(reading: &Reading<'a>) -> At<'a> {
    reading
        .searchsets
        .first()
        .map_or(At::page(0), |(page, bundle)| At::node(*page, *bundle))
}

/// The names of the search's parameters, for the message.
fn parameters<'a>(observed: &'a Observed<'_>) -> Vec<&'a str> {
    let params = observed.request.params;
    params.iter().map(|(name, _)| name.as_str()).collect()
}

/// A fact for which no record was found.
struct Missing<'a> {
    fact: &'a Fact<'a>,
    kind: &'a ClinicalType,
    asked: Asked,
    place: At<'a>,
    unseen: Option<&'static str>,
}

impl Missing<'_> {
    fn shown(&self, start: &str) -> Shown {
        Shown::ours(start)
            .value(ValueKind::Text, self.fact.display)
            .and(", code ")
            .value(ValueKind::Code, self.fact.code)
            .and(format!(", {} ", status_title(self.kind)))
            .value(ValueKind::Code, self.fact.status)
    }

    /// The type in words, with its article.
    fn title(&self) -> String {
        let title = self.kind.title;
        let article = if title.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        format!("{article} {title}")
    }

    /// A record may be the one, but its medicine is not in the result, or a modifier extension
    /// may turn it into something else.
    fn perhaps(&self, sheet: &mut Sheet, record: Node<'_>) {
        let (why, start, next) = if record.get("modifierExtension").is_some() {
            (
                "a modifier extension may change what a record means",
                "perhaps a record with a modifier extension: ",
                "Send the record without a modifier extension, or have a person judge what the extension means",
            )
        } else {
            (
                "a record names its medicine elsewhere",
                "perhaps behind a reference: ",
                "Send the medicine as a concept, contained in the record, or included in the result",
            )
        };
        let message = format!("whether {} was sent cannot be told, as {why}", self.title());
        let actual = self.shown(start);
        sheet.undecided(SkipReason::NotObservable, self.place, message, actual, next);
    }

    fn tell(&self, sheet: &mut Sheet, instead: Instead, parameters: &[&str]) {
        if self.asked == Asked::Unknown {
            let next = "None for the supplier; the scenario narrows the search in a way that cannot be compared with the facts";
            let message = format!(
                "whether the search asks for {} cannot be told",
                self.title()
            );
            let actual = self.shown("not in the result: ");
            sheet.undecided(SkipReason::NotChecked, self.place, message, actual, next);
        } else if let Some(why) = self.unseen {
            let next =
                "Follow every page of the result in the scenario, or see why following stopped";
            let actual = self
                .shown("not on the pages that were read: ")
                .and("; ")
                .and(why);
            let message = format!(
                "{} was not seen, but the result was not read to its end",
                self.title()
            );
            sheet.undecided(SkipReason::NotObservable, self.place, message, actual, next);
        } else {
            sheet.saw(1);
            let (what, actual) = match instead {
                Instead::Nothing => (
                    "not sent".to_owned(),
                    "no record with this code and status in the result".to_owned(),
                ),
                Instead::OtherStatus => (
                    format!("sent with another {}", status_title(self.kind)),
                    "the same code with another status".to_owned(),
                ),
                Instead::Denied(how) => (
                    format!("sent as {how}"),
                    format!("the same code and status, {how}"),
                ),
            };
            let message = format!(
                "{} is held but {what} in a search by {}",
                self.title(),
                parameters.join(" and ")
            );
            sheet.broken(self.place, message, self.shown(""), Shown::ours(actual));
        }
    }
}

/// Whether the parameters of the search ask for this fact; all of them must.
/// Where a target may keep the date in two ways, only what both ways find is surely asked for.
fn asked(fact: &Fact<'_>, kind: &ClinicalType, params: &[(String, String)]) -> Asked {
    let ways: Vec<Asked> = fact
        .readings
        .iter()
        .map(|dates| {
            let by = |(name, value): &(String, String)| by(fact, kind, dates, name, value);
            params.iter().map(by).max().unwrap_or(Asked::Yes)
        })
        .collect();
    match ways.first() {
        Some(Asked::No) => Asked::No,
        Some(Asked::Yes) if ways.iter().all(|way| *way == Asked::Yes) => Asked::Yes,
        _ => Asked::Unknown,
    }
}

fn by(fact: &Fact<'_>, kind: &ClinicalType, dates: &[Found<'_>], name: &str, value: &str) -> Asked {
    // These say whose records, or how they come; none of them leaves out a record of the patient.
    if matches!(
        name,
        "patient"
            | "patient.identifier"
            | "_count"
            | "_format"
            | "_include"
            | "_revinclude"
            | "_sort"
            | "_total"
    ) {
        return Asked::Yes;
    }
    let date = dates.iter().find(|(own, _)| *own == name);
    let one = |value: &str| match date {
        Some((_, days)) => within(days.as_deref(), value),
        None if name == kind.status_parameter => of_status(fact, kind, value),
        None => Asked::Unknown,
    };
    if value.is_empty() || value.contains('\\') {
        return Asked::Unknown;
    }
    // Of values parted by commas, one is enough.
    value.split(',').map(one).min().unwrap_or(Asked::Unknown)
}

fn of_status(fact: &Fact<'_>, kind: &ClinicalType, value: &str) -> Asked {
    let code = match value.split_once('|') {
        None => value,
        Some((system, code)) if status_system(kind) == Some(system) => code,
        Some(_) => return Asked::Unknown,
    };
    if code == fact.status {
        Asked::Yes
    } else if code.is_empty() {
        // Any code of the system is asked for, or none is named at all.
        match kind.status_form {
            StatusForm::ClinicalStatus { .. } if value.ends_with('|') => Asked::Yes,
            StatusForm::ClinicalStatus { .. } | StatusForm::Code => Asked::Unknown,
        }
    } else {
        Asked::No
    }
}

fn within(days: Option<&[Days]>, value: &str) -> Asked {
    let Some(wanted) = Wanted::read(value) else {
        return Asked::Unknown;
    };
    match days {
        None => Asked::No,
        Some([days]) => match wanted.fits(*days) {
            Fits::Yes => Asked::Yes,
            Fits::No => Asked::No,
            Fits::Unclear => Asked::Unknown,
        },
        Some(_) => Asked::Unknown,
    }
}
