//! Which published statements a server says it follows. Not for whether it does.

use crate::capability::statement;
use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "CAPABILITY-INSTANTIATES",
    name: "Instantiated statements",
    doc: CheckDoc {
        what: "The list instantiates of the capability statement holds the address that the step names, with or without a version.",
        why: "It is how a server says in a machine-readable way which standard it means to meet.",
        conformant: r#"{"instantiates": ["https://example.test/CapabilityStatement/access|1.0.0"]}"#,
        not_conformant: r#"{"instantiates": []}"#,
        source: "FHIR R4, CapabilityStatement; UK Core Access, the requirement names the section",
    },
    next_step: "Add the address of the published capability statement to instantiates",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step names no capability statement");
        return sheet.finish();
    };
    let Some(root) = statement(&mut sheet, observed, "instantiates") else {
        return sheet.finish();
    };
    sheet.saw(1);
    let list = root.get("instantiates");
    let found = list.is_some_and(|list| {
        list.items().filter_map(Node::as_str).any(|canonical| {
            canonical == wanted
                || canonical
                    .strip_prefix(wanted)
                    .and_then(|rest| rest.strip_prefix('|'))
                    .is_some_and(|version| !version.is_empty())
        })
    });
    if !found {
        sheet.broken(
            At::node(0, list.unwrap_or(root)),
            "the capability statement does not instantiate the published one",
            Shown::ours("instantiates ").and(wanted),
            Shown::ours(if list.is_some() {
                "only others"
            } else {
                "none"
            }),
        );
    }
    sheet.finish()
}
