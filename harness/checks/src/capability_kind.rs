//! The kind that the capability statement gives. Not for whether the server keeps to it.

use crate::capability::statement;
use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::text;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "CAPABILITY-KIND",
    name: "Kind of capability statement",
    doc: CheckDoc {
        what: "The capability statement has the kind that the step names.",
        why: "A client chooses how to talk to the server by what it says here.",
        conformant: r#"{"resourceType": "CapabilityStatement", "kind": "instance"}"#,
        not_conformant: r#"{"resourceType": "CapabilityStatement", "kind": "requirements"}"#,
        source: "FHIR R4, CapabilityStatement; UK Core Access, the requirement names the section",
    },
    next_step: "Set kind of the capability statement to the expected value",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step names no kind");
        return sheet.finish();
    };
    let Some(root) = statement(&mut sheet, observed, "kind") else {
        return sheet.finish();
    };
    sheet.saw(1);
    let found = text(root, "kind");
    if found != Some(wanted) {
        let actual = found.map_or_else(
            || Shown::ours("none"),
            |value| Shown::ours("").value(ValueKind::Code, value),
        );
        sheet.broken(
            At::node(0, root.get("kind").unwrap_or(root)),
            "the capability statement has another kind",
            Shown::ours(wanted),
            actual,
        );
    }
    sheet.finish()
}
