//! The first page: what this is, whose data, what was found, how to read it, and a link to every page.
//! Not for figures that have pages of their own.

use super::figure::{Cell, Csv, Row, Table};
use super::frame::{Frame, Page};
use super::site::{Dashboard, DashboardPage, FOLDER, own_file};
use super::words::{counts, points};
use crate::charts::Stamp;
use crate::format::ReportError;
use crate::view::words::{count, day, thousands};
use plumbline_benchmark::national::{LeagueRow, LeagueState, National};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    frame: Frame,
    headline: String,
    lead: Vec<String>,
    synthetic: bool,
    findings: Vec<FindingView>,
    organisations_title: String,
    groups: Vec<GroupView>,
}

#[derive(Serialize)]
struct FindingView {
    href: &'static str,
    title: &'static str,
    text: String,
}

/// The organisations of one type.
#[derive(Serialize)]
struct GroupView {
    title: String,
    /// A long list is folded.
    open: bool,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    name: String,
    code: String,
    href: Option<String>,
    peers: String,
    trend: String,
    region: String,
    supplier: String,
    stands: String,
}

const PATH: &str = "index.html";
/// Up to this many organisations are listed unfolded.
const SHORT: usize = 40;

pub(crate) fn page(
    dashboard: &Dashboard,
    national: &National,
) -> Result<Vec<DashboardPage>, ReportError> {
    let headline = headline(dashboard, national);
    let mut csv = Csv::default();
    csv.add("organisations", &csv_table(national));
    let frame = dashboard.common.frame(Page {
        path: PATH,
        headline: &headline,
        about: "Overview",
        own: Vec::new(),
        contents: [
            ("summary", "Summary"),
            ("findings", "What was found"),
            ("how-to-read", "How to read it"),
            ("organisations", "Organisations"),
            ("not-shown", "What is not shown"),
        ]
        .into_iter()
        .map(|(id, text)| (id.to_owned(), text.to_owned()))
        .collect(),
        not_shown: vec![
            "Only what automated tests and sampled messages can see; nothing about care, people or money.".to_owned(),
            "Organisations without enough evidence are listed, and not compared.".to_owned(),
        ],
    });
    let view = View {
        frame,
        lead: lead(dashboard, national),
        headline,
        synthetic: match dashboard.common.stamp {
            Stamp::Synthetic => true,
            Stamp::Real => false,
        },
        findings: findings(national),
        organisations_title: count(national.league.rows.len(), "organisation", "organisations"),
        groups: groups(dashboard, national),
    };
    let text = dashboard.engine.pour("home", &view)?;
    Ok(Dashboard::with_csv(
        PATH,
        text,
        csv.finish(dashboard.common.stamp),
    ))
}

fn headline(dashboard: &Dashboard, national: &National) -> String {
    let all = national.league.rows.len();
    let (one, many) = match dashboard.common.stamp {
        Stamp::Synthetic => ("invented organisation", "invented organisations"),
        Stamp::Real => ("organisation", "organisations"),
    };
    let kind = count(all, one, many);
    let Some(core) = &national.core else {
        return format!("{kind}, and no result that can be compared");
    };
    let compared = format!("{} of {kind} compared", thousands(core.organisations));
    match &national.league.state {
        LeagueState::Ranked { median_width, .. } => {
            format!("{compared}; half of their places are uncertain by {median_width} or more")
        }
        LeagueState::NotRanked { .. } => format!("{compared}; nobody is ranked"),
    }
}

fn lead(dashboard: &Dashboard, national: &National) -> Vec<String> {
    let mut said = vec![
        "These pages compare how well the record systems of organisations keep to interoperability \
         standards: whether what one team writes reaches the next one whole."
            .to_owned(),
    ];
    match &national.core {
        Some(core) => said.push(format!(
            "Compared are {} of {} on {} {}, from {} to {}.",
            count(core.runs, "result", "results"),
            count(core.organisations, "organisation", "organisations"),
            core.title,
            core.pack.version,
            day(&core.from.to_string()),
            day(&dashboard.common.as_of)
        )),
        None => said.push(
            "No result could be compared; the method page counts what was left out, and why."
                .to_owned(),
        ),
    }
    if let LeagueState::NotRanked { reason } = &national.league.state {
        said.push(reason.sentence());
    }
    said
}

