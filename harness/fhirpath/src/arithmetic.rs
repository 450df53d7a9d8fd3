//! `+`, `-`, `*`, `/`, `div`, `mod`, `&` and the signs. Not for functions of numbers: maths.rs.
//! What is too great, and a division by zero, is nothing.

use crate::calendar::Amount;
use crate::collection::Collection;
use crate::equal::decimal_of;
use crate::error::{Eval, EvalError};
use crate::evaluate::Evaluator;
use crate::quantity::Quantity;
use crate::syntax::Operator;
use crate::value::Value;
use rust_decimal::Decimal;

/// An integer that fits into 32 bits.
pub(crate) fn integer(value: i64) -> Option<Value<'static>> {
    i32::try_from(value).ok()?;
    Some(Value::Integer(value))
}

impl<'a> Evaluator<'_, 'a> {
    pub(crate) fn arithmetic(
        &self,
        operator: Operator,
        left: &Collection<'a>,
        right: &Collection<'a>,
    ) -> Eval<Collection<'a>> {
        let what = operator.sign();
        if operator == Operator::Concatenate {
            let text = |side| Ok(self.text(what, side)?.unwrap_or_default());
            return self.joined(&text(left)?, &text(right)?);
        }
        let (left, right) = (self.one(what, left)?, self.one(what, right)?);
        let (Some(left), Some(right)) = (left, right) else {
            return Ok(Collection::empty());
        };
        if let (Value::String(left), Value::String(right), Operator::Add) =
            (&left, &right, operator)
        {
            return self.joined(left, right);
        }
        let result = match (&left, &right) {
            (Value::Integer(left), Value::Integer(right)) => integers(operator, *left, *right),
            _ => match (decimal_of(&left), decimal_of(&right)) {
                (Some(left), Some(right)) => decimals(operator, left, right),
                _ => return self.others(operator, &left, &right),
            },
        };
        Ok(Collection::maybe(result))
    }

    fn joined(&self, left: &str, right: &str) -> Eval<Collection<'a>> {
        self.length(left.len().saturating_add(right.len()))?;
        Ok(Collection::one(Value::owned(format!("{left}{right}"))))
    }

    /// Quantities, and time added to dates.
    fn others(
        &self,
        operator: Operator,
        left: &Value<'a>,
        right: &Value<'a>,
    ) -> Eval<Collection<'a>> {
        let what = operator.sign();
        let wrong = || EvalError::WrongType {
            what,
            found: format!(
                "{} and {}",
                left.type_name(self.environment.types),
                right.type_name(self.environment.types)
            ),
        };
        let sign = match operator {
            Operator::Add => Some(Decimal::ONE),
            Operator::Subtract => Some(Decimal::NEGATIVE_ONE),
            _ => None,
        };
        if let (Some(sign), Value::Quantity(added)) = (sign, right)
            && let Value::Date(_) | Value::DateTime(_) | Value::Time(_) = left
        {
            let amount = Amount::of(what, added, sign)?;
            return Ok(Collection::maybe(later(left, &amount)));
        }
        self.spend_on_units(right)?;
        let quantity = |value: &Value<'a>| match value {
            Value::Quantity(quantity) => Some(quantity.clone()),
            other => decimal_of(other).map(Quantity::number),
        };
        let (Some(left), Some(right)) = (quantity(left), quantity(right)) else {
            return Err(wrong());
        };
        let result = match operator {
            Operator::Add => left.add(&right),
            Operator::Subtract => left.subtract(&right),
            Operator::Multiply => left.multiply(&right),
            Operator::Divide => left.divide(&right),
            _ => return Err(wrong()),
        };
        Ok(Collection::maybe(result.map(Value::Quantity)))
    }

    /// `-x`.
    pub(crate) fn negative(&self, operand: &Collection<'a>) -> Eval<Collection<'a>> {
        let Some(value) = self.one("-", operand)? else {
            return Ok(Collection::empty());
        };
        let negative = match &value {
            Value::Integer(value) => value.checked_neg().and_then(integer),
            Value::Decimal(value) => Some(Value::Decimal(-*value)),
            Value::Quantity(it) => Some(Value::Quantity(it.with_value(-it.value()))),
            other => return Err(self.wrong_type("-", other)),
        };
        Ok(Collection::maybe(negative))
    }

    /// `+x`.
    pub(crate) fn positive(&self, operand: Collection<'a>) -> Eval<Collection<'a>> {
        match self.one("+", &operand)? {
            None => Ok(Collection::empty()),
            Some(Value::Integer(_) | Value::Decimal(_) | Value::Quantity(_)) => Ok(operand),
            Some(other) => Err(self.wrong_type("+", &other)),
        }
    }
}

fn later<'a>(value: &Value<'a>, amount: &Amount) -> Option<Value<'a>> {
    match value {
        Value::Date(date) => amount.after_date(*date).map(Value::Date),
        Value::DateTime(moment) => amount.after(*moment).map(Value::DateTime),
        Value::Time(time) => amount.after_time(*time).map(Value::Time),
        _ => None,
    }
}

fn integers(operator: Operator, left: i64, right: i64) -> Option<Value<'static>> {
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Div => left.checked_div(right),
        Operator::Mod => left.checked_rem(right),
        _ => return decimals(operator, left.into(), right.into()),
    };
    integer(result?)
}

fn decimals(operator: Operator, left: Decimal, right: Decimal) -> Option<Value<'static>> {
    let result = match operator {
        Operator::Add => left.checked_add(right)?,
        Operator::Subtract => left.checked_sub(right)?,
        Operator::Multiply => left.checked_mul(right)?,
        Operator::Divide => left.checked_div(right)?,
        Operator::Mod => left.checked_rem(right)?,
        Operator::Div => {
            let whole = left.checked_div(right)?.trunc();
            return i64::try_from(whole).ok().and_then(integer);
        }
        _ => return None,
    };
    Some(Value::Decimal(result))
}
