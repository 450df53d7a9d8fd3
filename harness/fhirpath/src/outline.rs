//! What a compiled expression depends on, told without evaluating it: children of the focus, whether they are there
//! at all, or anything else. For callers that can thus leave an evaluation out, and for evaluating only once what
//! is the same for every item. Not for evaluating.

use crate::element::Element;
use crate::environment::Environment;
use crate::error::EvalError;
use crate::evaluate::Evaluator;
use crate::syntax::{Call, Expr, IsFirst, Operator, Step};
use crate::value::Value;

/// A condition on the children of the focus.
#[derive(Debug, Clone)]
pub enum Presence<'e> {
    /// There is a child of one of these names; of a choice the name without type.
    Any(Vec<&'e str>),
    /// It is so whatever there is.
    Known(bool),
    /// The opposite.
    Not(Box<Presence<'e>>),
    /// Both.
    And(Box<(Presence<'e>, Presence<'e>)>),
    /// One at least.
    Or(Box<(Presence<'e>, Presence<'e>)>),
    /// One exactly.
    Xor(Box<(Presence<'e>, Presence<'e>)>),
    /// The second, if the first.
    Implies(Box<(Presence<'e>, Presence<'e>)>),
    /// The child of this name, which is one primitive that is text, is this, or contains it. Nothing if there is no
    /// child.
    Text(&'e str, TextTest, &'e str),
    /// Something that only an evaluation tells.
    Other(Part<'e>),
}

/// How a text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextTest {
    /// It is the same.
    Is,
    /// It contains the other.
    Contains,
    /// It begins with the other.
    Begins,
}

/// A part of an expression that is a condition of its own.
#[derive(Debug, Clone, Copy)]
pub struct Part<'e>(&'e Expr);

impl<'e> Part<'e> {
    /// The children of the focus that alone decide it; see [`crate::Expression::reads`].
    pub fn reads(self) -> Option<Vec<&'e str>> {
        reads(self.0)
    }

    /// Whether it holds for an element. `None` if it gives nothing.
    pub fn holds<'a>(
        self,
        environment: &Environment<'a>,
        focus: Element<'a>,
    ) -> Result<Option<bool>, EvalError>
    where
        'e: 'a,
    {
        let evaluator = Evaluator::new(environment, focus);
        evaluator.truth("a condition", &evaluator.run(self.0)?)
    }
}

/// What an expression uses of its surroundings.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own")]
struct Uses<'e> {
    /// Children of the focus.
    children: Vec<&'e str>,
    /// The focus in another way, or what cannot be told.
    has_focus: bool,
    /// Variables that are not the same everywhere.
    has_variable: bool,
    /// The total of a function around.
    has_total: bool,
    /// It shows something to the host.
    has_trace: bool,
}

/// The children of the focus that alone decide what an expression gives. `None` if something else does too.
pub(crate) fn reads(root: &Expr) -> Option<Vec<&str>> {
    let mut uses = Uses::default();
    uses.expression(root);
    let is_more = uses.has_focus || uses.has_variable || uses.has_total;
    (!is_more).then_some(uses.children)
}

/// Whether an expression is the same for every item of a collection, and costs more than a look.
fn is_fixed(expression: &Expr) -> bool {
    let mut uses = Uses::default();
    uses.expression(expression);
    let is_bound = uses.has_focus || uses.has_total || uses.has_trace;
    uses.has_variable && !is_bound && uses.children.is_empty()
}

/// Whether the arguments of a function are evaluated for each item of its input.
fn is_for_items(call: &Call) -> bool {
    matches!(
        call.function.name,
        "where" | "select" | "all" | "exists" | "repeat" | "aggregate"
    )
}

