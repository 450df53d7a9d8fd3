//! The predicate that a document is about one patient. Not for what is told of the patient: items and forms.

use super::{Case, wrong};
use crate::codes::BUSINESS;
use crate::document::{Section, Target};
use crate::sheet::Sheet;
use crate::view::El;
use std::collections::BTreeSet;

/// Where resources name the patient that they are about.
const SUBJECTS: [&str; 2] = ["subject", "patient"];

/// Everything that the sections lead to is about the patient of the document.
pub(super) fn is_one(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let document = case.document();
    let composition = document.composition();
    let subject = composition.child("subject");
    let Some(patient) = subject.and_then(|it| document.follow(document.composition, it)) else {
        // The rules of the demographics say so.
        return;
    };
    let encounter = composition.child("encounter");
    let encounter = encounter.and_then(|it| document.follow(document.composition, it));
    let by_section = document.sections.iter().flat_map(Section::numbers);
    let numbers: BTreeSet<usize> = by_section.chain(encounter).collect();
    for number in numbers {
        let entry = document.entries[number];
        if entry.kind == "Composition" {
            continue;
        }
        if entry.kind == "Patient" {
            sheet.saw(1);
            if number != patient {
                other(sheet, entry.el);
            }
            continue;
        }
        for reference in SUBJECTS.iter().flat_map(|name| entry.el.children(name)) {
            let Some(text) = reference.child_text("reference") else {
                continue;
            };
            sheet.saw(1);
            match document.target(number, text) {
                Target::Entry(found) if found == patient => {}
                Target::Entry(_) | Target::Outside => other(sheet, reference),
                // The rule of references says so.
                Target::Nowhere => {}
            }
        }
    }
}

fn other(sheet: &mut Sheet<'_>, at: El<'_>) {
    let expected = "the patient that the document is about";
    wrong(sheet, BUSINESS, at, expected, "somebody else");
}
