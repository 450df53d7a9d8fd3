//! Tests of the runner against the mock systems: what a run decides, and what it must never decide.

mod false_pass;
mod independence;
mod interruption;
mod proxy;
mod support;
mod vocabulary;
