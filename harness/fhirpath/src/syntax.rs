//! The parts of a compiled expression. Not for making them: parse.rs, nor for evaluating them: evaluate.rs.

use crate::function::Function;
use crate::value::Value;
use regex::Regex;
use std::sync::OnceLock;

/// An expression.
#[derive(Debug)]
pub(crate) enum Expr {
    /// `{}`
    Nothing,
    /// A literal; its strings are borrowed when it is evaluated.
    Literal(Value<'static>),
    /// `$this`
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    /// `%name`
    Variable(Box<str>),
    /// Steps from what comes before them; from the focus if nothing does.
    Path {
        head: Option<Box<Expr>>,
        steps: Vec<Step>,
    },
    /// `-x`
    Negative(Box<Expr>),
    /// `+x`
    Positive(Box<Expr>),
    /// Two operands.
    Binary(Operator, Box<(Expr, Expr)>),
    /// `a | b | c`
    Union(Vec<Expr>),
    /// `x is T`
    Is(Box<Expr>, TypeName),
    /// `x as T`
    As(Box<Expr>, TypeName),
    /// What is the same for every item that a function goes through: evaluated once.
    Fixed(Box<Expr>),
}

/// One step of a path.
#[derive(Debug)]
pub(crate) enum Step {
    /// A child by name.
    Member(Member),
    /// A function.
    Call(Box<Call>),
    /// `[n]`
    At(Expr),
}

/// The name of a child.
#[derive(Debug)]
pub(crate) struct Member {
    /// The name after an underscore, which is how JSON names what is said about a primitive.
    beside: Box<str>,
    /// Whether it stands first in its path, where it may also be the type of the focus.
    pub(crate) is_first: IsFirst,
}

/// Whether a name stands first in its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IsFirst {
    Yes,
    No,
}

impl Member {
    pub(crate) fn new(name: &str, is_first: IsFirst) -> Self {
        Self {
            beside: format!("_{name}").into_boxed_str(),
            is_first,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.beside[1..]
    }

    /// The name of the member beside it in JSON.
    pub(crate) fn beside(&self) -> &str {
        &self.beside
    }
}

/// A function with its arguments.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) function: &'static Function,
    pub(crate) arguments: Vec<Expr>,
    /// The type that `is`, `as` and `ofType` name.
    pub(crate) of: Option<TypeName>,
    /// For `sort`: which arguments sort downwards.
    pub(crate) downwards: Vec<bool>,
    /// The regular expression in a literal, compiled when it is needed first. `None` if it is none.
    pub(crate) pattern: OnceLock<Option<Regex>>,
}

/// The name of a type as written.
#[derive(Debug, Clone)]
pub(crate) struct TypeName {
    pub(crate) namespace: Option<Box<str>>,
    pub(crate) name: Box<str>,
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Multiply,
    Divide,
    Div,
    Mod,
    Add,
    Subtract,
    Concatenate,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    In,
    Contains,
    And,
    Or,
    Xor,
    Implies,
}

impl Operator {
    /// As it is written.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Div => "div",
            Self::Mod => "mod",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Concatenate => "&",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Equivalent => "~",
            Self::NotEquivalent => "!~",
            Self::In => "in",
            Self::Contains => "contains",
            Self::And => "and",
            Self::Or => "or",
            Self::Xor => "xor",
            Self::Implies => "implies",
        }
    }

    /// How tightly it binds; more is tighter. `is` and `as` are 7, `|` is 6.
    pub(crate) const fn strength(self) -> u8 {
        match self {
            Self::Multiply | Self::Divide | Self::Div | Self::Mod => 9,
            Self::Add | Self::Subtract | Self::Concatenate => 8,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 5,
            Self::Equal | Self::NotEqual | Self::Equivalent | Self::NotEquivalent => 4,
            Self::In | Self::Contains => 3,
            Self::And => 2,
            Self::Or | Self::Xor => 1,
            Self::Implies => 0,
        }
    }
}
