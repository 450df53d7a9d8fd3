//! Whether a discharge summary keeps one of the rules that are about the whole document.
//! Not for sections and items.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::content::{Wanted, tell};
use crate::observed::{Expectation, Observed};
use crate::sheet::Sheet;
use plumbline_prsb::Held;

pub(crate) const CHECK: Check = Check {
    code: "CONTENT-RULE",
    name: "Content rule is kept",
    doc: CheckDoc {
        what: "The document keeps the rule of the standard that the step names by its id; `plumbline content` lists the rules. A rule about something that the document does not hold is not tested.",
        why: "The rules keep a summary from being read in two ways, or from not being delivered.",
        conformant: "an organisation whose ODS code is in its identifier and nowhere in the text",
        not_conformant: "an organisation whose ODS code is in the text",
        source: "ITK3 FHIR eDischarge; the requirement names the page",
    },
    next_step: "Send the document as the rule asks",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    match expectation.arg(0) {
        Some(id) => {
            let held = Held::nothing_known();
            tell(&mut sheet, observed, expectation, Wanted::Id(id), &held);
        }
        None => sheet.misused("the step does not name a rule"),
    }
    sheet.finish()
}
