//! Mean, average moving range and natural process limits of a group of points.
//! Not for judging points.

use crate::number::Finite;
use serde::{Deserialize, Serialize};

/// 3 / 1.128, rounded as Making Data Count does: from the average moving range to the limits.
const TO_LIMIT: f64 = 2.66;
/// From the average moving range to the upper limit of the moving ranges.
const TO_RANGE_LIMIT: f64 = 3.267;

/// How the moving ranges are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MovingRanges {
    /// All of them, as the Excel tool of Making Data Count does. The default.
    All,
    /// Without those at or above their own upper limit, as the R package `NHSRplotthedots` does.
    Screened,
}

/// The limits of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Mean.
    pub mean: Finite,
    /// Lower natural process limit.
    pub lower: Finite,
    /// Upper natural process limit.
    pub upper: Finite,
    /// Two thirds of the way from the mean to the lower limit.
    pub near_lower: Finite,
    /// Two thirds of the way from the mean to the upper limit.
    pub near_upper: Finite,
    /// Average moving range that the limits come from.
    pub moving_range: Finite,
}

impl Limits {
    /// The limits of a group; `None` of no points. One point, or equal points, give limits on the mean.
    pub fn of(values: &[Finite], ranges: MovingRanges) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        let values: Vec<f64> = values.iter().map(|value| value.get()).collect();
        let mean = mean(&values);
        let moving: Vec<f64> = values
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .collect();
        let average = match ranges {
            MovingRanges::All => mean_or_zero(&moving),
            MovingRanges::Screened => {
                let cut = mean_or_zero(&moving) * TO_RANGE_LIMIT;
                let kept: Vec<f64> = moving
                    .iter()
                    .copied()
                    .filter(|range| *range < cut)
                    .collect();
                mean_or_zero(&kept)
            }
        };
        let reach = TO_LIMIT * average;
        let near = reach * 2.0 / 3.0;
        Some(Self {
            mean: Finite::held(mean),
            lower: Finite::held(mean - reach),
            upper: Finite::held(mean + reach),
            near_lower: Finite::held(mean - near),
            near_upper: Finite::held(mean + near),
            moving_range: Finite::held(average),
        })
    }
}

/// The mean, without leaving the range of the values through rounding: equal values give exactly that value.
fn mean(values: &[f64]) -> f64 {
    let count = count(values.len());
    let sum: f64 = values.iter().map(|value| value / count).sum();
    let low = values.iter().copied().fold(f64::MAX, f64::min);
    let high = values.iter().copied().fold(f64::MIN, f64::max);
    sum.clamp(low, high)
}

fn mean_or_zero(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { mean(values) }
}

/// A number of points as a number to divide by; far more points than exist would still be exact.
fn count(points: usize) -> f64 {
    u32::try_from(points).map_or(f64::from(u32::MAX), f64::from)
}
