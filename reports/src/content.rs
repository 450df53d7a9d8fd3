//! What content rules found in documents, for people and programs: a page, a text, JSON, and a letter to the supplier.
//! Not for judging, and not for reading files: documents come here already judged, and without any of their values.

mod json;
mod letter;
mod tally;
mod text;
mod view;

use crate::format::ReportError;
use crate::html::pour;
use plumbline_prsb::{Content, RuleResult, Standard};
pub use tally::Tally;

/// What base validation said of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FhirCheck {
    /// The version it was checked against: `STU3` or `R4`.
    pub version: &'static str,
    /// How many errors it has.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentOutcome {
    /// It was judged.
    Judged {
        /// What the rules found.
        content: Box<Content>,
        /// What base validation found.
        fhir: FhirCheck,
    },
    /// It is no document of the standard.
    Refused {
        /// What it is instead.
        what: String,
        /// What to do.
        fix: String,
        /// What is wrong with its codes and identifiers, which need no document.
        codes: Vec<RuleResult>,
    },
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFile {
    /// Its name, as it may be shown.
    pub name: String,
    /// What became of it.
    pub outcome: ContentOutcome,
}

/// Where documents come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Somebody exported them from a system.
    Exported,
    /// A mock system made them: they say nothing about a product.
    Mock,
}

/// Everything that the forms of the result are made from.
#[derive(Debug, Clone, Copy)]
pub struct ContentInput<'a> {
    /// The standard.
    pub standard: &'a Standard,
    /// The files, in the order in which they are shown.
    pub files: &'a [ContentFile],
    /// Where they come from.
    pub origin: Origin,
    /// The day to print, `YYYY-MM-DD`; empty for none.
    pub date: &'a str,
}

/// The number of the form of the JSON.
pub const CONTENT_FORMAT: u32 = 1;

/// The page.
///
/// # Errors
/// A template that does not fit; never the content of documents.
pub fn content_html(input: &ContentInput<'_>) -> Result<String, ReportError> {
    pour("content", &view::page(input))
}

/// For programs.
///
/// # Errors
/// Never, but for a lack of memory.
pub fn content_json(input: &ContentInput<'_>) -> Result<String, ReportError> {
    json::write(input)
}

/// To read in a terminal.
pub fn content_text(input: &ContentInput<'_>) -> String {
    text::write(input)
}

/// A letter to the supplier, as text with places to fill in.
pub fn content_letter(input: &ContentInput<'_>) -> String {
    letter::write(input)
}

impl ContentInput<'_> {
    /// The documents that were judged.
    pub fn judged(&self) -> impl Iterator<Item = (&ContentFile, &Content, &FhirCheck)> {
        self.files.iter().filter_map(|file| match &file.outcome {
            ContentOutcome::Judged { content, fhir } => Some((file, content.as_ref(), fhir)),
            ContentOutcome::Refused { .. } => None,
        })
    }

    /// The files that were not.
    pub fn refused(&self) -> impl Iterator<Item = (&ContentFile, &str, &str)> {
        self.files.iter().filter_map(|file| match &file.outcome {
            ContentOutcome::Judged { .. } => None,
            ContentOutcome::Refused { what, fix, .. } => Some((file, what.as_str(), fix.as_str())),
        })
    }

    /// The name of the standard with its version.
    pub(crate) fn standard_name(&self) -> String {
        format!("{} {}", self.standard.title(), self.standard.version())
    }
}

/// What a mock means for the result, in every form.
pub(crate) const MOCK: &str = "Mock system: this result says nothing about a real product.";

/// What this is not, in every form.
pub(crate) const NOT_ASSURED: &str = "This is content coverage found by a pre-check: evidence, not assurance. National bodies assure products; Plumbline does not.";

/// Where the rules come from, in every form.
pub(crate) const ATTRIBUTION: &str = "The rules are our own words for the eDischarge summary standard, which NHS England has owned since 1 January 2026, as the ITK3 Transfer of Care guide (Apache License 2.0) carries it. Contains public sector information licensed under the Open Government Licence v3.0.";
