//! `plumbline inspect fill`: evidence from runs and from figures of live operation. Changes no answer and no
//! judgement, and saves nothing unless everything can be saved.

use super::{Fill, checklists, folder, mistakes};
use crate::commands::bundle::{run_of, speaks_of};
use crate::failure::Failure;
use crate::{Outcome, load};
use anyhow::Context;
use plumbline_inspect::{Assessment, Checklist, Folder, RunInput, sha256};
use plumbline_model::ExitCode;
use plumbline_pack::Files;
use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn perform(arguments: &Fill) -> Outcome {
    let files = load::files(&arguments.source)?;
    let told = fill(
        &arguments.folder,
        &arguments.runs,
        arguments.measures.as_deref(),
        &files,
    )?;
    for line in told {
        println!("{line}");
    }
    Ok(ExitCode::Success)
}

/// Fills an assessment folder; gives what was done, a sentence each.
pub(super) fn fill(
    dir: &Path,
    runs: &[PathBuf],
    measures: Option<&Path>,
    files: &Files,
) -> Result<Vec<String>, Failure> {
    let old = folder::read(dir)?;
    let mut new = old.clone();
    let (checklist, mut assessment) = assessment(dir, &old, files)?;
    let mut told = Vec::new();
    for run in runs {
        let additions = one_run(&assessment, &checklist, run, files)?;
        folder::add(&mut new, &additions);
        told.extend(additions.told);
        assessment = again(dir, &new, &checklist)?;
    }
    if let Some(path) = measures {
        let bytes = fs::read(path)
            .with_context(|| format!("failed to read the measures `{}`", path.display()))?;
        let place = path.display().to_string();
        let additions = plumbline_inspect::fill_measures(&assessment, &checklist, &place, &bytes)
            .map_err(mistakes)?;
        folder::add(&mut new, &additions);
        told.extend(additions.told);
        again(dir, &new, &checklist)?;
    }
    folder::write_changed(dir, &old, &new)?;
    Ok(told)
}

/// The checklist that an assessment names, and the assessment.
pub(super) fn assessment(
    dir: &Path,
    folder: &Folder,
    files: &Files,
) -> Result<(Checklist, Assessment), Failure> {
    let shown = |name: &str| dir.join(name).display().to_string();
    let frame = plumbline_inspect::frame(folder, &shown).map_err(mistakes)?;
    let checklist = checklists::find(files, &frame.checklist.id)?;
    let assessment = again(dir, folder, &checklist)?;
    Ok((checklist, assessment))
}

fn again(dir: &Path, folder: &Folder, checklist: &Checklist) -> Result<Assessment, Failure> {
    let shown = |name: &str| dir.join(name).display().to_string();
    plumbline_inspect::load(folder, checklist, &shown).map_err(mistakes)
}

fn one_run(
    assessment: &Assessment,
    checklist: &Checklist,
    run: &Path,
    files: &Files,
) -> Result<plumbline_inspect::Additions, Failure> {
    let record = run_of(run)?;
    let path = run.join("record.json");
    let bytes = fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()))?;
    let pack = load::pack(files, record.pack.id.as_str())?;
    if pack.fingerprint != record.pack.fingerprint {
        return Err(Failure::usage(format!(
            "error: the run in `{}` was made with other files of the pack {} than those here, so its rules \
             cannot be told apart\n  help: give the pack's files of that time with --packs, or run again",
            run.display(),
            pack.id
        )));
    }
    speaks_of(&pack, run, &record)?;
    let scorecard = plumbline_score::scorecard(&record, &pack.requirements, &pack.scoring);
    let input = RunInput {
        place: &path.display().to_string(),
        record: &record,
        scorecard: &scorecard,
        sha256: &sha256(&bytes),
    };
    plumbline_inspect::fill_run(assessment, checklist, &input).map_err(mistakes)
}
