//! What is wrong with a text of facts, and where. Not for what is wrong with a resource.

/// A text of facts does not keep to its format. The texts inside the binary do: tests read them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct DefinitionsError {
    /// Path from the top folder.
    pub file: &'static str,
    /// From 1.
    pub line: usize,
    /// What is wrong, and with what.
    pub problem: String,
}
