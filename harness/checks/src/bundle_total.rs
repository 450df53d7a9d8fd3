//! Whether the total of a search result agrees with what came. Not for its form, which BUNDLE-SEARCHSET judges.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::identity::strangers_undecided;
use crate::observed::{Expectation, Observed};
use crate::reading::Reading;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "BUNDLE-TOTAL",
    name: "Total of the result",
    doc: CheckDoc {
        what: "Bundle.total, on every page that gives it, is the number of matches on all pages together; what is included, and OperationOutcomes, do not count. The total is optional: without one there is nothing to judge.",
        why: "A client that trusts a total stops too early, or tells a clinician that there are three records where there are five.",
        conformant: "total 12 on each of two pages with 10 and 2 matches",
        not_conformant: "total 10 on each of those pages",
        source: "FHIR R4, Bundle.total and search",
    },
    next_step: "Count every match of the search in Bundle.total, whatever page it is on, or leave the total out",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    strangers_undecided(&mut sheet, &reading, expectation);
    let count = i64::try_from(reading.matches().count()).unwrap_or(i64::MAX);
    let mut any = false;
    for (page, bundle) in &reading.searchsets {
        let Some(total) = bundle.get("total") else {
            continue;
        };
        any = true;
        sheet.saw(1);
        let right = match total.as_i64() {
            // There may be more where nobody looked, but never fewer than were seen.
            Some(total) if !reading.is_whole() => total >= count,
            Some(total) => total == count,
            None => false,
        };
        if !right {
            let least = if reading.is_whole() { "" } else { "at least " };
            let actual = total.number_text().map_or_else(
                || Shown::ours("no number"),
                |text| Shown::ours("total ").value(ValueKind::Number, text),
            );
            sheet.broken(
                At::node(*page, total),
                "the total is not the number of matches",
                Shown::ours(format!("total {least}{count}")),
                actual,
            );
        }
    }
    if !any && reading.is_whole() {
        sheet.nothing("the result gives no total", "None; the total is optional");
    }
    sheet.finish()
}
