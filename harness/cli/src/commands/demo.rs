//! `plumbline demo`: a good and a faulty mock system, tested with the same pack; both reports and an index.
//! Needs no network, no browser and nothing beside the binary.

use crate::arguments::{Demo, PackSource};
use crate::commands::run::summary;
use crate::failure::Failure;
use crate::load::Facts;
use crate::mock_child::MockChoice;
use crate::mock_target::{MockTarget, Product};
use crate::session::{Session, Trail, runtime};
use crate::{Outcome, folder, load};
use anyhow::{Context, bail};
use plumbline_model::{ExitCode, RunStatus, Scorecard};
use plumbline_pack::Pack;
use plumbline_reports::IndexEntry;
use plumbline_runner::Selection;
use std::fs;
use std::path::Path;
use std::rc::Rc;

/// A file that marks a folder as written by the demo, so that the next demo may replace it.
const MARKER: &str = ".plumbline-demo";
const PACK: &str = "uk-core-access";

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

pub(crate) fn perform(arguments: &Demo) -> Outcome {
    let files = load::files(&PackSource::default())?;
    let pack = load::pack(&files, PACK)?;
    let facts = load::facts(&files)?;
    let out = &arguments.out;
    prepare(out)?;
    let mut statuses = Vec::new();
    let mut pages = Vec::new();
    for vendor in &VENDORS {
        println!(
            "Testing the mock system {} {} ...",
            vendor.product, vendor.version
        );
        let (status, page) = runtime()?.block_on(test(vendor, &pack, &facts, out))?;
        statuses.push(status);
        pages.push(page);
        println!();
    }
    let index = plumbline_reports::index(&pages).context("failed to render the index")?;
    let path = out.join("index.html");
    fs::write(&path, index).with_context(|| format!("failed to write `{}`", path.display()))?;
    println!("Start here:      {}", path.display());
    for vendor in &VENDORS {
        println!(
            "Report:          {}",
            out.join(vendor.folder)
                .join("reports/report.html")
                .display()
        );
    }
    println!(
        "Target file:     {}",
        out.join("good").join("target.toml").display()
    );
    println!();
    println!("To test your own system:");
    println!("  plumbline init target.toml");
    println!("  plumbline run --target target.toml --pack {PACK}");
    match statuses.as_slice() {
        [RunStatus::Conformant, RunStatus::NotConformant] => Ok(ExitCode::Success),
        _ => Err(Failure::internal(
            "error: the demo must show a good system that conforms and a faulty one that does not",
        )),
    }
}

/// Makes the folder, replacing that of an earlier demo and nothing else.
fn prepare(out: &Path) -> anyhow::Result<()> {
    let marker = out.join(MARKER);
    if out.exists() {
        let empty = fs::read_dir(out)
            .with_context(|| format!("failed to read `{}`", out.display()))?
            .next()
            .is_none();
        if !marker.exists() && !empty {
            bail!(
                "the folder `{}` holds something that no demo wrote; choose another with --out",
                out.display()
            );
        }
        for vendor in &VENDORS {
            let old = out.join(vendor.folder);
            if old.exists() {
                fs::remove_dir_all(&old)
                    .with_context(|| format!("failed to replace `{}`", old.display()))?;
            }
        }
    }
    fs::create_dir_all(out).with_context(|| format!("failed to make `{}`", out.display()))?;
    fs::write(
        &marker,
        "Written by plumbline demo; the next demo replaces this folder.\n",
    )
    .with_context(|| format!("failed to write `{}`", marker.display()))
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
    summary(&output.record, &scorecard);
    Ok((scorecard.status, entry(vendor, &scorecard)))
}

fn entry(vendor: &Vendor, scorecard: &Scorecard) -> IndexEntry {
    IndexEntry {
        title: format!("{} {}", vendor.product, vendor.version),
        href: format!("{}/reports/report.html", vendor.folder),
        status: scorecard.status,
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
