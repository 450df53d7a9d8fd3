//! Turns a run record into a scorecard: a pure function of record, requirements and policy.
//! Not for wording of pages, and not for judging: verdicts come from `model` alone.

mod arithmetic;
mod groups;
mod scorecard;
mod words;

pub use arithmetic::FLOOR;
pub use scorecard::scorecard;
pub use words::CODE_FORM_STEPS;
