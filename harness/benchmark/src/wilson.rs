//! Wilson intervals of sampled proportions, and the difference of two of them.
//! Not for fixed checklists: nothing is sampled there, and bounds are given instead.

use crate::number::{Finite, Interval, Proportion, Share};

/// The normal quantile of a two-sided 95 % interval.
pub const Z95: f64 = 1.959_963_984_540_054;

/// The 95 % Wilson score interval; `None` of nothing.
pub fn wilson(counts: Proportion) -> Option<Interval> {
    wilson_at(counts, Z95)
}

/// The Wilson score interval for a normal quantile.
pub(crate) fn wilson_at(counts: Proportion, z: f64) -> Option<Interval> {
    let share = counts.share()?;
    let n = f64::from(counts.of());
    let p = share.get();
    let z2 = z * z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let reach = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    // At 0 and at n the end of the interval is the share itself; rounding must not push it inside.
    Some(Interval {
        low: Share::clipped(centre - reach).min(share),
        high: Share::clipped(centre + reach).max(share),
    })
}

/// The interval of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharesApart {
    /// Second share minus first share, -1 to 1.
    pub difference: Finite,
    /// Lower end.
    pub low: Finite,
    /// Upper end.
    pub high: Finite,
}

impl SharesApart {
    /// Whether zero lies outside, so that the difference is more than noise.
    pub fn is_more_than_noise(self) -> bool {
        self.low > Finite::ZERO || self.high < Finite::ZERO
    }
}

/// The 95 % interval of the difference of two independent samples, from their Wilson intervals
/// (Newcombe 1998, method 10). A test of the difference, not of overlapping bars.
pub fn difference(before: Proportion, after: Proportion) -> Option<SharesApart> {
    difference_at(before, after, Z95)
}

/// The interval of the difference for a normal quantile.
pub(crate) fn difference_at(before: Proportion, after: Proportion, z: f64) -> Option<SharesApart> {
    let (first, second) = (wilson_at(before, z)?, wilson_at(after, z)?);
    let (p1, p2) = (before.share()?.get(), after.share()?.get());
    let gap = p2 - p1;
    let square = |value: f64| value * value;
    let down = (square(p2 - second.low.get()) + square(first.high.get() - p1)).sqrt();
    let up = (square(second.high.get() - p2) + square(p1 - first.low.get())).sqrt();
    Some(SharesApart {
        difference: Finite::held(gap),
        low: Finite::held((gap - down).max(-1.0)),
        high: Finite::held((gap + up).min(1.0)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(met: u32, of: u32) -> Proportion {
        Proportion::new(met, of).expect("counts")
    }

    /// Reference values of Wilson's interval, each to three places; 10 of 10 is 10 / (10 + z squared) = .72247.
    #[test]
    fn golden_intervals() {
        for (met, of, low, high) in [
            (0, 10, 0.000, 0.278),
            (10, 10, 0.722, 1.000),
            (9, 10, 0.596, 0.982),
            (48, 50, 0.865, 0.989),
            (95, 100, 0.888, 0.978),
            (90, 120, 0.666, 0.819),
            (300, 320, 0.905, 0.959),
        ] {
            let interval = wilson(counts(met, of)).expect("an interval");
            let shown = |share: Share| format!("{:.3}", share.get());
            assert_eq!(shown(interval.low), format!("{low:.3}"), "{met}/{of}");
            assert_eq!(shown(interval.high), format!("{high:.3}"), "{met}/{of}");
        }
    }

    #[test]
    fn an_interval_holds_its_share_and_stays_within_bounds() {
        assert_eq!(wilson(Proportion::default()), None);
        for of in 1..=120 {
            for met in 0..=of {
                let counts = counts(met, of);
                let interval = wilson(counts).expect("an interval");
                assert!(interval.contains(counts.share().expect("a share")));
                assert!(interval.low < interval.high);
            }
        }
    }

    #[test]
    fn more_messages_never_widen_an_interval() {
        for met in 0..=10 {
            let mut last = 2.0;
            for times in [1, 2, 3, 10, 100, 10_000, 100_000_000] {
                let width = wilson(counts(met * times, 10 * times))
                    .expect("one")
                    .width();
                assert!(width < last, "{met} of 10, {times} times: {width}");
                last = width;
            }
        }
    }

    /// Newcombe's own example: 56/70 against 48/80 gives 0.0524 to 0.3339.
    #[test]
    fn golden_difference() {
        let apart = difference(counts(48, 80), counts(56, 70)).expect("a difference");
        assert_eq!(format!("{:.4}", apart.difference.get()), "0.2000");
        assert_eq!(format!("{:.4}", apart.low.get()), "0.0524");
        assert_eq!(format!("{:.4}", apart.high.get()), "0.3339");
        assert!(apart.is_more_than_noise());
    }

    #[test]
    fn a_difference_turns_with_its_order_and_knows_noise() {
        let there = difference(counts(90, 100), counts(93, 100)).expect("one");
        let back = difference(counts(93, 100), counts(90, 100)).expect("one");
        assert!(!there.is_more_than_noise());
        assert!((there.low.get() + back.high.get()).abs() < 1e-12);
        assert_eq!(difference(Proportion::default(), counts(1, 1)), None);
        let same = difference(counts(5, 5), counts(5, 5)).expect("one");
        assert!(!same.is_more_than_noise());
    }
}
