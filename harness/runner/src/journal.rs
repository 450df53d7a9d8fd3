//! The journal: what happened, in order, on disk as it happens.
//! Verdicts come from it. Everything written here is already redacted.

use crate::assemble::Tally;
use crate::netted::ByWords;
use crate::origin::Origin;
use plumbline_model::{
    Created, ExchangeId, ExchangeRecord, NotApplicableReason, ScenarioId, Software, StepRecord,
    StoredBody,
};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fs::File;
use std::hash::BuildHasherDefault;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// The format number that this version writes.
pub const JOURNAL_FORMAT: u32 = 1;

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The run began; always the first event.
    RunStarted {
        /// [`JOURNAL_FORMAT`] when written by this version.
        format: u32,
        /// Id of the run.
        run_id: String,
        /// When, RFC 3339, UTC.
        started: String,
        /// What the run is of.
        origin: Box<Origin>,
    },
    /// The run was killed and goes on.
    RunResumed {
        /// When, RFC 3339, UTC.
        at: String,
    },
    /// The control request with which a run begins has been answered.
    Introduced {
        /// What the target says of itself.
        software: Software,
        /// The certificates that it has shown so far, as in the record.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        certificates: BTreeMap<String, String>,
    },
    /// Something of the target announced itself as a mock for the first time.
    MockSeen {
        /// The name.
        name: String,
    },
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
    /// An exchange whose body is, after redaction, that of an earlier one.
    SameBody {
        /// What is kept of it, without the body.
        exchange: Box<ExchangeRecord>,
        /// The earlier one.
        body_of: ExchangeId,
    },
    /// A scenario has created something in the target, or has removed what it created.
    Created {
        /// What it was, and whether it is still there.
        #[serde(flatten)]
        created: Created,
    },
    /// The run was ended early.
    Halted {
        /// Why, in our words.
        why: String,
    },
}

/// Events that wait are written once they come to this many bytes, whatever happens.
const MOST_WAITING: usize = 64 * 1024;
/// How many bytes of written bodies are remembered.
const MOST_BODIES: usize = 1 << 20;

/// Writes events down in order, and keeps of each what the record needs.
///
/// Events wait in memory until [`Journal::hand_over`], which is called before every request, after
/// everything that cannot be done a second time, and at the end. So a run that is killed leaves
/// every event that came before a request that has gone out; what is lost needs no target to happen
/// again. Nothing is forced onto the disk: that would cost more than the rest of the run, and only
/// a fall of the whole machine would make a difference.
#[derive(Debug, Default)]
pub struct Journal {
    tally: RefCell<Tally>,
    file: RefCell<Option<JournalFile>>,
    failure: RefCell<Option<io::Error>>,
    bodies: RefCell<Written>,
}

/// Bodies that have been written, so that none is written over and over: a run asks for the same
/// capability statement or patient again and again.
#[derive(Debug, Default)]
struct Written {
    exchanges: HashMap<Arc<str>, ExchangeId, BuildHasherDefault<ByWords>>,
    bytes: usize,
}

impl Written {
    fn shorten(&mut self, mut exchange: Box<ExchangeRecord>) -> Event {
        let StoredBody::Json { text, .. } = &exchange.body else {
            return Event::Exchange { exchange };
        };
        if let Some(body_of) = self.exchanges.get(text).copied() {
            exchange.body = StoredBody::Empty;
            return Event::SameBody { exchange, body_of };
        }
        if self.bytes + text.len() > MOST_BODIES {
            self.exchanges.clear();
            self.bytes = 0;
        }
        if text.len() <= MOST_BODIES {
            self.bytes += text.len();
            self.exchanges.insert(text.clone(), exchange.id);
        }
        Event::Exchange { exchange }
    }
}

#[derive(Debug)]
struct JournalFile {
    file: File,
    /// Whole lines that the operating system has not been given yet.
    waiting: Vec<u8>,
}

impl Journal {
    /// A journal in memory only, for self-tests.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// A journal that is also written to `path`, which must not exist yet.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = File::options().write(true).create_new(true).open(path)?;
        // Nobody else has a new file, and some file systems have no locks.
        let _ = file.try_lock();
        Ok(Self::go_on(file, Tally::default()))
    }

    /// A journal that goes on where `file` ends, after the events that came to `tally`. The file is
    /// locked, so that no two runs write to it.
    pub(crate) fn go_on(file: File, tally: Tally) -> Self {
        let waiting = Vec::new();
        Self {
            tally: RefCell::new(tally),
            file: RefCell::new(Some(JournalFile { file, waiting })),
            failure: RefCell::default(),
            bodies: RefCell::default(),
        }
    }

    /// Adds an event, which is never [`Event::SameBody`]; a failure to write is kept for [`Journal::failure`].
    pub fn push(&self, event: Event) {
        let event = match event {
            Event::Exchange { exchange } => self.bodies.borrow_mut().shorten(exchange),
            other => other,
        };
        self.write(|file| file.add(&event));
        if matches!(event, Event::Created { .. } | Event::Halted { .. }) {
            self.hand_over();
        }
        self.tally.borrow_mut().take(event);
    }

    /// Gives the operating system all events so far.
    pub fn hand_over(&self) {
        self.write(JournalFile::pass);
    }

    fn write(&self, act: impl FnOnce(&mut JournalFile) -> io::Result<()>) {
        if let Some(file) = self.file.borrow_mut().as_mut()
            && let Err(error) = act(file)
        {
            self.failure.borrow_mut().get_or_insert(error);
        }
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
    fn add(&mut self, event: &Event) -> io::Result<()> {
        serde_json::to_writer(&mut self.waiting, event)?;
        self.waiting.push(b'\n');
        if self.waiting.len() >= MOST_WAITING {
            self.pass()?;
        }
        Ok(())
    }

    fn pass(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(&self.waiting);
        self.waiting.clear();
        written
    }
}

