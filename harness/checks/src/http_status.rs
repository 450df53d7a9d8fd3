//! The status of every answer. Not for what the body says.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::Reading;
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;

pub(crate) const CHECK: Check = Check {
    code: "HTTP-STATUS",
    name: "Status of the response",
    doc: CheckDoc {
        what: "Every page of the answer has the HTTP status that the step names, or one of several; 200 where it names none.",
        why: "A client decides by the status alone whether it may trust the body.",
        conformant: "HTTP/1.1 200 OK",
        not_conformant: "HTTP/1.1 500 Internal Server Error, for a search that is allowed",
        source: "FHIR R4, RESTful API; the requirement names the edition",
    },
    next_step: "Answer this request with the expected status; look in the server log for the time of the exchange",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let named: Result<Vec<u16>, _> = expectation.args.iter().map(|arg| arg.parse()).collect();
    let Ok(mut wanted) = named else {
        sheet.misused("the step names a status that is not a number");
        return sheet.finish();
    };
    if wanted.is_empty() {
        wanted.push(200);
    }
    let words: Vec<String> = wanted.iter().map(u16::to_string).collect();
    if observed.pages.is_empty() {
        sheet.gaps(&Reading::of(observed));
    }
    for (index, page) in observed.pages.iter().enumerate() {
        sheet.saw(1);
        if !wanted.contains(&page.status) {
            sheet.broken(
                At::page(index),
                "the response has another status",
                Shown::ours(format!("status {}", words.join(" or "))),
                Shown::ours(format!("status {}", page.status)),
            );
        }
    }
    sheet.finish()
}
