//! Whether SNOMED CT codes in a result are well formed. Not for whether they exist or mean the right thing.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::clinical_record::SNOMED_CT;
use crate::identity::strangers_undecided;
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, everything};
use crate::sheet::{At, Sheet};
use plumbline_model::{NumberFault, Shown, SkipReason, ValueKind, snomed_code_fault};
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "SNOMED-CODE",
    name: "Well-formed SNOMED CT codes",
    doc: CheckDoc {
        what: "Every code with the system of SNOMED CT, anywhere in the result, is the identifier of a concept by its form: 6 to 18 digits, no leading zero, a right check digit, and the partition of a concept (00 or 10). Expressions of several codes are not judged.",
        why: "A mistyped code, or the code of a description, finds nothing in any decision support: the allergy warning never comes.",
        conformant: r#"{"system": "http://snomed.info/sct", "code": "91936005"}"#,
        not_conformant: r#"{"system": "http://snomed.info/sct", "code": "91936006"}"#,
        source: "SNOMED CT Technical Implementation Guide, SNOMED CT identifiers",
    },
    next_step: "Send the identifier of the concept, as digits only; compare it with the edition that the system uses",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    strangers_undecided(&mut sheet, &reading, expectation);
    let mut any = false;
    for (page, node) in everything(observed) {
        if node.get("system").and_then(Node::as_str) == Some(SNOMED_CT)
            && let Some(code) = node.get("code")
        {
            any = true;
            judge(&mut sheet, At::node(page, code), code.as_str());
        }
    }
    if !any && reading.is_whole() {
        sheet.nothing(
            "the result holds no SNOMED CT code",
            "Load the test patient with its records and their codes",
        );
    }
    sheet.finish()
}

fn judge(sheet: &mut Sheet, at: At<'_>, code: Option<&str>) {
    let expected = Shown::ours("a concept of 6 to 18 digits with a right check digit");
    let Some(code) = code else {
        sheet.saw(1);
        let actual = Shown::ours("no text");
        return sheet.broken(at, "a SNOMED CT code is not a text", expected, actual);
    };
    if is_expression(code) {
        return sheet.undecided(
            SkipReason::NotChecked,
            at,
            "an expression of SNOMED CT codes is not judged",
            Shown::ours("more than one code, or a code with its term"),
            "None for the supplier; single codes are judged",
        );
    }
    sheet.saw(1);
    let message = match snomed_code_fault(code) {
        None => return,
        Some(NumberFault::Form) => "a SNOMED CT code has not the form of an identifier",
        Some(NumberFault::Repeated | NumberFault::CheckDigit) => {
            "a SNOMED CT code has a wrong check digit"
        }
        Some(NumberFault::NotAConcept) => {
            "a SNOMED CT code is no concept but a description or the like"
        }
    };
    let actual = Shown::ours("").value(ValueKind::Code, code);
    sheet.broken(at, message, expected, actual);
}

/// Whether a code is written in the compositional grammar: it begins as one and has its signs.
fn is_expression(code: &str) -> bool {
    code.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '=' | '<' | '('))
        && code.contains(['|', ':', '+', '=', '<', '{', '('])
}
