//! Whether an answer came compressed. Not for whether it is the right one.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{BodyState, Expectation, Observed};
use crate::reading::Reading;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason, ValueKind};

/// A server may leave a body below this size, in bytes, as it is.
const SMALL: usize = 1_500;

pub(crate) const CHECK: Check = Check {
    code: "HTTP-COMPRESSED",
    name: "Answer is compressed",
    doc: CheckDoc {
        what: "The answer has the header Content-Encoding with gzip or x-gzip, and its body can be unpacked and read. A body below 1,500 bytes that came as it is decides nothing.",
        why: "Records are long, and lines in clinics are slow.",
        conformant: "content-encoding: gzip, and a body that unpacks to a resource",
        not_conformant: "no such header, with a capability statement of 20,000 bytes",
        source: "RFC 9110, Content-Encoding; the requirement names the section of the standard",
    },
    next_step: "Compress answers with gzip where the request says that it may be",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    if observed.pages.is_empty() {
        sheet.gaps(&Reading::of(observed));
    }
    for (index, page) in observed.pages.iter().enumerate() {
        let at = At::page(index);
        let value = page.header("content-encoding").next();
        let is_gzip = value.is_some_and(|value| {
            value.eq_ignore_ascii_case("gzip") || value.eq_ignore_ascii_case("x-gzip")
        });
        let size = match &page.body {
            BodyState::Tree(tree) => tree.received_bytes(),
            BodyState::NotJson { bytes, .. } => *bytes,
            BodyState::Empty => 0,
        };
        let is_read = matches!(page.body, BodyState::Tree(_));
        let expected = || Shown::ours("content-encoding gzip, and a body that can be read");
        if !is_gzip && size < SMALL {
            let actual = Shown::ours(format!("{size} bytes as they are"));
            let next = "Ask for something longer in the scenario";
            let message = "the body is too short to need compressing";
            sheet.undecided(SkipReason::NotObservable, at, message, actual, next);
            continue;
        }
        sheet.saw(1);
        if !is_gzip {
            let actual = value.map_or_else(
                || Shown::ours("no such header"),
                |value| Shown::ours("content-encoding ").value(ValueKind::Protocol, value),
            );
            sheet.broken(
                at,
                "the response did not come compressed with gzip",
                expected(),
                actual,
            );
        } else if !is_read {
            let actual = Shown::ours("a body that cannot be read");
            sheet.broken(at, "what was unpacked cannot be read", expected(), actual);
        }
    }
    sheet.finish()
}
