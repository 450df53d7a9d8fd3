//! Whether every clinical record that the person holds is in the result. Not for what else is there,
//! and not for allergies, which have facts and a check of their own.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::clinical_record::is_period;
use crate::dates;
use crate::held::{self, Fact};
use crate::observed::{Expectation, Observed};
use crate::sheet::Sheet;
use plumbline_model::{ClinicalType, RecordFact, clinical_type};

pub(crate) const CHECK: Check = Check {
    code: "RECORD-HELD",
    name: "Held records are sent",
    doc: CheckDoc {
        what: "For each record of the type in the facts of the person that the search asks for, the result holds a record of its own with the SNOMED CT code and the status. A medicine may be a concept, contained, or included in the result. A condition that is refuted or entered in error, and a request not to give the medicine, are other records; a modifier extension leaves it open whether a record is the one.",
        why: "A vaccination or a medicine that is held but not sent is given twice, missed, or mixed with what it must not be.",
        conformant: "a search for completed vaccinations that returns both completed ones",
        not_conformant: "a search that returns one of two, or both with their name as text only",
        source: "FHIR R4, search, and the page of the type; the requirement names the search",
    },
    next_step: "Find out why this search leaves the record out; if it is missing everywhere, first load the test patient as the facts about the person say",
    run,
};

/// Statuses of what is over: without an end, such a record is of one day.
const OVER: [&str; 11] = [
    "amended",
    "cancelled",
    "completed",
    "corrected",
    "declined",
    "entered-in-error",
    "final",
    "finished",
    "not-done",
    "not-taken",
    "stopped",
];

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(kind) = expectation.arg(0).and_then(clinical_type) else {
        sheet.misused("the step names no type of clinical record about which facts are kept");
        return sheet.finish();
    };
    let status = expectation.arg(1);
    if status.is_some_and(|status| !kind.statuses.contains(&status)) {
        sheet.misused("the step names a status that the type does not have");
        return sheet.finish();
    }
    if observed.request.resource_type != kind.name {
        sheet.misused("the step names another type than the one that was searched for");
        return sheet.finish();
    }
    if let Some(person) = held::person(&mut sheet, expectation) {
        let facts = person
            .records
            .iter()
            .filter(|fact| fact.resource_type == kind.name)
            .filter(|fact| status.is_none_or(|status| fact.status == status))
            .map(|fact| told(fact, kind))
            .collect();
        held::look(&mut sheet, observed, expectation, kind, facts);
    }
    sheet.finish()
}

/// What the facts tell of a record. One that goes on and has no end may be kept as a Period without
/// an end, which other searches find than its first day.
fn told<'a>(fact: &'a RecordFact, kind: &ClinicalType) -> Fact<'a> {
    let periods = kind.date_elements.iter().any(|element| is_period(element));
    let days = kind.date_elements.iter().any(|element| !is_period(element));
    let start = Some(fact.date.as_str());
    let end = fact.end.as_deref();
    let mut dates = Vec::new();
    if periods && end.is_some() {
        dates.push(dates::period(start, end));
    } else {
        dates.push(dates::read(&fact.date));
        if periods && !(days && OVER.contains(&fact.status.as_str())) {
            dates.push(dates::period(start, None));
        }
    }
    Fact {
        code: &fact.code,
        display: &fact.display,
        status: &fact.status,
        verification: None,
        readings: dates
            .into_iter()
            .map(|days| vec![(kind.date_parameter, Some(days))])
            .collect(),
    }
}
