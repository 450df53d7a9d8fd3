//! The method page: versions, formulas, seed, weights, what was left out and why, what is not known.
//! Not for results.

use super::figure::{Cell, Csv, Row, Table};
use super::frame::{Frame, Page};
use super::site::{Dashboard, DashboardPage};
use crate::format::ReportError;
use crate::view::words::{count, day, thousands};
use plumbline_benchmark::ResultKind;
use plumbline_benchmark::national::Method;
use serde::Serialize;

#[derive(Serialize)]
struct View {
    frame: Frame,
    headline: String,
    compared: Vec<Vec<String>>,
    versions: Vec<Vec<String>>,
    weights: Table,
    excluded: Table,
    excluded_title: String,
    formulas: Vec<FormulaView>,
    minimum: Vec<String>,
    not_known: Vec<String>,
}

#[derive(Serialize)]
struct FormulaView {
    what: String,
    how: String,
    source: String,
}

const PATH: &str = "method.html";

pub(crate) fn page(
    dashboard: &Dashboard,
    method: &Method,
) -> Result<Vec<DashboardPage>, ReportError> {
    let headline = "How these pages were made, and what they leave out".to_owned();
    let weights = weights(method);
    let excluded = excluded(method);
    let mut csv = Csv::default();
    csv.add("weights", &weights);
    csv.add("left-out", &excluded);
    let contents = [
        ("compared", "What is compared"),
        ("left-out", "What is left out"),
        ("minimum", "Least evidence"),
        ("formulas", "Formulas"),
        ("weights", "Weights"),
        ("versions", "Versions"),
        ("not-known", "What is not known"),
        ("not-shown", "What is not shown"),
    ];
    let frame = dashboard.common.frame(Page {
        path: PATH,
        headline: &headline,
        about: "Method",
        own: Vec::new(),
        contents: contents
            .into_iter()
            .map(|(id, text)| (id.to_owned(), text.to_owned()))
            .collect(),
        not_shown: vec![
            "These pages do not say that any organisation or product is safe.".to_owned(),
            "National bodies assure products; Plumbline gives evidence.".to_owned(),
        ],
    });
    let left_out: usize = method.excluded.iter().map(|one| one.runs).sum();
    let view = View {
        frame,
        headline,
        compared: compared(dashboard),
        versions: versions(dashboard, method),
        weights,
        excluded_title: match left_out {
            0 => "No result was left out".to_owned(),
            left_out => format!(
                "{} {} left out of comparisons, each for one reason",
                thousands(left_out),
                if left_out == 1 {
                    "result was"
                } else {
                    "results were"
                }
            ),
        },
        excluded,
        formulas: method
            .formulas
            .iter()
            .map(|formula| FormulaView {
                what: formula.what.clone(),
                how: formula.how.clone(),
                source: formula.source.clone(),
            })
            .collect(),
        minimum: method.minimum_evidence.clone(),
        not_known: method.not_known.clone(),
    };
    let text = dashboard.engine.pour("method", &view)?;
    Ok(Dashboard::with_csv(
        PATH,
        text,
        csv.finish(dashboard.common.stamp),
    ))
}

fn pair(name: &str, value: impl Into<String>) -> Vec<String> {
    vec![name.to_owned(), value.into()]
}

fn compared(dashboard: &Dashboard) -> Vec<Vec<String>> {
    let Some(core) = &dashboard.core else {
        return vec![pair("Pack", "none: no result could be compared")];
    };
    vec![
        pair(
            "Pack",
            format!("{} {} ({})", core.title, core.pack.version, core.pack.id),
        ),
        pair("Edition", core.pack.edition.clone()),
        pair("Status of the edition", core.edition_status.to_string()),
        pair("Files of the pack, SHA-256", core.pack.fingerprint.clone()),
        pair("Environment", core.environment.to_string()),
        pair("Results from", day(&core.from.to_string())),
        pair("As of", day(&dashboard.common.as_of)),
        pair(
            "Organisations with a result that counts",
            thousands(core.organisations),
        ),
        pair("Results in that time", thousands(core.runs)),
    ]
}

fn versions(dashboard: &Dashboard, method: &Method) -> Vec<Vec<String>> {
    vec![
        pair(
            "Results were made by Plumbline",
            listed(&method.plumbline_versions),
        ),
        pair("Figures were computed by", method.computed_by.clone()),
        pair(
            "Pages were made by",
            format!("plumbline-reports {}", env!("CARGO_PKG_VERSION")),
        ),
        pair("Seed of the rank simulation", method.seed.to_string()),
        pair(
            "Draws of the rank simulation",
            thousands(usize::try_from(method.draws).unwrap_or(usize::MAX)),
        ),
        pair("Name of this site", dashboard.common.site.clone()),
    ]
}

fn listed(all: &[String]) -> String {
    if all.is_empty() {
        "none".to_owned()
    } else {
        all.join(", ")
    }
}

fn weights(method: &Method) -> Table {
    let rows = method
        .weights
        .iter()
        .map(|(domain, weight)| Row::new(domain.label(), vec![Cell::number(weight.to_string())]))
        .collect();
    Table::new("Weights of the domains", &["Domain", "#Weight"], rows)
}

const fn kind(of: ResultKind) -> &'static str {
    match of {
        ResultKind::Product => "product",
        ResultKind::Deployment => "deployment",
        ResultKind::Inspection => "inspection",
        ResultKind::Performance => "live operation",
    }
}

fn excluded(method: &Method) -> Table {
    let rows = method
        .excluded
        .iter()
        .map(|one| {
            Row::new(
                one.reason.label(),
                vec![
                    Cell::text(kind(one.kind)),
                    Cell::number(count(one.runs, "result", "results")),
                ],
            )
        })
        .collect();
    Table::new(
        "What was left out",
        &["Reason", "Kind of result", "#How many"],
        rows,
    )
}
