//! A heat map of domains as a table: the number in every cell, one colour in four steps.
//! Not for the colours: a cell has a tone, the style sheet has the colours.

use super::figure::{Cell, Row, Table};
use super::site::Dashboard;
use super::words::{month, points};
use plumbline_benchmark::national::Heat;
use serde::Serialize;

/// A heat map: the number in every cell.
#[derive(Serialize)]
pub(crate) struct Map {
    pub(crate) id: &'static str,
    title: String,
    caption: String,
    columns: Vec<String>,
    rows: Vec<MapRow>,
    pub(crate) table: Table,
    stamp: Option<&'static str>,
}

#[derive(Serialize)]
struct MapRow {
    name: &'static str,
    cells: Vec<MapCell>,
}

#[derive(Serialize)]
struct MapCell {
    text: String,
    tone: &'static str,
}

/// A heat map of domains, with its table.
pub(crate) fn map(dashboard: &Dashboard, id: &'static str, title: String, heat: &Heat) -> Map {
    let columns: Vec<String> = heat
        .columns
        .iter()
        .map(|column| {
            plumbline_benchmark::Month::parse(column).map_or_else(|| column.clone(), month)
        })
        .collect();
    let mut rows = Vec::new();
    for row in &heat.rows {
        for (column, cell) in columns.iter().zip(&row.cells) {
            let Some(cell) = cell else { continue };
            let parts = cell.counts.unwrap_or_default();
            let known = cell.counts.is_some();
            let number = |number: u32| {
                if known {
                    number.to_string()
                } else {
                    "–".to_owned()
                }
            };
            rows.push(Row::new(
                row.domain.label(),
                vec![
                    Cell::text(column),
                    Cell::number(number(parts.met())),
                    Cell::number(number(parts.of())),
                    Cell::number(points(cell.share)),
                    Cell::number(cell.organisations.to_string()),
                ],
            ));
        }
    }
    let heads = [
        "Domain",
        "Column",
        "#Kept every rule",
        "#Sampled",
        "#Out of 100",
        "#Organisations",
    ];
    Map {
        id,
        title,
        caption: format!(
            "Sampled messages that kept every required rule of the domain, out of 100; counts are in the \
             table. Higher is better. {}",
            dashboard.source()
        ),
        rows: heat
            .rows
            .iter()
            .map(|row| MapRow {
                name: row.domain.label(),
                cells: row
                    .cells
                    .iter()
                    .map(|cell| {
                        cell.map_or(
                            MapCell {
                                text: String::new(),
                                tone: "none",
                            },
                            |cell| MapCell {
                                text: format!("{:.0}", cell.share.percent().floor()),
                                tone: tone(cell.share.get()),
                            },
                        )
                    })
                    .collect(),
            })
            .collect(),
        columns,
        table: Table::new("The figures as a table", &heads, rows),
        stamp: dashboard.common.stamp.words(),
    }
}

/// Four steps of one colour; the number stands in the cell.
pub(crate) fn tone(share: f64) -> &'static str {
    match share {
        share if share >= 0.95 => "h4",
        share if share >= 0.85 => "h3",
        share if share >= 0.7 => "h2",
        _ => "h1",
    }
}
