//! Whether an answer is a discharge summary at all. Not for what it says.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::content::{Parts, document};
use crate::observed::{Expectation, Observed};
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;
use plumbline_prsb::recognise;
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "DOCUMENT-KIND",
    name: "A discharge summary",
    doc: CheckDoc {
        what: "The body is a FHIR document: a Bundle of that type which begins with a Composition whose type is discharge summary.",
        why: "A reader files and shows a document by what it says it is.",
        conformant: "a Bundle of type document whose Composition has the type 373942005",
        not_conformant: "a Bundle of type collection, or the document of an outpatient visit",
        source: "FHIR, documents; ITK3 FHIR eDischarge, Composition",
    },
    next_step: "Send a Bundle of type document whose first entry is a Composition of the type discharge summary",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    if let Some((tree, standard)) = document(&mut sheet, observed, expectation) {
        sheet.saw(1);
        if let Err(refusal) = recognise(tree, standard) {
            sheet.broken_with(
                At::node(0, tree.root()),
                "what came is no discharge summary".to_owned(),
                Shown::ours("a FHIR document of the type discharge summary"),
                Shown::ours(refusal.what),
                &refusal.fix,
            );
        } else if let Some(composition) = Parts::of(tree).first()
            && !says_so(composition)
        {
            // A profile can show what a document is meant to be, and its type still say something else.
            let kind = composition.get("type").unwrap_or(composition);
            sheet.broken(
                At::node(0, kind),
                "the document does not say that it is a discharge summary",
                Shown::ours("the type 373942005 of SNOMED CT"),
                Shown::ours("another type, or none"),
            );
        }
    }
    sheet.finish()
}

/// Whether the type of the Composition is that of a discharge summary.
fn says_so(composition: Node<'_>) -> bool {
    let codings = composition.get("type").and_then(|it| it.get("coding"));
    codings.into_iter().flat_map(Node::items).any(|coding| {
        let text = |name: &str| coding.get(name).and_then(Node::as_str);
        text("system") == Some("http://snomed.info/sct") && text("code") == Some("373942005")
    })
}
