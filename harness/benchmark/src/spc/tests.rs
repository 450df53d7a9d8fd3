//! Tests of control charts: golden vectors, each rule to the letter, icons, and edges.

use super::limits::Limits;
use super::rules::points_of;
use super::*;
use crate::number::Finite;

fn values(numbers: &[f64]) -> Vec<Finite> {
    numbers
        .iter()
        .map(|number| Finite::new(*number).expect("finite"))
        .collect()
}

fn series(numbers: &[f64]) -> Series {
    Series {
        values: values(numbers),
        rebases: Vec::new(),
        baseline: None,
        direction: Direction::HigherIsBetter,
        target: None,
        moving_ranges: MovingRanges::All,
    }
}

/// Limits of mean 0, limits at -3 and 3, outer thirds from 2.
fn unit_limits() -> Limits {
    let at = |value: f64| Finite::new(value).expect("finite");
    Limits {
        mean: at(0.0),
        lower: at(-3.0),
        upper: at(3.0),
        near_lower: at(-2.0),
        near_upper: at(2.0),
        moving_range: at(1.0),
    }
}

/// H and L for special points, a full stop for the others.
fn marks(rule: SpecialRule, numbers: &[f64]) -> String {
    points_of(rule, &values(numbers), &unit_limits())
        .iter()
        .map(|side| match side {
            Some(Side::High) => 'H',
            Some(Side::Low) => 'L',
            None => '.',
        })
        .collect()
}

/// The vignette "Deviations from Excel defaults" of `NHSRplotthedots`, and by hand: mean 35/18, average moving
/// range 32/17 unscreened and 1 screened, 2.66 times that on either side.
#[test]
fn golden_limits_of_both_ways() {
    let mut numbers = vec![1.0, 2.0, 1.0, 2.0, 10.0];
    numbers.extend([1.0, 2.0].iter().cycle().take(13));
    let shown = |ranges| {
        let limits = Limits::of(&values(&numbers), ranges).expect("limits");
        format!(
            "{:.6} {:.6} {:.6}",
            limits.mean.get(),
            limits.lower.get(),
            limits.upper.get()
        )
    };
    assert_eq!(numbers.len(), 18);
    assert_eq!(shown(MovingRanges::All), "1.944444 -3.062614 6.951503");
    assert_eq!(shown(MovingRanges::Screened), "1.944444 -0.715556 4.604444");
}

#[test]
fn limits_of_little_do_not_panic() {
    assert_eq!(Limits::of(&[], MovingRanges::All), None);
    for ranges in [MovingRanges::All, MovingRanges::Screened] {
        for numbers in [&[0.1][..], &[0.1, 0.1, 0.1], &[0.0; 24]] {
            let limits = Limits::of(&values(numbers), ranges).expect("limits");
            assert_eq!(limits.lower, limits.upper, "equal values have no spread");
            assert_eq!(limits.mean, values(numbers)[0]);
        }
        let huge = Limits::of(&values(&[f64::MAX, -f64::MAX]), ranges).expect("limits");
        assert!(huge.upper.get().is_finite());
    }
    let empty = Chart::of(&series(&[]));
    assert!(empty.points.is_empty() && empty.groups.is_empty());
    assert_eq!((empty.variation, empty.assurance), (None, None));
    let flat = Chart::of(&series(&[0.9; 24]));
    assert!(flat.points.iter().all(|point| point.special.is_none()));
    assert_eq!(flat.variation, Some(Variation::CommonCause));
}

#[test]
fn a_point_on_a_limit_is_inside() {
    let rule = SpecialRule::OutsideLimits;
    assert_eq!(marks(rule, &[3.0, 3.01, -3.0, -3.01, 0.0]), ".H.L.");
}

