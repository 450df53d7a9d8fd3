//! Renders a scorecard for people and machines: one file per format, and a registry of them.
//! Not for judging or counting: every verdict and count comes ready-made in the scorecard, but for what the record
//! says of the validity of answers, which is no verdict and is put together in validity.rs.

mod format;
mod html;
mod index;
mod json;
mod junit;
mod validity;
mod verdicts;
mod view;

pub use format::{Format, ReportError, ReportInput, render, write};
pub use index::{IndexEntry, index};
pub use json::REPORT_FORMAT;
pub use validity::{IssueExample, IssueGroup, Validity};
