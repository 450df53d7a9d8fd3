//! Why a body could not be read. Holds places and kinds only, never text of the source,
//! so that an error can be stored without redaction.

/// What was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    /// Nothing but white space.
    #[error("there is no value")]
    Empty,
    /// The text stops before the value is complete.
    #[error("the text ends too early")]
    UnexpectedEnd,
    /// A character that JSON does not allow at this place.
    #[error("a character that JSON does not allow here")]
    UnexpectedCharacter,
    /// A control character inside a string that is not escaped.
    #[error("a control character inside a string")]
    ControlCharacter,
    /// The bytes are not UTF-8.
    #[error("bytes that are not UTF-8")]
    InvalidUtf8,
    /// A backslash that starts no known escape.
    #[error("an unknown escape in a string")]
    InvalidEscape,
    /// Half of a surrogate pair.
    #[error("half of a surrogate pair in a string")]
    LoneSurrogate,
    /// A number that JSON does not allow, such as one with a leading zero.
    #[error("a malformed number")]
    InvalidNumber,
    /// More than one value.
    #[error("something follows the value")]
    TrailingContent,
    /// Deeper than [`crate::Limits::max_depth`].
    #[error("nested too deeply")]
    TooDeep,
    /// Longer than [`crate::Limits::max_bytes`].
    #[error("too long")]
    TooLarge,
    /// More values than [`crate::Limits::max_nodes`].
    #[error("too many values")]
    TooManyNodes,
}

/// A body that is not JSON, or beyond the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind}, at line {line}, column {column}")]
pub struct ParseError {
    /// What was wrong.
    pub kind: ParseErrorKind,
    /// Byte offset in the body.
    pub offset: usize,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}
