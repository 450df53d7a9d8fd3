//! The inspection of the demonstration: an invented trust, answered by invented people, with a run against a mock
//! that is shown as such and counts for nothing. Not for real assessments.

use super::{InspectForm, fill, folder, report};
use crate::failure::Failure;
use plumbline_inspect::Folder;
use plumbline_pack::Files;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the invented assessment lies among the packs.
const EXAMPLE: &str = "profiles/digital-inspection/example/";

/// What the demonstration wrote.
#[derive(Debug)]
pub(crate) struct InspectionDemo {
    /// The page; beside it is the same as JSON, and in `../assessment` the folder that both were made of.
    pub page: PathBuf,
}

/// Writes the invented assessment into `out`/assessment, fills it in with its figures and with the run of the
/// demonstration, and writes both reports into `out`/report. `out` must be new or empty.
pub(crate) fn demo(
    out: &Path,
    run: Option<&Path>,
    files: &Files,
) -> Result<InspectionDemo, Failure> {
    let start = format!("{EXAMPLE}assessment/");
    let example: Folder = files
        .under(&start)
        .filter_map(|(path, bytes)| Some((path.strip_prefix(&start)?.to_owned(), bytes.to_vec())))
        .collect();
    let measures = files.get(&format!("{EXAMPLE}measures.csv"));
    let (false, Some(measures)) = (example.is_empty(), measures) else {
        return Err(Failure::internal(
            "error: the example of an inspection is not in this binary",
        ));
    };
    let assessment = out.join("assessment");
    folder::write_new(&assessment, &example)?;
    let csv = out.join("measures.csv");
    fs::write(&csv, measures).map_err(|error| {
        Failure::usage(format!("error: failed to write {}: {error}", csv.display()))
    })?;
    let runs: Vec<PathBuf> = run.into_iter().map(Path::to_owned).collect();
    fill::fill(&assessment, &runs, Some(&csv), files)?;
    let reports = out.join("report");
    report::write(&assessment, &reports, InspectForm::Json, files)?;
    let page = report::write(&assessment, &reports, InspectForm::Html, files)?;
    Ok(InspectionDemo { page })
}
