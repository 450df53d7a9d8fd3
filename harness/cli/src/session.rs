//! One run from target file to scorecard, as run, demo and selftest share it.

use crate::failure::Failure;
use crate::load;
use plumbline_http::Client;
use plumbline_model::{ActorRole, ExitCode, Person, RunStatus, ScenarioId, Scorecard};
use plumbline_pack::{Pack, TargetFile};
use plumbline_runner::{Plan, RunOptions, RunOutput, Selection};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

/// A run that may begin: the plan is made and the target file has given its credentials.
pub(crate) struct Session<'a> {
    pack: &'a Pack,
    people: &'a BTreeMap<ActorRole, Person>,
    target: TargetFile,
    plan: Plan,
    client: Client,
    secrets: Vec<String>,
}

/// What a run is called and what it leaves while it goes on.
pub(crate) struct Trail {
    pub run_id: String,
    pub journal: Option<PathBuf>,
    pub progress: Rc<dyn Fn(&ScenarioId)>,
}

impl<'a> Session<'a> {
    /// Finds everything that would keep the run from beginning, before anything is written.
    pub fn new(
        pack: &'a Pack,
        people: &'a BTreeMap<ActorRole, Person>,
        target: TargetFile,
        selection: &Selection,
    ) -> Result<Self, Failure> {
        let plan = Plan::new(pack, &target, selection)
            .map_err(|e| Failure::usage(format!("error: {e}")))?;
        let (client, secrets) = load::client(&target)?;
        Ok(Self {
            pack,
            people,
            target,
            plan,
            client,
            secrets,
        })
    }

    /// How many scenarios will be sent to the target.
    pub fn to_run(&self) -> usize {
        self.plan.to_run()
    }

    /// Runs it and scores the record.
    pub async fn perform(
        self,
        trail: Trail,
        cancel: impl Future<Output = ()>,
    ) -> Result<(RunOutput, Scorecard), Failure> {
        let options = RunOptions {
            pack: self.pack,
            people: self.people.clone(),
            target: self.target,
            client: self.client,
            secrets: self.secrets,
            plan: self.plan,
            journal: trail.journal,
            run_id: trail.run_id,
            now: &now,
            progress: trail.progress,
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
