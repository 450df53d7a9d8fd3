//! `<`, `<=`, `>`, `>=`. Not for `=`: equal.rs.

use crate::collection::Collection;
use crate::equal::{decimal_of, moment_of};
use crate::error::{Eval, EvalError};
use crate::evaluate::Evaluator;
use crate::quantity::Quantity;
use crate::syntax::Operator;
use crate::value::Value;
use std::cmp::Ordering;

impl<'a> Evaluator<'_, 'a> {
    /// Nothing if a side is empty, or what is not said decides.
    pub(crate) fn compare(
        &self,
        operator: Operator,
        left: &Collection<'a>,
        right: &Collection<'a>,
    ) -> Eval<Option<bool>> {
        let what = operator.sign();
        let (left, right) = (self.one(what, left)?, self.one(what, right)?);
        let (Some(left), Some(right)) = (left, right) else {
            return Ok(None);
        };
        let Some(order) = self.order(what, &left, &right)? else {
            return Ok(None);
        };
        Ok(match operator {
            Operator::Less => Some(order == Ordering::Less),
            Operator::LessOrEqual => Some(order != Ordering::Greater),
            Operator::Greater => Some(order == Ordering::Greater),
            Operator::GreaterOrEqual => Some(order != Ordering::Less),
            Operator::Multiply
            | Operator::Divide
            | Operator::Div
            | Operator::Mod
            | Operator::Add
            | Operator::Subtract
            | Operator::Concatenate
            | Operator::Equal
            | Operator::NotEqual
            | Operator::Equivalent
            | Operator::NotEquivalent
            | Operator::In
            | Operator::Contains
            | Operator::And
            | Operator::Or
            | Operator::Xor
            | Operator::Implies => None,
        })
    }

    /// Which of two values comes first. An error if their types have no common order.
    pub(crate) fn order(
        &self,
        what: &'static str,
        left: &Value<'a>,
        right: &Value<'a>,
    ) -> Eval<Option<Ordering>> {
        match (left, right) {
            (Value::String(left), Value::String(right)) => return Ok(Some(left.cmp(right))),
            (Value::Integer(left), Value::Integer(right)) => return Ok(Some(left.cmp(right))),
            (Value::Time(left), Value::Time(right)) => return Ok(left.compare(*right)),
            _ => {}
        }
        if let (Some(left), Some(right)) = (decimal_of(left), decimal_of(right)) {
            return Ok(Some(left.cmp(&right)));
        }
        if let (Some(left), Some(right)) = (moment_of(left), moment_of(right)) {
            return Ok(left.compare(right));
        }
        self.spend_on_units(left)?;
        let quantity = |value: &Value<'a>| match value {
            Value::Quantity(quantity) => Some(quantity.clone()),
            other => decimal_of(other).map(Quantity::number),
        };
        match (quantity(left), quantity(right)) {
            (Some(left), Some(right)) => Ok(left.compare(&right)),
            _ => Err(EvalError::WrongType {
                what,
                found: format!(
                    "{} and {}",
                    left.type_name(self.environment.types),
                    right.type_name(self.environment.types)
                ),
            }),
        }
    }
}
