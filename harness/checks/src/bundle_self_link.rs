//! Whether the result says which search it answers. Not for whether that search is the one that was asked.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, text};
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;

pub(crate) const CHECK: Check = Check {
    code: "BUNDLE-SELF-LINK",
    name: "Self link",
    doc: CheckDoc {
        what: "Every page of the result has a link with relation self and an address.",
        why: "The self link tells the client which parameters the server really used.",
        conformant: r#"{"link": [{"relation": "self", "url": "https://example.test/fhir/Patient?family=Thistlewood"}]}"#,
        not_conformant: "a searchset without a self link",
        source: "FHIR R4, search, server conformance",
    },
    next_step: "Add a link with relation self that holds the address of the search as the server understood it",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    sheet.gaps(&reading);
    if reading.searchsets.is_empty() && reading.gaps.is_empty() {
        sheet.nothing(
            "the response is no search result",
            "Use this step after a search",
        );
    }
    for (page, bundle) in &reading.searchsets {
        sheet.saw(1);
        let found = bundle.get("link").is_some_and(|links| {
            links
                .items()
                .any(|link| text(link, "relation") == Some("self") && text(link, "url").is_some())
        });
        if !found {
            sheet.broken(
                At::node(*page, bundle.get("link").unwrap_or(*bundle)),
                "the result has no self link",
                Shown::ours("a link with relation self and an address"),
                Shown::ours("none"),
            );
        }
    }
    sheet.finish()
}
