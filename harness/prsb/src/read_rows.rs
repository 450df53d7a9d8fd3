//! Turns the rows of the files of a folder `prsb` into a standard. Not for judging; wording of mistakes is here.

use crate::heading::Headings;
use crate::kinds::{Kind, Kinds};
use crate::read_rule::{business, item, section};
use crate::rule::{Rule, Subject};
use crate::standard::{RowError, Standard};
use crate::table::{self, Row};
use crate::value_list::Lists;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Each file by the end of its path, with its columns.
const FILES: [(&str, &[&str]); 6] = [
    (
        "documents.csv",
        &[
            "kind",
            "standard",
            "title",
            "version",
            "type_codes",
            "profiles",
            "marks",
            "title_words",
            "source",
        ],
    ),
    (
        "headings.csv",
        &["section", "title", "snomed", "codes", "source"],
    ),
    (
        "values.csv",
        &["list", "system", "codes", "edition", "source"],
    ),
    (
        "sections.csv",
        &[
            "id",
            "standard",
            "version",
            "section",
            "conformance",
            "min",
            "max",
            "severity",
            "message",
            "harm",
            "source",
            "read_first",
            "read_second",
            "certainty",
        ],
    ),
    (
        "items.csv",
        &[
            "id",
            "standard",
            "version",
            "section",
            "item",
            "conformance",
            "min",
            "max",
            "type",
            "values",
            "carrier",
            "labels",
            "each_stu3",
            "stu3",
            "each_r4",
            "r4",
            "severity",
            "message",
            "harm",
            "untestable",
            "source",
            "read_first",
            "read_second",
            "certainty",
        ],
    ),
    (
        "rules.csv",
        &[
            "id",
            "standard",
            "version",
            "section",
            "rule",
            "predicate",
            "stu3",
            "r4",
            "values",
            "severity",
            "message",
            "harm",
            "untestable",
            "source",
            "read_first",
            "read_second",
            "certainty",
        ],
    ),
];

/// The rows of all files.
struct Rows<'a> {
    tables: BTreeMap<&'static str, Vec<Row<'a>>>,
    errors: Vec<RowError>,
}

