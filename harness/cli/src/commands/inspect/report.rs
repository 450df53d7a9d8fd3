//! `plumbline inspect report`: the report of an assessment, from its folder and its checklist alone.

use super::{InspectForm, Report, fill, folder};
use crate::failure::Failure;
use crate::{Outcome, load};
use anyhow::Context;
use plumbline_inspect::overview;
use plumbline_model::ExitCode;
use plumbline_pack::Files;
use plumbline_reports::{InspectionInput, inspection_html, inspection_json};
use std::path::{Path, PathBuf};

pub(super) fn perform(arguments: &Report) -> Outcome {
    let files = load::files(&arguments.source)?;
    let path = write(&arguments.folder, &arguments.out, arguments.format, &files)?;
    println!("Wrote {}.", path.display());
    Ok(ExitCode::Success)
}

/// Writes the report of an assessment folder; gives the file.
pub(super) fn write(
    dir: &Path,
    out: &Path,
    form: InspectForm,
    files: &Files,
) -> Result<PathBuf, Failure> {
    let (checklist, assessment) = fill::assessment(dir, &folder::read(dir)?, files)?;
    let overview = overview(&assessment, &checklist);
    let input = InspectionInput {
        assessment: &assessment,
        checklist: &checklist,
        overview: &overview,
        plumbline: env!("CARGO_PKG_VERSION"),
    };
    let (name, text) = match form {
        InspectForm::Html => ("inspection.html", inspection_html(&input)),
        InspectForm::Json => ("inspection.json", inspection_json(&input)),
    };
    let text = text.context("failed to render the report")?;
    folder::write_report(out, name, &text)?;
    Ok(out.join(name))
}
