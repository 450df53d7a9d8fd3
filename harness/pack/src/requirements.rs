//! requirements.csv: one row, one testable rule.
//! Not for joining rules to scenarios: see [`crate::lint`].

use crate::csv_fields::field_ranges;
use crate::dates::is_date;
use crate::pack_file::{PackFile, is_web_address};
use crate::source::Source;
use crate::suggest::{closest, instead};
use plumbline_model::{
    Capability, Domain, InteropLevel, Level, Requirement, RequirementId, Severity,
    requirement::Source as Reading,
};
use std::collections::BTreeMap;
use std::ops::Range;

/// The columns, in this order by custom; any order is read.
const COLUMNS: [&str; 16] = [
    "id",
    "level",
    "title",
    "domain",
    "interop_level",
    "severity",
    "harm",
    "capability",
    "source_document",
    "source_section",
    "source_url",
    "read_first",
    "read_second",
    "not_tested_reason",
    "legal_basis",
    "applies_to",
];

/// A rule with the places that later messages point at.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) requirement: Requirement,
    pub(crate) id_range: Range<usize>,
    pub(crate) reason_range: Range<usize>,
}

/// What a file of rules gives.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// The rules that could be read, in the order of the file.
    pub(crate) rows: Vec<Row>,
    /// Every id that was named, also of rows with mistakes.
    pub(crate) ids: BTreeMap<String, u32>,
}

/// One row under reading.
struct Fields<'s> {
    source: &'s Source<'s>,
    columns: &'s BTreeMap<&'static str, usize>,
    record: csv::StringRecord,
    ranges: Vec<Range<usize>>,
}

impl Fields<'_> {
    fn get(&self, column: &str) -> &str {
        self.columns
            .get(column)
            .and_then(|i| self.record.get(*i))
            .map_or("", str::trim)
    }

    fn range(&self, column: &str) -> Range<usize> {
        self.columns
            .get(column)
            .and_then(|i| self.ranges.get(*i).cloned())
            .unwrap_or(0..0)
    }

    fn error(&self, column: &str, cause: impl Into<String>, fix: impl Into<String>) {
        self.source.error(self.range(column), cause, fix);
    }

    /// A text that must not be empty.
    fn filled(&self, column: &str, fix: &str) -> String {
        let text = self.get(column);
        if text.is_empty() {
            self.error(column, format!("`{column}` is empty"), fix);
        }
        text.to_owned()
    }

    /// One of a few words.
    fn word<T>(&self, column: &str, read: impl Fn(&str) -> Option<T>, words: &[&str]) -> Option<T> {
        let text = self.get(column);
        let value = read(text);
        if value.is_none() {
            self.error(
                column,
                format!("`{column}` cannot be `{text}`"),
                instead(text, words),
            );
        }
        value
    }

    /// A date or nothing.
    fn date(&self, column: &str) -> String {
        let text = self.get(column);
        if !text.is_empty() && !is_date(text) {
            self.error(
                column,
                format!("`{column}` is not a date: `{text}`"),
                "write a real day as YYYY-MM-DD, or leave it empty",
            );
        }
        text.to_owned()
    }
}

/// Reads the rules; `None` if the header does not say which column is which. Without pack.toml, standards and capabilities are not checked.
pub(crate) fn read(source: &Source<'_>, pack: Option<&PackFile>) -> Option<Rules> {
    let mut rules = Rules::default();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(source.text.as_bytes());
    let mut columns: Option<BTreeMap<&'static str, usize>> = None;
    let mut width = 0;
    for record in reader.records() {
        let Ok(record) = record else { break };
        let start = record
            .position()
            .and_then(|p| usize::try_from(p.byte()).ok())
            .unwrap_or(0);
        let ranges = field_ranges(source.text, start);
        let Some(columns) = &columns else {
            width = record.len();
            columns = read_header(source, &record, &ranges);
            columns.as_ref()?;
            continue;
        };
        if record.len() != width {
            let row = ranges.first().map_or(0, |r| r.start)..ranges.last().map_or(0, |r| r.end);
            source.error(
                row,
                format!(
                    "this row has {} fields where the header has {width}",
                    record.len()
                ),
                "put a field that holds a comma in quotation marks, and leave no column out",
            );
            if let Some(id) = columns.get("id").and_then(|i| record.get(*i)) {
                let line = source.line(ranges.first().map_or(0, |r| r.start));
                rules.ids.entry(id.trim().to_owned()).or_insert(line);
            }
            continue;
        }
        let fields = Fields {
            source,
            columns,
            record,
            ranges,
        };
        read_row(&fields, pack, &mut rules);
    }
    if columns.is_none() {
        source.error(
            0..0,
            "requirements.csv is empty",
            format!("begin with the header {}", COLUMNS.join(",")),
        );
        return None;
    }
    Some(rules)
}

