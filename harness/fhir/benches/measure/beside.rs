//! Two pieces of work beside each other, by the median of several ratios. Not for what they are.

use crate::measure::best;
use std::time::Duration;

/// How often a ratio is measured.
const BATCHES: usize = 15;

/// Two pieces of work beside each other.
#[derive(Debug, Clone, Copy)]
pub struct Beside {
    /// The median time of the first.
    pub first: Duration,
    /// The median time of the second.
    pub second: Duration,
    /// The first by the second: the median of several ratios.
    pub ratio: f64,
    /// The least and the greatest of these ratios.
    pub range: (f64, f64),
}

/// Measures two pieces of work by turns, so that what else the machine does falls on both. Each time is the best of
/// so many rounds, each ratio that of two times taken one after the other.
pub fn beside(rounds: usize, mut first: impl FnMut(), mut second: impl FnMut()) -> Beside {
    let rounds = rounds.div_ceil(BATCHES);
    let mut times = [Vec::new(), Vec::new()];
    let mut ratios = Vec::new();
    for _ in 0..BATCHES {
        let pair = [best(rounds, &mut first), best(rounds, &mut second)];
        ratios.push(pair[0].as_secs_f64() / pair[1].as_secs_f64());
        times[0].push(pair[0]);
        times[1].push(pair[1]);
    }
    ratios.sort_by(f64::total_cmp);
    for times in &mut times {
        times.sort();
    }
    Beside {
        first: times[0][BATCHES / 2],
        second: times[1][BATCHES / 2],
        ratio: ratios[BATCHES / 2],
        range: (ratios[0], ratios[BATCHES - 1]),
    }
}
