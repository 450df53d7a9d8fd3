//! Whether an error is told as an `OperationOutcome`. Not for the status, and not for which issue it is.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, text};
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "OPERATION-OUTCOME",
    name: "OperationOutcome",
    doc: CheckDoc {
        what: "The body is an OperationOutcome with at least one issue, and each issue has a known severity and a code.",
        why: "Without it a client cannot tell a wrong question from a broken server.",
        conformant: r#"{"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid"}]}"#,
        not_conformant: "an HTML error page",
        source: "FHIR R4, OperationOutcome",
    },
    next_step: "Answer errors with an OperationOutcome that has at least one issue with severity and code",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(page) = observed.pages.first() else {
        sheet.gaps(&Reading::of(observed));
        return sheet.finish();
    };
    sheet.saw(1);
    let expected = || Shown::ours("an OperationOutcome with at least one issue");
    let root = match page.json() {
        Ok(root) => root,
        Err((message, actual)) => {
            sheet.broken(At::page(0), message, expected(), Shown::ours(actual));
            return sheet.finish();
        }
    };
    let at = At::node(0, root);
    if page.has_duplicate_names() {
        sheet.gaps(&Reading::of(observed));
    }
    if text(root, "resourceType") != Some("OperationOutcome") {
        let actual = Shown::ours("something else");
        sheet.broken(
            at,
            "the response is not an OperationOutcome",
            expected(),
            actual,
        );
        return sheet.finish();
    }
    let issues = root.get("issue").map(Node::items);
    let mut count = 0_usize;
    for issue in issues.into_iter().flatten() {
        count += 1;
        let severity = matches!(
            text(issue, "severity"),
            Some("fatal" | "error" | "warning" | "information")
        );
        if !severity || text(issue, "code").is_none() {
            sheet.broken(
                At::node(0, issue),
                "an issue lacks its severity or code",
                Shown::ours("a known severity and a code"),
                Shown::ours("an issue without them"),
            );
        }
    }
    if count == 0 {
        let actual = Shown::ours("no issue");
        sheet.broken(at, "the OperationOutcome has no issue", expected(), actual);
    }
    sheet.finish()
}
