//! That an element is not sent. Not for elements that FHIR does not know: base validation finds those.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::element_path::ElementPath;
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, Role};
use crate::sheet::Sheet;
use plumbline_model::Shown;

pub(crate) const CHECK: Check = Check {
    code: "ELEMENT-ABSENT",
    name: "Element that must not be sent",
    doc: CheckDoc {
        what: "No resource of the type that the step names, among the results or read, has the element. An address stands for the extension with that address; a name that ends in [x] for every type of its value. An element with nothing in it counts as absent.",
        why: "A standard forbids an element where it would give away what the reader may not see, or what nobody keeps up to date.",
        conformant: r#"no maritalStatus in any Patient: {"resourceType": "Patient", "gender": "female"}"#,
        not_conformant: r#"{"resourceType": "Patient", "maritalStatus": {"text": "Married"}}"#,
        source: "The requirement names the section of the standard",
    },
    next_step: "Leave the element out of the response; the place is named below",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let (Some(wanted), Some(named)) = (expectation.arg(0), expectation.arg(1)) else {
        sheet.misused("the step does not say which element of which type must be absent");
        return sheet.finish();
    };
    let choice = named.strip_suffix("[x]");
    let path = ElementPath::read(choice.unwrap_or(named));
    let Some(path) = path else {
        sheet.misused("the step names no element");
        return sheet.finish();
    };
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    let mut seen = 0_usize;
    let hits = reading.hits.iter().filter(|hit| hit.role != Role::Outcome);
    for hit in hits.filter(|hit| hit.resource_type == wanted) {
        seen += 1;
        let found = match choice {
            None => path.find(hit.resource),
            Some(stem) => hit
                .resource
                .members()
                .filter(|(name, _)| {
                    name.strip_prefix(stem)
                        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
                })
                .map(|(_, value)| value)
                .collect(),
        };
        for node in found {
            sheet.broken(
                hit.at_node(node),
                format!("{wanted} has an element that must not be sent"),
                Shown::ours(format!("no {named} in any {wanted}")),
                Shown::ours("the element"),
            );
        }
    }
    sheet.saw(seen);
    if seen == 0 && reading.is_whole() {
        sheet.nothing(
            "the result holds no resource of which the rule speaks",
            "Load the test data that the scenario asks for",
        );
    }
    sheet.finish()
}
