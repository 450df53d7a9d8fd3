//! That a request which must not be carried out is refused. Not for how the refusal is worded.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{BodyState, Expectation, Observed};
use crate::reading::{Reading, text};
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;

pub(crate) const CHECK: Check = Check {
    code: "REFUSED",
    name: "Request is refused",
    doc: CheckDoc {
        what: "The answer is a refusal: a status from 400 to 499, or 501 (any from 400, where the step says so), and a body that is empty, an OperationOutcome, or nothing that FHIR knows. A resource in the body breaks the rule whatever the status.",
        why: "A system that answers what it must refuse gives records to software that has no right to them.",
        conformant: "HTTP/1.1 405 Method Not Allowed",
        not_conformant: "HTTP/1.1 200 OK with a Patient",
        source: "FHIR STU3 and R4, RESTful API; the requirement names the section of the standard",
    },
    next_step: "Refuse this request with a status from 400 to 499 and an OperationOutcome that says why",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(page) = observed.pages.first() else {
        sheet.gaps(&Reading::of(observed));
        return sheet.finish();
    };
    sheet.saw(1);
    // Where a standard's own tests take any failing status, a server error is a refusal too.
    let (lowest_failure, allowed) = match expectation.arg(0) {
        Some("or-failed") => (500, "a status from 400 to 599"),
        Some("or-leads-elsewhere") => (300, "a status from 300 to 599"),
        _ => (600, "a status from 400 to 499, or 501"),
    };
    let expected = || Shown::ours(allowed);
    let refused = (400..500).contains(&page.status) || page.status == 501;
    let failed = page.status >= lowest_failure;
    if !(refused || failed) {
        let actual = Shown::ours(format!("status {}", page.status));
        let message = "the request was not refused";
        sheet.broken(At::page(0), message, expected(), actual);
    }
    if let BodyState::Tree(tree) = &page.body {
        let root = tree.root();
        let named = text(root, "resourceType");
        if named.is_some_and(|name| name != "OperationOutcome") {
            let at = At::node(0, root);
            let message = "the refusal carries a resource";
            let expected = Shown::ours("no resource but an OperationOutcome");
            sheet.broken(at, message, expected, Shown::ours("a resource"));
        }
    }
    sheet.finish()
}