fn read_header(
    source: &Source<'_>,
    record: &csv::StringRecord,
    ranges: &[Range<usize>],
) -> Option<BTreeMap<&'static str, usize>> {
    let mut columns = BTreeMap::new();
    let mut good = true;
    for (index, name) in record.iter().enumerate() {
        let range = ranges.get(index).cloned().unwrap_or(0..0);
        let name = name.trim();
        match COLUMNS.iter().find(|c| **c == name) {
            Some(column) if columns.contains_key(column) => {
                source.error(
                    range,
                    format!("the column `{name}` is there twice"),
                    "remove one of the two",
                );
                good = false;
            }
            Some(column) => {
                columns.insert(*column, index);
            }
            None => {
                source.error(
                    range,
                    format!("`{name}` is not a column"),
                    instead(name, &COLUMNS),
                );
                good = false;
            }
        }
    }
    for column in COLUMNS {
        // A misspelt column is one mistake, not two.
        let misspelt = record.iter().any(|n| closest(n.trim(), [column]).is_some());
        if !columns.contains_key(column) && !misspelt {
            source.error(
                0..0,
                format!("the column `{column}` is missing"),
                format!("add it to the header: {}", COLUMNS.join(",")),
            );
            good = false;
        }
    }
    good.then_some(columns)
}

fn read_row(fields: &Fields<'_>, pack: Option<&PackFile>, rules: &mut Rules) {
    let id = fields.filled("id", "give the rule a stable id such as ABC-PAT-001");
    let line = fields.source.line(fields.range("id").start);
    if !id.is_empty() {
        if !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            fields.error(
                "id",
                format!("the id `{id}` holds more than letters, digits and hyphens"),
                "write an id such as ABC-PAT-001",
            );
        }
        if let Some(first) = rules.ids.get(&id) {
            fields.error(
                "id",
                format!("the id `{id}` is already used in line {first}"),
                "give each rule its own id",
            );
            return;
        }
        rules.ids.insert(id.clone(), line);
    }
    let levels: Vec<&str> = Level::ALL.iter().map(|v| v.key()).collect();
    let domains: Vec<&str> = Domain::ALL.iter().map(|v| v.key()).collect();
    let interop: Vec<&str> = InteropLevel::ALL.iter().map(|v| v.key()).collect();
    let level = fields.word("level", Level::from_key, &levels);
    let domain = fields.word("domain", Domain::from_key, &domains);
    let interop_level = fields.word("interop_level", InteropLevel::from_key, &interop);
    let severity = fields.word(
        "severity",
        |text| text.parse().ok().and_then(Severity::new),
        &["1", "2", "3", "4", "5"],
    );
    let title = fields.filled("title", "say the rule in one sentence of your own words");
    let harm = fields.filled(
        "harm",
        "say in one plain sentence what its failure means for a patient",
    );
    let capability = fields.filled("capability", "name the capability that the rule belongs to");
    let document = fields.filled("source_document", "name a standard of pack.toml");
    let section = fields.filled("source_section", "name the page or section");
    let url = fields.get("source_url").to_owned();
    if !is_web_address(&url) {
        fields.error(
            "source_url",
            "`source_url` is not a web address",
            "write the public address of the page, beginning with https://",
        );
    }
    if let Some(pack) = pack {
        check_against_pack(fields, pack, &document, &capability);
    }
    let read_first = fields.date("read_first");
    let read_second = fields.date("read_second");
    if read_first.is_empty() && !read_second.is_empty() {
        fields.error(
            "read_first",
            "there is a second reading but no first",
            "fill in `read_first`",
        );
    } else if read_second < read_first && !read_second.is_empty() {
        fields.error(
            "read_second",
            "the second reading is before the first",
            "exchange or correct the dates",
        );
    }
    let (Some(level), Some(domain), Some(interop_level), Some(severity)) =
        (level, domain, interop_level, severity)
    else {
        return;
    };
    rules.rows.push(Row {
        id_range: fields.range("id"),
        reason_range: fields.range("not_tested_reason"),
        requirement: Requirement {
            id: RequirementId::new(id),
            level,
            title,
            domain,
            interop_level,
            severity,
            harm,
            capability: Capability::new(capability),
            source: Reading {
                document,
                section,
                url,
                read_first,
                read_second,
            },
            not_tested_reason: fields.get("not_tested_reason").to_owned(),
            legal_basis: fields.get("legal_basis").to_owned(),
            applies_to: fields.get("applies_to").to_owned(),
        },
    });
}

fn check_against_pack(fields: &Fields<'_>, pack: &PackFile, document: &str, capability: &str) {
    let standards: Vec<&str> = pack.standard_ids.iter().map(String::as_str).collect();
    if !document.is_empty() && !standards.contains(&document) {
        fields.error(
            "source_document",
            format!("`{document}` is not a standard of pack.toml"),
            instead(document, &standards),
        );
    }
    let capabilities: Vec<&str> = pack.capabilities();
    if !capability.is_empty() && !capabilities.contains(&capability) {
        fields.error(
            "capability",
            format!("the capability `{capability}` is in no scope profile of pack.toml"),
            instead(capability, &capabilities),
        );
    }
}