fn findings(national: &National) -> Vec<FindingView> {
    let broken = national
        .most_failed
        .rows
        .iter()
        .find(|row| row.broken.met() > 0);
    let fails = broken.map_or_else(
        || match national.most_failed.organisations {
            0 => "No organisation has a result to count.".to_owned(),
            _ => "No rule is broken in the results that count.".to_owned(),
        },
        |row| {
            format!(
                "{} organisations break \u{201c}{}\u{201d}.",
                counts(row.broken),
                row.title.trim_end_matches('.')
            )
        },
    );
    let league = match &national.league.state {
        LeagueState::Ranked {
            ranked,
            median_width,
        } => format!(
            "{ranked} of {} organisations have a rank interval; half of the intervals are at least \
             {median_width} places wide.",
            national.league.rows.len()
        ),
        LeagueState::NotRanked { reason } => reason.sentence(),
    };
    let changing = national
        .trend
        .country
        .iter()
        .filter(|series| {
            let common = plumbline_benchmark::spc::Variation::CommonCause;
            series
                .chart
                .variation
                .is_some_and(|variation| variation != common)
        })
        .count();
    vec![
        FindingView {
            href: "most-failed.html",
            title: "What fails most",
            text: fails,
        },
        FindingView {
            href: "league.html",
            title: "All organisations, by name",
            text: league,
        },
        FindingView {
            href: "trend.html",
            title: "National trend",
            text: match national.trend.country.len() {
                0 => "Too few months for a trend.".to_owned(),
                all => format!("{changing} of {all} measures are changing beyond chance."),
            },
        },
        FindingView {
            href: "products.html",
            title: "Products, domain by domain",
            text: format!(
                "{} in use, {} tested by themselves.",
                count(national.products.in_use.len(), "version", "versions"),
                thousands(national.products.tested.len())
            ),
        },
        FindingView {
            href: "method.html",
            title: "Method",
            text: format!(
                "Formulas, versions, seed and weights; {} left out, counted with the reasons.",
                count(
                    national.method.excluded.iter().map(|one| one.runs).sum(),
                    "result",
                    "results"
                )
            ),
        },
    ]
}

fn groups(dashboard: &Dashboard, national: &National) -> Vec<GroupView> {
    let mut types: Vec<&str> = national
        .league
        .rows
        .iter()
        .map(|row| row.organisation.organisation_type.as_str())
        .collect();
    types.sort_unstable();
    types.dedup();
    types
        .into_iter()
        .map(|of| {
            let rows: Vec<RowView> = national
                .league
                .rows
                .iter()
                .filter(|row| row.organisation.organisation_type == of)
                .map(|row| row_view(dashboard, row))
                .collect();
            GroupView {
                open: national.league.rows.len() <= SHORT,
                title: format!(
                    "{of}: {}",
                    count(rows.len(), "organisation", "organisations")
                ),
                rows,
            }
        })
        .collect()
}

fn row_view(dashboard: &Dashboard, row: &LeagueRow) -> RowView {
    let organisation = &row.organisation;
    RowView {
        name: organisation.name.clone(),
        code: organisation.code.to_string(),
        href: dashboard.page_of(&organisation.code, FOLDER),
        peers: format!("{FOLDER}{}", own_file(&organisation.code, "-peers")),
        trend: format!("{FOLDER}{}", own_file(&organisation.code, "-trend")),
        region: organisation.region.clone(),
        supplier: format!("{} {}", organisation.epr_supplier, organisation.epr_version),
        stands: stands(row),
    }
}

fn stands(row: &LeagueRow) -> String {
    match (&row.overall, row.evidence.may_be_compared()) {
        (Some(overall), true) => format!(
            "{} to {}",
            points(overall.interval.low),
            points(overall.interval.high)
        ),
        _ if row.run.is_none() => "no result".to_owned(),
        _ => "too little evidence".to_owned(),
    }
}

fn csv_table(national: &National) -> Table {
    let rows = national
        .league
        .rows
        .iter()
        .map(|row| {
            let organisation = &row.organisation;
            Row::new(
                organisation.code.to_string(),
                vec![
                    Cell::text(organisation.name.clone()),
                    Cell::text(organisation.organisation_type.clone()),
                    Cell::text(organisation.region.clone()),
                    Cell::text(organisation.icb.clone()),
                    Cell::text(format!(
                        "{} {}",
                        organisation.epr_supplier, organisation.epr_version
                    )),
                    Cell::text(stands(row)),
                ],
            )
        })
        .collect();
    let heads = [
        "Code",
        "Name",
        "Type",
        "Region",
        "ICB",
        "Supplier and version",
        "Value, 95% interval",
    ];
    Table::new("Organisations", &heads, rows)
}
