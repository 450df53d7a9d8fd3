//! Quantiles, quarters and the places on a spine. Not for uncertainty.

use crate::number::{Finite, Share};

/// The quantile of sorted values by linear interpolation (type 7 of Hyndman and Fan); `None` of nothing.
pub fn quantile(sorted: &[Finite], part: f64) -> Option<Finite> {
    let last = sorted.len().checked_sub(1)?;
    let place = part.clamp(0.0, 1.0) * f64::from(u32::try_from(last).ok()?);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place is from 0 to the last position"
    )]
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let (low, high) = (sorted[below].get(), sorted[above].get());
    let rest = place - place.floor();
    Some(Finite::held((low + (high - low) * rest).clamp(low, high)))
}

/// Lowest, quarter, half, three quarters, highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Five {
    /// Lowest.
    pub lowest: Share,
    /// A quarter lies below.
    pub lower: Share,
    /// Half lies below.
    pub median: Share,
    /// Three quarters lie below.
    pub upper: Share,
    /// Highest.
    pub highest: Share,
}

impl Five {
    /// The five numbers of some shares, in any order; `None` of nothing.
    pub fn of(shares: &[Share]) -> Option<Self> {
        let mut sorted: Vec<Finite> = shares.iter().map(|share| Finite::from(*share)).collect();
        sorted.sort();
        let at = |part: f64| quantile(&sorted, part).map(|value| Share::clipped(value.get()));
        Some(Self {
            lowest: at(0.0)?,
            lower: at(0.25)?,
            median: at(0.5)?,
            upper: at(0.75)?,
            highest: at(1.0)?,
        })
    }

    /// In which quarter a share lies, 1 (lowest) to 4; on a border it belongs to the higher one.
    pub fn quarter(self, share: Share) -> u8 {
        1 + [self.lower, self.median, self.upper]
            .iter()
            .map(|border| u8::from(share >= *border))
            .sum::<u8>()
    }

    /// The place of a share on a spine: the median at 0.5, and the end that is further from the median at
    /// 0 or 1, so that equal lengths mean equal differences. Higher shares are better, so right is better.
    pub fn spine_place(self, share: Share) -> Share {
        let down = self.median.get() - self.lowest.get();
        let up = self.highest.get() - self.median.get();
        let half = down.max(up);
        if half <= 0.0 {
            return Share::clipped(0.5);
        }
        Share::clipped(0.5 + (share.get() - self.median.get()) / (2.0 * half))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(values: &[f64]) -> Vec<Share> {
        values
            .iter()
            .map(|v| Share::new(*v).expect("a share"))
            .collect()
    }

    #[test]
    fn golden_quantiles() {
        // R: quantile(c(.1,.2,.3,.4)) gives .100 .175 .250 .325 .400.
        let five = Five::of(&shares(&[0.4, 0.1, 0.3, 0.2])).expect("five");
        let shown: Vec<String> = [
            five.lowest,
            five.lower,
            five.median,
            five.upper,
            five.highest,
        ]
        .iter()
        .map(|share| format!("{:.3}", share.get()))
        .collect();
        assert_eq!(shown, ["0.100", "0.175", "0.250", "0.325", "0.400"]);
        assert_eq!(Five::of(&[]), None);
        let one = Five::of(&shares(&[0.7])).expect("five");
        assert_eq!((one.lowest.get(), one.highest.get()), (0.7, 0.7));
    }

    #[test]
    fn quarters_hold_everybody_once() {
        let all = shares(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
        let five = Five::of(&all).expect("five");
        let quarters: Vec<u8> = all.iter().map(|share| five.quarter(*share)).collect();
        assert_eq!(quarters, [1, 1, 2, 2, 3, 3, 4, 4]);
    }

    #[test]
    fn on_a_spine_right_is_better_and_the_median_is_in_the_middle() {
        let five = Five::of(&shares(&[0.5, 0.8, 0.9])).expect("five");
        let place = |value: f64| five.spine_place(Share::new(value).expect("a share")).get();
        assert!((place(0.8) - 0.5).abs() < 1e-12);
        assert!(place(0.5).abs() < 1e-12);
        assert!((place(0.9) - 2.0 / 3.0).abs() < 1e-12);
        assert!(place(0.7) < place(0.75));
        assert!((place(1.0) - 5.0 / 6.0).abs() < 1e-12);
        let flat = Five::of(&shares(&[0.5, 0.5])).expect("five");
        assert!((flat.spine_place(Share::ALL).get() - 0.5).abs() < 1e-12);
    }
}
