//! Whether a record comes twice. Not for two records that say the same under two ids.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::{Hit, Reading, text};
use crate::sheet::Sheet;
use plumbline_model::{Shown, SkipReason, ValueKind};
use std::collections::BTreeSet;

pub(crate) const CHECK: Check = Check {
    code: "RESULT-DUPLICATE",
    name: "No record twice",
    doc: CheckDoc {
        what: "No type and id occurs twice among the matches of all pages. A record of another type than was searched for, without a label, may have come along with each page and is not counted.",
        why: "A record that comes twice is counted twice by whoever reads it, and paging that repeats may also skip.",
        conformant: "two pages with different records",
        not_conformant: "the last record of page 1 again as the first of page 2",
        source: "FHIR R4, search and paging",
    },
    next_step: "Keep the order of results stable over pages and send each record once",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    let mut seen = BTreeSet::new();
    let wanted = observed.request.resource_type;
    let counted: Vec<&Hit<'_>> = reading
        .matches()
        .filter(|hit| hit.resource_type == wanted || !hit.is_unlabelled())
        .collect();
    for hit in &counted {
        let Some(id) = text(hit.resource, "id") else {
            sheet.undecided(
                SkipReason::NotObservable,
                hit.at(),
                "a record of the result has no id",
                Shown::ours("no id"),
                "Give every record in a search result its id",
            );
            continue;
        };
        sheet.saw(1);
        if !seen.insert((hit.resource_type, id)) {
            sheet.broken(
                hit.at(),
                "a record is in the result twice",
                Shown::ours("each record once"),
                Shown::ours("again ")
                    .value(ValueKind::Code, hit.resource_type)
                    .and(" with id ")
                    .value(ValueKind::Id, id),
            );
        }
    }
    if reading.is_whole() && counted.is_empty() {
        sheet.nothing(
            "the result holds no record",
            "Load the test patient and its records, then run again",
        );
    }
    sheet.finish()
}
