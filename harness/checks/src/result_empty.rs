//! Whether a search found nobody. Not for how an error is told.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{BodyState, Expectation, Observed};
use crate::reading::{Reading, Role, text};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "RESULT-EMPTY",
    name: "Nobody found",
    doc: CheckDoc {
        what: "The answer is a searchset with status 200, without any record but OperationOutcomes, and with a total of 0 if it has one. Where the step says \"or-refused\", a refusal with a 4xx status and an OperationOutcome is right too, but not one for want of sign-in, or for haste (401, 403, 408, 429).",
        why: "A result for somebody who is not there belongs to another patient.",
        conformant: r#"{"resourceType": "Bundle", "type": "searchset", "total": 0}"#,
        not_conformant: "a searchset that returns a Patient for an unknown number",
        source: "FHIR R4, search; the requirement names the search",
    },
    next_step: "Return an empty searchset when no record matches, and never ignore a parameter that finds nothing",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    match expectation.arg(0) {
        Some("or-refused") if is_told_refusal(observed) => {
            sheet.saw(1);
            return sheet.finish();
        }
        None | Some("or-refused") => {}
        Some(_) => {
            sheet.misused("the step names something else than that the search may be refused");
            return sheet.finish();
        }
    }
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    for (index, page) in observed.pages.iter().enumerate() {
        if page.is_success() && page.status != 200 {
            sheet.undecided(
                SkipReason::NotObservable,
                At::page(index),
                "the status is not that of a search result",
                Shown::ours(format!("status {}", page.status)),
                "Answer a search with status 200",
            );
        }
    }
    let expected = || Shown::ours("a searchset without records");
    for hit in reading.hits.iter().filter(|hit| hit.role != Role::Outcome) {
        let actual = Shown::ours("a record of type ").value(ValueKind::Code, hit.resource_type);
        sheet.broken(hit.at(), "the result holds a record", expected(), actual);
    }
    for at in &reading.unreadable {
        let actual = Shown::ours("an entry without a resource");
        sheet.broken(*at, "the result holds an entry", expected(), actual);
    }
    for (page, bundle) in &reading.searchsets {
        sheet.saw(1);
        let Some(total) = bundle.get("total") else {
            continue;
        };
        let at = At::node(*page, total);
        match total.as_i64() {
            Some(0) => {}
            Some(count) => sheet.broken(
                at,
                "the total says that something was found",
                Shown::ours("a total of 0"),
                Shown::ours(format!("a total of {count}")),
            ),
            None => sheet.undecided(
                SkipReason::NotObservable,
                at,
                "the total of the Bundle is not a count",
                Shown::ours("another form of value"),
                "Send the total as a whole number",
            ),
        }
    }
    sheet.finish()
}

/// Whether the search was refused, for its own sake and with an `OperationOutcome`.
fn is_told_refusal(observed: &Observed<'_>) -> bool {
    let [page] = observed.pages.as_slice() else {
        return false;
    };
    let BodyState::Tree(tree) = &page.body else {
        return false;
    };
    (400..500).contains(&page.status)
        && !matches!(page.status, 401 | 403 | 408 | 429)
        && !observed.request.params.is_empty()
        && !page.has_duplicate_names()
        && text(tree.root(), "resourceType") == Some("OperationOutcome")
}
