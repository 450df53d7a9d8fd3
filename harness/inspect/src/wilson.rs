//! The Wilson interval of a proportion, at 95 %. Not for figures that are no sample, such as minutes in service.

/// The 97.5th percentile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Lower and upper end, between 0 and 1, of `part` of `whole`; `None` if there is nothing to divide by.
pub fn wilson(part: u64, whole: u64) -> Option<(f64, f64)> {
    if whole == 0 || part > whole {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of messages are far below 2^53"
    )]
    let (part, whole) = (part as f64, whole as f64);
    let share = part / whole;
    let square = Z * Z;
    let centre = share + square / (2.0 * whole);
    let spread = Z * ((share * (1.0 - share) + square / (4.0 * whole)) / whole).sqrt();
    let divisor = 1.0 + square / whole;
    Some((
        ((centre - spread) / divisor).max(0.0),
        ((centre + spread) / divisor).min(1.0),
    ))
}

#[cfg(test)]
mod tests {
    use super::wilson;

    #[test]
    fn golden_vectors() {
        for (part, whole, low, high) in [
            (0, 10, 0.000, 0.278),
            (10, 10, 0.722, 1.0),
            (9, 10, 0.596, 0.982),
            (48, 50, 0.865, 0.989),
            (95, 100, 0.888, 0.978),
            (90, 120, 0.666, 0.819),
            (300, 320, 0.905, 0.959),
        ] {
            let (l, h) = wilson(part, whole).expect("an interval");
            assert!(
                (l - low).abs() < 0.001 && (h - high).abs() < 0.001,
                "{part}/{whole}: {l} {h}"
            );
        }
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(2, 1), None);
    }
}