#[test]
fn a_trend_is_seven_points_and_equal_neighbours_end_it() {
    let rule = SpecialRule::Trend;
    assert_eq!(marks(rule, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), "HHHHHHH");
    assert_eq!(marks(rule, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), "......");
    assert_eq!(
        marks(rule, &[2.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 3.0]),
        ".HHHHHHH."
    );
    assert_eq!(marks(rule, &[7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]), "LLLLLLL");
    assert_eq!(
        marks(rule, &[1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0, 7.0]),
        "........"
    );
    // The peak of a rise and a fall belongs to the fall.
    let peak = [1., 2., 3., 4., 5., 6., 7., 6., 5., 4., 3., 2., 1.];
    assert_eq!(marks(rule, &peak), "HHHHHHLLLLLLL");
}

#[test]
fn two_in_three_wants_all_three_on_one_side() {
    let rule = SpecialRule::TwoInThree;
    assert_eq!(marks(rule, &[2.5, 1.0, 2.5]), "H.H");
    assert_eq!(marks(rule, &[1.0, 2.5, 2.5]), ".HH");
    assert_eq!(marks(rule, &[2.5, 2.5, 1.0]), "HH.");
    assert_eq!(marks(rule, &[2.5, -0.1, 2.5]), "...");
    assert_eq!(marks(rule, &[2.5, 2.5, -1.0]), "...");
    assert_eq!(marks(rule, &[-2.5, -1.0, -2.5]), "L.L");
    assert_eq!(marks(rule, &[2.5, -2.5, 2.5]), "...");
    // On the border of the outer third is not in it; on the limit still is; outside is not.
    assert_eq!(marks(rule, &[2.0, 2.5, 1.0]), "...");
    assert_eq!(marks(rule, &[3.0, 2.5, 1.0]), "HH.");
    assert_eq!(marks(rule, &[3.5, 2.5, 1.0]), "...");
    assert_eq!(marks(rule, &[3.5, 2.5, 2.5]), ".HH");
    assert_eq!(marks(rule, &[1.0, 1.0, 2.5, 1.0, 2.5, 1.0, 1.0]), "..H.H..");
    assert_eq!(marks(rule, &[2.5, 2.5]), "..");
}

#[test]
fn a_shift_is_seven_points_and_the_mean_is_on_no_side() {
    let rule = SpecialRule::Shift;
    assert_eq!(marks(rule, &[1.0; 7]), "HHHHHHH");
    assert_eq!(marks(rule, &[1.0; 6]), "......");
    assert_eq!(marks(rule, &[-1.0; 8]), "LLLLLLLL");
    assert_eq!(marks(rule, &[1., 1., 1., 0., 1., 1., 1., 1.]), "........");
    assert_eq!(
        marks(rule, &[-1., 1., 1., 1., 1., 1., 1., 1., -1.]),
        ".HHHHHHH."
    );
}

#[test]
fn the_first_rule_wins_in_the_order_of_the_table() {
    let limits = unit_limits();
    let at = |numbers: &[f64], place: usize| {
        rules::special(&values(numbers), &limits)[place].map(|special| special.rule)
    };
    let rising = [0.5, 0.8, 1.0, 1.2, 2.2, 2.5, 3.5];
    assert_eq!(at(&rising, 6), Some(SpecialRule::OutsideLimits));
    assert_eq!(at(&rising, 5), Some(SpecialRule::Trend));
    let high = [0.5, 0.4, 0.5, 0.4, 2.2, 2.1, 0.5];
    assert_eq!(at(&high, 4), Some(SpecialRule::TwoInThree));
    assert_eq!(at(&high, 0), Some(SpecialRule::Shift));
    assert_eq!(at(&[0.5, -0.5], 0), None);
}

#[test]
fn groups_have_their_own_limits_and_small_ones_a_caution() {
    let mut numbers = [0.5, 0.52].repeat(6);
    numbers.extend([0.9, 0.92, 0.9]);
    let mut input = series(&numbers);
    assert!(
        Chart::of(&input)
            .points
            .iter()
            .any(|point| point.special.is_some())
    );
    input.rebases = vec![12, 12, 0, 99];
    let chart = Chart::of(&input);
    assert!(chart.points.iter().all(|point| point.special.is_none()));
    let spans: Vec<_> = chart
        .groups
        .iter()
        .map(|group| (group.first, group.last, group.standing))
        .collect();
    assert_eq!(
        spans,
        [
            (0, 11, LimitStanding::Settled),
            (12, 14, LimitStanding::Trial)
        ]
    );
    assert!(chart.groups[0].limits.upper < chart.groups[1].limits.lower);
}

