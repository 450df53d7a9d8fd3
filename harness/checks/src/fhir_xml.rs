//! Whether an answer is FHIR XML at all. Not for which resource it is.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed, Written};
use crate::reading::Reading;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "FHIR-XML",
    name: "FHIR XML",
    doc: CheckDoc {
        what: "The content type is application/fhir+xml, and the body is one FHIR resource in XML.",
        why: "A system that was promised XML and gets JSON cannot read the record.",
        conformant: "content-type: application/fhir+xml;charset=utf-8, and a resource",
        not_conformant: "content-type: application/fhir+json, although XML was asked for",
        source: "FHIR STU3 and R4, XML format and RESTful API",
    },
    next_step: "Send the resource as XML with the content type application/fhir+xml where XML is asked for",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    if observed.pages.is_empty() {
        sheet.gaps(&Reading::of(observed));
    }
    for (index, page) in observed.pages.iter().enumerate() {
        sheet.saw(1);
        let at = At::page(index);
        let value = page.header("content-type").next().unwrap_or_default();
        let media_type = value.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/fhir+xml") {
            let message = "the content type is not that of FHIR XML";
            let expected = Shown::ours("content type application/fhir+xml");
            let actual = Shown::ours("content type ").value(ValueKind::Protocol, value);
            sheet.broken(at, message, expected, actual);
        }
        let actual = match (page.written, page.json()) {
            (Written::Xml, Ok(_)) => continue,
            (Written::Json, Ok(_)) => "JSON".to_owned(),
            (_, Err((_, actual))) => actual,
        };
        let expected = Shown::ours("one FHIR resource in XML");
        sheet.broken(
            at,
            "the body is not FHIR XML",
            expected,
            Shown::ours(actual),
        );
    }
    sheet.finish()
}
