//! Finds equal values without comparing each with each: what is equal has the same hash.
//! Not for whether they are equal: equal.rs.

use crate::collection::Collection;
use crate::equal::{decimal_of, moment_of};
use crate::error::Eval;
use crate::evaluate::Evaluator;
use crate::navigate;
use crate::types::TypeInfo;
use crate::value::Value;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The hash of every quantity, since equal ones may have different units.
const QUANTITY: u64 = 1;

/// From how many values on hashes pay.
const MANY: usize = 8;

/// Values that are all different.
pub(crate) struct Distinct<'a> {
    values: Vec<Value<'a>>,
    by_hash: HashMap<u64, Vec<usize>>,
}

impl<'a> Distinct<'a> {
    pub(crate) fn new() -> Self {
        Self {
            values: Vec::new(),
            by_hash: HashMap::new(),
        }
    }

    /// Of all values, each that is there once.
    pub(crate) fn of(evaluator: &Evaluator<'_, 'a>, values: Collection<'a>) -> Eval<Self> {
        let mut all = Self::new();
        for value in values {
            all.add(evaluator, value)?;
        }
        Ok(all)
    }

    pub(crate) fn into_values(self) -> Collection<'a> {
        self.values.into_iter().collect()
    }

    /// Adds a value; tells whether it was new.
    pub(crate) fn add(&mut self, evaluator: &Evaluator<'_, 'a>, value: Value<'a>) -> Eval<bool> {
        if self.contains(evaluator, &value)? {
            return Ok(false);
        }
        let at = self.values.len();
        self.values.push(value);
        if at == MANY {
            for (at, value) in self.values.iter().enumerate() {
                let hash = hash_of(evaluator, value)?;
                self.by_hash.entry(hash).or_default().push(at);
            }
        } else if at > MANY {
            let hash = hash_of(evaluator, &self.values[at])?;
            self.by_hash.entry(hash).or_default().push(at);
        }
        Ok(true)
    }

    pub(crate) fn contains(&self, evaluator: &Evaluator<'_, 'a>, value: &Value<'a>) -> Eval<bool> {
        if self.values.len() <= MANY {
            for known in &self.values {
                if evaluator.equal_values(known, value)? == Some(true) {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let Some(alike) = self.by_hash.get(&hash_of(evaluator, value)?) else {
            return Ok(false);
        };
        for &at in alike {
            if evaluator.equal_values(&self.values[at], value)? == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn hash_of<'a>(evaluator: &Evaluator<'_, 'a>, value: &Value<'a>) -> Eval<u64> {
    let mut hasher = DefaultHasher::new();
    if let Some(plain) = evaluator.plain(value) {
        if matches!(plain, Value::Quantity(_)) {
            return Ok(QUANTITY);
        }
        hash_plain(&plain, &mut hasher);
        return Ok(hasher.finish());
    }
    let Value::Element(element) = value else {
        return Ok(0);
    };
    if evaluator.quantity_of(value).is_some() {
        return Ok(QUANTITY);
    }
    let types: &dyn TypeInfo = evaluator.environment.types;
    let (mut children, mut names) = (Collection::empty(), Vec::new());
    navigate::all(types, *element, &mut children, &mut names);
    evaluator.spend(children.len())?;
    // The order of children of different names does not count.
    let mut sum = 2_u64;
    for (name, child) in names.into_iter().zip(&children) {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        hash_of(evaluator, child)?.hash(&mut hasher);
        sum = sum.wrapping_add(hasher.finish());
    }
    Ok(sum)
}

fn hash_plain(value: &Value<'_>, hasher: &mut DefaultHasher) {
    if let Some(decimal) = decimal_of(value) {
        decimal.normalize().hash(hasher);
        return;
    }
    if let Some(moment) = moment_of(value) {
        moment.key().hash(hasher);
        return;
    }
    match value {
        Value::String(text) => text.hash(hasher),
        Value::Boolean(is_true) => is_true.hash(hasher),
        Value::Time(time) => time.key().hash(hasher),
        Value::Quantity(_)
        | Value::Element(_)
        | Value::Type { .. }
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::Date(_)
        | Value::DateTime(_) => {}
    }
}
