//! Funnel plots of sampled proportions: limits around a centre, wider where all organisations vary
//! more than chance (additive overdispersion). Not for organisations of nearly equal counts.

use crate::number::{Finite, Interval, Proportion, Share};
use crate::spread::quantile;
use crate::wilson::Z95;
use serde::Serialize;

/// The normal quantile of two-sided 99.8 % limits.
pub const Z998: f64 = 3.090_232_306_167_813;

/// The share of values at each end that is pulled in before dispersion is estimated.
const WINSORISED: f64 = 0.1;

/// The limits at one count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FunnelLimit {
    /// Messages.
    pub n: u32,
    /// 95 % limits.
    pub inner: Interval,
    /// 99.8 % limits.
    pub outer: Interval,
}

/// A centre with its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunnelCurve {
    /// The centre: all met of all sampled.
    pub centre: Share,
    /// Variance between organisations that chance does not explain, added to that of chance.
    pub tau_squared: Finite,
    /// How many times the variance of chance the winsorised scores have; limits widen only above 1.
    pub phi: Finite,
    /// Limits at rising counts, for drawing.
    pub limits: Vec<FunnelLimit>,
}

/// Where a point lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FunnelZone {
    /// Above the 99.8 % limits.
    FarAbove,
    /// Between the upper limits.
    Above,
    /// Within the 95 % limits.
    Within,
    /// Between the lower limits.
    Below,
    /// Below the 99.8 % limits.
    FarBelow,
}

impl FunnelZone {
    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::FarAbove => "above the 99.8 % limit",
            Self::Above => "between the upper 95 % and 99.8 % limits",
            Self::Within => "within the 95 % limits",
            Self::Below => "between the lower 95 % and 99.8 % limits",
            Self::FarBelow => "below the 99.8 % limit",
        }
    }
}

impl FunnelCurve {
    /// The centre and dispersion of a set of organisations; `None` if nobody has a message.
    /// `steps` is how many limits are computed for drawing, at counts from the least to the most.
    pub fn of(points: &[Proportion], steps: u32) -> Option<Self> {
        let centre = points.iter().copied().sum::<Proportion>().share()?;
        let (tau_squared, phi) = dispersion(points, centre);
        let mut curve = Self {
            centre,
            tau_squared,
            phi,
            limits: Vec::new(),
        };
        let counts = || points.iter().map(|point| point.of()).filter(|of| *of > 0);
        let (least, most) = (counts().min()?, counts().max()?);
        let steps = steps.max(2);
        let span = u64::from(most - least);
        for step in 0..steps {
            let part = span * u64::from(step) / u64::from(steps - 1);
            let n = least + u32::try_from(part).unwrap_or(0);
            if curve.limits.last().is_none_or(|last| last.n < n) {
                let limit = curve.limit(n);
                curve.limits.push(limit);
            }
        }
        Some(curve)
    }

    /// The limits at a count, cut off at 0 and 1. At a count of 0 they exclude nothing.
    pub fn limit(&self, n: u32) -> FunnelLimit {
        FunnelLimit {
            n,
            inner: self.interval(n, Z95),
            outer: self.interval(n, Z998),
        }
    }

    fn interval(&self, n: u32, z: f64) -> Interval {
        if n == 0 {
            return Interval {
                low: Share::NONE,
                high: Share::ALL,
            };
        }
        let p = self.centre.get();
        let reach = z * (p * (1.0 - p) / f64::from(n) + self.tau_squared.get()).sqrt();
        Interval {
            low: Share::clipped(p - reach),
            high: Share::clipped(p + reach),
        }
    }

    /// Where a point lies; `None` of no messages.
    pub fn zone(&self, point: Proportion) -> Option<FunnelZone> {
        let share = point.share()?;
        let limit = self.limit(point.of());
        Some(if share > limit.outer.high {
            FunnelZone::FarAbove
        } else if share > limit.inner.high {
            FunnelZone::Above
        } else if share < limit.outer.low {
            FunnelZone::FarBelow
        } else if share < limit.inner.low {
            FunnelZone::Below
        } else {
            FunnelZone::Within
        })
    }
}

