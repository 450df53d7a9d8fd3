//! Whether NHS numbers in a result are valid numbers. Not for whose they are.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::identity::NHS_NUMBER_SYSTEM;
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, everything};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind, nhs_number_fault};
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "NHS-NUMBER",
    name: "Valid NHS numbers",
    doc: CheckDoc {
        what: "Every identifier with the NHS number system, anywhere in the result, has a text of ten digits whose check digit is right and which are not all the same.",
        why: "A wrong digit points to another patient or to nobody.",
        conformant: r#"{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}"#,
        not_conformant: r#"{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "999 000 0019"}"#,
        source: "NHS Data Dictionary, NHS number",
    },
    next_step: "Send NHS numbers as ten digits without spaces, and only numbers that pass the check digit",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    let mut count = 0_usize;
    for (page, node) in everything(observed) {
        if node.get("system").and_then(Node::as_str) == Some(NHS_NUMBER_SYSTEM) {
            count += 1;
            number(&mut sheet, page, node);
        }
    }
    sheet.saw(count);
    if count == 0 && reading.is_whole() {
        sheet.nothing(
            "the result holds no NHS number",
            "Load the test patient with its NHS number",
        );
    }
    sheet.finish()
}

fn number(sheet: &mut Sheet, page: usize, identifier: Node<'_>) {
    let expected = Shown::ours("ten digits with a right check digit");
    let Some(value) = identifier.get("value").and_then(Node::as_str) else {
        let actual = Shown::ours("no value that is a text");
        let at = At::node(page, identifier.get("value").unwrap_or(identifier));
        return sheet.broken(at, "an NHS number has no value", expected, actual);
    };
    if nhs_number_fault(value).is_some() {
        let at = At::node(page, identifier.get("value").unwrap_or(identifier));
        let actual = Shown::ours("").value(ValueKind::Identifier, value);
        sheet.broken(at, "an NHS number is not valid", expected, actual);
    }
}
