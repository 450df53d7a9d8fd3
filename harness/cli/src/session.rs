//! One run from target file to scorecard, as run, demo and selftest share it.

use crate::failure::Failure;
use crate::load;
use crate::load::Facts;
use plumbline_http::Client;
use plumbline_model::{ExitCode, RunStatus, ScenarioId, Scorecard};
use plumbline_pack::{Pack, TargetFile};
use plumbline_runner::{Plan, RunError, RunOptions, RunOutput, Selection};
use plumbline_validator::Validators;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// A run that may begin: the plan is made and the target file has given its credentials.
pub(crate) struct Session<'a> {
    pack: &'a Pack,
    facts: &'a Facts,
    target: TargetFile,
    validators: Arc<Validators>,
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
        facts: &'a Facts,
        target: TargetFile,
        selection: &Selection,
    ) -> Result<Self, Failure> {
        // 3.0.2 only corrects 3.0.1.
        let release = |version: &'_ str| {
            version
                .rsplit_once('.')
                .map(|(release, _)| release.to_owned())
        };
        if release(&target.fhir_version) != release(&pack.fhir_version) {
            return Err(Failure::usage(format!(
                "error: `fhir_version` of the target file is {}, and the pack {} is for FHIR {}\n  \
                 help: correct `fhir_version`, or choose a pack for that version; see plumbline packs",
                target.fhir_version, pack.id, pack.fhir_version
            )));
        }
        let plan = Plan::new(pack, &target, selection)
            .map_err(|e| Failure::usage(format!("error: {e}")))?;
        let (client, secrets) = load::client(&target)?;
        Ok(Self {
            pack,
            facts,
            validators: facts.validators(&pack.id)?,
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
        let (pack, options) = (self.pack, self.options(trail));
        scored(pack, plumbline_runner::run(options, cancel).await)
    }

    /// The same, from the journal of a run that was killed.
    pub async fn resume(
        self,
        trail: Trail,
        cancel: impl Future<Output = ()>,
    ) -> Result<(RunOutput, Scorecard), Failure> {
        let (pack, options) = (self.pack, self.options(trail));
        scored(pack, plumbline_runner::resume(options, cancel).await)
    }

    fn options(self, trail: Trail) -> RunOptions<'a> {
        RunOptions {
            pack: self.pack,
            content: self.facts.content.get(&self.pack.id).cloned(),
            validators: self.validators,
            people: self.facts.people.clone(),
            directory: self.facts.directory.clone(),
            target: self.target,
            client: self.client,
            secrets: self.secrets,
            plan: self.plan,
            journal: trail.journal,
            run_id: trail.run_id,
            now: &now,
            progress: trail.progress,
        }
    }
}

fn scored(
    pack: &Pack,
    output: Result<RunOutput, RunError>,
) -> Result<(RunOutput, Scorecard), Failure> {
    let output = output.map_err(|error| {
        let message = format!("error: {error}");
        match error {
            RunError::Resume(_) | RunError::OtherSoftware => Failure::usage(message),
            RunError::Journal { .. } | RunError::OtherPack { .. } => Failure::internal(message),
        }
    })?;
    let scorecard = plumbline_score::scorecard(&output.record, &pack.requirements, &pack.scoring);
    Ok((output, scorecard))
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
