//! Functions that ask whether there is something: `exists`, `all`, `allTrue`, `subsetOf`, `count`, `distinct`, `not`.
//! Not for those that choose from a collection: subset.rs.

use crate::collection::Collection;
use crate::error::{Eval, EvalError};
use crate::evaluate::{Evaluator, Invocation};
use crate::hash::Distinct;
use crate::value::Value;

type Result<'a> = Eval<Collection<'a>>;

fn truth<'a>(is_true: bool) -> Result<'a> {
    Ok(Collection::one(Value::Boolean(is_true)))
}

pub(crate) fn empty<'a>(_: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    truth(call.input.is_empty())
}

pub(crate) fn exists<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    if call.argument(0).is_none() {
        return truth(!call.input.is_empty());
    }
    let mut unknown = None;
    for (index, value) in call.input.iter().enumerate() {
        match it.criterion(&call, value, index) {
            Ok(Some(true)) => return truth(true),
            Ok(_) => {}
            Err(error @ EvalError::Unknown { .. }) => unknown = Some(error),
            Err(error) => return Err(error),
        }
    }
    match unknown {
        Some(unknown) => Err(unknown),
        None => truth(false),
    }
}

pub(crate) fn all<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let mut unknown = None;
    for (index, value) in call.input.iter().enumerate() {
        match it.criterion(&call, value, index) {
            Ok(Some(true)) => {}
            Ok(_) => return truth(false),
            Err(error @ EvalError::Unknown { .. }) => unknown = Some(error),
            Err(error) => return Err(error),
        }
    }
    match unknown {
        Some(unknown) => Err(unknown),
        None => truth(true),
    }
}

/// The truth values of the input. An error for anything else.
fn truths<'a>(it: &Evaluator<'_, 'a>, call: &Invocation<'_, 'a>) -> Eval<Vec<bool>> {
    let truth = |value: &Value<'a>| match it.system(value)? {
        Some(Value::Boolean(is_true)) => Ok(is_true),
        _ => Err(it.wrong_type(call.name(), value)),
    };
    call.input.iter().map(truth).collect()
}

pub(crate) fn all_true<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    truth(truths(it, &call)?.into_iter().all(|value| value))
}

pub(crate) fn any_true<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    truth(truths(it, &call)?.into_iter().any(|value| value))
}

pub(crate) fn all_false<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    truth(truths(it, &call)?.into_iter().all(|value| !value))
}

pub(crate) fn any_false<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    truth(truths(it, &call)?.into_iter().any(|value| !value))
}

/// Whether each of the first is among the second.
fn is_within<'a>(
    it: &Evaluator<'_, 'a>,
    inner: &Collection<'a>,
    outer: Collection<'a>,
) -> Result<'a> {
    let outer = Distinct::of(it, outer)?;
    for value in inner {
        if !outer.contains(it, value)? {
            return truth(false);
        }
    }
    truth(true)
}

pub(crate) fn subset_of<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let other = it.argument(&call, 0)?;
    is_within(it, &call.input, other)
}

pub(crate) fn superset_of<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let other = it.argument(&call, 0)?;
    is_within(it, &other, call.input)
}

pub(crate) fn count<'a>(_: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let count = i64::try_from(call.input.len()).ok();
    Ok(Collection::maybe(count.map(Value::Integer)))
}

impl<'a> Evaluator<'_, 'a> {
    pub(crate) fn distinct(&self, values: Collection<'a>) -> Result<'a> {
        if values.len() < 2 {
            return Ok(values);
        }
        Ok(Distinct::of(self, values)?.into_values())
    }
}

pub(crate) fn distinct<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    it.distinct(call.input)
}

pub(crate) fn is_distinct<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let mut known = Distinct::new();
    for value in call.input {
        if !known.add(it, value)? {
            return truth(false);
        }
    }
    truth(true)
}

pub(crate) fn not<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let value = it.truth(call.name(), &call.input)?;
    Ok(Collection::truth(value.map(|is_true| !is_true)))
}
