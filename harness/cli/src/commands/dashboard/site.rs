//! Computes the comparison once, makes the pages of all organisations side by side, and writes them.
//! Not for choosing what goes in.

use anyhow::Context;
use plumbline_benchmark::national::{Options, World};
use plumbline_benchmark::{
    Day, Input, MaturityScore, Organisation, OrganisationCode, Prepared, StoredRun, national,
};
use plumbline_model::RequirementId;
use plumbline_reports::{Dashboard, DashboardPage, RuleLink};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::thread;

/// What a site is made from.
pub(super) struct Site<'a> {
    pub(super) title: &'a str,
    pub(super) organisations: &'a [Organisation],
    pub(super) runs: &'a [StoredRun],
    pub(super) maturity: &'a [MaturityScore],
    pub(super) as_of: Day,
    /// Organisations with pages of their own.
    pub(super) pages: BTreeSet<OrganisationCode>,
    /// Where rules were read.
    pub(super) links: BTreeMap<RequirementId, RuleLink>,
}

/// What was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    /// Pages, the files for spreadsheets beside them not counted.
    pub(super) pages: usize,
    /// Organisations in the comparison.
    pub(super) organisations: usize,
    /// Whether they exist.
    pub(super) world: World,
}

impl Made {
    /// What to tell whoever asked for it.
    pub(super) fn sentence(self, folder: &Path) -> String {
        let stamp = match self.world {
            World::Synthetic => "SYNTHETIC DATA: nothing in it is about a real organisation. ",
            World::Real => "",
        };
        format!(
            "{stamp}Wrote {} pages about {} to {}. Begin with {}.",
            self.pages,
            match self.organisations {
                1 => "1 organisation".to_owned(),
                many => format!("{many} organisations"),
            },
            folder.display(),
            folder.join("index.html").display()
        )
    }
}

/// Writes the site into an empty folder.
pub(super) fn write(site: &Site<'_>, folder: &Path) -> anyhow::Result<Made> {
    let input = Input {
        organisations: site.organisations,
        runs: site.runs,
        maturity: site.maturity,
        options: Options::new(site.as_of),
    };
    let view = national(&input);
    let dashboard = Dashboard::new(site.title, &view, site.links.clone(), site.pages.clone())
        .context("failed to read the templates of the dashboard")?;
    let country = dashboard
        .country(&view)
        .context("failed to make the pages of the country")?;
    let mut pages = put(folder, &country)?;
    let prepared = Prepared::new(&input);
    let codes: Vec<&OrganisationCode> = site.pages.iter().collect();
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let share = codes.len().div_ceil(workers).max(1);
    let counts: Vec<anyhow::Result<usize>> = thread::scope(|scope| {
        let (prepared, dashboard) = (&prepared, &dashboard);
        let threads: Vec<_> = codes
            .chunks(share)
            .map(|codes| scope.spawn(move || own_pages(prepared, dashboard, codes, folder)))
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    for count in counts {
        pages += count?;
    }
    Ok(Made {
        pages,
        organisations: site.organisations.len(),
        world: view.world,
    })
}

fn own_pages(
    prepared: &Prepared<'_>,
    dashboard: &Dashboard,
    codes: &[&OrganisationCode],
    folder: &Path,
) -> anyhow::Result<usize> {
    let mut written = 0;
    for code in codes {
        let Some(own) = prepared.own(code) else {
            continue;
        };
        let made = dashboard
            .organisation(
                &own,
                prepared.peers(code).as_ref(),
                &prepared.own_trends(code),
            )
            .with_context(|| format!("failed to make the pages of {code}"))?;
        written += put(folder, &made)?;
    }
    Ok(written)
}

/// Writes files below the folder; the number of pages among them.
fn put(folder: &Path, files: &[DashboardPage]) -> anyhow::Result<usize> {
    let mut pages = 0;
    for file in files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("failed to make the folder `{}`", parent.display()))?;
        }
        fs::write(&path, &file.text)
            .with_context(|| format!("failed to write `{}`", path.display()))?;
        pages += usize::from(file.is_page());
    }
    Ok(pages)
}
