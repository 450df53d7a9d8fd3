//! The journal: what happened, in order, on disk as it happens.
//! Verdicts come from it. Everything written here is already redacted.

use crate::assemble::Tally;
use plumbline_model::{ExchangeRecord, NotApplicableReason, ScenarioId, StepRecord};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A scenario began.
    ScenarioStarted {
        /// Which.
        scenario: ScenarioId,
    },
    /// A step began.
    StepStarted {
        /// Of which scenario.
        scenario: ScenarioId,
        /// Its position.
        index: usize,
    },
    /// A step ended.
    StepEnded {
        /// Of which scenario.
        scenario: ScenarioId,
        /// What became of it.
        step: Box<StepRecord>,
    },
    /// A scenario ended.
    ScenarioEnded {
        /// Which.
        scenario: ScenarioId,
    },
    /// A scenario turned out not to apply.
    NotApplicable {
        /// Which.
        scenario: ScenarioId,
        /// Why.
        reason: NotApplicableReason,
    },
    /// An exchange with the target.
    Exchange {
        /// What is kept of it.
        exchange: Box<ExchangeRecord>,
    },
    /// The run was ended early.
    Halted {
        /// Why, in our words.
        why: String,
    },
}

/// Writes events down one by one, and keeps of each what the record needs.
///
/// An event is handed to the operating system before [`Journal::push`] returns, so a run that is
/// killed leaves every step that ended. It is not forced onto the disk: that would cost more than
/// the rest of the run, and only a fall of the whole machine would make a difference.
#[derive(Debug, Default)]
pub struct Journal {
    tally: RefCell<Tally>,
    file: RefCell<Option<JournalFile>>,
    failure: RefCell<Option<io::Error>>,
}

#[derive(Debug)]
struct JournalFile {
    file: File,
    /// Room for one line, used again for each.
    line: Vec<u8>,
}

impl Journal {
    /// A journal in memory only, for self-tests.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// A journal that is also written to `path`, which must not exist yet.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = File::options().write(true).create_new(true).open(path)?;
        let line = Vec::new();
        Ok(Self {
            file: RefCell::new(Some(JournalFile { file, line })),
            ..Self::default()
        })
    }

    /// Adds an event; a failure to write is kept for [`Journal::failure`].
    pub fn push(&self, event: Event) {
        if let Some(file) = self.file.borrow_mut().as_mut()
            && let Err(error) = file.write(&event)
        {
            self.failure.borrow_mut().get_or_insert(error);
        }
        self.tally.borrow_mut().take(event);
    }

    /// The first failure to write, if any.
    pub fn failure(&self) -> Option<io::Error> {
        self.failure.borrow_mut().take()
    }

    /// What the events come to, for the record; leaves nothing.
    pub(crate) fn tally(&self) -> Tally {
        self.tally.take()
    }
}

impl JournalFile {
    fn write(&mut self, event: &Event) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, event)?;
        self.line.push(b'\n');
        self.file.write_all(&self.line)
    }
}
