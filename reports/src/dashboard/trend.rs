//! Control charts over time, of one organisation and of the country, read by the rules of Making Data Count.
//! Not for deciding what is special: every point comes with its meaning.

use super::figure::{Cell, Csv, Figure, Icon, Row, Table};
use super::frame::{Frame, Link, Page};
use super::site::{Dashboard, DashboardPage, FOLDER, own_file};
use super::words::{mark, month, points, points_of};
use crate::charts::xmr::{self, Month, Series, Size, Span};
use crate::charts::{Plate, Reading, icons};
use crate::format::ReportError;
use crate::view::words::count;
use plumbline_benchmark::Share;
use plumbline_benchmark::national::{Measure, OwnTrust, TrendSeries};
use plumbline_benchmark::spc::{Assurance, LimitStanding, Meaning, Variation};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    frame: Frame,
    about: String,
    headline: String,
    lead: Vec<String>,
    overall: Vec<Figure>,
    domains: Vec<Figure>,
}

/// Whose trend a page shows.
struct Whose<'a> {
    path: String,
    name: &'a str,
    about: String,
    own: Vec<Link>,
    what: &'static str,
}

pub(crate) fn country(
    dashboard: &Dashboard,
    all: &[TrendSeries],
) -> Result<Vec<DashboardPage>, ReportError> {
    let whose = Whose {
        path: "trend.html".to_owned(),
        name: "The country",
        about: "National trend".to_owned(),
        own: Vec::new(),
        what: "Median of the organisations in each month",
    };
    page(dashboard, all, &whose)
}

pub(crate) fn own(
    dashboard: &Dashboard,
    own: &OwnTrust,
    all: &[TrendSeries],
) -> Result<Vec<DashboardPage>, ReportError> {
    let whose = Whose {
        path: format!("{FOLDER}{}", own_file(&own.organisation.code, "-trend")),
        name: &own.organisation.name,
        about: own.organisation.name.clone(),
        own: Dashboard::own_links(&own.organisation, "-trend"),
        what: "Sampled messages of the month that kept every required rule",
    };
    page(dashboard, all, &whose)
}

/// Fewer points are no trend.
const FEWEST_POINTS: usize = 2;

fn page(
    dashboard: &Dashboard,
    all: &[TrendSeries],
    whose: &Whose<'_>,
) -> Result<Vec<DashboardPage>, ReportError> {
    let charted: Vec<&TrendSeries> = all
        .iter()
        .filter(|series| series.chart.points.len() >= FEWEST_POINTS)
        .collect();
    let headline = headline(whose, &charted);
    let (mut overall, mut domains) = (Vec::new(), Vec::new());
    for series in &charted {
        match series.measure {
            Measure::Overall => {
                overall.push(figure(dashboard, series, whose, Size::Wide)?);
            }
            Measure::Domain(_) => {
                domains.push(figure(dashboard, series, whose, Size::Half)?);
            }
        }
    }
    let mut csv = Csv::default();
    for figure in overall.iter().chain(&domains) {
        csv.add(&figure.id, &figure.table);
    }
    let mut contents = vec![("summary".to_owned(), "Summary".to_owned())];
    if !overall.is_empty() {
        contents.push(("overall".to_owned(), "All domains".to_owned()));
    }
    if !domains.is_empty() {
        contents.push(("domains".to_owned(), "Domain by domain".to_owned()));
    }
    contents.push(("not-shown".to_owned(), "What is not shown".to_owned()));
    let frame = dashboard.common.frame(Page {
        path: &whose.path,
        headline: &headline,
        about: whose.name,
        own: whose.own.clone(),
        contents,
        not_shown: vec![
            "A special point says that something happened, not what; the notes name what is known.".to_owned(),
            "Limits are not worked out anew by themselves: only where somebody decided so, and then a line \
             shows it."
                .to_owned(),
            "Moving ranges are used as they are, as the Excel tool of Making Data Count does; its R package \
             leaves out very large ones, and then its limits are narrower."
                .to_owned(),
        ],
    });
    let view = View {
        frame,
        about: whose.about.clone(),
        lead: lead(&charted),
        headline,
        overall,
        domains,
    };
    let text = dashboard.engine.pour("trend", &view)?;
    Ok(Dashboard::with_csv(
        &whose.path,
        text,
        csv.finish(dashboard.common.stamp),
    ))
}

fn named(series: &[&TrendSeries], wanted: &[Variation]) -> Vec<plumbline_model::Domain> {
    series
        .iter()
        .filter(|one| one.chart.variation.is_some_and(|v| wanted.contains(&v)))
        .filter_map(|one| match one.measure {
            Measure::Domain(domain) => Some(domain),
            Measure::Overall => None,
        })
        .collect()
}

