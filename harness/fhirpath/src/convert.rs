//! `toInteger`, `convertsToDate` and all others of their kind. Not for implicit conversion: compare.rs, equal.rs.

use crate::arithmetic::integer;
use crate::collection::Collection;
use crate::decimal;
use crate::error::Eval;
use crate::evaluate::{Evaluator, Invocation};
use crate::moment::{Date, DateTime, Time};
use crate::quantity::Quantity;
use crate::unit::{CalendarUnit, Unit};
use crate::value::Value;
use rust_decimal::Decimal;

type Result<'a> = Eval<Collection<'a>>;

/// Converts a value, or gives nothing.
type Convert = for<'a> fn(&Value<'a>) -> Option<Value<'a>>;

fn convert<'a>(it: &Evaluator<'_, 'a>, call: &Invocation<'_, 'a>, by: Convert) -> Result<'a> {
    let Some(value) = call.input.single(call.name())? else {
        return Ok(Collection::empty());
    };
    let value = it.plain(value);
    Ok(Collection::maybe(value.and_then(|value| by(&value))))
}

fn converts<'a>(it: &Evaluator<'_, 'a>, call: &Invocation<'_, 'a>, by: Convert) -> Result<'a> {
    if call.input.is_empty() {
        return Ok(Collection::empty());
    }
    let converted = convert(it, call, by)?;
    Ok(Collection::truth(Some(!converted.is_empty())))
}

macro_rules! conversions {
    ($($to:ident $converts_to:ident $by:path;)*) => {
        $(
            pub(crate) fn $to<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
                convert(it, &call, $by)
            }

            pub(crate) fn $converts_to<'a>(
                it: &Evaluator<'_, 'a>,
                call: Invocation<'_, 'a>,
            ) -> Result<'a> {
                converts(it, &call, $by)
            }
        )*
    };
}

conversions! {
    to_boolean converts_to_boolean boolean;
    to_integer converts_to_integer whole;
    to_decimal converts_to_decimal exact;
    to_date converts_to_date date;
    to_date_time converts_to_date_time date_time;
    to_time converts_to_time time;
    to_string converts_to_string string;
}

fn boolean<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    let is_true = match value {
        Value::Boolean(is_true) => *is_true,
        Value::Integer(1) => true,
        Value::Integer(0) => false,
        Value::Decimal(value) if *value == Decimal::ONE => true,
        Value::Decimal(value) if value.is_zero() => false,
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => true,
            "false" | "f" | "no" | "n" | "0" | "0.0" => false,
            _ => return None,
        },
        _ => return None,
    };
    Some(Value::Boolean(is_true))
}

fn whole<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    match value {
        Value::Integer(value) => integer(*value),
        Value::Boolean(is_true) => Some(Value::Integer(i64::from(*is_true))),
        Value::String(text) => integer(text.parse().ok()?),
        _ => None,
    }
}

fn exact<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    Some(Value::Decimal(match value {
        Value::Decimal(value) => *value,
        Value::Integer(value) => (*value).into(),
        Value::Boolean(is_true) => Decimal::from(u8::from(*is_true)),
        Value::String(text) => decimal::parse(text)?,
        _ => return None,
    }))
}

fn date<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    Some(Value::Date(match value {
        Value::Date(date) => *date,
        Value::DateTime(moment) => moment.date,
        Value::String(text) => match Date::parse(text) {
            Some(date) => date,
            None => DateTime::parse(text)?.date,
        },
        _ => return None,
    }))
}

fn date_time<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    Some(Value::DateTime(match value {
        Value::DateTime(moment) => *moment,
        Value::Date(date) => (*date).into(),
        Value::String(text) => DateTime::parse(text)?,
        _ => return None,
    }))
}

fn time<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    Some(Value::Time(match value {
        Value::Time(time) => *time,
        Value::String(text) => Time::parse(text)?,
        _ => return None,
    }))
}

fn string<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    match value {
        Value::String(text) => Some(Value::String(text.clone())),
        other => other.to_text().map(|text| Value::owned(text.into_owned())),
    }
}

/// Of a string: a number, then perhaps a unit in quotes or a word of the calendar.
fn parse_quantity(text: &str) -> Option<Quantity> {
    let text = text.trim();
    let end = text
        .find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+'))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let value = decimal::parse(number)?;
    let word = unit.trim_start();
    if word.is_empty() {
        return Some(Quantity::number(value));
    }
    let quoted = word.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
    let unit = match quoted {
        Some(code) => Unit::quoted(code),
        None if word.len() < unit.len() => Unit::Calendar(CalendarUnit::from_word(word)?),
        None => return None,
    };
    Some(Quantity::new(value, unit))
}

fn quantity<'a>(it: &Evaluator<'_, 'a>, call: &Invocation<'_, 'a>) -> Eval<Option<Quantity>> {
    let Some(value) = call.input.single(call.name())? else {
        return Ok(None);
    };
    let found = match it.plain(value) {
        Some(Value::String(text)) => parse_quantity(&text),
        Some(Value::Boolean(is_true)) => Some(Quantity::number(u8::from(is_true).into())),
        Some(plain) => it.quantity_of(&plain),
        None => it.quantity_of(value),
    };
    let Some(unit) = it.text(call.name(), &it.argument(call, 0)?)? else {
        return Ok(found);
    };
    Ok(found.and_then(|it| it.to_unit(&Unit::quoted(&unit))))
}

pub(crate) fn to_quantity<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let found = quantity(it, &call)?;
    Ok(Collection::maybe(found.map(Value::Quantity)))
}

pub(crate) fn converts_to_quantity<'a>(
    it: &Evaluator<'_, 'a>,
    call: Invocation<'_, 'a>,
) -> Result<'a> {
    if call.input.is_empty() {
        return Ok(Collection::empty());
    }
    Ok(Collection::truth(Some(quantity(it, &call)?.is_some())))
}
