//! An ordered collection; one item, which is the most frequent, without allocating. Not for one item: value.rs.

use crate::error::{Eval, EvalError};
use crate::value::Value;

/// What an expression gives: items in order.
#[derive(Debug, Clone, Default)]
pub struct Collection<'a>(Items<'a>);

#[derive(Debug, Clone, Default)]
enum Items<'a> {
    #[default]
    None,
    One(Value<'a>),
    Many(Vec<Value<'a>>),
}

impl<'a> Collection<'a> {
    /// No items.
    pub const fn empty() -> Self {
        Self(Items::None)
    }

    /// One item.
    pub const fn one(value: Value<'a>) -> Self {
        Self(Items::One(value))
    }

    /// One truth value, or nothing for "cannot be decided".
    pub fn truth(value: Option<bool>) -> Self {
        Self::maybe(value.map(Value::Boolean))
    }

    /// One item or none.
    pub fn maybe(value: Option<Value<'a>>) -> Self {
        value.map_or(Self::empty(), Self::one)
    }

    /// The items.
    pub fn as_slice(&self) -> &[Value<'a>] {
        match &self.0 {
            Items::None => &[],
            Items::One(value) => std::slice::from_ref(value),
            Items::Many(values) => values,
        }
    }

    /// The items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Value<'a>> {
        self.as_slice().iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// The one item, or none. An error for several.
    pub(crate) fn single(&self, what: &'static str) -> Eval<Option<&Value<'a>>> {
        match self.as_slice() {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            several => Err(EvalError::Several {
                what,
                found: several.len(),
            }),
        }
    }

    /// Adds one at the end.
    pub fn push(&mut self, value: Value<'a>) {
        self.0 = match std::mem::take(&mut self.0) {
            Items::None => Items::One(value),
            Items::One(first) => Items::Many(vec![first, value]),
            Items::Many(mut values) => {
                values.push(value);
                Items::Many(values)
            }
        };
    }
}

impl<'a> Extend<Value<'a>> for Collection<'a> {
    fn extend<I: IntoIterator<Item = Value<'a>>>(&mut self, values: I) {
        for value in values {
            self.push(value);
        }
    }
}

impl<'a> FromIterator<Value<'a>> for Collection<'a> {
    fn from_iter<I: IntoIterator<Item = Value<'a>>>(values: I) -> Self {
        let mut all = Self::empty();
        all.extend(values);
        all
    }
}

impl<'a> IntoIterator for Collection<'a> {
    type Item = Value<'a>;
    type IntoIter = IntoIter<'a>;

    fn into_iter(self) -> IntoIter<'a> {
        match self.0 {
            Items::None => IntoIter(None, Vec::new().into_iter()),
            Items::One(value) => IntoIter(Some(value), Vec::new().into_iter()),
            Items::Many(values) => IntoIter(None, values.into_iter()),
        }
    }
}

/// The items of a collection that is used up.
#[derive(Debug)]
pub struct IntoIter<'a>(Option<Value<'a>>, std::vec::IntoIter<Value<'a>>);

impl<'a> Iterator for IntoIter<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        self.0.take().or_else(|| self.1.next())
    }
}

impl<'c, 'a> IntoIterator for &'c Collection<'a> {
    type Item = &'c Value<'a>;
    type IntoIter = std::slice::Iter<'c, Value<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
