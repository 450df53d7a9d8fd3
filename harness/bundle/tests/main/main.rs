//! Tests of bundles as a whole: what is altered is found, and what is said is true.
//! Not for the command: `harness/cli/tests` has that.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it is"
)]

mod altered;
mod differences;
mod openssl;
mod said;
mod support;
