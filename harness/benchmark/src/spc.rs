//! Control charts of single values (`XmR`) with the rules and icons of Making Data Count.
//! Not for drawing.

mod icons;
mod limits;
mod rules;

pub use icons::{Assurance, Direction, Variation};
pub use limits::{Limits, MovingRanges};
pub use rules::{Side, Special, SpecialRule};

use crate::number::Finite;
use serde::Serialize;
use std::num::NonZeroUsize;

/// Under this many points in a group the limits are on trial.
pub const TRIAL_POINTS: usize = 12;

/// What a chart is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Values in time order.
    pub values: Vec<Finite>,
    /// Positions at which limits are computed anew; 0 and positions beyond the end change nothing.
    pub rebases: Vec<usize>,
    /// The limits of each group come from its first points only, so many, and hold for the rest of it;
    /// `None` for all points.
    pub baseline: Option<NonZeroUsize>,
    /// Which way is better.
    pub direction: Direction,
    /// The target, if there is one.
    pub target: Option<Finite>,
    /// How the moving ranges are used.
    pub moving_ranges: MovingRanges,
}

/// A control chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// Points in time order.
    pub points: Vec<Point>,
    /// Limits of each group, in time order; empty if there is no point.
    pub groups: Vec<Group>,
    /// The icon for variation, of the last point; `None` if there is no point.
    pub variation: Option<Variation>,
    /// The icon for assurance, of the last group; `None` if there is no target or fewer than two points.
    pub assurance: Option<Assurance>,
    /// Which way is better.
    pub direction: Direction,
    /// The target.
    pub target: Option<Finite>,
}

/// One point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The value.
    pub value: Finite,
    /// Position of its group in [`Chart::groups`].
    pub group: usize,
    /// What is special about it: the first rule that applies, and to which side; `None` is common cause.
    pub special: Option<Special>,
    /// What that means.
    pub meaning: Meaning,
}

/// What a point means, given which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// Nothing special.
    CommonCause,
    /// Special, and the better way.
    Improvement,
    /// Special, and the worse way.
    Concern,
    /// Special, where neither way is better.
    Neutral,
}

/// Points that share their limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Position of its first point.
    pub first: usize,
    /// Position of its last point.
    pub last: usize,
    /// Its limits.
    pub limits: Limits,
    /// Whether the limits are on trial.
    pub standing: LimitStanding,
}

/// Whether limits can be relied upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitStanding {
    /// At least [`TRIAL_POINTS`].
    Settled,
    /// Fewer: say so beside the chart.
    Trial,
}

impl Chart {
    /// Computes limits, judges points and chooses icons. No points give an empty chart.
    pub fn of(series: &Series) -> Self {
        let mut chart = Self {
            points: Vec::with_capacity(series.values.len()),
            groups: Vec::new(),
            variation: None,
            assurance: None,
            direction: series.direction,
            target: series.target,
        };
        for (first, end) in spans(series) {
            chart.add(&series.values[first..end], first, series);
        }
        chart.variation = chart
            .points
            .last()
            .map(|point| Variation::of(point.meaning, point.special.map(|special| special.side)));
        chart.assurance = icons::assurance(&chart);
        chart
    }

    fn add(&mut self, values: &[Finite], first: usize, series: &Series) {
        let used = series.baseline.map_or(values.len(), NonZeroUsize::get);
        let basis = &values[..used.min(values.len())];
        let Some(limits) = Limits::of(basis, series.moving_ranges) else {
            return;
        };
        let group = self.groups.len();
        for (value, special) in values.iter().zip(rules::special(values, &limits)) {
            self.points.push(Point {
                value: *value,
                group,
                special,
                meaning: meaning(special, self.direction),
            });
        }
        self.groups.push(Group {
            first,
            last: first + values.len() - 1,
            limits,
            standing: if basis.len() < TRIAL_POINTS {
                LimitStanding::Trial
            } else {
                LimitStanding::Settled
            },
        });
    }
}

/// First position and end of each group.
fn spans(series: &Series) -> Vec<(usize, usize)> {
    let end = series.values.len();
    let mut starts: Vec<usize> = series
        .rebases
        .iter()
        .copied()
        .filter(|start| *start < end)
        .chain((end > 0).then_some(0))
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([end]);
    starts.iter().copied().zip(ends).collect()
}

const fn meaning(special: Option<Special>, direction: Direction) -> Meaning {
    match (special, direction) {
        (None, _) => Meaning::CommonCause,
        (Some(_), Direction::Neutral) => Meaning::Neutral,
        (Some(special), Direction::HigherIsBetter) => match special.side {
            Side::High => Meaning::Improvement,
            Side::Low => Meaning::Concern,
        },
        (Some(special), Direction::LowerIsBetter) => match special.side {
            Side::High => Meaning::Concern,
            Side::Low => Meaning::Improvement,
        },
    }
}

#[cfg(test)]
mod in_control;
#[cfg(test)]
pub(crate) use in_control::exact as exact_rate;
#[cfg(test)]
mod tests;
