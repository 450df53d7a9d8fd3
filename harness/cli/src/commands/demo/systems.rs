//! The first part of the demo: a good and a faulty mock system, tested with the same pack.
//! Not for how a run goes: that is `session`.

use super::{Part, Stage};
use crate::failure::Failure;
use crate::load::Facts;
use crate::mock_child::MockChoice;
use crate::mock_target::{MockTarget, Product};
use crate::session::{Session, Trail, runtime};
use crate::{commands, folder, load};
use anyhow::Context;
use plumbline_model::{RunStatus, Scorecard};
use plumbline_pack::Pack;
use plumbline_reports::{IndexEntry, IndexPart};
use plumbline_runner::Selection;
use std::fs;
use std::path::Path;
use std::rc::Rc;

pub(super) const PART: Part = Part {
    folders: &["good", "faulty"],
    perform,
};

struct Vendor {
    name: &'static str,
    folder: &'static str,
    product: &'static str,
    version: &'static str,
    about: &'static str,
}

const VENDORS: [Vendor; 2] = [
    Vendor {
        name: "riverside-epr",
        folder: "good",
        product: "Riverside EPR",
        version: "4.2",
        about: "A mock system without known faults: what a clean report looks like.",
    },
    Vendor {
        name: "riverside-epr-faulty",
        folder: "faulty",
        product: "Riverside EPR",
        version: "4.1",
        about: "The same mock system with faults switched on: what failures look like, and how they are explained.",
    },
];

fn perform(stage: &Stage<'_>) -> Result<IndexPart, Failure> {
    let mut statuses = Vec::new();
    let mut entries = Vec::new();
    for vendor in &VENDORS {
        println!(
            "Testing the mock system {} {} ...",
            vendor.product, vendor.version
        );
        let (status, page) =
            runtime()?.block_on(test(vendor, stage.pack, stage.facts, stage.out))?;
        statuses.push(status);
        entries.push(page);
    }
    match statuses.as_slice() {
        [RunStatus::Conformant, RunStatus::NotConformant] => Ok(IndexPart {
            title: "Does a record system keep to a standard?".to_owned(),
            about: "For a supplier before a procurement, and for the buyer. One system is sound, and one has \
                    faults planted in it: the first shows what a pass looks like, the second that a fault is \
                    found, and how it is explained."
                .to_owned(),
            entries,
        }),
        _ => Err(Failure::internal(
            "error: the demo must show a good system that conforms and a faulty one that does not",
        )),
    }
}

async fn test(
    vendor: &Vendor,
    pack: &Pack,
    facts: &Facts,
    out: &Path,
) -> Result<(RunStatus, IndexEntry), Failure> {
    let choice = MockChoice {
        vendor: vendor.name,
        ..MockChoice::default()
    };
    let product = Product {
        name: vendor.product,
        version: vendor.version,
    };
    let mock = MockTarget::start(choice, product, pack, facts).await?;
    let target = load::target_text("target.toml", mock.text.as_bytes(), Some(pack))?;
    let run_folder = out.join(vendor.folder);
    folder::create(&run_folder)?;
    let path = run_folder.join("target.toml");
    fs::write(&path, &mock.text)
        .with_context(|| format!("failed to write `{}`", path.display()))?;
    let session = Session::new(pack, facts, target, &Selection::all())?;
    let trail = Trail {
        run_id: format!("demo-{}", vendor.folder),
        journal: Some(folder::journal(&run_folder)),
        progress: Rc::new(|_| {}),
    };
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let (mut output, scorecard) = session.perform(trail, interrupted).await?;
    folder::write(
        &run_folder,
        &mut output.record,
        &scorecard,
        &pack.capability_titles,
        &output.policy,
    )?;
    commands::run::summary(&output.record, &scorecard);
    Ok((scorecard.status, entry(vendor, &scorecard)))
}

fn entry(vendor: &Vendor, scorecard: &Scorecard) -> IndexEntry {
    IndexEntry {
        title: format!("Report on {} {}", vendor.product, vendor.version),
        href: format!("{}/reports/report.html", vendor.folder),
        status: Some(scorecard.status),
        sentence: scorecard.sentence.clone(),
        details: vec![vendor.about.to_owned()],
        more: vec![
            (
                "The same result as JSON".to_owned(),
                format!("{}/reports/report.json", vendor.folder),
            ),
            (
                "The record of the run".to_owned(),
                format!("{}/record.json", vendor.folder),
            ),
            (
                "The target file that was used".to_owned(),
                format!("{}/target.toml", vendor.folder),
            ),
        ],
    }
}
