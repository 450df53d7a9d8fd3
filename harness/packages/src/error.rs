//! [`PackageError`]: why something cannot be read, fetched or kept. Not for what is odd and can be used: [`crate::Note`].

/// What is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct PackageError {
    /// The file, folder, package or address; a file inside another stands behind its name, a line and column behind that.
    pub place: String,
    /// What is wrong, as a fragment of a sentence.
    pub problem: String,
    /// What to do about it, as a sentence.
    pub fix: String,
}

impl PackageError {
    pub(crate) fn new(
        place: impl Into<String>,
        problem: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        let mut fix = fix.into();
        // A command to type ends as it is typed.
        if !fix.ends_with('.') && !fix.contains("plumbline ") {
            fix.push('.');
        }
        Self {
            place: place.into(),
            problem: problem.into(),
            fix,
        }
    }

    /// A file or folder that the system does not let us read or write.
    pub(crate) fn of_io(place: impl Into<String>, error: &std::io::Error) -> Self {
        let fix = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "Check the name, and the folder in which the command is started."
            }
            std::io::ErrorKind::PermissionDenied => "Ask for the right to read or write it.",
            _ => "Check the file and the disk it is on, or make it again.",
        };
        Self::new(place, error.to_string(), fix)
    }
}
