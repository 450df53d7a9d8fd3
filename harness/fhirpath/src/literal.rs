//! Literals: text of an expression to a value. Not for what a resource holds: value.rs.

use crate::decimal;
use crate::moment;
use crate::quantity::Quantity;
use crate::unit::{CalendarUnit, Unit};
use crate::value::Value;
use std::borrow::Cow;

pub(crate) fn string(text: String) -> Value<'static> {
    Value::String(Cow::Owned(text))
}

pub(crate) fn boolean(is_true: bool) -> Value<'static> {
    Value::Boolean(is_true)
}

/// An integer without a point, if it fits into one of 32 bits; else a decimal.
pub(crate) fn number(digits: &str) -> Option<Value<'static>> {
    if let Ok(integer) = digits.parse::<i32>() {
        return Some(Value::Integer(i64::from(integer)));
    }
    decimal::parse(digits).map(Value::Decimal)
}

/// A date, a date with time or a time, without its `@`. A date with a `T` at its end is a date with time.
pub(crate) fn moment(text: &str) -> Option<Value<'static>> {
    if let Some(time) = text.strip_prefix('T') {
        return moment::Time::parse(time).map(Value::Time);
    }
    if text.contains('T') {
        return moment::DateTime::parse(text).map(Value::DateTime);
    }
    moment::Date::parse(text).map(Value::Date)
}

/// Whether a word after a number is its unit.
pub(crate) fn is_calendar_unit(word: &str) -> bool {
    CalendarUnit::from_word(word).is_some()
}

pub(crate) fn calendar_quantity(digits: &str, word: &str) -> Option<Value<'static>> {
    let unit = Unit::Calendar(CalendarUnit::from_word(word)?);
    Some(Value::Quantity(Quantity::new(
        decimal::parse(digits)?,
        unit,
    )))
}

pub(crate) fn quantity(digits: &str, unit: &str) -> Option<Value<'static>> {
    Some(Value::Quantity(Quantity::new(
        decimal::parse(digits)?,
        Unit::quoted(unit),
    )))
}