/// Spiegelhalter's additive random effects: tau squared by the method of moments on z scores of which the
/// outer tenth at each end is winsorised. Zero where the scores vary no more than chance.
fn dispersion(points: &[Proportion], centre: Share) -> (Finite, Finite) {
    let p = centre.get();
    let scored: Vec<(f64, f64)> = points
        .iter()
        .filter_map(|point| {
            let variance = p * (1.0 - p) / f64::from(point.of().max(1));
            let share = point.share()?.get();
            (variance > 0.0).then(|| ((share - p) / variance.sqrt(), variance))
        })
        .collect();
    if scored.len() < 2 {
        return (Finite::ZERO, Finite::held(1.0));
    }
    let mut sorted: Vec<Finite> = scored.iter().map(|(z, _)| Finite::held(*z)).collect();
    sorted.sort();
    let low = quantile(&sorted, WINSORISED).map_or(f64::MIN, Finite::get);
    let high = quantile(&sorted, 1.0 - WINSORISED).map_or(f64::MAX, Finite::get);
    let count = f64::from(u32::try_from(scored.len()).unwrap_or(u32::MAX));
    let phi = scored
        .iter()
        .map(|(z, _)| z.clamp(low, high).powi(2))
        .sum::<f64>()
        / count;
    let weight: f64 = scored.iter().map(|(_, variance)| 1.0 / variance).sum();
    let squares: f64 = scored.iter().map(|(_, variance)| variance.powi(-2)).sum();
    let excess = count * phi - (count - 1.0);
    let scale = weight - squares / weight;
    let tau_squared = if excess > 0.0 && scale > 0.0 {
        excess / scale
    } else {
        0.0
    };
    (Finite::held(tau_squared), Finite::held(phi))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(met: u32, of: u32) -> Proportion {
        Proportion::new(met, of).expect("counts")
    }

    fn at(centre: f64) -> FunnelCurve {
        FunnelCurve {
            centre: Share::new(centre).expect("a share"),
            tau_squared: Finite::ZERO,
            phi: Finite::held(1.0),
            limits: Vec::new(),
        }
    }

    /// Centre 0.9, 100 messages: 95 % limits .841 to .959, 99.8 % limits .807 to .993.
    #[test]
    fn golden_limits() {
        let limit = at(0.9).limit(100);
        let shown = |i: Interval| format!("{:.3}-{:.3}", i.low.get(), i.high.get());
        assert_eq!(shown(limit.inner), "0.841-0.959");
        assert_eq!(shown(limit.outer), "0.807-0.993");
    }

    #[test]
    fn limits_stay_within_bounds_and_narrow() {
        let curve = at(0.97);
        let mut last = 2.0;
        for n in [0, 1, 2, 5, 10, 100, 1000, u32::MAX] {
            let limit = curve.limit(n);
            assert!(limit.outer.width() <= last);
            assert!(limit.inner.width() <= limit.outer.width());
            assert!(limit.inner.contains(curve.centre));
            last = limit.outer.width();
        }
        assert_eq!(curve.limit(1).outer.high, Share::ALL);
    }

    #[test]
    fn chance_alone_gives_no_dispersion_and_clusters_do() {
        let equal = vec![counts(90, 100); 40];
        let curve = FunnelCurve::of(&equal, 20).expect("a curve");
        assert_eq!(curve.tau_squared, Finite::ZERO);
        assert_eq!(curve.limits.len(), 1);
        let apart: Vec<Proportion> = (0..40).map(|i| counts(800 + 8 * (i % 20), 1000)).collect();
        let curve = FunnelCurve::of(&apart, 20).expect("a curve");
        // Shares from .800 to .952, evenly: variance about .0021, of which chance explains .0001.
        assert!((0.0015..0.0022).contains(&curve.tau_squared.get()));
        assert!(
            apart
                .iter()
                .all(|point| curve.zone(*point) == Some(FunnelZone::Within))
        );
    }

    #[test]
    fn an_outlier_hardly_widens_the_limits_and_is_found() {
        let mut points: Vec<Proportion> = (0..40).map(|i| counts(893 + i % 15, 1000)).collect();
        points.push(counts(700, 1000));
        let curve = FunnelCurve::of(&points, 20).expect("a curve");
        assert_eq!(curve.zone(counts(700, 1000)), Some(FunnelZone::FarBelow));
        assert_eq!(curve.zone(counts(900, 1000)), Some(FunnelZone::Within));
        assert_eq!(curve.zone(counts(999, 1000)), Some(FunnelZone::FarAbove));
    }

    #[test]
    fn nothing_is_no_reason_to_panic() {
        assert_eq!(FunnelCurve::of(&[], 20), None);
        assert_eq!(FunnelCurve::of(&[Proportion::default()], 20), None);
        for points in [
            vec![counts(0, 5), Proportion::default()],
            vec![counts(5, 5), counts(9, 9)],
            vec![counts(1, 1)],
        ] {
            let curve = FunnelCurve::of(&points, 0).expect("a curve");
            assert_eq!(curve.zone(points[0]), Some(FunnelZone::Within));
            assert_eq!(curve.zone(Proportion::default()), None);
        }
    }
}
