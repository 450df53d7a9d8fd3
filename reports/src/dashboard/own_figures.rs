//! The charts of one organisation: against the country, since the run before, and how much is decided.
//! Not for the sentences above them, and not for the heat map.

use super::figure::{Cell, Figure, Row, Table};
use super::own_words::{change_title, coverage_title, spine_title};
use super::site::Dashboard;
use super::words::{changed, compared, counts, mark, points, reading};
use crate::charts::change::{self, Row as ChangeRow};
use crate::charts::dots::{self, Group, Row as DotRow};
use crate::charts::spine::{self, Places, Row as SpineRowDrawn};
use crate::charts::{Plate, Reading};
use crate::view::marks::Mark;
use crate::view::words::{count, day};
use plumbline_benchmark::national::{Measure, OwnTrust};
use plumbline_benchmark::{Proportion, Share};

pub(crate) fn figures(dashboard: &Dashboard, own: &OwnTrust) -> Vec<Figure> {
    let mut made = Vec::new();
    if !own.spine.is_empty() {
        made.push(spine_figure(dashboard, own));
    }
    if !own.changes.is_empty() {
        made.push(change_figure(dashboard, own));
    }
    if own.domains.iter().any(|d| d.figures.bounds.is_some()) {
        made.push(coverage_figure(dashboard, own));
    }
    made
}

fn spine_figure(dashboard: &Dashboard, own: &OwnTrust) -> Figure {
    let title = spine_title(own);
    let rows: Vec<SpineRowDrawn> = own
        .spine
        .iter()
        .map(|row| SpineRowDrawn {
            label: row.domain.label().to_owned(),
            places: Some(Places {
                worst: row.places.worst.get(),
                lower: row.places.lower_quartile.get(),
                upper: row.places.upper_quartile.get(),
                best: row.places.best.get(),
                own: row.places.own.get(),
            }),
            reading: reading(row.difference),
            own_words: counts(row.own),
            others_words: points(row.median),
            reading_words: compared(row.difference).to_owned(),
        })
        .collect();
    let organisations = own
        .spine
        .iter()
        .map(|row| row.organisations)
        .max()
        .unwrap_or(0);
    let plate = Plate {
        id: "spine-chart".to_owned(),
        title: title.clone(),
        description: described(
            rows.iter()
                .map(|row| format!("{}: {}, {}", row.label, row.own_words, row.reading_words)),
        ),
        stamp: dashboard.common.stamp,
    };
    let caption = format!(
        "Sampled messages that kept every required rule, out of 100, among {}. Right is better. Light \
         bar: all; dark bar: middle half. Each row has a scale of its own. {}",
        count(organisations, "organisation", "organisations"),
        dashboard.source()
    );
    Figure {
        narrow: "as-table",
        key: difference_key("higher beyond chance", "lower beyond chance"),
        ..Figure::new(
            "spine",
            title,
            caption,
            spine::draw(&rows, &plate),
            spine_table(own),
        )
    }
}

/// The table behind the chart.
fn spine_table(own: &OwnTrust) -> Table {
    let table = own
        .spine
        .iter()
        .map(|row| {
            let cells = [
                row.lowest,
                row.lower_quartile,
                row.median,
                row.upper_quartile,
                row.highest,
            ];
            let mut all = vec![
                Cell::number(row.own.met().to_string()),
                Cell::number(row.own.of().to_string()),
                Cell::number(row.own.share().map_or_else(String::new, points)),
            ];
            all.extend(cells.map(|share| Cell::number(points(share))));
            all.push(Cell::marked(mark(
                reading(row.difference),
                compared(row.difference),
            )));
            Row::new(row.domain.label(), all)
        })
        .collect();
    let heads = [
        "Domain",
        "#Kept every rule",
        "#Sampled",
        "#Out of 100",
        "#Lowest",
        "#Lower quarter",
        "#Median",
        "#Upper quarter",
        "#Highest",
        "Reading",
    ];
    Table::new("The figures as a table", &heads, table)
}

fn difference_key(better: &str, worse: &str) -> Vec<Mark> {
    vec![
        mark(Reading::Better, better),
        mark(Reading::Worse, worse),
        mark(Reading::Same, "not distinguishable"),
    ]
}

/// The rows in words.
pub(crate) fn described(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    format!("{}.", parts.join("; "))
}

