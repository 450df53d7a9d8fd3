//! The part of the demo on comparison: a dashboard of synthetic trusts whose truths are known.
//! Not for how a site is made: that is the command `dashboard`.

use super::{Part, Stage};
use crate::commands::dashboard;
use crate::failure::Failure;
use plumbline_reports::{IndexEntry, IndexPart};

pub(super) const PART: Part = Part {
    folders: &["dashboard"],
    perform,
};

/// Enough for each kind of chart, few enough to be made in a moment.
const ORGANISATIONS: u32 = 30;
const MONTHS: u32 = 24;

fn perform(stage: &Stage<'_>) -> Result<IndexPart, Failure> {
    println!("Comparing {ORGANISATIONS} synthetic trusts over {MONTHS} months ...");
    let made = dashboard::demo(&stage.out.join("dashboard"), ORGANISATIONS, MONTHS)?;
    println!("{}", made.sentence);
    Ok(IndexPart {
        title: "How do trusts compare?".to_owned(),
        about: "For a trust, an integrated care board or a national body. The trusts, suppliers and results are \
                synthetic: they were drawn from known truths, so that one can see whether the charts find them."
            .to_owned(),
        entries: vec![IndexEntry {
            title: "Dashboard of synthetic trusts".to_owned(),
            href: "dashboard/site/index.html".to_owned(),
            status: None,
            sentence: format!(
                "{ORGANISATIONS} synthetic trusts over {MONTHS} months, on {} pages.",
                made.pages
            ),
            details: vec![
                "The same for 215 trusts: plumbline demo --national.".to_owned(),
            ],
            more: vec![(
                "The truths that were drawn from".to_owned(),
                "dashboard/truths.json".to_owned(),
            )],
        }],
    })
}
