//! The type of the resource that was sent. Not for whether its content is valid.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, text};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "FHIR-TYPE",
    name: "Type of the resource",
    doc: CheckDoc {
        what: "The body of the first answer is a resource of the type that the step names.",
        why: "Another type means that the server answered another question.",
        conformant: r#"{"resourceType": "CapabilityStatement"}"#,
        not_conformant: r#"{"resourceType": "Bundle"} where a CapabilityStatement is due"#,
        source: "FHIR R4, the interaction that the requirement names",
    },
    next_step: "Answer this request with the expected type of resource",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step names no type of resource");
        return sheet.finish();
    };
    let Some(page) = observed.pages.first() else {
        sheet.gaps(&Reading::of(observed));
        return sheet.finish();
    };
    let expected = Shown::ours("a resource of type ").and(wanted);
    let root = match page.json() {
        Ok(root) => root,
        Err((message, actual)) => {
            sheet.saw(1);
            sheet.broken(At::page(0), message, expected, Shown::ours(actual));
            return sheet.finish();
        }
    };
    let named = root.get("resourceType");
    let found = text(root, "resourceType");
    if found == Some(wanted)
        && ((!page.is_success() && wanted != "OperationOutcome") || page.has_duplicate_names())
    {
        sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            "the type is right, but the response cannot be relied on",
            Shown::ours(format!("status {}, or repeated member names", page.status)),
            "Correct the status and the form of the response first",
        );
        return sheet.finish();
    }
    sheet.saw(1);
    if found != Some(wanted) {
        let actual = found.map_or_else(
            || Shown::ours("no resource type"),
            |name| Shown::ours("type ").value(ValueKind::Code, name),
        );
        let at = At::node(0, named.unwrap_or(root));
        sheet.broken(
            at,
            "the response is another type of resource",
            expected,
            actual,
        );
    }
    sheet.finish()
}
