//! Runs a plan against a target and records what happened.
//!
//! cucumber schedules; the plan and the journal decide. Every step of every scenario goes through
//! one wrapper ([`dispatch`]), which journals it, so that a verdict never depends on what the
//! scheduler chose to tell. Not for scoring, not for reports, not for sockets of its own.

mod assemble;
mod bodies;
mod capture;
mod changes;
mod context;
mod control;
mod dispatch;
mod doubtful;
mod exchange;
mod held;
mod journal;
mod known;
mod netted;
mod origin;
mod placeholder;
mod plan;
mod presence;
mod pretty;
mod rejudge;
mod replay;
mod resume;
mod run;
mod silence;
mod step;
pub mod steps;
mod store;
mod valid;
mod wire;
mod world;
mod xml;

pub use journal::{Event, JOURNAL_FORMAT, Journal};
pub use known::known_values;
pub use netted::NettedFile;
pub use origin::{Difference, Origin};
pub use placeholder::PLACEHOLDERS;
pub use plan::{Plan, PlanError, Selection};
pub use rejudge::{RejudgeError, RejudgeOptions, rejudge};
pub use resume::ResumeError;
pub use run::{RunError, RunOptions, RunOutput, resume, run};
pub use step::{ArgSource, StepDef, StepRun, Table};
pub use steps::examine::{Argument, arguments, heading};
pub use store::{StoreError, store};