impl<'e> Uses<'e> {
    fn expression(&mut self, expression: &'e Expr) {
        match expression {
            Expr::Nothing | Expr::Literal(_) => {}
            Expr::This | Expr::Index => self.has_focus = true,
            Expr::Total => self.has_total = true,
            Expr::Variable(name) => {
                self.has_variable |= !matches!(&**name, "ucum" | "sct" | "loinc")
                    && !name.starts_with("vs-")
                    && !name.starts_with("ext-");
            }
            Expr::Negative(inner)
            | Expr::Positive(inner)
            | Expr::Is(inner, _)
            | Expr::As(inner, _)
            | Expr::Fixed(inner) => self.expression(inner),
            Expr::Union(all) => all.iter().for_each(|it| self.expression(it)),
            Expr::Binary(_, both) => {
                self.expression(&both.0);
                self.expression(&both.1);
            }
            Expr::Path { head, steps } => self.path(head.as_deref(), steps),
        }
    }

    fn path(&mut self, head: Option<&'e Expr>, steps: &'e [Step]) {
        let rest = match (head, steps) {
            (None | Some(Expr::This), [Step::Member(member), rest @ ..]) => {
                let name = member.name();
                let is_type = name.starts_with(|c: char| c.is_ascii_uppercase());
                if member.is_first == IsFirst::Yes && is_type {
                    self.has_focus = true;
                } else {
                    self.children.push(name);
                }
                rest
            }
            (None, steps) => {
                self.has_focus = true;
                steps
            }
            (Some(head), steps) => {
                self.expression(head);
                steps
            }
        };
        for step in rest {
            match step {
                Step::Member(_) => {}
                Step::At(index) => self.expression(index),
                Step::Call(call) => self.call(call),
            }
        }
    }

    fn call(&mut self, call: &'e Call) {
        let name = call.function.name;
        // Who sees what is traced sees how often.
        self.has_trace |= name == "trace";
        self.has_focus |= name == "sort";
        for argument in &call.arguments {
            if !is_for_items(call) {
                self.expression(argument);
                continue;
            }
            // The focus of the argument is an item, not ours, and so is the index.
            let mut inner = Uses::default();
            inner.expression(argument);
            self.has_variable |= inner.has_variable;
            self.has_trace |= inner.has_trace;
            self.has_total |= inner.has_total && name != "aggregate";
        }
    }
}

/// Marks what is the same for every item of a function that goes through many, so that it is evaluated once.
pub(crate) fn mark_fixed(root: &mut Expr) {
    each(root, false);
}

fn each(expression: &mut Expr, is_inside: bool) {
    if is_inside && is_worth_keeping(expression) && is_fixed(expression) {
        let inner = std::mem::replace(expression, Expr::Nothing);
        *expression = Expr::Fixed(Box::new(inner));
        return;
    }
    match expression {
        Expr::Nothing
        | Expr::Literal(_)
        | Expr::This
        | Expr::Index
        | Expr::Total
        | Expr::Variable(_)
        | Expr::Fixed(_) => {}
        Expr::Negative(inner) | Expr::Positive(inner) | Expr::Is(inner, _) | Expr::As(inner, _) => {
            each(inner, is_inside);
        }
        Expr::Union(all) => all.iter_mut().for_each(|it| each(it, is_inside)),
        Expr::Binary(_, both) => {
            each(&mut both.0, is_inside);
            each(&mut both.1, is_inside);
        }
        Expr::Path { head, steps } => {
            if let Some(head) = head {
                each(head, is_inside);
            }
            for step in steps {
                match step {
                    Step::Member(_) => {}
                    Step::At(index) => each(index, is_inside),
                    Step::Call(call) => {
                        let is_inside = is_inside || is_for_items(call);
                        let all = call.arguments.iter_mut();
                        all.for_each(|it| each(it, is_inside));
                    }
                }
            }
        }
    }
}

fn is_worth_keeping(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Path { .. } | Expr::Binary(..) | Expr::Union(_)
    )
}

