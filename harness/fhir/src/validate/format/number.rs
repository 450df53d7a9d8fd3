//! Numbers as FHIR writes them: decimals, integers and their ranges.

use super::{Fault, are_digits};
use crate::definitions::FhirVersion;

/// `integer`, `positiveInt`, `unsignedInt`: all within 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::validate) enum Range {
    Any,
    Positive,
    NotNegative,
}

/// Digits with an optional minus, in range.
pub(in crate::validate) fn integer(text: &str, range: Range) -> Result<(), Fault> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    if !are_digits(digits) {
        return Err(if text.contains(['.', 'e', 'E']) {
            "it has a point or an exponent"
        } else {
            "it holds something other than digits"
        });
    }
    if digits.len() > 1 && digits[0] == b'0' {
        return Err("it has leading zeros");
    }
    let Some(value) = text.parse::<i32>().ok() else {
        return Err("it does not fit 32 bits");
    };
    match range {
        Range::Positive if value < 1 => Err("it is below 1"),
        Range::NotNegative if value < 0 || text.starts_with('-') => Err("it is negative"),
        Range::Any | Range::Positive | Range::NotNegative => Ok(()),
    }
}

/// A decimal; with an exponent in R4 only.
pub(in crate::validate) fn decimal(text: &str, version: FhirVersion) -> Result<(), Fault> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    if !are_digits(whole.as_bytes()) {
        return Err("there are no digits, or not only digits, before the point");
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err("it has leading zeros");
    }
    if fraction.is_some_and(|it| !are_digits(it.as_bytes())) {
        return Err("there are no digits, or not only digits, after the point");
    }
    let Some(exponent) = exponent else {
        return Ok(());
    };
    if version == FhirVersion::Stu3 {
        return Err("it has an exponent, which STU3 does not allow");
    }
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if are_digits(exponent.as_bytes()) {
        Ok(())
    } else {
        Err("the exponent is no number")
    }
}
