//! The page of trends: control charts of the own trust and of the country. Not for the rules of such charts.

use super::Measure;
use crate::compare::Prepared;
use crate::day::Month;
use crate::evidence::{self, FEWEST_MESSAGES};
use crate::figures;
use crate::number::{Finite, Proportion, Share};
use crate::organisation::OrganisationCode;
use crate::result::StoredRun;
use crate::spc::{Chart, Direction, MovingRanges, Series};
use crate::spread::Five;
use plumbline_model::Domain;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Control charts.
#[derive(Debug, Clone, Serialize)]
pub struct Trends {
    /// Of the own trust: overall first, then each domain.
    pub own: Vec<TrendSeries>,
    /// Of the country: the median of organisations in each month, overall first.
    pub country: Vec<TrendSeries>,
}

/// One control chart with its place.
#[derive(Debug, Clone, Serialize)]
pub struct TrendSeries {
    /// Whose; `None` for the country.
    pub organisation: Option<OrganisationCode>,
    /// What.
    pub measure: Measure,
    /// The months, one for each point of the chart.
    pub months: Vec<Month>,
    /// Counts behind each point; `None` for a mean or a median.
    pub counts: Vec<Option<Proportion>>,
    /// Limits, points, rules and icons. Values are shares from 0 to 1; limits may lie outside.
    pub chart: Chart,
    /// What happened, such as a new version of the record system; never a reason for new limits by itself.
    pub notes: Vec<TrendNote>,
}

/// Something to know about a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrendNote {
    /// Position of the point in the chart, from 0.
    pub point: usize,
    /// In words.
    pub text: String,
}

/// One point before the limits are known.
struct Reading {
    month: Month,
    value: Share,
    counts: Option<Proportion>,
}

/// Overall first, then the domains.
fn measures() -> impl Iterator<Item = Measure> {
    std::iter::once(Measure::Overall).chain(Domain::ALL.iter().copied().map(Measure::Domain))
}

impl Prepared<'_> {
    /// The control charts of one organisation, or of none, and of the country.
    pub fn trends(&self, own: Option<&OrganisationCode>) -> Trends {
        Trends {
            own: own.map_or_else(Vec::new, |code| self.own_trends(code)),
            country: self.country_trends(),
        }
    }

    /// The control charts of one organisation. A month with too few messages has no point.
    pub fn own_trends(&self, code: &OrganisationCode) -> Vec<TrendSeries> {
        let runs = self.by_month(code);
        measures()
            .filter_map(|measure| {
                let readings: Vec<Reading> = runs
                    .iter()
                    .filter_map(|(month, run)| self.reading(*month, run, measure))
                    .collect();
                let months: Vec<Month> = readings.iter().map(|reading| reading.month).collect();
                let mut series = self.series_of(measure, &readings, Some(code))?;
                series.notes = notes(&runs, &months);
                Some(series)
            })
            .collect()
    }

    fn reading(&self, month: Month, run: &StoredRun, measure: Measure) -> Option<Reading> {
        match measure {
            Measure::Domain(domain) => {
                let counts = figures::sampled(run, domain);
                Some(Reading {
                    month,
                    value: counts.share().filter(|_| counts.of() >= FEWEST_MESSAGES)?,
                    counts: Some(counts),
                })
            }
            Measure::Overall => {
                let enough = evidence::of_deployment(run).may_be_compared();
                let domains = figures::domains(run);
                let overall = figures::overall(&domains, &self.input.options.weights);
                Some(Reading {
                    month,
                    value: figures::shown(overall.filter(|_| enough)?).share,
                    counts: None,
                })
            }
        }
    }

    fn country_trends(&self) -> Vec<TrendSeries> {
        let mut values: BTreeMap<(Measure, Month), Vec<Share>> = BTreeMap::new();
        for code in self.series.keys() {
            for (month, run) in self.by_month(code) {
                for measure in measures() {
                    if let Some(reading) = self.reading(month, run, measure) {
                        values
                            .entry((measure, month))
                            .or_default()
                            .push(reading.value);
                    }
                }
            }
        }
        measures()
            .filter_map(|measure| {
                let readings: Vec<Reading> = values
                    .iter()
                    .filter(|((of, _), _)| *of == measure)
                    .filter_map(|((_, month), shares)| {
                        Some(Reading {
                            month: *month,
                            value: Five::of(shares)?.median,
                            counts: None,
                        })
                    })
                    .collect();
                self.series_of(measure, &readings, None)
            })
            .collect()
    }

    fn series_of(
        &self,
        measure: Measure,
        readings: &[Reading],
        code: Option<&OrganisationCode>,
    ) -> Option<TrendSeries> {
        if readings.is_empty() {
            return None;
        }
        let options = &self.input.options;
        let starts: BTreeSet<Month> = options
            .rebases
            .iter()
            .filter(|(of, _)| Some(of) == code)
            .map(|(_, month)| *month)
            .collect();
        let chart = Chart::of(&Series {
            values: readings
                .iter()
                .map(|reading| reading.value.into())
                .collect(),
            // A month without a point starts its group at the next point.
            rebases: starts
                .iter()
                .map(|start| readings.partition_point(|reading| reading.month < *start))
                .collect(),
            baseline: None,
            direction: Direction::HigherIsBetter,
            target: options.target.map(Finite::from),
            moving_ranges: MovingRanges::All,
        });
        Some(TrendSeries {
            organisation: code.cloned(),
            measure,
            months: readings.iter().map(|reading| reading.month).collect(),
            counts: readings.iter().map(|reading| reading.counts).collect(),
            chart,
            notes: Vec::new(),
        })
    }
}

/// A note where the software of a month differs from that of the month before it.
fn notes(runs: &BTreeMap<Month, &StoredRun>, months: &[Month]) -> Vec<TrendNote> {
    let software = |run: &StoredRun| format!("{} {}", run.subject.product, run.subject.version);
    let named: Vec<(usize, String)> = months
        .iter()
        .enumerate()
        .filter_map(|(point, month)| Some((point, software(runs.get(month)?))))
        .collect();
    named
        .windows(2)
        .filter(|pair| pair[0].1 != pair[1].1)
        .map(|pair| TrendNote {
            point: pair[1].0,
            text: format!("{} instead of {}", pair[1].1, pair[0].1),
        })
        .collect()
}
