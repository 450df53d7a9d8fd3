//! Quantiles of the normal and of Student's distribution. Not for tails beyond one in a million million.

use crate::number::Finite;

/// The normal quantile of a two-sided level: 0.05 gives 1.96. Levels are held within 1e-12 to 1.
pub(crate) fn two_sided_z(level: f64) -> f64 {
    let level = if level.is_nan() {
        1.0
    } else {
        level.clamp(1e-12, 1.0)
    };
    let (mut low, mut high) = (0.0, 8.0);
    // The tail falls as z rises; 60 halvings are exact to the last bit.
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if libm::erfc(middle / std::f64::consts::SQRT_2) > level {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The quantile of Student's distribution for a two-sided level and at least 7 degrees of freedom
/// (Cornish and Fisher's expansion; within 0.5 % of tables down to a level of 0.001).
pub(crate) fn two_sided_t(level: f64, freedom: u32) -> f64 {
    let z = two_sided_z(level);
    let n = f64::from(freedom.max(7));
    let square = z * z;
    let first = z * (square + 1.0) / 4.0;
    let second = z * ((5.0 * square + 16.0) * square + 3.0) / 96.0;
    let third = z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
    let fourth = z
        * ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0)
        / 92_160.0;
    z + first / n + second / n.powi(2) + third / n.powi(3) + fourth / n.powi(4)
}

/// Mean and standard error of the mean; `None` of fewer than two values.
pub(crate) fn mean_and_error(values: &[f64]) -> Option<(Finite, Finite)> {
    if values.len() < 2 {
        return None;
    }
    let count = f64::from(u32::try_from(values.len()).ok()?);
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let error = (squares / (count - 1.0) / count).sqrt();
    Some((Finite::held(mean), Finite::held(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_tables() {
        for (level, z) in [
            (0.05, 1.959_964),
            (0.002, 3.090_232),
            (0.3173, 1.000_022),
            (1.0, 0.0),
        ] {
            assert!((two_sided_z(level) - z).abs() < 2e-6, "{level}");
        }
        for (level, freedom, t) in [
            (0.05, 7, 2.3646),
            (0.05, 10, 2.2281),
            (0.05, 30, 2.0423),
            (0.01, 10, 3.1693),
            (0.001, 10, 4.5869),
            (0.001, 40, 3.5510),
        ] {
            let found = two_sided_t(level, freedom);
            assert!(
                (found / t - 1.0).abs() < 0.005,
                "{level} {freedom}: {found}"
            );
        }
        assert!(two_sided_z(0.0) < 8.0);
    }

    #[test]
    fn mean_and_its_error() {
        let (mean, error) = mean_and_error(&[1.0, 2.0, 3.0, 4.0]).expect("two or more");
        assert_eq!(Some(mean), Finite::new(2.5));
        assert!((error.get() - 0.645_497).abs() < 1e-6);
        assert_eq!(mean_and_error(&[1.0]), None);
    }
}
