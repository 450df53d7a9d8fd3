//! Judges the rule of one section: there if it has to be, once, with text. Not for what is in it.

use crate::codes;
use crate::document::{Document, Section};
use crate::held::Held;
use crate::items::Around;
use crate::narrative::{Narrative, fold, fold_label};
use crate::recognise::Version;
use crate::result::NotExercised;
use crate::rule::{Conformance, Severity};
use crate::sheet::{Sheet, Wrong, nowhere};
use crate::view::El;

pub(crate) fn judge(sheet: &mut Sheet<'_>, around: &Around<'_, '_>) {
    let rule = sheet.rule();
    let document = around.document;
    let sections: Vec<&Section<'_>> = document.under(&rule.section).collect();
    let title = &rule.section_title;
    if sections.is_empty() {
        return missing(sheet, document, around.held);
    }
    sheet.saw(sections.len());
    for section in &sections {
        empty(sheet, around, section);
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

/// Whether a section says nothing. What else is in it must not stand for text: neither a reason nor a heading.
fn empty<'t>(sheet: &mut Sheet<'_>, around: &Around<'_, 't>, section: &Section<'t>) {
    let rule = sheet.rule();
    let title = &rule.section_title;
    let is_mandatory = rule.conformance == Conformance::Mandatory;
    let narrative = section.narrative();
    let is_hollow =
        narrative.is_empty() || is_mandatory && is_only_headings(around, section, title);
    if !is_hollow || has_inner_content(around.document, section.el) {
        return;
    }
    // The profiles of STU3 demand text in each section; R4 leaves it to the sender, but not whether the section of a
    // document that has to be there holds anything.
    let severity = match around.version {
        Version::Stu3 => Severity::Must,
        Version::R4 if is_mandatory && !leads_anywhere(around.document, section.el) => {
            Severity::Must
        }
        Version::R4 => Severity::Should,
    };
    let actual = if narrative.text.is_empty() {
        "no text"
    } else {
        "headings or signs only"
    };
    sheet.wrong(
        section.el,
        Wrong {
            code: codes::SECTION_EMPTY,
            severity,
            message: format!("the section {title} has no text to read"),
            expected: "text that a person can read",
            actual,
        },
    );
}

/// Whether the text is nothing but the title of the section, in its own words or ours, and its sub-headings.
fn is_only_headings(around: &Around<'_, '_>, section: &Section<'_>, title: &str) -> bool {
    let own = section.el.child_text("title").map(fold_label);
    let title = fold(title);
    let labels = section
        .heading
        .as_ref()
        .and_then(|key| around.standard.labels.get(key));
    let labels = labels.into_iter().flatten().map(String::as_str);
    let mut words: Vec<&str> = labels.collect();
    words.push(&title);
    words.extend(own.as_deref());
    section.narrative().is_only(&words)
}

/// Whether a section has an entry that is in the document.
fn leads_anywhere<'t>(document: &Document<'t>, section: El<'t>) -> bool {
    let mut entries = section.children("entry");
    entries.any(|entry| document.follow(document.composition, entry).is_some())
}

/// Whether a section within a section, however deep, has text or an entry.
fn has_inner_content<'t>(document: &Document<'t>, section: El<'t>) -> bool {
    let mut open: Vec<El<'t>> = section.children("section").collect();
    while let Some(inner) = open.pop() {
        let title = inner.child_text("title").map(fold_label);
        let narrative = Narrative::of(inner);
        let words: Vec<&str> = title.as_deref().into_iter().collect();
        if !narrative.is_only(&words) || leads_anywhere(document, inner) {
            return true;
        }
        open.extend(inner.children("section"));
    }
    false
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
