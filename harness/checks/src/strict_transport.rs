//! Whether the answer tells clients to come back over TLS only. Not for answers over plain HTTP.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::Reading;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "STRICT-TRANSPORT",
    name: "Strict transport security",
    doc: CheckDoc {
        what: "Every answer has the header Strict-Transport-Security with a max-age above zero. Of several such headers the first counts.",
        why: "Without it a client can be led to ask for a record over a connection that anybody on the way can read.",
        conformant: "strict-transport-security: max-age=31536000",
        not_conformant: "no such header, or max-age=0",
        source: "RFC 6797; the requirement names the section of the standard",
    },
    next_step: "Send Strict-Transport-Security with a max-age above zero with every answer over TLS",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    if observed.pages.is_empty() {
        sheet.gaps(&Reading::of(observed));
    }
    for (index, page) in observed.pages.iter().enumerate() {
        sheet.saw(1);
        let value = page.header("strict-transport-security").next();
        if value.and_then(max_age).is_some_and(|seconds| seconds > 0) {
            continue;
        }
        let expected = Shown::ours("strict-transport-security with a max-age above zero");
        let (message, actual) = match value {
            None => (
                "the response has no such header",
                Shown::ours("no such header"),
            ),
            Some(value) => {
                let message = "the header gives no lifetime above zero";
                (message, Shown::ours("").value(ValueKind::Protocol, value))
            }
        };
        sheet.broken(At::page(index), message, expected, actual);
    }
    sheet.finish()
}

/// The lifetime in seconds.
fn max_age(value: &str) -> Option<u64> {
    let directive = |part: &str| {
        let (name, seconds) = part.split_once('=')?;
        let seconds = seconds.trim().trim_matches('"');
        name.trim()
            .eq_ignore_ascii_case("max-age")
            .then(|| seconds.parse().ok())?
    };
    value.split(';').find_map(directive)
}
