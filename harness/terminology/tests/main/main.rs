//! Value sets and codes, from facts to answers. Not for single modules.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it is"
)]

mod answers;
mod expansions;
mod filters;
mod places;
mod sets;
mod small;
