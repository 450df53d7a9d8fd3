//! The interactions that the capability statement offers for a type. Not for whether the server answers them.

use crate::capability::{servers, statement};
use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::text;
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "CAPABILITY-INTERACTION",
    name: "Offered interaction",
    doc: CheckDoc {
        what: "The capability statement lists the type that the step names, and for it the interaction, such as read or search-type, for a server.",
        why: "Software that reads the statement does not ask for what is not listed.",
        conformant: r#"{"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "resource": [{"type": "Patient", "interaction": [{"code": "read"}]}]}]}"#,
        not_conformant: r#"{"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "resource": [{"type": "Patient"}]}]}"#,
        source: "FHIR STU3 and R4, CapabilityStatement; the requirement names the section of the standard",
    },
    next_step: "List the interaction for this type in rest.resource.interaction of the capability statement",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let (Some(interaction), Some(wanted)) = (expectation.arg(0), expectation.arg(1)) else {
        sheet.misused("the step does not say which interaction of which type");
        return sheet.finish();
    };
    let Some(root) = statement(&mut sheet, observed, "rest") else {
        return sheet.finish();
    };
    sheet.saw(1);
    let listed = servers(root)
        .filter_map(|rest| rest.get("resource"))
        .flat_map(Node::items)
        .filter(|resource| text(*resource, "type") == Some(wanted))
        .filter_map(|resource| resource.get("interaction"))
        .flat_map(Node::items)
        .any(|own| text(own, "code") == Some(interaction));
    if !listed {
        sheet.broken(
            At::node(0, root.get("rest").unwrap_or(root)),
            "the capability statement does not offer the interaction",
            Shown::ours(format!("{interaction} of {wanted}")),
            Shown::ours("not listed"),
        );
    }
    sheet.finish()
}
