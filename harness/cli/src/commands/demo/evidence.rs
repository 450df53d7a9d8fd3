//! The part of the demo on evidence: the run of the first part, signed, checked as a buyer would, and judged again.
//! Not for how a bundle is made: that is the command `bundle`.

use super::{Part, Stage};
use crate::arguments::PackSource;
use crate::commands::{bundle, rejudge};
use crate::failure::Failure;
use plumbline_reports::{IndexEntry, IndexPart};

pub(super) const PART: Part = Part {
    folders: &["evidence", "judged-again"],
    perform,
};

/// Who signs in the demonstration; the supplier of the mock system.
const SIGNER: &str = "Riverside Systems (invented)";

fn perform(stage: &Stage<'_>) -> Result<IndexPart, Failure> {
    println!("Signing the evidence of the first run, and checking it ...");
    let run = stage.out.join("good");
    let shown = bundle::demonstrate(&run, &stage.out.join("evidence"), SIGNER)?;
    let here = |name: &str| format!("evidence/{name}");
    // The first line says that it was a mock, the second what the check found.
    let sentence = shown
        .lines
        .iter()
        .take(2)
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    println!("{sentence}");
    let again = rejudge::rejudge(
        &stage.out.join("evidence").join(shown.bundle),
        &PackSource::default(),
        &stage.out.join("judged-again"),
    )?;
    Ok(IndexPart {
        title: "Can a buyer believe the result?".to_owned(),
        about: "For a buyer, who was not there when the system was tested. The evidence of the run is one signed \
                file. It can be checked without a network, by the command or by a page in a browser."
            .to_owned(),
        entries: vec![
            IndexEntry {
                title: "What the check of the evidence says".to_owned(),
                href: here(shown.said),
                status: None,
                sentence,
                details: vec![
                    "Change one byte of the file and check it again: the page and the command name what was changed."
                        .to_owned(),
                ],
                more: vec![
                    ("The page that checks a bundle".to_owned(), here(shown.verifier)),
                    ("The signed bundle".to_owned(), here(shown.bundle)),
                ],
            },
            IndexEntry {
                title: "The same evidence, judged again".to_owned(),
                href: "judged-again/reports/report.html".to_owned(),
                status: Some(again.scorecard.status),
                sentence: again.scorecard.sentence,
                details: vec![
                    "When the rules change, stored evidence is judged again without asking the system anything."
                        .to_owned(),
                ],
                more: Vec::new(),
            },
        ],
    })
}
