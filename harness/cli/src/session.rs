//! One run from target file to scorecard, as run, demo and selftest share it.

use crate::failure::Failure;
use crate::load;
use plumbline_model::{ActorRole, ExitCode, Person, RunStatus, ScenarioId, Scorecard};
use plumbline_pack::{Pack, TargetFile};
use plumbline_runner::{Plan, RunOptions, RunOutput, Selection};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

/// What to run.
pub(crate) struct Session<'a> {
    pub pack: &'a Pack,
    pub people: &'a BTreeMap<ActorRole, Person>,
    pub target: TargetFile,
    pub selection: Selection,
    pub journal: Option<PathBuf>,
    pub run_id: String,
    pub progress: Rc<dyn Fn(&ScenarioId)>,
}

impl Session<'_> {
    /// Runs it and scores the record.
    pub async fn perform(
        self,
        cancel: impl Future<Output = ()>,
    ) -> Result<(RunOutput, Scorecard), Failure> {
        let plan = Plan::new(self.pack, &self.target, &self.selection)
            .map_err(|e| Failure::usage(format!("error: {e}")))?;
        let (client, secrets) = load::client(&self.target)?;
        let options = RunOptions {
            pack: self.pack,
            people: self.people.clone(),
            target: self.target,
            client,
            secrets,
            plan,
            journal: self.journal,
            run_id: self.run_id,
            now: &now,
            progress: self.progress,
        };
        let output = plumbline_runner::run(options, cancel)
            .await
            .map_err(|e| Failure::internal(format!("error: {e}")))?;
        let scorecard =
            plumbline_score::scorecard(&output.record, &self.pack.requirements, &self.pack.scoring);
        Ok((output, scorecard))
    }
}

/// The clock of the binary: UTC, to the second.
pub(crate) fn now() -> String {
    let seconds = jiff::Timestamp::now().as_second();
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |t| t.to_string())
}

/// An id made of the time and the pack, fit for a folder name.
pub(crate) fn run_id(pack: &Pack, now: &str) -> String {
    let compact: String = now.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{compact}-{}", pack.id)
}

/// The exit code that tells the status of a run.
pub(crate) fn exit_code(status: RunStatus) -> ExitCode {
    match status {
        RunStatus::Conformant => ExitCode::Success,
        RunStatus::NotConformant => ExitCode::NotConformant,
        RunStatus::InsufficientEvidence => ExitCode::Insufficient,
    }
}

/// A single-threaded runtime: a run is one task, and its future does not move between threads.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::internal(format!("error: failed to start the runtime: {e}")))
}
