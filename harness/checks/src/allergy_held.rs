//! Whether every allergy that the person holds is in the result. Not for what else is there.

use crate::allergy_status::{CLINICAL_STATUS, has_status};
use crate::check::{Check, CheckDoc, CheckResult};
use crate::dates::{self, Wanted};
use crate::identity::{Owner, owner};
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, text};
use crate::refusal::refused;
use crate::sheet::{At, Sheet};
use plumbline_model::{AllergyFact, Shown, SkipReason, ValueKind};
use plumbline_tree::Node;
use std::collections::BTreeSet;

pub(crate) const CHECK: Check = Check {
    code: "ALLERGY-HELD",
    name: "Held allergies are sent",
    doc: CheckDoc {
        what: "For each allergy in the facts of the person that the search asks for, the result holds an AllergyIntolerance with its SNOMED CT code and its clinical status.",
        why: "An allergy that is held but not sent is given as the drug that harms.",
        conformant: "a search for active allergies that returns both active ones",
        not_conformant: "a search that returns one of two",
        source: "FHIR R4, search; the requirement names the search",
    },
    next_step: "Find out why this search leaves the record out; if it is missing everywhere, first load the test patient as the facts about the person say",
    run,
};

const SNOMED_CT: &str = "http://snomed.info/sct";

/// Whether the search asks for a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Yes,
    No,
    /// The search narrows in a way that is not compared here.
    Unknown,
}

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(person) = expectation.person else {
        sheet.undecided(
            SkipReason::NoActor,
            At::page(0),
            "no facts about the patient are known",
            Shown::ours("no patient in play"),
            "Map the role to a test patient in target.toml",
        );
        return sheet.finish();
    };
    let facts: Vec<(&AllergyFact, Asked)> = person
        .allergies
        .iter()
        .filter(|fact| {
            expectation
                .arg(0)
                .is_none_or(|status| fact.clinical_status == status)
        })
        .map(|fact| (fact, asked(fact, &observed.request.params)))
        .filter(|(_, asked)| *asked != Asked::No)
        .collect();
    if facts.is_empty() {
        sheet.nothing(
            "the patient holds no allergy that this search asks for",
            "Use a patient with such allergies in the scenario",
        );
        return sheet.finish();
    }
    if refused(&mut sheet, observed) {
        return sheet.finish();
    }
    let reading = Reading::of(observed);
    sheet.gaps(&reading);
    if !reading.gaps.is_empty() && reading.hits.is_empty() && reading.searchsets.is_empty() {
        return sheet.finish();
    }
    let mut left = candidates(&reading, expectation);
    for (fact, asked) in facts {
        let found = left.iter().position(|allergy| {
            has_code(*allergy, &fact.code) && has_status(*allergy, &fact.clinical_status)
        });
        if let Some(at) = found {
            left.remove(at);
            sheet.saw(1);
        } else {
            let other = left.iter().any(|allergy| has_code(*allergy, &fact.code));
            missing(
                &mut sheet,
                &reading,
                fact,
                asked,
                other,
                &parameters(observed),
            );
        }
    }
    sheet.finish()
}

/// The allergy records that may be the person's own, each once.
fn candidates<'a>(reading: &Reading<'a>, expectation: &Expectation<'_>) -> Vec<Node<'a>> {
    let mut ids = BTreeSet::new();
    reading
        .matches()
        .filter(|hit| hit.resource_type == "AllergyIntolerance")
        .filter(|hit| text(hit.resource, "id").is_none_or(|id| ids.insert(id)))
        .filter(|hit| {
            let owner = owner(hit, expectation.resource_id, expectation.nhs_number);
            !matches!(owner, Owner::Other(_))
        })
        .map(|hit| hit.resource)
        .collect()
}

fn has_code(allergy: Node<'_>, code: &str) -> bool {
    allergy
        .get("code")
        .and_then(|concept| concept.get("coding"))
        .into_iter()
        .flat_map(Node::items)
        .any(|coding| {
            text(coding, "system") == Some(SNOMED_CT) && text(coding, "code") == Some(code)
        })
}

/// The names of the search's parameters, for the message.
fn parameters<'a>(observed: &'a Observed<'_>) -> Vec<&'a str> {
    let params = &observed.request.params;
    params.iter().map(|(name, _)| name.as_str()).collect()
}

fn missing(
    sheet: &mut Sheet,
    reading: &Reading<'_>,
    fact: &AllergyFact,
    asked: Asked,
    other: bool,
    parameters: &[&str],
) {
    let shown = |start: &str| {
        Shown::ours(start)
            .value(ValueKind::Text, fact.display.as_str())
            .and(", code ")
            .value(ValueKind::Code, fact.code.as_str())
            .and(", clinical status ")
            .value(ValueKind::Code, fact.clinical_status.as_str())
    };
    let place = reading
        .searchsets
        .first()
        .map_or(At::page(0), |(page, bundle)| At::node(*page, *bundle));
    if asked == Asked::Unknown {
        let next = "None for the supplier; the scenario narrows the search in a way that is not compared yet";
        let message = "whether the search asks for an allergy cannot be told";
        sheet.undecided(
            SkipReason::NotChecked,
            place,
            message,
            shown("not in the result: "),
            next,
        );
    } else if let Some(why) = reading.unseen {
        let next = "Follow every page of the result in the scenario, or see why following stopped";
        let actual = shown("not on the pages that were read: ")
            .and("; ")
            .and(why);
        let message = "an allergy was not seen, but the result was not read to its end";
        sheet.undecided(SkipReason::NotObservable, place, message, actual, next);
    } else {
        sheet.saw(1);
        let (message, actual) = if other {
            (
                "an allergy is held but sent with another clinical status",
                "the same code with another status",
            )
        } else {
            (
                "an allergy is held but not sent",
                "no record with this code and status in the result",
            )
        };
        let message = format!("{message} in a search by {}", parameters.join(" and "));
        sheet.broken(place, message, shown(""), Shown::ours(actual));
    }
}

/// Whether the parameters of the search ask for this fact; all of them must.
fn asked(fact: &AllergyFact, params: &[(String, String)]) -> Asked {
    let all: Vec<Asked> = params
        .iter()
        .map(|(name, value)| by(fact, name, value))
        .collect();
    [Asked::No, Asked::Unknown]
        .into_iter()
        .find(|asked| all.contains(asked))
        .unwrap_or(Asked::Yes)
}

fn by(fact: &AllergyFact, name: &str, value: &str) -> Asked {
    match name {
        "patient" | "patient.identifier" | "_count" | "_format" | "_sort" => Asked::Yes,
        "date" => within(Some(&fact.recorded), value),
        "last-date" => within(fact.last_occurrence.as_deref(), value),
        "clinical-status" if value.is_empty() || value.contains([',', '\\']) => Asked::Unknown,
        "clinical-status" => {
            let (system, code) = value.split_once('|').unwrap_or((CLINICAL_STATUS, value));
            if system != CLINICAL_STATUS {
                Asked::Unknown
            } else if code == fact.clinical_status {
                Asked::Yes
            } else {
                Asked::No
            }
        }
        _ => Asked::Unknown,
    }
}

fn within(date: Option<&str>, value: &str) -> Asked {
    let Some(wanted) = Wanted::read(value) else {
        return Asked::Unknown;
    };
    let days = dates::read(date.unwrap_or_default());
    match days.as_slice() {
        [days] if wanted.holds(*days) => Asked::Yes,
        [_] => Asked::No,
        [] if date.is_none() => Asked::No,
        _ => Asked::Unknown,
    }
}
