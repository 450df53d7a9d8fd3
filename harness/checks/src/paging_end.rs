//! Whether the pages of a result come to an end. Not for what is on them.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed, Paging};
use crate::reading::Reading;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason};

pub(crate) const CHECK: Check = Check {
    code: "PAGING-END",
    name: "Last page reached",
    doc: CheckDoc {
        what: "Following the next links ends at a readable page that has none.",
        why: "A client that cannot reach the last page never sees the whole record.",
        conformant: "page 3 of 3 has no next link",
        not_conformant: "a next link that leads to an error, or in a circle",
        source: "FHIR R4, search and paging",
    },
    next_step: "Make every next link lead to a further page of the same result, and leave it out on the last page",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    match &observed.paging {
        Paging::ReachedEnd => {
            sheet.gaps_and_unseen(&reading);
            sheet.saw(reading.searchsets.len());
            if reading.searchsets.is_empty() && reading.gaps.is_empty() {
                sheet.nothing(
                    "the response is no search result",
                    "Use this step after a search",
                );
            }
        }
        Paging::Stopped { why } => {
            sheet.saw(observed.pages.len());
            sheet.broken(
                At::page(observed.pages.len().saturating_sub(1)),
                "the last page was not reached",
                Shown::ours("next links that lead to a last page"),
                Shown::ours(why.clone()),
            );
        }
        Paging::LeftOff { why } => sheet.undecided(
            SkipReason::NotObservable,
            At::page(observed.pages.len().saturating_sub(1)),
            "the pages were not followed to the end",
            Shown::ours(why.clone()),
            "Narrow the search in the scenario, or list the address of the next pages in target.toml",
        ),
        Paging::NotFollowed => sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            "the pages of the result were not followed",
            Shown::ours("only the first page"),
            "Follow every page of the result in the scenario",
        ),
    }
    sheet.finish()
}
