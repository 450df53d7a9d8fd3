//! The profiles that the capability statement names. Not for whether resources keep to them.

use crate::capability::{servers, statement};
use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::text;
use crate::sheet::{At, Sheet};
use crate::version_suffix::without_version;
use plumbline_model::Shown;
use plumbline_tree::{Kind, Node};

pub(crate) const CHECK: Check = Check {
    code: "CAPABILITY-PROFILE",
    name: "Named profile",
    doc: CheckDoc {
        what: "The capability statement names the profile that the step names, in its list of profiles or for the type, with or without a version.",
        why: "A reader learns from it which rules the records keep to.",
        conformant: r#"{"resourceType": "CapabilityStatement", "profile": [{"reference": "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"}]}"#,
        not_conformant: r#"{"resourceType": "CapabilityStatement", "rest": [{"mode": "server"}]}"#,
        source: "FHIR STU3 and R4, CapabilityStatement; the requirement names the section of the standard",
    },
    next_step: "Name the profile in profile, or in rest.resource.profile, of the capability statement",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step names no profile");
        return sheet.finish();
    };
    let Some(root) = statement(&mut sheet, observed, "rest") else {
        return sheet.finish();
    };
    sheet.saw(1);
    let of_types = servers(root)
        .filter_map(|rest| rest.get("resource"))
        .flat_map(Node::items);
    let named = of_types
        .chain([root])
        .flat_map(profiles)
        .any(|own| without_version(own) == wanted);
    if !named {
        sheet.broken(
            At::node(0, root),
            "the capability statement does not name the profile",
            Shown::ours(format!("the profile {wanted}")),
            Shown::ours("not named"),
        );
    }
    sheet.finish()
}

/// The profiles that an object names: references (STU3) or addresses (R4), one or a list.
fn profiles(owner: Node<'_>) -> Vec<&str> {
    let lists = ["profile", "supportedProfile"]
        .iter()
        .filter_map(|name| owner.get(name));
    lists
        .flat_map(|list| match list.kind() {
            Kind::Array => list.items().collect(),
            _ => vec![list],
        })
        .filter_map(|node| node.as_str().or_else(|| text(node, "reference")))
        .collect()
}
