//! What fails most often in the country, with counts, sources and what is marked safety-relevant.
//! Not for one organisation's failures: its own page has them.

use super::figure::{Cell, Csv, Figure, Row, Table};
use super::frame::{Frame, Page};
use super::own_figures::described;
use super::site::{Dashboard, DashboardPage};
use super::words::{counts, counts_and_share, many};
use crate::charts::bars::{self, Bar};
use crate::charts::{Plate, Reading};
use crate::format::ReportError;
use crate::view::words::count;
use plumbline_benchmark::national::{FailedRow, MostFailed};
use plumbline_model::Level;
use serde::Serialize;

#[derive(Serialize)]
struct View {
    frame: Frame,
    headline: String,
    lead: Vec<String>,
    figures: Vec<Figure>,
    suppliers: Table,
}

const PATH: &str = "most-failed.html";
/// Bars drawn; the table has all rules.
const DRAWN: usize = 15;

pub(crate) fn page(
    dashboard: &Dashboard,
    failed: &MostFailed,
) -> Result<Vec<DashboardPage>, ReportError> {
    let broken: Vec<&FailedRow> = failed
        .rows
        .iter()
        .filter(|row| row.broken.met() > 0)
        .collect();
    let headline = headline(failed, &broken);
    let figures: Vec<Figure> = figure(dashboard, failed, &broken).into_iter().collect();
    let suppliers = suppliers(&broken);
    let mut csv = Csv::default();
    for figure in &figures {
        csv.add(&figure.id, &figure.table);
    }
    csv.add("suppliers", &suppliers);
    let mut contents = vec![("summary", "Summary")];
    if !figures.is_empty() {
        contents.extend([("failed", "Rules"), ("suppliers", "By supplier")]);
    }
    contents.push(("not-shown", "What is not shown"));
    let frame = dashboard.common.frame(Page {
        path: PATH,
        headline: &headline,
        about: "Most-failed requirements",
        own: Vec::new(),
        contents: contents
            .into_iter()
            .map(|(id, text)| (id.to_owned(), text.to_owned()))
            .collect(),
        not_shown: vec![
            "A rule that is broken often may be written badly, tested wrongly, or not be needed; ask before \
             blaming."
                .to_owned(),
            "How many patients a broken rule touches is not known.".to_owned(),
            "Severities are planning defaults until somebody signs them off: they mark, they do not rank.".to_owned(),
        ],
    });
    let view = View {
        frame,
        lead: lead(failed, &broken),
        headline,
        figures,
        suppliers,
    };
    let text = dashboard.engine.pour("failed", &view)?;
    Ok(Dashboard::with_csv(
        PATH,
        text,
        csv.finish(dashboard.common.stamp),
    ))
}

fn headline(failed: &MostFailed, broken: &[&FailedRow]) -> String {
    match broken.first() {
        None if failed.organisations == 0 => "No organisation has a result to count".to_owned(),
        None => format!(
            "No rule is broken at any of {}",
            count(failed.organisations, "organisation", "organisations")
        ),
        Some(first) => format!(
            "{} organisations break the rule that fails most, \u{201c}{}\u{201d}",
            counts(first.broken),
            first.title.trim_end_matches('.')
        ),
    }
}

fn lead(failed: &MostFailed, broken: &[&FailedRow]) -> Vec<String> {
    let marked = broken
        .iter()
        .filter(|row| row.severity.is_safety_relevant())
        .count();
    let required = broken
        .iter()
        .filter(|row| row.level == Level::Shall)
        .count();
    vec![format!(
        "{} of {} rules that were tested are broken somewhere, {required} of them required and {marked} \
         marked safety-relevant. One rule that many break is cheaper to mend once, at the supplier or in \
         the standard, than at every organisation.",
        broken.len(),
        failed.rows.len()
    )]
}

fn marked(row: &FailedRow) -> &'static str {
    if row.severity.is_safety_relevant() {
        ", marked safety-relevant"
    } else {
        ""
    }
}

