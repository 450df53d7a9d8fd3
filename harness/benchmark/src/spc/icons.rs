//! The icons of Making Data Count: what varies, and whether a target can be relied upon.
//! Not for drawing them.

use super::{Chart, Meaning, Side};
use crate::number::Finite;
use serde::{Deserialize, Serialize};

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Higher is better.
    HigherIsBetter,
    /// Lower is better.
    LowerIsBetter,
    /// Neither.
    Neutral,
}

/// The icon for variation, by the last point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variation {
    /// Only common cause.
    CommonCause,
    /// Improvement, upwards (H).
    ImprovementHigh,
    /// Improvement, downwards (L).
    ImprovementLow,
    /// Concern, upwards (H).
    ConcernHigh,
    /// Concern, downwards (L).
    ConcernLow,
    /// Special, upwards, neither way is better (H).
    NeutralHigh,
    /// Special, downwards, neither way is better (L).
    NeutralLow,
}

impl Variation {
    /// Every icon.
    pub const ALL: &[Self] = &[
        Self::CommonCause,
        Self::ImprovementHigh,
        Self::ImprovementLow,
        Self::ConcernHigh,
        Self::ConcernLow,
        Self::NeutralHigh,
        Self::NeutralLow,
    ];

    /// The letter in the icon; empty for common cause.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::CommonCause => "",
            Self::ImprovementHigh | Self::ConcernHigh | Self::NeutralHigh => "H",
            Self::ImprovementLow | Self::ConcernLow | Self::NeutralLow => "L",
        }
    }

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::CommonCause => "Common cause: no significant change",
            Self::ImprovementHigh => "Improvement: significantly higher",
            Self::ImprovementLow => "Improvement: significantly lower",
            Self::ConcernHigh => "Concern: significantly higher",
            Self::ConcernLow => "Concern: significantly lower",
            Self::NeutralHigh => "Change: significantly higher",
            Self::NeutralLow => "Change: significantly lower",
        }
    }

    /// The icon of the last point.
    pub(super) fn of(meaning: Meaning, side: Option<Side>) -> Self {
        match (meaning, side) {
            (Meaning::CommonCause, _) | (_, None) => Self::CommonCause,
            (Meaning::Improvement, Some(Side::High)) => Self::ImprovementHigh,
            (Meaning::Improvement, Some(Side::Low)) => Self::ImprovementLow,
            (Meaning::Concern, Some(Side::High)) => Self::ConcernHigh,
            (Meaning::Concern, Some(Side::Low)) => Self::ConcernLow,
            (Meaning::Neutral, Some(Side::High)) => Self::NeutralHigh,
            (Meaning::Neutral, Some(Side::Low)) => Self::NeutralLow,
        }
    }
}

/// The icon for assurance: the target against the limits of the last group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// P: the target is met consistently.
    ConsistentlyPasses,
    /// F: the target is missed consistently.
    ConsistentlyFails,
    /// ?: hit or miss; also where the target lies exactly on a limit.
    HitOrMiss,
}

impl Assurance {
    /// Every icon besides the blank one.
    pub const ALL: &[Self] = &[
        Self::ConsistentlyPasses,
        Self::ConsistentlyFails,
        Self::HitOrMiss,
    ];

    /// The sign in the icon.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::ConsistentlyPasses => "P",
            Self::ConsistentlyFails => "F",
            Self::HitOrMiss => "?",
        }
    }

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ConsistentlyPasses => "Consistently passes the target",
            Self::ConsistentlyFails => "Consistently misses the target",
            Self::HitOrMiss => "Hits or misses the target at random",
        }
    }
}

/// The assurance of a chart; `None` (the blank icon) without a target, without limits from at least two
/// points, and where neither way is better.
///
/// A target exactly on a limit is within reach of common cause, so it is hit or miss. One exception: where
/// nothing varies at all and every value equals the target, every value meets it.
pub(super) fn assurance(chart: &Chart) -> Option<Assurance> {
    let target = chart.target?;
    let group = chart.groups.last()?;
    if group.last == group.first {
        return None;
    }
    let (lower, upper) = (group.limits.lower, group.limits.upper);
    let (above, below) = match chart.direction {
        Direction::HigherIsBetter => (Assurance::ConsistentlyFails, Assurance::ConsistentlyPasses),
        Direction::LowerIsBetter => (Assurance::ConsistentlyPasses, Assurance::ConsistentlyFails),
        Direction::Neutral => return None,
    };
    Some(if target > upper {
        above
    } else if target < lower {
        below
    } else if is_flat(lower, upper) {
        Assurance::ConsistentlyPasses
    } else {
        Assurance::HitOrMiss
    })
}

fn is_flat(lower: Finite, upper: Finite) -> bool {
    lower == upper
}
