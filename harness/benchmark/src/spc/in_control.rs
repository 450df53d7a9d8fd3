//! How often series without any special cause are flagged, rule by rule.
//! The expected rate is computed exactly, by other means than the code under test: known mean and spread,
//! independent normal values, 24 points. Nothing here is simulated but what is measured.

use super::limits::Limits;
use super::rules::points_of;
use super::{MovingRanges, SpecialRule};
use crate::chance::{Chance, Purpose};
use crate::number::Finite;

const POINTS: usize = 24;
const SERIES: u32 = 20_000;
const MEAN: f64 = 0.9;
const SPREAD: f64 = 0.02;

/// From the spread to the limit: 2.66 times the mean moving range of normal values, 2 / sqrt(pi).
fn reach() -> f64 {
    2.66 * 2.0 / std::f64::consts::PI.sqrt()
}

/// The chance that a normal value exceeds `z`.
fn above(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// The chance that a series of 24 has at least one point that the rule flags.
pub(crate) fn exact(rule: SpecialRule) -> f64 {
    match rule {
        SpecialRule::OutsideLimits => 1.0 - (1.0 - 2.0 * above(reach())).powi(24),
        SpecialRule::Trend => monotone_run(),
        SpecialRule::TwoInThree => two_in_three(),
        SpecialRule::Shift => same_side_run(),
    }
}

/// Permutations of 24 with seven successive values that rise or fall, by adding one value after another:
/// `open[run][rank]` is the chance that no run is complete, the last steps went up `run` times (or down,
/// which is as likely and kept apart by sign), and the last value has that rank among those so far.
fn monotone_run() -> f64 {
    let index = |run: i32| usize::try_from(run + 5).expect("from -5 to 5");
    let mut open = vec![vec![0.0; POINTS]; 11];
    open[index(0)][0] = 1.0;
    for so_far in (1_u32..).take(POINTS - 1) {
        let mut next = vec![vec![0.0; POINTS]; 11];
        for run in -5..=5_i32 {
            for rank in 0..so_far {
                let chance = open[index(run)][rank as usize] / f64::from(so_far + 1);
                for new in 0..=so_far {
                    let run = if new > rank {
                        run.max(0) + 1
                    } else {
                        run.min(0) - 1
                    };
                    if run.abs() < 6 {
                        next[index(run)][new as usize] += chance;
                    }
                }
            }
        }
        open = next;
    }
    1.0 - open.iter().flatten().sum::<f64>()
}

/// Seven on one side of a known mean in 24 tosses of a fair coin.
fn same_side_run() -> f64 {
    let mut open = [0.0; 7];
    open[1] = 1.0;
    for _ in 1..POINTS {
        let mut next = [0.0; 7];
        next[1] = open.iter().sum::<f64>() / 2.0;
        for run in 1..6 {
            next[run + 1] = open[run] / 2.0;
        }
        open = next;
    }
    1.0 - open.iter().sum::<f64>()
}

/// Two of three in an outer third and all three on that side, as a chain over the last two points.
fn two_in_three() -> f64 {
    // Kinds of point: side, and whether it is in the outer third and inside the limits.
    let outer = above(reach() * 2.0 / 3.0) - above(reach());
    let kinds = [
        (1, true, outer),
        (1, false, 0.5 - outer),
        (-1, true, outer),
        (-1, false, 0.5 - outer),
    ];
    let mut open = [[0.0; 4]; 4];
    for (a, kind_a) in kinds.iter().enumerate() {
        for (b, kind_b) in kinds.iter().enumerate() {
            open[a][b] = kind_a.2 * kind_b.2;
        }
    }
    for _ in 2..POINTS {
        let mut next = [[0.0; 4]; 4];
        for a in 0..4 {
            for b in 0..4 {
                for c in 0..4 {
                    let three = [kinds[a], kinds[b], kinds[c]];
                    let same = three.iter().all(|kind| kind.0 == three[0].0);
                    let near = three.iter().filter(|kind| kind.1).count();
                    if !(same && near >= 2) {
                        next[b][c] += open[a][b] * kinds[c].2;
                    }
                }
            }
        }
        open = next;
    }
    1.0 - open.iter().flatten().sum::<f64>()
}

/// The share of series in control with a point that the rule flags, with limits from the series itself.
fn measured(rule: SpecialRule, ranges: MovingRanges) -> f64 {
    share_flagged(rule, |values| Limits::of(values, ranges).expect("limits"))
}

/// The same with limits from the known mean and spread.
fn measured_with_known_limits(rule: SpecialRule) -> f64 {
    let at = |spreads: f64| Finite::held(MEAN + SPREAD * spreads);
    let limits = Limits {
        mean: at(0.0),
        lower: at(-reach()),
        upper: at(reach()),
        near_lower: at(-reach() * 2.0 / 3.0),
        near_upper: at(reach() * 2.0 / 3.0),
        moving_range: Finite::ZERO,
    };
    share_flagged(rule, |_| limits)
}

fn share_flagged(rule: SpecialRule, limits: impl Fn(&[Finite]) -> Limits) -> f64 {
    let mut chance = Chance::new(24, Purpose::Tests);
    let mut flagged = 0_u32;
    for _ in 0..SERIES {
        let values: Vec<Finite> = (0..POINTS)
            .map(|_| Finite::held(MEAN + SPREAD * chance.normal()))
            .collect();
        let marks = points_of(rule, &values, &limits(&values));
        flagged += u32::from(marks.iter().any(Option::is_some));
    }
    f64::from(flagged) / f64::from(SERIES)
}

/// Each rule as written flags as often as the exact calculation says: it is neither laxer nor stricter.
#[test]
fn with_known_limits_each_rule_flags_exactly_as_often_as_it_should() {
    for rule in SpecialRule::ALL {
        let (exact, found) = (exact(*rule), measured_with_known_limits(*rule));
        // Four standard errors of the simulation.
        let error = 4.0 * (exact * (1.0 - exact) / f64::from(SERIES)).sqrt();
        assert!(
            (found - exact).abs() < error,
            "{}: {exact} {found}",
            rule.label()
        );
    }
}

#[test]
fn series_in_control_are_flagged_no_more_than_the_rule_says() {
    for rule in SpecialRule::ALL {
        let expected = exact(*rule);
        let all = measured(*rule, MovingRanges::All);
        let screened = measured(*rule, MovingRanges::Screened);
        println!(
            "{}: in theory {:.2} % (exact, known mean and spread), measured {:.2} % of {SERIES} series of \
             {POINTS} points with limits of their own (screened moving ranges: {:.2} %)",
            rule.label(),
            expected * 100.0,
            all * 100.0,
            screened * 100.0
        );
        assert!(all <= expected + 0.01, "{}", rule.label());
    }
}

/// Screening narrows the limits, so it flags more often; that is why it is not the default.
#[test]
fn screened_limits_flag_more_often() {
    let rule = SpecialRule::OutsideLimits;
    let (all, screened) = (
        measured(rule, MovingRanges::All),
        measured(rule, MovingRanges::Screened),
    );
    assert!(screened > all + 0.02, "{all} {screened}");
}
