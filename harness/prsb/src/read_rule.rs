//! Turns one row into one rule: a section, an item, or a rule of business. Not for files and tables: `read_rows`.

use crate::business::Predicate;
use crate::heading::Headings;
use crate::locator::{Carrier, Path, Place};
use crate::narrative::fold_label;
use crate::rule::{
    Business, Conformance, Item, Most, Rule, RuleId, Severity, Source, Subject, ValueType,
};
use crate::standard::{RowError, Standard};
use crate::table::Row;
use std::collections::BTreeMap;

const CONFORMANCE: [(&str, Conformance); 4] = [
    ("M", Conformance::Mandatory),
    ("R", Conformance::Required),
    ("O", Conformance::Optional),
    ("X", Conformance::Prohibited),
];

const SEVERITY: [(&str, Severity); 2] = [("must", Severity::Must), ("should", Severity::Should)];

/// What every rule has: its id, its place, its words, its source.
struct Frame {
    id: RuleId,
    section: String,
    section_title: String,
    severity: Severity,
    message: String,
    harm: String,
    source: Source,
}

fn frame(
    row: &Row<'_>,
    headings: &Headings,
    harm: &str,
    errors: &mut Vec<RowError>,
) -> Option<Frame> {
    let id = row.filled("id", errors);
    if !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        errors.push(row.error(
            "id",
            "the id holds more than letters, digits and hyphens",
            "write an id such as EDIS-ALG-01",
        ));
    }
    let section = row.get("section").to_owned();
    let heading = headings.get(&section);
    if !section.is_empty() && heading.is_none() {
        errors.push(row.error(
            "section",
            format!("`{section}` is no heading of headings.csv"),
            "write the key of a heading",
        ));
    }
    let severity = row.word("severity", &SEVERITY, errors);
    let harm = match row.get("harm") {
        "" => harm.to_owned(),
        own => own.to_owned(),
    };
    if harm.is_empty() {
        errors.push(row.error(
            "harm",
            "`harm` is empty",
            "say in one plain sentence what breaking the rule means for a patient",
        ));
    }
    let url = row.filled("source", errors);
    if !url.starts_with("https://") {
        errors.push(row.error(
            "source",
            "`source` is not a web address",
            "write the public address of the page, beginning with https://",
        ));
    }
    let read_first = row.day("read_first", errors);
    let read_second = row.day("read_second", errors);
    if read_second < read_first && !read_second.is_empty()
        || read_first.is_empty() && !read_second.is_empty()
    {
        errors.push(row.error(
            "read_second",
            "the second reading is before the first",
            "correct the dates",
        ));
    }
    Some(Frame {
        id: RuleId::from(id),
        section_title: heading
            .map_or("Whole document", |it| it.title.as_str())
            .to_owned(),
        section,
        severity: severity?,
        message: row.filled("message", errors),
        harm,
        source: Source {
            url,
            read_first,
            read_second,
            certainty: row.get("certainty").to_owned(),
        },
    })
}

impl Frame {
    fn rule(self, title: &str, conformance: Conformance, subject: Subject) -> Rule {
        Rule {
            id: self.id,
            section: self.section,
            section_title: self.section_title,
            title: title.to_owned(),
            conformance,
            severity: self.severity,
            subject,
            message: self.message,
            harm: self.harm,
            source: self.source,
        }
    }
}

/// The numbers of `min` and `max` have to say the same as the conformance.
fn counts(row: &Row<'_>, conformance: Conformance, errors: &mut Vec<RowError>) -> Option<Most> {
    let is_mandatory = conformance == Conformance::Mandatory;
    let min = row.word(
        "min",
        &[("0", false), ("1", true), ("", is_mandatory)],
        errors,
    )?;
    if min != is_mandatory {
        errors.push(row.error(
            "min",
            "`min` contradicts `conformance`",
            "M is at least 1, all others at least 0",
        ));
    }
    row.word(
        "max",
        &[("1", Most::One), ("*", Most::Many), ("", Most::Many)],
        errors,
    )
}

pub(crate) fn section(
    row: &Row<'_>,
    headings: &Headings,
    errors: &mut Vec<RowError>,
) -> Option<Rule> {
    let frame = frame(row, headings, "", errors)?;
    let conformance = row.word("conformance", &CONFORMANCE, errors)?;
    counts(row, conformance, errors)?;
    row.filled("section", errors);
    let title = frame.section_title.clone();
    Some(frame.rule(&title, conformance, Subject::Section))
}

