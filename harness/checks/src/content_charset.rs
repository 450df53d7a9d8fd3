//! The character set that the answer names. Not for the media type.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::Reading;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "CONTENT-CHARSET",
    name: "Character set",
    doc: CheckDoc {
        what: "The content type of every answer names the character set that the step says, whatever the status; upper and lower case are the same. Where the step says so, without a space before it.",
        why: "Names with accents are garbled by a reader that guesses the character set.",
        conformant: "content-type: application/fhir+json;charset=utf-8",
        not_conformant: "content-type: application/fhir+json",
        source: "RFC 9110, content type; the requirement names the section of the standard",
    },
    next_step: "Add charset to the content type of this answer",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step names no character set");
        return sheet.finish();
    };
    if observed.pages.is_empty() {
        sheet.gaps(&Reading::of(observed));
    }
    for (index, page) in observed.pages.iter().enumerate() {
        let value = page.header("content-type").next();
        sheet.saw(1);
        let expected = Shown::ours(format!("a content type with charset={wanted}"));
        let Some(value) = value else {
            let actual = Shown::ours("no content type");
            let message = "the response has no content type";
            sheet.broken(At::page(index), message, expected, actual);
            continue;
        };
        let named: Vec<&str> = value
            .split(';')
            .skip(1)
            .filter_map(|part| part.split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .map(|(_, charset)| charset.trim().trim_matches('"'))
            .collect();
        let tight = expectation.arg(1) == Some("no-space");
        if tight && value.contains([' ', '\t']) {
            let message = "there is a space before the character set";
            let actual = Shown::ours("content type ").value(ValueKind::Protocol, value);
            let expected = Shown::ours(format!("media type;charset={wanted}, without a space"));
            sheet.broken(At::page(index), message, expected, actual);
        }
        let right = named.len() == 1 && named.iter().all(|own| own.eq_ignore_ascii_case(wanted));
        if !right {
            let message = "the content type does not name the character set";
            let actual = Shown::ours("content type ").value(ValueKind::Protocol, value);
            sheet.broken(At::page(index), message, expected, actual);
        }
    }
    sheet.finish()
}