const fn level(of: Level) -> &'static str {
    match of {
        Level::Shall => "required",
        Level::Should => "good practice",
        Level::May => "optional",
    }
}

fn figure(dashboard: &Dashboard, failed: &MostFailed, broken: &[&FailedRow]) -> Option<Figure> {
    if broken.is_empty() {
        return None;
    }
    let drawn = broken.len().min(DRAWN);
    let safety = broken
        .iter()
        .take(drawn)
        .filter(|row| row.severity.is_safety_relevant())
        .count();
    let title = format!(
        "The {} that fail most often: {safety} of {drawn} are marked safety-relevant",
        count(drawn, "rule", "rules")
    );
    let bars: Vec<Bar> = broken
        .iter()
        .take(DRAWN)
        .map(|row| Bar {
            label: row.title.clone(),
            note: format!("{}, {}{}", row.id, level(row.level), marked(row)),
            part: row.broken.met(),
            whole: row.broken.of(),
            words: format!("{} break it", counts(row.broken)),
            reading: if row.severity.is_safety_relevant() {
                Reading::Worse
            } else {
                Reading::Same
            },
        })
        .collect();
    let plate = Plate {
        id: "failed-chart".to_owned(),
        title: title.clone(),
        description: described(
            bars.iter()
                .map(|bar| format!("{}: {}", bar.note, bar.words)),
        ),
        stamp: dashboard.common.stamp,
    };
    let rows = broken.iter().map(|row| table_row(dashboard, row)).collect();
    let heads = [
        "Rule",
        "What it asks for",
        "Level",
        "Domain",
        "#Break it",
        "#Decided",
        "#Undecided",
        "Marked",
        "Source",
    ];
    Some(Figure {
        notes: vec![
            "Dark orange: marked safety-relevant, a planning default. Grey: not marked.".to_owned(),
        ],
        ..Figure::new(
            "failed",
            title,
            format!(
                "Organisations that break the rule, of those where it was decided; n = {}. Longer is \
                 worse. {}",
                count(failed.organisations, "organisation", "organisations"),
                dashboard.source()
            ),
            bars::draw(&bars, &plate),
            Table::new("All broken rules, with their sources", &heads, rows),
        )
    })
}

fn table_row(dashboard: &Dashboard, row: &FailedRow) -> Row {
    let source = match dashboard.rule_link(&row.id) {
        Some((text, href)) => Cell::link(text, Some(href)),
        None => Cell::text("none given"),
    };
    let safety = if row.severity.is_safety_relevant() {
        "safety-relevant"
    } else {
        ""
    };
    Row::new(
        row.id.to_string(),
        vec![
            Cell::text(row.title.clone()),
            Cell::text(level(row.level)),
            Cell::text(row.domain.label()),
            Cell::number(row.broken.met().to_string()),
            Cell::number(row.broken.of().to_string()),
            Cell::number(row.undecided.to_string()),
            Cell::text(safety),
            source,
        ],
    )
}

/// The same rules by supplier.
fn suppliers(broken: &[&FailedRow]) -> Table {
    let mut names: Vec<&str> = broken
        .iter()
        .take(DRAWN)
        .flat_map(|row| row.by_supplier.iter().map(|(name, _)| name.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    let rows = broken
        .iter()
        .take(DRAWN)
        .map(|row| {
            let cells = names.iter().map(|name| {
                let part = row.by_supplier.iter().find(|(one, _)| one == name);
                Cell::number(part.map_or_else(
                    || "–".to_owned(),
                    |(_, part)| {
                        if many(part.of()) == 0 {
                            "–".to_owned()
                        } else {
                            counts_and_share(*part)
                        }
                    },
                ))
            });
            Row::new(row.id.to_string(), cells.collect())
        })
        .collect();
    let heads: Vec<String> = std::iter::once("Rule".to_owned())
        .chain(names.iter().map(|name| format!("#{name}")))
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    Table::new("By supplier of the record system", &heads, rows)
}
