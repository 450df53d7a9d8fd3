//! `sort`. Not for comparing two values: compare.rs.

use crate::collection::Collection;
use crate::error::Eval;
use crate::evaluate::{Evaluator, Invocation};
use std::cmp::Ordering;

/// By the items themselves, or by keys. An item without a key comes first, upwards and downwards.
pub(crate) fn sort<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Eval<Collection<'a>> {
    let mut rows = Vec::with_capacity(call.input.len());
    for (index, value) in call.input.iter().enumerate() {
        it.spend(1)?;
        let mut keys = Vec::new();
        if call.call.arguments.is_empty() {
            keys.push(it.plain(value));
        }
        for at in 0..call.call.arguments.len() {
            let key = it.for_item(&call, at, value, index)?;
            keys.push(it.one(call.name(), &key)?);
        }
        rows.push((keys, value.clone()));
    }
    let mut failure = None;
    rows.sort_by(|left, right| {
        let keys = left.0.iter().zip(&right.0).enumerate();
        for (at, (left, right)) in keys {
            let is_down = call.call.downwards.get(at).is_some_and(|it| *it);
            let order = match (left, right) {
                (Some(left), Some(right)) => match it.order(call.name(), left, right) {
                    Ok(order) => order.unwrap_or(Ordering::Equal),
                    Err(error) => {
                        failure.get_or_insert(error);
                        Ordering::Equal
                    }
                },
                (left, right) => left.is_some().cmp(&right.is_some()),
            };
            let is_both = left.is_some() && right.is_some();
            if order != Ordering::Equal {
                return if is_down && is_both {
                    order.reverse()
                } else {
                    order
                };
            }
        }
        Ordering::Equal
    });
    match failure {
        Some(error) => Err(error),
        None => Ok(rows.into_iter().map(|(_, value)| value).collect()),
    }
}
