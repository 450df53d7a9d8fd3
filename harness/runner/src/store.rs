//! Writes what a run leaves: record.json and one file for each exchange.
//! Not for reports, and not for deciding what may be stored: all of it is redacted already, and
//! the second net of redaction is drawn through every line once more.

use plumbline_model::RunRecord;
use plumbline_redact::Policy;
use serde::Serialize;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use thiserror::Error;

/// Lines are netted and written together once they come to this many bytes.
const PORTION: usize = 16 * 1024;
/// How many bytes of lines are remembered.
const MOST_BYTES: usize = 1 << 20;

/// A file of the run could not be written.
#[derive(Debug, Error)]
#[error("failed to write `{}`", path.display())]
pub struct StoreError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Writes `record.json` and `exchanges/0001.json` and so on into `folder`, which has a folder
/// `exchanges`. The bytes depend on nothing but record and policy. The record is never in memory
/// as text, and the two kinds of file are written side by side.
pub fn store(folder: &Path, record: &RunRecord, policy: &Policy) -> Result<(), StoreError> {
    thread::scope(|scope| {
        let exchanges = scope.spawn(|| {
            let folder = folder.join("exchanges");
            let mut net = Net::new(policy);
            record.exchanges.iter().try_for_each(|exchange| {
                let path = folder.join(format!("{:04}.json", exchange.id.0));
                pretty(&path, exchange, &mut net).map_err(|source| StoreError { path, source })
            })
        });
        let path = folder.join("record.json");
        let written = pretty(&path, record, &mut Net::new(policy))
            .map_err(|source| StoreError { path, source });
        match exchanges.join() {
            Ok(exchanges) => exchanges.and(written),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Writes a value as JSON for people, with a line break at the end.
fn pretty(path: &Path, value: &impl Serialize, net: &mut Net<'_>) -> io::Result<()> {
    let mut out = Netted {
        out: File::create(path)?,
        waiting: Vec::new(),
        whole: 0,
        net,
    };
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")?;
    out.pass(out.waiting.len())
}

/// Draws the second net through whole lines. No value of pretty JSON goes over the end of a line,
/// so nothing that the net looks for is cut in two.
struct Netted<'n, 'p> {
    out: File,
    waiting: Vec<u8>,
    /// How many of the waiting bytes are whole lines.
    whole: usize,
    net: &'n mut Net<'p>,
}

impl Netted<'_, '_> {
    /// Writes the first `length` waiting bytes.
    fn pass(&mut self, length: usize) -> io::Result<()> {
        let lines = std::str::from_utf8(&self.waiting[..length]).map_err(io::Error::other)?;
        let netted = self.net.draw(lines);
        self.out.write_all(netted.as_bytes())?;
        self.waiting.drain(..length);
        self.whole = 0;
        Ok(())
    }
}

impl Write for Netted<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        // JSON comes in small pieces, and a line break ends one.
        if bytes.ends_with(b"\n") {
            self.whole = self.waiting.len();
        }
        if self.whole >= PORTION {
            self.pass(self.whole)?;
        }
        Ok(bytes.len())
    }

    /// Does nothing: half a line cannot be netted.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The second net, which remembers lines in which it has found nothing: steps, headers and often
/// whole bodies come again and again.
struct Net<'p> {
    policy: &'p Policy,
    clean: HashSet<String>,
    bytes: usize,
}

impl<'p> Net<'p> {
    fn new(policy: &'p Policy) -> Self {
        let clean = HashSet::new();
        let bytes = 0;
        Self {
            policy,
            clean,
            bytes,
        }
    }

    /// The lines as they may be written.
    fn draw(&mut self, lines: &str) -> String {
        let mut out = String::with_capacity(lines.len());
        for line in lines.split_inclusive('\n') {
            if self.clean.contains(line) {
                out.push_str(line);
                continue;
            }
            let netted = self.policy.second_net(line);
            if netted == line {
                self.remember(line);
            }
            out.push_str(&netted);
        }
        out
    }

    fn remember(&mut self, line: &str) {
        if self.bytes + line.len() > MOST_BYTES {
            self.clean.clear();
            self.bytes = 0;
        }
        if line.len() <= MOST_BYTES {
            self.bytes += line.len();
            self.clean.insert(line.to_owned());
        }
    }
}
