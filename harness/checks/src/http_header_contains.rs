//! A word in the list that an HTTP header holds, in answers of any status.
//! Not for whole values, which HTTP-HEADER compares.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::Reading;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "HTTP-HEADER-CONTAINS",
    name: "Word in an HTTP header",
    doc: CheckDoc {
        what: "Every answer, also an error, has the header that the step names, and one of the comma-separated words in it is the one the step names; upper and lower case are the same.",
        why: "Between system and reader stand caches that act on such words: without no-store, a copy of a record stays where nobody looks after it.",
        conformant: "cache-control: no-cache, no-store",
        not_conformant: "cache-control: private",
        source: "RFC 9110 and RFC 9111; the requirement names the section of the standard",
    },
    next_step: "Send the header with this word in every answer; a proxy in front of the system may change it",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let (Some(name), Some(word)) = (expectation.arg(0), expectation.arg(1)) else {
        sheet.misused("the step does not say which header holds which word");
        return sheet.finish();
    };
    if observed.pages.is_empty() {
        sheet.gaps(&Reading::of(observed));
    }
    for (index, page) in observed.pages.iter().enumerate() {
        sheet.saw(1);
        let values: Vec<&str> = page.header(name).collect();
        let found = values
            .iter()
            .flat_map(|value| value.split(','))
            .any(|own| own.trim().eq_ignore_ascii_case(word));
        if found {
            continue;
        }
        let expected = Shown::ours(format!("the header {name} with {word}"));
        let (message, actual) = if values.is_empty() {
            let message = format!("the response has no header {name}");
            (message, Shown::ours("no such header"))
        } else {
            let message = format!("the header {name} does not say {word}");
            let shown = Shown::ours("").value(ValueKind::Protocol, values.join(", "));
            (message, shown)
        };
        sheet.broken(At::page(index), message, expected, actual);
    }
    sheet.finish()
}
