//! Renders a scorecard for people and machines: one file per format, and a registry of them.
//! Not for judging or counting: every verdict and count comes ready-made in the scorecard, but for what the record
//! says of the validity of answers, which is no verdict and is put together in validity.rs.

mod charts;
mod content;
mod dashboard;
mod format;
mod html;
mod index;
mod inspection;
mod json;
mod junit;
mod validity;
mod verdicts;
mod view;

pub use content::{
    CONTENT_FORMAT, ContentFile, ContentInput, ContentOutcome, FhirCheck, Origin, content_html,
    content_json, content_letter, content_text,
};
pub use dashboard::{Dashboard, DashboardPage, RuleLink};
pub use format::{Format, ReportError, ReportInput, render, write};
pub use index::{IndexEntry, IndexPart, index};
pub use inspection::{INSPECTION_FORMAT, InspectionInput, inspection_html, inspection_json};
pub use json::REPORT_FORMAT;
pub use validity::{IssueExample, IssueGroup, Validity};
