//! Functions of strings. Not for regular expressions: `regex_text.rs`, nor for encodings: encode.rs.
//! Positions count characters.

use crate::collection::Collection;
use crate::error::Eval;
use crate::evaluate::{Evaluator, Invocation};
use crate::value::Value;
use std::borrow::Cow;

type Result<'a> = Eval<Collection<'a>>;

/// The string that the function is called on.
pub(crate) fn input<'a>(
    it: &Evaluator<'_, 'a>,
    call: &Invocation<'_, 'a>,
) -> Eval<Option<Cow<'a, str>>> {
    let text = it.text(call.name(), &call.input)?;
    it.spend(text.as_ref().map_or(0, |text| text.len() / 64))?;
    Ok(text)
}

/// A string that is an argument.
pub(crate) fn argument<'a>(
    it: &Evaluator<'_, 'a>,
    call: &Invocation<'_, 'a>,
    at: usize,
) -> Eval<Option<Cow<'a, str>>> {
    it.text(call.name(), &it.argument(call, at)?)
}

/// Of the string and a string that is an argument; nothing if one is missing.
fn of_two<'a>(
    it: &Evaluator<'_, 'a>,
    call: &Invocation<'_, 'a>,
    by: impl Fn(&str, &str) -> Option<Value<'a>>,
) -> Result<'a> {
    let (text, other) = (input(it, call)?, argument(it, call, 0)?);
    let (Some(text), Some(other)) = (text, other) else {
        return Ok(Collection::empty());
    };
    Ok(Collection::maybe(by(&text, &other)))
}

/// Of the string alone.
fn of_one<'a>(
    it: &Evaluator<'_, 'a>,
    call: &Invocation<'_, 'a>,
    by: impl Fn(&str) -> Value<'a>,
) -> Result<'a> {
    Ok(Collection::maybe(input(it, call)?.map(|text| by(&text))))
}

/// How many characters come before a byte.
fn position(text: &str, at: Option<usize>) -> Value<'static> {
    let count = at
        .and_then(|at| text.get(..at))
        .map(|it| it.chars().count());
    Value::Integer(count.and_then(|it| i64::try_from(it).ok()).unwrap_or(-1))
}

pub(crate) fn index_of<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    of_two(it, &call, |text, part| {
        Some(position(text, text.find(part)))
    })
}

pub(crate) fn last_index_of<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    of_two(it, &call, |text, part| {
        Some(position(text, text.rfind(part)))
    })
}

/// Nothing if it begins outside the string.
pub(crate) fn substring<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let text = input(it, &call)?;
    let start = it.integer(call.name(), &it.argument(&call, 0)?)?;
    let (Some(text), Some(start)) = (text, start) else {
        return Ok(Collection::empty());
    };
    let length = match call.argument(1) {
        None => None,
        Some(_) => it.integer(call.name(), &it.argument(&call, 1)?)?,
    };
    let Some(from) = usize::try_from(start)
        .ok()
        .and_then(|at| text.char_indices().nth(at))
    else {
        return Ok(Collection::empty());
    };
    let rest = &text[from.0..];
    let length = length.map(|it| usize::try_from(it).unwrap_or(0));
    let end = length.and_then(|length| rest.char_indices().nth(length));
    let part = end.map_or(rest, |(at, _)| &rest[..at]);
    Ok(Collection::one(Value::owned(part.to_owned())))
}

pub(crate) fn starts_with<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    of_two(it, &call, |text, part| {
        Some(Value::Boolean(text.starts_with(part)))
    })
}

pub(crate) fn ends_with<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    of_two(it, &call, |text, part| {
        Some(Value::Boolean(text.ends_with(part)))
    })
}

pub(crate) fn contains<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    of_two(it, &call, |text, part| {
        Some(Value::Boolean(text.contains(part)))
    })
}

pub(crate) fn upper<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    of_one(it, &call, |text| Value::owned(text.to_uppercase()))
}

pub(crate) fn lower<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    of_one(it, &call, |text| Value::owned(text.to_lowercase()))
}

pub(crate) fn length<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    of_one(it, &call, |text| position(text, Some(text.len())))
}

pub(crate) fn trim<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    of_one(it, &call, |text| Value::owned(text.trim().to_owned()))
}

/// Every place of the part, and between all characters for an empty part.
pub(crate) fn replace<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let (text, part) = (input(it, &call)?, argument(it, &call, 0)?);
    let (Some(text), Some(part), Some(by)) = (text, part, argument(it, &call, 1)?) else {
        return Ok(Collection::empty());
    };
    let places = if part.is_empty() {
        text.len() + 1
    } else {
        text.matches(&*part).count()
    };
    it.length(text.len().saturating_add(places.saturating_mul(by.len())))?;
    let replaced = text.replace(&*part, &by);
    Ok(Collection::one(Value::owned(replaced)))
}

pub(crate) fn to_chars<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let Some(text) = input(it, &call)? else {
        return Ok(Collection::empty());
    };
    it.spend(text.len())?;
    let chars = text.chars().map(|c| Value::owned(c.to_string()));
    Ok(chars.collect())
}

pub(crate) fn split<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let (text, by) = (input(it, &call)?, argument(it, &call, 0)?);
    let (Some(text), Some(by)) = (text, by) else {
        return Ok(Collection::empty());
    };
    if by.is_empty() {
        return to_chars(it, call);
    }
    it.spend(text.len())?;
    let parts = text.split(&*by).map(|part| Value::owned(part.to_owned()));
    Ok(parts.collect())
}

/// With nothing between, unless an argument says what. Of no strings an empty one.
pub(crate) fn join<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let between = argument(it, &call, 0)?.unwrap_or_default();
    let mut joined = String::new();
    for (at, value) in call.input.iter().enumerate() {
        let one = Collection::one(value.clone());
        let text = it.text(call.name(), &one)?.unwrap_or_default();
        if at > 0 {
            joined.push_str(&between);
        }
        it.fits(joined.len().saturating_add(text.len()))?;
        it.spend(1 + text.len() / 64)?;
        joined.push_str(&text);
    }
    Ok(Collection::one(Value::owned(joined)))
}
