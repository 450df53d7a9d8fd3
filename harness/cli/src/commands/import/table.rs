//! A CSV file as columns and rows, each row with its line. Not for what the columns mean.

use crate::failure::Failure;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// So many mistakes are told at once.
const MOST_TOLD: usize = 20;

/// A table with its heads in one spelling: small letters, single spaces.
#[derive(Debug)]
pub(super) struct Table {
    path: String,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Row>,
    mistakes: Vec<String>,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// Line in the file, from 1.
    pub(super) line: u64,
    cells: Vec<String>,
}

impl Row {
    /// The text of a cell, without spaces around it.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Lines of a text by places that never go back. The reader gives the place after the row before, so blank lines
/// between are passed over.
struct Lines<'t> {
    text: &'t [u8],
    place: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            place: 0,
            line: 1,
        }
    }

    fn of(&mut self, place: u64) -> u64 {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        while let Some(letter) = self.text.get(self.place) {
            if self.place >= place && !matches!(letter, b'\n' | b'\r') {
                break;
            }
            self.line += u64::from(*letter == b'\n');
            self.place += 1;
        }
        self.line
    }
}

/// Small letters, and single spaces for hyphens, underscores and line breaks.
fn plain(head: &str) -> String {
    head.to_lowercase()
        .split(|letter: char| letter.is_whitespace() || letter == '_' || letter == '-')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

impl Table {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let bytes = fs::read(path)
            .map_err(|error| Failure::usage(format!("error: failed to read `{shown}`: {error}")))?;
        Self::parse(shown, &bytes)
    }

    /// Reads a table; spreadsheets write a byte-order mark before it.
    pub(super) fn parse(path: String, bytes: &[u8]) -> Result<Self, Failure> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(Failure::usage(format!(
                "error: {path}: the file is not UTF-8\n  help: save it from the spreadsheet as \"CSV UTF-8\""
            )));
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut table = Self {
            path,
            heads: Vec::new(),
            rows: Vec::new(),
            mistakes: Vec::new(),
        };
        let mut lines = Lines::new(text);
        for record in reader.records() {
            let record = record
                .map_err(|error| Failure::usage(format!("error: {}: {error}", table.path)))?;
            let line = lines.of(record.position().map_or(0, csv::Position::byte));
            if record.iter().all(str::is_empty) {
                continue;
            }
            if table.heads.is_empty() {
                table.heads = record.iter().map(plain).collect();
            } else {
                table.add(line, &record);
            }
        }
        if table.heads.is_empty() {
            return Err(Failure::usage(format!(
                "error: {}: the file is empty\n  help: its first line names the columns",
                table.path
            )));
        }
        table.look_at_heads();
        Ok(table)
    }

    fn add(&mut self, line: u64, record: &csv::StringRecord) {
        if record.len() > self.heads.len() {
            let (found, known) = (record.len(), self.heads.len());
            self.mistake(
                line,
                &format!("there are {found} cells and {known} columns"),
                "put quotes around a text that holds a comma",
            );
        } else {
            self.rows.push(Row {
                line,
                cells: record.iter().map(str::to_owned).collect(),
            });
        }
    }

    fn look_at_heads(&mut self) {
        for (place, head) in self.heads.clone().iter().enumerate() {
            if self.heads[..place].contains(head) && !head.is_empty() {
                self.mistake(
                    1,
                    &format!("the column `{head}` is there twice"),
                    "remove one",
                );
            }
        }
    }

    /// Notes a mistake; [`Self::checked`] tells them.
    pub(super) fn mistake(&mut self, line: u64, what: &str, help: &str) {
        self.mistakes.push(format!(
            "error: {}:{line}: {what}\n  help: {help}",
            self.path
        ));
    }

    /// The place of the column with one of these names; a missing one is a mistake.
    pub(super) fn wanted(&mut self, names: &[&str]) -> usize {
        self.found(names).unwrap_or_else(|| {
            let heads = self.heads.join("`, `");
            self.mistake(
                1,
                &format!("the column `{}` is missing", names[0]),
                &format!("the columns are `{heads}`"),
            );
            usize::MAX
        })
    }

    /// The place of the column with one of these names.
    pub(super) fn found(&self, names: &[&str]) -> Option<usize> {
        self.heads
            .iter()
            .position(|head| names.contains(&head.as_str()))
    }

    /// Refuses columns that nobody knows; an empty head over empty cells is no column.
    pub(super) fn refuse_others(&mut self, known: &[usize], names: &str) {
        for (place, head) in self.heads.clone().iter().enumerate() {
            let is_blank =
                head.is_empty() && self.rows.iter().all(|row| row.cell(place).is_empty());
            if !known.contains(&place) && !is_blank {
                self.mistake(
                    1,
                    &format!("the column `{head}` is not known"),
                    &format!("the columns are {names}"),
                );
            }
        }
    }

    /// Tells the mistakes, if there are any.
    pub(super) fn checked(&self) -> Result<(), Failure> {
        if self.mistakes.is_empty() {
            return Ok(());
        }
        let mut told = self.mistakes[..self.mistakes.len().min(MOST_TOLD)].join("\n");
        if let Some(more) = self
            .mistakes
            .len()
            .checked_sub(MOST_TOLD)
            .filter(|n| *n > 0)
        {
            let _ = write!(told, "\nand {more} more");
        }
        told.push_str("\nnothing was imported");
        Err(Failure::usage(told))
    }
}
