//! The part of the demo on content: discharge summaries of the mock system, judged as a folder of files.
//! Not for the rules: they are text, in profiles/transfer-of-care/prsb.

use super::{Part, Stage};
use crate::commands::content;
use crate::failure::Failure;
use anyhow::Context;
use plumbline_reports::{IndexEntry, IndexPart, Origin};
use serde_json::Value;
use std::fs;

pub(super) const PART: Part = Part {
    folders: &["documents", "content"],
    perform,
};

/// The documents of this person go without four sections that a discharge summary must have.
const INCOMPLETE: &str = "discharged-patient";
const LEFT_OUT: [&str; 4] = [
    "GP practice",
    "Diagnoses",
    "Clinical summary",
    "Person completing record",
];
/// The day on the page and the letter. Not the clock: the same documents give the same page.
const DATE: &str = "2026-11-22";

fn perform(stage: &Stage<'_>) -> Result<IndexPart, Failure> {
    println!("Judging the content of discharge summaries ...");
    let exported = stage.out.join("documents");
    fs::create_dir_all(&exported)
        .with_context(|| format!("failed to make `{}`", exported.display()))?;
    let documents = plumbline_mocks::discharge_documents()
        .map_err(|error| Failure::internal(format!("error: {error}")))?;
    for (name, mut document) in documents {
        if name.starts_with(INCOMPLETE) {
            leave_out(&mut document);
        }
        let path = exported.join(format!("{name}.json"));
        fs::write(&path, format!("{document:#}\n"))
            .with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    let count = content::write(
        std::slice::from_ref(&exported),
        Origin::Mock,
        DATE,
        &stage.out.join("content"),
    )?;
    let sentence = format!(
        "{} of {} discharge summaries break a rule that each must keep, though all are valid FHIR.",
        count.with_musts, count.judged
    );
    println!("{sentence}");
    if count.with_musts != 2 || count.invalid != 0 || count.refused != 0 {
        return Err(Failure::internal(
            "error: the demo must show two incomplete discharge summaries, all valid FHIR, and judge each",
        ));
    }
    Ok(IndexPart {
        title: "Does a discharge summary say what the next clinician needs?".to_owned(),
        about: "For a supplier, and for a trust that exports documents. Each document is judged by the content \
                rules for discharge summaries, without a system to ask and without a network."
            .to_owned(),
        entries: vec![IndexEntry {
            title: "Content of the discharge summaries".to_owned(),
            href: "content/content.html".to_owned(),
            status: None,
            sentence,
            details: vec![
                "Four sections were left out of two documents on purpose. Validation of FHIR does not mind: that is \
                 why content rules exist."
                    .to_owned(),
            ],
            more: vec![
                (
                    "The same result as JSON".to_owned(),
                    "content/content.json".to_owned(),
                ),
                (
                    "A letter to the supplier".to_owned(),
                    "content/letter.txt".to_owned(),
                ),
            ],
        }],
    })
}

/// Removes the four sections from the Composition, which is the first entry of a document.
fn leave_out(document: &mut Value) {
    let sections = document.pointer_mut("/entry/0/resource/section");
    if let Some(Value::Array(sections)) = sections {
        sections.retain(|section| {
            let title = section["title"].as_str().unwrap_or_default();
            !LEFT_OUT.contains(&title)
        });
    }
}
