//! The run folder: journal.ndjson, record.json, exchanges.ndjson, reports/.
//! Everything passes the second net of redaction on its way to disk.

use anyhow::{Context, bail};
use plumbline_model::record::{OLDEST_RECORD_FORMAT, RECORD_FORMAT};
use plumbline_model::{Capability, RunRecord, Scorecard};
use plumbline_redact::Policy;
use plumbline_reports::{Format, ReportInput};
use plumbline_runner::NettedFile;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The file whose presence says that a run has come to its end.
const RECORD: &str = "record.json";

/// Makes the folder of a new run; an existing one is never written over.
pub(crate) fn create(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        bail!(
            "the folder `{}` exists already; choose another with --out",
            folder.display()
        );
    }
    let path = folder.join("reports");
    fs::create_dir_all(&path)
        .with_context(|| format!("failed to make the folder `{}`", path.display()))
}

/// Makes the folder of a run that was killed ready to go on.
pub(crate) fn reopen(folder: &Path) -> anyhow::Result<()> {
    let shown = folder.display();
    if !folder.is_dir() {
        bail!(
            "there is no folder `{shown}`; give with --out the folder of the run that was killed"
        );
    }
    if folder.join(RECORD).exists() {
        bail!(
            "the run in `{shown}` has come to its end, and its {RECORD} is there; \
             `plumbline report {shown}` writes its reports again"
        );
    }
    let path = folder.join("reports");
    fs::create_dir_all(&path)
        .with_context(|| format!("failed to make the folder `{}`", path.display()))
}

/// Path of the journal.
pub(crate) fn journal(folder: &Path) -> PathBuf {
    folder.join("journal.ndjson")
}

/// Writes record, exchanges and reports in every format; `titles` is what people call the capabilities.
pub(crate) fn write(
    folder: &Path,
    record: &mut RunRecord,
    scorecard: &Scorecard,
    titles: &BTreeMap<Capability, String>,
    policy: &Policy,
) -> anyhow::Result<()> {
    plumbline_runner::store(folder, record, policy)?;
    let input = ReportInput {
        record,
        scorecard,
        titles,
    };
    for format in Format::ALL {
        let path = folder.join("reports").join(format.file_name());
        report(&path, *format, &input, policy)
            .with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    Ok(())
}

/// Writes a report piece by piece: that of a large run would take more memory than the run.
fn report(
    path: &Path,
    format: Format,
    input: &ReportInput<'_>,
    policy: &Policy,
) -> anyhow::Result<()> {
    let mut file = NettedFile::create(path, policy)?;
    plumbline_reports::write(format, input, &mut file)?;
    file.finish()?;
    Ok(())
}

/// Reads the record of an earlier run.
pub(crate) fn read(folder: &Path) -> anyhow::Result<RunRecord> {
    let path = folder.join(RECORD);
    let text = fs::read_to_string(&path).with_context(|| {
        format!(
            "failed to read `{}`: is this the folder of a run?",
            path.display()
        )
    })?;
    let header: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("`{}` is not JSON", path.display()))?;
    match header.get("format").and_then(serde_json::Value::as_u64) {
        Some(format)
            if (u64::from(OLDEST_RECORD_FORMAT)..=u64::from(RECORD_FORMAT)).contains(&format) => {}
        Some(format) => bail!(
            "`{}` has record format {format}; this version reads {OLDEST_RECORD_FORMAT} to \
             {RECORD_FORMAT}",
            path.display()
        ),
        None => bail!(
            "`{}` has no record format: it is not the record of a run",
            path.display()
        ),
    }
    serde_json::from_value(header)
        .with_context(|| format!("`{}` does not have the form of a record", path.display()))
}
