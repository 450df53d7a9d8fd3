//! Evaluation: paths, variables, operators, and what functions need of it. Not for single functions: function.rs
//! says where each is.

use crate::collection::Collection;
use crate::element::Element;
use crate::environment::{Environment, Strictness};
use crate::error::{Eval, EvalError};
use crate::logic::Connective;
use crate::navigate::{self, Known};
use crate::syntax::{Call, Expr, IsFirst, Member, Operator, Step, TypeName};
use crate::value::Value;
use regex::Regex;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// One evaluation of one expression.
pub(crate) struct Evaluator<'e, 'a> {
    pub(crate) environment: &'e Environment<'a>,
    context: Element<'a>,
    steps_left: Cell<u64>,
    /// The regular expression that was computed last.
    pub(crate) last_pattern: RefCell<Option<Computed<'a>>>,
    /// What was evaluated once for all items.
    fixed: RefCell<Vec<(&'a Expr, Collection<'a>)>>,
}

/// A regular expression that was computed: for which function, from which text.
pub(crate) struct Computed<'a> {
    pub(crate) function: &'static str,
    pub(crate) text: Cow<'a, str>,
    pub(crate) regex: Regex,
}

/// What `$this`, `$index` and `$total` are.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s, 'a> {
    pub(crate) this: &'s Value<'a>,
    pub(crate) index: Option<usize>,
    pub(crate) total: Option<&'s Collection<'a>>,
}

impl<'s, 'a> Scope<'s, 'a> {
    /// For one item of a collection that a function looks at.
    pub(crate) fn item<'n>(self, this: &'n Value<'a>, index: usize) -> Scope<'n, 'a>
    where
        's: 'n,
    {
        Scope {
            this,
            index: Some(index),
            total: self.total,
        }
    }
}

/// A function that is called.
pub(crate) struct Invocation<'s, 'a> {
    pub(crate) call: &'a Call,
    pub(crate) input: Collection<'a>,
    pub(crate) scope: Scope<'s, 'a>,
}

impl<'a> Invocation<'_, 'a> {
    pub(crate) fn name(&self) -> &'static str {
        self.call.function.name
    }

    /// The expression that is an argument.
    pub(crate) fn argument(&self, at: usize) -> Option<&'a Expr> {
        self.call.arguments.get(at)
    }
}

impl<'e, 'a> Evaluator<'e, 'a> {
    pub(crate) fn new(environment: &'e Environment<'a>, focus: Element<'a>) -> Self {
        Self {
            environment,
            context: focus,
            steps_left: Cell::new(environment.limits.steps),
            last_pattern: RefCell::new(None),
            fixed: RefCell::new(Vec::new()),
        }
    }

    pub(crate) fn run(&self, expression: &'a Expr) -> Eval<Collection<'a>> {
        let this = Value::Element(self.context);
        let scope = Scope {
            this: &this,
            index: None,
            total: None,
        };
        self.eval(expression, scope)
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.environment.strictness == Strictness::Strict
    }

    /// Counts work.
    pub(crate) fn spend(&self, steps: usize) -> Eval<()> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        match self.steps_left.get().checked_sub(steps) {
            Some(left) => {
                self.steps_left.set(left);
                Ok(())
            }
            None => Err(EvalError::Limit { what: "steps" }),
        }
    }

    /// Checks the length of a string that was or will be made.
    pub(crate) fn length(&self, bytes: usize) -> Eval<()> {
        self.fits(bytes)?;
        self.spend(bytes / 64)
    }

    /// Whether a string may be that long.
    pub(crate) fn fits(&self, bytes: usize) -> Eval<()> {
        if bytes > self.environment.limits.text {
            return Err(EvalError::Limit { what: "text" });
        }
        Ok(())
    }

