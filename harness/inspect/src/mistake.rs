//! What is wrong with a file of a checklist or an assessment: where, what, and how to mend it.
//! Not for what is wrong with the organisation: that is a judgement.

use std::fmt;

/// One mistake. Never quotes a value that could identify somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file, as the caller named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl Mistake {
    pub(crate) fn new(
        file: &str,
        line: usize,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            file: file.to_owned(),
            line,
            cause: cause.into(),
            fix: fix.into(),
        }
    }
}

/// Every mistake that was found, sorted and each once; there is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// The mistakes, by file and line.
    pub fn list(&self) -> &[Mistake] {
        &self.0
    }

    /// `Err` if there are any.
    pub(crate) fn none(mut found: Vec<Mistake>) -> Result<(), Self> {
        if found.is_empty() {
            return Ok(());
        }
        found.sort();
        found.dedup();
        Err(Self(found))
    }
}

impl From<Mistake> for Mistakes {
    fn from(mistake: Mistake) -> Self {
        Self(vec![mistake])
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, m) in self.0.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            writeln!(f, "error: {}:{}: {}", m.file, m.line, m.cause)?;
            write!(f, "  help: {}", m.fix)?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
