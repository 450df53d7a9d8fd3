//! `plumbline dashboard build`: a static site that compares organisations, from a store of results.
//! Not for statistics or pages: `plumbline-benchmark` and `plumbline-reports` make those.

mod demo;
mod site;

use crate::arguments::PackSource;
use crate::failure::Failure;
use crate::{Outcome, load};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use plumbline_benchmark::{
    Day, MaturityScore, Organisation, OrganisationCode, ResultKind, StoredRun,
};
use plumbline_model::{ExitCode, PackId, RequirementId};
use plumbline_reports::RuleLink;
use plumbline_store::{Query, RunStore, SqliteStore};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub(crate) use demo::demo;

#[derive(Debug, Args)]
pub(crate) struct Dashboard {
    #[command(subcommand)]
    command: DashboardCommand,
}

#[derive(Debug, Subcommand)]
enum DashboardCommand {
    /// Writes a site of pages that compare organisations; it needs no server and no network
    Build(Build),
}

#[derive(Debug, Args)]
struct Build {
    /// The store of results, as plumbline import makes it
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// Folder for the site; it must be new or empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// ODS code of an organisation that gets pages of its own; may be repeated [default: all]
    #[arg(long = "organisation", value_name = "CODE")]
    organisations: Vec<String>,
    /// Day for which the pages are made, such as 2026-11-22 [default: that of the latest result]
    #[arg(long, value_name = "DAY")]
    as_of: Option<String>,
    /// Name of the site, shown on every page
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "Comparison of organisations"
    )]
    title: String,
    #[command(flatten)]
    source: PackSource,
}

/// What the store holds.
struct Held {
    organisations: Vec<Organisation>,
    runs: Vec<StoredRun>,
    maturity: Vec<MaturityScore>,
}

pub(crate) fn perform(arguments: &Dashboard) -> Outcome {
    match &arguments.command {
        DashboardCommand::Build(arguments) => build(arguments),
    }
}

fn build(arguments: &Build) -> Outcome {
    let as_of = arguments.as_of.as_deref().map(day).transpose()?;
    let title = arguments.title.trim();
    if title.is_empty() {
        return Err(Failure::usage(
            "error: --title is empty\n  help: leave it out, or give the site a name",
        ));
    }
    let store = SqliteStore::open(&arguments.store)
        .map_err(|error| Failure::usage(format!("error: {error}")))?;
    let held = held(&store)
        .with_context(|| format!("failed to read the store `{}`", arguments.store.display()))?;
    let shown = arguments.store.display();
    if held.organisations.is_empty() {
        return Err(Failure::usage(format!(
            "error: the store `{shown}` holds no organisation\n  \
             help: plumbline import --store {shown} --organisations FILE adds them from a table"
        )));
    }
    let latest = held.runs.iter().map(|run| run.started).max();
    let Some(as_of) = as_of.or(latest) else {
        return Err(Failure::usage(format!(
            "error: the store `{shown}` holds no result\n  \
             help: plumbline import --store {shown} --run DIR adds the run in a folder"
        )));
    };
    let pages = asked(&arguments.organisations, &held.organisations)?;
    let links = links(&arguments.source, &held.runs)?;
    fresh(&arguments.out)?;
    let made = site::write(
        &site::Site {
            title,
            organisations: &held.organisations,
            runs: &held.runs,
            maturity: &held.maturity,
            as_of,
            pages,
            links,
        },
        &arguments.out,
    )?;
    println!("{}", made.sentence(&arguments.out));
    Ok(ExitCode::Success)
}

fn day(text: &str) -> Result<Day, Failure> {
    Day::parse(text)
        .filter(|_| text.len() == 10)
        .ok_or_else(|| {
            Failure::usage(format!(
                "error: --as-of `{text}` is not a day\n  help: write it as 2026-11-22"
            ))
        })
}

/// Everything that the pages may show. Inspections and live operation have no place on them yet, and are counted
/// as left out.
fn held(store: &impl RunStore) -> anyhow::Result<Held> {
    let mut runs = Vec::new();
    for kind in ResultKind::ALL {
        runs.extend(store.runs(&Query::all(*kind))?);
    }
    Ok(Held {
        organisations: store.organisations()?,
        runs,
        maturity: store.maturity()?,
    })
}

/// The organisations that get pages: those that were asked for, or all.
fn asked(codes: &[String], all: &[Organisation]) -> Result<BTreeSet<OrganisationCode>, Failure> {
    let known: BTreeSet<OrganisationCode> = all.iter().map(|one| one.code.clone()).collect();
    if codes.is_empty() {
        return Ok(known);
    }
    let mut wanted = BTreeSet::new();
    for text in codes {
        let code = OrganisationCode::new(text).filter(|code| known.contains(code));
        let Some(code) = code else {
            return Err(Failure::usage(format!(
                "error: --organisation `{text}` is not one of the {} organisations in the store\n  \
                 help: give its ODS code as the organisation file has it, in capital letters",
                known.len()
            )));
        };
        wanted.insert(code);
    }
    Ok(wanted)
}

/// Where the rules of the packs at hand were read. A pack that is not at hand gives no links, and the pages say so.
fn links(
    source: &PackSource,
    runs: &[StoredRun],
) -> Result<BTreeMap<RequirementId, RuleLink>, Failure> {
    let files = load::files(source)?;
    let packs: BTreeSet<&PackId> = runs.iter().map(|run| &run.pack.id).collect();
    let known = plumbline_pack::list(&files);
    let mut links = BTreeMap::new();
    for id in packs.into_iter().filter(|id| known.contains(id)) {
        let pack = load::pack(&files, id.as_str())?;
        for requirement in &pack.requirements {
            let source = &requirement.source;
            links.insert(
                requirement.id.clone(),
                RuleLink {
                    text: format!("{}, {}", source.document, source.section),
                    url: source.url.clone(),
                },
            );
        }
    }
    Ok(links)
}

/// Makes the folder; one that holds anything is left as it is.
fn fresh(folder: &Path) -> anyhow::Result<()> {
    let shown = folder.display();
    match fs::read_dir(folder) {
        Ok(mut inside) => {
            if inside.next().is_some() {
                bail!("the folder `{shown}` is not empty; choose another with --out");
            }
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir_all(folder)
            .with_context(|| format!("failed to make the folder `{shown}`")),
        Err(error) => Err(error).with_context(|| format!("failed to read the folder `{shown}`")),
    }
}
