//! Reads the journal of a run that was killed, so that the run can go on from it.
//!
//! A scenario that ended is taken over. One that had begun is run again, unless it changes data: it
//! would then meet what its first half left, so it is not tested. Not for a run that came to its end.

use crate::assemble::Tally;
use crate::journal::{Event, JOURNAL_FORMAT, Journal};
use crate::origin::{Difference, Origin};
use crate::plan::Plan;
use plumbline_model::{ExchangeId, ScenarioId, Software};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a run cannot go on.
#[derive(Debug, Error)]
pub enum ResumeError {
    /// There is no journal, or it cannot be read.
    #[error(
        "failed to read the journal `{path}`: {source}; give with --out the folder of a run that was killed"
    )]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process writes it.
    #[error("the journal `{path}` is in use: its run still goes on; wait for it, or end it first")]
    InUse {
        /// Its path.
        path: PathBuf,
    },
    /// The run was killed before its first event was written.
    #[error(
        "the journal `{path}` is empty: the run was killed before it began; start a new run in another folder"
    )]
    Empty {
        /// Its path.
        path: PathBuf,
    },
    /// A line that is no event, and not a last line cut short.
    #[error(
        "the journal `{path}` is damaged in line {line}: {why}; start a new run in another folder"
    )]
    Damaged {
        /// Its path.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// Why, without anything of the line.
        why: String,
    },
    /// It was written by a newer version.
    #[error(
        "the journal `{path}` has format {found}, and this version reads {JOURNAL_FORMAT}; resume it with the version of Plumbline that began it"
    )]
    Newer {
        /// Its path.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
    /// It is the journal of something else.
    #[error("the journal `{path}` belongs to {}; {}, or start a new run in another folder", difference.what, difference.fix)]
    Other {
        /// Its path.
        path: PathBuf,
        /// In what.
        difference: Difference,
    },
    /// The run was ended early, and not by a kill.
    #[error(
        "the run of the journal `{path}` was stopped: {why}; start a new run in another folder once that is mended"
    )]
    Stopped {
        /// Its path.
        path: PathBuf,
        /// Why, in our words.
        why: String,
    },
}

/// What is known from before a run was killed, beside what the journal has come to.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    pub run_id: String,
    pub started: String,
    /// How often it went on, this time included.
    pub resumed: u32,
    pub software: Option<Software>,
    pub mock: Option<String>,
    /// The certificates that the target has shown.
    pub certificates: BTreeMap<String, String>,
    /// Scenarios that are not run again.
    pub done: BTreeSet<ScenarioId>,
    /// The highest number of an exchange so far.
    pub last_exchange: u32,
}

/// Reads the journal at `path`, and makes it ready for what comes `at` this time.
pub(crate) fn reopen(
    path: &Path,
    origin: &Origin,
    plan: &Plan,
    at: String,
) -> Result<(Journal, Earlier), ResumeError> {
    let unreadable = |source| ResumeError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let mut file = File::options()
        .read(true)
        .write(true)
        .open(path)
        .map_err(unreadable)?;
    // Some file systems have no locks.
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return Err(ResumeError::InUse {
            path: path.to_owned(),
        });
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    // What follows the last line break was being written.
    let whole = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    bytes.truncate(whole);
    let events = events(path, &bytes)?;
    drop(bytes);
    let (mut tally, mut earlier) = replay(path, origin, events)?;
    let mutates = plan.planned.iter().filter(|p| p.scenario.mutates);
    let mutating = mutates.map(|p| p.scenario.id.clone()).collect();
    earlier.done = tally.settle(&mutating);
    earlier.resumed += 1;
    file.set_len(whole as u64).map_err(unreadable)?;
    file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let journal = Journal::go_on(file, tally);
    journal.push(Event::RunResumed { at });
    Ok((journal, earlier))
}

/// The events of whole lines.
fn events(path: &Path, lines: &[u8]) -> Result<Vec<Event>, ResumeError> {
    let lines: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
    let Some(first) = lines.first() else {
        return Err(ResumeError::Empty {
            path: path.to_owned(),
        });
    };
    // Of a format that we do not know, nothing but its number can be read.
    let first: Option<Value> = serde_json::from_slice(first).ok();
    let format = first
        .as_ref()
        .and_then(|first| first.get("format")?.as_u64());
    if let Some(found) = format.filter(|format| *format > u64::from(JOURNAL_FORMAT)) {
        return Err(ResumeError::Newer {
            path: path.to_owned(),
            found,
        });
    }
    let read = |(at, line): (usize, &[u8])| {
        serde_json::from_slice(line).map_err(|error| ResumeError::Damaged {
            path: path.to_owned(),
            line: at + 1,
            why: match error.classify() {
                serde_json::error::Category::Data => "it is not an event of a journal",
                _ => "it is not a line of JSON",
            }
            .to_owned(),
        })
    };
    lines.into_iter().enumerate().map(read).collect()
}

/// What the events come to.
fn replay(
    path: &Path,
    origin: &Origin,
    events: Vec<Event>,
) -> Result<(Tally, Earlier), ResumeError> {
    let damaged = |line: usize, why: &str| ResumeError::Damaged {
        path: path.to_owned(),
        line,
        why: why.to_owned(),
    };
    let mut tally = Tally::default();
    let mut earlier = Earlier::default();
    for (event, line) in events.into_iter().zip(1..) {
        match &event {
            Event::RunStarted {
                run_id,
                started,
                origin: own,
                ..
            } if line == 1 => {
                if let Some(difference) = origin.difference(own) {
                    return Err(ResumeError::Other {
                        path: path.to_owned(),
                        difference,
                    });
                }
                run_id.clone_into(&mut earlier.run_id);
                started.clone_into(&mut earlier.started);
            }
            _ if line == 1 => return Err(damaged(line, "a journal begins with run-started")),
            Event::RunStarted { .. } => return Err(damaged(line, "the run begins a second time")),
            Event::RunResumed { .. } => earlier.resumed += 1,
            Event::Introduced {
                software,
                certificates,
            } => {
                earlier.software = Some(software.clone());
                earlier.certificates.extend(certificates.clone());
            }
            Event::MockSeen { name } => earlier.mock = Some(name.clone()),
            Event::SameBody { body_of, .. } if !tally.has_exchange(*body_of) => {
                return Err(damaged(line, "it speaks of an exchange that is not there"));
            }
            Event::Exchange { exchange } | Event::SameBody { exchange, .. } => {
                let ExchangeId(id) = exchange.id;
                if id <= earlier.last_exchange && tally.has_exchange(exchange.id) {
                    return Err(damaged(line, "an exchange has the number of another"));
                }
                earlier.last_exchange = earlier.last_exchange.max(id);
            }
            Event::Halted { why } => {
                return Err(ResumeError::Stopped {
                    path: path.to_owned(),
                    why: why.clone(),
                });
            }
            Event::ScenarioStarted { .. }
            | Event::StepStarted { .. }
            | Event::StepEnded { .. }
            | Event::ScenarioEnded { .. }
            | Event::NotApplicable { .. }
            | Event::Created { .. } => {}
        }
        tally.take(event);
    }
    Ok((tally, earlier))
}