pub(crate) fn list(files: &[(&str, &str)]) -> Result<Vec<String>, Vec<RowError>> {
    let rows = Rows::of(files);
    let mut ids: Vec<String> = Vec::new();
    for row in rows.table("documents.csv") {
        let id = row.get("standard");
        if !id.is_empty() && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    if rows.errors.is_empty() {
        Ok(ids)
    } else {
        Err(rows.errors)
    }
}

pub(crate) fn read(id: &str, files: &[(&str, &str)]) -> Result<Standard, Vec<RowError>> {
    let mut rows = Rows::of(files);
    let mut errors = std::mem::take(&mut rows.errors);
    let mut standard = Standard {
        id: id.to_owned(),
        ..Standard::default()
    };
    read_headings(
        rows.table("headings.csv"),
        &mut standard.headings,
        &mut errors,
    );
    read_lists(rows.table("values.csv"), &mut standard.lists, &mut errors);
    let of_it = rows
        .table("documents.csv")
        .iter()
        .find(|row| row.get("standard") == id);
    match of_it {
        Some(row) => {
            standard.title = row.filled("title", &mut errors);
            standard.version = row.filled("version", &mut errors);
        }
        None => errors.push(RowError {
            path: "documents.csv".to_owned(),
            line: 0,
            column: "standard".to_owned(),
            cause: format!("no document has the standard `{id}`"),
            fix: "add a row for its documents, or name another standard".to_owned(),
        }),
    }
    read_kinds(
        rows.table("documents.csv"),
        &standard.headings,
        &mut standard.kinds,
        &mut errors,
    );
    let mut seen = BTreeMap::new();
    let mut harms = BTreeMap::new();
    for row in rows.table("sections.csv") {
        let rule = section(row, &standard.headings, &mut errors);
        harms.insert(
            (
                row.get("standard").to_owned(),
                row.get("section").to_owned(),
            ),
            row.get("harm").to_owned(),
        );
        keep(&mut standard, row, rule, &mut seen, &mut errors);
    }
    for row in rows.table("items.csv") {
        let rule = item(row, &standard, &harms, &mut errors);
        keep(&mut standard, row, rule, &mut seen, &mut errors);
    }
    for row in rows.table("rules.csv") {
        let rule = business(row, &standard.headings, &harms, &mut errors);
        keep(&mut standard, row, rule, &mut seen, &mut errors);
    }
    standard.labels = labels(&standard.rules);
    if errors.is_empty() {
        Ok(standard)
    } else {
        errors.sort();
        Err(errors)
    }
}

impl<'a> Rows<'a> {
    fn of(files: &[(&'a str, &str)]) -> Self {
        let mut rows = Self {
            tables: BTreeMap::new(),
            errors: Vec::new(),
        };
        for (path, text) in files {
            let name = path.rsplit('/').next().unwrap_or(path);
            match FILES.iter().find(|(file, _)| *file == name) {
                Some((file, columns)) => {
                    let table = table::read(path, text, columns, &mut rows.errors);
                    rows.tables.entry(file).or_default().extend(table);
                }
                None => rows
                    .errors
                    .push(file_error(path, "this file is none of a content standard")),
            }
        }
        for (file, _) in FILES {
            if !rows.tables.contains_key(file) {
                rows.errors.push(file_error(
                    file,
                    "this file of the content standard is missing",
                ));
            }
        }
        rows
    }

    fn table(&self, name: &str) -> &[Row<'a>] {
        self.tables.get(name).map_or(&[], Vec::as_slice)
    }
}

fn file_error(path: &str, cause: &str) -> RowError {
    let names: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    RowError {
        path: path.to_owned(),
        line: 0,
        column: String::new(),
        cause: cause.to_owned(),
        fix: format!("the files are {}", names.join(", ")),
    }
}

/// Keeps a rule of this standard; one id is for one rule of all standards.
fn keep(
    standard: &mut Standard,
    row: &Row<'_>,
    rule: Option<Rule>,
    seen: &mut BTreeMap<String, u32>,
    errors: &mut Vec<RowError>,
) {
    let id = row.get("id").to_owned();
    if let Some(line) = seen.insert(id.clone(), row.line) {
        errors.push(row.error(
            "id",
            format!("the id `{id}` is already used in line {line}"),
            "give each rule its own id",
        ));
    }
    if row.get("standard").is_empty() {
        errors.push(row.error("standard", "`standard` is empty", "name the standard"));
    }
    if row.get("standard") == standard.id {
        if row.get("version") != standard.version {
            errors.push(row.error(
                "version",
                "the version is not that of documents.csv",
                "write the version of the standard in each of its rows",
            ));
        }
        standard.rules.extend(rule.map(Arc::new));
    }
}

fn read_headings(rows: &[Row<'_>], headings: &mut Headings, errors: &mut Vec<RowError>) {
    for row in rows {
        let key = row.filled("section", errors);
        let title = row.filled("title", errors);
        let snomed = row.get("snomed");
        if !snomed.is_empty() && plumbline_model::snomed_code_fault(snomed).is_some() {
            errors.push(row.error("snomed", "this is no SNOMED CT concept", "correct the code"));
        }
        if let Err(taken) = headings.add(&key, &title, snomed, &row.parts("codes", ' ')) {
            errors.push(row.error(
                "section",
                format!("`{taken}` is there twice"),
                "one heading has one row, and a code leads to one heading",
            ));
        }
    }
}

fn read_lists(rows: &[Row<'_>], lists: &mut Lists, errors: &mut Vec<RowError>) {
    for row in rows {
        let name = row.filled("list", errors);
        row.filled("codes", errors);
        row.filled("edition", errors);
        lists.add(&name, row.get("system"), &row.parts("codes", ' '));
    }
}

fn read_kinds(
    rows: &[Row<'_>],
    headings: &Headings,
    kinds: &mut Kinds,
    errors: &mut Vec<RowError>,
) {
    let owned =
        |parts: Vec<&str>| -> Vec<String> { parts.into_iter().map(str::to_owned).collect() };
    for row in rows {
        row.filled("kind", errors);
        let marks = owned(row.parts("marks", ' '));
        for mark in marks.iter().filter(|mark| headings.get(mark).is_none()) {
            errors.push(row.error(
                "marks",
                format!("`{mark}` is no heading of headings.csv"),
                "name a section",
            ));
        }
        kinds.0.push(Kind {
            standard: row.get("standard").to_owned(),
            title: row.filled("title", errors),
            type_codes: owned(row.parts("type_codes", ' ')),
            profiles: owned(row.parts("profiles", ' ')),
            marks,
            title_words: owned(row.parts("title_words", ';')),
        });
    }
}

/// Every sub-heading of the items of each section.
fn labels(rules: &[Arc<Rule>]) -> BTreeMap<String, Vec<String>> {
    let mut labels: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for rule in rules {
        let of_section = labels.entry(rule.section.clone()).or_default();
        if let Subject::Item(item) = &rule.subject {
            of_section.extend(item.labels.iter().cloned());
        }
    }
    labels
}