/// A run that is given up half-way keeps what it has done.
impl Drop for JournalFile {
    fn drop(&mut self) {
        // Nobody is left to be told of a failure.
        let _ = self.pass();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(id: &str) -> Event {
        Event::ScenarioStarted {
            scenario: id.into(),
        }
    }

    fn created(left: bool) -> Event {
        Event::Created {
            created: Created {
                scenario: "makes-one".into(),
                resource_type: "Patient".to_owned(),
                reference: "Patient/{id}".to_owned(),
                left,
            },
        }
    }

    #[test]
    fn events_wait_until_they_are_handed_over_or_cannot_be_had_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let lines = || std::fs::read_to_string(&path).unwrap().lines().count();
        let journal = Journal::create(&path).unwrap();
        journal.push(started("a"));
        assert_eq!(lines(), 0);
        journal.hand_over();
        assert_eq!(lines(), 1);
        journal.push(started("b"));
        journal.push(created(true));
        assert_eq!(lines(), 3);
        let why = "so".to_owned();
        journal.push(Event::Halted { why });
        assert_eq!(lines(), 4);
        for _ in 0..2_000 {
            journal.push(started("c"));
        }
        assert!(lines() > 1_000, "no more than so many wait");
        drop(journal);
        assert_eq!(lines(), 2_004);
    }

    #[test]
    fn an_event_is_read_back_as_it_was() {
        let events = [
            created(true),
            Event::Introduced {
                software: Software::Stated {
                    name: "n".to_owned(),
                    version: String::new(),
                },
                certificates: [("default".to_owned(), "0a".to_owned())].into(),
            },
            Event::MockSeen {
                name: "m".to_owned(),
            },
            started("a"),
        ];
        for event in events {
            let line = serde_json::to_string(&event).unwrap();
            assert_eq!(
                serde_json::from_str::<Event>(&line).unwrap(),
                event,
                "{line}"
            );
        }
    }

    #[test]
    fn a_body_is_written_once_and_kept_with_every_exchange() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::create(&path).unwrap();
        for (id, body) in (1..).zip(["same", "other", "same", "same"]) {
            journal.push(Event::Exchange {
                exchange: Box::new(ExchangeRecord {
                    id: ExchangeId(id),
                    method: "GET".to_owned(),
                    url: String::new(),
                    request_headers: Vec::new(),
                    request_body: None,
                    status: Some(200),
                    response_headers: Vec::new(),
                    body: StoredBody::Json {
                        text: format!("{{ \"{body}\": 1 }}\n").into(),
                        received_bytes: 9,
                    },
                    fhir: plumbline_model::BodyCheck::default(),
                    transport_error: String::new(),
                    elapsed_ms: 0,
                    curl: String::new(),
                    capture: None,
                }),
            });
        }
        let kept = journal.tally();
        drop(journal);
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text.matches("same\\").count(), 1, "{text}");
        let mut read = Tally::default();
        for line in text.lines() {
            read.take(serde_json::from_str(line).unwrap());
        }
        assert_eq!(read.exchanges(), kept.exchanges());
        let bodies: Vec<_> = kept.exchanges().values().map(|one| &one.body).collect();
        assert!(bodies[0] == bodies[2] && bodies[0] == bodies[3] && bodies[0] != bodies[1]);
        assert!(!matches!(bodies[3], StoredBody::Empty));
    }

    #[test]
    fn what_is_removed_is_struck_out_once() {
        let mut tally = Tally::default();
        for left in [true, true, false] {
            tally.take(created(left));
        }
        let left: Vec<bool> = tally.ledger().iter().map(|entry| entry.left).collect();
        assert_eq!(left, [false, true]);
        // What was never entered is told all the same.
        tally.take(created(false));
        tally.take(created(false));
        let left: Vec<bool> = tally.ledger().iter().map(|entry| entry.left).collect();
        assert_eq!(left, [false, false, false]);
        assert!(!tally.has_exchange(ExchangeId(1)));
    }
}
