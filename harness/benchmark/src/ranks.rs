//! Rank intervals and bands of organisations that cannot be told apart. Never a bare rank.
//! Not for choosing who may be ranked.

use crate::chance::{Chance, Purpose};
use crate::number::Finite;
use crate::wilson::Z95;
use serde::Serialize;
use std::ops::RangeInclusive;

/// The part of simulated ranks that is cut off at each end.
const TAIL_PER_MILLE: u32 = 25;

/// A value and its standard error; higher is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// The value.
    pub value: Finite,
    /// Its standard error; a negative one counts as none.
    pub error: Finite,
}

/// A 95 % interval of a rank; 1 is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RankInterval {
    /// Best plausible rank.
    pub best: usize,
    /// Middle of the simulated ranks.
    pub median: usize,
    /// Worst plausible rank.
    pub worst: usize,
}

impl RankInterval {
    /// How many places it spans.
    pub const fn width(self) -> usize {
        self.worst - self.best + 1
    }
}

/// Rank intervals by simulation: every value is drawn anew from a normal distribution around its estimate,
/// all are ranked, and the middle 95 % of an organisation's ranks are its interval.
/// Equal values, as where nothing has an error, share the best and the worst rank of their group.
pub fn rank_intervals(estimates: &[Estimate], seed: u64, draws: u32) -> Vec<RankInterval> {
    let draws = draws.max(1);
    let count = estimates.len();
    let mut chance = Chance::new(seed, Purpose::Ranks);
    // For each organisation, how often each rank was drawn: best and worst of a tie are counted apart.
    let mut best = vec![vec![0_u32; count]; count];
    let mut worst = vec![vec![0_u32; count]; count];
    let mut order: Vec<(Finite, usize)> = Vec::with_capacity(count);
    for _ in 0..draws {
        order.clear();
        order.extend(estimates.iter().enumerate().map(|(place, estimate)| {
            let noise = estimate.error.get().max(0.0) * chance.normal();
            (Finite::held(estimate.value.get() + noise), place)
        }));
        order.sort_unstable_by(|a, b| b.cmp(a));
        let mut start = 0;
        for group in order.chunk_by(|a, b| a.0 == b.0) {
            for (_, place) in group {
                best[*place][start] += 1;
                worst[*place][start + group.len() - 1] += 1;
            }
            start += group.len();
        }
    }
    let tail = u32::try_from(u64::from(draws) * u64::from(TAIL_PER_MILLE) / 1000).unwrap_or(0);
    best.iter()
        .zip(&worst)
        .map(|(best, worst)| RankInterval {
            best: 1 + place_after(best, tail),
            median: 1 + usize::midpoint(
                place_after(best, draws / 2),
                place_after(worst, draws / 2),
            ),
            worst: 1 + place_after(worst, (draws - 1).saturating_sub(tail)),
        })
        .collect()
}

/// The first place at which more than `number` draws have been counted.
fn place_after(counts: &[u32], number: u32) -> usize {
    let mut seen = 0;
    counts
        .iter()
        .position(|count| {
            seen += count;
            seen > number
        })
        .unwrap_or(0)
}

/// Whether two values can be told apart at 95 %: a test of their difference.
fn are_apart(a: &Estimate, b: &Estimate) -> bool {
    let gap = (a.value.get() - b.value.get()).abs();
    let error = (a.error.get().max(0.0).powi(2) + b.error.get().max(0.0).powi(2)).sqrt();
    gap > Z95 * error
}

