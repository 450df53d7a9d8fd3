//! Whether a discharge summary has a section. Not for what the section says, nor for what must be in it
//! because the hospital holds it.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::content::{Wanted, tell};
use crate::observed::{Expectation, Observed};
use crate::sheet::Sheet;
use plumbline_prsb::Held;

pub(crate) const CHECK: Check = Check {
    code: "CONTENT-SECTION",
    name: "Section is there",
    doc: CheckDoc {
        what: "The document has the section, told by its code (SNOMED CT in STU3, a UK Core heading in R4), once and with text. A section that need not be sent and is not there is not tested.",
        why: "Whoever takes over care looks for it under its heading, and takes what is not there for not known.",
        conformant: "a discharge summary with the section Diagnoses",
        not_conformant: "a discharge summary with a section of that title and the code of another",
        source: "ITK3 FHIR eDischarge, headings; the requirement names the page",
    },
    next_step: "Send the section with the code of its heading and with text that people can read",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    match expectation.arg(0) {
        Some(title) => {
            let held = Held::nothing_known();
            tell(
                &mut sheet,
                observed,
                expectation,
                Wanted::Section(title),
                &held,
            );
        }
        None => sheet.misused("the step does not name a section"),
    }
    sheet.finish()
}
