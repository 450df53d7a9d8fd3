//! Reads a table of rows with named columns; each mistake is told with file, line and column. Not for what a row means.

use crate::standard::RowError;
use std::collections::BTreeMap;

/// One row.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    path: &'a str,
    pub(crate) line: u32,
    fields: BTreeMap<&'static str, String>,
}

impl Row<'_> {
    /// A field without white space at its ends.
    pub(crate) fn get(&self, column: &str) -> &str {
        self.fields.get(column).map_or("", String::as_str)
    }

    /// A field of parts, each without white space at its ends.
    pub(crate) fn parts(&self, column: &str, separator: char) -> Vec<&str> {
        let parts = self.get(column).split(separator).map(str::trim);
        parts.filter(|part| !part.is_empty()).collect()
    }

    pub(crate) fn error(
        &self,
        column: &str,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) -> RowError {
        RowError {
            path: self.path.to_owned(),
            line: self.line,
            column: column.to_owned(),
            cause: cause.into(),
            fix: fix.into(),
        }
    }

    /// A field that must not be empty.
    pub(crate) fn filled(&self, column: &str, errors: &mut Vec<RowError>) -> String {
        let text = self.get(column).to_owned();
        if text.is_empty() {
            errors.push(self.error(column, format!("`{column}` is empty"), "fill it in"));
        }
        text
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(
        &self,
        column: &str,
        words: &[(&str, T)],
        errors: &mut Vec<RowError>,
    ) -> Option<T> {
        let text = self.get(column);
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            errors.push(self.error(
                column,
                format!("`{column}` cannot be `{text}`"),
                format!("write one of: {}", all.join(", ")),
            ));
        }
        found.map(|(_, value)| *value)
    }

    /// A day as `YYYY-MM-DD`, or nothing.
    pub(crate) fn day(&self, column: &str, errors: &mut Vec<RowError>) -> String {
        let text = self.get(column).to_owned();
        let is_day = text.len() == 10 && crate::dates::is_date(&text);
        if !text.is_empty() && !is_day {
            errors.push(self.error(
                column,
                format!("`{text}` is no day"),
                "write a real day as YYYY-MM-DD, or leave it empty",
            ));
        }
        text
    }
}

/// Reads the rows of a table with these columns, in any order; every one has to be there and no other.
pub(crate) fn read<'a>(
    path: &'a str,
    text: &str,
    columns: &'static [&'static str],
    errors: &mut Vec<RowError>,
) -> Vec<Row<'a>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut header: Option<Vec<&'static str>> = None;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                errors.push(whole(
                    path,
                    line,
                    "this row is no CSV",
                    "save the file as CSV in UTF-8",
                ));
                return rows;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let Some(header) = &header else {
            header = read_header(path, &record, columns, errors);
            if header.is_none() {
                return rows;
            }
            continue;
        };
        if record.len() != header.len() {
            let cause = format!(
                "this row has {} fields where the header has {}",
                record.len(),
                header.len()
            );
            errors.push(whole(
                path,
                line,
                &cause,
                "put a field that holds a comma in quotation marks, and leave no column out",
            ));
            continue;
        }
        let fields = header.iter().zip(record.iter());
        rows.push(Row {
            path,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            fields: fields
                .map(|(name, text)| (*name, text.trim().to_owned()))
                .collect(),
        });
    }
    if header.is_none() {
        let fix = format!("begin with the header {}", columns.join(","));
        errors.push(whole(path, 1, "the file is empty", &fix));
    }
    rows
}

fn whole(path: &str, line: u64, cause: &str, fix: &str) -> RowError {
    RowError {
        path: path.to_owned(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: String::new(),
        cause: cause.to_owned(),
        fix: fix.to_owned(),
    }
}

fn read_header(
    path: &str,
    record: &csv::StringRecord,
    columns: &'static [&'static str],
    errors: &mut Vec<RowError>,
) -> Option<Vec<&'static str>> {
    let before = errors.len();
    let mut header = Vec::new();
    for name in record {
        let name = name.trim();
        match columns.iter().find(|column| **column == name) {
            None => {
                let fix = format!("the columns are {}", columns.join(", "));
                errors.push(whole(path, 1, &format!("`{name}` is not a column"), &fix));
            }
            Some(column) if header.contains(column) => {
                errors.push(whole(
                    path,
                    1,
                    &format!("the column `{name}` is there twice"),
                    "remove one of the two",
                ));
            }
            Some(column) => header.push(*column),
        }
    }
    for column in columns {
        if !header.contains(column) {
            let fix = format!("the columns are {}", columns.join(", "));
            errors.push(whole(
                path,
                1,
                &format!("the column `{column}` is missing"),
                &fix,
            ));
        }
    }
    (errors.len() == before).then_some(header)
}
