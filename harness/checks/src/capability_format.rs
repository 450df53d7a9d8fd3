//! The formats that the capability statement offers. Not for whether the server can write them.

use crate::capability::statement;
use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "CAPABILITY-FORMAT",
    name: "Offered format",
    doc: CheckDoc {
        what: "The capability statement lists in format the media type that the step names, or another word for it that the step names; parameters after it do not matter.",
        why: "A client chooses the format by what is offered here.",
        conformant: r#"{"resourceType": "CapabilityStatement", "format": ["application/fhir+json", "application/fhir+xml"]}"#,
        not_conformant: r#"{"resourceType": "CapabilityStatement", "format": ["application/fhir+json"]}"#,
        source: "FHIR STU3 and R4, CapabilityStatement; the requirement names the section of the standard",
    },
    next_step: "List the media type in format of the capability statement",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step names no format");
        return sheet.finish();
    };
    let Some(root) = statement(&mut sheet, observed, "format") else {
        return sheet.finish();
    };
    sheet.saw(1);
    let formats = root.get("format");
    let offered = formats.is_some_and(|formats| {
        let mut names = formats.items().filter_map(Node::as_str);
        names.any(|own| {
            let media_type = own.split(';').next().unwrap_or_default().trim();
            let mut allowed = expectation.args.iter();
            allowed.any(|name| media_type.eq_ignore_ascii_case(name))
        })
    });
    if !offered {
        sheet.broken(
            At::node(0, formats.unwrap_or(root)),
            "the capability statement does not offer the format",
            Shown::ours(format!("format with {wanted}")),
            Shown::ours("other formats, or none"),
        );
    }
    sheet.finish()
}