fn change_figure(dashboard: &Dashboard, own: &OwnTrust) -> Figure {
    let title = change_title(&own.changes);
    let was = |counted: Option<(Proportion, Proportion)>| {
        counted.map_or_else(
            || "mean of the domains".to_owned(),
            |(before, after)| format!("{}, was {}", counts(after), counts(before)),
        )
    };
    let rows: Vec<ChangeRow> = own
        .changes
        .iter()
        .map(|one| ChangeRow {
            label: match one.measure {
                Measure::Domain(domain) => domain.label().to_owned(),
                Measure::Overall => "All domains".to_owned(),
            },
            before: one.before.map(Share::get),
            now: one.after.map(Share::get),
            reading: reading(one.verdict),
            words: was(one.counts),
        })
        .collect();
    let plate =
        Plate {
            id: "change-chart".to_owned(),
            title: title.clone(),
            description: described(own.changes.iter().zip(&rows).map(|(one, row)| {
                format!("{}: {}, {}", row.label, row.words, changed(one.verdict))
            })),
            stamp: dashboard.common.stamp,
        };
    let days = own.changes.first().map_or_else(String::new, |one| {
        format!(
            "{}, against {}. ",
            day(&one.after_day.to_string()),
            day(&one.before_day.to_string())
        )
    });
    let caption = format!(
        "Sampled messages that kept every required rule, out of 100. {days}Right is better; the bar is \
         the run before, grey where the difference is within noise. {}",
        dashboard.source()
    );
    Figure {
        narrow: "as-table",
        key: difference_key("real improvement", "real fall"),
        ..Figure::new(
            "change",
            title,
            caption,
            change::draw(&rows, &plate),
            change_table(own),
        )
    }
}

/// The table behind the chart.
fn change_table(own: &OwnTrust) -> Table {
    let share = |share: Option<Share>| Cell::number(share.map_or_else(|| "–".to_owned(), points));
    let table = own
        .changes
        .iter()
        .map(|one| {
            let (before, after) = one.counts.map_or_else(
                || ("–".to_owned(), "–".to_owned()),
                |(before, after)| (counts(before), counts(after)),
            );
            let difference = one.difference.map_or_else(
                || "–".to_owned(),
                |(low, high)| format!("{:+.1} to {:+.1}", low.get() * 100.0, high.get() * 100.0),
            );
            Row::new(
                one.measure.label(),
                vec![
                    Cell::number(before),
                    share(one.before),
                    Cell::number(after),
                    share(one.after),
                    Cell::number(difference),
                    Cell::marked(mark(reading(one.verdict), changed(one.verdict))),
                ],
            )
        })
        .collect();
    let heads = [
        "Measure",
        "#Counts before",
        "#Before",
        "#Counts now",
        "#Now",
        "#Difference, 95% interval",
        "Reading",
    ];
    Table::new("The figures as a table", &heads, table)
}

fn coverage_figure(dashboard: &Dashboard, own: &OwnTrust) -> Figure {
    let title = coverage_title(own);
    let with_rules = || own.domains.iter().filter(|d| d.figures.bounds.is_some());
    let rows: Vec<DotRow> = with_rules()
        .map(|domain| {
            let figures = domain.figures;
            DotRow {
                name: domain.domain.label().to_owned(),
                share: figures
                    .rules
                    .share()
                    .zip(figures.bounds)
                    .map(|(share, bounds)| (share.get(), bounds.low.get(), bounds.high.get())),
                reading: if figures.rules.met() < figures.rules.of() {
                    Reading::Worse
                } else {
                    Reading::Better
                },
                words: counts(figures.rules),
            }
        })
        .collect();
    let plate = Plate {
        id: "rules-chart".to_owned(),
        title: title.clone(),
        description: described(
            rows.iter()
                .map(|row| format!("{}: {} met", row.name, row.words)),
        ),
        stamp: dashboard.common.stamp,
    };
    let groups = [Group {
        heading: String::new(),
        rows,
    }];
    Figure {
        narrow: "as-table",
        key: vec![
            mark(Reading::Better, "every decided rule is met"),
            mark(Reading::Worse, "a required rule fails"),
        ],
        ..Figure::new(
            "rules",
            title,
            format!(
                "Required rules met, of those decided, out of 100. Right is better. Bar: from the worst \
                 case, where every undecided rule fails, to the best. {}",
                dashboard.source()
            ),
            dots::draw(&groups, &[], &plate),
            coverage_table(own),
        )
    }
}

/// The table behind the chart.
fn coverage_table(own: &OwnTrust) -> Table {
    let with_rules = || own.domains.iter().filter(|d| d.figures.bounds.is_some());
    let table = with_rules()
        .map(|domain| {
            let figures = domain.figures;
            let bounds = figures.bounds.map_or_else(String::new, |bounds| {
                format!("{} to {}", points(bounds.low), points(bounds.high))
            });
            Row::new(
                domain.domain.label(),
                vec![
                    Cell::number(figures.rules.met().to_string()),
                    Cell::number(figures.rules.of().to_string()),
                    Cell::number(figures.undecided.to_string()),
                    Cell::number(bounds),
                ],
            )
        })
        .collect();
    let heads = [
        "Domain",
        "#Met",
        "#Decided",
        "#Undecided",
        "#If the undecided fail, or are met",
    ];
    Table::new("The figures as a table", &heads, table)
}
