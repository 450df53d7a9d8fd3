//! All organisations, by name first: values with intervals, rank intervals and bands where the edition allows them.
//! Not a ranking: what cannot be told apart is said to be so.

use super::figure::{Cell, Csv, Figure, Row, Table};
use super::frame::{Frame, Link, Page};
use super::site::{Dashboard, DashboardPage, FOLDER};
use super::words::{counts, one_decimal, points};
use crate::charts::Plate;
use crate::charts::ranks::{self, Ranks};
use crate::format::ReportError;
use crate::view::words::{count, thousands};
use plumbline_benchmark::national::{League, LeagueRow, LeagueState, NotRanked, Standing};
use plumbline_benchmark::{Evidence, Proportion};
use plumbline_model::Domain;
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Serialize)]
struct View {
    frame: Frame,
    headline: String,
    lead: Vec<String>,
    orders: Vec<Link>,
    figures: Vec<Figure>,
    bands: Vec<BandView>,
    domains: Vec<&'static str>,
    ranked: bool,
    baseline: String,
    title: String,
    caption: String,
    groups: Vec<GroupView>,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct BandView {
    letter: String,
    members: usize,
    low: String,
    high: String,
    names: String,
}

/// Rows under one heading; the heading is empty where the order needs none.
#[derive(Serialize)]
struct GroupView {
    heading: String,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    name: String,
    href: Option<String>,
    about: String,
    value: String,
    interval: String,
    rank: String,
    bands: String,
    sampled: String,
    cells: Vec<CellView>,
    baseline: String,
    note: String,
}

#[derive(Serialize)]
struct CellView {
    text: String,
    tone: &'static str,
}

/// One of the questions that a league table must answer.
#[derive(Serialize)]
struct Test {
    question: &'static str,
    answer: &'static str,
}

/// In which order the same rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Name,
    Type,
    Region,
    Supplier,
    Value,
}

impl Order {
    const ALL: [Self; 5] = [
        Self::Name,
        Self::Type,
        Self::Region,
        Self::Supplier,
        Self::Value,
    ];

    const fn file(self) -> &'static str {
        match self {
            Self::Name => "league.html",
            Self::Type => "league-by-type.html",
            Self::Region => "league-by-region.html",
            Self::Supplier => "league-by-supplier.html",
            Self::Value => "league-by-value.html",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Name => "by name",
            Self::Type => "by type",
            Self::Region => "by region",
            Self::Supplier => "by supplier",
            Self::Value => "by value",
        }
    }

    fn heading(self, row: &LeagueRow) -> String {
        let organisation = &row.organisation;
        match self {
            Self::Name | Self::Value => String::new(),
            Self::Type => organisation.organisation_type.clone(),
            Self::Region => organisation.region.clone(),
            Self::Supplier => organisation.epr_supplier.clone(),
        }
    }
}

fn is_ranked(league: &League) -> bool {
    matches!(league.state, LeagueState::Ranked { .. })
}

pub(crate) fn pages(
    dashboard: &Dashboard,
    league: &League,
) -> Result<Vec<DashboardPage>, ReportError> {
    let orders: Vec<Order> = Order::ALL
        .into_iter()
        // An order by value where nobody is ranked would be a ranking all the same.
        .filter(|order| *order != Order::Value || is_ranked(league))
        .collect();
    let mut made = Vec::new();
    for order in &orders {
        made.extend(page(dashboard, league, *order, &orders)?);
    }
    Ok(made)
}

fn domains_of(league: &League) -> Vec<Domain> {
    let all: BTreeSet<Domain> = league
        .rows
        .iter()
        .flat_map(|row| row.domains.iter().map(|domain| domain.domain))
        .collect();
    all.into_iter().collect()
}

