//! The formats that a report comes in, and the one way to ask for one.
//! Not for the formats themselves: each has its own file.

use crate::view::words::humanised;
use crate::{html, json, junit, verdicts};
use plumbline_model::scorecard::Scorecard;
use plumbline_model::{Capability, RunRecord};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'a> {
    /// The run.
    pub record: &'a RunRecord,
    /// Its scorecard.
    pub scorecard: &'a Scorecard,
    /// What people call the capabilities, from the pack; one without a title is shown by its id.
    pub titles: &'a BTreeMap<Capability, String>,
}

impl ReportInput<'_> {
    /// What people call this capability.
    pub(crate) fn title_of(&self, capability: &Capability) -> String {
        self.titles
            .get(capability)
            .cloned()
            .unwrap_or_else(|| humanised(capability.as_str()))
    }
}

/// A format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// One self-contained page for people.
    Html,
    /// The scorecard for machines, after schema/report-1.schema.json.
    Json,
    /// One test case a scenario, for build servers.
    Junit,
    /// One verdict a line, for comparing two runs.
    Verdicts,
}

/// How a format is called and made.
struct Entry {
    format: Format,
    key: &'static str,
    file_name: &'static str,
    write: fn(&ReportInput<'_>, &mut dyn Write) -> Result<(), ReportError>,
}

const REGISTRY: &[Entry] = &[
    Entry {
        format: Format::Html,
        key: "html",
        file_name: "report.html",
        write: html::write,
    },
    Entry {
        format: Format::Json,
        key: "json",
        file_name: "report.json",
        write: json::write,
    },
    Entry {
        format: Format::Junit,
        key: "junit",
        file_name: "report.junit.xml",
        write: junit::write,
    },
    Entry {
        format: Format::Verdicts,
        key: "verdicts",
        file_name: "verdicts.ndjson",
        write: verdicts::write,
    },
];

impl Format {
    /// Every format, in the order of the registry.
    pub const ALL: &[Self] = &[Self::Html, Self::Json, Self::Junit, Self::Verdicts];

    const fn entry(self) -> &'static Entry {
        match self {
            Self::Html => &REGISTRY[0],
            Self::Json => &REGISTRY[1],
            Self::Junit => &REGISTRY[2],
            Self::Verdicts => &REGISTRY[3],
        }
    }

    /// The word on the command line.
    pub const fn key(self) -> &'static str {
        self.entry().key
    }

    /// The name of the file in a run folder.
    pub const fn file_name(self) -> &'static str {
        self.entry().file_name
    }

    /// Reads the word from the command line.
    pub fn from_key(key: &str) -> Option<Self> {
        REGISTRY.iter().find(|e| e.key == key).map(|e| e.format)
    }
}

/// Why a report could not be made; always our own fault.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A template is missing, does not parse, or names something the view does not hold.
    #[error("template {template} cannot be rendered: {cause}")]
    Template {
        /// Name of the template.
        template: String,
        /// What the template engine says.
        cause: String,
    },
    /// A chart could not be drawn.
    #[error("chart {chart} cannot be drawn: {cause}")]
    Chart {
        /// Name of the chart.
        chart: String,
        /// What the chart library says.
        cause: String,
    },
    /// The scorecard could not be written as JSON.
    #[error("the scorecard cannot be written as JSON: {0}")]
    Json(serde_json::Error),
    /// The test cases could not be written as XML.
    #[error("the JUnit file cannot be written: {0}")]
    Junit(#[from] quick_junit::SerializeError),
    /// It could not be written to where it goes; not our fault.
    #[error("the report cannot be written: {0}")]
    Write(#[from] io::Error),
}

impl From<serde_json::Error> for ReportError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() {
            Self::Write(error.into())
        } else {
            Self::Json(error)
        }
    }
}

/// Writes a report piece by piece, so that it is never in memory as a whole. The pieces are small, and may be
/// cut anywhere. The same input gives the same bytes.
pub fn write(
    format: Format,
    input: &ReportInput<'_>,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    (format.entry().write)(input, out)
}

/// A report as a text, for what is small or not for a file.
pub fn render(format: Format, input: &ReportInput<'_>) -> Result<String, ReportError> {
    let mut bytes = Vec::new();
    write(format, input, &mut bytes)?;
    String::from_utf8(bytes).map_err(|error| ReportError::Write(io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_in_the_registry_under_its_own_name() {
        assert_eq!(REGISTRY.len(), Format::ALL.len());
        for format in Format::ALL {
            assert_eq!(format.entry().format, *format);
            assert_eq!(Format::from_key(format.key()), Some(*format));
        }
    }
}
