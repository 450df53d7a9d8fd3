//! Chance with a seed: the same numbers on every machine. Not for secrets, and never seeded by a clock.
//!
//! PCG XSL RR 128/64, whose numbers `rand_pcg` promises not to change. Logarithms come from `libm`, because
//! those of the operating system differ in the last bit.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// What numbers are drawn for. Each purpose has its own stream, so that one never shifts another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Rank intervals.
    Ranks,
    /// Truths of the synthetic organisations.
    Truths,
    /// What the synthetic runs see.
    Runs,
    /// Simulations in tests.
    #[cfg(test)]
    Tests,
}

impl Purpose {
    const fn stream(self) -> u128 {
        match self {
            Self::Ranks => 1,
            Self::Truths => 2,
            Self::Runs => 3,
            #[cfg(test)]
            Self::Tests => 4,
        }
    }
}

/// A source of chance.
#[derive(Debug, Clone)]
pub(crate) struct Chance(Pcg64);

impl Chance {
    /// A stream of numbers; equal seeds and purposes give equal numbers.
    pub(crate) fn new(seed: u64, purpose: Purpose) -> Self {
        Self(Pcg64::new(u128::from(seed), purpose.stream()))
    }

    /// A number from 0 to under 1, in steps of 2 to the power of -53.
    pub(crate) fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
        let whole = (self.0.next_u64() >> 11) as f64;
        whole / 9_007_199_254_740_992.0
    }

    /// A whole number under `end`; 0 if `end` is 0. Its bias is under `end` in 2 to the power of 64.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        let wide = u128::from(self.0.next_u64()) * u128::from(end);
        u32::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number of the standard normal distribution (Marsaglia's polar method).
    pub(crate) fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * libm::log(square) / square).sqrt();
            }
        }
    }

    /// How many of `n` happen, each with the same probability.
    pub(crate) fn binomial(&mut self, n: u32, probability: f64) -> u32 {
        (0..n).map(|_| u32::from(self.unit() < probability)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fixed for ever: a change of these numbers changes every synthetic world.
    #[test]
    fn a_seed_gives_the_same_numbers_everywhere() {
        let mut chance = Chance::new(7, Purpose::Tests);
        let first: Vec<u32> = (0..5).map(|_| chance.below(1_000_000)).collect();
        assert_eq!(first, EXPECTED);
        let normal = chance.normal();
        assert_eq!(normal.to_bits(), NORMAL, "{normal}");
    }

    const EXPECTED: [u32; 5] = [810_041, 754_721, 889_577, 229_768, 626_356];
    const NORMAL: u64 = 13_831_011_242_428_318_908;

    #[test]
    fn moments_are_right() {
        let mut chance = Chance::new(1, Purpose::Tests);
        let draws: Vec<f64> = (0..100_000).map(|_| chance.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.015, "{mean}");
        assert!((variance - 1.0).abs() < 0.02, "{variance}");
        let met: u32 = (0..1000).map(|_| chance.binomial(100, 0.9)).sum();
        assert!((89_600..90_400).contains(&met), "{met}");
        assert_eq!((chance.binomial(9, 0.0), chance.binomial(9, 1.0)), (0, 9));
        assert_eq!(chance.below(0), 0);
    }
}
