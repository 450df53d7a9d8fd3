//! The FHIR version that the capability statement gives. Not for whether the server keeps to it.

use crate::capability::statement;
use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::text;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "CAPABILITY-FHIR-VERSION",
    name: "FHIR version",
    doc: CheckDoc {
        what: "The capability statement has the FHIR version that the step names.",
        why: "A client chooses how to talk to the server by what it says here.",
        conformant: r#"{"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1"}"#,
        not_conformant: r#"{"resourceType": "CapabilityStatement", "fhirVersion": "3.0.2"}"#,
        source: "FHIR R4, CapabilityStatement; UK Core Access, the requirement names the section",
    },
    next_step: "Set fhirVersion of the capability statement to the expected value",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step names no FHIR version");
        return sheet.finish();
    };
    let Some(root) = statement(&mut sheet, observed, "fhirVersion") else {
        return sheet.finish();
    };
    sheet.saw(1);
    let found = text(root, "fhirVersion");
    let right = found.is_some_and(|found| match expectation.arg(1) {
        Some("any-correction") => corrects(found, wanted),
        _ => found == wanted,
    });
    if !right {
        let actual = found.map_or_else(
            || Shown::ours("none"),
            |value| Shown::ours("").value(ValueKind::Code, value),
        );
        sheet.broken(
            At::node(0, root.get("fhirVersion").unwrap_or(root)),
            "the capability statement has another FHIR version",
            Shown::ours(wanted),
            actual,
        );
    }
    sheet.finish()
}

/// Whether two versions differ in nothing but the number of the correction: 3.0.2 corrects 3.0.1.
fn corrects(found: &str, wanted: &str) -> bool {
    let split = |version: &'_ str| -> Option<(String, u32)> {
        let (edition, correction) = version.rsplit_once('.')?;
        Some((edition.to_owned(), correction.parse().ok()?))
    };
    let (found, wanted) = (split(found), split(wanted));
    found.is_some() && found.map(|(edition, _)| edition) == wanted.map(|(edition, _)| edition)
}
