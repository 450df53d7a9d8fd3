//! `plumbline import`: puts results of runs, organisations and published scores into a store.
//! Everything is read and checked first; then all of it is stored, or nothing.

mod maturity;
mod organisations;
mod samples;
mod table;

use crate::arguments::PackSource;
use crate::commands::bundle::{run_of, speaks_of};
use crate::failure::Failure;
use crate::{Outcome, load};
use clap::Args;
use plumbline_benchmark::synthetic::{Plan, world};
use plumbline_benchmark::{MaturityScore, Organisation, Origin, StoredRun};
use plumbline_model::ExitCode;
use plumbline_store::{Batch, Put, RunStore, SqliteStore, StoreError, Stored};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The store: one file, made if it is not there
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// A CSV file of organisations: ODS code, name, type, region, ICB, size, EPR supplier, EPR version
    #[arg(long, value_name = "FILE")]
    organisations: Option<PathBuf>,
    /// The folder of a run; may be repeated
    #[arg(long = "run", value_name = "RUN_FOLDER", num_args = 1..)]
    runs: Vec<PathBuf>,
    /// A CSV file of sampled messages of these runs: run, domain, sampled, kept, days
    #[arg(long, value_name = "FILE", requires = "runs")]
    samples: Option<PathBuf>,
    /// A CSV file of published digital maturity scores: organisation code, year, and columns of scores
    #[arg(long, value_name = "FILE")]
    maturity: Option<PathBuf>,
    /// The year of the scores, where the file has no column for it
    #[arg(long, value_name = "YEAR", requires = "maturity")]
    maturity_year: Option<u16>,
    /// Stores an invented country instead, from this seed
    #[arg(long, value_name = "SEED",
          conflicts_with_all = ["organisations", "runs", "samples", "maturity"])]
    synthetic: Option<u64>,
    /// How many organisations the invented country has
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "synthetic",
        default_value_t = 215
    )]
    trusts: u32,
    /// Over how many months its results run
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "synthetic",
        default_value_t = 24
    )]
    months: u32,
    #[command(flatten)]
    source: PackSource,
}

/// What is to be stored.
#[derive(Default)]
struct Read {
    organisations: Vec<Organisation>,
    runs: Vec<StoredRun>,
    maturity: Vec<MaturityScore>,
}

pub(crate) fn perform(arguments: &Import) -> Outcome {
    let read = match arguments.synthetic {
        Some(seed) => invent(seed, arguments.trusts, arguments.months)?,
        None => read(arguments)?,
    };
    let mut store =
        SqliteStore::open_or_create(&arguments.store).map_err(|error| refused(&error))?;
    let stored = put(&mut store, &read, arguments.synthetic.is_some())?;
    tell(&arguments.store, &read, &stored);
    Ok(ExitCode::Success)
}

/// The messages of the store are complete: what, where and what helps.
fn refused(error: &StoreError) -> Failure {
    Failure::usage(format!("error: {error}"))
}

fn invent(seed: u64, trusts: u32, months: u32) -> Result<Read, Failure> {
    let plan = Plan::new(seed, trusts, months)
        .map_err(|error| Failure::usage(format!("error: {error}")))?;
    let country = world(plan);
    Ok(Read {
        organisations: country.organisations,
        runs: country.runs,
        maturity: country.maturity,
    })
}

fn read(arguments: &Import) -> Result<Read, Failure> {
    if arguments.organisations.is_none()
        && arguments.runs.is_empty()
        && arguments.maturity.is_none()
    {
        return Err(Failure::usage(
            "error: there is nothing to import\n  help: name --organisations, --run, --maturity or --synthetic",
        ));
    }
    let mut runs = runs(&arguments.runs, &arguments.source)?;
    if let Some(path) = &arguments.samples {
        samples::add(path, &mut runs)?;
    }
    Ok(Read {
        organisations: match &arguments.organisations {
            Some(path) => organisations::read(path)?,
            None => Vec::new(),
        },
        runs,
        maturity: match &arguments.maturity {
            Some(path) => maturity::read(path, arguments.maturity_year)?,
            None => Vec::new(),
        },
    })
}

/// The reduced results of run folders.
fn runs(folders: &[PathBuf], source: &PackSource) -> Result<Vec<StoredRun>, Failure> {
    if folders.is_empty() {
        return Ok(Vec::new());
    }
    let files = load::files(source)?;
    folders
        .iter()
        .map(|path| {
            let record = run_of(path)?;
            if let Some(before) = &record.rejudged {
                return Err(Failure::usage(format!(
                    "error: `{}` judges the evidence of the run {} again, so it is no result of its own\n  \
                     help: import the folder of that run",
                    path.display(),
                    before.run_id
                )));
            }
            let pack = load::pack(&files, record.pack.id.as_str())?;
            if pack.fingerprint != record.pack.fingerprint {
                return Err(Failure::usage(format!(
                    "error: the run in `{}` was made with other files of the pack {} than those here\n  \
                     help: give the pack's files of that time with --packs",
                    path.display(),
                    pack.id
                )));
            }
            speaks_of(&pack, path, &record)?;
            let scorecard = plumbline_score::scorecard(&record, &pack.requirements, &pack.scoring);
            StoredRun::reduce(&record, &scorecard).map_err(|error| {
                Failure::usage(format!("error: `{}`: {error}", path.display()))
            })
        })
        .collect()
}

/// Stores all or nothing. An invented country goes only where nothing else is, and nothing else goes to it.
fn put(store: &mut dyn RunStore, read: &Read, is_synthetic: bool) -> Result<Stored, Failure> {
    let origin = store.origin().map_err(|error| refused(&error))?;
    let has_others = match origin {
        None => {
            is_synthetic
                && !store
                    .organisations()
                    .map_err(|error| refused(&error))?
                    .is_empty()
        }
        Some(Origin::Run) => is_synthetic,
        Some(Origin::Synthetic) => !is_synthetic,
    };
    if has_others {
        return Err(refused(&StoreError::TwoOrigins));
    }
    store
        .put(&Batch {
            organisations: &read.organisations,
            runs: &read.runs,
            maturity: &read.maturity,
        })
        .map_err(|error| refused(&error))
}

fn tell(store: &Path, read: &Read, stored: &Stored) {
    let line = |what: &str, all: usize, put: Put| {
        if all > 0 {
            println!(
                "{what}: {} added, {} replaced, {} known already.",
                put.added, put.replaced, put.known
            );
        }
    };
    line(
        "Organisations",
        read.organisations.len(),
        stored.organisations,
    );
    line("Results", read.runs.len(), stored.runs);
    line("Maturity scores", read.maturity.len(), stored.maturity);
    for run in &read.runs {
        match (&run.mock, run.origin) {
            (Some(mock), Origin::Run) => println!(
                "The run {} is against the mock system {mock}: it keeps that stamp and is compared with nothing.",
                run.run_id
            ),
            (Some(_) | None, Origin::Synthetic) | (None, Origin::Run) => {}
        }
    }
    if read.runs.iter().any(|run| run.origin == Origin::Synthetic) {
        println!("SYNTHETIC: every organisation and every result is invented.");
    }
    println!("The store is {}.", store.display());
}