    pub(crate) fn eval(&self, expression: &'a Expr, scope: Scope<'_, 'a>) -> Eval<Collection<'a>> {
        self.spend(1)?;
        match expression {
            Expr::Nothing => Ok(Collection::empty()),
            Expr::Literal(value) => Ok(Collection::one(value.borrowed())),
            Expr::This => Ok(Collection::one(scope.this.clone())),
            Expr::Index => {
                let index = scope.index.and_then(|it| i64::try_from(it).ok());
                Ok(Collection::maybe(index.map(Value::Integer)))
            }
            Expr::Total => Ok(scope.total.cloned().unwrap_or_default()),
            Expr::Variable(name) => self.variable(name),
            Expr::Path { head, steps } => self.path(head.as_deref(), steps, scope),
            Expr::Negative(operand) => self.negative(&self.eval(operand, scope)?),
            Expr::Positive(operand) => self.positive(self.eval(operand, scope)?),
            Expr::Union(operands) => self.union_of(operands, scope),
            Expr::Is(operand, of) => self.is(&self.eval(operand, scope)?, of),
            Expr::As(operand, of) => self.cast(self.eval(operand, scope)?, of),
            Expr::Fixed(inner) => self.fixed(inner, scope),
            Expr::Binary(operator, operands) => {
                let (left, right) = &**operands;
                self.binary(*operator, left, right, scope)
            }
        }
    }

    /// What is the same in this evaluation however often it is asked for.
    fn fixed(&self, inner: &'a Expr, scope: Scope<'_, 'a>) -> Eval<Collection<'a>> {
        let known = self.fixed.borrow();
        if let Some((_, found)) = known.iter().find(|(it, _)| std::ptr::eq(*it, inner)) {
            self.spend(found.len())?;
            return Ok(found.clone());
        }
        drop(known);
        let found = self.eval(inner, scope)?;
        self.fixed.borrow_mut().push((inner, found.clone()));
        Ok(found)
    }

    fn variable(&self, name: &str) -> Eval<Collection<'a>> {
        if name == "context" {
            return Ok(Collection::one(Value::Element(self.context)));
        }
        let found = self.environment.variable(name);
        found.ok_or_else(|| EvalError::UnknownVariable {
            name: name.to_owned(),
        })
    }

    fn path(
        &self,
        head: Option<&'a Expr>,
        steps: &'a [Step],
        scope: Scope<'_, 'a>,
    ) -> Eval<Collection<'a>> {
        let mut focus = match head {
            Some(head) => self.eval(head, scope)?,
            None => Collection::one(scope.this.clone()),
        };
        let mut before = None;
        for step in steps {
            self.check_step(head, before, step)?;
            focus = match step {
                Step::Member(member) => self.members(&focus, member)?,
                Step::At(index) => self.at(&focus, index, scope)?,
                Step::Call(call) => (call.function.run)(
                    self,
                    Invocation {
                        call,
                        input: focus,
                        scope,
                    },
                )?,
            };
            before = Some(step);
        }
        Ok(focus)
    }

    /// What is wrong whatever the resource holds: to choose by an order that is not defined, and to ask a type for a
    /// child that it does not have.
    fn check_step(&self, head: Option<&Expr>, before: Option<&Step>, step: &'a Step) -> Eval<()> {
        if !self.is_strict() {
            return Ok(());
        }
        let (cast, function) = match (before, head) {
            (Some(Step::Call(call)), _) => (call.of.as_ref(), call.function.name),
            (None, Some(Expr::As(_, of))) => (Some(of), "as"),
            _ => return Ok(()),
        };
        let what = match step {
            Step::At(_) => "[]",
            Step::Call(call) => call.function.name,
            Step::Member(member) => {
                return match cast.filter(|_| matches!(function, "as" | "ofType")) {
                    Some(of) => self.check_member(of, member.name()),
                    None => Ok(()),
                };
            }
        };
        let is_unordered = matches!(function, "children" | "descendants");
        if is_unordered && matches!(what, "[]" | "first" | "last" | "tail" | "skip" | "take") {
            return Err(EvalError::Unordered { what });
        }
        Ok(())
    }

    fn check_member(&self, of: &TypeName, name: &str) -> Eval<()> {
        let types = self.environment.types;
        let Some(id) = types.named(&of.name) else {
            return Ok(());
        };
        if types.child(id, name).is_some() || types.primitive(id).is_some() {
            return Ok(());
        }
        Err(EvalError::UnknownElement {
            of: of.name.to_string(),
            name: name.to_owned(),
        })
    }