fn headline(whose: &Whose<'_>, series: &[&TrendSeries]) -> String {
    if series.is_empty() {
        return format!("{}: too few months for a trend", whose.name);
    }
    let better = named(
        series,
        &[Variation::ImprovementHigh, Variation::ImprovementLow],
    );
    let worse = named(series, &[Variation::ConcernHigh, Variation::ConcernLow]);
    let say = |all: &[plumbline_model::Domain]| match all.len() {
        0..=3 => super::words::domains(all),
        many => format!("{many} domains"),
    };
    let changing = match (better.as_slice(), worse.as_slice()) {
        ([], []) => "no domain is changing beyond chance".to_owned(),
        (better, []) => format!("a real improvement in {}", say(better)),
        ([], worse) => format!("a real fall in {}", say(worse)),
        (better, worse) => {
            format!(
                "a real fall in {}, a real improvement in {}",
                say(worse),
                say(better)
            )
        }
    };
    let domains = || series.iter().filter(|one| one.measure != Measure::Overall);
    let missed = domains()
        .filter(|one| one.chart.assurance == Some(Assurance::ConsistentlyFails))
        .count();
    let target = match missed {
        0 => String::new(),
        missed => format!(
            "; the target is missed consistently in {missed} of {}",
            domains().count()
        ),
    };
    format!("{}: {changing}{target}", whose.name)
}

fn lead(series: &[&TrendSeries]) -> Vec<String> {
    if series.is_empty() {
        return vec![
            "A control chart needs results of at least two months, and twelve before its limits can be \
             relied upon."
                .to_owned(),
        ];
    }
    let trial = series
        .iter()
        .filter(|one| {
            one.chart
                .groups
                .last()
                .is_some_and(|g| g.standing == LimitStanding::Trial)
        })
        .count();
    let mut said = vec![
        "Points between the limits differ by chance; asking why one of them is lower than the last would \
         waste somebody's time."
            .to_owned(),
    ];
    if trial > 0 {
        said.push(format!(
            "{trial} of {} charts have limits on trial: fewer than 12 points. Read them with care.",
            series.len()
        ));
    }
    said
}

fn title(series: &TrendSeries) -> String {
    let what = series.measure.label();
    let varies = match series.chart.variation {
        Some(Variation::CommonCause) | None => "no recent change beyond chance",
        Some(Variation::ImprovementHigh | Variation::ImprovementLow) => "a real improvement",
        Some(Variation::ConcernLow | Variation::ConcernHigh) => "a real fall",
        Some(Variation::NeutralHigh | Variation::NeutralLow) => "a real change",
    };
    let target = match series.chart.assurance {
        None | Some(Assurance::HitOrMiss) => "",
        Some(Assurance::ConsistentlyPasses) => "; the target is met consistently",
        Some(Assurance::ConsistentlyFails) => "; the target is missed consistently",
    };
    format!("{what}: {varies}{target}")
}

const fn meaning(of: Meaning) -> Reading {
    match of {
        Meaning::CommonCause => Reading::Same,
        Meaning::Improvement => Reading::Better,
        Meaning::Concern => Reading::Worse,
        Meaning::Neutral => Reading::Neutral,
    }
}

fn figure(
    dashboard: &Dashboard,
    series: &TrendSeries,
    whose: &Whose<'_>,
    size: Size,
) -> Result<Figure, ReportError> {
    let id = match series.measure {
        Measure::Overall => "overall".to_owned(),
        Measure::Domain(domain) => domain.key().to_owned(),
    };
    let title = title(series);
    let plate = Plate {
        id: format!("{id}-chart"),
        title: title.clone(),
        description: description(series),
        stamp: dashboard.common.stamp,
    };
    let svg = xmr::draw(&drawn(series), size, &plate)?;
    Ok(Figure {
        inner: size == Size::Half,
        key: match size {
            Size::Wide => vec![
                mark(Reading::Better, "improvement"),
                mark(Reading::Worse, "concern"),
                mark(Reading::Same, "chance"),
            ],
            Size::Half => Vec::new(),
        },
        icons: series_icons(series),
        notes: notes(series),
        ..Figure::new(
            &id,
            title,
            caption(dashboard, series, whose),
            svg,
            table(series),
        )
    })
}

fn series_icons(series: &TrendSeries) -> Vec<Icon> {
    let variation = series.chart.variation.map(|of| Icon {
        svg: icons::variation(of),
        words: of.label(),
    });
    let assurance = series.chart.assurance.map(|of| Icon {
        svg: icons::assurance(of),
        words: of.label(),
    });
    variation.into_iter().chain(assurance).collect()
}

