//! What can be wrong: with the text of an expression, or with its evaluation. Not for findings about a resource.

use thiserror::Error;

/// An expression that is not `FHIRPath`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct ParseError {
    /// Byte offset in the expression.
    pub offset: usize,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: String,
}

impl ParseError {
    pub(crate) fn at(text: &str, offset: usize, problem: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            offset,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            problem: problem.into(),
        }
    }
}

/// Why an expression has no result, not even an empty one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EvalError {
    /// One item was needed and there are several.
    #[error("{what} needs one item and gets {found}")]
    Several {
        /// The function or operator.
        what: &'static str,
        /// How many there are.
        found: usize,
    },
    /// An item has a type that the function or operator does not take.
    #[error("{what} does not take {found}")]
    WrongType {
        /// The function or operator.
        what: &'static str,
        /// The type that it gets.
        found: String,
    },
    /// An argument has a value that the function does not take.
    #[error("{what}: {problem}")]
    WrongValue {
        /// The function or operator.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no type of this name.
    #[error("there is no type `{name}`")]
    UnknownType {
        /// The name.
        name: String,
    },
    /// Elements of the type have no child of this name.
    #[error("{of} has no element `{name}`")]
    UnknownElement {
        /// The type.
        of: String,
        /// The name.
        name: String,
    },
    /// There is no variable of this name.
    #[error("there is no variable `%{name}`")]
    UnknownVariable {
        /// The name.
        name: String,
    },
    /// The result depends on what the host cannot know.
    #[error("{what} cannot be known here: {about}")]
    Unknown {
        /// The function.
        what: &'static str,
        /// What was asked: the address of a value set or profile, a reference.
        about: String,
    },
    /// A primitive of the resource holds what its type cannot.
    #[error("a value of type {of} cannot be read")]
    Unreadable {
        /// The type.
        of: &'static str,
    },
    /// `now()`, `today()` or `timeOfDay()` without a clock.
    #[error("no clock was given, so that {what} has no value")]
    NoClock {
        /// The function.
        what: &'static str,
    },
    /// The order of the items is not defined, and the function depends on it.
    #[error("{what} depends on an order that is not defined")]
    Unordered {
        /// The function.
        what: &'static str,
    },
    /// A limit of [`crate::Limits`] was reached.
    #[error("the expression needs more {what} than allowed")]
    Limit {
        /// What there is too much of.
        what: &'static str,
    },
}

/// The result of a part of an evaluation.
pub(crate) type Eval<T> = Result<T, EvalError>;
