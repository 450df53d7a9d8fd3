//! Whether ODS codes in a result are well formed. Not for whether they were issued, or to whom.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::identity::strangers_undecided;
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, everything};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "ODS-CODE",
    name: "Well-formed ODS codes",
    doc: CheckDoc {
        what: "Every identifier with the system of ODS organisation codes, anywhere in the result, has as its value 3 to 9 capital letters and digits. The sources differ on codes of 10 to 12: those are for a person to judge. The kind of organisation cannot be told from the form.",
        why: "A letter or an invoice that names no organisation, or a local one, goes nowhere.",
        conformant: r#"{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "G7H8J"}"#,
        not_conformant: r#"{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "g7h8j"}"#,
        source: "NHS developer guide, identifiers: up to 9 letters and digits; NHS Data Dictionary, GP data, ods_code: 3 to 12; DAPB0090 for codes since 2020",
    },
    next_step: "Send the organisation's own ODS code in capital letters and digits, and local codes under a system of their own",
    run,
};

const ODS_CODE_SYSTEM: &str = "https://fhir.nhs.uk/Id/ods-organization-code";

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    strangers_undecided(&mut sheet, &reading, expectation);
    let mut count = 0_usize;
    for (page, node) in everything(observed) {
        let ods = node.get("system").and_then(Node::as_str) == Some(ODS_CODE_SYSTEM);
        // A coding keeps its code elsewhere; only identifiers are meant.
        let coding = node.get("value").is_none() && node.get("code").is_some();
        if ods && !coding {
            count += 1;
            judge(&mut sheet, page, node);
        }
    }
    sheet.saw(count);
    if count == 0 && reading.is_whole() {
        sheet.nothing(
            "the result holds no ODS code",
            "Load the test patient with the organisations of its data sheet",
        );
    }
    sheet.finish()
}

fn judge(sheet: &mut Sheet, page: usize, identifier: Node<'_>) {
    let expected = Shown::ours("3 to 9 capital letters and digits");
    let at = At::node(page, identifier.get("value").unwrap_or(identifier));
    let Some(value) = identifier.get("value").and_then(Node::as_str) else {
        let actual = Shown::ours("no value that is a text");
        return sheet.broken(at, "an ODS code has no value", expected, actual);
    };
    let plain = value
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let actual = Shown::ours("").value(ValueKind::Identifier, value);
    match value.len() {
        3..=9 if plain => {}
        10..=12 if plain => sheet.review(
            at,
            "an ODS code is longer than those in common use",
            expected,
            actual,
            "Look the code up in the Organisation Data Service; the national sources differ on codes of 10 to 12 characters",
        ),
        _ => sheet.broken(at, "an ODS code is not well formed", expected, actual),
    }
}
