//! The operations that the capability statement offers. Not for whether the server carries them out.

use crate::capability::{servers, statement};
use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::text;
use crate::sheet::{At, Sheet};
use crate::version_suffix::without_version;
use plumbline_model::Shown;
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "CAPABILITY-OPERATION",
    name: "Offered operation",
    doc: CheckDoc {
        what: "The capability statement of a server lists an operation with the name that the step names, and with the definition, if the step names one. A definition may be a reference (STU3) or an address (R4).",
        why: "Software that reads the statement does not call what is not listed.",
        conformant: r#"{"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "operation": [{"name": "gpc.registerpatient", "definition": {"reference": "https://fhir.nhs.uk/STU3/OperationDefinition/GPConnect-RegisterPatient-Operation-1"}}]}]}"#,
        not_conformant: r#"{"resourceType": "CapabilityStatement", "rest": [{"mode": "server"}]}"#,
        source: "FHIR STU3 and R4, CapabilityStatement; the requirement names the section of the standard",
    },
    next_step: "List the operation with its definition in rest.operation of the capability statement",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(name) = expectation.arg(0) else {
        sheet.misused("the step names no operation");
        return sheet.finish();
    };
    let address = expectation.arg(1);
    let Some(root) = statement(&mut sheet, observed, "rest") else {
        return sheet.finish();
    };
    sheet.saw(1);
    let operations: Vec<Node<'_>> = servers(root)
        .flat_map(|rest| {
            let of_types = rest.get("resource").map(Node::items).into_iter().flatten();
            let own = of_types.filter_map(|resource| resource.get("operation"));
            own.chain(rest.get("operation"))
        })
        .flat_map(Node::items)
        .filter(|operation| {
            let own = text(*operation, "name").unwrap_or_default();
            own.strip_prefix('$').unwrap_or(own) == name
        })
        .collect();
    let defined = |operation: &Node<'_>| {
        address
            .is_none_or(|address| definition(*operation).is_some_and(|own| is_same(own, address)))
    };
    if operations.is_empty() {
        sheet.broken(
            At::node(0, root.get("rest").unwrap_or(root)),
            "the capability statement does not offer the operation",
            Shown::ours(format!("the operation {name}")),
            Shown::ours("not listed"),
        );
    } else if !operations.iter().any(defined) {
        sheet.broken(
            At::node(0, operations[0]),
            "the operation has another definition",
            Shown::ours(format!("the definition {}", address.unwrap_or_default())),
            Shown::ours("another definition, or none"),
        );
    }
    sheet.finish()
}

/// The address of the definition, without a version.
fn definition(operation: Node<'_>) -> Option<&str> {
    let own = text(operation, "definition").or_else(|| {
        let reference = operation.get("definition")?;
        text(reference, "reference")
    })?;
    Some(without_version(own))
}

/// The same address; pages of NHS England spell the last part with and without capitals.
fn is_same(one: &str, other: &str) -> bool {
    match (one.rsplit_once('/'), other.rsplit_once('/')) {
        (Some((one, last)), Some((other, wanted))) => {
            one == other && last.eq_ignore_ascii_case(wanted)
        }
        _ => one == other,
    }
}
