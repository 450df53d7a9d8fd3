//! Renders a scorecard for people and machines: one file per format, and a registry of them.
//! Not for judging or counting: every verdict and count comes ready-made in the scorecard.

mod format;
mod html;
mod index;
mod json;
mod junit;
mod verdicts;
mod view;

pub use format::{Format, ReportError, ReportInput, render};
pub use index::{IndexEntry, index};
pub use json::REPORT_FORMAT;
