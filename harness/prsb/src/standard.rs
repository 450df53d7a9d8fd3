//! One content standard: its rules, headings and lists, read from rows of text.
//! Not for judging by them, and not for finding the files.

use crate::heading::Headings;
use crate::kinds::Kinds;
use crate::read_rows;
use crate::rule::Rule;
use crate::value_list::Lists;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A mistake in a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowError {
    /// The file.
    pub path: String,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: u32,
    /// The column of the table by name; empty where the whole row is meant.
    pub column: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

/// One content standard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standard {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) rules: Vec<Arc<Rule>>,
    pub(crate) headings: Headings,
    pub(crate) kinds: Kinds,
    pub(crate) lists: Lists,
    /// By key of section: every sub-heading of its items, in small letters.
    pub(crate) labels: BTreeMap<String, Vec<String>>,
}

impl Standard {
    /// Reads the rows of the standard `id` (such as `edischarge`) from the files of a folder `prsb`, given by path
    /// and text. Files are told by their names: documents.csv, headings.csv, sections.csv, items.csv, rules.csv and
    /// values.csv; any other is a mistake. A byte-order mark is accepted.
    ///
    /// # Errors
    /// Every mistake in any of the rows, with file and line.
    pub fn read(id: &str, files: &[(&str, &str)]) -> Result<Self, Vec<RowError>> {
        read_rows::read(id, files)
    }

    /// The standards that the files hold rules for, by id.
    ///
    /// # Errors
    /// Mistakes in documents.csv.
    pub fn list(files: &[(&str, &str)]) -> Result<Vec<String>, Vec<RowError>> {
        read_rows::list(files)
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its version, as the source numbers it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Its rules: sections, then items by section, then rules of business; each in the order of the rows.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| rule.id.as_str() == id)
    }
}
