//! Reading packages, folders and files as their users have them. Not for the single parts, which have tests beside them.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it is"
)]

mod loading;
mod official;
