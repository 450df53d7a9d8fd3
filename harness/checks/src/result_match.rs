//! Whether every record of a result fits the parameter that was sent. Not for records that are missing.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::clinical_record::{When, known_type, status_system, when};
use crate::dates::{Fits, Wanted};
use crate::fold::fold;
use crate::identity::identifiers;
use crate::observed::{Expectation, Observed};
use crate::reading::{Hit, Reading, text};
use crate::refusal::refused;
use crate::sheet::{At, Sheet};
use plumbline_model::{ClinicalType, Shown, SkipReason, StatusForm, ValueKind};
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "RESULT-MATCH",
    name: "Results match the search",
    doc: CheckDoc {
        what: "Every record of the searched type, and every other that is labelled a match, is of the searched type and fits the value of the named parameter as it was sent. Records of another type without a label are not judged here.",
        why: "A server that ignores a parameter returns people and records that nobody asked for.",
        conformant: "a search with gender=female that returns women only",
        not_conformant: "a search with gender=female that also returns a man, or somebody without a gender",
        source: "FHIR R4, search",
    },
    next_step: "Apply this search parameter to every record that is returned",
    run,
};

/// What comparing one record with one value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
    /// The record shows it, but not clearly enough.
    Unclear,
    /// The record shows it in a form that is not compared here.
    NotCompared,
}

/// A value of a search that can be compared.
enum Wish {
    /// System, where one is given, and code or value, where one is given.
    Token(Option<String>, Option<String>),
    Plain(String),
    Start(String),
    Date(Wanted),
}

#[derive(Clone, Copy)]
enum Parameter {
    Identifier,
    Id,
    Gender,
    /// The elements of which one holds the date.
    Date(&'static [&'static str]),
    Family,
    Given,
    Name,
    Status(&'static ClinicalType),
}

impl Parameter {
    fn of(resource_type: &str, name: &str) -> Option<Self> {
        match (resource_type, name) {
            (_, "_id") => Some(Self::Id),
            (_, "identifier") => Some(Self::Identifier),
            ("Patient", "gender") => Some(Self::Gender),
            ("Patient", "birthdate") => Some(Self::Date(&["birthDate"])),
            ("Patient", "family") => Some(Self::Family),
            ("Patient", "given") => Some(Self::Given),
            ("Patient", "name") => Some(Self::Name),
            ("AllergyIntolerance", "last-date") => Some(Self::Date(&["lastOccurrence"])),
            _ => {
                let kind = known_type(resource_type)?;
                if name == kind.status_parameter {
                    Some(Self::Status(kind))
                } else if name == kind.date_parameter {
                    Some(Self::Date(kind.date_elements))
                } else {
                    None
                }
            }
        }
    }

    /// What kind of value is sent, for those who redact it.
    const fn kind(self) -> ValueKind {
        match self {
            Self::Id => ValueKind::Id,
            Self::Identifier => ValueKind::Identifier,
            Self::Date(_) => ValueKind::Date,
            Self::Gender | Self::Status(_) => ValueKind::Code,
            Self::Family | Self::Given | Self::Name => ValueKind::Name,
        }
    }

    fn wish(self, value: &str) -> Option<Wish> {
        if value.trim().is_empty() || value.contains('\\') {
            return None;
        }
        let wish = match self {
            // A status that is a plain code has the system that FHIR binds to it, and no other.
            Self::Status(kind) if kind.status_form == StatusForm::Code => {
                match value.split_once('|') {
                    None => Wish::Plain(value.to_owned()),
                    Some((system, code))
                        if status_system(kind) == Some(system) && !code.is_empty() =>
                    {
                        Wish::Plain(code.to_owned())
                    }
                    Some(_) => return None,
                }
            }
            Self::Identifier | Self::Status(_) => match value.split_once('|') {
                None => Wish::Token(None, Some(value.to_owned())),
                Some(("", "")) => return None,
                Some((system, "")) => Wish::Token(Some(system.to_owned()), None),
                Some((system, code)) => Wish::Token(Some(system.to_owned()), Some(code.to_owned())),
            },
            Self::Id => Wish::Plain(value.to_owned()),
            Self::Gender => {
                let code = value.rsplit('|').next().unwrap_or_default();
                Wish::Plain(code.to_owned())
            }
            Self::Date(_) => Wish::Date(Wanted::read(value)?),
            Self::Family | Self::Given | Self::Name => Wish::Start(fold(value)),
        };
        Some(wish)
    }

    fn fits(self, resource: Node<'_>, wish: &Wish) -> Fit {
        match (self, wish) {
            (Self::Date(elements), Wish::Date(wanted)) => date_fits(resource, elements, *wanted),
            (Self::Id, Wish::Plain(value)) => yes(text(resource, "id") == Some(value)),
            (Self::Gender, Wish::Plain(value)) => yes(text(resource, "gender") == Some(value)),
            (Self::Identifier, Wish::Token(system, value)) => yes(identifiers(resource)
                .into_iter()
                .any(|node| token(node, "value", system.as_deref(), value.as_deref()))),
            (Self::Status(_), Wish::Plain(code)) => yes(text(resource, "status") == Some(code)),
            (Self::Status(_), Wish::Token(system, code)) => yes(resource
                .get("clinicalStatus")
                .and_then(|status| status.get("coding"))
                .into_iter()
                .flat_map(Node::items)
                .any(|node| token(node, "code", system.as_deref(), code.as_deref()))),
            (Self::Family, Wish::Start(start)) => yes(named(resource, &["family"], start)),
            (Self::Given, Wish::Start(start)) => yes(named(resource, &["given"], start)),
            (Self::Name, Wish::Start(start)) => {
                let parts = ["family", "given", "prefix", "suffix", "text"];
                yes(named(resource, &parts, start))
            }
            _ => Fit::Unclear,
        }
    }
}

