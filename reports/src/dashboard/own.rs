//! The page of one organisation: what was found, where it differs, what changed, how sure that is.
//! Not for its peers or its trend: those have pages of their own.

use super::figure::{Csv, Figure};
use super::frame::{Frame, Page};
use super::map::{Map, map};
use super::own_figures::figures;
use super::own_words::{headline, required_broken, so_what};
use super::site::{Dashboard, DashboardPage, FOLDER, own_file};
use super::words::{consequence, counts, counts_and_share, one_decimal, points};
use crate::format::ReportError;
use crate::view::marks::{Mark, mark as verdict_mark};
use crate::view::words::{count, day, thousands};
use plumbline_benchmark::Proportion;
use plumbline_benchmark::national::{Age, OwnTrust, TrendSeries};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    frame: Frame,
    about: String,
    headline: String,
    so_what: Vec<String>,
    first: Vec<Broken>,
    first_title: String,
    first_rest: String,
    facts: Vec<Fact>,
    missing: Vec<String>,
    figures: Vec<Figure>,
    map: Option<Map>,
    baseline: Vec<BaselineRow>,
}

#[derive(Serialize)]
struct Broken {
    number: usize,
    id: String,
    title: String,
    mark: Mark,
    meaning: &'static str,
    note: String,
    source: Option<Source>,
}

#[derive(Serialize)]
struct Source {
    text: String,
    href: String,
}

#[derive(Serialize)]
struct Fact {
    label: &'static str,
    value: String,
    note: String,
}

#[derive(Serialize)]
struct BaselineRow {
    year: u16,
    pillar: String,
    score: String,
}

/// Failures shown first.
const FIRST: usize = 3;

pub(crate) fn page(
    dashboard: &Dashboard,
    own: &OwnTrust,
    trend: &[TrendSeries],
) -> Result<Vec<DashboardPage>, ReportError> {
    let path = format!("{FOLDER}{}", own_file(&own.organisation.code, ""));
    let headline = headline(own);
    let map = over_time(dashboard, own);
    let figures = figures(dashboard, own);
    let broken = required_broken(own);
    let mut csv = Csv::default();
    if let Some(map) = &map {
        csv.add(map.id, &map.table);
    }
    for figure in &figures {
        csv.add(&figure.id, &figure.table);
    }
    let mut contents = vec![("summary".to_owned(), "Summary".to_owned())];
    contents.extend(
        figures
            .iter()
            .map(|figure| (figure.id.clone(), short(&figure.id))),
    );
    if map.is_some() {
        contents.push(("map".to_owned(), "Domains over time".to_owned()));
    }
    contents.push(("not-shown".to_owned(), "What is not shown".to_owned()));
    let frame = dashboard.common.frame(Page {
        path: &path,
        headline: &headline,
        about: &own.organisation.name,
        own: Dashboard::own_links(&own.organisation, ""),
        contents,
        not_shown: vec![
            "Results rest on automated tests and sampled messages of this trust's own systems; they say \
             nothing about staffing, quality of care or the supplier's other customers."
                .to_owned(),
            "A domain that cannot be told apart from the country may still differ: the sample is too \
             small to see it."
                .to_owned(),
            "Which patients and wards the sampled messages come from is the trust's choice.".to_owned(),
        ],
    });
    let view = View {
        frame,
        about: about(own),
        headline,
        so_what: so_what(own),
        first: first(dashboard, own),
        first_title: first_title(broken, own.broken.len()),
        first_rest: rest(own.broken.len()),
        facts: facts(own, trend),
        missing: own
            .evidence
            .shortfalls()
            .iter()
            .map(|shortfall| shortfall.sentence())
            .collect(),
        figures,
        map,
        baseline: own
            .baseline
            .iter()
            .map(|score| BaselineRow {
                year: score.year,
                pillar: score.pillar.clone(),
                score: one_decimal(score.score.get()),
            })
            .collect(),
    };
    let text = dashboard.engine.pour("own", &view)?;
    Ok(Dashboard::with_csv(
        &path,
        text,
        csv.finish(dashboard.common.stamp),
    ))
}

fn short(id: &str) -> String {
    match id {
        "spine" => "Against the country",
        "change" => "Change since the last run",
        _ => "Required rules",
    }
    .to_owned()
}

