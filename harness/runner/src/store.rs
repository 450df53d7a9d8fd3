//! Writes what a run leaves: record.json and exchanges.ndjson.
//! Not for reports, and not for deciding what may be stored: all of it is redacted already, and
//! the second net of redaction is drawn through every line once more.

use crate::netted::{JsonPieces, NettedFile};
use crate::pretty::Layout;
use plumbline_model::{ExchangeRecord, RunRecord};
use plumbline_redact::Policy;
use serde::Serialize as _;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use thiserror::Error;

/// How many bytes are copied at a time.
const COPIED: usize = 64 * 1024;

/// A file of the run could not be written.
#[derive(Debug, Error)]
#[error("failed to write `{}`", path.display())]
pub struct StoreError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Writes `record.json` and `exchanges.ndjson` into `folder`. The first is pretty JSON, but for its
/// exchanges, which come last and are the lines of the second. The bytes depend on nothing but record
/// and policy, and the record is never in memory as text. It gets its name last, so a folder that
/// holds one holds a whole one.
///
/// While the two are written side by side, the exchanges are taken out of the record.
pub fn store(folder: &Path, record: &mut RunRecord, policy: &Policy) -> Result<(), StoreError> {
    let lines = folder.join("exchanges.ndjson");
    let unfinished = folder.join("record.json.part");
    let path = folder.join("record.json");
    let exchanges = std::mem::take(&mut record.exchanges);
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| StoreError { path, source }
    };
    let written = thread::scope(|scope| {
        let other = scope.spawn(|| write_lines(&lines, &exchanges, policy));
        let written = write_record(&unfinished, record, policy).map_err(failed(&unfinished));
        match other.join() {
            Ok(other) => written.and(other.map_err(failed(&lines))),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
    let any = !exchanges.is_empty();
    record.exchanges = exchanges;
    written?;
    if any {
        append(&unfinished, &lines).map_err(failed(&path))?;
    }
    fs::rename(unfinished, &path).map_err(failed(&path))
}

/// How a record ends that has no exchanges.
const END: &[u8] = b"[]\n}\n";

/// Puts lines into the empty list at the end of a record.
fn append(record: &Path, lines: &Path) -> io::Result<()> {
    let mut out = File::options().read(true).write(true).open(record)?;
    let length = out.seek(SeekFrom::End(0))?;
    let start = SeekFrom::Start(length.saturating_sub(END.len() as u64));
    out.seek(start)?;
    let mut end = Vec::new();
    out.read_to_end(&mut end)?;
    if end != END {
        return Err(io::Error::other(
            "the exchanges are not the end of the record",
        ));
    }
    out.seek(start)?;
    let mut out = BufWriter::with_capacity(COPIED, out);
    let mut before: &[u8] = b"[\n    ";
    for line in BufReader::with_capacity(COPIED, File::open(lines)?).split(b'\n') {
        out.write_all(before)?;
        out.write_all(&line?)?;
        before = b",\n    ";
    }
    out.write_all(b"\n  ]\n}\n")?;
    out.flush()
}

/// The record as pretty JSON, of which no value goes over the end of a line.
fn write_record(path: &Path, record: &RunRecord, policy: &Policy) -> io::Result<()> {
    let mut file = NettedFile::create(path, policy)?;
    record.serialize(&mut JsonPieces::serializer(&mut file, Layout::Indented))?;
    file.write_all(b"\n")?;
    file.finish()
}

/// The exchanges, one in a line.
fn write_lines(path: &Path, exchanges: &[ExchangeRecord], policy: &Policy) -> io::Result<()> {
    let mut file = NettedFile::create(path, policy)?;
    for exchange in exchanges {
        exchange.serialize(&mut JsonPieces::serializer(&mut file, Layout::Joined))?;
        file.write_all(b"\n")?;
    }
    file.finish()
}
