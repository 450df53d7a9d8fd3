//! Whether an item of a section of a discharge summary is where it belongs. Not for what must be there
//! because the hospital holds it.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::content::{Wanted, tell};
use crate::observed::{Expectation, Observed};
use crate::sheet::Sheet;
use plumbline_prsb::Held;

pub(crate) const CHECK: Check = Check {
    code: "CONTENT-ITEM",
    name: "Item is there",
    doc: CheckDoc {
        what: "Wherever what the item belongs to is in the document, the item is there, in the element or the text that the guide names, and its code has the form of its code system. An item whose section is not there is not tested. That a code means the right thing is not checked.",
        why: "A medicine without a name, or a practice without its code, cannot be acted on.",
        conformant: "the section GP practice refers to an Organization with an ODS code",
        not_conformant: "the section GP practice refers to an Organization without an identifier",
        source: "ITK3 FHIR eDischarge, the page of the section; the requirement names it",
    },
    next_step: "Send the item in the element that the guide names for it",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    match (expectation.arg(0), expectation.arg(1)) {
        (Some(section), Some(item)) => {
            let held = Held::nothing_known();
            let wanted = Wanted::Item(section, item);
            tell(&mut sheet, observed, expectation, wanted, &held);
        }
        _ => sheet.misused("the step does not name a section and an item"),
    }
    sheet.finish()
}
