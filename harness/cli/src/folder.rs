//! The run folder: journal.ndjson, record.json, exchanges/, reports/.
//! Everything passes the second net of redaction on its way to disk.

use anyhow::{Context, bail};
use plumbline_model::{Capability, RunRecord, Scorecard};
use plumbline_redact::Policy;
use plumbline_reports::{Format, ReportInput};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Makes the folder of a new run; an existing one is never written over.
pub(crate) fn create(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        bail!(
            "the folder `{}` exists already; choose another with --out",
            folder.display()
        );
    }
    for sub in ["exchanges", "reports"] {
        let path = folder.join(sub);
        fs::create_dir_all(&path)
            .with_context(|| format!("failed to make the folder `{}`", path.display()))?;
    }
    Ok(())
}

/// Path of the journal.
pub(crate) fn journal(folder: &Path) -> PathBuf {
    folder.join("journal.ndjson")
}

/// Writes record, exchanges and reports in every format; `titles` is what people call the capabilities.
pub(crate) fn write(
    folder: &Path,
    record: &RunRecord,
    scorecard: &Scorecard,
    titles: &BTreeMap<Capability, String>,
    policy: &Policy,
) -> anyhow::Result<()> {
    let put = |path: PathBuf, text: &str| {
        fs::write(&path, policy.second_net(text))
            .with_context(|| format!("failed to write `{}`", path.display()))
    };
    plumbline_runner::store(folder, record, policy)?;
    let input = ReportInput {
        record,
        scorecard,
        titles,
    };
    for format in Format::ALL {
        let text = plumbline_reports::render(*format, &input)?;
        put(folder.join("reports").join(format.file_name()), &text)?;
    }
    Ok(())
}

/// Reads the record of an earlier run.
pub(crate) fn read(folder: &Path) -> anyhow::Result<RunRecord> {
    let path = folder.join("record.json");
    let text = fs::read_to_string(&path).with_context(|| {
        format!(
            "failed to read `{}`: is this the folder of a run?",
            path.display()
        )
    })?;
    let header: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("`{}` is not JSON", path.display()))?;
    match header.get("format").and_then(serde_json::Value::as_u64) {
        Some(format) if format == u64::from(plumbline_model::record::RECORD_FORMAT) => {}
        Some(format) => bail!(
            "`{}` has record format {format}; this version reads format {}",
            path.display(),
            plumbline_model::record::RECORD_FORMAT
        ),
        None => bail!(
            "`{}` has no record format: it is not the record of a run",
            path.display()
        ),
    }
    serde_json::from_value(header)
        .with_context(|| format!("`{}` does not have the form of a record", path.display()))
}
