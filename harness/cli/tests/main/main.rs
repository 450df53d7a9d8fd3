//! Tests of the built command from outside: what it prints, what it leaves behind, how it ends.
//! Not for rules that a library's own tests can reach.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it is"
)]

mod actors;
mod bundle;
mod canaries;
mod canary;
mod commands;
mod dashboard;
mod datasheet;
mod detector;
mod doctor;
mod documents;
mod forms;
mod guides;
mod hostile;
mod inspect;
mod killed_runs;
mod misconfigured;
mod mock_everywhere;
mod own_pack;
mod packages;
mod packaging;
mod pipe;
mod planting;
mod rejudge;
mod signed_runs;
mod stand_in;
mod store_import;
mod support;
mod text_only;
mod tripwire;
mod tx;
mod validate;
mod validate_bad_input;
mod validate_profiles;