/// The condition that an expression is, as far as it asks about children.
pub(crate) fn presence(expression: &Expr) -> Presence<'_> {
    let other = Presence::Other(Part(expression));
    match expression {
        Expr::Literal(Value::Boolean(is_true)) => Presence::Known(*is_true),
        Expr::Binary(operator, both) => {
            let sides = || Box::new((presence(&both.0), presence(&both.1)));
            match operator {
                Operator::And => Presence::And(sides()),
                Operator::Or => Presence::Or(sides()),
                Operator::Xor => Presence::Xor(sides()),
                Operator::Implies => Presence::Implies(sides()),
                Operator::Equal => equals(&both.0, &both.1).unwrap_or(other),
                Operator::NotEqual => {
                    equals(&both.0, &both.1).map_or(other, |it| Presence::Not(Box::new(it)))
                }
                _ => other,
            }
        }
        Expr::Path { head, steps } => of_path(head.as_deref(), steps).unwrap_or(other),
        _ => other,
    }
}

/// A child and the text that it is compared with.
fn equals<'e>(left: &'e Expr, right: &'e Expr) -> Option<Presence<'e>> {
    match (left, right) {
        (Expr::Path { head: None, steps }, Expr::Literal(Value::String(text))) => {
            let [name] = names(steps)?[..] else {
                return None;
            };
            Some(Presence::Text(name, TextTest::Is, text))
        }
        _ => None,
    }
}

fn of_path<'e>(head: Option<&'e Expr>, steps: &'e [Step]) -> Option<Presence<'e>> {
    let (mut found, mut rest) = match (head, steps) {
        (None, [member, Step::Call(call), rest @ ..]) => {
            let names = names(std::slice::from_ref(member))?;
            (tests(call, &names).or_else(|| asks(call, names))?, rest)
        }
        (Some(head), [Step::Call(call), rest @ ..]) if !is_not(call) => {
            (asks(call, union_names(head)?)?, rest)
        }
        (Some(head), steps) => (presence(head), steps),
        _ => return None,
    };
    while let [Step::Call(call), after @ ..] = rest {
        if !is_not(call) {
            return None;
        }
        found = Presence::Not(Box::new(found));
        rest = after;
    }
    rest.is_empty().then_some(found)
}

fn is_not(call: &Call) -> bool {
    call.function.name == "not"
}

/// A test of the text of a child.
fn tests<'e>(call: &'e Call, names: &[&'e str]) -> Option<Presence<'e>> {
    let how = match call.function.name {
        "contains" => TextTest::Contains,
        "startsWith" => TextTest::Begins,
        _ => return None,
    };
    match (names, &call.arguments[..]) {
        ([name], [Expr::Literal(Value::String(text))]) => Some(Presence::Text(name, how, text)),
        _ => None,
    }
}

fn asks<'e>(call: &Call, names: Vec<&'e str>) -> Option<Presence<'e>> {
    if !call.arguments.is_empty() {
        return None;
    }
    match call.function.name {
        "exists" => Some(Presence::Any(names)),
        "empty" => Some(Presence::Not(Box::new(Presence::Any(names)))),
        _ => None,
    }
}

/// The name that a path of one step is.
fn names(steps: &[Step]) -> Option<Vec<&str>> {
    let [Step::Member(member)] = steps else {
        return None;
    };
    let is_type = member.name().starts_with(|c: char| c.is_ascii_uppercase());
    (!is_type).then(|| vec![member.name()])
}

