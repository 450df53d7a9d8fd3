//! Runs a plan against a target and records what happened.
//!
//! cucumber schedules; the plan and the journal decide. Every step of every scenario goes through
//! one wrapper ([`dispatch`]), which journals it, so that a verdict never depends on what the
//! scheduler chose to tell. Not for scoring, not for reports, not for sockets of its own.

mod assemble;
mod bodies;
mod context;
mod dispatch;
mod exchange;
mod journal;
mod known;
mod placeholder;
mod plan;
mod run;
mod step;
pub mod steps;
mod store;
mod world;

pub use journal::{Event, Journal};
pub use known::known_values;
pub use placeholder::PLACEHOLDERS;
pub use plan::{Plan, PlanError, Selection};
pub use run::{RunError, RunOptions, RunOutput, run};
pub use step::{ArgSource, StepDef, StepRun, Table};
pub use steps::examine::{Argument, arguments};
pub use store::{StoreError, store};
