//! An HTTP header of the answer. Not for the media type, which has a check of its own.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::Reading;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "HTTP-HEADER",
    name: "HTTP header",
    doc: CheckDoc {
        what: "The answer, a FHIR resource with a status of success, has the header that the step names, with some value; where the step names values, with one of them. A header that comes more than once counts as its values joined by commas.",
        why: "Browsers and proxies act on headers alone: without the right one, a web application never sees the record.",
        conformant: "access-control-allow-origin: *",
        not_conformant: "no such header, or access-control-allow-origin: null",
        source: "RFC 9110, header fields; the requirement names the header",
    },
    next_step: "Send the header with this answer; a proxy in front of the system may remove it",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(name) = expectation.arg(0).map(str::trim) else {
        sheet.misused("the step names no header");
        return sheet.finish();
    };
    let allowed: Vec<&str> = expectation
        .args
        .iter()
        .skip(1)
        .map(|value| value.trim())
        .filter(|value| !value.is_empty())
        .collect();
    let reading = Reading::of(observed);
    let Some(page) = observed
        .pages
        .first()
        .filter(|_| answers(observed, &reading))
    else {
        sheet.gaps(&reading);
        if reading.gaps.is_empty() {
            sheet.undecided(
                SkipReason::NotObservable,
                At::page(0),
                "the response is not what was asked for, so its headers cannot be judged",
                Shown::ours("another type of resource"),
                "Answer the request first; then this rule can be judged",
            );
        }
        return sheet.finish();
    };
    sheet.saw(1);
    let expected = if allowed.is_empty() {
        Shown::ours(format!("the header {name} with a value"))
    } else {
        Shown::ours(format!("the header {name}: {}", allowed.join(" or ")))
    };
    let values: Vec<&str> = page.header(name).collect();
    let value = values.join(", ");
    if values.is_empty() {
        let message = format!("the response has no header {name}");
        sheet.broken(
            At::page(0),
            message,
            expected,
            Shown::ours("no such header"),
        );
    } else if values.iter().all(|value| value.is_empty()) {
        let message = format!("the header {name} of the response is empty");
        sheet.broken(At::page(0), message, expected, Shown::ours("no value"));
    } else if !allowed.is_empty() && !allowed.contains(&value.as_str()) {
        let message = format!("the header {name} of the response has another value");
        let actual = Shown::ours("").value(ValueKind::Protocol, value);
        sheet.broken(At::page(0), message, expected, actual);
    }
    sheet.finish()
}

/// Whether the first page is what was asked for. A proxy in between may answer with anything.
fn answers(observed: &Observed<'_>, reading: &Reading<'_>) -> bool {
    if reading.gaps.iter().any(|gap| gap.at.page_index() == 0) {
        return false;
    }
    // Without a gap, the answer to a search is a searchset. A read gives the type that was asked for.
    let wanted = observed.request.resource_type;
    !observed.request.params.is_empty()
        || reading
            .hits
            .iter()
            .any(|hit| hit.page == 0 && hit.resource_type == wanted)
}