fn about(own: &OwnTrust) -> String {
    let organisation = &own.organisation;
    let software = own.latest.as_ref().map_or_else(
        || format!("{} {}", organisation.epr_supplier, organisation.epr_version),
        |run| run.software.clone(),
    );
    let parts = [
        organisation.code.to_string(),
        organisation.organisation_type.clone(),
        organisation.size.clone(),
        organisation.region.clone(),
        organisation.icb.clone(),
        software.trim().to_owned(),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

fn first_title(required: usize, all: usize) -> String {
    match (required, all) {
        (0, 0) => "No rule is broken in the latest result".to_owned(),
        (0, _) => "No required rule fails; good practice is broken".to_owned(),
        (1, _) => "One required rule fails: mend it first".to_owned(),
        (_, _) => "Mend these first".to_owned(),
    }
}

fn rest(all: usize) -> String {
    match all.saturating_sub(FIRST) {
        0 => String::new(),
        more => format!(
            "{} more {} in the run's own report.",
            thousands(more),
            if more == 1 { "is" } else { "are" }
        ),
    }
}

fn first(dashboard: &Dashboard, own: &OwnTrust) -> Vec<Broken> {
    let rules = own.broken.iter().take(FIRST).zip(1..);
    rules
        .map(|(rule, number)| Broken {
            number,
            id: rule.id.to_string(),
            title: rule.title.clone(),
            mark: verdict_mark(rule.verdict),
            meaning: consequence(rule.domain),
            note: if rule.severity.is_safety_relevant() {
                "marked safety-relevant (planning default)".to_owned()
            } else {
                String::new()
            },
            source: dashboard
                .rule_link(&rule.id)
                .map(|(text, href)| Source { text, href }),
        })
        .collect()
}

fn facts(own: &OwnTrust, trend: &[TrendSeries]) -> Vec<Fact> {
    let Some(run) = &own.latest else {
        return Vec::new();
    };
    let rules: Proportion = own.domains.iter().map(|d| d.figures.rules).sum();
    let sampled: Proportion = own.domains.iter().map(|d| d.figures.sampled).sum();
    let undecided: u32 = own.domains.iter().map(|d| d.figures.undecided).sum();
    let mut facts = vec![Fact {
        label: "Required rules",
        value: format!("{} met", counts(rules)),
        note: match undecided {
            0 => "none undecided".to_owned(),
            undecided => format!("{undecided} more undecided"),
        },
    }];
    if sampled.of() > 0 {
        facts.push(Fact {
            label: "Sampled messages",
            value: counts(sampled),
            note: "kept every required rule of their domain".to_owned(),
        });
    }
    if let Some(overall) = own.overall {
        facts.push(Fact {
            label: "Value over the domains",
            value: points(overall.share),
            note: format!(
                "out of 100, between {} and {} (95% interval); read it with the domains below",
                points(overall.interval.low),
                points(overall.interval.high)
            ),
        });
    }
    let months = trend
        .iter()
        .map(|series| series.months.len())
        .max()
        .unwrap_or(0);
    facts.push(Fact {
        label: "Evidence",
        value: day(&run.started.to_string()),
        note: format!(
            "{}; {} of results",
            match run.age {
                Age::Fresh => "at most 6 months old",
                Age::Ageing => "at most 12 months old: ageing",
                Age::Old => "older than 12 months",
            },
            count(months, "month", "months")
        ),
    });
    facts
}

fn over_time(dashboard: &Dashboard, own: &OwnTrust) -> Option<Map> {
    let heat = &own.heat_over_time;
    let known = heat
        .rows
        .iter()
        .any(|row| row.cells.iter().any(Option::is_some));
    if !known {
        return None;
    }
    let lowest = heat
        .rows
        .iter()
        .filter_map(|row| Some((row.domain, (*row.cells.last()?)?)))
        .min_by(|a, b| a.1.share.cmp(&b.1.share).then(a.0.cmp(&b.0)));
    let title = lowest.map_or_else(
        || "Domains over time".to_owned(),
        |(domain, cell)| {
            let stands = cell
                .counts
                .map_or_else(|| points(cell.share), counts_and_share);
            format!("{domain} is lowest in the latest month: {stands}")
        },
    );
    Some(map(dashboard, "map", title, heat))
}
