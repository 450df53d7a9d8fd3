//! Products on the common core, domain by domain: tested by themselves, and in use.
//! Not one figure over all domains, and never the two kinds of result added.

use super::figure::{Cell, Csv, Figure, Row, Table};
use super::frame::{Frame, Page};
use super::own_figures::described;
use super::site::{Dashboard, DashboardPage};
use super::words::{changed, counts, mark, points, reading};
use crate::charts::dots::{self, Group, Row as DotRow};
use crate::charts::{Plate, Reading};
use crate::format::ReportError;
use crate::view::words::{count, inside};
use plumbline_benchmark::national::{InUseRow, Overall, ProductRow, Products};
use plumbline_benchmark::{Bounds, Proportion};
use plumbline_model::Domain;
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Serialize)]
struct View {
    frame: Frame,
    headline: String,
    lead: Vec<String>,
    in_use: Vec<Figure>,
    tested: Vec<Figure>,
    untested: Vec<String>,
    upgrades: Table,
}

const PATH: &str = "products.html";

pub(crate) fn page(
    dashboard: &Dashboard,
    products: &Products,
) -> Result<Vec<DashboardPage>, ReportError> {
    let in_use: Vec<Figure> = in_use_domains(products)
        .into_iter()
        .filter_map(|domain| in_use_figure(dashboard, products, domain))
        .collect();
    let tested: Vec<Figure> = tested_domains(products)
        .into_iter()
        .map(|domain| tested_figure(dashboard, products, domain))
        .collect();
    let upgrades = upgrades(products);
    let headline = headline(products, &in_use);
    let mut csv = Csv::default();
    for figure in in_use.iter().chain(&tested) {
        csv.add(&figure.id, &figure.table);
    }
    csv.add("upgrades", &upgrades);
    let parts = [
        (true, "summary", "Summary"),
        (!in_use.is_empty(), "in-use", "In use"),
        (!upgrades.rows.is_empty(), "upgrades", "Upgrades"),
        (
            !products.tested.is_empty(),
            "tested",
            "Tested by themselves",
        ),
        (true, "not-shown", "What is not shown"),
    ];
    let contents = parts
        .into_iter()
        .filter(|(there, _, _)| *there)
        .map(|(_, id, text)| (id.to_owned(), text.to_owned()))
        .collect();
    let frame = dashboard.common.frame(Page {
        path: PATH,
        headline: &headline,
        about: "Products",
        own: Vec::new(),
        contents,
        not_shown: vec![
            "A product in use is the product and the people who run it: a low figure may be either.".to_owned(),
            "Organisations are not assigned to products by chance; large ones may choose one and small \
             ones another."
                .to_owned(),
            "There is no figure over all domains, because one would hide where a product is weak.".to_owned(),
        ],
    });
    let view = View {
        frame,
        lead: lead(products),
        headline,
        untested: untested(products),
        in_use,
        tested,
        upgrades,
    };
    let text = dashboard.engine.pour("products", &view)?;
    Ok(Dashboard::with_csv(
        PATH,
        text,
        csv.finish(dashboard.common.stamp),
    ))
}

fn headline(products: &Products, in_use: &[Figure]) -> String {
    match (products.in_use.len(), products.tested.len()) {
        (0, 0) => "No product has a result that can be compared".to_owned(),
        (used, _) if used > 0 && !in_use.is_empty() => {
            let apart = told_apart(products);
            let versions = count(used, "version in use", "versions in use");
            let of = in_use.len();
            match apart.as_slice() {
                [] => {
                    format!("{versions}: in none of {of} domains do lowest and highest stand apart")
                }
                [(domain, lowest)] => format!(
                    "{versions}: {lowest} is lowest in {}; in the other {} of {of} domains the intervals overlap",
                    inside(domain.label()),
                    of - 1
                ),
                many => format!(
                    "{versions}: lowest and highest stand apart in {} of {of} domains",
                    many.len()
                ),
            }
        }
        (_, 0) => "Too few organisations use any one version for a comparison".to_owned(),
        (_, tested) => format!(
            "{} tested on the common core; too few are in use to compare",
            count(tested, "product was", "products were")
        ),
    }
}

fn lead(products: &Products) -> Vec<String> {
    let mut said = Vec::new();
    if !products.in_use.is_empty() {
        said.push(
            "First, versions in use: what organisations that run them achieve. Then, products tested by \
             themselves in a test environment. The two kinds of result are never added."
                .to_owned(),
        );
    }
    if products.tested.is_empty() {
        said.push("No product run on the common core was given.".to_owned());
    }
    said
}

fn in_use_domains(products: &Products) -> BTreeSet<Domain> {
    let rows = products.in_use.iter().flat_map(|row| &row.domains);
    rows.filter(|one| one.mean.is_some())
        .map(|one| one.domain)
        .collect()
}

fn tested_domains(products: &Products) -> BTreeSet<Domain> {
    let rows = products.tested.iter().flat_map(|row| &row.domains);
    rows.filter(|one| one.figures.bounds.is_some())
        .map(|one| one.domain)
        .collect()
}