    /// The children of a name. Strictly, some item has to know it.
    fn members(&self, focus: &Collection<'a>, member: &'a Member) -> Eval<Collection<'a>> {
        self.spend(focus.len())?;
        let mut out = Collection::empty();
        let mut is_known = focus.is_empty();
        for value in focus {
            let known = match value {
                Value::Element(element) => self.element_member(*element, member, &mut out),
                other => value_member(other, member, &mut out),
            };
            is_known |= known == Known::Yes;
        }
        match focus.as_slice().first() {
            Some(first) if !is_known && self.is_strict() => Err(EvalError::UnknownElement {
                of: first.type_name(self.environment.types),
                name: member.name().to_owned(),
            }),
            _ => Ok(out),
        }
    }

    fn element_member(
        &self,
        element: Element<'a>,
        member: &Member,
        out: &mut Collection<'a>,
    ) -> Known {
        if member.is_first == IsFirst::Yes && self.is_named(element, member.name()) {
            out.push(Value::Element(element));
            return Known::Yes;
        }
        navigate::member(self.environment.types, element, member, out)
    }

    /// Whether a name is that of the type of an element, or of one that it derives from.
    fn is_named(&self, element: Element<'a>, name: &str) -> bool {
        if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
            return false;
        }
        let types = self.environment.types;
        match (element.type_id(), types.named(name)) {
            (Some(of), Some(named)) => types.is_a(of, named),
            (Some(_), None) => false,
            (None, _) => element.resource_type() == Some(name),
        }
    }

    fn at(
        &self,
        focus: &Collection<'a>,
        index: &'a Expr,
        scope: Scope<'_, 'a>,
    ) -> Eval<Collection<'a>> {
        let index = self.integer("[]", &self.eval(index, scope)?)?;
        let found = index.and_then(|it| focus.as_slice().get(usize::try_from(it).ok()?));
        Ok(Collection::maybe(found.cloned()))
    }

    fn union_of(&self, operands: &'a [Expr], scope: Scope<'_, 'a>) -> Eval<Collection<'a>> {
        let mut all = Collection::empty();
        for operand in operands {
            let values = self.eval(operand, scope)?;
            if all.is_empty() && values.len() == 1 {
                all = values;
            } else {
                all.extend(values);
            }
        }
        self.distinct(all)
    }

    fn binary(
        &self,
        operator: Operator,
        left: &'a Expr,
        right: &'a Expr,
        scope: Scope<'_, 'a>,
    ) -> Eval<Collection<'a>> {
        if let Some(connective) = Connective::of(operator) {
            let truth = self.logic(connective, left, right, scope)?;
            return Ok(Collection::truth(truth));
        }
        let (left, right) = (self.eval(left, scope)?, self.eval(right, scope)?);
        let truth = match operator {
            Operator::Equal => self.equal(&left, &right)?,
            Operator::NotEqual => self.equal(&left, &right)?.map(|it| !it),
            Operator::Equivalent => Some(self.equivalent(&left, &right)?),
            Operator::NotEquivalent => Some(!self.equivalent(&left, &right)?),
            Operator::In => self.is_in("in", &left, &right)?,
            Operator::Contains => self.is_in("contains", &right, &left)?,
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => self.compare(operator, &left, &right)?,
            Operator::Multiply
            | Operator::Divide
            | Operator::Div
            | Operator::Mod
            | Operator::Add
            | Operator::Subtract
            | Operator::Concatenate => return self.arithmetic(operator, &left, &right),
            Operator::And | Operator::Or | Operator::Xor | Operator::Implies => None,
        };
        Ok(Collection::truth(truth))
    }

    /// Whether the one item is in a collection. Nothing for no item.
    fn is_in(
        &self,
        what: &'static str,
        item: &Collection<'a>,
        all: &Collection<'a>,
    ) -> Eval<Option<bool>> {
        let Some(item) = item.single(what)? else {
            return Ok(None);
        };
        self.spend(all.len())?;
        for value in all {
            if self.equal_values(item, value)? == Some(true) {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }

    /// An element as a value of the language; others as they are. `None` for what has children.
    pub(crate) fn system(&self, value: &Value<'a>) -> Eval<Option<Value<'a>>> {
        match value {
            Value::Element(element) => element.system(self.environment.types),
            other => Ok(Some(other.clone())),
        }
    }

    /// The one item as a value of the language. A primitive without a value is nothing.
    pub(crate) fn one(
        &self,
        what: &'static str,
        values: &Collection<'a>,
    ) -> Eval<Option<Value<'a>>> {
        let Some(value) = values.single(what)? else {
            return Ok(None);
        };
        match self.system(value)? {
            Some(value) => Ok(Some(value)),
            None if self.is_primitive(value) => Ok(None),
            None => match self.quantity_of(value) {
                Some(quantity) => Ok(Some(Value::Quantity(quantity))),
                None => Err(self.wrong_type(what, value)),
            },
        }
    }

    fn is_primitive(&self, value: &Value<'a>) -> bool {
        let Value::Element(element) = value else {
            return true;
        };
        let of = element.type_id();
        of.is_some_and(|of| self.environment.types.primitive(of).is_some())
    }

    pub(crate) fn wrong_type(&self, what: &'static str, value: &Value<'a>) -> EvalError {
        EvalError::WrongType {
            what,
            found: value.type_name(self.environment.types),
        }
    }

    /// The one item as truth: what is no truth value counts as true.
    pub(crate) fn truth(&self, what: &'static str, values: &Collection<'a>) -> Eval<Option<bool>> {
        let Some(value) = values.single(what)? else {
            return Ok(None);
        };
        Ok(Some(match value {
            Value::Boolean(is_true) => *is_true,
            Value::Element(element) => match element.system(self.environment.types)? {
                Some(Value::Boolean(is_true)) => is_true,
                _ => true,
            },
            _ => true,
        }))
    }

    pub(crate) fn integer(&self, what: &'static str, values: &Collection<'a>) -> Eval<Option<i64>> {
        match self.one(what, values)? {
            None => Ok(None),
            Some(Value::Integer(integer)) => Ok(Some(integer)),
            Some(other) => Err(self.wrong_type(what, &other)),
        }
    }

    /// The one item as text: a string, or any primitive of the resource as it is written.
    pub(crate) fn text(
        &self,
        what: &'static str,
        values: &Collection<'a>,
    ) -> Eval<Option<Cow<'a, str>>> {
        let Some(value) = values.single(what)? else {
            return Ok(None);
        };
        match value {
            Value::String(text) => Ok(Some(text.clone())),
            Value::Element(element) if self.is_text(*element) => {
                Ok(element.text(self.environment.types))
            }
            other => Err(self.wrong_type(what, other)),
        }
    }

    fn is_text(&self, element: Element<'a>) -> bool {
        match element.type_id() {
            Some(of) => self.environment.types.primitive(of).is_some(),
            None => element.value().is_some(),
        }
    }

    /// An argument, evaluated where the function is called.
    pub(crate) fn argument(
        &self,
        invocation: &Invocation<'_, 'a>,
        at: usize,
    ) -> Eval<Collection<'a>> {
        match invocation.argument(at) {
            Some(argument) => self.eval(argument, invocation.scope),
            None => Ok(Collection::empty()),
        }
    }

    /// An argument for one item of the input.
    pub(crate) fn for_item(
        &self,
        invocation: &Invocation<'_, 'a>,
        at: usize,
        item: &Value<'a>,
        index: usize,
    ) -> Eval<Collection<'a>> {
        match invocation.argument(at) {
            Some(argument) => self.eval(argument, invocation.scope.item(item, index)),
            None => Ok(Collection::empty()),
        }
    }

    /// A criterion for one item of the input.
    pub(crate) fn criterion(
        &self,
        invocation: &Invocation<'_, 'a>,
        item: &Value<'a>,
        index: usize,
    ) -> Eval<Option<bool>> {
        let result = self.for_item(invocation, 0, item, index)?;
        self.truth(invocation.name(), &result)
    }
}

fn value_member<'a>(value: &Value<'a>, member: &Member, out: &mut Collection<'a>) -> Known {
    let found = match (value, member.name()) {
        (Value::Type { namespace, .. }, "namespace") => Value::text(namespace),
        (Value::Type { name, .. }, "name") => Value::String(name.clone()),
        (Value::Quantity(quantity), "value") => Value::Decimal(quantity.value()),
        (Value::Quantity(quantity), "unit") => {
            let unit = quantity.unit().to_string();
            Value::owned(unit.trim_matches('\'').to_owned())
        }
        _ => return Known::No,
    };
    out.push(found);
    Known::Yes
}
