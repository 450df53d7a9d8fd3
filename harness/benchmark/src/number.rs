//! Numbers that cannot be wrong: shares from 0 to 1, finite values, counts of counts, intervals.
//! Not for statistics.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A finite number: neither infinite nor "not a number".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Finite(f64);

impl Finite {
    /// Zero.
    pub const ZERO: Self = Self(0.0);

    /// `None` for what is not finite.
    pub fn new(value: f64) -> Option<Self> {
        // Adding zero turns -0 into 0, so that no page ever shows "-0".
        value.is_finite().then_some(Self(value + 0.0))
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The number, held within the largest finite values; "not a number" becomes zero.
    /// For results of arithmetic on finite numbers, where only an overflow is thinkable.
    pub(crate) fn held(value: f64) -> Self {
        if value.is_nan() {
            Self::ZERO
        } else {
            Self(value.clamp(f64::MIN, f64::MAX) + 0.0)
        }
    }
}

impl Eq for Finite {}

impl PartialOrd for Finite {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Finite {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl From<Finite> for f64 {
    fn from(value: Finite) -> Self {
        value.0
    }
}

impl TryFrom<f64> for Finite {
    type Error = &'static str;

    fn try_from(value: f64) -> Result<Self, Self::Error> {
        Self::new(value).ok_or("the number is not finite")
    }
}

/// A share of something, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Share(Finite);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(Finite::ZERO);
    /// All.
    pub const ALL: Self = Self(Finite(1.0));

    /// `None` below 0, above 1 and for what is not a number.
    pub fn new(value: f64) -> Option<Self> {
        if (0.0..=1.0).contains(&value) {
            Finite::new(value).map(Self)
        } else {
            None
        }
    }

    /// The number, 0 to 1.
    pub const fn get(self) -> f64 {
        self.0.get()
    }

    /// In percent, 0 to 100.
    pub fn percent(self) -> f64 {
        self.get() * 100.0
    }

    /// Cut off at 0 and 1.
    pub(crate) fn clipped(value: f64) -> Self {
        Self(Finite::held(value.clamp(0.0, 1.0)))
    }
}

impl From<Share> for f64 {
    fn from(value: Share) -> Self {
        value.get()
    }
}

impl From<Share> for Finite {
    fn from(value: Share) -> Self {
        value.0
    }
}

impl TryFrom<f64> for Share {
    type Error = &'static str;

    fn try_from(value: f64) -> Result<Self, Self::Error> {
        Self::new(value).ok_or("a share is from 0 to 1")
    }
}

/// From `low` to `high`, both within 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: Share,
    /// Upper end; never below the lower.
    pub high: Share,
}

impl Interval {
    /// Whether a value lies in it, ends included.
    pub fn contains(self, share: Share) -> bool {
        self.low <= share && share <= self.high
    }

    /// How wide it is.
    pub fn width(self) -> f64 {
        self.high.get() - self.low.get()
    }
}

/// `met` of `of`; never more met than there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawProportion")]
pub struct Proportion {
    met: u32,
    of: u32,
}

#[derive(Deserialize)]
struct RawProportion {
    met: u32,
    of: u32,
}

impl TryFrom<RawProportion> for Proportion {
    type Error = &'static str;

    fn try_from(raw: RawProportion) -> Result<Self, Self::Error> {
        Self::new(raw.met, raw.of).ok_or("more are met than there are")
    }
}

impl Proportion {
    /// `None` if more are met than there are.
    pub const fn new(met: u32, of: u32) -> Option<Self> {
        if met <= of {
            Some(Self { met, of })
        } else {
            None
        }
    }

    /// How many are met.
    pub const fn met(self) -> u32 {
        self.met
    }

    /// Of how many.
    pub const fn of(self) -> u32 {
        self.of
    }

    /// The share; `None` of nothing.
    pub fn share(self) -> Option<Share> {
        (self.of > 0).then(|| Share::clipped(f64::from(self.met) / f64::from(self.of)))
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            met: self.met.saturating_add(other.met),
            of: self.of.saturating_add(other.of),
        }
    }
}

impl std::iter::Sum for Proportion {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Self::plus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_numbers_cannot_be_made() {
        assert_eq!(Finite::new(f64::NAN), None);
        assert_eq!(Finite::new(f64::INFINITY), None);
        assert_eq!(Share::new(f64::NAN), None);
        assert_eq!(Share::new(1.000_001), None);
        assert_eq!(Share::new(-0.000_001), None);
        assert_eq!(Proportion::new(2, 1), None);
        assert_eq!(Proportion::default().share(), None);
        assert!(Finite::new(-0.0).is_some_and(|zero| zero.get().is_sign_positive()));
        assert_eq!(Finite::held(f64::NAN), Finite::ZERO);
        assert_eq!(Share::clipped(7.0), Share::ALL);
    }
}