/// What all charts of versions in use must have room for.
fn in_use_ends(products: &Products) -> Vec<f64> {
    let means = products.in_use.iter().flat_map(|row| &row.domains);
    means
        .filter_map(|one| one.mean)
        .flat_map(|mean| [mean.interval.low.get(), mean.interval.high.get()])
        .collect()
}

/// What all charts of tested products must have room for.
fn tested_ends(products: &Products) -> Vec<f64> {
    let domains = products.tested.iter().flat_map(|row| &row.domains);
    domains
        .filter_map(|one| one.figures.bounds)
        .flat_map(|bounds| [bounds.low.get(), bounds.high.get()])
        .collect()
}

/// The domains in which the lowest interval ends below the highest, with the lowest version.
fn told_apart(products: &Products) -> Vec<(Domain, String)> {
    let domains = in_use_domains(products).into_iter();
    domains
        .filter_map(|domain| {
            let known: Vec<(String, Overall)> = products
                .in_use
                .iter()
                .filter_map(|row| {
                    let mean = row.domains.iter().find(|one| one.domain == domain)?.mean?;
                    Some((version_in_use(row), mean))
                })
                .collect();
            let (low, lowest) = known.iter().min_by_key(|(_, mean)| mean.share)?;
            let (_, highest) = known.iter().max_by_key(|(_, mean)| mean.share)?;
            (lowest.interval.high < highest.interval.low).then(|| (domain, low.clone()))
        })
        .collect()
}

fn version_in_use(row: &InUseRow) -> String {
    format!("{} {}", row.product, row.version)
}

/// What the highest and the lowest intervals allow to be said.
fn spread_title(domain: Domain, known: &[(String, Overall)]) -> String {
    let lowest = known.iter().min_by_key(|(_, mean)| mean.share);
    let highest = known.iter().max_by_key(|(_, mean)| mean.share);
    match (lowest, highest) {
        (Some((low, low_mean)), Some((high, high_mean))) if low != high => {
            if low_mean.interval.high < high_mean.interval.low {
                format!(
                    "{domain}: {low} is lowest ({}) and {high} highest ({}); their intervals do not overlap",
                    points(low_mean.share),
                    points(high_mean.share)
                )
            } else {
                format!(
                    "{domain}: between {} and {}; even the intervals of the lowest and the highest overlap",
                    points(low_mean.share),
                    points(high_mean.share)
                )
            }
        }
        _ => format!("{domain}: one version alone has enough organisations"),
    }
}

fn mean_in(row: &InUseRow, domain: Domain) -> Option<Overall> {
    row.domains.iter().find(|one| one.domain == domain)?.mean
}

/// Rules met of those decided, their bounds, and how many are undecided.
fn rules_in(row: &ProductRow, domain: Domain) -> Option<(Proportion, Bounds, u32)> {
    let figures = row.domains.iter().find(|one| one.domain == domain)?.figures;
    Some((figures.rules, figures.bounds?, figures.undecided))
}

fn in_use_figure(dashboard: &Dashboard, products: &Products, domain: Domain) -> Option<Figure> {
    let mean_of = |row: &InUseRow| mean_in(row, domain);
    let known: Vec<(String, Overall)> = products
        .in_use
        .iter()
        .filter_map(|row| Some((version_in_use(row), mean_of(row)?)))
        .collect();
    if known.is_empty() {
        return None;
    }
    let rows: Vec<DotRow> = products
        .in_use
        .iter()
        .map(|row| DotRow {
            name: version_in_use(row),
            share: mean_of(row).map(|mean| {
                (
                    mean.share.get(),
                    mean.interval.low.get(),
                    mean.interval.high.get(),
                )
            }),
            reading: Reading::Same,
            words: match mean_of(row) {
                Some(_) => count(row.organisations, "organisation", "organisations"),
                None => format!("too few: {}", row.organisations),
            },
        })
        .collect();
    let title = spread_title(domain, &known);
    let id = format!("in-use-{}", domain.key());
    let plate = Plate {
        id: format!("{id}-chart"),
        title: title.clone(),
        description: described(
            known
                .iter()
                .map(|(name, mean)| format!("{name} {}", points(mean.share))),
        ),
        stamp: dashboard.common.stamp,
    };
    let organisations: usize = products.in_use.iter().map(|row| row.organisations).sum();
    Some(Figure {
        inner: true,
        narrow: "as-table",
        ..Figure::new(
            &id,
            title,
            format!(
                "Mean of the organisations that use the version, n = {}, with 95% interval over \
                 organisations; none of fewer than 8. Right is better. {}",
                count(organisations, "organisation", "organisations"),
                dashboard.source()
            ),
            dots::draw(
                &[Group {
                    heading: String::new(),
                    rows,
                }],
                &in_use_ends(products),
                &plate,
            ),
            in_use_table(products, domain),
        )
    })
}

