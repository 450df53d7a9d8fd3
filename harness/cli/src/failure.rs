//! How a command fails: a message that says what, where and how to mend it, and an exit code.

use plumbline_model::ExitCode;

/// A failed command.
#[derive(Debug)]
pub(crate) struct Failure {
    pub code: ExitCode,
    pub message: String,
}

impl Failure {
    /// Wrong usage, lint or configuration.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            code: ExitCode::Usage,
            message: message.into(),
        }
    }

    /// Our own fault.
    pub fn internal(message: impl Into<String>) -> Self {
        Self {
            code: ExitCode::Internal,
            message: message.into(),
        }
    }
}

/// Anything that goes wrong while reading or writing files is told with its context.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::usage(format!("error: {error:#}"))
    }
}
