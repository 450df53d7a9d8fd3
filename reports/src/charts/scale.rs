//! From figures to places on a drawing, and the round figures to print along an axis.
//! Not for drawing the axis: each chart does that.

/// A straight scale from figures to pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// `from` figures, `to` pixels; figures without any width are drawn in the middle.
    pub(crate) const fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// The place of a figure; one outside is drawn at the edge.
    pub(crate) fn at(self, figure: f64) -> f64 {
        let wide = self.from.1 - self.from.0;
        if wide <= 0.0 || !figure.is_finite() {
            return f64::midpoint(self.to.0, self.to.1);
        }
        let part = ((figure - self.from.0) / wide).clamp(0.0, 1.0);
        self.to.0 + part * (self.to.1 - self.to.0)
    }
}

/// The steps between the ticks of an axis.
const STEPS: [f64; 3] = [1.0, 2.0, 5.0];

/// Round figures from at or below `low` to at or above `high`, about `wanted` of them.
pub(crate) fn ticks(low: f64, high: f64, wanted: u32) -> Vec<f64> {
    if !low.is_finite() || !high.is_finite() {
        return vec![0.0, 1.0];
    }
    let high = if high > low { high } else { low + 1.0 };
    let rough = (high - low) / f64::from(wanted.max(1));
    let power = 10_f64.powf(rough.log10().floor());
    let step = STEPS
        .iter()
        .map(|step| step * power)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(power * 10.0);
    let first = (low / step + 1e-9).floor();
    let mut made = Vec::new();
    for count in 0..200_u32 {
        let tick = (first + f64::from(count)) * step;
        made.push(tick);
        if tick >= high - step * 1e-6 {
            break;
        }
    }
    made
}

/// Ticks of shares from 0 to 1 around the figures, never outside.
pub(crate) fn share_ticks(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    let (low, high) = figures
        .filter(|figure| figure.is_finite())
        .fold((1.0_f64, 0.0_f64), |(low, high), figure| {
            (low.min(figure), high.max(figure))
        });
    let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
    // A range narrower than a tenth would blow small differences up.
    let (low, high) = if high - low < 0.1 {
        let middle = f64::midpoint(low, high).clamp(0.05, 0.95);
        (middle - 0.05, middle + 0.05)
    } else {
        (low, high)
    };
    let mut made = ticks(low.max(0.0), high.min(1.0), 5);
    made.retain(|tick| (-1e-9..=1.0 + 1e-9).contains(tick));
    made
}

/// The first and the last tick.
pub(crate) fn ends(ticks: &[f64]) -> (f64, f64) {
    match (ticks.first(), ticks.last()) {
        (Some(first), Some(last)) if last > first => (*first, *last),
        _ => (0.0, 1.0),
    }
}

/// What stands above an axis of shares.
pub(crate) const AXIS_WORDS: &str = "out of 100";

/// "80" for 0.8, along an axis: counts stand in the words and in the table.
pub(crate) fn axis_share(share: f64) -> String {
    super::canvas::place(share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_outside_are_drawn_at_the_edge_and_no_width_divides_nothing() {
        let scale = Scale::new((0.0, 10.0), (100.0, 0.0));
        for (figure, at) in [(0.0, 100.0), (5.0, 50.0), (11.0, 0.0), (f64::NAN, 50.0)] {
            assert!((scale.at(figure) - at).abs() < 1e-9, "{figure}");
        }
        assert!((Scale::new((3.0, 3.0), (0.0, 8.0)).at(3.0) - 4.0).abs() < 1e-9);
    }

    #[test]
    fn ticks_are_round_and_enclose() {
        assert_eq!(ticks(0.0, 93.0, 5), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert!(ticks(5.0, 5.0, 4).len() > 1);
        let shares = share_ticks([0.62, 0.97].into_iter());
        assert!(
            shares[0] <= 0.62 && shares[shares.len() - 1] >= 0.97,
            "{shares:?}"
        );
        assert!(
            share_ticks([1.0].into_iter())
                .iter()
                .all(|t| *t <= 1.0 + 1e-9)
        );
        assert!(share_ticks(std::iter::empty()).len() > 1);
    }
}
