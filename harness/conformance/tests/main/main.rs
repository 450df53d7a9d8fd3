//! The tests of this crate that need more than one of its parts. Not the parts alone: those stand beside the code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod compare;
mod hostile;
mod library;
mod official;
mod packs;
#[path = "../../../fhirpath/tests/main/places.rs"]
mod places;
mod properties;
mod snapshots;
