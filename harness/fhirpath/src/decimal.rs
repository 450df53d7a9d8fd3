//! Exact decimals: reading, and rounding to as many digits as both sides of an equivalence have.
//! Not for arithmetic: arithmetic.rs, maths.rs.

use rust_decimal::{Decimal, RoundingStrategy};

/// Reads a decimal of FHIR or `FHIRPath`, trailing zeros kept. `None` if it is none, or has more than 28 digits,
/// so that nothing is ever rounded unsaid.
pub(crate) fn parse(text: &str) -> Option<Decimal> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let digits = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let is_well_formed = match digits.split_once('.') {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(digits),
    };
    if !is_well_formed {
        return None;
    }
    let value = Decimal::from_str_exact(mantissa).ok()?;
    shifted(value, exponent)
}

/// The value times a power of ten.
fn shifted(value: Decimal, exponent: i32) -> Option<Decimal> {
    if exponent == 0 {
        return Some(value);
    }
    if value.is_zero() {
        return Some(Decimal::ZERO);
    }
    let scale = i64::from(value.scale()) - i64::from(exponent);
    if let Ok(scale) = u32::try_from(scale) {
        let mut value = value;
        value.set_scale(scale).ok()?;
        return Some(value);
    }
    let mut value = value;
    value.set_scale(0).ok()?;
    for _ in scale..0 {
        value = value.checked_mul(Decimal::TEN)?;
    }
    Some(value)
}

/// How many digits after the point count: trailing zeros do not.
pub(crate) fn places(value: Decimal) -> u32 {
    value.normalize().scale()
}

/// Equal after rounding to the digits of the one with fewer.
pub(crate) fn equivalent(left: Decimal, right: Decimal) -> bool {
    let least = places(left).min(places(right));
    round(left, least) == round(right, least)
}

/// Rounded, halves away from zero.
pub(crate) fn round(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_exactly_or_not_at_all() {
        for (text, wanted) in [
            ("1.50", "1.50"),
            ("-0.1", "-0.1"),
            ("1e3", "1000"),
            ("1.5E-3", "0.0015"),
            ("0.0e5", "0"),
            ("1234567890987654321.0", "1234567890987654321.0"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), wanted);
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1_0",
            "a",
            "1e",
            "1e99999999999",
            "1e40",
            "1e-40",
            "--1",
            " 1",
            "12345678901234567890123456789012345",
            "0.12345678901234567890123456789012345",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn equivalence_rounds_to_the_coarser() {
        let at = |text| parse(text).unwrap();
        assert!(equivalent(at("0.67"), at("0.6666667")));
        assert!(equivalent(at("1.10"), at("1.1")));
        assert!(!equivalent(at("1.1"), at("1.2")));
    }
}
