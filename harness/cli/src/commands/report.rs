//! `plumbline report`: the reports of an earlier run, from its record and the pack alone.

use crate::arguments::{Report, ReportForm};
use crate::commands::bundle;
use crate::failure::Failure;
use crate::{Outcome, load};
use anyhow::Context;
use plumbline_model::ExitCode;
use plumbline_reports::{Format, ReportInput};
use std::fs;

pub(crate) fn perform(arguments: &Report) -> Outcome {
    let record = bundle::run_of(&arguments.folder)?;
    let files = load::files(&arguments.source)?;
    let pack = load::pack(&files, record.pack.id.as_str())?;
    if pack.fingerprint != record.pack.fingerprint {
        return Err(Failure::usage(format!(
            "error: the run in `{}` was made with other files of the pack {} than those here\n  \
             help: give the pack's files of that time with --packs; its own report is in reports/",
            arguments.folder.display(),
            pack.id
        )));
    }
    bundle::speaks_of(&pack, &arguments.folder, &record)?;
    let scorecard = plumbline_score::scorecard(&record, &pack.requirements, &pack.scoring);
    let format = match arguments.format {
        ReportForm::Html => Format::Html,
        ReportForm::Json => Format::Json,
        ReportForm::Junit => Format::Junit,
        ReportForm::Verdicts => Format::Verdicts,
    };
    let input = ReportInput {
        record: &record,
        scorecard: &scorecard,
        titles: &pack.capability_titles,
    };
    let text = plumbline_reports::render(format, &input).context("failed to render the report")?;
    match &arguments.out {
        None => println!("{}", text.trim_end()),
        Some(path) => {
            fs::write(path, text)
                .with_context(|| format!("failed to write `{}`", path.display()))?;
            println!("Wrote {}.", path.display());
        }
    }
    Ok(ExitCode::Success)
}
