//! `lowBoundary`, `highBoundary`, `precision`, `comparable`: what a value leaves open. Not for rounding: maths.rs.

use crate::collection::Collection;
use crate::error::Eval;
use crate::evaluate::{Evaluator, Invocation};
use crate::moment::{Date, DateTime, Detail, Time, Zone, days_in};
use crate::value::Value;
use rust_decimal::{Decimal, RoundingStrategy};

type Result<'a> = Eval<Collection<'a>>;

/// Which end of what a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Low,
    High,
}

pub(crate) fn low_boundary<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    boundary(it, &call, End::Low)
}

pub(crate) fn high_boundary<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    boundary(it, &call, End::High)
}

fn boundary<'a>(it: &Evaluator<'_, 'a>, call: &Invocation<'_, 'a>, end: End) -> Result<'a> {
    let Some(value) = it.one(call.name(), &call.input)? else {
        return Ok(Collection::empty());
    };
    let wanted = it.integer(call.name(), &it.argument(call, 0)?)?;
    let digits = |most: u8| {
        let digits = wanted.map_or(Some(most), |it| u8::try_from(it).ok());
        digits.filter(|it| *it <= most)
    };
    let places = wanted.map_or(Some(8), |it| u32::try_from(it).ok());
    let number = |value: Decimal| places.and_then(|places| decimal(value, places, end));
    let found = match &value {
        Value::Integer(value) => number((*value).into()).map(Value::Decimal),
        Value::Decimal(value) => number(*value).map(Value::Decimal),
        Value::Quantity(it) => {
            number(it.value()).map(|value| Value::Quantity(it.with_value(value)))
        }
        Value::Date(value) => digits(8)
            .and_then(|it| date(*value, it, end))
            .map(Value::Date),
        Value::DateTime(value) => digits(17)
            .and_then(|it| date_time(*value, it, end))
            .map(Value::DateTime),
        Value::Time(value) => digits(9)
            .and_then(|it| time(*value, it, end))
            .map(Value::Time),
        other => return Err(it.wrong_type(call.name(), other)),
    };
    Ok(Collection::maybe(found))
}

/// Half of the last place below or above, then to so many places outwards.
fn decimal(value: Decimal, places: u32, end: End) -> Option<Decimal> {
    if places > 28 {
        return None;
    }
    let half = Decimal::try_from_i128_with_scale(5, value.scale() + 1).ok()?;
    let (limit, strategy) = match end {
        End::Low => (
            value.checked_sub(half)?,
            RoundingStrategy::ToNegativeInfinity,
        ),
        End::High => (
            value.checked_add(half)?,
            RoundingStrategy::ToPositiveInfinity,
        ),
    };
    let mut limit = limit.round_dp_with_strategy(places, strategy);
    limit.rescale(places);
    Some(limit)
}

/// With 4, 6 or 8 digits.
fn date(value: Date, digits: u8, end: End) -> Option<Date> {
    let month = match (value.month, end) {
        (0, End::Low) => 1,
        (0, End::High) => 12,
        (month, _) => month,
    };
    let day = match (value.day, end) {
        (0, End::Low) => 1,
        (0, End::High) => days_in(value.year, month),
        (day, _) => day,
    };
    match digits {
        4 => Some(Date {
            month: 0,
            day: 0,
            ..value
        }),
        6 => Some(Date {
            month,
            day: 0,
            ..value
        }),
        8 => Some(Date {
            month,
            day,
            ..value
        }),
        _ => None,
    }
}

/// With 2, 4, 6 or 9 digits.
fn time(value: Time, digits: u8, end: End) -> Option<Time> {
    let detail = match digits {
        2 => Detail::Hour,
        4 => Detail::Minute,
        6 | 9 => Detail::Second,
        _ => return None,
    };
    let (minute, second, nanosecond) = match (value.detail, end) {
        (Detail::Hour, End::Low) => (0, 0, 0),
        (Detail::Hour, End::High) => (59, 59, 999_000_000),
        (Detail::Minute, End::Low) => (value.minute, 0, 0),
        (Detail::Minute, End::High) => (value.minute, 59, 999_000_000),
        (Detail::Second, End::High) if value.digits == 0 => {
            (value.minute, value.second, 999_000_000)
        }
        (Detail::Second, _) => (value.minute, value.second, value.nanosecond),
    };
    let kept = digits == 9;
    Some(Time {
        hour: value.hour,
        minute: if detail >= Detail::Minute { minute } else { 0 },
        second: if detail == Detail::Second { second } else { 0 },
        nanosecond: if kept { nanosecond } else { 0 },
        digits: if kept { value.digits.max(3) } else { 0 },
        detail,
    })
}

/// With the digits of a date, and after them those of a time. What has no offset may be anywhere on earth.
fn date_time(value: DateTime, digits: u8, end: End) -> Option<DateTime> {
    let (offset, start) = match end {
        End::Low => (14 * 60, Time::parse("00:00:00.000")?),
        End::High => (-12 * 60, Time::parse("23:59:59.999")?),
    };
    if digits <= 8 {
        return date(value.date, digits, end).map(DateTime::from);
    }
    let clock = time(value.time.unwrap_or(start), digits - 8, end)?;
    Some(DateTime {
        date: date(value.date, 8, end)?,
        time: Some(clock),
        offset: Some(value.offset.unwrap_or(offset)),
        zone: match value.offset {
            Some(_) => value.zone,
            None => Zone::Digits,
        },
    })
}

pub(crate) fn precision<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let Some(value) = it.one(call.name(), &call.input)? else {
        return Ok(Collection::empty());
    };
    let precision = match &value {
        Value::Integer(_) => 0,
        Value::Decimal(value) => i64::from(value.scale()),
        Value::Quantity(it) => i64::from(it.value().scale()),
        Value::Date(value) => i64::from(value.precision()),
        Value::DateTime(value) => i64::from(value.precision()),
        Value::Time(value) => i64::from(value.precision()),
        other => return Err(it.wrong_type(call.name(), other)),
    };
    Ok(Collection::one(Value::Integer(precision)))
}

/// Whether two quantities measure the same.
pub(crate) fn comparable<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let other = it.argument(&call, 0)?;
    let quantity = |values: &Collection<'a>| {
        let Some(value) = values.single(call.name())? else {
            return Ok(None);
        };
        match it.quantity_of(value) {
            Some(quantity) => Ok(Some(quantity)),
            None => Err(it.wrong_type(call.name(), value)),
        }
    };
    let (one, other) = (quantity(&call.input)?, quantity(&other)?);
    let both = one.zip(other);
    Ok(Collection::truth(
        both.map(|(one, other)| one.is_comparable(&other)),
    ))
}