pub(crate) fn item(
    row: &Row<'_>,
    standard: &Standard,
    harms: &BTreeMap<(String, String), String>,
    errors: &mut Vec<RowError>,
) -> Option<Rule> {
    let key = (
        row.get("standard").to_owned(),
        row.get("section").to_owned(),
    );
    let harm = harms.get(&key).map_or("", String::as_str);
    let frame = frame(row, &standard.headings, harm, errors)?;
    row.filled("section", errors);
    let title = row.filled("item", errors);
    let conformance = row.word("conformance", &CONFORMANCE, errors)?;
    let reason = row.get("untestable");
    if !reason.is_empty() {
        let reason = reason.to_owned();
        return Some(frame.rule(&title, conformance, Subject::Untestable { reason }));
    }
    let most = counts(row, conformance, errors)?;
    let value_type = row.word("type", ValueType::WORDS, errors)?;
    let values = Some(row.get("values").to_owned()).filter(|it| !it.is_empty());
    if let Some(name) = values
        .as_deref()
        .filter(|name| standard.lists.get(name).is_none())
    {
        errors.push(row.error(
            "values",
            format!("`{name}` is no list of values.csv"),
            "name a list, or leave it empty",
        ));
    }
    let carrier = row.word(
        "carrier",
        &[
            ("either", Carrier::Either),
            ("entry", Carrier::Entry),
            ("elements", Carrier::Elements),
            ("sub-heading", Carrier::SubHeading),
            ("whole-text", Carrier::WholeText),
        ],
        errors,
    )?;
    let mut labels: Vec<String> = row
        .parts("labels", ';')
        .into_iter()
        .map(fold_label)
        .collect();
    if labels.is_empty() {
        labels.push(fold_label(&title));
    }
    let item = Item {
        most,
        value_type,
        stu3: place(row, carrier, "each_stu3", "stu3", errors),
        r4: place(row, carrier, "each_r4", "r4", errors),
        values,
        labels,
    };
    Some(frame.rule(&title, conformance, Subject::Item(Box::new(item))))
}

fn place(
    row: &Row<'_>,
    carrier: Carrier,
    each: &str,
    column: &str,
    errors: &mut Vec<RowError>,
) -> Place {
    let mut read = |column: &str| -> Vec<Path> {
        let mut paths = Vec::new();
        for text in row.parts(column, '|') {
            match Path::read(text) {
                Ok(path) => paths.push(path),
                Err(cause) => {
                    errors.push(row.error(column, cause, "write it as the other rows do"));
                }
            }
        }
        paths
    };
    let (each, paths) = (read(each), read(column));
    let needs_paths = carrier == Carrier::Elements;
    let carrier = if needs_paths && paths.is_empty() {
        Carrier::Nothing
    } else {
        carrier
    };
    Place {
        each,
        paths,
        carrier,
    }
}

pub(crate) fn business(
    row: &Row<'_>,
    headings: &Headings,
    harms: &BTreeMap<(String, String), String>,
    errors: &mut Vec<RowError>,
) -> Option<Rule> {
    let key = (
        row.get("standard").to_owned(),
        row.get("section").to_owned(),
    );
    let harm = harms.get(&key).map_or("", String::as_str);
    let frame = frame(row, headings, harm, errors)?;
    let title = row.filled("rule", errors);
    let conformance = match frame.severity {
        Severity::Must => Conformance::Mandatory,
        Severity::Should => Conformance::Required,
    };
    let reason = row.get("untestable");
    if !reason.is_empty() {
        let reason = reason.to_owned();
        return Some(frame.rule(&title, conformance, Subject::Untestable { reason }));
    }
    let predicate = row.word("predicate", Predicate::WORDS, errors)?;
    let mut read = |column: &str| -> Vec<Path> {
        let mut paths = Vec::new();
        for text in row.parts(column, '|') {
            match Path::read(text) {
                Ok(path) => paths.push(path),
                Err(cause) => {
                    errors.push(row.error(column, cause, "write it as the other rows do"));
                }
            }
        }
        paths
    };
    let (stu3, r4) = (read("stu3"), read("r4"));
    let values: Vec<String> = row
        .parts("values", '|')
        .into_iter()
        .map(str::to_owned)
        .collect();
    if let Some(cause) = predicate.lacks(&stu3, &r4, &values) {
        errors.push(row.error(
            "predicate",
            cause,
            "fill the columns as the other rows with this predicate do",
        ));
    }
    let business = Business {
        predicate,
        stu3,
        r4,
        values,
    };
    Some(frame.rule(&title, conformance, Subject::Business(Box::new(business))))
}
