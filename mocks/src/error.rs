//! What can go wrong while a mock is put together.
//! Not for what a client sees: that is an `OperationOutcome`.

use std::path::PathBuf;

/// A mock cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum MockError {
    /// No vendor has this name.
    #[error("unknown vendor `{name}`: the mock vendors are {known}", known = .known.join(", "))]
    UnknownVendor {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// No fault has this id.
    #[error("unknown fault `{id}`{}", closest_text(.closest))]
    UnknownFault {
        /// What was asked for.
        id: String,
        /// The ids that look most like it.
        closest: Vec<String>,
    },
    /// Nobody has this role.
    #[error("there is no person with the role `{role}`{}", closest_text(.closest))]
    UnknownRole {
        /// What was asked for.
        role: String,
        /// The roles that look most like it.
        closest: Vec<String>,
    },
    /// A fault brings in a person that nobody described.
    #[error("fault `{fault}` adds the records of `{role}`, and there is no such person")]
    UnknownPerson {
        /// The fault's id.
        fault: String,
        /// The role that it names.
        role: String,
    },
    /// A fault is for another kind of system.
    #[error("fault `{fault}` is for systems of the kind `{kind}`, and `{vendor}` is of another")]
    FaultOfAnotherKind {
        /// The fault's id.
        fault: String,
        /// The kind that it is for.
        kind: &'static str,
        /// The vendor that it was given to.
        vendor: String,
    },
    /// Two cases share one id.
    #[error(
        "fault `{id}` is defined in {first} and again in {second}: give one of the cases a name"
    )]
    DuplicateFault {
        /// The shared id.
        id: String,
        /// File of the first case.
        first: String,
        /// File of the second case.
        second: String,
    },
    /// A text file does not say what it should.
    #[error("{file}: {message}")]
    BadFile {
        /// The file, as the user knows it.
        file: String,
        /// What is wrong, with the line where the format has one.
        message: String,
    },
    /// The certificates of an encrypted mock cannot be made.
    #[error("make certificates for {}", .folder.display())]
    Certificates {
        /// The folder that they are for.
        folder: PathBuf,
    },
    /// The folder for certificates holds something else.
    #[error(
        "{} holds files that plumbline mock has not made: name an empty folder, or a new one",
        .folder.display()
    )]
    FolderInUse {
        /// The folder.
        folder: PathBuf,
    },
    /// A file cannot be written.
    #[error("write to {}", .path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A directory or file cannot be read.
    #[error("read {}", .path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
}

fn closest_text(closest: &[String]) -> String {
    if closest.is_empty() {
        ": there are none to choose from".to_owned()
    } else {
        format!(": the closest are {}", closest.join(", "))
    }
}
