//! Whether a discharge summary tells what the hospital holds. Not for what it must tell in any case.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::content::{Wanted, document, held, tell};
use crate::observed::{Expectation, Observed};
use crate::sheet::Sheet;

pub(crate) const CHECK: Check = Check {
    code: "CONTENT-HELD",
    name: "Held content is sent",
    doc: CheckDoc {
        what: "What the facts about the person have for the section or item that the step names is in the document: for a section anything at all, for an item every code, date or text. Facts that have nothing for it: not tested.",
        why: "What the hospital knows and does not pass on is lost to whoever takes over care.",
        conformant: "two allergies in the facts, and both in the document",
        not_conformant: "two allergies in the facts, and one in the document",
        source: "ITK3 FHIR eDischarge: Required means that it is sent where it is held",
    },
    next_step: "Send what is held; if it is missing in the system itself, first load the test patient as the data sheet says",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let wanted = match (expectation.arg(0), expectation.arg(1)) {
        (Some(section), Some(item)) => Wanted::Item(section, item),
        (Some(section), None) => Wanted::Section(section),
        (None, _) => {
            sheet.misused("the step does not name a section");
            return sheet.finish();
        }
    };
    let stay = expectation
        .person
        .and_then(|person| Some((person, person.discharge.as_deref()?)));
    let Some((person, facts)) = stay else {
        sheet.nothing(
            "nothing is known of a stay of this patient, so it cannot be told what the hospital holds",
            "Choose a patient whose facts tell of a stay; one with data_sheet = false has no facts",
        );
        return sheet.finish();
    };
    let Some((_, standard)) = document(&mut sheet, observed, expectation) else {
        return sheet.finish();
    };
    let known = held(person, facts, standard);
    let named = standard.rules().iter().filter(|rule| wanted.is(rule));
    if named.clone().next().is_some() && !named.clone().any(|rule| known.of(&rule.id).is_some()) {
        sheet.nothing(
            "the facts about the patient have nothing for this",
            "Choose a patient whose facts have something for it",
        );
        return sheet.finish();
    }
    tell(&mut sheet, observed, expectation, wanted, &known);
    sheet.finish()
}
