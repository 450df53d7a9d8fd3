//! The journal: what happened, in order, on disk as it happens.
//! Verdicts come from it. Everything written here is already redacted.

use plumbline_model::{ExchangeRecord, ScenarioId, StepRecord};
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
    /// A scenario turned out to be outside the declared scope.
    OutOfScope {
        /// Which.
        scenario: ScenarioId,
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

/// Keeps events in memory and, for a run folder, on disk.
#[derive(Debug, Default)]
pub struct Journal {
    events: RefCell<Vec<Event>>,
    file: RefCell<Option<File>>,
    failure: RefCell<Option<io::Error>>,
}

impl Journal {
    /// A journal in memory only, for self-tests.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// A journal that is also written to `path`, which must not exist yet.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = File::options().write(true).create_new(true).open(path)?;
        Ok(Self {
            file: RefCell::new(Some(file)),
            ..Self::default()
        })
    }

    /// Adds an event; a failure to write is kept for [`Journal::failure`].
    pub fn push(&self, event: Event) {
        if let Some(file) = self.file.borrow_mut().as_mut() {
            let written = serde_json::to_vec(&event)
                .map_err(io::Error::from)
                .and_then(|mut line| {
                    line.push(b'\n');
                    file.write_all(&line)
                });
            if let Err(error) = written {
                self.failure.borrow_mut().get_or_insert(error);
            }
        }
        self.events.borrow_mut().push(event);
    }

    /// The first failure to write, if any.
    pub fn failure(&self) -> Option<io::Error> {
        self.failure.borrow_mut().take()
    }

    /// A copy of all events so far.
    pub fn events(&self) -> Vec<Event> {
        self.events.borrow().clone()
    }
}
