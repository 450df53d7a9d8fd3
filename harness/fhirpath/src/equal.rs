//! `=` and `~`: of values, of elements with all their children, of collections. Not for `<`: compare.rs.

use crate::collection::Collection;
use crate::decimal;
use crate::element::Element;
use crate::error::Eval;
use crate::evaluate::Evaluator;
use crate::moment::DateTime;
use crate::navigate;
use crate::quantity::Quantity;
use crate::value::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

/// What it costs in steps to look at units.
const UNIT_STEPS: usize = 50;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Equal,
    Equivalent,
}

impl<'a> Evaluator<'_, 'a> {
    /// Whether two collections are equal, in order. Nothing if one is empty or a pair cannot be decided.
    pub(crate) fn equal(
        &self,
        left: &Collection<'a>,
        right: &Collection<'a>,
    ) -> Eval<Option<bool>> {
        if left.is_empty() || right.is_empty() {
            return Ok(None);
        }
        if left.len() != right.len() {
            return Ok(Some(false));
        }
        let mut all = Some(true);
        for (left, right) in left.iter().zip(right) {
            match self.equal_values(left, right)? {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => all = None,
            }
        }
        Ok(all)
    }

    pub(crate) fn equal_values(&self, left: &Value<'a>, right: &Value<'a>) -> Eval<Option<bool>> {
        self.spend(1)?;
        if let (Value::Element(left), Value::Element(right)) = (left, right)
            && left == right
        {
            return Ok(Some(true));
        }
        let (plain_left, plain_right) = (self.plain(left), self.plain(right));
        if let (Some(left), Some(right)) = (&plain_left, &plain_right) {
            self.spend_on_units(left)?;
            return Ok(equal_plain(left, right));
        }
        let as_quantity = |value: &Value<'a>, plain: &Option<Value<'a>>| match plain {
            Some(plain) => number_as_quantity(plain),
            None => self.quantity_of(value),
        };
        let quantities = (
            as_quantity(left, &plain_left),
            as_quantity(right, &plain_right),
        );
        if let (Some(left), Some(right)) = quantities {
            self.spend(UNIT_STEPS)?;
            return Ok(left.compare(&right).map(|it| it == Ordering::Equal));
        }
        self.same_children(left, right, Way::Equal).map(Some)
    }

    /// Counts the work that units make.
    pub(crate) fn spend_on_units(&self, value: &Value<'a>) -> Eval<()> {
        match value {
            Value::Quantity(_) => self.spend(UNIT_STEPS),
            _ => Ok(()),
        }
    }

    /// The value of a primitive, as text if its type cannot hold it; `None` for what has children.
    pub(crate) fn plain(&self, value: &Value<'a>) -> Option<Value<'a>> {
        match value {
            Value::Element(element) => {
                let types = self.environment.types;
                let read = element.system(types);
                read.unwrap_or_else(|_| element.text(types).map(Value::String))
            }
            Value::Type { .. } => None,
            other => Some(other.clone()),
        }
    }

    /// An element of FHIR's type Quantity, or a quantity.
    pub(crate) fn quantity_of(&self, value: &Value<'a>) -> Option<Quantity> {
        match value {
            Value::Element(element) => element.quantity(self.environment.types),
            other => number_as_quantity(other),
        }
    }

    fn same_children(&self, left: &Value<'a>, right: &Value<'a>, way: Way) -> Eval<bool> {
        match (left, right) {
            (Value::Element(left), Value::Element(right)) => {
                let (left, right) = (self.sorted_children(*left)?, self.sorted_children(*right)?);
                if left.len() != right.len() || left.is_empty() {
                    return Ok(false);
                }
                match way {
                    Way::Equal => self.pairs_equal(&left, &right),
                    Way::Equivalent => self.groups_equivalent(&left, &right),
                }
            }
            (
                Value::Type { namespace, name },
                Value::Type {
                    namespace: other_namespace,
                    name: other_name,
                },
            ) => Ok(namespace == other_namespace && name == other_name),
            _ => Ok(false),
        }
    }

    /// Children by name, those of one name in their order.
    fn sorted_children(&self, element: Element<'a>) -> Eval<Vec<(&'a str, Value<'a>)>> {
        let (mut children, mut names) = (Collection::empty(), Vec::new());
        navigate::all(self.environment.types, element, &mut children, &mut names);
        self.spend(children.len())?;
        let mut pairs: Vec<_> = names.into_iter().zip(children).collect();
        pairs.sort_by_key(|(name, _)| *name);
        Ok(pairs)
    }

    fn pairs_equal(&self, left: &[(&str, Value<'a>)], right: &[(&str, Value<'a>)]) -> Eval<bool> {
        for ((name, left), (other, right)) in left.iter().zip(right) {
            if name != other || self.equal_values(left, right)? != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn groups_equivalent(
        &self,
        left: &[(&'a str, Value<'a>)],
        right: &[(&'a str, Value<'a>)],
    ) -> Eval<bool> {
        let mut rest = right;
        for group in left.chunk_by(|one, other| one.0 == other.0) {
            let Some((same, after)) = rest.split_at_checked(group.len()) else {
                return Ok(false);
            };
            let name = group.first().map(|it| it.0);
            if same.iter().any(|it| Some(it.0) != name) {
                return Ok(false);
            }
            let values = |all: &[(&str, Value<'a>)]| all.iter().map(|it| it.1.clone()).collect();
            if !self.equivalent(&values(group), &values(same))? {
                return Ok(false);
            }
            rest = after;
        }
        Ok(true)
    }

    /// Whether two collections are equivalent, in any order.
    pub(crate) fn equivalent(&self, left: &Collection<'a>, right: &Collection<'a>) -> Eval<bool> {
        if left.len() != right.len() {
            return Ok(false);
        }
        let mut rest: Vec<&Value<'a>> = right.iter().collect();
        for left in left {
            let mut found = None;
            for (at, right) in rest.iter().enumerate() {
                if self.equivalent_values(left, right)? {
                    found = Some(at);
                    break;
                }
            }
            match found {
                Some(at) => rest.remove(at),
                None => return Ok(false),
            };
        }
        Ok(true)
    }

    fn equivalent_values(&self, left: &Value<'a>, right: &Value<'a>) -> Eval<bool> {
        self.spend(1)?;
        if let (Some(left), Some(right)) = (self.plain(left), self.plain(right)) {
            self.spend_on_units(&left)?;
            return Ok(equivalent_plain(&left, &right));
        }
        if let (Some(left), Some(right)) = (self.quantity_of(left), self.quantity_of(right)) {
            return Ok(left.is_equivalent(&right));
        }
        self.same_children(left, right, Way::Equivalent)
    }
}

/// A number is a quantity with the unit `1`.
fn number_as_quantity(value: &Value<'_>) -> Option<Quantity> {
    match value {
        Value::Quantity(quantity) => Some(quantity.clone()),
        other => decimal_of(other).map(Quantity::number),
    }
}

/// An integer is a decimal too.
pub(crate) fn decimal_of(value: &Value<'_>) -> Option<rust_decimal::Decimal> {
    match value {
        Value::Integer(integer) => Some((*integer).into()),
        Value::Decimal(decimal) => Some(*decimal),
        _ => None,
    }
}

/// A date is a date with time too.
pub(crate) fn moment_of(value: &Value<'_>) -> Option<DateTime> {
    match value {
        Value::Date(date) => Some((*date).into()),
        Value::DateTime(moment) => Some(*moment),
        _ => None,
    }
}

/// Whether two values of the language are equal. Nothing if a date is not exact enough or units do not compare.
fn equal_plain(left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    let is_equal = |order: Option<Ordering>| order.map(|it| it == Ordering::Equal);
    match (left, right) {
        (Value::Boolean(left), Value::Boolean(right)) => Some(left == right),
        (Value::String(left), Value::String(right)) => Some(left == right),
        (Value::Integer(left), Value::Integer(right)) => Some(left == right),
        (Value::Time(left), Value::Time(right)) => is_equal(left.compare(*right)),
        _ => {
            if let (Some(left), Some(right)) = (decimal_of(left), decimal_of(right)) {
                return Some(left == right);
            }
            if let (Some(left), Some(right)) = (moment_of(left), moment_of(right)) {
                return is_equal(left.compare(right));
            }
            match (number_as_quantity(left), number_as_quantity(right)) {
                (Some(left), Some(right)) => is_equal(left.compare(&right)),
                _ => Some(false),
            }
        }
    }
}

fn equivalent_plain(left: &Value<'_>, right: &Value<'_>) -> bool {
    if let (Value::String(left), Value::String(right)) = (left, right) {
        return left == right || simplified(left) == simplified(right);
    }
    if let (Some(left), Some(right)) = (decimal_of(left), decimal_of(right)) {
        return decimal::equivalent(left, right);
    }
    if let (Some(left), Some(right)) = (number_as_quantity(left), number_as_quantity(right)) {
        return left.is_equivalent(&right);
    }
    equal_plain(left, right) == Some(true)
}

/// Without case, and with every white space as one space.
fn simplified(text: &str) -> Cow<'_, str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    Cow::Owned(words.join(" ").to_lowercase())
}