fn drawn(series: &TrendSeries) -> Series {
    let chart = &series.chart;
    Series {
        points: series
            .months
            .iter()
            .zip(&chart.points)
            .map(|(of, point)| Month {
                label: month(*of),
                value: point.value.get(),
                reading: meaning(point.meaning),
            })
            .collect(),
        spans: chart
            .groups
            .iter()
            .map(|group| Span {
                first: group.first,
                last: group.last,
                low: group.limits.lower.get(),
                mean: group.limits.mean.get(),
                high: group.limits.upper.get(),
            })
            .collect(),
        target: chart.target.map(plumbline_benchmark::Finite::get),
        notes: series
            .notes
            .iter()
            .map(|note| (note.point, note.text.clone()))
            .collect(),
    }
}

fn ends(series: &TrendSeries) -> String {
    match (series.months.first(), series.months.last()) {
        (Some(first), Some(last)) => format!("{} to {}", month(*first), month(*last)),
        _ => String::new(),
    }
}

fn description(series: &TrendSeries) -> String {
    let special = series
        .chart
        .points
        .iter()
        .filter(|point| point.meaning != Meaning::CommonCause)
        .count();
    format!(
        "{}, {}: {special} of {} points are special.",
        series.measure.label(),
        ends(series),
        series.chart.points.len()
    )
}

fn caption(dashboard: &Dashboard, series: &TrendSeries, whose: &Whose<'_>) -> String {
    let what = match series.measure {
        Measure::Domain(_) => whose.what,
        Measure::Overall => "Geometric mean of the domains below",
    };
    let sizes = || series.counts.iter().flatten().map(|counts| counts.of());
    let n = match (sizes().min(), sizes().max()) {
        (Some(least), Some(most)) if least == most => format!(", n = {least} messages a month"),
        (Some(least), Some(most)) => format!(", n = {least} to {most} messages a month"),
        _ => String::new(),
    };
    format!(
        "{what}, out of 100{n}; {}, {}. Higher is better. {}",
        count(series.chart.points.len(), "month", "months"),
        ends(series),
        dashboard.source()
    )
}

fn notes(series: &TrendSeries) -> Vec<String> {
    let mut said = Vec::new();
    let Some(group) = series.chart.groups.last() else {
        return said;
    };
    if group.standing == LimitStanding::Trial {
        said.push(format!(
            "Limits on trial: they rest on {} points, and 12 are wanted.",
            group.last + 1 - group.first
        ));
    }
    let beyond = |limit: f64| !(0.0..=1.0).contains(&limit);
    if beyond(group.limits.upper.get()) || beyond(group.limits.lower.get()) {
        said.push(
            "A limit beyond 0 or 100 is not drawn, because no share can reach it; the table has it."
                .to_owned(),
        );
    }
    for note in &series.notes {
        if let Some(of) = series.months.get(note.point) {
            said.push(format!(
                "{}: {}.",
                month(*of),
                note.text.trim_end_matches('.')
            ));
        }
    }
    said
}

fn table(series: &TrendSeries) -> Table {
    let out_of_100 = |value: f64| Cell::number(points_of(value * 100.0));
    let rows = series
        .months
        .iter()
        .zip(&series.chart.points)
        .enumerate()
        .map(|(index, (of, point))| {
            let counted = series.counts.get(index).copied().flatten();
            let number = |pick: fn(plumbline_benchmark::Proportion) -> u32| {
                Cell::number(counted.map_or_else(|| "–".to_owned(), |c| pick(c).to_string()))
            };
            let mut cells = vec![
                number(plumbline_benchmark::Proportion::met),
                number(plumbline_benchmark::Proportion::of),
                Share::new(point.value.get()).map_or_else(
                    || out_of_100(point.value.get()),
                    |s| Cell::number(points(s)),
                ),
            ];
            if let Some(group) = series.chart.groups.get(point.group) {
                let limits = group.limits;
                cells
                    .extend([limits.lower, limits.mean, limits.upper].map(|l| out_of_100(l.get())));
            }
            let word = point
                .special
                .map_or("chance", |special| special.rule.label());
            cells.push(Cell::marked(mark(meaning(point.meaning), word)));
            Row::new(month(*of), cells)
        })
        .collect();
    let heads = [
        "Month",
        "#Kept every rule",
        "#Sampled",
        "#Out of 100",
        "#Lower limit",
        "#Mean",
        "#Upper limit",
        "Reading",
    ];
    Table::new("The figures as a table", &heads, rows)
}