#[test]
fn a_baseline_sets_the_limits_for_all_that_follows() {
    let mut numbers = [0.5, 0.52].repeat(6);
    numbers.extend([0.6, 0.62, 0.61, 0.63]);
    let mut input = series(&numbers);
    input.baseline = NonZeroUsize::new(12);
    let chart = Chart::of(&input);
    assert_eq!(chart.groups.len(), 1);
    assert_eq!(chart.groups[0].standing, LimitStanding::Settled);
    let expected = Limits::of(&values(&numbers[..12]), MovingRanges::All);
    assert_eq!(Some(chart.groups[0].limits), expected);
    let outside = |point: &&Point| {
        point.special.map(|special| special.rule) == Some(SpecialRule::OutsideLimits)
    };
    assert_eq!(chart.points.iter().filter(outside).count(), 4);
    input.baseline = NonZeroUsize::new(5);
    assert_eq!(Chart::of(&input).groups[0].standing, LimitStanding::Trial);
    input.baseline = NonZeroUsize::new(99);
    let whole = Chart::of(&input);
    input.baseline = None;
    assert_eq!(whole, Chart::of(&input), "no more points than there are");
}

#[test]
fn every_icon_for_variation_can_be_had() {
    let mut found = std::collections::BTreeSet::new();
    for direction in [
        Direction::HigherIsBetter,
        Direction::LowerIsBetter,
        Direction::Neutral,
    ] {
        for last in [0.0, 9.0, -9.0] {
            let mut numbers = [0.1, -0.1].repeat(10);
            numbers.push(last);
            let mut input = series(&numbers);
            input.direction = direction;
            found.extend(Chart::of(&input).variation);
        }
    }
    assert_eq!(found.into_iter().collect::<Vec<_>>(), {
        let mut all = Variation::ALL.to_vec();
        all.sort_unstable();
        all
    });
}

#[test]
fn assurance_compares_target_and_limits() {
    // Mean 0.5, average moving range 1, limits -2.16 and 3.16.
    let numbers = [0.0, 1.0].repeat(8);
    let upper = Chart::of(&series(&numbers)).groups[0].limits.upper.get();
    let lower = Chart::of(&series(&numbers)).groups[0].limits.lower.get();
    let of = |target: f64, direction| {
        let mut input = series(&numbers);
        input.target = Finite::new(target);
        input.direction = direction;
        Chart::of(&input).assurance
    };
    let (high, low) = (Direction::HigherIsBetter, Direction::LowerIsBetter);
    assert_eq!(of(upper + 0.1, high), Some(Assurance::ConsistentlyFails));
    assert_eq!(of(upper + 0.1, low), Some(Assurance::ConsistentlyPasses));
    assert_eq!(of(lower - 0.1, high), Some(Assurance::ConsistentlyPasses));
    assert_eq!(of(lower - 0.1, low), Some(Assurance::ConsistentlyFails));
    assert_eq!(of(0.5, high), Some(Assurance::HitOrMiss));
    // Exactly on a limit is within reach of chance.
    assert_eq!(of(upper, high), Some(Assurance::HitOrMiss));
    assert_eq!(of(lower, high), Some(Assurance::HitOrMiss));
    assert_eq!(of(0.5, Direction::Neutral), None);
    assert_eq!(Chart::of(&series(&numbers)).assurance, None, "no target");
}

#[test]
fn assurance_of_what_never_varies() {
    let of = |numbers: &[f64], target: f64| {
        let mut input = series(numbers);
        input.target = Finite::new(target);
        Chart::of(&input).assurance
    };
    assert_eq!(of(&[0.95; 12], 0.95), Some(Assurance::ConsistentlyPasses));
    assert_eq!(of(&[0.95; 12], 0.96), Some(Assurance::ConsistentlyFails));
    assert_eq!(of(&[0.95; 12], 0.94), Some(Assurance::ConsistentlyPasses));
    assert_eq!(of(&[0.95], 0.5), None, "one point says nothing");
}
