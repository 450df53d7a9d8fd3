//! A letter to the supplier of a system: what its documents lack, and what to do. Our words, with places to fill in.
//! Not for numbers of its own, and it names no file: file names may say who a patient is.

use super::tally::{gaps, tallies};
use super::{ContentInput, MOCK, NOT_ASSURED, Origin};
use crate::view::words::{count, day, sentence};
use plumbline_prsb::{Severity, Standing, Subject};
use std::fmt::Write;

/// How many gaps the letter tells.
const MOST: usize = 5;

pub(super) fn write(input: &ContentInput<'_>) -> String {
    let mut letter = String::new();
    // Writing to a string cannot fail.
    let _ = compose(input, &mut letter);
    letter
}

fn compose(input: &ContentInput<'_>, out: &mut String) -> std::fmt::Result {
    if input.origin == Origin::Mock {
        writeln!(out, "{MOCK}\n")?;
    }
    let date = if input.date.is_empty() {
        "[DATE]".to_owned()
    } else {
        day(input.date)
    };
    writeln!(
        out,
        "To: [NAME OF SUPPLIER]\nFrom: [NAME AND ROLE], [NAME OF ORGANISATION]\nDate: {date}"
    )?;
    writeln!(
        out,
        "Subject: content of discharge summaries from [NAME AND VERSION OF PRODUCT]\n"
    )?;
    writeln!(out, "Dear [NAME],\n")?;
    let documents = input.judged().count();
    let with_musts = input
        .judged()
        .filter(|(_, content, _)| content.broken(Severity::Must).next().is_some())
        .count();
    writeln!(
        out,
        "We compared {} that your product made with the {}.",
        count(documents, "discharge summary", "discharge summaries"),
        input.standard_name()
    )?;
    let valid = input
        .judged()
        .filter(|(_, _, fhir)| fhir.errors == 0)
        .count();
    writeln!(
        out,
        "{valid} of {documents} are valid against the base specification of FHIR. {with_musts} of {documents} break at least one rule that the standard demands.\n"
    )?;
    let tallies = tallies(input);
    let gaps = gaps(&tallies, MOST);
    if gaps.is_empty() {
        writeln!(
            out,
            "We found no rule broken. Rules that need facts about what your system holds could not all be tested.\n"
        )?;
    } else {
        writeln!(out, "What we ask you to look at first:\n")?;
    }
    for (number, gap) in gaps.iter().enumerate() {
        let level = if gap.severity == Some(Severity::Must) {
            "demanded"
        } else {
            "advised"
        };
        let note = if gap.standing == Standing::Advisory {
            ", advisory: read once, or our own reading for this version"
        } else {
            ""
        };
        writeln!(
            out,
            "{}. {} ({}, {level}{note})",
            number + 1,
            rule_name(gap),
            gap.rule.id
        )?;
        writeln!(
            out,
            "   Found in {} of {} documents.",
            gap.broken,
            gap.documents()
        )?;
        writeln!(
            out,
            "   What it means for patients: {}",
            sentence(&gap.rule.harm)
        )?;
        writeln!(out, "   What to do: {}", sentence(&gap.rule.message))?;
        writeln!(out, "   Source: {}\n", gap.rule.source.url)?;
    }
    writeln!(
        out,
        "Please tell us by [DATE] which of these you can confirm, and in which release each will be mended."
    )?;
    writeln!(
        out,
        "We can send the places by line and element; they hold no data of patients.\n"
    )?;
    writeln!(out, "{NOT_ASSURED}\n")?;
    writeln!(out, "Yours sincerely,\n[NAME]")
}

/// The rule with its section, each once.
pub(super) fn rule_name(tally: &super::Tally<'_>) -> String {
    if tally.rule.subject == Subject::Section {
        return format!("The section {}", tally.rule.title);
    }
    if tally.rule.section.is_empty() {
        return tally.rule.title.clone();
    }
    format!("{}: {}", tally.rule.section_title, tally.rule.title)
}
