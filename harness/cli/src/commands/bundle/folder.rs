//! Reads what bundles are made of, and writes new files. Not for the form of a run folder: `crate::folder`.

use crate::failure::Failure;
use crate::folder;
use anyhow::{Context, bail};
use plumbline_bundle::words::seen;
use plumbline_bundle::{FROM_THE_RUN, MOST_BYTES, OpenError, RECORD, RunFiles};
use plumbline_model::{ExitCode, RunRecord};
use plumbline_pack::Pack;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

/// Reads a file that is not larger than any bundle.
pub(crate) fn read_bounded(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("failed to read `{shown}`"))?;
    let about = file
        .metadata()
        .with_context(|| format!("failed to read `{shown}`"))?;
    if about.is_dir() {
        bail!("`{shown}` is a folder, not a file");
    }
    let most = MOST_BYTES as u64;
    let too_large = || {
        format!(
            "`{shown}` is larger than {} MiB, the most that is read",
            most >> 20
        )
    };
    if about.len() > most {
        bail!(too_large());
    }
    let mut bytes = Vec::new();
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("failed to read `{shown}`"))?;
    if bytes.len() as u64 > most {
        bail!(too_large());
    }
    Ok(bytes)
}

/// Writes a file that does not exist yet.
pub(crate) fn new_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let shown = path.display();
    if path.exists() {
        bail!("the file `{shown}` exists already; choose another name");
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .with_context(|| format!("failed to make `{shown}`"))?;
    file.write_all(bytes)
        .with_context(|| format!("failed to write `{shown}`"))
}

/// The files of a run folder that a bundle takes.
pub(super) fn run_files(run: &Path) -> Result<RunFiles, Failure> {
    if !run.is_dir() {
        return Err(Failure::usage(format!(
            "error: there is no folder `{}`; give the folder that plumbline run wrote",
            run.display()
        )));
    }
    if !run.join(RECORD).exists() {
        let journal = run.join("journal.ndjson").exists();
        let help = if journal {
            "the run has not come to its end; plumbline run --resume goes on with it"
        } else {
            "give the folder that plumbline run wrote"
        };
        return Err(Failure::usage(format!(
            "error: there is no {RECORD} in `{}`\n  help: {help}",
            run.display()
        )));
    }
    let mut files = RunFiles::new();
    for name in FROM_THE_RUN {
        let path = run.join(name);
        if path.exists() {
            files.insert(name, read_bounded(&path)?);
        }
    }
    Ok(files)
}

/// The record of a run folder. One that hides that it was a mock, as its answers say, is refused.
pub(crate) fn run_of(path: &Path) -> Result<RunRecord, Failure> {
    let record = folder::read(path)?;
    match plumbline_bundle::hidden_mock(&record) {
        None => Ok(record),
        Some(mock) => Err(Failure {
            code: ExitCode::NotConformant,
            message: format!(
                "error: `{}`: its answers say that they come from the mock system {}, and it does not say so: it \
                 was changed after the run\n  help: take the folder as the run left it, or run again",
                path.join(RECORD).display(),
                seen(mock),
            ),
        }),
    }
}

/// Refuses a record that says of its pack, such as of the edition, what these very files of the pack do not say.
pub(crate) fn speaks_of(pack: &Pack, path: &Path, record: &RunRecord) -> Result<(), Failure> {
    if record.pack.fingerprint != pack.fingerprint || record.pack == pack.reference() {
        return Ok(());
    }
    Err(Failure {
        code: ExitCode::NotConformant,
        message: format!(
            "error: `{}` calls its pack {} {}, {}; the files of the pack say {}, {}: it was changed after the run\n  \
             help: take the folder as the run left it, or run again",
            path.join(RECORD).display(),
            seen(record.pack.id.as_str()),
            seen(&record.pack.version),
            seen(&record.pack.edition_words()),
            pack.reference().version,
            pack.reference().edition_words(),
        ),
    })
}

/// The record of a run, from its folder or from a bundle in which nothing is wrong.
pub(crate) fn record_of(path: &Path) -> Result<RunRecord, Failure> {
    if path.is_dir() {
        return run_of(path);
    }
    let bytes = read_bounded(path)?;
    let opened = plumbline_bundle::open(&bytes).map_err(|error| {
        let code = match &error {
            OpenError::Broken(_) => ExitCode::NotConformant,
            OpenError::NotABundle(_) => ExitCode::Usage,
        };
        Failure {
            code,
            message: format!(
                "error: `{}`: {error}\n  help: give the folder of a run, or a bundle as it was made",
                path.display()
            ),
        }
    })?;
    Ok(opened.record)
}
