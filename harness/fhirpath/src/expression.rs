//! A compiled expression, and what it gives for an element. Not for how: parse.rs, evaluate.rs.

use crate::collection::Collection;
use crate::element::Element;
use crate::environment::Environment;
use crate::error::{EvalError, ParseError};
use crate::evaluate::Evaluator;
use crate::outline::{self, Presence};
use crate::parse;
use crate::syntax::Expr;
use crate::value::Value;
use std::fmt;
use std::str::FromStr;

/// An expression, compiled once and evaluated often, on any thread.
#[derive(Debug)]
pub struct Expression {
    text: Box<str>,
    root: Expr,
}

impl Expression {
    /// Compiles a text. The error says where it is no `FHIRPath`.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut root = parse::parse(text)?;
        outline::mark_fixed(&mut root);
        Ok(Self {
            text: text.into(),
            root,
        })
    }

    pub(crate) const fn root(&self) -> &Expr {
        &self.root
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The children of the focus that alone decide what it gives: where none of them is, it gives the same as for an
    /// element without any. `None` if something else decides too, such as `%resource`, or might.
    pub fn reads(&self) -> Option<Vec<&str>> {
        outline::reads(&self.root)
    }

    /// What it asks about which children there are, operands in order.
    pub fn presence(&self) -> Presence<'_> {
        outline::presence(&self.root)
    }

    /// What it gives for an element, which is also `%context`.
    pub fn evaluate<'a>(
        &'a self,
        environment: &Environment<'a>,
        focus: Element<'a>,
    ) -> Result<Collection<'a>, EvalError> {
        Evaluator::new(environment, focus).run(&self.root)
    }

    /// Whether it holds for an element, as an invariant does. `None` if it gives nothing, which is neither.
    /// Of several truth values one that is true is enough: STU3 has invariants that write `|` for `or`.
    pub fn holds<'a>(
        &'a self,
        environment: &Environment<'a>,
        focus: Element<'a>,
    ) -> Result<Option<bool>, EvalError> {
        let evaluator = Evaluator::new(environment, focus);
        let result = evaluator.run(&self.root)?;
        let is_true = |value: &Value<'_>| matches!(value, Value::Boolean(true));
        if result.len() > 1 && result.iter().all(|it| matches!(it, Value::Boolean(_))) {
            return Ok(Some(result.iter().any(is_true)));
        }
        evaluator.truth("an invariant", &result)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Expression {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Alone, Untyped};
    use plumbline_tree::{Limits, Tree};

    #[test]
    fn expressions_are_shared_between_threads() {
        const fn is_shared<T: Send + Sync>() {}
        is_shared::<Expression>();
    }

    #[test]
    fn an_invariant_holds_or_not_or_says_nothing() {
        let body = br#"{"resourceType":"Patient","active":true}"#.to_vec();
        let tree = Tree::parse(body, &Limits::default()).unwrap();
        let root = Element::root(&tree, &Untyped);
        for (text, wanted) in [
            ("active", Some(true)),
            ("active.not()", Some(false)),
            ("gender.startsWith('f')", None),
            ("false | true", Some(true)),
            ("'a'", Some(true)),
        ] {
            let expression: Expression = text.parse().unwrap();
            assert_eq!(expression.to_string(), text);
            let environment = Environment::new(&Untyped, &Alone, root);
            assert_eq!(expression.holds(&environment, root), Ok(wanted), "{text}");
        }
        let several = Expression::parse("1 | 2").unwrap();
        let environment = Environment::new(&Untyped, &Alone, root);
        assert!(several.holds(&environment, root).is_err());
    }
}
