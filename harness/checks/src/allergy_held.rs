//! Whether every allergy that the person holds is in the result. Not for what else is there.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::clinical_record::ALLERGY;
use crate::dates;
use crate::held::{self, Fact};
use crate::observed::{Expectation, Observed};
use crate::sheet::Sheet;
use plumbline_model::AllergyFact;

pub(crate) const CHECK: Check = Check {
    code: "ALLERGY-HELD",
    name: "Held allergies are sent",
    doc: CheckDoc {
        what: "For each allergy in the facts of the person that the search asks for, the result holds an AllergyIntolerance with its SNOMED CT code and its clinical status, and not as refuted or entered in error. A modifier extension leaves it open whether a record is the one.",
        why: "An allergy that is held but not sent is given as the drug that harms.",
        conformant: "a search for active allergies that returns both active ones",
        not_conformant: "a search that returns one of two",
        source: "FHIR R4, search; the requirement names the search",
    },
    next_step: "Find out why this search leaves the record out; if it is missing everywhere, first load the test patient as the facts about the person say",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    if let Some(person) = held::person(&mut sheet, expectation) {
        let status = expectation.arg(0);
        let facts = person
            .allergies
            .iter()
            .filter(|fact| status.is_none_or(|status| fact.clinical_status == status))
            .map(told)
            .collect();
        held::look(&mut sheet, observed, expectation, &ALLERGY, facts);
    }
    sheet.finish()
}

fn told(fact: &AllergyFact) -> Fact<'_> {
    let last = fact.last_occurrence.as_deref().map(dates::read);
    Fact {
        code: &fact.code,
        display: &fact.display,
        status: &fact.clinical_status,
        verification: Some(&fact.verification_status),
        readings: vec![vec![
            ("date", Some(dates::read(&fact.recorded))),
            ("last-date", last),
        ]],
    }
}
