//! Functions that choose from a collection, put collections together, or go through one: `where`, `select`, `first`,
//! `union`, `repeat`, `iif`, `aggregate`. Not for those that only ask: existence.rs.

use crate::collection::Collection;
use crate::error::{Eval, EvalError};
use crate::evaluate::{Evaluator, Invocation};
use crate::hash::Distinct;
use crate::value::Value;

type Result<'a> = Eval<Collection<'a>>;

/// What a value costs in steps that `repeat` makes and no body holds: there is no end of them.
const MADE: usize = 500;

/// `where`.
pub(crate) fn filter<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let mut out = Collection::empty();
    for (index, value) in call.input.iter().enumerate() {
        if it.criterion(&call, value, index)? == Some(true) {
            out.push(value.clone());
        }
    }
    Ok(out)
}

pub(crate) fn select<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let mut out = Collection::empty();
    for (index, value) in call.input.iter().enumerate() {
        out.extend(it.for_item(&call, 0, value, index)?);
        it.spend(1)?;
    }
    Ok(out)
}

pub(crate) fn repeat<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let mut all = Distinct::new();
    let mut out = Collection::empty();
    let mut waiting: Vec<Value<'a>> = call.input.iter().cloned().collect();
    while !waiting.is_empty() {
        let mut next = Vec::new();
        for (index, value) in waiting.iter().enumerate() {
            for found in it.for_item(&call, 0, value, index)? {
                if all.add(it, found.clone())? {
                    if !matches!(found, Value::Element(_)) {
                        it.spend(MADE)?;
                    }
                    out.push(found.clone());
                    next.push(found);
                }
            }
        }
        waiting = next;
    }
    Ok(out)
}

pub(crate) fn single<'a>(_: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    call.input.single(call.name())?;
    Ok(call.input)
}

pub(crate) fn first<'a>(_: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    Ok(Collection::maybe(call.input.into_iter().next()))
}

pub(crate) fn last<'a>(_: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    Ok(Collection::maybe(call.input.as_slice().last().cloned()))
}

pub(crate) fn tail<'a>(_: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    Ok(call.input.into_iter().skip(1).collect())
}

/// The number that is an argument; less than none is none.
fn number<'a>(it: &Evaluator<'_, 'a>, call: &Invocation<'_, 'a>) -> Eval<Option<usize>> {
    let number = it.integer(call.name(), &it.argument(call, 0)?)?;
    Ok(number.map(|number| usize::try_from(number).unwrap_or(0)))
}

pub(crate) fn skip<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let number = number(it, &call)?;
    Ok(match number {
        Some(number) => call.input.into_iter().skip(number).collect(),
        None => Collection::empty(),
    })
}

pub(crate) fn take<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let number = number(it, &call)?;
    Ok(match number {
        Some(number) => call.input.into_iter().take(number).collect(),
        None => Collection::empty(),
    })
}

pub(crate) fn intersect<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let other = Distinct::of(it, it.argument(&call, 0)?)?;
    let mut both = Distinct::new();
    for value in call.input {
        if other.contains(it, &value)? {
            both.add(it, value)?;
        }
    }
    Ok(both.into_values())
}

pub(crate) fn exclude<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let other = Distinct::of(it, it.argument(&call, 0)?)?;
    let mut out = Collection::empty();
    for value in call.input {
        if !other.contains(it, &value)? {
            out.push(value);
        }
    }
    Ok(out)
}

pub(crate) fn union<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let mut all = combine(it, call)?;
    if all.len() > 1 {
        all = it.distinct(all)?;
    }
    Ok(all)
}

pub(crate) fn combine<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let other = it.argument(&call, 0)?;
    it.spend(call.input.len() + other.len())?;
    let mut all = call.input;
    all.extend(other);
    Ok(all)
}

/// Only the branch that is chosen is evaluated. Its `$this` is the item that the function is called on, if there
/// is one.
pub(crate) fn iif<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let own = call.input.single(call.name())?;
    let this = own.unwrap_or(call.scope.this);
    let index = call.scope.index.unwrap_or_default();
    let criterion = it.for_item(&call, 0, this, index)?;
    if it.is_strict()
        && let Some(value) = criterion.single(call.name())?
        && !matches!(it.system(value)?, Some(Value::Boolean(_)))
    {
        return Err(it.wrong_type(call.name(), value));
    }
    let branch = match it.truth(call.name(), &criterion)? {
        Some(true) => 1,
        Some(false) | None => 2,
    };
    it.for_item(&call, branch, this, index)
}

pub(crate) fn aggregate<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let mut total = it.argument(&call, 1)?;
    let Some(argument) = call.argument(0) else {
        return Err(EvalError::WrongValue {
            what: call.name(),
            problem: "an expression is missing".to_owned(),
        });
    };
    for (index, value) in call.input.iter().enumerate() {
        let mut scope = call.scope.item(value, index);
        scope.total = Some(&total);
        total = it.eval(argument, scope)?;
        it.spend(total.len())?;
    }
    Ok(total)
}