fn page(
    dashboard: &Dashboard,
    league: &League,
    order: Order,
    orders: &[Order],
) -> Result<Vec<DashboardPage>, ReportError> {
    let headline = headline(league);
    let domains = domains_of(league);
    let figures: Vec<Figure> = ranks_figure(dashboard, league).into_iter().collect();
    let table = csv_table(league);
    let mut csv = Csv::default();
    csv.add("organisations", &table);
    let mut contents = vec![
        ("summary", "Summary"),
        ("organisations", "The organisations"),
    ];
    if !figures.is_empty() {
        contents.insert(1, ("ranks", "Rank intervals"));
    }
    if !league.bands.is_empty() {
        contents.push(("bands", "Bands"));
    }
    contents.extend([
        ("tests", "What a league table must answer"),
        ("not-shown", "What is not shown"),
    ]);
    let contents = contents
        .into_iter()
        .map(|(id, text)| (id.to_owned(), text.to_owned()))
        .collect();
    let frame = dashboard.common.frame(Page {
        path: order.file(),
        headline: &headline,
        about: "All organisations",
        own: Vec::new(),
        contents,
        not_shown: vec![
            "An organisation is more than its record system: this compares messages and rules, not care.".to_owned(),
            "Types of organisation exchange different things; compare within a type.".to_owned(),
            "Mergers and new systems since the results are not shown.".to_owned(),
        ],
    });
    let view = View {
        frame,
        headline,
        lead: lead(league),
        orders: orders
            .iter()
            .map(|one| Link {
                href: one.file().to_owned(),
                text: one.label().to_owned(),
                current: *one == order,
            })
            .collect(),
        figures,
        bands: bands(league),
        ranked: is_ranked(league),
        baseline: baseline(league),
        title: format!(
            "{}, {}",
            count(league.rows.len(), "organisation", "organisations"),
            order.label()
        ),
        caption: caption(dashboard),
        groups: groups(dashboard, league, order, &domains),
        domains: domains.iter().map(|domain| domain.label()).collect(),
        tests: tests(),
    };
    let text = dashboard.engine.pour("league", &view)?;
    Ok(Dashboard::with_csv(
        order.file(),
        text,
        csv.finish(dashboard.common.stamp),
    ))
}

fn caption(dashboard: &Dashboard) -> String {
    format!(
        "Value: geometric mean of the domains beside it, with its 95% interval. Domains: sampled messages \
         that kept every required rule. All out of 100; higher is better. {}",
        dashboard.source()
    )
}

fn headline(league: &League) -> String {
    let all = league.rows.len();
    match &league.state {
        LeagueState::Ranked {
            ranked,
            median_width,
        } => format!(
            "{ranked} of {all} organisations have a rank interval, and half of the intervals are \
             {median_width} places wide or wider"
        ),
        LeagueState::NotRanked { reason } => match reason {
            NotRanked::EditionNotInForce { .. } => {
                format!("{all} organisations, and nobody is ranked: the edition is not in force")
            }
            NotRanked::NothingToCompare | NotRanked::NoResult | NotRanked::TooLittleEvidence => {
                format!("{all} organisations, and nobody can be ranked")
            }
        },
    }
}

fn lead(league: &League) -> Vec<String> {
    match &league.state {
        LeagueState::Ranked { .. } => vec![
            "A rank interval says between which places an organisation may stand, given how few messages \
             were sampled. Wherever two intervals overlap, the order of the two is not known."
                .to_owned(),
            format!(
                "Organisations with the same letter cannot be told apart ({}); one may have more than one \
                 letter.",
                count(league.bands.len(), "band", "bands")
            ),
        ],
        LeagueState::NotRanked { reason } => vec![
            reason.sentence(),
            "The figures below stand in the order of names, without ranks and without bands.".to_owned(),
        ],
    }
}

