//! The report of an inspection by checklist, for a board and for machines. Not for judging: judgements are the
//! inspector's, and what follows from them by rule comes ready-made from `inspect`.

mod cards;
mod grid;
mod json;
mod lists;
mod marks;
mod view;

use crate::format::ReportError;
use crate::html::pour;
use plumbline_inspect::{Assessment, Checklist, Overview};

pub use json::INSPECTION_FORMAT;

/// What the report of an inspection is made of.
#[derive(Debug, Clone, Copy)]
pub struct InspectionInput<'a> {
    /// The assessment.
    pub assessment: &'a Assessment,
    /// Its checklist.
    pub checklist: &'a Checklist,
    /// What follows from both by rule.
    pub overview: &'a Overview,
    /// Version of Plumbline that makes the report.
    pub plumbline: &'a str,
}

/// The report as a page to read and print.
pub fn inspection_html(input: &InspectionInput<'_>) -> Result<String, ReportError> {
    pour("inspection", &view::page(input))
}

/// The report as JSON, with the same statements.
pub fn inspection_json(input: &InspectionInput<'_>) -> Result<String, ReportError> {
    json::text(input)
}
