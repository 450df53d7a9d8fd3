//! The dashboard of the demonstration: invented trusts with known truths, stored and shown as real ones would be.
//! Not for real results.

use super::site::{self, Site};
use anyhow::{Context, anyhow};
use plumbline_benchmark::synthetic::{Plan, world};
use plumbline_store::{Batch, RunStore, SqliteStore};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The seed of the demonstration: the same trusts each time.
const SEED: u64 = 20_270_401;
const TITLE: &str = "Synthetic trusts";

/// What the demonstration made.
#[derive(Debug, Clone)]
pub(crate) struct DemoSite {
    /// Its first page.
    pub(crate) index: PathBuf,
    /// What was found, in one sentence, with the stamp.
    pub(crate) sentence: String,
    /// Pages, the files for spreadsheets beside them not counted.
    pub(crate) pages: usize,
}

/// Invents organisations, keeps their results in `results.sqlite`, the truths behind them in `truths.json`, and
/// writes the site into `site/`; all below `folder`, which must be empty or not there.
pub(crate) fn demo(folder: &Path, organisations: u32, months: u32) -> anyhow::Result<DemoSite> {
    super::fresh(folder)?;
    let plan = Plan::new(SEED, organisations, months)?;
    let world = world(plan);
    let truths = serde_json::json!({
        "about": "SYNTHETIC DATA: the truths that the results of invented organisations were drawn from",
        "truths": world.truths,
    });
    let truths = serde_json::to_string_pretty(&truths)
        .map_err(|error| anyhow!("failed to write the truths as JSON: {error}"))?;
    let path = folder.join("truths.json");
    fs::write(&path, truths + "\n")
        .with_context(|| format!("failed to write `{}`", path.display()))?;
    let mut store = SqliteStore::open_or_create(&folder.join("results.sqlite"))?;
    store.put(&Batch {
        organisations: &world.organisations,
        runs: &world.runs,
        maturity: &world.maturity,
    })?;
    let held = super::held(&store)?;
    let out = folder.join("site");
    super::fresh(&out)?;
    let made = site::write(
        &Site {
            title: TITLE,
            organisations: &held.organisations,
            runs: &held.runs,
            maturity: &held.maturity,
            as_of: world.as_of,
            pages: held
                .organisations
                .iter()
                .map(|one| one.code.clone())
                .collect(),
            links: BTreeMap::new(),
        },
        &out,
    )?;
    Ok(DemoSite {
        index: out.join("index.html"),
        sentence: made.sentence(&out),
        pages: made.pages,
    })
}