fn ranks_figure(dashboard: &Dashboard, league: &League) -> Option<Figure> {
    let ranked: Vec<(&LeagueRow, Ranks)> = league
        .rows
        .iter()
        .filter_map(|row| match &row.standing {
            Standing::Ranked { rank, .. } => Some((
                row,
                Ranks {
                    best: u32::try_from(rank.best).ok()?,
                    worst: u32::try_from(rank.worst).ok()?,
                },
            )),
            Standing::NotRanked { .. } => None,
        })
        .collect();
    if ranked.len() < 2 {
        return None;
    }
    let last = u32::try_from(ranked.len()).unwrap_or(u32::MAX);
    let quarter = last.div_ceil(4);
    let sure = |inside: &dyn Fn(Ranks) -> bool| ranked.iter().filter(|(_, r)| inside(*r)).count();
    let top = sure(&|ranks| ranks.worst <= quarter);
    let bottom = sure(&|ranks| ranks.best > last - quarter);
    let title = format!(
        "{top} of {last} have their whole interval in the highest quarter, {bottom} in the lowest"
    );
    let plate = Plate {
        id: "ranks-chart".to_owned(),
        title: title.clone(),
        description: format!(
            "{last} lines, one for each organisation, from the best to the worst place it may have."
        ),
        stamp: dashboard.common.stamp,
    };
    let drawn: Vec<Ranks> = ranked.iter().map(|(_, ranks)| *ranks).collect();
    let rows = ranked
        .iter()
        .map(|(row, ranks)| {
            Row::new(
                row.organisation.name.clone(),
                vec![Cell::number(format!("{} to {}", ranks.best, ranks.worst))],
            )
        })
        .collect();
    Some(Figure::new(
        "ranks",
        title,
        format!(
            "95% interval of the place of each organisation, n = {last}. Up is better. {}",
            dashboard.source()
        ),
        ranks::draw(&drawn, &plate),
        Table::new(
            "The figures as a table, by name",
            &["Organisation", "#Between places"],
            rows,
        ),
    ))
}

fn bands(league: &League) -> Vec<BandView> {
    league
        .bands
        .iter()
        .map(|band| BandView {
            letter: band.letter.clone(),
            members: band.members.len(),
            low: points(band.low),
            high: points(band.high),
            names: {
                let names = band.members.iter().map(|code| {
                    let row = league
                        .rows
                        .iter()
                        .find(|row| row.organisation.code == *code);
                    row.map_or_else(|| code.to_string(), |row| row.organisation.name.clone())
                });
                names.collect::<Vec<_>>().join(", ")
            },
        })
        .collect()
}

fn baseline(league: &League) -> String {
    let scores = league.rows.iter().filter_map(|row| row.baseline.as_ref());
    scores
        .map(|score| score.year)
        .max()
        .map_or_else(String::new, |year| format!("Published maturity, {year}"))
}

fn groups(
    dashboard: &Dashboard,
    league: &League,
    order: Order,
    domains: &[Domain],
) -> Vec<GroupView> {
    let mut rows: Vec<&LeagueRow> = league.rows.iter().collect();
    let value = |row: &LeagueRow| row.overall.map(|overall| overall.share);
    match order {
        Order::Name => {}
        Order::Type | Order::Region | Order::Supplier => {
            rows.sort_by_key(|row| order.heading(row));
        }
        Order::Value => rows.sort_by_key(|row| std::cmp::Reverse(value(row))),
    }
    let mut made: Vec<GroupView> = Vec::new();
    for row in rows {
        let heading = order.heading(row);
        if made.last().is_none_or(|group| group.heading != heading) {
            made.push(GroupView {
                heading,
                rows: Vec::new(),
            });
        }
        if let Some(group) = made.last_mut() {
            group.rows.push(row_view(dashboard, league, row, domains));
        }
    }
    made
}

fn sampled(row: &LeagueRow) -> String {
    if row.sampled == Proportion::default() {
        "none".to_owned()
    } else {
        counts(row.sampled)
    }
}

fn standing(league: &League, row: &LeagueRow) -> (String, String) {
    match &row.standing {
        Standing::Ranked { rank, bands } => {
            let letters: Vec<&str> = bands
                .iter()
                .filter_map(|band| Some(league.bands.get(*band)?.letter.as_str()))
                .collect();
            (
                format!("{} to {}", rank.best, rank.worst),
                letters.join(" "),
            )
        }
        Standing::NotRanked { .. } => ("–".to_owned(), "–".to_owned()),
    }
}

fn note(row: &LeagueRow) -> String {
    match &row.evidence {
        Evidence::Ranked => String::new(),
        Evidence::Compared { shortfalls } | Evidence::Insufficient { shortfalls } => shortfalls
            .first()
            .map_or_else(String::new, |shortfall| shortfall.sentence()),
    }
}

