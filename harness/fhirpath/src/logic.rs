//! `and`, `or`, `xor`, `implies`: three values, and a fourth for what cannot be known.
//! Not for comparisons: compare.rs.

use crate::error::{Eval, EvalError};
use crate::evaluate::{Evaluator, Scope};
use crate::syntax::{Expr, Operator};

/// What joins two truth values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connective {
    And,
    Or,
    Xor,
    Implies,
}

impl Connective {
    pub(crate) const fn of(operator: Operator) -> Option<Self> {
        match operator {
            Operator::And => Some(Self::And),
            Operator::Or => Some(Self::Or),
            Operator::Xor => Some(Self::Xor),
            Operator::Implies => Some(Self::Implies),
            Operator::Multiply
            | Operator::Divide
            | Operator::Div
            | Operator::Mod
            | Operator::Add
            | Operator::Subtract
            | Operator::Concatenate
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::Equal
            | Operator::NotEqual
            | Operator::Equivalent
            | Operator::NotEquivalent
            | Operator::In
            | Operator::Contains => None,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
            Self::Xor => "xor",
            Self::Implies => "implies",
        }
    }

    /// What the left side decides alone.
    fn decided_by_left(self, left: Option<bool>) -> Option<bool> {
        match (self, left) {
            (Self::And, Some(false)) => Some(false),
            (Self::Or, Some(true)) | (Self::Implies, Some(false)) => Some(true),
            _ => None,
        }
    }

    /// What the right side decides, whatever the left one is.
    fn decided_by_right(self, right: Option<bool>) -> Option<bool> {
        match (self, right) {
            (Self::And, Some(false)) => Some(false),
            (Self::Or | Self::Implies, Some(true)) => Some(true),
            _ => None,
        }
    }

    /// What neither side decides alone.
    fn together(self, left: Option<bool>, right: Option<bool>) -> Option<bool> {
        match self {
            Self::And => Some(left? && right?),
            Self::Or => Some(left? || right?),
            Self::Xor => Some(left? != right?),
            Self::Implies => Some(!left? || right?),
        }
    }
}

impl<'a> Evaluator<'_, 'a> {
    /// The right side is not evaluated if the left one decides. If the left one cannot be known, the right one may
    /// still decide.
    pub(crate) fn logic(
        &self,
        connective: Connective,
        left: &'a Expr,
        right: &'a Expr,
        scope: Scope<'_, 'a>,
    ) -> Eval<Option<bool>> {
        let side = |expression: &'a Expr| {
            let values = self.eval(expression, scope)?;
            self.truth(connective.sign(), &values)
        };
        let left = match side(left) {
            Ok(left) => Ok(left),
            Err(unknown @ EvalError::Unknown { .. }) => Err(unknown),
            Err(other) => return Err(other),
        };
        if let Ok(known) = &left
            && let Some(decided) = connective.decided_by_left(*known)
        {
            return Ok(Some(decided));
        }
        let right = side(right)?;
        if let Some(decided) = connective.decided_by_right(right) {
            return Ok(Some(decided));
        }
        Ok(connective.together(left?, right))
    }
}
