//! Judges the rule of one section: there if it has to be, once, with text. Not for what is in it.

use crate::codes;
use crate::document::{Document, Section};
use crate::held::Held;
use crate::recognise::Version;
use crate::result::NotExercised;
use crate::rule::{Conformance, Severity};
use crate::sheet::{Sheet, Wrong, nowhere};

pub(crate) fn judge(sheet: &mut Sheet<'_>, document: &Document<'_>, version: Version, held: &Held) {
    let rule = sheet.rule();
    let sections: Vec<&Section<'_>> = document.under(&rule.section).collect();
    let title = &rule.section_title;
    if sections.is_empty() {
        return missing(sheet, document, held);
    }
    sheet.saw(sections.len());
    // The profiles of STU3 demand text in each section; R4 leaves it to the sender.
    let grave = match version {
        Version::Stu3 => Severity::Must,
        Version::R4 => Severity::Should,
    };
    for section in &sections {
        let has_inner = section.el.child("section").is_some();
        if section.narrative().is_empty() && !has_inner {
            sheet.wrong(
                section.el,
                Wrong {
                    code: codes::SECTION_EMPTY,
                    severity: grave,
                    message: format!("the section {title} has no text to read"),
                    expected: "text that a person can read",
                    actual: "no text",
                },
            );
        }
    }
    if let Some(second) = sections.get(1) {
        sheet.wrong(
            second.el,
            Wrong {
                code: codes::SECTION_TWICE,
                severity: Severity::Must,
                message: format!("the section {title} is there more than once"),
                expected: "the section once",
                actual: &format!("{} sections with this heading", sections.len()),
            },
        );
    }
}

fn missing(sheet: &mut Sheet<'_>, document: &Document<'_>, held: &Held) {
    let rule = sheet.rule();
    let title = &rule.section_title;
    let (code, message, expected) = match rule.conformance {
        Conformance::Mandatory => (
            codes::SECTION_MISSING,
            format!("the section {title} is missing"),
            "the section, in every document",
        ),
        Conformance::Required if held.of(&rule.id).is_some() => (
            codes::SECTION_HELD,
            format!("the system holds something for the section {title} and did not send it"),
            "the section, since the system holds it",
        ),
        Conformance::Required => return sheet.nothing(NotExercised::NotKnownToBeHeld),
        Conformance::Optional | Conformance::Prohibited => {
            return sheet.nothing(NotExercised::Optional);
        }
    };
    sheet.wrong(
        nowhere(document),
        Wrong {
            code,
            severity: rule.severity,
            message,
            expected,
            actual: "no section with this heading",
        },
    );
}