/// The names that a union in brackets has.
fn union_names(expression: &Expr) -> Option<Vec<&str>> {
    let all = match expression {
        Expr::Union(all) => all,
        Expr::Path {
            head: Some(head),
            steps,
        } if steps.is_empty() => return union_names(head),
        _ => return None,
    };
    let mut found = Vec::new();
    for one in all {
        let Expr::Path { head: None, steps } = one else {
            return None;
        };
        found.extend(names(steps)?);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use crate::{Expression, Presence, TextTest};

    fn reads(text: &str) -> Option<Vec<String>> {
        let expression = Expression::parse(text).unwrap();
        let found = expression.reads();
        found.map(|names| names.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn what_is_read_is_told_or_nothing_is() {
        for (text, wanted) in [
            ("a.exists() and b.c = 'x'", vec!["a", "b"]),
            ("a.where(b = 'x' and $this.c.exists()).d", vec!["a"]),
            ("a.all($this = 'x')", vec!["a"]),
            ("$this.a | b", vec!["a", "b"]),
            ("a.startsWith(b)", vec!["a", "b"]),
            ("a.code = %ucum", vec!["a"]),
            ("(a | b)[0]", vec!["a", "b"]),
            ("'x' = 'y'", vec![]),
            ("a.trace('x').b", vec!["a"]),
            ("a.iif(b, c, d)", vec!["a", "b", "c", "d"]),
            ("a.where($index = 1).aggregate($total + $this)", vec!["a"]),
        ] {
            let wanted = wanted.into_iter().map(str::to_owned).collect();
            assert_eq!(reads(text), Some(wanted), "{text}");
        }
        for text in [
            "$this = 'x'",
            "children().exists()",
            "descendants().a",
            "exists()",
            "Patient.a",
            "a = %resource.b",
            "a.where(b = %resource.c)",
            "a.where(b = %context.c)",
            "a.select($total)",
            "a.sort($this)",
            "iif(a, b, c)",
            "a.where(b).iif(empty(), c, d)",
            "matches('x')",
        ] {
            assert_eq!(reads(text), None, "{text}");
        }
    }

    fn sketch(presence: &Presence<'_>) -> String {
        let both = |sign: &str, both: &(Presence<'_>, Presence<'_>)| {
            format!("({} {sign} {})", sketch(&both.0), sketch(&both.1))
        };
        match presence {
            Presence::Any(names) => names.join("+"),
            Presence::Known(is_true) => is_true.to_string(),
            Presence::Not(inner) => format!("!{}", sketch(inner)),
            Presence::And(sides) => both("&", sides),
            Presence::Or(sides) => both("|", sides),
            Presence::Xor(sides) => both("^", sides),
            Presence::Implies(sides) => both(">", sides),
            Presence::Text(name, TextTest::Is, text) => format!("{name}='{text}'"),
            Presence::Text(name, how, text) => format!("{name} {how:?} '{text}'"),
            Presence::Other(_) => "?".to_owned(),
        }
    }

    #[test]
    fn conditions_on_what_is_there_are_seen() {
        for (text, wanted) in [
            ("a.exists()", "a"),
            ("a.empty()", "!a"),
            ("a.exists().not()", "!a"),
            ("(a | b).exists()", "a+b"),
            ("a.exists() or b.empty()", "(a | !b)"),
            ("(a.exists() and b.exists()).not()", "!(a & b)"),
            ("a.empty() or (b <= c)", "(!a | ?)"),
            ("a.exists() implies true", "(a > true)"),
            ("a.exists() xor a = 'x'", "(a ^ a='x')"),
            ("a != 'x' or 'x' = a", "(!a='x' | ?)"),
            ("a.b = 'x' or a = 1", "(? | ?)"),
            ("a.contains('x').not()", "!a Contains 'x'"),
            ("a.startsWith('x') or a.startsWith(b)", "(a Begins 'x' | ?)"),
            ("a.exists(b = 1)", "?"),
            ("a.b.exists()", "?"),
            ("Patient.exists()", "?"),
            ("a", "?"),
            ("a.not()", "?"),
            ("a.exists().a", "?"),
            ("exists()", "?"),
            ("a.first().exists()", "?"),
            ("(a | b.c).exists()", "?"),
        ] {
            let expression = Expression::parse(text).unwrap();
            assert_eq!(sketch(&expression.presence()), wanted, "{text}");
        }
    }
}