/// The table behind the chart.
fn in_use_table(products: &Products, domain: Domain) -> Table {
    let mean_of = |row: &InUseRow| mean_in(row, domain);
    let table = products
        .in_use
        .iter()
        .map(|row| {
            let cells = mean_of(row).map_or_else(
                || ["–".to_owned(), "–".to_owned(), "–".to_owned()],
                |mean| [mean.share, mean.interval.low, mean.interval.high].map(points),
            );
            let mut all = vec![
                Cell::text(row.supplier.clone()),
                Cell::number(row.organisations.to_string()),
            ];
            all.extend(cells.map(Cell::number));
            Row::new(version_in_use(row), all)
        })
        .collect();
    let heads = [
        "Product and version",
        "Supplier",
        "#Organisations",
        "#Mean, out of 100",
        "#95% interval from",
        "#to",
    ];
    Table::new("The figures as a table", &heads, table)
}

fn tested_name(row: &ProductRow) -> String {
    format!("{} {}", row.product, row.version)
}

fn tested_figure(dashboard: &Dashboard, products: &Products, domain: Domain) -> Figure {
    let of = |row: &ProductRow| rules_in(row, domain);
    let rows: Vec<DotRow> = products
        .tested
        .iter()
        .map(|row| {
            let figures = of(row);
            DotRow {
                name: tested_name(row),
                share: figures.and_then(|(rules, bounds, _)| {
                    Some((rules.share()?.get(), bounds.low.get(), bounds.high.get()))
                }),
                reading: match figures {
                    Some((rules, _, _)) if rules.met() == rules.of() => Reading::Better,
                    Some(_) => Reading::Worse,
                    None => Reading::Unsure,
                },
                words: figures
                    .map_or_else(|| "not tested".to_owned(), |(rules, _, _)| counts(rules)),
            }
        })
        .collect();
    let failing = rows
        .iter()
        .filter(|row| row.reading == Reading::Worse)
        .count();
    let title = if failing == 0 {
        format!("{domain}: no product that was tested breaks a required rule")
    } else {
        format!(
            "{domain}: {failing} of {} products break a required rule",
            rows.len()
        )
    };
    let id = format!("tested-{}", domain.key());
    let plate = Plate {
        id: format!("{id}-chart"),
        title: title.clone(),
        description: described(rows.iter().map(|row| format!("{} {}", row.name, row.words))),
        stamp: dashboard.common.stamp,
    };
    let groups = [Group {
        heading: String::new(),
        rows,
    }];
    Figure {
        inner: true,
        narrow: "as-table",
        ..Figure::new(
            &id,
            title,
            format!(
                "Required rules of the common core met, of those decided, out of 100; n = {}. Right is \
                 better. Bar: from the worst case of the undecided rules to the best. {}",
                count(products.tested.len(), "product", "products"),
                dashboard.source()
            ),
            dots::draw(&groups, &tested_ends(products), &plate),
            tested_table(products, domain),
        )
    }
}

/// The table behind the chart.
fn tested_table(products: &Products, domain: Domain) -> Table {
    let of = |row: &ProductRow| rules_in(row, domain);
    let table = products
        .tested
        .iter()
        .filter_map(|row| {
            let (rules, bounds, undecided) = of(row)?;
            Some(Row::new(
                tested_name(row),
                vec![
                    Cell::text(row.supplier.clone()),
                    Cell::number(rules.met().to_string()),
                    Cell::number(rules.of().to_string()),
                    Cell::number(undecided.to_string()),
                    Cell::number(format!("{} to {}", points(bounds.low), points(bounds.high))),
                ],
            ))
        })
        .collect();
    let heads = [
        "Product and version",
        "Supplier",
        "#Met",
        "#Decided",
        "#Undecided",
        "#If the undecided fail, or are met",
    ];
    Table::new("The figures as a table", &heads, table)
}

/// Products without the evidence that a public statement needs.
fn untested(products: &Products) -> Vec<String> {
    products
        .tested
        .iter()
        .filter(|row| !row.evidence.may_be_compared())
        .map(|row| {
            let missing: Vec<String> = row
                .evidence
                .shortfalls()
                .iter()
                .map(|shortfall| shortfall.sentence())
                .collect();
            format!("{}: {}", tested_name(row), missing.join(" "))
        })
        .collect()
}

fn upgrades(products: &Products) -> Table {
    let rows = products
        .upgrades
        .iter()
        .map(|one| {
            let (low, high) = one.interval;
            Row::new(
                format!("{} {} to {}", one.product, one.from, one.to),
                vec![
                    Cell::text(inside(one.domain.label())),
                    Cell::number(one.organisations.to_string()),
                    Cell::number(format!("{:+.1}", one.change.get() * 100.0)),
                    Cell::number(format!(
                        "{:+.1} to {:+.1}",
                        low.get() * 100.0,
                        high.get() * 100.0
                    )),
                    Cell::marked(mark(reading(one.verdict), changed(one.verdict))),
                ],
            )
        })
        .collect();
    let heads = [
        "Upgrade",
        "Domain",
        "#Organisations",
        "#Mean change, out of 100",
        "#Interval",
        "Reading",
    ];
    Table::new("Upgrades", &heads, rows)
}
