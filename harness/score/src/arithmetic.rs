//! Tallies, domain scores, their geometric mean and the bands.
//! Not for deciding which requirement counts: `scorecard` does that.

use plumbline_model::scorecard::{Count, DomainScore, Score, Tally};
use plumbline_model::{ScoringPolicy, Severity, Verdict};

/// The band above all bands of a policy: nothing required fails and nothing is unknown.
const FULLY: &str = "fully met";
/// The band below all bands of a policy.
const NOT: &str = "not met";
/// Added to each share of a domain (0 to 1) before the geometric mean and taken off after it, so that
/// one zero does not erase the rest.
pub const FLOOR: f64 = 0.01;

/// How one tested, required rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Met,
    Broken,
    Unknown,
}

impl Standing {
    /// `None` for what is outside the scope.
    pub(crate) const fn of(verdict: Verdict) -> Option<Self> {
        match verdict {
            Verdict::Pass | Verdict::Warning => Some(Self::Met),
            Verdict::Fail => Some(Self::Broken),
            Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review => Some(Self::Unknown),
            Verdict::NotApplicable(_) => None,
        }
    }
}

/// Counts required rules and the severity that they carry.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Weighed {
    pub(crate) tally: Tally,
    met: u32,
    broken: u32,
    unknown: u32,
}

impl Weighed {
    pub(crate) fn add(&mut self, standing: Standing, severity: Severity) {
        let weight = u32::from(severity.get());
        match standing {
            Standing::Met => {
                self.tally.pass += 1;
                self.met += weight;
            }
            Standing::Broken => {
                self.tally.fail += 1;
                self.broken += weight;
            }
            Standing::Unknown => {
                self.tally.undecided += 1;
                self.unknown += weight;
            }
        }
    }

    /// Rounded down, so that 100 always means all.
    pub(crate) fn score(&self) -> Score {
        let all = self.met + self.broken + self.unknown;
        Score {
            decided_tenths: tenths_of(self.met, self.met + self.broken),
            low_tenths: tenths_of(self.met, all).unwrap_or(0),
            high_tenths: tenths_of(self.met + self.unknown, all).unwrap_or(1000),
        }
    }
}

fn tenths_of(part: u32, whole: u32) -> Option<u16> {
    let tenths = (u64::from(part) * 1000).checked_div(u64::from(whole))?;
    u16::try_from(tenths).ok()
}

/// The weighted geometric mean of the domains, in tenths, for the decided share and both bounds.
pub(crate) fn overall(domains: &[DomainScore], policy: &ScoringPolicy) -> Score {
    let mean = |pick: fn(&Score) -> Option<u16>| {
        geometric_mean(
            domains
                .iter()
                .filter_map(|d| Some((pick(&d.score)?, policy.weight(d.domain)))),
        )
    };
    Score {
        decided_tenths: mean(|s| s.decided_tenths),
        low_tenths: mean(|s| Some(s.low_tenths)).unwrap_or(0),
        high_tenths: mean(|s| Some(s.high_tenths)).unwrap_or(1000),
    }
}

fn geometric_mean(parts: impl Iterator<Item = (u16, u32)>) -> Option<u16> {
    let (mut total_weight, mut logs, mut perfect) = (0.0, 0.0, true);
    for (tenths, weight) in parts.filter(|(_, weight)| *weight > 0) {
        perfect &= tenths == 1000;
        total_weight += f64::from(weight);
        logs += f64::from(weight) * (f64::from(tenths) / 1000.0 + FLOOR).ln();
    }
    if total_weight == 0.0 {
        None
    } else if perfect {
        Some(1000)
    } else {
        let mean = (logs / total_weight).exp() - FLOOR;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0..=999 on the same line; less than all never shows as 100"
        )]
        let tenths = (mean * 1000.0).round().clamp(0.0, 999.0) as u16;
        Some(tenths)
    }
}

/// The band in words, or the range of bands that the unknowns allow, or why there is none.
pub(crate) fn band(
    score: Score,
    required: Tally,
    coverage: Count,
    policy: &ScoringPolicy,
) -> String {
    let Some(decided) = score.decided_tenths else {
        return "no band: nothing required was decided".to_owned();
    };
    let enough = coverage.met * 100 >= coverage.of * usize::from(policy.minimum_coverage_percent);
    if enough {
        let all_met = required.fail == 0 && required.undecided == 0;
        return named(decided, all_met, policy).to_owned();
    }
    let low = named(score.low_tenths, false, policy);
    let high = named(score.high_tenths, required.fail == 0, policy);
    if low == high {
        format!("{low}, whatever the unknowns turn out to be")
    } else {
        format!("between {low} and {high}")
    }
}

fn named(tenths: u16, all_met: bool, policy: &ScoringPolicy) -> &str {
    if all_met {
        return FULLY;
    }
    policy
        .bands
        .iter()
        .filter(|(_, percent)| u32::from(tenths) >= u32::from(*percent) * 10)
        .max_by_key(|(_, percent)| *percent)
        .map_or(NOT, |(name, _)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(parts: &[(u16, u32)]) -> Option<u16> {
        geometric_mean(parts.iter().copied())
    }

    #[test]
    fn one_weak_domain_shows_in_the_mean() {
        let parts = [(950, 1), (950, 1), (950, 1), (950, 1), (200, 1)];
        assert_eq!(mean(&parts), Some(698), "arithmetic would be 800");
    }

    #[test]
    fn one_zero_does_not_erase_the_rest() {
        assert_eq!(mean(&[(1000, 1), (0, 1)]), Some(90));
        assert_eq!(mean(&[(0, 1), (0, 3)]), Some(0));
    }

    #[test]
    fn all_and_only_all_is_a_hundred() {
        assert_eq!(mean(&[(1000, 1), (1000, 7)]), Some(1000));
        assert_eq!(mean(&[(1000, 100_000), (999, 1)]), Some(999));
        assert_eq!(tenths_of(9999, 10_000), Some(999));
    }

    #[test]
    fn nothing_has_no_mean() {
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[(500, 0)]), None);
        assert_eq!(tenths_of(0, 0), None);
    }

    #[test]
    fn weights_pull_the_mean() {
        let even = mean(&[(900, 1), (300, 1)]);
        let pulled = mean(&[(900, 3), (300, 1)]);
        assert!(pulled > even, "{pulled:?} {even:?}");
    }
}
