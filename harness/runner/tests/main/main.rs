//! Tests of the runner against the mock systems: what a run decides, and what it must never decide.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up must stop"
)]

mod documents;
mod false_pass;
mod hostile;
mod independence;
mod interruption;
mod journal;
mod kept_connections;
mod not_held;
mod provider;
mod proxy;
mod reasons;
mod rejudge;
mod rejudge_altered;
mod second_form;
mod support;
mod validity;
mod vocabulary;