/// Bands over estimates sorted from best to worst: inside a band no two can be told apart.
/// The bands cover everybody, overlap, and are given by first and last position.
pub fn bands(sorted: &[Estimate]) -> Vec<RangeInclusive<usize>> {
    let fits = |who: usize, mut others: RangeInclusive<usize>| {
        others.all(|other| !are_apart(&sorted[who], &sorted[other]))
    };
    let mut found = Vec::new();
    let mut seed = 0;
    while seed < sorted.len() {
        let mut last = seed;
        while last + 1 < sorted.len() && fits(last + 1, seed..=last) {
            last += 1;
        }
        let mut first = seed;
        while first > 0 && fits(first - 1, first..=last) {
            first -= 1;
        }
        found.push(first..=last);
        seed = last + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, error: f64) -> Estimate {
        Estimate {
            value: Finite::new(value).expect("a value"),
            error: Finite::new(error).expect("an error"),
        }
    }

    /// Share and standard error of a sample, as a posterior would have it.
    fn sampled(met: u32, of: u32) -> Estimate {
        let n = f64::from(of) + 1.0;
        let p = (f64::from(met) + 0.5) / n;
        estimate(p, (p * (1.0 - p) / (n + 1.0)).sqrt())
    }

    fn league(seed: u64, items: u32) -> (Vec<f64>, Vec<Estimate>) {
        let mut chance = Chance::new(seed, Purpose::Tests);
        let truths: Vec<f64> = (0..205)
            .map(|_| (0.8 + 0.08 * chance.normal()).clamp(0.0, 1.0))
            .collect();
        let estimates = truths
            .iter()
            .map(|truth| sampled(chance.binomial(items, *truth), items))
            .collect();
        (truths, estimates)
    }

    /// 205 trusts with true shares around 0.8 (standard deviation .08): the median 95 % rank interval is
    /// about 114 places wide with 60 sampled items, and 51 with 600.
    #[test]
    fn golden_widths_of_a_league() {
        for (items, expected) in [(60, 114_usize), (600, 51)] {
            let mut widths: Vec<usize> = (0..5)
                .flat_map(|seed| rank_intervals(&league(seed, items).1, seed, 500))
                .map(RankInterval::width)
                .collect();
            widths.sort_unstable();
            let median = widths[widths.len() / 2];
            assert!(median.abs_diff(expected) <= 6, "{items} items: {median}");
        }
    }

    #[test]
    fn intervals_hold_the_true_rank_about_as_often_as_they_say() {
        let mut held = 0;
        for seed in 0..20 {
            let (truths, estimates) = league(seed, 300);
            let intervals = rank_intervals(&estimates, seed, 400);
            for (truth, interval) in truths.iter().zip(&intervals) {
                let rank = 1 + truths.iter().filter(|other| *other > truth).count();
                held += u32::from((interval.best..=interval.worst).contains(&rank));
            }
        }
        let share = f64::from(held) / (20.0 * 205.0);
        assert!((0.93..=0.99).contains(&share), "{share}");
    }

    #[test]
    fn without_error_ranks_are_exact_and_ties_share_theirs() {
        let found = rank_intervals(
            &[estimate(0.1, 0.0), estimate(0.9, 0.0), estimate(0.9, -1.0)],
            1,
            10,
        );
        let shown: Vec<_> = found.iter().map(|i| (i.best, i.median, i.worst)).collect();
        assert_eq!(shown, [(3, 3, 3), (1, 1, 2), (1, 1, 2)]);
        assert_eq!(rank_intervals(&[], 1, 0), []);
        assert_eq!(rank_intervals(&[estimate(0.5, 0.2)], 1, 0)[0].width(), 1);
    }

    #[test]
    fn a_seed_gives_the_same_intervals() {
        let (_, estimates) = league(3, 60);
        let once = rank_intervals(&estimates, 9, 200);
        assert_eq!(once, rank_intervals(&estimates, 9, 200));
        assert_ne!(once, rank_intervals(&estimates, 10, 200));
    }

    #[test]
    fn bands_cover_everybody_and_hold_nobody_who_differs() {
        let (_, mut estimates) = league(4, 200);
        estimates.sort_by_key(|estimate| std::cmp::Reverse(estimate.value));
        let bands = bands(&estimates);
        assert!(bands.len() > 2);
        for place in 0..estimates.len() {
            assert!(bands.iter().any(|band| band.contains(&place)), "{place}");
        }
        for band in &bands {
            for a in band.clone() {
                for b in band.clone() {
                    assert!(!are_apart(&estimates[a], &estimates[b]), "{a} and {b}");
                }
            }
        }
        assert_eq!(super::bands(&[]), []);
        let same = [estimate(0.5, 0.0), estimate(0.5, 0.0), estimate(0.4, 0.0)];
        assert_eq!(super::bands(&same), [0..=1, 2..=2]);
    }
}