const fn yes(fits: bool) -> Fit {
    if fits { Fit::Yes } else { Fit::No }
}

fn token(node: Node<'_>, name: &str, system: Option<&str>, value: Option<&str>) -> bool {
    let own = text(node, "system");
    let system_fits = match system {
        None => true,
        Some("") => own.is_none(),
        Some(wanted) => own == Some(wanted),
    };
    system_fits && value.is_none_or(|wanted| text(node, name) == Some(wanted))
}

fn date_fits(resource: Node<'_>, elements: &[&str], wanted: Wanted) -> Fit {
    let days = match when(resource, elements) {
        When::Never => return Fit::No,
        When::NotCompared => return Fit::NotCompared,
        When::Days(days) => days,
    };
    let all = |fits| days.iter().all(|days| wanted.fits(*days) == fits);
    if all(Fits::Yes) {
        Fit::Yes
    } else if all(Fits::No) {
        Fit::No
    } else {
        Fit::Unclear
    }
}

/// Whether a part of a name starts so; a name as text may do so with any of its words.
fn named(resource: Node<'_>, parts: &[&str], start: &str) -> bool {
    let names = resource.get("name").into_iter().flat_map(Node::items);
    names.flat_map(Node::members).any(|(part, value)| {
        if !parts.contains(&part) {
            return false;
        }
        let mut texts = value
            .as_str()
            .into_iter()
            .chain(value.items().filter_map(Node::as_str));
        texts.any(|text| {
            let folded = fold(text);
            folded.starts_with(start)
                || (part == "text"
                    && folded.match_indices(' ').any(|(at, _)| {
                        folded
                            .get(at + 1..)
                            .is_some_and(|rest| rest.starts_with(start))
                    }))
        })
    })
}

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(name) = expectation.arg(0) else {
        sheet.misused("the step names no search parameter");
        return sheet.finish();
    };
    let resource_type = observed.request.resource_type;
    let sent: Vec<&str> = observed
        .request
        .params
        .iter()
        .filter(|(own, _)| {
            own == name
                || own
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with(':'))
        })
        .map(|(own, value)| if own == name { value.as_str() } else { "" })
        .collect();
    // Repeated parameters must all fit; of values parted by commas, one must.
    let wishes: Option<Vec<Vec<Wish>>> = Parameter::of(resource_type, name).and_then(|parameter| {
        sent.iter()
            .map(|value| value.split(',').map(|one| parameter.wish(one)).collect())
            .collect()
    });
    let (Some(parameter), Some(wishes), false) =
        (Parameter::of(resource_type, name), wishes, sent.is_empty())
    else {
        sheet.undecided(
            SkipReason::NotChecked,
            At::page(0),
            "this search parameter or this form of its value is not compared",
            Shown::ours("a parameter, modifier or value that this check does not know, or that was not sent"),
            "None for the supplier; the scenario asks for what cannot be compared yet",
        );
        return sheet.finish();
    };
    if refused(&mut sheet, observed) {
        return sheet.finish();
    }
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    let judged = reading.judged(resource_type);
    for hit in &judged {
        sheet.saw(1);
        if hit.resource_type != resource_type {
            sheet.broken(
                hit.at(),
                "a record of the result is of another type",
                Shown::ours("type ").and(resource_type),
                Shown::ours("type ").value(ValueKind::Code, hit.resource_type),
            );
            continue;
        }
        let fits = wishes.iter().map(|any| {
            let each: Vec<Fit> = any
                .iter()
                .map(|wish| parameter.fits(hit.resource, wish))
                .collect();
            [Fit::Yes, Fit::Unclear, Fit::NotCompared]
                .into_iter()
                .find(|fit| each.contains(fit))
                .unwrap_or(Fit::No)
        });
        let value = Shown::ours(format!("a record that fits {name} "))
            .value(parameter.kind(), sent.join(" and "));
        judge(&mut sheet, hit, name, value, &fits.collect::<Vec<_>>());
    }
    if reading.is_whole() && judged.is_empty() {
        sheet.nothing(
            "the result holds no record of the searched type",
            "Load the test patient and its records, then run again",
        );
    }
    sheet.finish()
}

fn judge(sheet: &mut Sheet, hit: &Hit<'_>, name: &str, expected: Shown, fits: &[Fit]) {
    if fits.contains(&Fit::No) {
        let actual = Shown::ours("a record that does not fit, or does not say");
        let message = format!("a record of the result does not match {name}");
        sheet.broken(hit.at(), message, expected, actual);
    } else if fits.contains(&Fit::Unclear) {
        sheet.undecided(
            SkipReason::NotObservable,
            hit.at(),
            "whether a record matches depends on a time zone, or on how a Period is read",
            Shown::ours("a time close to midnight, or a Period partly within the range"),
            "Load the test data with the dates of the data sheet, without times",
        );
    } else if fits.contains(&Fit::NotCompared) {
        sheet.undecided(
            SkipReason::NotChecked,
            hit.at(),
            "a record has its date in a form that is not compared",
            Shown::ours("a Timing"),
            "None for the supplier; dates, times and Periods are compared",
        );
    }
}
