//! The part of the demo on inspections: an invented trust, a checklist, and a report for its board.
//! Not for how an assessment is read or written: that is the command `inspect`.

use super::{Part, Stage};
use crate::commands::inspect;
use crate::failure::Failure;
use plumbline_reports::{IndexEntry, IndexPart};

pub(super) const PART: Part = Part {
    folders: &["inspection"],
    perform,
};

fn perform(stage: &Stage<'_>) -> Result<IndexPart, Failure> {
    println!("Writing the report of an inspection ...");
    let run = stage.out.join("good");
    let made = inspect::demo(&stage.out.join("inspection"), Some(&run), stage.files)?;
    println!("{}", made.page.display());
    Ok(IndexPart {
        title: "What did an inspector find at a trust?".to_owned(),
        about: "For a digital inspector and the board of a trust. Items of a checklist are answered with evidence; \
                what runs on the trust's own system show is filled in; the judgement is the inspector's alone."
            .to_owned(),
        entries: vec![IndexEntry {
            title: "Report of an inspection".to_owned(),
            href: "inspection/report/inspection.html".to_owned(),
            status: None,
            sentence: "An invented trust, invented answers. The run of the first part was of a mock system: it is \
                       shown, and counts for nothing."
                .to_owned(),
            details: vec![
                "Look for the organisation's own score beside the inspector's, and for what was not looked at."
                    .to_owned(),
            ],
            more: vec![(
                "The same report as JSON".to_owned(),
                "inspection/report/inspection.json".to_owned(),
            )],
        }],
    })
}
