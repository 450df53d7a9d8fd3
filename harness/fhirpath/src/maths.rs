//! Functions of numbers. Not for operators: arithmetic.rs. What has no real value, or is too great, is nothing.
//! Roots, powers and logarithms are computed in decimals to 28 digits, and rounded to 16 places.

use crate::arithmetic::integer;
use crate::collection::Collection;
use crate::decimal;
use crate::equal::decimal_of;
use crate::error::Eval;
use crate::evaluate::{Evaluator, Invocation};
use crate::value::Value;
use rust_decimal::{Decimal, MathematicalOps};

type Result<'a> = Eval<Collection<'a>>;

/// To how many places what is computed by approximation is rounded.
const PLACES: u32 = 16;

/// When an approximation is good enough.
const TOLERANCE: Decimal = Decimal::from_parts(1, 0, 0, false, 27);

/// The number that a function is called on, or that is its argument.
fn number<'a>(
    it: &Evaluator<'_, 'a>,
    call: &Invocation<'_, 'a>,
    values: &Collection<'a>,
) -> Eval<Option<Decimal>> {
    let Some(value) = it.one(call.name(), values)? else {
        return Ok(None);
    };
    match decimal_of(&value) {
        Some(number) => Ok(Some(number)),
        None => Err(it.wrong_type(call.name(), &value)),
    }
}

fn by_decimal<'a>(
    it: &Evaluator<'_, 'a>,
    call: &Invocation<'_, 'a>,
    by: impl Fn(Decimal) -> Option<Decimal>,
) -> Result<'a> {
    it.spend(50)?;
    let number = number(it, call, &call.input)?;
    let result = number.and_then(by).map(approximate);
    Ok(Collection::maybe(result.map(Value::Decimal)))
}

fn approximate(value: Decimal) -> Decimal {
    decimal::round(value, PLACES).normalize()
}

/// To an integer, by rounding a decimal in some way.
fn to_integer<'a>(
    it: &Evaluator<'_, 'a>,
    call: &Invocation<'_, 'a>,
    by: impl Fn(Decimal) -> Decimal,
) -> Result<'a> {
    let number = number(it, call, &call.input)?;
    let whole = number.and_then(|number| i64::try_from(by(number)).ok());
    Ok(Collection::maybe(whole.and_then(integer)))
}

pub(crate) fn abs<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let Some(value) = it.one(call.name(), &call.input)? else {
        return Ok(Collection::empty());
    };
    let absolute = match &value {
        Value::Integer(value) => value.checked_abs().and_then(integer),
        Value::Decimal(value) => Some(Value::Decimal(value.abs())),
        Value::Quantity(it) => Some(Value::Quantity(it.with_value(it.value().abs()))),
        other => return Err(it.wrong_type(call.name(), other)),
    };
    Ok(Collection::maybe(absolute))
}

pub(crate) fn ceiling<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    to_integer(it, &call, |number| number.ceil())
}

pub(crate) fn floor<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    to_integer(it, &call, |number| number.floor())
}

pub(crate) fn truncate<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    to_integer(it, &call, |number| number.trunc())
}

pub(crate) fn exp<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    by_decimal(it, &call, power_of_e)
}

fn power_of_e(number: Decimal) -> Option<Decimal> {
    let fits = number.abs() < Decimal::ONE_HUNDRED;
    fits.then(|| number.checked_exp_with_tolerance(TOLERANCE))?
}

/// The natural logarithm of what is more than zero.
fn logarithm(number: Decimal) -> Option<Decimal> {
    if number <= Decimal::ZERO {
        return None;
    }
    number.checked_ln()
}

pub(crate) fn ln<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    by_decimal(it, &call, logarithm)
}

pub(crate) fn log<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let Some(base) = number(it, &call, &it.argument(&call, 0)?)? else {
        return Ok(Collection::empty());
    };
    by_decimal(it, &call, |number| {
        logarithm(number)?.checked_div(logarithm(base)?)
    })
}

pub(crate) fn sqrt<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    by_decimal(it, &call, |number| {
        let is_real = !number.is_sign_negative() || number.is_zero();
        is_real.then(|| number.abs().sqrt())?
    })
}

/// An integer to the power of one that is not negative is an integer.
pub(crate) fn power<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let exponent = it.argument(&call, 0)?;
    let whole = |value: Option<Value<'a>>| match value {
        Some(Value::Integer(value)) => Some(value),
        _ => None,
    };
    let base = whole(it.one(call.name(), &call.input)?);
    let times = whole(it.one(call.name(), &exponent)?);
    if let (Some(base), Some(times)) = (base, times.and_then(|it| u32::try_from(it).ok())) {
        let power = base.checked_pow(times).and_then(integer);
        return Ok(Collection::maybe(power));
    }
    let Some(exponent) = number(it, &call, &exponent)? else {
        return Ok(Collection::empty());
    };
    by_decimal(it, &call, |number| raised(number, exponent))
}

fn raised(number: Decimal, exponent: Decimal) -> Option<Decimal> {
    if exponent.fract().is_zero() {
        let times = i64::try_from(exponent).ok()?;
        // Beyond this nothing but 0, 1 and -1 fits.
        let fits = times.abs() <= 1000 || number.abs() <= Decimal::ONE;
        return fits.then(|| number.checked_powi(times))?;
    }
    if number.is_sign_negative() && !number.is_zero() {
        return None;
    }
    if exponent.abs() > Decimal::ONE_THOUSAND {
        return None;
    }
    if number.is_zero() {
        return exponent.is_sign_positive().then_some(Decimal::ZERO);
    }
    power_of_e(logarithm(number)?.checked_mul(exponent)?)
}

/// Halves away from zero; to an integer's place unless an argument says more.
pub(crate) fn round<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let places = it
        .integer(call.name(), &it.argument(&call, 0)?)?
        .unwrap_or(0);
    let Ok(places) = u32::try_from(places) else {
        return Err(crate::error::EvalError::WrongValue {
            what: call.name(),
            problem: "a number of places is not negative".to_owned(),
        });
    };
    let number = number(it, &call, &call.input)?;
    let rounded = number.map(|number| decimal::round(number, places));
    Ok(Collection::maybe(rounded.map(Value::Decimal)))
}
