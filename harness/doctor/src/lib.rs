//! Looks over a target before a run: connection, sign-in, capability statement.
//! Not for printing, which the command line does, and not for judging: a problem found here is no
//! verdict on the system, and nothing that the system sends is passed on but a FHIR version.

mod examine;
mod finding;
mod reach;
mod sign_in;
mod statement;
mod unchecked;

pub use examine::{examine, not_examined};
pub use finding::{Blame, Diagnosis, Finding, Outcome};
