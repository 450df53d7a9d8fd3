//! The tests of the engine: our own cases, the official suite, every published invariant, and hostile input.
//! Not for single parts, which are tested beside their code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod cases;
mod examples;
mod hostile;
mod invariants;
mod places;
mod problems;
mod properties;
mod suite;
#[path = "../support/types.rs"]
mod types;

use plumbline_fhir::Definitions;
use std::sync::LazyLock;
use types::Facts;

/// FHIR R4.
static R4: LazyLock<Facts> = LazyLock::new(|| Facts::new(Definitions::r4()));

/// FHIR STU3.
static STU3: LazyLock<Facts> = LazyLock::new(|| Facts::new(Definitions::stu3()));