fn row_view(
    dashboard: &Dashboard,
    league: &League,
    row: &LeagueRow,
    domains: &[Domain],
) -> RowView {
    let organisation = &row.organisation;
    let (rank, bands) = standing(league, row);
    let (value, interval) = row.overall.map_or_else(
        || ("–".to_owned(), "–".to_owned()),
        |overall| {
            (
                points(overall.share),
                format!(
                    "{} to {}",
                    points(overall.interval.low),
                    points(overall.interval.high)
                ),
            )
        },
    );
    let cell = |domain: &Domain| {
        let figures = row.domains.iter().find(|one| one.domain == *domain);
        let share = figures.and_then(|one| one.figures.sampled.share());
        share.map_or_else(
            || CellView {
                text: String::new(),
                tone: "none",
            },
            |share| CellView {
                text: format!("{:.0}", share.percent().floor()),
                tone: super::map::tone(share.get()),
            },
        )
    };
    RowView {
        name: organisation.name.clone(),
        href: dashboard.page_of(&organisation.code, FOLDER),
        about: format!(
            "{}, {}",
            organisation.organisation_type, organisation.region
        ),
        value,
        interval,
        rank,
        bands,
        sampled: sampled(row),
        cells: domains.iter().map(cell).collect(),
        baseline: row
            .baseline
            .as_ref()
            .map_or_else(|| "–".to_owned(), |score| one_decimal(score.score.get())),
        note: note(row),
    }
}

fn csv_table(league: &League) -> Table {
    let rows = league
        .rows
        .iter()
        .map(|row| {
            let organisation = &row.organisation;
            let (rank, bands) = standing(league, row);
            let overall = |pick: fn(plumbline_benchmark::national::Overall) -> f64| {
                Cell::number(row.overall.map_or_else(String::new, |overall| {
                    crate::charts::canvas::place(pick(overall) * 100.0)
                }))
            };
            Row::new(
                format!("{} {}", organisation.code, organisation.name),
                vec![
                    Cell::text(organisation.organisation_type.clone()),
                    Cell::text(organisation.region.clone()),
                    Cell::text(format!(
                        "{} {}",
                        organisation.epr_supplier, organisation.epr_version
                    )),
                    Cell::number(row.sampled.met().to_string()),
                    Cell::number(row.sampled.of().to_string()),
                    overall(|overall| overall.share.get()),
                    overall(|overall| overall.interval.low.get()),
                    overall(|overall| overall.interval.high.get()),
                    Cell::text(rank),
                    Cell::text(bands),
                    Cell::text(note(row)),
                ],
            )
        })
        .collect();
    let heads = [
        "Organisation",
        "Type",
        "Region",
        "Supplier and version",
        "#Kept every rule",
        "#Sampled",
        "#Value",
        "#95% interval from",
        "#to",
        "Between places",
        "Bands",
        "What is missing",
    ];
    let mut table = Table::new(
        format!("{} organisations", thousands(league.rows.len())),
        &heads,
        rows,
    );
    table.long = true;
    table
}

fn tests() -> Vec<Test> {
    vec![
        Test {
            question: "Is it accurate and objective?",
            answer: "Every figure comes from automated tests and sampled messages, with its counts and its \
                     interval. Who may be compared is decided by stated minimums, before anybody looks at \
                     the result.",
        },
        Test {
            question: "Does it show what matters to the public?",
            answer: "It shows whether a record that one team writes reaches the next one whole. It does \
                     not show waiting, outcomes or kindness.",
        },
        Test {
            question: "Is it clear what it shows and what it does not?",
            answer: "Bands and rank intervals say what is not known; the list at the end of each page says \
                     what was not looked at.",
        },
        Test {
            question: "Are perverse incentives dealt with?",
            answer: "Fewer tests or fewer messages do not help: below the minimum there is no place at \
                     all. The scope is declared before the run and results of other scopes are left out \
                     and counted. Samples are still drawn by the organisation itself: that remains open.",
        },
    ]
}
