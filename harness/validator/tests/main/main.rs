//! The tests of whole validation. Not for single rules, which are tested beside their code.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod cases;
mod content;
mod definitions;
mod examples;
#[path = "../mutation/mod.rs"]
mod mutation;
