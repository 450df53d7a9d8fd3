//! The four rules of Making Data Count, in the order in which they win.
//! Not for what a special point means.

use super::Limits;
use crate::number::Finite;
use serde::Serialize;

/// Points in a row on one side of the mean, or rising or falling, that make a pattern.
const IN_A_ROW: usize = 7;

/// Which rule makes a point special. Where several apply, the first in this order is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpecialRule {
    /// Beyond a limit.
    OutsideLimits,
    /// One of seven points that rise or fall six times running.
    Trend,
    /// One of two points in the outer third and inside the limits, of three consecutive points that all lie
    /// on that side of the mean.
    TwoInThree,
    /// One of seven consecutive points on one side of the mean.
    Shift,
}

impl SpecialRule {
    /// Every rule, in the order in which they win.
    pub const ALL: &[Self] = &[
        Self::OutsideLimits,
        Self::Trend,
        Self::TwoInThree,
        Self::Shift,
    ];

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::OutsideLimits => "outside the limits",
            Self::Trend => "part of a trend of seven points",
            Self::TwoInThree => "one of two in three close to a limit",
            Self::Shift => "part of a shift of seven points",
        }
    }
}

/// To which side a point is special.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// High, or rising.
    High,
    /// Low, or falling.
    Low,
}

/// A rule and a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Special {
    /// The rule.
    pub rule: SpecialRule,
    /// The side.
    pub side: Side,
}

/// For each point of a group, the first rule that applies.
pub(super) fn special(values: &[Finite], limits: &Limits) -> Vec<Option<Special>> {
    let found: Vec<(SpecialRule, Vec<Option<Side>>)> = SpecialRule::ALL
        .iter()
        .map(|rule| (*rule, points_of(*rule, values, limits)))
        .collect();
    (0..values.len())
        .map(|place| {
            found
                .iter()
                .find_map(|(rule, sides)| sides[place].map(|side| Special { rule: *rule, side }))
        })
        .collect()
}

/// The points that one rule makes special, by itself.
pub(super) fn points_of(
    rule: SpecialRule,
    values: &[Finite],
    limits: &Limits,
) -> Vec<Option<Side>> {
    match rule {
        SpecialRule::OutsideLimits => values.iter().map(|v| beyond(*v, limits)).collect(),
        SpecialRule::Trend => trend(values),
        SpecialRule::TwoInThree => two_in_three(values, limits),
        SpecialRule::Shift => runs(
            &values
                .iter()
                .map(|value| side_of(*value, limits.mean))
                .collect::<Vec<_>>(),
            IN_A_ROW,
        ),
    }
}

fn beyond(value: Finite, limits: &Limits) -> Option<Side> {
    if value > limits.upper {
        Some(Side::High)
    } else if value < limits.lower {
        Some(Side::Low)
    } else {
        None
    }
}

/// A value on the middle is on no side and ends a run.
fn side_of(value: Finite, middle: Finite) -> Option<Side> {
    match value.cmp(&middle) {
        std::cmp::Ordering::Greater => Some(Side::High),
        std::cmp::Ordering::Less => Some(Side::Low),
        std::cmp::Ordering::Equal => None,
    }
}

/// Marks every member of a run of at least `length` on the same side.
fn runs(sides: &[Option<Side>], length: usize) -> Vec<Option<Side>> {
    let mut marks = vec![None; sides.len()];
    for (start, window) in sides.windows(length).enumerate() {
        let first = window[0];
        if first.is_some() && window.iter().all(|side| *side == first) {
            marks[start..start + length].fill(first);
        }
    }
    marks
}

/// Six differences the same way make their seven points special.
/// A point that ends one trend and begins the next belongs to the later one.
fn trend(values: &[Finite]) -> Vec<Option<Side>> {
    let steps: Vec<Option<Side>> = values
        .windows(2)
        .map(|pair| side_of(pair[1], pair[0]))
        .collect();
    let mut marks = vec![None; values.len()];
    for (start, window) in steps.windows(IN_A_ROW - 1).enumerate() {
        let first = window[0];
        if first.is_some() && window.iter().all(|side| *side == first) {
            marks[start..start + IN_A_ROW].fill(first);
        }
    }
    marks
}

/// Three consecutive points on one side of the mean, two of them in the outer third and inside the limits.
/// Only those two are special, not the third one between or beside them.
fn two_in_three(values: &[Finite], limits: &Limits) -> Vec<Option<Side>> {
    let side: Vec<Option<Side>> = values
        .iter()
        .map(|value| side_of(*value, limits.mean))
        .collect();
    let near: Vec<bool> = values
        .iter()
        .map(|value| {
            beyond(*value, limits).is_none()
                && (*value > limits.near_upper || *value < limits.near_lower)
        })
        .collect();
    let mut marks = vec![None; values.len()];
    for start in 0..values.len().saturating_sub(2) {
        let three = start..start + 3;
        let first = side[start];
        let same = first.is_some() && side[three.clone()].iter().all(|s| *s == first);
        if same && near[three.clone()].iter().filter(|is| **is).count() >= 2 {
            for place in three.filter(|place| near[*place]) {
                marks[place] = first;
            }
        }
    }
    marks
}
